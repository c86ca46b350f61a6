"""Which rules are worth evaluating: found by the literals that a text holds, not by trying every rule."""

from collections.abc import Sequence

from msgspec import Struct

from suragh.detect.evaluate import Condition
from suragh.detect.events import Kind
from suragh.detect.patterns import Bound, Free, Lexicon, anchor, need_of
from suragh.detect.ruleset import Rule


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
    """The rules of one kind of event, indexed by the literals that anchor them."""

    def __init__(self, rules: Sequence[Rule], kind: Kind, lexicon: Lexicon) -> None:
        made = [(rule.info.name, rule.conditions[kind]) for rule in rules if kind in rule.conditions]
        needs = [need_of(condition, kind, lexicon) for _, condition in made]
        weights = lexicon.weights()
        index: dict[int, list[int]] = {}
        self._always: list[int] = []
        self._plans: list[Plan] = []
        for number, ((name, condition), need) in enumerate(zip(made, needs, strict=True)):
            if isinstance(need, Free):
                self._plans.append(Plan(name, condition, None))
                self._always.append(number)
                continue
            self._plans.append(Plan(name, condition, need))
            for literal in anchor(need, weights):
                index.setdefault(literal, []).append(number)
        self._index = {literal: tuple(numbers) for literal, numbers in index.items()}

    def candidates(self, literals: set[int]) -> list[Plan]:
        """The rules that a text with these literals could satisfy, in the rules' order."""
        numbers = set(self._always)
        for literal in literals:
            numbers.update(self._index.get(literal, ()))
        if not numbers:
            return []
        plans = [self._plans[number] for number in sorted(numbers)]
        return [plan for plan in plans if plan.need is None or plan.need.met(literals)]
