"""Which rules are worth evaluating: found by the probes that a text holds, not by trying every rule."""

from collections.abc import Sequence
from typing import TypeAlias

from msgspec import Struct

from suragh.detect import patterns
from suragh.detect.evaluate import Condition
from suragh.detect.events import Kind
from suragh.detect.patterns import Free, Need, Probe, anchor, need_of
from suragh.detect.ruleset import Rule


class One(Struct, frozen=True):
    """At least one of some probes."""

    numbers: frozenset[int]

    def met(self, probes: set[int]) -> bool:
        """Whether a text with these probes meets the need."""
        return not self.numbers.isdisjoint(probes)


class All(Struct, frozen=True):
    """All of some needs."""

    parts: "tuple[Bound, ...]"

    def met(self, probes: set[int]) -> bool:
        """Whether a text with these probes meets the need."""
        return all(part.met(probes) for part in self.parts)


class Any(Struct, frozen=True):
    """Any of some needs."""

    parts: "tuple[Bound, ...]"

    def met(self, probes: set[int]) -> bool:
        """Whether a text with these probes meets the need."""
        return any(part.met(probes) for part in self.parts)


Bound: TypeAlias = One | All | Any


class Lexicon:
    """The probes that are searched for, each with its number."""

    def __init__(self) -> None:
        self._numbers: dict[Probe, int] = {}

    def number(self, probe: Probe) -> int:
        """The number of a probe, the next free one if it is new."""
        return self._numbers.setdefault(probe, len(self._numbers))

    @property
    def probes(self) -> list[Probe]:
        """All of them, in order of number."""
        return list(self._numbers)


class Plan(Struct, frozen=True):
    """One rule on one kind of event.

    Attributes:
        rule: its name.
        condition: what must hold.
        need: what must stand in the text for it to be able to hold; None for nothing.
    """

    rule: str
    condition: Condition
    need: Bound | None


class Plans:
    """The rules of one kind of event, indexed by the probes that anchor them."""

    def __init__(self, rules: Sequence[Rule], kind: Kind, lexicon: Lexicon) -> None:
        index: dict[int, list[int]] = {}
        always: list[int] = []
        self._plans: list[Plan] = []
        for rule in rules:
            condition = rule.conditions.get(kind)
            if condition is None:
                continue
            need = need_of(condition, kind)
            if need is Free.FREE:
                always.append(len(self._plans))
            for probe in anchor(need):
                index.setdefault(lexicon.number(probe), []).append(len(self._plans))
            self._plans.append(Plan(rule.info.name, condition, _bound(need, lexicon)))
        self._always = tuple(always)
        self._index = {probe: tuple(numbers) for probe, numbers in index.items()}

    def candidates(self, probes: set[int]) -> list[Plan]:
        """The rules that a text with these probes could satisfy, in the rules' order."""
        numbers = set(self._always)
        index = self._index
        for probe in probes:
            if probe in index:
                numbers.update(index[probe])
        if not numbers:
            return []
        plans = [self._plans[number] for number in sorted(numbers)]
        return [plan for plan in plans if plan.need is None or plan.need.met(probes)]


def _bound(need: Need, lexicon: Lexicon) -> Bound | None:
    match need:
        case Probe():
            return One(frozenset((lexicon.number(need),)))
        case patterns.AllOf(parts):
            return All(tuple([bound for part in parts if (bound := _bound(part, lexicon))]))
        case patterns.AnyOf(parts):
            return _any([bound for part in parts if (bound := _bound(part, lexicon))])
        case Free():
            return None


def _any(parts: list[Bound]) -> Bound:
    """Alternatives, with all that are single probes taken together."""
    single = frozenset().union(*[part.numbers for part in parts if isinstance(part, One)])
    rest = tuple([part for part in parts if not isinstance(part, One)])
    if not rest:
        return One(single)
    return Any((One(single), *rest) if single else rest)
