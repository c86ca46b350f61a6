"""Outlines: a hash of what a call would run with its values taken away, so that two attempts at one thing agree.

Every call has one, so it is made without a parser, and from the call alone: whatever rules are loaded, and whichever
of them look closer, it is the same. It rests on nothing that the client chose: no tool's or argument's name.
"""

import re
from typing import Final

from suragh.detect.events import CallEvent
from suragh.detect.http import target
from suragh.detect.leaf_kind import LeafKind, words
from suragh.model.ids import digest

_LOOK: Final = 4_096
"""Code points of a command that its outline is made from: longer ones are scripts, told apart by their beginnings."""

_PART: Final = re.compile(
    r"(?:[^\n'\"|&;()`]++|(?<=[<>])&|&(?=>))+|\|\|?|&&|[;\n&()`]|'[^']*'|\"(?:[^\"\\]|\\.)*\"",
    re.DOTALL,
)
"""Plain words, an operator, or a quoted word."""
_OPERATORS: Final = words("| || && ; & ( ) `") | {"\n"}
_PROGRAM: Final = re.compile(
    r"\s*+(?:(?:[-><${]|[A-Za-z_]\w*=|\d+(?:[smhd]?(?!\S)|>))\S*+\s*+)*+(\S+)",
)
"""The next word that may be a program: no switch, redirect, expansion, assignment or time."""
_SWITCHES: Final = re.compile(r"(?<!\S)--?[A-Za-z][\w-]*")
_VARYING: Final = re.compile(r"\A(?:\d[\w.-]*|[0-9a-fA-F-]{8,}|[^/]*\d[^/]*|[\w-]{24,})\Z")
_PREFIXES: Final = words("sudo doas env nohup time timeout xargs proxychains proxychains4 exec stdbuf nice")
"""Programs that run what follows them: the next plain word is a program too."""
_SHELLS: Final = words("ssh sshpass bash sh zsh dash ksh cmd powershell pwsh docker kubectl wsl su")
"""Programs that run a quoted word as a command."""
_DEPTH: Final = 4
"""Commands in quotes inside commands in quotes that are read."""


def outline_of(event: CallEvent) -> int:
    """Hash a call's outline to an unsigned 64-bit number, never 0."""
    operation = event.shape.operation
    if operation == "shell":
        parts = [step for text in event.of(LeafKind.COMMAND) for step in command_outline(text)]
        if LeafKind.WORD in event.shape.kinds:
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
    for part in _PART.findall(text[:_LOOK]):
        if part in _OPERATORS:
            found += step.close()
        elif part[0] not in "'\"":
            step.take(part)
        elif step.runs_texts and depth < _DEPTH:
            found += step.close()
            found += command_outline(part[1:-1], depth + 1)
    return found + step.close()


class _Step:
    """One command while its words are read."""

    __slots__ = ("parts", "runs_texts", "wants_program")

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.wants_program = True
        self.runs_texts = False

    def take(self, plain: str) -> None:
        """Take some plain words."""
        end = 0
        while self.wants_program:
            found = _PROGRAM.match(plain, end)
            if found is None:
                return
            end = found.end()
            self._begin(found[1])
        if "-" in plain:
            self.parts += _SWITCHES.findall(plain, end)

    def _begin(self, word: str) -> None:
        program = word.lower()
        if "/" in program or "\\" in program or "." in program:
            program = program.rpartition("/")[2].rpartition("\\")[2].removesuffix(".exe")
        self.parts.append(program)
        self.wants_program = program in _PREFIXES
        self.runs_texts = self.runs_texts or program in _SHELLS

    def close(self) -> list[str]:
        """Give what was read, if anything was, and start anew."""
        done = [" ".join(self.parts)] if self.parts else []
        self.parts, self.wants_program, self.runs_texts = [], True, False
        return done


def path_outline(path: str) -> str:
    """A URL's path with the parts that vary (numbers, ids, long tokens) replaced by one mark."""
    return "/".join("*" if _VARYING.match(part) else part for part in path.split("/"))
