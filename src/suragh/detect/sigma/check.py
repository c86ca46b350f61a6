"""Checks of rule files: mistakes that stop a rule, and habits that make one match less, more or slower than meant."""

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from enum import StrEnum
from typing import Final
from uuid import UUID

from msgspec import Struct
from sigma.exceptions import SigmaError

from suragh.detect.evaluate import Condition
from suragh.detect.events import FIELDS
from suragh.detect.sigma.compile import UnsupportedError, condition_of
from suragh.detect.sigma.correlations import Book, ParsedCorrelation, tied
from suragh.detect.sigma.lines import RuleError, Spot
from suragh.detect.sigma.parse import Claims, Parsed, ParsedRule, parse
from suragh.detect.sigma.ruleset import AGENT, agent_rule, fields_of
from suragh.model.match import RuleInfo

_WORDS: Final = re.compile(r"[\w*]+")
_GROUPS: Final = frozenset({"and", "or", "not", "of", "all", "them", "1"})
_SLOW: Final = re.compile(r"\(\?(?:[=!]|<[=!])|\\[1-9]|\(\?P=")
"""Look-around and back-references: what the scanner takes only as a first guess."""


class Severity(StrEnum):
    """Whether a rule cannot be used as it is, or may not do what its author means."""

    ERROR = "error"
    WARNING = "warning"


class Problem(Struct, frozen=True):
    """One thing to mend.

    Attributes:
        spot: where.
        severity: how bad it is.
        text: what is, and what was expected.
    """

    spot: Spot
    severity: Severity
    text: str


