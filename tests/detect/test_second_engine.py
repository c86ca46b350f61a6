"""Suragh's evaluation of Sigma held against another engine: SQLite, asked by the queries of pySigma's own backend.

What the two see differently by design is kept out of the events, and told in docs/rules.md: an empty value and `null`,
letters beyond ASCII in both cases, texts compared with numbers, other ways to write an address.
"""

import json
import lzma
import os
import tarfile
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from sigma.conditions import ConditionOR
from sigma.types import SigmaNull
from tests.detect.rule_events import chooser, events
from tests.detect.second_engine import Event, checks_of, matched

from suragh.detect.evaluate import simplified
from suragh.detect.records import RecordMatcher, indexed
from suragh.detect.sigma.compile import UnsupportedError, condition_of
from suragh.detect.sigma.parse import ParsedRule, parse
from suragh.text.shell import commands

SHARED: Final = os.environ.get("SURAGH_SHARED", "")
needs_shared = pytest.mark.skipif(not SHARED, reason="needs SURAGH_SHARED, the folder with SigmaHQ's rules")

EVERY: Final = 6
"""Of SigmaHQ's 3,754 files one of so many is tried: all of them take a minute."""

RUNS: Final = 4
"""Runs of agents whose commands are tried, of each of two sets: all of them take some minutes."""

FIELDS: Final = ("CommandLine", "Image", "User")
WORDS = st.sampled_from(["cmd", "CMD.exe", r"\net.exe", "a b", "-enc", "100%", "x_y", "it's", "[a-c]", "{1}", "ab"])
WILD = st.lists(WORDS | st.sampled_from(["*", "?", r"\*", r"\?"]), min_size=1, max_size=4).map("".join)
EXPRESSIONS = st.sampled_from(
    [r"net\.exe$", r"^cmd", r"(?i)CMD", r"-e(nc)?\b", r"\d{3}", r"[a-c]{2,}", r"a\sb|x.y", r"'s", r"\bab\b", "^.{4}$"]
)


def _test(values: st.SearchStrategy[Any], *modifiers: str) -> st.SearchStrategy[tuple[str, Any]]:
    return st.tuples(st.sampled_from(FIELDS).map(lambda field: "|".join([field, *modifiers])), values)


