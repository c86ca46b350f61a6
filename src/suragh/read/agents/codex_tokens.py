"""Codex tokens: the scripts of Codex's code mode cut into the tokens of JavaScript, as far as texts need it.

Every script is cut to its end, in time that grows with its length: what is no JavaScript becomes marks.
"""

import re
from collections.abc import Generator, Iterator
from enum import Enum, auto
from typing import Final

from msgspec import Struct

_TOKEN: Final = re.compile(
    r"""(?P<gap>\s++|//[^\n]*+|/\*(?:[^*]++|\*(?!/))*+(?:\*/)?)
    |(?P<text>"(?:[^"\\\n]++|\\.)*+"|'(?:[^'\\\n]++|\\.)*+')
    |(?P<broken>"(?:[^"\\\n]++|\\.)*+\\?|'(?:[^'\\\n]++|\\.)*+\\?)
    |(?P<name>[A-Za-z_$][\w$]*+)
    |(?P<number>\d[\w.]*+)
    |(?P<mark>=>|\+=|.)""",
    re.VERBOSE | re.DOTALL,
)
_CHUNK: Final = re.compile(r"(?:[^`\\$]++|\\.|\$(?!\{))*+", re.DOTALL)
_REGEX: Final = re.compile(r"/(?!\*)(?:[^/\\\[\n]++|\\.|\[(?:[^\]\\\n]++|\\.)*+\])++/[a-z]*+")
_BEFORE_VALUE: Final = frozenset([*"([{,;:=+!&|?<>", "=>", "+=", "return"])
"""What stands before a value: a slash after it begins a pattern, a slash after anything else divides."""

MAX_DEPTH: Final = 64
"""Templates inside templates; real scripts have two."""


class Kind(Enum):
    """What a token is.

    A template is BACKTICK, then CHUNK and HOLE, tokens, HOLE_END in turn, then BACKTICK_END.
    """

    TEXT = auto()
    NAME = auto()
    NUMBER = auto()
    MARK = auto()
    PATTERN = auto()
    BACKTICK = auto()
    CHUNK = auto()
    HOLE = auto()
    HOLE_END = auto()
    BACKTICK_END = auto()


class Token(Struct, frozen=True, gc=False):
    """A token.

    Attributes:
        kind: what it is.
        text: as it is written.
        start: its first code point in the script.
    """

    kind: Kind
    text: str
    start: int


_KINDS: Final = {
    "text": Kind.TEXT,
    "broken": Kind.MARK,
    "name": Kind.NAME,
    "number": Kind.NUMBER,
    "mark": Kind.MARK,
}


def tokens(script: str) -> list[Token]:
    """Cut a script; gaps and comments are left out."""
    return list(_tokens(script))


def _tokens(script: str) -> Iterator[Token]:
    at, before = 0, ";"
    braces: list[int] = []  # for each template that is open, the braces that are open in its hole
    while at < len(script):
        slash = _REGEX.match(script, at) if script[at] == "/" and before in _BEFORE_VALUE else None
        found = slash or _TOKEN.match(script, at)
        if found is None:
            break
        kind = Kind.PATTERN if slash else _KINDS.get(found.lastgroup or "")
        at, start, before = found.end(), at, found.group() if kind is not None else before
        if kind is None:
            continue
        if before == "`" and len(braces) < MAX_DEPTH:
            yield Token(Kind.BACKTICK, before, start)
            at = yield from _chunk(script, at, braces)
        elif before == "}" and braces and braces[-1] == 0:
            braces.pop()
            yield Token(Kind.HOLE_END, before, start)
            at = yield from _chunk(script, at, braces)
        else:
            if braces and kind is Kind.MARK:
                braces[-1] += {"{": 1, "}": -1}.get(before, 0)
            yield Token(kind, before, start)


def _chunk(script: str, at: int, braces: list[int]) -> Generator[Token, None, int]:
    """Give the text of a template up to a hole or its end, and where to go on."""
    end = found.end() if (found := _CHUNK.match(script, at)) is not None else at
    if end > at:
        yield Token(Kind.CHUNK, script[at:end], at)
    if script.startswith("${", end):
        braces.append(0)
        yield Token(Kind.HOLE, "${", end)
        return end + 2
    if script.startswith("`", end):
        yield Token(Kind.BACKTICK_END, "`", end)
        return end + 1
    return len(script)
