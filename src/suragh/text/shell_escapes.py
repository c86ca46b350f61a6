r"""Backslash escapes as shells, printf and programming languages write them: `\x41`, `\u0041`, `\101`, `\n`."""

import re
from typing import Final

from suragh.text.shell_types import Feed, closed

_ESCAPE: Final = re.compile(
    r"""\\(?:
      x(?:([0-9a-fA-F]{1,2})|\{([0-9a-fA-F]{1,6})\})
    | u(?:([0-9a-fA-F]{1,4})|\{([0-9a-fA-F]{1,6})\})
    | U([0-9a-fA-F]{1,8})
    | (0[0-7]{0,3}|[1-7][0-7]{0,2})
    | (\r?\n)
    | (.))""",
    re.VERBOSE | re.DOTALL,
)
_NAMED: Final = {
    "n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "e": "\x1b", "E": "\x1b",
}  # fmt: skip
_LAST: Final = 0x10FFFF
_SURROGATES: Final = range(0xD800, 0xE000)
_OCTAL_GROUP: Final = 6
_NEWLINE_GROUP: Final = 7


def unescaped(raw: str, start: int) -> Feed:
    r"""Undo backslash escapes.

    `decodings` holds `escape` if an escape by number stood for a visible ASCII character: people write `\x1b` and
    `\033` because there is no other way, but `c` when they mean `c`.

    Args:
        raw: the text between the quotes.
        start: where `raw` stands in the source.
    """
    if "\\" not in raw:
        return Feed(raw, ((0, start, start + len(raw)),))
    out: list[str] = []
    pieces: list[tuple[int, int, int]] = []
    at = done = 0
    coded = False
    for match in _ESCAPE.finditer(raw):
        low, high = match.span()
        if low > done:
            out.append(raw[done:low])
            pieces.append((at, start + done, start + low))
            at += low - done
        value, by_number = _one(match)
        coded = coded or (by_number and value.isascii() and value.isprintable())
        if value:
            out.append(value)
            pieces.append((at, start + low, start + high))
            at += len(value)
        done = high
    out.append(raw[done:])
    pieces.append((at, start + done, start + len(raw)))
    text = "".join(out)
    return Feed(text, closed(pieces, len(text)), ("escape",) if coded else ())


def _one(match: re.Match[str]) -> tuple[str, bool]:
    """Undo one escape: its value, and whether it named the character by number."""
    kind = match.lastindex or 0
    body = match[kind]
    if kind > _NEWLINE_GROUP:
        return _NAMED.get(body, match[0] if body.isalpha() else body), False
    if kind == _NEWLINE_GROUP:
        return "", False
    value = int(body, 8) & 0xFF if kind == _OCTAL_GROUP else int(body, 16)
    if value > _LAST or value in _SURROGATES:
        return match[0], False
    return chr(value), True
