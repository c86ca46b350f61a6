"""Triggers for what hides a text from a search for it: quoting tricks, encodings, expansions.

Where one fires, the text is taken apart and what comes out is scanned again. They favour recall, but must stay rare on
ordinary work: each costs a parse.
"""

from typing import Final

import hyperscan
from msgspec import Struct

SHELL: Final = 1 << 60
"""A shell would undo something inside a word, so that the word as run does not stand in the text."""
ENCODED: Final = 1 << 61
"""A run of base64 or of hexadecimal escapes stands in the text."""
PERCENT: Final = 1 << 62
"""Percent-encoded characters stand in the text."""
ASSIGNED: Final = 1 << 63
"""The text sets a shell variable."""
USED: Final = 1 << 64
"""A variable is used: with `ASSIGNED`, a word that is run may be put together from several."""


class Trick(Struct, frozen=True):
    """One pattern and the bit that says it was seen."""

    bit: int
    pattern: str
    flags: int = hyperscan.HS_FLAG_CASELESS | hyperscan.HS_FLAG_SINGLEMATCH


_WORD: Final = r"[a-z0-9/._-]"
_BREAK: Final = r"(?:^|[\s;|&(`])"
_START: Final = r"(?:^|[;|&(`\n])[ \t]*"

TRICKS: Final = (
    # quotes that open or close inside a word: wh''oami, c"ur"l, 'cu'rl, /etc/"passwd"
    Trick(SHELL, rf"{_WORD}(?:''|\"\"){_WORD}"),
    Trick(SHELL, rf"{_BREAK}{_WORD}*[a-z0-9][\"'][a-z0-9/._-]+[\"']"),
    Trick(SHELL, rf"{_BREAK}[\"'][a-z0-9/._-]+[\"'][a-z0-9/._\"'-]"),
    Trick(SHELL, r"/[\"'][a-z0-9._-]+[\"']"),
    # a backslash, a caret, a line's end or a back-tick inside a program's name or a path: cu\rl, w^hoami
    Trick(SHELL, rf"{_START}[a-z]+[\\^`][a-z]"),
    Trick(SHELL, rf"{_BREAK}/{_WORD}*\\[a-z0-9]"),
    Trick(SHELL, r"[a-z]\\\n[a-z]"),
    # expansions that are empty, blank or spelt by number
    Trick(SHELL, r"\$\{?IFS|\$'|[a-z0-9/]\$[@*!][a-z0-9/]|\$\{[a-z_]+[:/#%^,]"),
    Trick(SHELL, rf"{_START}\{{[^\s{{}}]+,[^\s{{}}]*\}}"),
    # texts that are decoded or put together on the way to a shell
    Trick(
        SHELL, r"base(?:64|32)\s+(?:-d|--d|-i?d)|xxd\s+-[a-z]*r|uudecode|b64decode|frombase64string|fromhex|unhexlify"
    ),
    Trick(SHELL, r"openssl\s+(?:enc|base64)|\|\s*rev\b|\btr\s+['\"]?[a-z]-[a-z]"),
    Trick(SHELL, r"\s[-/]e[a-z]*\s+['\"]?[A-Za-z0-9+/]{16}"),
    Trick(SHELL, r"(?:printf|echo)\s+(?:-[a-z]+\s+)*['\"]?\\(?:x|0?[0-7]{2}|u)"),
    Trick(SHELL, r"(?:\$\(|`)\s*(?:echo|printf)|\beval\b"),
    Trick(ASSIGNED, rf"{_BREAK}[a-z_][a-z0-9_]*=['\"]?[a-z0-9/.~-]"),
    Trick(USED, r"\$\{?[a-z_]"),
    # a redirect between the words of a command
    Trick(SHELL, r"[^|;&<>-]>>?\s*[^\s;&|()<>]+[ \t]+[^\s;&|#<>()0-9\\]"),
    Trick(ENCODED, r"[A-Za-z0-9+]{24}|(?:\\x[0-9a-f]{2}){4}|(?:\\u00[0-9a-f]{2}){4}|(?:0x[0-9a-f]{2},\s?){4}"),
    Trick(PERCENT, r"%[0-9a-f]{2}"),
)
"""Every trick; none but these makes a text be read twice."""


def hides_words(triggers: int) -> bool:
    """Whether a shell could run words that do not stand in the text."""
    return bool(triggers & SHELL) or bool(triggers & ASSIGNED and triggers & USED)
