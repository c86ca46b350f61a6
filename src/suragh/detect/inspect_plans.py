"""Which rules are worth evaluating: found by the patterns that a text hit, not by trying every rule."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import Any, Final

import msgspec
from msgspec import Struct

from suragh.detect.evaluate import Condition
from suragh.detect.evaluate_data import from_data, to_data
from suragh.detect.events import Kind
from suragh.detect.patterns import Probe, anchors_of, telling
from suragh.detect.patterns_look import look_of
from suragh.detect.patterns_programs import programs_of
from suragh.detect.patterns_view import OPEN, Look
from suragh.detect.rule import Rule


class Lexicon:
    """The probes that texts are scanned for, each with its number."""

    def __init__(self) -> None:
        self._numbers: dict[Probe, int] = {}

    def number(self, probe: Probe) -> int:
        """The number of a probe, the next free one if it is new."""
        return self._numbers.setdefault(probe, len(self._numbers))

    def __contains__(self, probe: Probe) -> bool:
        """Whether it is looked for already."""
        return probe in self._numbers

    @property
    def probes(self) -> list[Probe]:
        """All of them, in order of number."""
        return list(self._numbers)


class Plan(Struct, frozen=True, dict=True):
    """One rule on one kind of event; what it takes to evaluate it is made when a text first hits its anchor.

    Attributes:
        rule: its name.
        programs: how the name of a command's program must begin; None for any.
        written: its condition, as data.
        looked: its look, as data.
    """

    rule: str
    programs: tuple[str, ...] | None
    written: bytes
    looked: bytes

    @cached_property
    def condition(self) -> Condition:
        """What must hold."""
        return from_data(_DATA.decode(self.written))

    @cached_property
    def look(self) -> Look:
        """What a shell text must pass before it is taken apart; open for what is not taken apart."""
        return _LOOK.decode(self.looked)


_DATA: Final = msgspec.msgpack.Decoder(list[Any])
_LOOK: Final[msgspec.msgpack.Decoder[Look]] = msgspec.msgpack.Decoder(Look)


class Plans(Struct, frozen=True):
    """The rules of one kind of event, indexed by their anchors.

    Attributes:
        plans: in the rules' order.
        always: places of those that any text may satisfy.
        index: places of the others, by the number of a probe.
        needs: for each plan sets of probes, of each of which one must be there as well.
    """

    plans: tuple[Plan, ...]
    always: tuple[int, ...]
    index: dict[int, tuple[int, ...]]
    needs: tuple[tuple[frozenset[int], ...], ...]

    def candidates(self, probes: AbstractSet[int], *, whole: bool = True) -> list[Plan]:
        """The rules that a text with these probes could satisfy, in the rules' order.

        Args:
            probes: their numbers.
            whole: whether they are of all the texts that values of the event stand in, and not of some of them.
        """
        index = self.index
        numbers = set(self.always)
        for probe in probes:
            if probe in index:
                numbers.update(index[probe])
        if whole:
            needs = self.needs
            numbers = {number for number in numbers if not any(need.isdisjoint(probes) for need in needs[number])}
        return [self.plans[number] for number in sorted(numbers)]


def planned(rules: Sequence[Rule], kind: Kind, lexicon: Lexicon) -> Plans:
    """Index rules for a kind of event; their probes get numbers from the lexicon."""
    index: dict[int, list[int]] = {}
    always: list[int] = []
    plans: list[Plan] = []
    others: list[list[frozenset[Probe]]] = []
    for rule in rules:
        condition = rule.conditions.get(kind)
        if condition is None:
            continue
        anchors = sorted(anchors_of(condition, kind).values(), key=telling, reverse=True)
        if not anchors:
            always.append(len(plans))
        for probe in sorted(anchors[0] if anchors else (), key=_expression):
            index.setdefault(lexicon.number(probe), []).append(len(plans))
        plans.append(_plan(rule.info.name, condition, kind))
        others.append([anchor for anchor in anchors[1:] if not anchor >= anchors[0]])
    needs = tuple([_needs(anchors, lexicon) for anchors in others])
    return Plans(tuple(plans), tuple(always), {probe: tuple(places) for probe, places in index.items()}, needs)


def _needs(anchors: list[frozenset[Probe]], lexicon: Lexicon) -> tuple[frozenset[int], ...]:
    """What more must be there, as far as looking for it costs little: what is plain, or is looked for anyway."""
    cheap = [anchor for anchor in anchors if all(probe.plain or probe in lexicon for probe in anchor)]
    return tuple([frozenset(map(lexicon.number, sorted(anchor, key=_expression))) for anchor in cheap])


def _expression(probe: Probe) -> str:
    return probe.expression


def _plan(name: str, condition: Condition, kind: Kind) -> Plan:
    look = look_of(condition) if kind is Kind.COMMAND else OPEN
    encode = msgspec.msgpack.encode
    return Plan(name, programs_of(condition), encode(to_data(condition)), encode(look))