def check(sources: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    """Check rule files, given as (name, YAML text) pairs; the problems of a file come as they stand in it."""
    claims = Claims()
    names: dict[str, str] = {}
    waiting: list[tuple[ParsedCorrelation, RuleInfo]] = []
    found: list[Problem] = []
    for file, text in sources:
        try:
            for parsed in parse(file, text):
                if isinstance(parsed, ParsedRule):
                    names |= dict.fromkeys((parsed.info.id, parsed.info.name), parsed.info.name)
                    found += _of_rule(parsed, claims)
                elif isinstance(parsed, ParsedCorrelation):
                    found += [*_of_head(parsed), *_of_tags(parsed)]
                    waiting.append((parsed, claims.named(parsed)))
        except RuleError as error:
            found.append(Problem(error.spot, Severity.ERROR, error.what))
    found += _of_correlations(waiting, Book(names, bool))
    yield from sorted(found, key=lambda one: (one.spot.file, one.spot.line, one.spot.column, one.text))


def _of_correlations(waiting: Sequence[tuple[ParsedCorrelation, RuleInfo]], book: Book) -> Iterator[Problem]:
    documents = {info.name: parsed for parsed, info in waiting}
    for refused in tied(waiting, book)[1]:
        yield Problem(documents[refused.name].lines.at("correlation"), Severity.ERROR, refused.reason)


def _of_rule(parsed: ParsedRule, claims: Claims) -> Iterator[Problem]:
    yield from _of_head(parsed)
    yield from _of_tags(parsed)
    yield from _of_searches(parsed)
    yield from _of_values(parsed)
    yield from _of_use(parsed, claims)


def _warning(spot: Spot, text: str) -> Problem:
    return Problem(spot, Severity.WARNING, text)


def _of_head(parsed: Parsed) -> Iterator[Problem]:
    lines, raw, info = parsed.lines, parsed.raw, parsed.info
    if not info.id:
        yield _warning(lines.at(), "the rule has no id: a new random UUID lets others refer to it")
    elif UUID(info.id).version is None:
        yield _warning(lines.at("id"), "the id is no UUID of a known version, expected a random one (version 4)")
    if "level" not in raw:
        yield _warning(lines.at(), "the rule has no level: it counts as informational, which is never a reason")


def _of_tags(parsed: Parsed) -> Iterator[Problem]:
    for tag, why in parsed.unknown:
        yield _warning(parsed.lines.at_item("tags", tag), f"tag {tag!r} is {why}: it counts for nothing")
    if not parsed.info.techniques and not parsed.unknown:
        yield _warning(parsed.lines.at("tags"), "no tag names a technique: reports cannot say what a match shows")


def _of_searches(parsed: ParsedRule) -> Iterator[Problem]:
    """Searches that no condition uses."""
    detection = parsed.raw.get("detection", {})
    conditions = detection.get("condition", "")
    used = _WORDS.findall(" ".join(conditions) if isinstance(conditions, list) else str(conditions))
    patterns = [re.compile(re.escape(word).replace(r"\*", ".*") + r"\Z") for word in used if word not in _GROUPS]
    for name in detection:
        if name in ("condition", "timeframe") or ("them" in used and not str(name).startswith("_")):
            continue
        if not any(pattern.match(str(name)) for pattern in patterns):
            yield _warning(parsed.lines.at("detection", str(name)), f"search {name!r} is not used by the condition")


def _of_values(parsed: ParsedRule) -> Iterator[Problem]:
    for name, item in parsed.raw.get("detection", {}).items():
        if name == "condition":
            continue
        for key, value in _pairs(item):
            yield from _of_value(parsed, key, value)


def _of_value(parsed: ParsedRule, key: str, value: str) -> Iterator[Problem]:
    field, *modifiers = key.split("|")
    spot = parsed.lines.at_word("detection", value)
    if "re" in modifiers:
        if _SLOW.search(value):
            yield _warning(spot, "the expression looks around or back: of a long value only the beginning is searched")
    elif not {"contains", "startswith", "endswith"}.isdisjoint(modifiers) and len(value) > 1:
        if value.startswith("*") and "startswith" not in modifiers:
            yield _warning(spot, f"{field or 'the keyword'} begins with a wildcard that its modifier says already")
    elif "\\\\" not in value and value.endswith("\\*") and len(value) > len("\\*"):
        yield _warning(spot, r"'\*' is a plain star here; a wildcard after a backslash is written '\\*'")


def _pairs(item: object) -> Iterator[tuple[str, str]]:
    """Every text of a search, with the key that it stands under; empty for keywords."""
    waiting: list[tuple[str, object]] = [("", item)]
    while waiting:
        key, value = waiting.pop()
        if isinstance(value, dict):
            waiting += [(str(name), inner) for name, inner in value.items()]
        elif isinstance(value, list):
            waiting += [(key, inner) for inner in value]
        elif isinstance(value, str):
            yield key, value


def _of_use(parsed: ParsedRule, claims: Claims) -> Iterator[Problem]:
    """What keeps a rule from being used: on agents' actions if it is meant for them, else on any record."""
    taken = claims.taken(parsed)
    if taken:
        yield Problem(parsed.lines.at("id"), Severity.ERROR, taken)
        return
    make = agent_rule if parsed.sigma.logsource.product == AGENT else _record_rule
    try:
        make(parsed, claims.named(parsed))
    except (UnsupportedError, SigmaError) as error:
        foreign = _foreign(parsed)
        near = get_close_matches(foreign, FIELDS, 1) if foreign else []
        hint = f"; is {near[0]!r} meant?" if near else ""
        unread = isinstance(error, SigmaError)
        spot = parsed.lines.at("detection", "condition") if unread else parsed.lines.at_word("detection", foreign)
        yield Problem(spot, Severity.ERROR, f"{' '.join(str(error).split())}{hint}")


def _foreign(parsed: ParsedRule) -> str:
    """A field that no action has, if the rule can be read that far."""
    try:
        asked = fields_of(condition_of(parsed.sigma, own=parsed.own))
    except (UnsupportedError, SigmaError):
        return ""
    return min((field for field in asked if field not in FIELDS), default="")


def _record_rule(parsed: ParsedRule, _info: RuleInfo) -> Condition:
    return condition_of(parsed.sigma, own=parsed.own)
