"""Which rules are worth evaluating: found by the patterns that a text hit, not by trying every rule."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Final

import msgspec
from msgspec import Struct

from suragh.detect.evaluate import Condition
from suragh.detect.evaluate_data import from_data, to_data
from suragh.detect.events import Kind
from suragh.detect.patterns import Probe, anchor_of
from suragh.detect.patterns_look import Look, Open, look_of
from suragh.detect.patterns_programs import programs_of
from suragh.detect.rule import Rule


class Lexicon:
    """The probes that texts are scanned for, each with its number."""

    def __init__(self) -> None:
        self._numbers: dict[Probe, int] = {}

    def number(self, probe: Probe) -> int:
        """The number of a probe, the next free one if it is new."""
        return self._numbers.setdefault(probe, len(self._numbers))

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
    """

    plans: tuple[Plan, ...]
    always: tuple[int, ...]
    index: dict[int, tuple[int, ...]]

    def candidates(self, probes: set[int]) -> list[Plan]:
        """The rules that a text with these probes could satisfy, in the rules' order."""
        index = self.index
        numbers = set(self.always)
        for probe in probes:
            if probe in index:
                numbers.update(index[probe])
        return [self.plans[number] for number in sorted(numbers)] if numbers else []


def planned(rules: Sequence[Rule], kind: Kind, lexicon: Lexicon) -> Plans:
    """Index rules for a kind of event; their probes get numbers from the lexicon."""
    index: dict[int, list[int]] = {}
    always: list[int] = []
    plans: list[Plan] = []
    for rule in rules:
        condition = rule.conditions.get(kind)
        if condition is None:
            continue
        anchor = anchor_of(condition, kind)
        if anchor is None:
            always.append(len(plans))
        for probe in sorted(anchor or (), key=lambda probe: probe.expression):
            index.setdefault(lexicon.number(probe), []).append(len(plans))
        plans.append(_plan(rule.info.name, condition, kind))
    return Plans(tuple(plans), tuple(always), {probe: tuple(places) for probe, places in index.items()})


def _plan(name: str, condition: Condition, kind: Kind) -> Plan:
    look = look_of(condition) if kind is Kind.COMMAND else Open.OPEN
    encode = msgspec.msgpack.encode
    return Plan(name, programs_of(condition), encode(to_data(condition)), encode(look))
