"""Conditions as plain functions: what `evaluate` says, decided as fast as Python can.

Most of a scan is spent on conditions that do not hold. A tree of tests is turned into functions once, when its rule is
first tried: alternatives on one field become one test, and what costs little is asked first.
"""

import re
from collections.abc import Callable, Container, Sequence
from functools import lru_cache, partial
from typing import Final, TypeAlias

from msgspec import Struct

from suragh.detect import evaluate
from suragh.detect.evaluate import SHORT, Condition, Pattern, Text, Where
from suragh.detect.events import LOWERED, Values
from suragh.detect.inspect_plans import Plan, Plans
from suragh.detect.patterns_look import alternatives
from suragh.detect.patterns_regex import required_texts
from suragh.detect.patterns_view import Passes, View, looker
from suragh.detect.predicates import every, some

Decide: TypeAlias = Callable[[Values], bool]
"""Whether a condition holds on an event."""

_REMEMBERED: Final = 8_192
"""Sets of probes whose rules are remembered; then the memory starts anew. Real commands show some 3,000; 10 MB."""

_TOOL: Final = "tool"
"""The field that every call has, of which there are few values."""

_TOOLS: Final = 512
"""Names of tools for which the answer of expressions is remembered: a client has some 20, with servers of tools 200."""

_EXPRESSION_COST: Final = 16
"""What an expression costs on a short value, in searches for a plain text."""


def decider(condition: Condition) -> Decide:
    """Make the function that says what `condition.holds` says."""
    match condition:
        case evaluate.Every(parts):
            return every([decider(part) for part in sorted(parts, key=_cost)])
        case evaluate.Some(parts):
            return some(_alternatives(parts))
        case evaluate.Not(part):
            return _not(decider(part))
        case Text(field, where, needle, cased):
            return _texts(_key(field, cased=cased), where, (needle,))
        case Pattern():
            return _expressions(condition.field, (condition,))
        case _:
            return condition.holds


def _key(field: str, *, cased: bool) -> str:
    return field if cased else LOWERED + field


def _alternatives(parts: Sequence[Condition]) -> list[Decide]:
    """One function each, and one for all plain texts that a field may hold at one place, or all its expressions."""
    together: dict[tuple[str, Where], list[str]] = {}
    expressions: dict[str, list[Pattern]] = {}
    rest: list[Condition] = []
    for part in parts:
        if isinstance(part, Text):
            together.setdefault((_key(part.field, cased=part.cased), part.where), []).append(part.needle)
        elif isinstance(part, Pattern):
            expressions.setdefault(part.field, []).append(part)
        else:
            rest.append(part)
    found = [_texts(key, where, tuple(needles)) for (key, where), needles in together.items()]
    found += [_expressions(field, patterns) for field, patterns in expressions.items()]
    return found + [decider(part) for part in sorted(rest, key=_cost)]


def _cost(condition: Condition) -> int:
    match condition:
        case evaluate.Every(parts) | evaluate.Some(parts):
            return sum(_cost(part) for part in parts)
        case evaluate.Not(part):
            return _cost(part)
        case Pattern():
            return _EXPRESSION_COST
        case _:
            return 1


def _not(part: Decide) -> Decide:
    return lambda event: not part(event)


def _texts(key: str, where: Where, needles: tuple[str, ...]) -> Decide:
    """Whether a value holds one of some texts at a place."""
    match where:
        case Where.WHOLE:
            return partial(_whole, key, frozenset(needles))
        case Where.ANYWHERE:
            return partial(_anywhere, key, needles)
        case Where.START:
            return partial(_starts, key, needles)
        case Where.END:
            return partial(_ends, key, needles)


def _whole(key: str, needles: frozenset[str], event: Values) -> bool:
    return not needles.isdisjoint(event[key])


def _anywhere(key: str, needles: tuple[str, ...], event: Values) -> bool:
    for value in event[key]:
        for needle in needles:
            if needle in value:
                return True
    return False


def _starts(key: str, needles: tuple[str, ...], event: Values) -> bool:
    for value in event[key]:  # noqa: SIM110 - as above
        if value.startswith(needles):
            return True
    return False


def _ends(key: str, needles: tuple[str, ...], event: Values) -> bool:
    for value in event[key]:  # noqa: SIM110 - as above
        if value.endswith(needles):
            return True
    return False


