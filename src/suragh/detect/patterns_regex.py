"""What a regular expression's matches must hold: the plain texts in it, read off without running it."""

import re
from functools import lru_cache
from typing import Final, TypeAlias

from msgspec import Struct


class Piece(Struct, frozen=True):
    """A plain text that stands in a match.

    Attributes:
        text: as the expression has it.
        opens: whether a word cannot go on before it: after a space, a word's edge, or the value's start.
        closes: the same after it.
    """

    text: str
    opens: bool = False
    closes: bool = False


class Sequence(Struct, frozen=True):
    """What all must stand in a match."""

    parts: "tuple[Required, ...]"


class Choice(Struct, frozen=True):
    """Of what one must stand in a match, each with the part of the expression that asks for it."""

    parts: "tuple[Required, ...]"
    sources: tuple[str, ...]


Required: TypeAlias = Piece | Sequence | Choice

_CLASSES: Final = frozenset("dDwWS")
_EDGES: Final = frozenset("bAZzs")
_CONTROL: Final = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v", "a": "\a", "0": "\0"}
_REPEAT: Final = re.compile(r"(?:\{(\d*)(?:,\d*)?\}|([*?+]))([?+]?)")
_PLAIN: Final = re.compile(r"[^\\.^$*+?{}\[\]()|]+(?![*+?{])")
"""Characters that stand for themselves, none of them repeated: most of most expressions, taken at one stroke."""

_NOTHING: Final = Sequence(())

_KNOWN: Final = 4_096
"""Expressions of which it is remembered: a rule's are read for its anchor, its look, and each test that they decide."""


@lru_cache(_KNOWN)
def required_texts(expression: str) -> Required:
    """Read off a valid expression what all its matches hold; what is not plain is left out."""
    return _Reader(expression).alternatives()


def held(required: Required, lowered: str) -> bool:
    """Whether a text in lower case holds what all matches hold, whatever the case of letters."""
    match required:
        case Piece(text):
            return text.lower() in lowered
        case Sequence(parts):
            return all(held(part, lowered) for part in parts)
        case Choice(parts):
            return any(held(part, lowered) for part in parts)


class _Reader:
    """One pass over an expression, group by group."""

    def __init__(self, expression: str) -> None:
        self._text = expression
        self._at = 0

    def alternatives(self) -> Required:
        """Read up to the end of a group, or of the expression."""
        starts = [self._at]
        choices = [self._sequence()]
        while self._peek() == "|":
            self._at += 1
            starts.append(self._at)
            choices.append(self._sequence())
        if len(choices) == 1:
            return choices[0]
        stops = [*[start - 1 for start in starts[1:]], self._at]
        sources = [self._text[start:stop] for start, stop in zip(starts, stops, strict=True)]
        return Choice(tuple(choices), tuple(sources))

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _sequence(self) -> Required:
        run = _Run()
        while self._peek() not in ("", "|", ")"):
            plain = _PLAIN.match(self._text, self._at)
            if plain:
                run.add(plain[0])
                self._at = plain.end()
                continue
            start = self._at
            piece = self._piece()
            edge = self._text[start] in "^$" or (self._text[start] == "\\" and self._text[start + 1] in _EDGES)
            least, repeated = self._repeat()
            if edge:
                run.edge(certain=least > 0)
            elif isinstance(piece, str) and piece and not repeated:
                run.add(piece)
            else:
                run.broken(Piece(piece) if isinstance(piece, str) else piece, kept=least > 0)
        return run.done()

    def _repeat(self) -> tuple[int, bool]:
        """How often at least the atom before comes, and whether that is said at all."""
        found = _REPEAT.match(self._text, self._at)
        if found is None:
            return 1, False
        self._at = found.end()
        if found[2]:
            return int(found[2] == "+"), True
        return int(found[1] or 0), True

    def _piece(self) -> Required | str:
        char = self._text[self._at]
        self._at += 1
        if char == "(":
            return self._group()
        if char == "[":
            return self._class()
        if char == "\\":
            return self._escape()
        return "" if char in ".^$" else char

    def _escape(self) -> str:
        char = self._text[self._at]
        self._at += 1
        if char in _CLASSES or char in _EDGES or char == "B":
            return ""
        if char.isdigit() and char != "0":
            while self._peek().isdigit():
                self._at += 1
            return ""
        if char in "xuUN":
            return self._numbered(char)
        return _CONTROL.get(char, char)

    def _numbered(self, char: str) -> str:
        width = {"x": 2, "u": 4, "U": 8}.get(char)
        if width is None:
            self._at = self._text.index("}", self._at) + 1
            return ""
        digits = self._text[self._at : self._at + width]
        self._at += width
        return chr(int(digits, 16))

    def _class(self) -> str:
        start = self._at
        if self._peek() == "^":
            self._at += 1
        if self._peek() == "]":
            self._at += 1
        while self._peek() != "]":
            self._at += 2 if self._peek() == "\\" else 1
        inner = self._text[start : self._at]
        self._at += 1
        return inner if len(inner) == 1 and inner != "^" else ""

    def _group(self) -> Required:
        kept = self._open()
        inner = self.alternatives()
        self._at += 1
        return inner if kept else _NOTHING

    def _open(self) -> bool:
        """Step over what follows the bracket; whether the group's text is part of the match."""
        rest = self._text[self._at :]
        named = re.match(r"\?P<\w+>|\?:|\?>|\?[aiLmsu-]+:", rest)
        if named:
            self._at += named.end()
            return True
        if rest.startswith("?P=") or re.match(r"\?[aiLmsu]+\)|\?#", rest):
            self._at += rest.index(")")
            return False
        if rest.startswith("?("):
            self._at += rest.index(")") + 1
            return False
        dropped = re.match(r"\?<?[=!]", rest)
        self._at += dropped.end() if dropped else 0
        return dropped is None


class _Run:
    """The plain texts of a sequence, while its atoms are read."""

    def __init__(self) -> None:
        self._parts: list[Required] = []
        self._text = ""
        self._opens = False

    def add(self, text: str) -> None:
        """Take plain characters."""
        self._text += text

    def edge(self, *, certain: bool) -> None:
        """Take an atom that ends a word, if it is certain to be there."""
        self._close(closes=certain)
        self._opens = certain

    def broken(self, other: Required, *, kept: bool) -> None:
        """Take an atom that is no plain character."""
        self._close(closes=False)
        if kept:
            self._parts.append(other)

    def done(self) -> Required:
        """All that was read."""
        self._close(closes=False)
        parts = tuple(part for part in self._parts if part not in (_NOTHING, Piece("")))
        return parts[0] if len(parts) == 1 else Sequence(parts)

    def _close(self, *, closes: bool) -> None:
        if self._text:
            self._parts.append(Piece(self._text, self._opens, closes))
        self._text, self._opens = "", False
