"""The one way by which text from telemetry reaches a terminal or a log."""

from typing import Final

SHOWN_LIMIT: Final = 400
"""Code points shown of a text unless a caller says otherwise: five lines of an 80-column terminal."""

_ELLIPSIS: Final = "…"
_BYTE: Final = 0x100
_BASIC: Final = 0x10000


def printable(text: str, limit: int = SHOWN_LIMIT, *, newline: str = "⏎") -> str:
    r"""Make a text safe to print on one line.

    What moves a cursor, changes colours, turns the direction of writing, hides or cannot be seen (control characters,
    bidirectional controls, zero-width characters, line separators, lone surrogates, blanks other than a space,
    unassigned and private code points) is written as `\x1b`, `\u202e` or `\U000e0041`. It is for eyes only: a text
    that holds the letters `\x1b` looks the same.

    Args:
        text: untrusted text.
        limit: code points of the result at most; a cut ends in `…`.
        newline: what a line feed becomes.
    """
    if limit <= 0:
        return ""
    head = text[: limit + 1]
    if len(head) <= limit and head.isprintable():
        return head
    shown: list[str] = []
    size = 0
    for char in head:
        one = char if char.isprintable() else newline if char == "\n" else _visible(ord(char))
        size += len(one)
        shown.append(one)
        if size > limit:
            break
    if size <= limit:
        return "".join(shown)
    while size > limit - 1:
        size -= len(shown.pop())
    return "".join(shown) + _ELLIPSIS


def _visible(point: int) -> str:
    if point < _BYTE:
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point < _BASIC else f"\\U{point:08x}"
