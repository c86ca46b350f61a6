"""Conditions as plain functions: what `evaluate` says, decided as fast as Python can.

Most of a scan is spent on conditions that do not hold. A tree of tests is turned into functions once, when its rule is
first tried: alternatives on one field become one test, and what costs little is asked first.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from typing import Final, TypeAlias

from msgspec import Struct

from suragh.detect import evaluate
from suragh.detect.evaluate import SHORT, Condition, Pattern, Text, Where
from suragh.detect.events import LOWERED, Values
from suragh.detect.inspect_plans import Plan, Plans
from suragh.detect.patterns_look import Each, Either, Look, Loose, Names, Open, View, alternatives
from suragh.detect.patterns_regex import required_texts

Decide: TypeAlias = Callable[[Values], bool]
"""Whether a condition holds on an event."""

Passes: TypeAlias = Callable[[View], bool]
"""Whether a rule may match a text as it stands."""

_REMEMBERED: Final = 8_192
"""Sets of probes whose rules are remembered; then the memory starts anew. Real commands show some 3,000; 10 MB."""

_FEW: Final = 8
"""Names of programs up to which looking for each in a text costs less than anything else."""

_TOOL: Final = "tool"
"""The field that every call has, of which there are few values."""

_TOOLS: Final = 512
"""Names of tools for which an expression's answer is remembered: a client has some 20, with servers of tools 200."""

_EXPRESSION_COST: Final = 16
"""What an expression costs on a short value, in searches for a plain text."""


def decider(condition: Condition) -> Decide:
    """Make the function that says what `condition.holds` says."""
    match condition:
        case evaluate.Every(parts):
            return _all([decider(part) for part in sorted(parts, key=_cost)])
        case evaluate.Some(parts):
            return _any(_alternatives(parts))
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


def _all(parts: Sequence[Decide]) -> Decide:
    every = tuple(parts)

    def decide(event: Values) -> bool:
        for part in every:  # noqa: SIM110 - a generator for `all` costs more than most tests
            if not part(event):
                return False
        return True

    return decide


def _any(parts: Sequence[Decide]) -> Decide:
    some = tuple(parts)
    if len(some) == 1:
        return some[0]

    def decide(event: Values) -> bool:
        for part in some:  # noqa: SIM110 - as above
            if part(event):
                return True
        return False

    return decide


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


def _check(pattern: Pattern) -> _Check:
    tries: Callable[[str], object] = pattern.tries
    if pattern.field == _TOOL:
        tries = lru_cache(_TOOLS)(tries)
    return _Check(pattern, tries, _needs(pattern))


def _known_texts(pattern: Pattern) -> bool:
    return bool(_needs(pattern))


def _needs(pattern: Pattern) -> tuple[str, ...]:
    if pattern.expression.flags & re.VERBOSE:
        return ()
    return alternatives(required_texts(pattern.expression.pattern))


def looker(look: Look) -> Passes:
    """Make the function that says what `look.passes` says."""
    match look:
        case Each(parts):
            return _each(tuple([looker(part) for part in sorted(parts, key=_look_cost)]))
        case Either(parts):
            return _either(tuple([looker(part) for part in sorted(parts, key=_look_cost)]))
        case Loose(expression, required):
            return partial(_loose, expression, required)
        case _:
            return look.passes


def _look_cost(look: Look) -> int:
    match look:
        case Each(parts) | Either(parts):
            return sum(_look_cost(part) for part in parts)
        case Loose(_, required):
            return len(required) or _EXPRESSION_COST
        case Names() | Open():
            return 1


def _each(parts: tuple[Passes, ...]) -> Passes:
    def passes(view: View) -> bool:
        for part in parts:  # noqa: SIM110 - as above
            if not part(view):
                return False
        return True

    return passes


def _either(parts: tuple[Passes, ...]) -> Passes:
    def passes(view: View) -> bool:
        for part in parts:  # noqa: SIM110 - as above
            if part(view):
                return True
        return False

    return passes


def _loose(expression: str, required: tuple[str, ...], view: View) -> bool:
    lowered = view.lowered
    for text in required:
        if text in lowered:
            break
    else:
        if required:
            return False
    return len(lowered) > SHORT or view.found(expression)


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
        self.worth = _worth(self.plan)
        return self.worth(view)


def _worth(plan: Plan) -> Passes:
    look, names = looker(plan.look), plan.programs
    if names is None or len(names) > _FEW:
        return look

    def worth(view: View) -> bool:
        lowered = view.lowered
        for name in names:
            if name in lowered:
                return look(view)
        return False

    return worth


class Candidates:
    """The plans of one kind of event, ready, by the probes that a text shows. Not to be shared between threads."""

    def __init__(self, plans: Plans) -> None:
        self._plans = plans
        self._ready: dict[str, Ready] = {}
        self._known: dict[frozenset[int], tuple[Ready, ...]] = {}

    def of(self, probes: set[int]) -> tuple[Ready, ...]:
        """The rules that a text with these probes could satisfy, in the rules' order."""
        index = frozenset(probes)
        found = self._known.get(index)
        if found is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            found = self._known[index] = tuple([self._of(plan) for plan in self._plans.candidates(probes)])
        return found

    def _of(self, plan: Plan) -> Ready:
        ready = self._ready.get(plan.rule)
        if ready is None:
            ready = self._ready[plan.rule] = Ready(plan)
        return ready
