"""Rules loaded together: names, order, digest, and what is refused."""

import pytest
from tests.detect import rulework
from tests.detect.rulework import matching, rule

from rulebook import builtin_rules
from suragh.detect.evaluate import Every, Not, Present, Some, Text, Where
from suragh.detect.events import Kind
from suragh.detect.sigma.ruleset import Ruleset, fields_of, for_kind, load_rules


def load(*texts: str) -> Ruleset:
    """Rules of several files."""
    return load_rules((f"{n}.yml", text) for n, text in enumerate(texts))


def reasons(selection: object, **keys: object) -> list[str]:
    """Why a rule is refused."""
    return [refused.reason for refused in load(rule(selection, **keys)).refused]


def test_the_order_of_files_changes_nothing() -> None:
    """Rules and digest are those of the set."""
    one, two = rule({"program": "aaaa"}, name="one"), rule({"program": "bbbb"}, name="two")

    assert [r.info.name for r in load(two, one).rules] == ["one", "two"]
    assert load(two, one).digest == load(one, two).digest
    assert load(one).digest != load(one, two).digest


def test_the_digest_covers_what_decides() -> None:
    """A changed detection changes the digest; changed examples do not."""
    plain = load(rule({"program": "aaaa"})).digest

    assert load(rule({"program": "bbbb"})).digest != plain
    assert load(rule({"program": "aaaa"}, suragh={"hits": ["aaaa"]})).digest == plain


@pytest.mark.parametrize("key", ["name", "id"])
def test_of_two_rules_with_one_name_or_id_the_first_counts(key: str) -> None:
    """Folders of rules overlap: the second is refused, and the reason names the place of the first."""
    value = "8dbe112e-9997-454d-9511-47a73b51f8e5"
    found = load(rule({"program": "aaaa"}, **{"name": "one", key: value}), rule({"program": "bbbb"}, **{key: value}))

    assert len(found.rules) == 1
    (refused,) = found.refused
    assert refused.reason == f"its {key} is {value!r}, which 0.yml:1:1 has too"


def test_rules_without_names_may_lie_in_files_of_one_name() -> None:
    """They are called after their files, and told apart by the folders."""
    text = rule({"program": "aaaa"}, name=None)
    found = load_rules([("a/x.yml", text), ("b/x.yml", text), ("c/x.yml", text)])

    assert [one.info.name for one in found.rules] == ["c/x.yml:1", "x", "x:1"]


@pytest.mark.parametrize(
    ("selection", "keys", "words"),
    [
        pytest.param({"EventID": 1}, {}, "field 'EventID'", id="field"),
        pytest.param({"program": "x"}, {"source": "registry_event"}, "log source registry_event", id="log source"),
        pytest.param({"program|expand": "%list%"}, {}, "placeholder", id="placeholder"),
        pytest.param({"program|minute": 3}, {}, "SigmaTimestampPart", id="time"),
        pytest.param({"IntegrityLevel": "High"}, {"source": "process"}, "no action has all of its fields", id="never"),
        pytest.param({"s": {"program": "x"}, "condition": "not s"}, {}, "only what a command is not", id="negation"),
        pytest.param({"result": "x", "tool": "y"}, {}, "no action has all of its fields", id="two kinds of event"),
    ],
)
def test_what_cannot_be_evaluated_is_refused_with_the_reason(
    selection: object, keys: dict[str, object], words: str
) -> None:
    """Never half-run, never silently dropped."""
    (reason,) = reasons(selection, **keys)

    assert words in reason


def test_a_rule_that_needs_no_text_is_evaluated_on_every_command() -> None:
    """It costs more than others, and matches all the same."""
    assert matching({"args|re": "."}, rulework.command("aaaa bbbb"))
    assert not matching({"args|re": "."}, rulework.command("aaaa"))


def test_a_missing_alternative_does_not_refuse_a_rule() -> None:
    """What no agent's telemetry has may be one of several ways to match."""
    assert rulework.matching(
        [{"OriginalFileName": "net.exe"}, {"Image|endswith": "\\whoami.exe"}],
        rulework.command("whoami"),
        source="process",
    )


def test_a_condition_is_cut_to_a_kind_of_event() -> None:
    """A test on a field that the kind has not is false; a negation of it is true."""
    condition = Every((Text("program", Where.WHOLE, "x"), Some((Present("path"), Not(Present("result"))))))

    assert "program" in fields_of(for_kind(condition, Kind.COMMAND))
    assert fields_of(for_kind(condition, Kind.COMMAND)) == {"program"}
    assert fields_of(for_kind(condition, Kind.FILE)) == {"path"}


def test_rules_on_the_tool_alone_match_once_a_call() -> None:
    """They read what every event of a call has: the call itself decides, not each of its commands."""
    assert matching({"tool": "Bash"}, rulework.command("aaaa; bbbb"))


def test_the_builtin_rules_are_all_used() -> None:
    """None is refused, and each says what it shows."""
    ruleset = builtin_rules()

    assert ruleset.refused == ()
    assert len(ruleset.digest) == 64
    infos = [rule.info for rule in ruleset.rules]
    assert [info.name for info in infos if not (info.techniques and info.tactics and info.id)] == []


@pytest.mark.parametrize(
    ("product", "matched"),
    [
        ("windows", {"certutil x"}),
        ("linux", {"certfoo x"}),
        ("macos", {"certfoo x"}),
        (None, {"certutil x", "certfoo x"}),
    ],
)
def test_rules_on_processes_are_asked_of_their_own_system(product: str | None, matched: set[str]) -> None:
    """What is a sign on Windows is none where the same words are typed to another shell."""
    source = {"category": "process_creation"} | ({"product": product} if product else {})
    text = rulework.rule({"CommandLine|startswith": "cert"}, logsource=source)
    looking = rulework.detector(text)

    found = {line for line in ("certutil x", "certfoo x") if looking.inspect_call(rulework.command(line)).matches}
    assert found == matched


def test_other_yaml_among_the_rules_is_set_aside() -> None:
    """A checkout of rules holds more than rules; what was meant as one and lacks a part is a mistake all the same."""
    info = "id: 1\nregression_tests_info:\n  - name: a\n    type: evtx\n"
    found = load_rules([("a/info.yml", info), ("r.yml", rule({"program": "aaaa"}))])

    (refused,) = found.refused
    assert (len(found.rules), refused.name, refused.file) == (1, "info", "a/info.yml")
    assert "neither a detection nor a correlation" in refused.reason
