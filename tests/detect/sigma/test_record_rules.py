"""Rule files made into rules on records, by their log source."""

import pytest
from tests.detect.correlated_rules import correlation
from tests.detect.rulework import rule

from suragh.detect.records import RecordMatcher, RecordRules
from suragh.detect.sigma.lines import RuleError
from suragh.detect.sigma.record_rules import record_rules

WINDOWS = {"logsource": {"category": "process_creation", "product": "windows"}}
LINUX = {"logsource": {"category": "process_creation", "product": "linux"}}
WEB = {"logsource": {"category": "webserver"}}


def made(*texts: str, **wanted: str) -> RecordRules:
    """Rules of files."""
    return record_rules([(f"{number}.yml", text) for number, text in enumerate(texts)], wanted)


def names(rules: RecordRules) -> list[str]:
    """What can be evaluated."""
    return [one.info.name for one in (*rules.rules, *rules.correlations)]


@pytest.mark.parametrize(
    ("wanted", "kept"),
    [
        ({}, ["win", "lin", "web"]),
        ({"category": "process_creation"}, ["win", "lin"]),
        ({"category": "process_creation", "product": "linux"}, ["lin"]),
        ({"product": "macos"}, []),
        ({"service": "sshd"}, []),
    ],
)
def test_only_rules_of_the_wanted_log_source_are_kept(wanted: dict[str, str], kept: list[str]) -> None:
    """Each key that is given must be the rule's own."""
    texts = [rule({"a": "x"}, name=name, **keys) for name, keys in (("win", WINDOWS), ("lin", LINUX), ("web", WEB))]

    assert names(made(*texts, **wanted)) == kept


def test_any_field_is_known() -> None:
    """Records are of any log; an unknown field is one that no record has."""
    rules = made(rule({"Some.Field|contains": "x"}, **WEB))
    matcher = RecordMatcher(rules)

    assert [info.name for info in matcher.match(matcher.record({"Some": {"Field": "axb"}}))] == ["wanted"]


def test_what_cannot_be_evaluated_is_refused_if_it_is_wanted() -> None:
    """By name, with the reason; of other log sources nothing is said."""
    unusable = rule({"a|expand": "%hosts%"}, **WEB)

    (refused,) = made(unusable).refused
    assert (refused.name, refused.file) == ("wanted", "0.yml")
    assert "%hosts%" in refused.reason
    assert made(unusable, category="process_creation").refused == ()


def test_a_correlation_is_wanted_as_its_rules_are() -> None:
    """One that would miss some of what it reads is refused; one that reads none of what is wanted is left out."""
    texts = [
        rule({"a": "x"}, name="win", **WINDOWS),
        rule({"a": "x"}, name="lin", **LINUX),
        correlation("both", rules=("win", "lin")),
        correlation("one", rules=("win",)),
        correlation("above", rules=("both", "win")),
    ]

    assert names(made(*texts)) == ["win", "lin", "both", "one", "above"]
    windows = made(*texts, product="windows")
    assert names(windows) == ["win", "one"]
    assert [(one.name, one.file) for one in windows.refused] == [("both", "2.yml"), ("above", "4.yml")]
    assert "'lin', which it reads, is of another log source" in windows.refused[0].reason
    web = made(*texts, category="webserver")
    assert (names(web), web.refused) == ([], ())


def test_a_mistake_in_a_file_stops_all() -> None:
    """Whatever log source is wanted: what a file that is no rule would have matched is not known."""
    with pytest.raises(RuleError, match=r"1\.yml"):
        made(rule({"a": "x"}), "title: t\ndetection: {}\n", category="webserver")
