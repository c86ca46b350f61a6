"""Reads a story: who did what in one session, written down for a person to read and to change.

A story starts with `key: value` lines: `format`, `start`, and where they apply `account`, `cwd`. After a blank line
each line begins with a mark and a space:

    >   a person's message
    $   a shell command; `:` goes on with it on the next line
    +   another tool's name and its arguments as JSON
    |   a line of the result of the call above; `!` says that the call failed
    =>  a task for a sub-agent, which does all that follows until `<=`, its answer
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from uuid import UUID


@dataclass
class Step:
    """A message or a tool call; `kind` is `human`, `call`, `task` or `answer`."""

    kind: str
    at: datetime
    text: str = ""
    tool: str = ""
    arguments: dict[str, object] = field(default_factory=dict)
    result: list[str] = field(default_factory=list)
    failed: bool = False
    actor: str = ""

    @property
    def output(self) -> str:
        """The result as one text."""
        return "\n".join(self.result)


@dataclass
class Story:
    """One session."""

    name: str
    head: dict[str, str]
    steps: list[Step]

    @property
    def session(self) -> str:
        """The session's id: a UUID that always comes out the same."""
        return str(UUID(token(self.name, 32)))


def token(seed: str, digits: int) -> str:
    """Give hexadecimal digits that look random and always come out the same."""
    return blake2b(seed.encode(), digest_size=32).hexdigest()[:digits]


def stamp(at: datetime) -> str:
    """Write a time as agents' logs do."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def read(path: Path) -> Story:
    """Read one story."""
    head, _, body = path.read_text(encoding="utf-8").partition("\n\n")
    keys = dict(line.split(": ", 1) for line in head.splitlines())
    return Story(path.stem, keys, list(_steps(path.stem, datetime.fromisoformat(keys["start"]), body)))


def _steps(name: str, at: datetime, body: str) -> Iterator[Step]:
    actor, step = "", None
    for number, line in enumerate(body.splitlines()):
        mark, _, text = line.partition(" ")
        if mark in {":", "|", "!"}:
            _extend(step, mark, text)
            continue
        if step:
            yield step
        at += timedelta(milliseconds=2_000 + int(token(f"{name} {number}", 4), 16) % 38_000)
        step = _step(mark, text, at, actor)
        if mark in {"=>", "<="}:
            actor = step.actor = token(f"{name} {number}", 17) if mark == "=>" else actor
            actor = actor if mark == "=>" else ""
    if step:
        yield step


def _step(mark: str, text: str, at: datetime, actor: str) -> Step:
    match mark:
        case ">":
            return Step("human", at, text)
        case "$":
            return Step("call", at, tool="shell", arguments={"command": text}, actor=actor)
        case "+":
            tool, _, arguments = text.partition(" ")
            return Step("call", at, tool=tool, arguments=json.loads(arguments), actor=actor)
        case "=>" | "<=":
            return Step("task" if mark == "=>" else "answer", at, text)
        case _:
            raise ValueError(f"mark is {mark!r}, expected one of > $ : + | ! => <=")


def _extend(step: Step | None, mark: str, text: str) -> None:
    if step is None:
        raise ValueError(f"mark is {mark!r}, expected a call above it")
    match mark:
        case ":":
            step.arguments["command"] = f"{step.arguments['command']}\n{text}"
        case "|":
            step.result.append(text)
        case _:
            step.failed = True
