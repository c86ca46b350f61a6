"""Which rules are worth evaluating: found by the patterns that a text hit, not by trying every rule."""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from suragh.detect.evaluate import Condition
from suragh.detect.events import Kind
from suragh.detect.patterns import Probe, anchor_of
from suragh.detect.patterns_look import Look, Open, View, look_of
from suragh.detect.patterns_programs import programs_of
from suragh.detect.ruleset import Rule

_FEW: Final = 8
"""Names of programs up to which looking for each in a text costs less than anything else."""


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


class Plan(Struct, frozen=True):
    """One rule on one kind of event.

    Attributes:
        rule: its name.
        condition: what must hold.
        look: what a shell text must pass before it is taken apart; open for what is not taken apart.
        programs: how the name of a command's program must begin; None for any.
    """

    rule: str
    condition: Condition
    look: Look
    programs: tuple[str, ...] | None

    def worth(self, view: View) -> bool:
        """Whether a shell text is worth taking apart for the rule."""
        programs = self.programs
        if programs is not None and len(programs) <= _FEW and not any(name in view.lowered for name in programs):
            return False
        return self.look.passes(view)

    def fits(self, program: str) -> bool:
        """Whether a command that runs this program could satisfy the rule."""
        return self.programs is None or program.startswith(self.programs)


class Plans:
    """The rules of one kind of event, indexed by their anchors."""

    def __init__(self, rules: Sequence[Rule], kind: Kind, lexicon: Lexicon) -> None:
        index: dict[int, list[int]] = {}
        always: list[int] = []
        self._plans: list[Plan] = []
        for rule in rules:
            condition = rule.conditions.get(kind)
            if condition is None:
                continue
            anchor = anchor_of(condition, kind)
            if anchor is None:
                always.append(len(self._plans))
            for probe in sorted(anchor or (), key=lambda probe: probe.expression):
                index.setdefault(lexicon.number(probe), []).append(len(self._plans))
            look = look_of(condition) if kind is Kind.COMMAND else Open.OPEN
            self._plans.append(Plan(rule.info.name, condition, look, programs_of(condition)))
        self._always = tuple(always)
        self._index = {probe: tuple(numbers) for probe, numbers in index.items()}

    def candidates(self, probes: set[int]) -> list[Plan]:
        """The rules that a text with these probes could satisfy, in the rules' order."""
        index = self._index
        numbers = set(self._always)
        for probe in probes:
            if probe in index:
                numbers.update(index[probe])
        return [self._plans[number] for number in sorted(numbers)] if numbers else []
