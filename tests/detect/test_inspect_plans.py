"""The index of rules."""

from tests.detect.rulework import rule

from suragh.detect.decide import Ready
from suragh.detect.events import Kind
from suragh.detect.inspect_plans import Lexicon, Plan, Plans, planned
from suragh.detect.patterns_view import View
from suragh.detect.sigma.ruleset import load_rules


def plans(*rules: str) -> tuple[Plans, Lexicon]:
    """The index of some rules on commands."""
    lexicon = Lexicon()
    return planned(load_rules((f"{n}.yml", text) for n, text in enumerate(rules)).rules, Kind.COMMAND, lexicon), lexicon


def test_only_rules_whose_anchor_was_hit_are_candidates() -> None:
    """Rules that share an anchor come together, in order; the others are never touched."""
    made, lexicon = plans(
        rule({"program": "mimikatz"}, name="b"),
        rule({"program": "mimikatz"}, name="a"),
        rule({"program": "nmap"}, name="c"),
    )
    number = next(n for n, probe in enumerate(lexicon.probes) if probe.expression == "mimikatz")

    assert [plan.rule for plan in made.candidates({number})] == ["a", "b"]
    assert made.candidates(set()) == []


def test_what_needs_nothing_is_always_a_candidate() -> None:
    """On a call as a whole, which need not be taken apart, any rule is tried."""
    lexicon = Lexicon()
    ruleset = load_rules([("r.yml", rule({"tool": "Bash"}))])

    assert [plan.rule for plan in planned(ruleset.rules, Kind.OTHER, lexicon).candidates(set())] == ["wanted"]


def candidate(selection: object) -> Plan:
    """The plan of one rule."""
    made, lexicon = plans(rule(selection))
    (plan,) = made.candidates(set(range(len(lexicon.probes))))
    return plan


def test_a_text_is_worth_it_if_it_names_a_program_and_passes() -> None:
    """First the name, then the second look."""
    ready = Ready(candidate({"program": "curl", "args|contains": "--upload"}))

    assert ready.worth(View("CURL --upload x"))
    assert not ready.worth(View("wget --upload x"))
    assert not ready.worth(View("curl x"))
