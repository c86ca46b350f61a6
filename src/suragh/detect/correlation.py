"""Correlations: rules on what other rules matched, evaluated over the matches in order of time.

A correlation matches at the moment at which its condition comes to hold, and not again while it holds. That moment
rests on nothing later, so what is found does not change when more is read.

Source: Sigma correlation rules specification 2.1 (`event_count`, `value_count`, `temporal`, `temporal_ordered`).
"""

import operator
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import islice, product
from typing import Final

from msgspec import Struct

from suragh.model.match import RuleInfo

GROUPS_OF_ONE: Final = 64
"""Groups that one match counts in: several where a field has many values, and an attacker could write thousands."""

SESSION_FIELDS: Final = frozenset(("session.id", "gen_ai.conversation.id"))
ACCOUNT_FIELDS: Final = frozenset(("user.account", "user.id", "enduser.id"))
TARGET_FIELDS: Final = frozenset(("target.host",))
AGENT_FIELDS: Final = SESSION_FIELDS | ACCOUNT_FIELDS | TARGET_FIELDS
"""What correlations may read of agents' actions: whose session it was, and the systems that the call names."""

_RELATIONS: Final[dict[str, Callable[[float, float], bool]]] = {
    "lt": operator.lt,
    "lte": operator.le,
    "gt": operator.gt,
    "gte": operator.ge,
    "eq": operator.eq,
    "neq": operator.ne,
}


class Manner(StrEnum):
    """What is counted."""

    EVENT_COUNT = "event_count"
    VALUE_COUNT = "value_count"
    TEMPORAL = "temporal"
    TEMPORAL_ORDERED = "temporal_ordered"


class Correlation(Struct, frozen=True, kw_only=True):
    """A rule on matches.

    Attributes:
        info: what is published of it.
        manner: what is counted.
        rules: names of the rules whose matches it reads, in the order in which the file lists them.
        group_by: matches are counted apart where a value of one of these fields differs.
        window: nanoseconds that what is counted may lie apart.
        limits: relations that must hold of the count, with what it is compared with.
        counted: `value_count`: the fields whose values are counted.
        aliases: what a field is called in the events of each rule, where that differs.
        generate: whether matches of the rules that it reads are signals of their own.
    """

    info: RuleInfo
    manner: Manner
    rules: tuple[str, ...]
    group_by: tuple[str, ...]
    window: int
    limits: tuple[tuple[str, float], ...]
    counted: tuple[str, ...] = ()
    aliases: dict[str, dict[str, str]] = {}
    generate: bool = False

    def fields(self, rule: str) -> tuple[str, ...]:
        """The fields that are read of the events of a rule."""
        return tuple([self.field(name, rule) for name in (*self.group_by, *self.counted)])

    def field(self, name: str, rule: str) -> str:
        """What a field is called in the events of a rule."""
        return self.aliases.get(name, {}).get(rule, name)

    def holds(self, count: int) -> bool:
        """Whether the condition holds of a count."""
        return all(_RELATIONS[relation](count, limit) for relation, limit in self.limits)


class Occurrence(Struct, frozen=True):
    """A match of a rule.

    Attributes:
        at: nanoseconds.
        rule: name of the rule.
        place: where it is; orders what happens at one time.
        values: values of the fields that correlations read.
    """

    at: int
    rule: str
    place: tuple[int, ...]
    values: Mapping[str, tuple[str, ...]]


