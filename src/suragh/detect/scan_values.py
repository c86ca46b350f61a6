r"""Regular expressions on the values of fields, in time that grows with the value alone.

Texts are hostile and expressions come from anyone's rules: an engine that backtracks could be made to run for minutes
by one text. Python decides on short values, where the worst that it can do is bounded; on longer ones RE2 does, for
which an expression is ready in a fifth of a millisecond. What RE2 cannot take (look-around, back-references) Hyperscan
narrows down, and Python confirms on the beginning of the value. Where in a long value a match stands, Hyperscan says.

The dialect is PCRE without Unicode properties, as Sigma has it: `\w`, `\d`, `\s` and `\b` know ASCII, a dot is one
character.
"""

import re
from functools import cached_property
from typing import Final

import hyperscan

from suragh.detect.evaluate import SHORT, Expression, Pattern, Span
from suragh.detect.patience import Tries, linear
from suragh.detect.patterns_regex import held, required_texts

CONFIRM_LIMIT: Final = 16_384
"""Code points of a long value on which Python confirms an expression that Hyperscan cannot take exactly."""

SPAN_LIMIT: Final = 4_096
"""Code points before the end of a match in which its start is looked for."""

_OTHER: Final = re.compile(r"[^\x00-\x7f]")
_NOT_EXACT: Final = re.compile(r"\(\?(?:[=!(>]|<[=!]|P=)|\\[1-9ZG]|[*+?}]\+")
"""Look-around, conditions, back-references, possessive repeats, and `\\Z`, which PCRE and Python read differently."""


class _Exact:
    """One expression for long values: compiled when a value first holds the plain texts that it needs."""

    def __init__(self, pattern: Pattern) -> None:
        source = pattern.expression.pattern
        self._pattern = pattern
        self._required = required_texts(source)
        self._ends: list[int] = []
        self._scratch: hyperscan.Scratch | None = None
        self._database: hyperscan.Database | None = None
        self._tried = False
        self._portable = source.isascii() and _NOT_EXACT.search(source) is None
        self.prefilter = not self._portable

    @cached_property
    def _linear(self) -> Tries | None:
        return linear(self._pattern.expression, whole=self._pattern.whole) if self._portable else None

    def holds_in(self, text: str) -> bool:
        """Whether it matches a long value."""
        if not held(self._required, text.lower()):
            return False
        if self._linear is not None:
            # RE2 knows letters beyond ASCII, and a vertical tab is no space to it
            return self._linear(_flat(text).replace("\v", " ")) is not None
        if self._end(text) is None:
            return False
        return not self.prefilter or self._pattern.tries(text[:CONFIRM_LIMIT]) is not None

    def end_in(self, text: str) -> int | None:
        """Where the first match ends; the text's end where Hyperscan cannot say; None where there is none."""
        return self._end(text) if held(self._required, text.lower()) else None

    def _end(self, text: str) -> int | None:
        if not self._tried:
            self._compile()
        if self._database is None:
            return len(text)
        self._ends.clear()
        self._database.scan(_flat(text).encode("latin-1"), match_event_handler=self._note, scratch=self._scratch)
        return min(self._ends, default=None)

    def _compile(self) -> None:
        self._tried = True
        self._database = _compiled(self._pattern, prefilter=self.prefilter)
        if self._database is None:
            self.prefilter = True
            self._database = _compiled(self._pattern, prefilter=True)
        if self._database is not None:
            self._scratch = hyperscan.Scratch(self._database)

    def _note(self, _number: int, _start: int, end: int, _flags: int, _context: object) -> None:
        self._ends.append(end)


class Expressions:
    """Decides whether expressions match values. Not to be shared between threads."""

    def __init__(self) -> None:
        self._exact: dict[Expression, _Exact] = {}

    def matches(self, pattern: Pattern, value: str) -> bool:
        """Whether an expression matches a value: all of it where it must, else anywhere in it."""
        if len(value) <= SHORT:
            return pattern.tries(value) is not None
        return self._of(pattern).holds_in(value)

    def find(self, pattern: Pattern, text: str) -> Span | None:
        """Where an expression first matches in a text, if it does."""
        start, end = 0, len(text)
        if end > SHORT:
            exact = self._of(pattern)
            found_end = exact.end_in(text)
            if found_end is None:
                return None
            end = min(len(text), CONFIRM_LIMIT) if exact.prefilter else found_end
            start = max(0, end - SPAN_LIMIT)
        found = pattern.found(text, start, end)
        if found is not None and found.end > found.start:
            return found
        return Span(start, end) if len(text) > SHORT and end > start else None

    def _of(self, pattern: Pattern) -> _Exact:
        found = self._exact.get(pattern.expression)
        if found is None:
            found = self._exact[pattern.expression] = _Exact(pattern)
        return found


def _flat(text: str) -> str:
    """Make a text one byte a code point, so that a dot is one character and offsets are the text's own."""
    return text if text.isascii() else _OTHER.sub("\x80", text)


def _compiled(pattern: Pattern, *, prefilter: bool) -> hyperscan.Database | None:
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    flags = hyperscan.HS_FLAG_SINGLEMATCH | hyperscan.HS_FLAG_ALLOWEMPTY
    flags |= hyperscan.HS_FLAG_PREFILTER if prefilter else 0
    for ours, theirs in (
        (re.IGNORECASE, hyperscan.HS_FLAG_CASELESS),
        (re.MULTILINE, hyperscan.HS_FLAG_MULTILINE),
        (re.DOTALL, hyperscan.HS_FLAG_DOTALL),
    ):
        flags |= theirs if pattern.expression.flags & ours else 0
    source = re.sub(r"\A\(\?[aimsu]+\)", "", pattern.expression.pattern)
    plain = _OTHER.sub(".", source).encode("latin-1")
    expression = b"\\A(?:" + plain + b")\\z" if pattern.whole else plain
    try:
        database.compile(expressions=[expression], ids=[0], elements=1, flags=[flags])
    except hyperscan.error:
        return None
    return database
