"""What the shell grammar passes from step to step: words, simple commands and texts, each with its way back."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

from msgspec import Struct

Pieces: TypeAlias = tuple[tuple[int, int, int], ...]
"""Where a value came from: (offset in the value, start in the source, end in the source), in order of offset.

Where a piece is as long as its source the two agree character by character; else all of it is all of its source. A last
piece that does not agree is followed by an empty one, so that its length can be known: `closed` sees to it.
"""

PIECES_KEPT: Final = 4096
"""Pieces kept of one value. A quoted script has one a line or escape; more is only worth its whole span."""


class Word(Struct, frozen=True, gc=False):
    """One word of a command.

    Attributes:
        value: the word after quoting and simple expansions are undone.
        start: first code point in the text that was parsed.
        end: one past the last.
        pieces: where the value came from; its source is the text that was parsed.
        decodings: what was undone: `quoting` for a trick, `base64` and others for a substitution that decodes.
    """

    value: str
    start: int
    end: int
    pieces: Pieces
    decodings: tuple[str, ...] = ()


class Feed(Struct, frozen=True, gc=False):
    """A text that a command reads or a substitution gives, as far as it can be known without running anything."""

    text: str
    pieces: Pieces
    decodings: tuple[str, ...] = ()


class Simple(Struct, gc=False):
    """One simple command as it stands in one text, before wrappers are taken apart.

    Attributes:
        words: program and arguments; one or more assignments where `assigns`.
        assigns: whether it only sets variables.
        via: ways in inside this text (`$()`).
        left: the command on the left of the pipe.
        writes: files that redirects write to.
        reads: files that redirects read from.
        stdin: here-document or here-string.
        span: where it stands if it has no words: its redirects.
        program: what the right side of the pipe sees: set when the command has been taken apart.
    """

    words: list[Word]
    assigns: bool = False
    via: tuple[str, ...] = ()
    left: "Simple | None" = None
    writes: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    stdin: Feed | None = None
    span: tuple[int, int] = (0, 0)
    program: str = ""


def spot(pieces: Pieces, start: int, end: int) -> tuple[int, int]:
    """Find the span of the source that stands for `value[start:end]`."""
    if len(pieces) == 1:
        low = pieces[0][1]
        return low + start, low + end
    if not pieces:
        return 0, 0
    first = bisect_right(pieces, start, key=lambda piece: piece[0]) - 1
    last = bisect_right(pieces, max(start, end - 1), key=lambda piece: piece[0]) - 1
    return _inside(pieces, max(first, 0), start)[0], _inside(pieces, max(last, 0), max(start, end - 1))[1]


def _inside(pieces: Pieces, index: int, at: int) -> tuple[int, int]:
    begin, low, high = pieces[index]
    differs = index + 1 < len(pieces) and pieces[index + 1][0] - begin != high - low
    if differs or at - begin >= high - low:
        return low, high
    return low + at - begin, low + at - begin + 1


def rebased(pieces: Pieces, base: Pieces | None) -> Pieces:
    """Express pieces in the source that `base` came from; None stands for the source itself."""
    if base is None:
        return pieces
    return tuple([(at, *spot(base, low, high)) for at, low, high in pieces])


def joined(words: Sequence[Word]) -> Feed:
    """Join words by single spaces, keeping the way back to the source."""
    if len(words) == 1:
        return Feed(words[0].value, words[0].pieces, words[0].decodings)
    pieces: list[tuple[int, int, int]] = []
    at = 0
    for index, word in enumerate(words):
        if index:
            pieces.append((at - 1, words[index - 1].end, max(words[index - 1].end, word.start)))
        pieces.extend((at + offset, low, high) for offset, low, high in word.pieces)
        at += len(word.value) + 1
    text = " ".join(word.value for word in words)
    return Feed(text, closed(pieces, len(text)), merged(word.decodings for word in words))


def closed(pieces: Sequence[tuple[int, int, int]], size: int) -> Pieces:
    """Finish the pieces of a value of `size` code points; beyond `PIECES_KEPT`, the rest is one piece."""
    kept = tuple(pieces)
    if len(kept) > PIECES_KEPT:
        kept = (*kept[: PIECES_KEPT - 1], (kept[PIECES_KEPT - 1][0], kept[PIECES_KEPT - 1][1], kept[-1][2]))
    if kept:
        at, low, high = kept[-1]
        if size - at != high - low:
            return (*kept, (size, high, high))
    return kept


def whole(start: int, end: int, size: int) -> Pieces:
    """Give the pieces of a value of `size` code points that as a whole stands for a whole span."""
    return ((0, start, end),) if size == end - start else ((0, start, end), (size, end, end))


def merged(groups: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Put decodings one after another, each name once."""
    return tuple(dict.fromkeys(name for group in groups for name in group))
