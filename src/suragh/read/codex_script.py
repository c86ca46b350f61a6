"""Codex scripts: the shell commands inside the JavaScript that Codex's code mode runs.

A script calls `tools.exec_command({cmd: "..."})`, often several times, with texts written in place, joined by `+`,
or held in a variable or a list. Only what is written as text can be dug out; what a script computes cannot.
"""

import re
import sys
from collections.abc import Iterator
from typing import Final

MAX_SCRIPT: Final = 1 << 20
"""Code points of a script that are looked at; scripts of real sessions have some thousand."""

_TEXT: Final = r""" "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*' | `(?:[^`\\]|\\.)*` """
_TEXTS: Final = rf"(?:{_TEXT})(?:\s*\+\s*(?:{_TEXT}))*"
_LITERAL: Final = re.compile(_TEXT, re.VERBOSE | re.DOTALL)
_COMMAND: Final = re.compile(
    rf"""(?<![\w.$]) ["']? (?:cmd|command) ["']? \s*:\s* (?: (?P<text>{_TEXTS}) | (?P<name>[A-Za-z_$][\w$]*) )""",
    re.VERBOSE | re.DOTALL,
)
_SHORTHAND: Final = re.compile(r"exec_command\s*\(\s*\{\s*(?:cmd|command)\s*[,}]")
_HELD: Final = re.compile(
    rf"""\b(?:const|let|var)\s+ (?P<name>[A-Za-z_$][\w$]*) \s*=\s*
    (?: (?P<text>{_TEXTS}) | \[ \s* (?P<list>(?:{_TEXTS})(?:\s*,\s*(?:{_TEXTS}))*) \s*,?\s* \] )""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE: Final = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r\n|.))", re.DOTALL)
_NAMED_ESCAPES: Final = {
    "n": "\n",
    "t": "\t",
    "r": "\r",
    "b": "\b",
    "f": "\f",
    "v": "\v",
    "0": "\0",
    "\n": "",
    "\r\n": "",
}


def commands(script: str) -> tuple[str, ...]:
    """Give each shell command that a script holds as text, in order, each once.

    `${...}` in a template stays as it is written.
    """
    script = script[:MAX_SCRIPT]
    held = {match["name"]: tuple(_held(match)) for match in _HELD.finditer(script)}
    lists = [texts for texts in held.values() if len(texts) > 1]
    found: list[str] = []
    for match in _COMMAND.finditer(script):
        if match["text"]:
            found.append(_joined(match["text"]))
        elif match["name"] in held:
            found.extend(held[match["name"]])
        else:
            # A name that is bound by a loop over a list: which list is not parsed, so all are taken.
            found.extend(text for texts in lists for text in texts)
    if _SHORTHAND.search(script):
        found.extend(held.get("cmd", held.get("command", ())) or [text for texts in lists for text in texts])
    return tuple(dict.fromkeys(text for text in found if text.strip()))


def _held(match: "re.Match[str]") -> Iterator[str]:
    if match["text"]:
        yield _joined(match["text"])
        return
    rest = match["list"]
    item = re.compile(_TEXTS, re.VERBOSE | re.DOTALL)
    yield from (_joined(found.group()) for found in item.finditer(rest))


def _joined(texts: str) -> str:
    return "".join(_ESCAPE.sub(_unescaped, literal.group()[1:-1]) for literal in _LITERAL.finditer(texts))


def _unescaped(match: "re.Match[str]") -> str:
    code = match[1] or match[2] or match[3]
    if code:
        point = int(code, 16)
        return chr(point) if point <= sys.maxunicode else match.group()
    return _NAMED_ESCAPES.get(match[4], match[4])
