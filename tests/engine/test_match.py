"""Rules on lines of JSON, whatever log they are of."""

import bz2
import json
from pathlib import Path

import pytest
from tests.detect.correlated_rules import correlation
from tests.detect.rulework import rule

from suragh.engine.match import Matching, RecordMatch, Unread
from suragh.errors import SetupError, UsageError
from suragh.read.framing import CHUNK

DENIED = rule({"action": "denied"}, name="denied", source="firewall")
ADMIN = rule({"user": "admin"}, name="admin", source="login")


def matching(folder: Path, *texts: str, **logsource: str) -> Matching:
    """Rules of files in a folder."""
    rules = folder / "rules"
    rules.mkdir(exist_ok=True)
    for number, text in enumerate(texts):
        (rules / f"{number}.yml").write_text(text, encoding="utf-8")
    return Matching([str(rules)], logsource)


def log(folder: Path, *lines: object, name: str = "log.jsonl") -> Path:
    """A file of lines; those that are no text are written as JSON."""
    path = folder / name
    path.write_text("".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines))
    return path


def found(rules: Matching, *paths: Path) -> list[tuple[str, int, str]]:
    """Where which rule matched: name of the file, line, rule."""
    return [(Path(one.file).name, one.line, one.rule.name) for one in rules.of(paths) if isinstance(one, RecordMatch)]


def test_each_line_is_tried_on_each_rule(tmp_path: Path) -> None:
    """Blank lines count as lines, and are no records; the last needs no end."""
    path = log(tmp_path, {"action": "denied", "user": "Admin"}, "", "\r", {"action": "allowed"})
    with path.open("a") as stream:
        stream.write('{"action": "DENIED"}')
    rules = matching(tmp_path, DENIED, ADMIN)

    assert found(rules, path) == [("log.jsonl", 1, "denied"), ("log.jsonl", 1, "admin"), ("log.jsonl", 5, "denied")]
    assert (rules.rules, rules.records) == (2, 3)


def test_only_rules_of_the_log_source_are_tried(tmp_path: Path) -> None:
    """If one is given."""
    path = log(tmp_path, {"action": "denied", "user": "admin"})

    assert found(matching(tmp_path, DENIED, ADMIN, category="login"), path) == [("log.jsonl", 1, "admin")]


def test_lines_are_counted_across_blocks(tmp_path: Path) -> None:
    """A file is read in blocks; a line may lie in two, and a block may hold no line end."""
    filler = {"note": "x" * (CHUNK // 3)}
    lines = [filler, filler, filler, {"action": "denied"}, {"note": "y" * CHUNK * 2}, "", {"action": "denied"}]

    assert found(matching(tmp_path, DENIED), log(tmp_path, *lines)) == [
        ("log.jsonl", 4, "denied"),
        ("log.jsonl", 7, "denied"),
    ]


def test_packed_files_are_read(tmp_path: Path) -> None:
    """Each line is where it is in what was packed."""
    path = tmp_path / "log.jsonl.bz2"
    path.write_bytes(bz2.compress(b'{}\n{"action": "denied"}\n'))

    assert [(line, name) for _, line, name in found(matching(tmp_path, DENIED), path)] == [(2, "denied")]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("[1]", "JSON is no object"),
        ("nonsense", "no JSON"),
        ('{"action": "denied"', "no JSON"),
        ("[" * 100_000, "no JSON"),
        ('{"a":' * 100_000, "no JSON"),
    ],
)
def test_what_is_no_record_is_told_and_passed_over(tmp_path: Path, line: str, reason: str) -> None:
    """With its line and its bytes; lines after it are read."""
    rules = matching(tmp_path, DENIED)
    outcomes = list(rules.of([log(tmp_path, {"a": 1}, line, {"action": "denied"})]))

    unread, match = outcomes
    assert isinstance(unread, Unread)
    assert (unread.line, unread.rejected.pointer.offset, unread.rejected.pointer.length) == (2, 9, len(line))
    assert unread.rejected.reason.startswith(reason)
    assert isinstance(match, RecordMatch)
    assert match.line == 3
    assert rules.records == 3


def test_a_file_that_breaks_off_is_told(tmp_path: Path) -> None:
    """With what could be read of it."""
    path = tmp_path / "log.jsonl.bz2"
    path.write_bytes(bz2.compress(b'{"action": "denied"}\n' * 5)[:-8])

    *_, last = matching(tmp_path, DENIED).of([path])
    assert isinstance(last, Unread)


MANY = correlation(rules=("denied",), condition={"gte": 2}, timespan="10m", **{"group-by": ["user"]})


def denied(time: object, user: str = "ada", **keys: object) -> dict[str, object]:
    """A record that the base rule matches."""
    return {"action": "denied", "user": user, "@timestamp": time, **keys}


def test_correlations_go_over_all_files_in_order_of_time(tmp_path: Path) -> None:
    """Whichever stands first; the line is that of the record with which it came to hold."""
    one = log(tmp_path, denied("2026-01-01T00:05:00Z"), denied("2026-01-01T01:00:00Z"), name="one")
    two = log(tmp_path, {}, denied("2026-01-01T00:00:00Z"), denied("2026-01-01T00:01:00Z", "bob"), name="two")
    rules = matching(tmp_path, DENIED, MANY)

    assert found(rules, one, two) == found(rules, two, one) == [("one", 1, "many")]


def test_what_correlations_read_is_told_where_they_say_so(tmp_path: Path) -> None:
    """`generate: true`."""
    path = log(tmp_path, denied("2026-01-01T00:00:00Z"), denied("2026-01-01T00:01:00Z"))
    told = matching(tmp_path, DENIED, MANY.replace("correlation:", "correlation:\n  generate: true"))

    assert [(line, name) for _, line, name in found(told, path)] == [(1, "denied"), (2, "denied"), (2, "many")]


@pytest.mark.parametrize("field", ["@timestamp", "UtcTime", "TimeCreated", "_time", "ts"])
def test_a_record_says_when_it_was(tmp_path: Path, field: str) -> None:
    """Under one of the names that logs use."""
    lines = [{"action": "denied", "user": "ada", field: f"2026-01-01 00:0{minute}:00Z"} for minute in (1, 2)]

    assert found(matching(tmp_path, DENIED, MANY), log(tmp_path, *lines)) == [("log.jsonl", 2, "many")]


def test_what_has_no_time_is_counted(tmp_path: Path) -> None:
    """Correlations cannot count it, and that is told."""
    rules = matching(tmp_path, DENIED, MANY)

    assert found(rules, log(tmp_path, denied(None), denied("yesterday"), {"action": "allowed"})) == []
    assert rules.undated == 2


def test_rules_that_cannot_be_evaluated_are_told(tmp_path: Path) -> None:
    """By name, with the reason; the others are evaluated."""
    rules = matching(tmp_path, DENIED, rule({"a|expand": "%x%"}, name="unusable"))

    assert [one.name for one in rules.refused] == ["unusable"]
    assert found(rules, log(tmp_path, {"action": "denied"})) == [("log.jsonl", 1, "denied")]


def test_what_is_not_there_is_a_mistake(tmp_path: Path) -> None:
    """Of whoever asked: a folder without rules, a file that is gone."""
    (tmp_path / "empty").mkdir()
    with pytest.raises(SetupError, match="holds no rule"):
        Matching([str(tmp_path / "empty")], {})
    with pytest.raises(UsageError):
        list(matching(tmp_path, DENIED).of([tmp_path / "gone"]))