class _Check(Struct, frozen=True):
    """One expression, ready to be tried.

    Attributes:
        pattern: the test that it belongs to.
        tries: says whether it matches a short value.
        needs: texts in lower case of which each match holds one; empty where that is not known.
    """

    pattern: Pattern
    tries: Callable[[str], object]
    needs: tuple[str, ...]

    def matches(self, event: Values, value: str, lowered: str) -> bool:
        """Whether the expression matches a value."""
        long = len(value) > SHORT
        if self.needs:
            for text in self.needs:
                if text in lowered:
                    break
            else:
                # beyond ASCII, letters may match whose small forms differ; of long values this is asked anyway
                if long or value.isascii():
                    return False
        return event.matches(self.pattern, value) if long else self.tries(value) is not None


def _expressions(field: str, patterns: Sequence[Pattern]) -> Decide:
    """Whether a value has a match of one of some expressions."""
    if field == _TOOL:
        return _of_tool(patterns)
    checks = tuple([_check(pattern) for pattern in sorted(patterns, key=_known_texts, reverse=True)])
    key = LOWERED + field

    def decide(event: Values) -> bool:
        values = event[field]
        if not values:
            return False
        for value, lowered in zip(values, event[key], strict=True):
            for check in checks:
                if check.matches(event, value, lowered):
                    return True
        return False

    return decide


def _of_tool(patterns: Sequence[Pattern]) -> Decide:
    """The same on the tool's name."""
    known: dict[tuple[str, ...], bool] = {}

    def decide(event: Values) -> bool:
        names = event[_TOOL]
        found = known.get(names)
        if found is None:
            if len(known) >= _TOOLS:
                known.clear()
            found = known[names] = any(pattern.holds(event) for pattern in patterns)
        return found

    return decide


def _check(pattern: Pattern) -> _Check:
    # compiled when a value first holds what it needs
    tries: Callable[[str], object] = lambda value: pattern.tries(value)  # noqa: E731, PLW0108 - `tries` compiles
    return _Check(pattern, tries, _needs(pattern))


def _known_texts(pattern: Pattern) -> bool:
    return bool(_needs(pattern))


def _needs(pattern: Pattern) -> tuple[str, ...]:
    if pattern.expression.flags & re.VERBOSE:
        return ()
    return _texts_of(pattern.expression.pattern)


@lru_cache(_REMEMBERED)
def _texts_of(expression: str) -> tuple[str, ...]:
    return alternatives(required_texts(expression))


class Ready:
    """A plan with the functions that decide it.

    Attributes:
        rule: the rule's name.
        plan: the plan.
        programs: how the name of a command's program must begin; None for any.
        holds: whether the rule's condition holds on an event.
        worth: whether a shell text is worth taking apart for the rule.
    """

    __slots__ = ("holds", "plan", "programs", "rule", "worth")

    def __init__(self, plan: Plan) -> None:
        self.rule = plan.rule
        self.plan = plan
        self.programs = plan.programs
        # most rules of a large set are never tried, so that their functions are made when they first are
        self.holds: Decide = self._first_decision
        self.worth: Passes = self._first_look

    def _first_decision(self, event: Values) -> bool:
        self.holds = decider(self.plan.condition)
        return self.holds(event)

    def _first_look(self, view: View) -> bool:
        self.worth = looker(self.plan.look)
        return self.worth(view)


class Candidates:
    """The plans of one kind of event, ready, by the probes that a text shows. Not to be shared between threads."""

    def __init__(self, plans: Plans, skipped: Container[str] = frozenset()) -> None:
        self._plans = plans
        self._skipped = skipped
        self._ready: dict[str, Ready] = {}
        self._known: dict[tuple[frozenset[int], bool], tuple[Ready, ...]] = {}

    def of(self, probes: frozenset[int], *, whole: bool = True) -> tuple[Ready, ...]:
        """The rules that texts with these probes could satisfy, in the rules' order; see `Plans.candidates`."""
        index = (probes, whole)
        found = self._known.get(index)
        if found is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            plans = self._plans.candidates(probes, whole=whole)
            found = self._known[index] = tuple([self._of(plan) for plan in plans if plan.rule not in self._skipped])
        return found

    def _of(self, plan: Plan) -> Ready:
        ready = self._ready.get(plan.rule)
        if ready is None:
            ready = self._ready[plan.rule] = Ready(plan)
        return ready
