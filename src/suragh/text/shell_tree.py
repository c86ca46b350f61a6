"""The parser for shell texts: what it is given, and how much of it."""

import re
from typing import Final

import tree_sitter_bash
from tree_sitter import Language, Node, Parser

WINDOW: Final = 2_048
"""Code points looked at together for wreckage; shorter texts are not looked at."""

WRECKAGE: Final = 4_000
"""Tokens that the grammar could not place, in one text, before the rest is left out. Its way back to sense takes time
with their square (4,000 take up to 1 s). Real commands have up to 18, and 64 K of code that is no shell 4,000."""

PARSER: Final = Parser(Language(tree_sitter_bash.language()))
_FOREIGN: Final = re.compile(r"[^\t\n\r\x20-\x7e]")
_BRACES: Final = re.compile(r"(?<![\w$\"'}{#])\{(?=[^\s{}'\"$`;|&<>()]*,)[^\s{}'\"$`;|&<>()]+\}")
"""Brace expansions that begin a word: as the name of a command, the grammar takes them for a group."""


def plain(text: str) -> bytes:
    """Give what is parsed of a text: every code point outside printable ASCII is `_`.

    So offsets in bytes are offsets in code points. Brace expansions at the beginning of a word are written over too.
    """
    if not (text.isascii() and text.isprintable()):
        text = _FOREIGN.sub("_", text)
    if "," in text and "{" in text:
        text = _BRACES.sub(_covered, text)
    return text.encode("ascii")


def _covered(match: re.Match[str]) -> str:
    return "_" * len(match[0])


def sound(text: str) -> int:
    """Say up to where a text can be parsed in bounded time."""
    if len(text) <= WINDOW:
        return len(text)
    wrecked = 0
    for at in range(0, len(text), WINDOW):
        wrecked += _wreckage(PARSER.parse(plain(text[at : at + WINDOW])).root_node)
        if wrecked > WRECKAGE:
            return at
    return len(text)


def _wreckage(root: Node) -> int:
    count = 0
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.has_error:
            count += 1 + node.child_count if node.is_error else node.is_missing
            waiting.extend(node.children)
    return count
