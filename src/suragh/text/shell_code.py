"""Commands inside code: string literals that Python, Node, Perl, Ruby or PHP hand to a shell or start as a process."""

import re
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from suragh.text.shell_escapes import unescaped
from suragh.text.shell_types import Feed, Pieces, Word

FOUND_LIMIT: Final = 64
"""Calls taken from one code text."""

_CALL: Final = re.compile(
    r"""(?:
      \bos\.(?:system|popen)
    | \b(?:subprocess|sp)\.(?:run|call|check_call|check_output|Popen|getoutput|getstatusoutput)
    | \bcommands\.getoutput | \bpty\.spawn | \bcreate_subprocess_(?:shell|exec)
    | \b(?:child_process|cp)(?:"\)|'\))?\.(?:exec|execSync|spawn|spawnSync|execFile|execFileSync)
    | (?<![\w.>$\\])(?:system|popen|execSync|spawnSync|spawn|execFile|execFileSync|shell_exec|passthru|proc_open
        |check_output|check_call|Popen|getoutput|exec)
    | \brequire\(["']child_process["']\)\.(?:exec|execSync|spawn|spawnSync)
    )\s*(?:\(|(?=["']))\s*(?:args\s*=\s*|command\s*=\s*|cmd\s*=\s*)?""",
    re.VERBOSE,
)
"""Calls that run a command; `x.exec(…)` is left alone, since that is how JavaScript matches a pattern."""

_LITERAL: Final = re.compile(
    r"""\s*([rRbBfFuU]{0,2})("{3}(?:[^\\]|\\.)*?"{3}|'{3}(?:[^\\]|\\.)*?'{3}|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)""",
    re.DOTALL,
)
_BACKTICKS: Final = re.compile(r"(?<![\w\\])`([^`\n]{2,})`|%x[\{\(]([^})\n]+)[\})]")
_COMMA: Final = re.compile(r"\s*,?\s*")
_ITEMS_LIMIT: Final = 64


class Dug(Struct, frozen=True, gc=False):
    """A command found in code.

    Attributes:
        text: for a shell; None where `words` are the command.
        words: program and arguments.
    """

    text: Feed | None
    words: tuple[Word, ...] = ()


def dug(code: str, language: str) -> Iterator[Dug]:
    """Find the commands that a code text would start, as far as they are plain literals."""
    left = FOUND_LIMIT
    for match in _CALL.finditer(code):
        if language == "python" and match[0].startswith("exec"):
            continue
        if left <= 0:
            return
        left -= 1
        found = _argument(code, match.end())
        if found is not None:
            yield found
    if language in {"perl", "ruby", "php"}:
        for match in list(_BACKTICKS.finditer(code))[:FOUND_LIMIT]:
            start, end = match.span(match.lastindex or 0)
            yield Dug(Feed(code[start:end], ((0, start, end),)))


def _argument(code: str, at: int) -> Dug | None:
    if code[at : at + 1] in {"[", "("}:
        words = _items(code, at + 1)
        return Dug(None, words) if words else None
    first = _literal(code, at)
    if first is None:
        return None
    word, after = first
    following = re.compile(r"\s*,\s*\[").match(code, after)
    if following:
        return Dug(None, (word, *_items(code, following.end())))
    return Dug(Feed(word.value, word.pieces, word.decodings))


def _items(code: str, at: int) -> tuple[Word, ...]:
    words: list[Word] = []
    while len(words) < _ITEMS_LIMIT:
        found = _literal(code, at)
        if found is None:
            break
        words.append(found[0])
        comma = _COMMA.match(code, found[1])
        at = comma.end() if comma else found[1]
    return tuple(words)


def _literal(code: str, at: int) -> tuple[Word, int] | None:
    match = _LITERAL.match(code, at)
    if match is None:
        return None
    quoted = match[2]
    size = 3 if quoted[:3] in {'"""', "'''"} else 1
    start = match.start(2) + size
    raw = quoted[size : len(quoted) - size]
    undone = Feed(raw, _plain(start, raw)) if "r" in match[1].lower() else unescaped(raw, start)
    decodings = ("quoting",) if undone.decodings else ()
    return Word(undone.text, match.start(2), match.end(), undone.pieces, decodings), match.end()


def _plain(start: int, raw: str) -> Pieces:
    return ((0, start, start + len(raw)),)
