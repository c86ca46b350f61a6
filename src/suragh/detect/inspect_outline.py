"""Outlines: a hash of what a call would run with its values taken away, so that two attempts at one thing agree.

Every call has one, so it is made without a parser, and from the call alone: whatever rules are loaded, and whichever
of them look closer, it is the same. It rests on nothing that the client chose: no tool's or argument's name.
"""

import re
from functools import lru_cache
from typing import Final

from suragh.detect.events import CallEvent
from suragh.detect.http import target
from suragh.detect.leaf_kind import LeafKind, words
from suragh.model.ids import digest

_LOOK: Final = 4_096
"""Code points of a command that its outline is made from: longer ones are scripts, told apart by their beginnings."""

_TOKEN: Final = re.compile(
    r"(?:[^\s'\"|&;()`]++|(?<=[<>])&|&(?=>))+|\|\|?|&&|[;\n&()`]|'[^']*'|\"(?:[^\"\\]|\\.)*\"",
    re.DOTALL,
)
"""A plain word, an operator, or a quoted word."""
_OPERATORS: Final = words("| || && ; & ( ) `") | {"\n"}
_VALUE: Final = re.compile(r"[A-Za-z_]\w*=|\d+(?:[smhd]?\Z|>)")
_SWITCH: Final = re.compile(r"\A--?[A-Za-z][\w-]*")
_VARYING: Final = re.compile(r"\A(?:\d[\w.-]*|[0-9a-fA-F-]{8,}|[^/]*\d[^/]*|[\w-]{24,})\Z")
_PREFIXES: Final = words("sudo doas env nohup time timeout xargs proxychains proxychains4 exec stdbuf nice")
"""Programs that run what follows them: the next plain word is a program too."""
_SHELLS: Final = words("ssh sshpass bash sh zsh dash ksh cmd powershell pwsh docker kubectl wsl su")
"""Programs that run a quoted word as a command."""
_DEPTH: Final = 4
"""Commands in quotes inside commands in quotes that are read."""
_NAMES: Final = 1_024
"""Words for programs whose names are remembered: agents run few programs, again and again."""


def outline_of(event: CallEvent) -> int:
    """Hash a call's outline to an unsigned 64-bit number, never 0."""
    operation = event.shape.operation
    if operation == "shell":
        parts = [step for text in event.of(LeafKind.COMMAND) for step in command_outline(text)]
        parts += command_outline(" ".join(event.of(LeafKind.WORD)))
    elif operation == "http" and event.request:
        parts = [event.request.method, *[path_outline(target(url).path) for url in event.request.urls]]
    else:
        parts = sorted({path.rpartition("/")[2].rpartition(".")[2].lower() for path in event.of(LeafKind.PATH)})
    return digest("outline", operation, *parts) or 1


def command_outline(text: str, depth: int = 0) -> list[str]:
    """One part a command: its ways in, its program and its switches in order, without values.

    Quoted words are values, unless a shell runs them; so are words that are neither the program nor a switch.
    """
    found: list[str] = []
    step = _Step()
    for token in _TOKEN.findall(text[:_LOOK]):
        quoted = token[0] in "'\""
        if token in _OPERATORS or (quoted and step.runs_texts and depth < _DEPTH):
            found += step.close()
            if quoted:
                found += command_outline(token[1:-1], depth + 1)
        elif not quoted and step.wants_program:
            step.begin(token)
        elif token[0] == "-":
            step.parts += _SWITCH.findall(token)
    return found + step.close()


class _Step:
    """One command while its words are read."""

    __slots__ = ("parts", "runs_texts", "wants_program")

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.wants_program = True
        self.runs_texts = False

    def begin(self, word: str) -> None:
        """Take a word that may be the program."""
        if word[0] not in "-><${" and not _VALUE.match(word):
            program = _program(word)
            self.parts.append(program)
            self.wants_program = program in _PREFIXES
            self.runs_texts = self.runs_texts or program in _SHELLS

    def close(self) -> list[str]:
        """Give what was read, if anything was, and start anew."""
        done = [" ".join(self.parts)] if self.parts else []
        self.parts, self.wants_program, self.runs_texts = [], True, False
        return done


@lru_cache(_NAMES)
def _program(word: str) -> str:
    return word.rpartition("/")[2].rpartition("\\")[2].lower().removesuffix(".exe")


def path_outline(path: str) -> str:
    """A URL's path with the parts that vary (numbers, ids, long tokens) replaced by one mark."""
    return "/".join("*" if _VARYING.match(part) else part for part in path.split("/"))
