"""Rules loaded together: names, order, digest, and what is refused."""

import pytest
from tests.detect import rulework
from tests.detect.rulework import matching, rule

from rulebook import builtin_rules
from suragh.detect.evaluate import Every, Not, Present, Some, Text, Where
from suragh.detect.events import Kind
from suragh.detect.ruleset import Ruleset, fields_of, for_kind, load_rules
from suragh.errors import SetupError


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


def test_two_rules_with_one_name_are_a_mistake() -> None:
    """The message names both places."""
    with pytest.raises(SetupError, match=r"1\.yml:2: name is 'wanted', which 0\.yml:2 has too"):
        load(rule({"program": "aaaa"}), rule({"program": "bbbb"}))


@pytest.mark.parametrize(
    ("selection", "keys", "words"),
    [
        pytest.param({"EventID": 1}, {}, "field 'EventID'", id="field"),
        pytest.param({"program": "x"}, {"source": "registry_event"}, "log source registry_event", id="log source"),
        pytest.param({"program|expand": "%list%"}, {}, "placeholder", id="placeholder"),
        pytest.param({"program|minute": 3}, {}, "SigmaTimestampPart", id="time"),
        pytest.param({"User": "root"}, {"source": "process"}, "no action has all of its fields", id="never"),
        pytest.param({"result": "x", "tool": "y"}, {}, "no action has all of its fields", id="two kinds of event"),
        pytest.param({"s": {"program": "x"}, "condition": "not s"}, {}, "no text must stand", id="only a negation"),
        pytest.param({"args|re": "."}, {}, "no text must stand", id="any text"),
    ],
)
def test_what_cannot_be_evaluated_is_refused_with_the_reason(
    selection: object, keys: dict[str, object], words: str
) -> None:
    """Never half-run, never silently dropped."""
    (reason,) = reasons(selection, **keys)

    assert words in reason


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
