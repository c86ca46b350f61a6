r"""Encoded runs inside texts: base64, hexadecimal digits, percent signs, `\x..` and `\u....`, with where they stand.

Sources: RFC 4648, sections 4, 5 and 8; RFC 3986, section 2.1.
"""

import binascii
import re
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from suragh.text.shell_escapes import unescaped

# The shortest runs that count, as the patterns below have them. 24 characters of base64 are 18 bytes, 32 hexadecimal
# digits are 16: random bytes are printable text with chance below 1e-6. Of escapes and percent signs three, since one
# or two stand in ordinary addresses and format strings. A run is taken up to 65,536.

PRINTABLE_PERCENT: Final = 95
"""Share of printable characters that the result must have. Scripts and messages have all; what is below is a guess:
compressed data, keys and hashes are no UTF-8, or are full of control characters."""

_BASE64: Final = re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{24,65536}+={0,2}(?![A-Za-z0-9+/_=-])")
_URL: Final = re.compile(
    r"%[0-9A-Fa-f]{2}(?:[\w.~!*()/+:;,@&=?$-]{0,16}%[0-9A-Fa-f]{2}){2,16384}[\w.~!*()/+:;,@&=?$-]{0,64}"
)
_ESCAPE: Final = re.compile(
    r"""\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[0-3][0-7]{2})
    (?:[^\\\s"']{0,16}\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[0-3][0-7]{2})){2,16384}[^\\\s"']{0,16}""",
    re.VERBOSE,
)
_HEX: Final = re.compile(r"(?:0x)?((?:[0-9A-Fa-f]{2}){16,})\Z")
_URL_SAFE: Final = str.maketrans("-_", "+/")
_PERCENT: Final = re.compile(r"%([0-9A-Fa-f]{2})")
_LEADS: Final = re.compile(r"[\w./~-]{0,64}\Z")
_LEAD: Final = 64
"""Code points before the first percent sign that may belong to the run (`/..%2f`)."""


class Decoded(Struct, frozen=True, gc=False):
    """One encoded run and what it says.

    Attributes:
        name: `base64`, `hex`, `url` or `escape`.
        start: first code point of the run in the text, from 0.
        end: one past the last.
        text: what it decodes to.
    """

    name: str
    start: int
    end: int
    text: str


def decoded(text: str) -> Iterator[Decoded]:
    """Find the runs of a text that are encoded text, in order of start, none inside another.

    A run counts only if it decodes to text that is nearly all printable: hashes, keys and identifiers do not.
    """
    found = [_alphabet(match) for match in _BASE64.finditer(text)]
    if "%" in text:
        found += [_percent(match) for match in _URL.finditer(text)]
    if "\\" in text:
        found += [_escape(match) for match in _ESCAPE.finditer(text)]
    done = 0
    for one in sorted([one for one in found if one is not None], key=_place):
        if one.start >= done:
            done = one.end
            yield one


def _place(one: Decoded) -> tuple[int, int]:
    return one.start, -one.end


def _alphabet(match: re.Match[str]) -> Decoded | None:
    run = match[0]
    digits = _HEX.match(run)
    if digits is not None:
        raw = bytes.fromhex(digits[1])
        said = "" if digits[1].isdigit() else _said(raw)
        return Decoded("hex", match.start(), match.end(), said) if said else None
    body = run.rstrip("=")
    if len(body) % 4 == 1 or (body.isalpha() and (body.islower() or body.isupper())):
        return None
    raw = binascii.a2b_base64(body.translate(_URL_SAFE) + "=" * (-len(body) % 4))
    said = _said(raw)
    return Decoded("base64", match.start(), match.end(), said) if said else None


def _percent(match: re.Match[str]) -> Decoded | None:
    text = match.string
    start = match.start()
    leads = _LEADS.search(text, max(0, start - _LEAD), start)
    start = leads.start() if leads else start
    run = text[start : match.end()]
    raw = _PERCENT.sub(lambda found: chr(int(found[1], 16)), run) if run.isascii() else ""
    said = _said(raw.encode("latin-1"))
    return Decoded("url", start, match.end(), said) if said else None


def _escape(match: re.Match[str]) -> Decoded | None:
    run = match[0]
    said = unescaped(run, 0).text
    if "\\u" not in run and not said.isascii() and max(said) <= "\xff":
        said = _said(said.encode("latin-1"))
    said = said if _mostly_printable(said) else ""
    return Decoded("escape", match.start(), match.end(), said) if said and said != run else None


def _said(raw: bytes) -> str:
    """Read bytes as text: UTF-8, or UTF-16LE as Windows writes ASCII; empty if they are not."""
    half = len(raw) // 2
    wide = half > 1 and len(raw) % 2 == 0 and raw[1::2].count(0) * 10 >= half * 9
    try:
        text = raw.decode("utf-16-le" if wide else "utf-8")
    except UnicodeDecodeError:
        return ""
    return text if _mostly_printable(text) else ""


def _mostly_printable(text: str) -> bool:
    if text.isprintable():
        return bool(text)
    seen = sum([char.isprintable() or char in "\n\r\t" for char in text])
    return seen * 100 >= len(text) * PRINTABLE_PERCENT
