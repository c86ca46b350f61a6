"""Rules tried on their own examples."""

from tests.detect.rulework import rule

from suragh.detect.examples import Verdict, call_of, inspect, result_of, tried
from suragh.detect.inspector import Detector
from suragh.detect.sigma.ruleset import load_rules
from suragh.model.fact import Leaf


def verdicts(*texts: str) -> dict[str, Verdict]:
    """What comes of the examples of rules, by name."""
    rules = load_rules((f"{number}.yml", text) for number, text in enumerate(texts))
    assert rules.refused == ()
    return {one.rule: one for one in tried(rules.rules, Detector(rules))}


def test_what_comes_out_otherwise_is_told() -> None:
    """Hits that are missed, misses that are hit, and what is no example; the rest is right."""
    hits = ["nmap 192.0.2.1", "ssh h 'sudo nmap x'", "ls", 7]
    misses = ["grep nmap x", "nmap --help", {"nonsense": 1}]
    (one,) = verdicts(rule({"program": "nmap"}, suragh={"hits": hits, "misses": misses})).values()

    assert (one.missed, one.wrong, one.bad) == (("ls",), ("nmap --help",), (7, {"nonsense": 1}))
    assert (one.tried, one.passed, one.file) == (7, False, "0.yml")


def test_examples_are_commands_calls_or_results() -> None:
    """A call names its tool, or is one of a shell; a result says whether it failed."""
    found = verdicts(
        rule(
            {"tool": "fetch", "http.host": "example.com"},
            name="call",
            suragh={"hits": [{"tool": "fetch", "arguments": {"url": "https://example.com/"}}]},
        ),
        rule({"program": "id"}, name="shell", suragh={"hits": [{"arguments": {"command": "id"}}]}),
        rule(
            {"result|contains": "uid=0", "failed": False},
            name="result",
            suragh={
                "hits": [{"result": "uid=0(root)", "failed": False}],
                "misses": [{"result": "uid=0", "failed": True}],
            },
        ),
    )

    assert all(one.passed for one in found.values())


def test_all_rules_are_in_use_at_once() -> None:
    """A rule that finds nothing because of another one would be found out."""
    both = [rule({"program": "nmap"}, name=name, suragh={"hits": ["nmap x"]}) for name in ("a", "b")]

    assert [one.passed for one in verdicts(*both).values()] == [True, True]


def test_no_examples_are_no_failure() -> None:
    """Others' rules have none."""
    (one,) = verdicts(rule({"program": "nmap"})).values()

    assert (one.passed, one.tried) == (True, 0)


def test_actions_hold_every_text() -> None:
    """As readers would have them."""
    call = call_of("Bash", {"command": "id", "more": ["x"]})

    assert call.arguments == (Leaf("command", "id"), Leaf("more.0", "x"))
    assert result_of({"out": "x"}, failed=True).failed is True
    rules = load_rules([("r.yml", rule({"program": "id"}))])
    assert [match.rule for match in inspect(Detector(rules), call).matches] == ["wanted"]