def read_fields(correlations: Iterable[Correlation]) -> dict[str, tuple[str, ...]]:
    """The fields that correlations read of what each rule matched, by the name of the rule."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for correlation in correlations:
        for rule in correlation.rules:
            found[rule] |= dict.fromkeys(correlation.fields(rule))
    return {rule: tuple(fields) for rule, fields in found.items()}


def silent(correlations: Sequence[Correlation]) -> frozenset[str]:
    """The names of rules that are read by correlations alone: their own matches are no signals."""
    read = {rule for correlation in correlations for rule in correlation.rules}
    return frozenset(read - {rule for one in correlations if one.generate for rule in one.rules})


def shown_by(correlations: Iterable[Correlation]) -> dict[str, frozenset[str]]:
    """The rules on single events whose matches each correlation rests on, by its name."""
    found: dict[str, frozenset[str]] = {}
    for correlation in correlations:
        found[correlation.info.name] = frozenset().union(*[found.get(rule, {rule}) for rule in correlation.rules])
    return found


def correlated(
    correlations: Sequence[Correlation], occurrences: Iterable[Occurrence]
) -> Iterator[tuple[Correlation, Occurrence]]:
    """Evaluate correlations; each may read those before it.

    Yields:
        A correlation, and the match with which its condition came to hold.
    """
    by_rule: dict[str, list[Occurrence]] = defaultdict(list)
    for occurrence in occurrences:
        by_rule[occurrence.rule].append(occurrence)
    for correlation in correlations:
        name = correlation.info.name
        for occurrence, group in _fired(correlation, [one for rule in correlation.rules for one in by_rule[rule]]):
            yield correlation, occurrence
            values = {field: (value,) for field, value in zip(correlation.group_by, group, strict=True)}
            by_rule[name].append(Occurrence(occurrence.at, name, occurrence.place, values))


_Group = tuple[str, ...]


def _fired(correlation: Correlation, read: list[Occurrence]) -> Iterator[tuple[Occurrence, _Group]]:
    windows: dict[_Group, _Window] = defaultdict(lambda: _WINDOWS[correlation.manner](correlation))
    for occurrence in sorted(read, key=lambda one: (one.at, one.place, correlation.rules.index(one.rule))):
        for group in _groups(correlation, occurrence):
            window = windows[group]
            window.advance(occurrence.at)
            before = correlation.holds(window.count())
            window.add(occurrence)
            if not before and correlation.holds(window.count()):
                yield occurrence, group


def _groups(correlation: Correlation, occurrence: Occurrence) -> Iterator[_Group]:
    """The groups that a match counts in: none where it lacks a field."""
    values = [occurrence.values.get(correlation.field(name, occurrence.rule), ()) for name in correlation.group_by]
    return islice(product(*[tuple(dict.fromkeys(each)) for each in values]), GROUPS_OF_ONE)


class _Window:
    """What was seen of one group within the window."""

    def __init__(self, correlation: Correlation) -> None:
        self.correlation = correlation

    def advance(self, at: int) -> None:
        """Forget what lies too far back."""
        raise NotImplementedError

    def add(self, occurrence: Occurrence) -> None:
        """Take in one match."""
        raise NotImplementedError

    def count(self) -> int:
        """Count what is to be counted."""
        raise NotImplementedError


class _Events(_Window):
    def __init__(self, correlation: Correlation) -> None:
        super().__init__(correlation)
        self._times: deque[int] = deque()

    def advance(self, at: int) -> None:
        while self._times and self._times[0] < at - self.correlation.window:
            self._times.popleft()

    def add(self, occurrence: Occurrence) -> None:
        self._times.append(occurrence.at)

    def count(self) -> int:
        return len(self._times)


class _Values(_Window):
    def __init__(self, correlation: Correlation) -> None:
        super().__init__(correlation)
        self._seen: deque[tuple[int, _Group]] = deque()
        self._times: dict[_Group, int] = defaultdict(int)

    def advance(self, at: int) -> None:
        while self._seen and self._seen[0][0] < at - self.correlation.window:
            _, value = self._seen.popleft()
            self._times[value] -= 1
            if not self._times[value]:
                del self._times[value]

    def add(self, occurrence: Occurrence) -> None:
        correlation = self.correlation
        each = [occurrence.values.get(correlation.field(name, occurrence.rule), ()) for name in correlation.counted]
        for value in islice(product(*each), GROUPS_OF_ONE):
            self._seen.append((occurrence.at, value))
            self._times[value] += 1

    def count(self) -> int:
        return len(self._times)


class _Rules(_Window):
    """When each rule matched last."""

    def __init__(self, correlation: Correlation) -> None:
        super().__init__(correlation)
        self._last: dict[str, int] = {}

    def advance(self, at: int) -> None:
        start = at - self.correlation.window
        self._last = {rule: last for rule, last in self._last.items() if last >= start}

    def add(self, occurrence: Occurrence) -> None:
        self._last[occurrence.rule] = occurrence.at

    def count(self) -> int:
        return len(self._last)


class _Ordered(_Window):
    """For each place in the list of rules, the latest start of a chain of matches that leads to it in order."""

    def __init__(self, correlation: Correlation) -> None:
        super().__init__(correlation)
        self._starts: dict[int, int] = {}

    def advance(self, at: int) -> None:
        start = at - self.correlation.window
        self._starts = {number: begun for number, begun in self._starts.items() if begun >= start}

    def add(self, occurrence: Occurrence) -> None:
        # from the last place back: one match is not two steps of a chain
        for number in reversed(range(len(self.correlation.rules))):
            if self.correlation.rules[number] == occurrence.rule:
                if number == 0:
                    self._starts[0] = occurrence.at
                elif number - 1 in self._starts:
                    self._starts[number] = self._starts[number - 1]

    def count(self) -> int:
        return max(self._starts, default=-1) + 1


_WINDOWS: Final[dict[Manner, type[_Window]]] = {
    Manner.EVENT_COUNT: _Events,
    Manner.VALUE_COUNT: _Values,
    Manner.TEMPORAL: _Rules,
    Manner.TEMPORAL_ORDERED: _Ordered,
}
