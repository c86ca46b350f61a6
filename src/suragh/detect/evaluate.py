"""Conditions of rules, as trees that are evaluated on events."""

import re
from collections.abc import Callable
from enum import Enum, auto
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Final, Protocol, TypeAlias

from msgspec import Struct

from suragh.detect.patience import Found, linear


class Span(Struct, frozen=True):
    """Code points [start, end) of a text."""

    start: int
    end: int


class Fields(Protocol):
    """What a condition asks of an event."""

    def values(self, field: str) -> tuple[str, ...]:
        """Every value of a field; none for a field that is missing."""

    def lowered(self, field: str) -> tuple[str, ...]:
        """The same in lower case."""

    def matches(self, pattern: "Pattern", value: str) -> bool:
        """Whether an expression matches a long value."""


SHORT: Final = 512
"""Code points of a value on which Python decides about an expression: one of quadratic cost takes a millisecond there.
Longer ones are left to an engine whose time grows with the value alone."""

_PATTERN_COST: Final = 8
"""What an expression costs on an ordinary value, in comparisons of texts."""

KEYWORDS = ""
"""The field that stands for every text of the event: what a keyword of a rule searches in."""


class Where(Enum):
    """Where in a value a text must stand."""

    WHOLE = auto()
    ANYWHERE = auto()
    START = auto()
    END = auto()


class Text(Struct, frozen=True):
    """A value holds a text. `needle` is in lower case unless `cased`."""

    field: str
    where: Where
    needle: str
    cased: bool = False

    def holds(self, event: Fields) -> bool:
        """Whether any value of the field does."""
        values = event.values(self.field) if self.cased else event.lowered(self.field)
        needle = self.needle
        match self.where:
            case Where.WHOLE:
                return needle in values
            case Where.ANYWHERE:
                return any(needle in value for value in values)
            case Where.START:
                return any(value.startswith(needle) for value in values)
            case Where.END:
                return any(value.endswith(needle) for value in values)

    def find(self, text: str) -> Span | None:
        """Where the needle stands in a text, if it does."""
        if not self.needle:
            return None
        flags = 0 if self.cased else re.IGNORECASE
        found = re.search(re.escape(self.needle), text, flags)
        return Span(found.start(), found.end()) if found else None


class Expression(Struct, frozen=True, dict=True):
    """A regular expression, compiled when it is first needed: of a large set of rules most never are.

    Attributes:
        pattern: the expression.
        flags: Python's flags, those among them that the expression sets itself.
    """

    pattern: str
    flags: int

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """Ready to be tried."""
        return re.compile(self.pattern, self.flags)


def expression_of(source: str, flags: int = 0) -> Expression:
    """Make an expression of its source.

    Raises:
        re.error: if it is none.
    """
    compiled = re.compile(source, flags)
    return Expression(source, compiled.flags)


class Pattern(Struct, frozen=True, dict=True):
    """A value has a match of a regular expression: wildcards, which match whole values, or `re`, which searches.

    A `wary` one may not be left to an engine that backtracks.
    """

    field: str
    expression: Expression
    whole: bool
    wary: bool = False

    @cached_property
    def tries(self) -> Callable[[str], Found | None]:
        """Says whether the expression matches a short value.

        Raises:
            TypeError: if it is wary, and only an engine that backtracks could say.
        """
        if self.wary:
            found = linear(self.expression, whole=self.whole)
            if found is None:
                raise TypeError(f"only an engine that backtracks can decide about {self.expression.pattern!r}")
            return found
        compiled = self.expression.compiled
        return compiled.fullmatch if self.whole else compiled.search

    def found(self, text: str, start: int, end: int) -> Span | None:
        """Where the expression first matches within [start, end) of a text."""
        if self.wary:
            part = self.tries(text[start:end])
            return Span(part.start() + start, part.end() + start) if part else None
        match = self.expression.compiled.search(text, start, end)
        return Span(match.start(), match.end()) if match else None

    def holds(self, event: Fields) -> bool:
        """Whether any value of the field does."""
        check = self.tries
        for value in event.values(self.field):
            if len(value) > SHORT:
                if event.matches(self, value):
                    return True
            elif check(value) is not None:
                return True
        return False


class Check(Struct, frozen=True):
    """A value passes a test that is not one of text: a number, an address in a network."""

    field: str
    passes: Callable[[str], bool]

    def holds(self, event: Fields) -> bool:
        """Whether any value of the field does."""
        return any(self.passes(value) for value in event.values(self.field))

    def find(self, text: str) -> Span | None:
        """Where the value stands in a text: all of it, or nowhere."""
        return Span(0, len(text)) if text and self.passes(text) else None