def _several(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return values | st.lists(values, min_size=1, max_size=3)


NUMBERS = st.integers(-3, 5)
TESTS = st.one_of(
    _test(_several(WILD)),
    *[_test(_several(WORDS), where) for where in ("contains", "startswith", "endswith")],
    *[_test(_several(WORDS), where, "cased") for where in ("contains", "startswith", "endswith")],
    _test(_several(WILD), "cased"),
    _test(st.lists(WORDS, min_size=2, max_size=3), "contains", "all"),
    _test(_several(EXPRESSIONS), "re"),
    _test(EXPRESSIONS, "re", "i"),
    _test(st.sampled_from(["192.0.2.0/24", "192.0.0.0/13", "203.0.113.7/32", "2001:db8::/32"]), "cidr"),
    _test(st.booleans(), "exists"),
    _test(st.none()),
    _test(st.sampled_from(["-enc", "-a b"]), "windash", "contains"),
    _test(st.sampled_from(["cmd.exe", "ab"]), "base64offset", "contains"),
    _test(st.sampled_from(["cmd.exe", "ab"]), "wide", "base64offset", "contains"),
    st.tuples(st.sampled_from(["EventID"]), _several(NUMBERS)),
    *[st.tuples(st.just(f"EventID|{sign}"), NUMBERS) for sign in ("lt", "lte", "gt", "gte", "neq")],
    st.tuples(st.just("User|fieldref"), st.just("Image")),
)
SEARCHES = st.lists(TESTS, min_size=1, max_size=3).map(dict) | st.lists(
    st.lists(TESTS, min_size=1, max_size=2).map(dict), min_size=1, max_size=2
)
SHAPES = st.sampled_from(
    [
        "one", "one and two", "one or two", "one and not two", "not one and not two", "one and not 1 of t*",
        "1 of them", "all of them", "not (one and two) and three", "one or (two and not three)",
    ]
)  # fmt: skip
RULES = st.builds(
    lambda one, two, three, shape: {"one": one, "two": two, "three": three, "condition": shape},
    SEARCHES,
    SEARCHES,
    SEARCHES | st.lists(WORDS, min_size=1, max_size=3),
    SHAPES,
)
VALUES = st.one_of(
    st.lists(WORDS | st.sampled_from([" ", "\n"]), min_size=1, max_size=3).map("".join),
    st.sampled_from(["192.0.2.9", "192.7.0.1", "203.0.113.7", "203.0.113.8", "2001:db8::1", "2001:db9::1"]),
    st.sampled_from(["Y21kLmV4ZQ", "/enc", "YwBtAGQALgBlAHgAZQ", "AB", "aB"]),
)
EVENTS = st.fixed_dictionaries(
    {}, optional={**dict.fromkeys(FIELDS, VALUES), "EventID": st.integers(-4, 6), "Other": VALUES}
)


def parsed(detection: object) -> ParsedRule:
    """A rule with a detection."""
    document = {"title": "t", "name": "n", "logsource": {"category": "c"}, "detection": detection}
    (rule,) = parse("r.yml", yaml.safe_dump(document))
    assert isinstance(rule, ParsedRule)
    return rule


def ours(rules: Sequence[ParsedRule]) -> RecordMatcher:
    """Suragh's engine with all rules at once; each is known by its place."""
    return RecordMatcher(indexed([(rule.info, simplified(condition_of(rule.sigma, own=False))) for rule in rules]))


def found(matcher: RecordMatcher, rule: ParsedRule, tried: Sequence[Event]) -> list[bool]:
    """On which events Suragh finds a rule."""
    return [any(info is rule.info for info in matcher.match(matcher.record(event))) for event in tried]


def made_of(rule: ParsedRule, seed: str, most: int) -> tuple[list[Event], list[Event]]:
    """Events that a rule must match, and near misses."""
    parts = [condition.parsed for condition in rule.sigma.detection.parsed_condition]
    whole = parts[0] if len(parts) == 1 else ConditionOR(parts)
    empty_is_null = any(isinstance(value, SigmaNull) for _, value in checks_of(rule.sigma))
    hits, misses = (
        [
            event
            for event in events(whole, held=held, choose=chooser(seed, str(held)), most=most, tries=4 * most)
            if not (empty_is_null and "" in event.values())
        ]
        for held in (True, False)
    )
    return hits, misses


@given(RULES, st.lists(EVENTS, min_size=1, max_size=4), st.integers(0, 9))
def test_small_rules_are_evaluated_alike(detection: object, given: list[Event], seed: int) -> None:
    """On events made of the rule, which must match or just miss, and on any others."""
    rule = parsed(detection)
    hits, misses = made_of(rule, str(seed), 2)
    tried = [*hits, *misses, *given]

    theirs = matched(rule.sigma, tried)
    assert theirs[: len(hits) + len(misses)] == [True] * len(hits) + [False] * len(misses)
    assert found(ours([rule]), rule, tried) == theirs


def _texts(every: int = 1) -> Iterator[tuple[str, str]]:
    """Files of SigmaHQ: (name, text)."""
    with tarfile.open(Path(SHARED, "sigmahq", "rules.tar.xz")) as archive:
        names = sorted(name for name in archive.getnames() if name.endswith(".yml"))
        for name in names[::every]:
            member = archive.extractfile(name)
            assert member is not None
            yield name, member.read().decode()


def _parsed(texts: Iterator[tuple[str, str]]) -> Iterator[ParsedRule]:
    """Rules of files that can be evaluated."""
    for name, text in texts:
        for rule in parse(name, text):
            assert isinstance(rule, ParsedRule)
            try:
                condition_of(rule.sigma, own=False)
            except UnsupportedError:
                continue
            yield rule


@needs_shared
def test_published_rules_are_evaluated_alike() -> None:
    """Each on events made of its own conditions and on near misses, with all rules in use at once."""
    rules = list(_parsed(_texts(EVERY)))
    matcher = ours(rules)
    tried = 0
    for rule in rules:
        hits, misses = made_of(rule, rule.file, 3)
        theirs = matched(rule.sigma, [*hits, *misses])
        tried += bool(hits) + bool(misses)

        assert theirs == [True] * len(hits) + [False] * len(misses), rule.file
        assert found(matcher, rule, [*hits, *misses]) == theirs, rule.file
    assert len(rules) > 3_700 // EVERY
    # a few conditions are too intricate for the maker of events
    assert tried > 2 * len(rules) * 0.98


def _records(name: str, runs: int) -> Iterator[Event]:
    """Commands that agents ran, as a log of processes would have them."""
    with lzma.open(Path(SHARED, "eval", "data", "dev", f"{name}.jsonl.xz"), "rt") as file:
        for line in islice(file, runs):
            for step in json.loads(line)["steps"]:
                for command in commands(step["args"]["command"]) if step.get("op") == "shell" else ():
                    # SQLite ends a text at a NUL
                    if command.argv and "\0" not in command.line:
                        yield {"CommandLine": command.line, "Image": f"/usr/bin/{command.program}"}


@needs_shared
def test_real_commands_are_evaluated_alike() -> None:
    """Those of attacks and of ordinary work, on all rules on processes of Linux."""
    records = [record for name in ("cochise", "mise") for record in _records(name, RUNS)]
    rules = [
        rule
        for rule in _parsed((name, text) for name, text in _texts() if "linux/process_creation" in name)
        if rule.sigma.logsource.category == "process_creation"
    ]
    matcher = ours(rules)
    said = [{id(info) for info in matcher.match(matcher.record(record))} for record in records]
    for rule in rules:
        assert [id(rule.info) in those for those in said] == matched(rule.sigma, records), rule.file

    assert len(rules) > 100
    assert len(records) > 500
    assert sum(map(bool, said)) > 20
