r"""Expressions that a text can make run for hours, and an engine for them whose time grows with the text alone.

Python tries an expression with k boundless repeats in up to n^k ways on n characters, and one whose repeats hold
repeats (`(a+)+$`) in 2^n. Suragh's own expressions are tested against that; those of anyone's rules are not, so each
that might run long is left to RE2.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from math import inf
from typing import Final, Protocol, TypeAlias

import re2

PATIENT: Final = 2
"""Boundless repeats that Python may try on a short value: 512 characters take it a millisecond or two."""

BOUNDLESS: Final = 16
"""Repeats with this bound or a higher one count as those that have none."""

_KNOWN: Final = 4_096
_LETTERS: Final = {re.IGNORECASE: "i", re.MULTILINE: "m", re.DOTALL: "s"}
_OPTIONS: Final = re2.Options()
_OPTIONS.log_errors = False
_OPTIONS.max_mem = 1 << 20
"""Bytes that an expression may take while it is tried. Suragh's own need less; RE2 goes slower before it takes more."""

_CLASS: Final = re.compile(r"\[\^?\]?(?:[^\]\\]|\\.)*\]", re.DOTALL)
_GROUP: Final = re.compile(r"\((?:\?(?:P<\w+>|[aiLmsux]*(?:-[imsx]+)?:|<?[=!]|>|P=\w+|#[^)]*|\(\w+\)))?")
_FLAGS: Final = re.compile(r"\(\?[aiLmsux]+\)")
_REPEAT: Final = re.compile(r"(?:([*+])|\?|\{(\d*)(?:(,)(\d*))?\})([?+]?)")


@lru_cache(_KNOWN)
def may_run_long(expression: str) -> bool:
    """Whether a short value could make a backtracking engine run for more than milliseconds."""
    ways, _ = _Reader(expression).alternatives()
    return ways > PATIENT


class Found(Protocol):
    """A match of an expression."""

    def start(self) -> int:
        """The first code point."""

    def end(self) -> int:
        """One past the last."""


class Source(Protocol):
    """An expression, compiled or not."""

    @property
    def pattern(self) -> str:
        """As Python has it, in ASCII."""

    @property
    def flags(self) -> int:
        """Python's flags."""


Tries: TypeAlias = Callable[[str], Found | None]
"""Matches a value."""


def linear(expression: Source, *, whole: bool) -> Tries | None:
    """Make a function that matches an expression in time that grows with the value; None if RE2 cannot take it.

    Args:
        expression: the expression.
        whole: whether all of the value must match, or any part of it.
    """
    flags = "".join(letter for flag, letter in _LETTERS.items() if expression.flags & flag)
    source = _FLAGS.sub("", expression.pattern, count=1) if expression.pattern.startswith("(?") else expression.pattern
    try:
        made = re2.compile(f"(?{flags}:{source})" if flags else source, _OPTIONS)
    except re2.error:
        return None
    tries: Tries = made.fullmatch if whole else made.search
    if whole or "$" not in source:
        return tries
    # to Python, a value also ends before the line's end that it ends with
    return lambda value: tries(value) or (tries(value[:-1]) if value.endswith("\n") else None)


class _Reader:
    """One pass over a valid expression; each part has a number of boundless repeats, and may vary in what it takes."""

    def __init__(self, expression: str) -> None:
        self._text = expression
        self._at = 0

    def alternatives(self) -> tuple[float, bool]:
        """Read up to the end of a group, or of the expression: repeats, and whether it can match in several ways."""
        ways, varies = 0.0, False
        starts: list[str] = []
        while True:
            starts.append(self._text[self._at : self._at + 1])
            more, differs = self._sequence()
            ways, varies = max(ways, more), varies or differs
            if not self._text.startswith("|", self._at):
                break
            self._at += 1
        clear = len(set(starts)) == len(starts) and all(start.isalnum() for start in starts)
        return ways, varies or (len(starts) > 1 and not clear)

    def _sequence(self) -> tuple[float, bool]:
        ways, varies = 0.0, False
        while self._at < len(self._text) and self._text[self._at] not in "|)":
            more, differs = self._repeated(*self._piece())
            ways, varies = ways + more, varies or differs
        return ways, varies

    def _piece(self) -> tuple[float, bool]:
        text, at = self._text, self._at
        flags = _FLAGS.match(text, at)
        group = _GROUP.match(text, at)
        if flags:
            self._at = flags.end()
        elif group and not group[0].startswith(("(?P=", "(?#")):
            self._at = group.end()
            found = self.alternatives()
            self._at += 1
            return found
        else:
            known = group or _CLASS.match(text, at)
            self._at = known.end() if known else at + 1 + (text[at] == "\\")
            if group:
                self._at += not group[0].endswith(")")
        return 0.0, False

    def _repeated(self, ways: float, varies: bool) -> tuple[float, bool]:  # noqa: FBT001 - what a part is like
        found = _REPEAT.match(self._text, self._at)
        if found is None:
            return ways, varies
        self._at = found.end()
        sign, least, comma, most, manner = found.groups()
        if manner == "+":
            return ways, False
        bound = inf if sign or (comma and not most) else int(most or least or 1)
        if bound < BOUNDLESS:
            again = varies or bool(comma) or not (least or sign)
            return ways * max(bound, 1), again
        if comma is None and not sign:
            return (inf, True) if varies else (ways, False)
        return (inf if varies else ways + 1), True