class Same(Struct, frozen=True):
    """A value equals, starts or ends with a value of another field."""

    field: str
    other: str
    where: Where

    def holds(self, event: Fields) -> bool:
        """Whether any pair of values does."""
        theirs = event.lowered(self.other)
        return any(Text(self.field, self.where, value).holds(event) for value in theirs)

    def find(self, text: str) -> Span | None:
        """The whole text: which part of it the other field gave is not known here."""
        return Span(0, len(text)) if text else None


class Present(Struct, frozen=True):
    """A field is there; `null` asks for a value that is not empty."""

    field: str
    filled: bool = False

    def holds(self, event: Fields) -> bool:
        """Whether the field has a value."""
        values = event.values(self.field)
        return any(values) if self.filled else bool(values)

    def find(self, text: str) -> Span | None:
        """The whole text."""
        return Span(0, len(text)) if text else None


class Every(Struct, frozen=True):
    """All parts hold."""

    parts: "tuple[Condition, ...]"

    def holds(self, event: Fields) -> bool:
        """Whether they do."""
        return all(part.holds(event) for part in self.parts)


class Some(Struct, frozen=True):
    """At least one part holds."""

    parts: "tuple[Condition, ...]"

    def holds(self, event: Fields) -> bool:
        """Whether one does."""
        return any(part.holds(event) for part in self.parts)


class Not(Struct, frozen=True):
    """The part does not hold."""

    part: "Condition"

    def holds(self, event: Fields) -> bool:
        """Whether it does not."""
        return not self.part.holds(event)


class Constant(Struct, frozen=True):
    """Holds always, or never: what is left of a test on a field that a kind of event has not."""

    value: bool

    def holds(self, event: Fields) -> bool:  # noqa: ARG002 - the protocol's shape
        """Whether it does."""
        return self.value


Test: TypeAlias = Text | Pattern | Check | Same | Present
Condition: TypeAlias = Test | Every | Some | Not | Constant


def shown_by(condition: Condition, event: Fields) -> list[Test]:
    """The tests that make a condition hold, in the rule's order: what a reader has to look at."""
    match condition:
        case Every(parts):
            return [test for part in parts for test in shown_by(part, event)]
        case Some(parts):
            return next((shown_by(part, event) for part in parts if part.holds(event)), [])
        case Not() | Constant():
            return []
        case _:
            return [condition] if condition.holds(event) else []


def simplified(condition: Condition) -> Condition:
    """Fold constants away: `x and never` is never, `x or never` is x."""
    match condition:
        case Every(parts):
            return _folded(parts, Every, absorbing=False)
        case Some(parts):
            return _folded(parts, Some, absorbing=True)
        case Not(part):
            inner = simplified(part)
            return Constant(not inner.value) if isinstance(inner, Constant) else Not(inner)
        case _:
            return condition


def _folded(parts: tuple[Condition, ...], made: type[Every] | type[Some], *, absorbing: bool) -> Condition:
    # what costs little comes first: most conditions are decided there
    inner = sorted([simplified(part) for part in parts], key=_cost)
    constants = {part.value for part in inner if isinstance(part, Constant)}
    if absorbing in constants:
        return Constant(absorbing)
    kept = tuple(part for part in inner if not isinstance(part, Constant))
    if not kept:
        return Constant(not absorbing)
    return kept[0] if len(kept) == 1 else made(kept)


def _cost(condition: Condition) -> int:
    match condition:
        case Every(parts) | Some(parts):
            return sum(_cost(part) for part in parts)
        case Not(part):
            return _cost(part)
        case Pattern():
            return _PATTERN_COST
        case _:
            return 1


def in_network(network: IPv4Network | IPv6Network) -> Callable[[str], bool]:
    """A test for addresses of a network; what is no address is in none."""

    def passes(value: str) -> bool:
        try:
            return ip_address(value.strip("[]")) in network
        except ValueError:
            return False

    return passes


_NUMBER: Final = re.compile(r"\s*[+-]?(?:\d+\.?\d*|\.\d+)\s*", re.ASCII)
"""A number as logs and people write it. Python takes more (`1_000`, `nan`, digits of other scripts)."""


def compares(passes: Callable[[float], bool]) -> Callable[[str], bool]:
    """A test for numbers; what is no number fails it."""

    def check(value: str) -> bool:
        return _NUMBER.fullmatch(value) is not None and passes(float(value))

    return check
