"""Where agents keep their logs on this machine: found by name and size, and by the first bytes of the newest one."""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from glob import escape, iglob
from stat import S_ISREG
from typing import Final

from msgspec import Struct

from suragh.errors import UsageError
from suragh.export.words import counted, size
from suragh.read.reader import HEAD
from suragh.read.registry import choose
from suragh.store.inputs import open_inputs


class Agent(Struct, frozen=True):
    """An agent and where it writes.

    Attributes:
        name: what it is called.
        variable: the environment variable that says where its folder is; empty for none.
        folders: its folders below the home folder, used where the variable is not set.
        logs: patterns of its logs below its folder.
        hint: what to do where its logs are in a form that Suragh does not read.
    """

    name: str
    variable: str
    folders: tuple[str, ...]
    logs: tuple[str, ...]
    hint: str = ""


AGENTS: Final = (
    Agent("Claude Code", "CLAUDE_CONFIG_DIR", (".claude", ".config/claude"), ("projects/**/*.jsonl",)),
    Agent(
        "Codex",
        "CODEX_HOME",
        (".codex",),
        tuple(
            f"{folder}/**/*.{ending}"
            for folder in ("sessions", "archived_sessions")
            for ending in ("jsonl", "jsonl.zst")
        ),
    ),
    Agent("Copilot CLI", "COPILOT_HOME", (".copilot",), ("session-state/**/*.jsonl",)),
    Agent("Cursor", "", (".cursor",), ("projects/*/agent-transcripts/**/*.jsonl",)),
    Agent("Gemini CLI", "GEMINI_CLI_HOME", ("",), (".gemini/tmp/*/chats/**/*.json", ".gemini/tmp/*/chats/**/*.jsonl")),
    Agent(
        "OpenCode",
        "XDG_DATA_HOME",
        (".local/share",),
        ("opencode/opencode.db",),
        "a database, which is not read; `opencode export ID > FILE` writes a session that is",
    ),
    Agent("Pi", "PI_CODING_AGENT_DIR", (".pi/agent",), ("sessions/**/*.jsonl",)),
)
"""Source: the agents' own documents of October 2026 and their logs, as docs/formats.md has them. In order of name."""


class Found(Struct, frozen=True):
    """The logs of an agent on this machine.

    Attributes:
        agent: whose.
        patterns: paths and patterns that name the logs, as `suragh scan` takes them.
        files: how many there are.
        size: their bytes, as they lie there.
        format: name of the reader of the newest one; empty if none knows it.
    """

    agent: Agent
    patterns: tuple[str, ...]
    files: int
    size: int
    format: str


def find(environ: Mapping[str, str]) -> Iterator[Found]:
    """Look for the logs of every agent; those that there are, in order of name."""
    for agent in AGENTS:
        found = _logs(agent, list(_patterns(agent, environ)))
        if found:
            yield found


def offer(environ: Mapping[str, str]) -> list[str]:
    """Ask whether the logs on this machine are to be scanned; the patterns that name them, none for a no.

    Raises:
        UsageError: if there is nobody to ask, or nothing to offer.
    """
    hint = "See `suragh scan --help`"
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError("PATH is missing, expected a file, a folder, a pattern or -", hint=hint)
    found = [one for one in find(environ) if one.format]
    if not found:
        raise UsageError("PATH is missing, and no agent's logs are in the usual places", hint=hint)
    for one in found:
        print(f"{one.agent.name}: {counted(one.files, 'file')}, {size(one.size)}", file=sys.stderr)
    print("Scan these? [y/N] ", end="", file=sys.stderr, flush=True)
    agreed = sys.stdin.readline().strip().lower() in {"y", "yes"}
    return [pattern for one in found for pattern in one.patterns] if agreed else []


def _patterns(agent: Agent, environ: Mapping[str, str]) -> Iterator[str]:
    named, home = environ.get(agent.variable, ""), environ.get("HOME", "")
    folders = [named] if named else [f"{home}/{folder}" for folder in agent.folders] if home else []
    for folder in folders:
        for logs in agent.logs:
            yield f"{escape(folder.rstrip('/'))}/{logs}"


def _logs(agent: Agent, patterns: Iterable[str]) -> Found | None:
    kept, files, size, newest = [], 0, 0, (0.0, "")
    for pattern in patterns:
        here = list(_dated(pattern))
        if here:
            kept.append(pattern)
        files, size = files + len(here), size + sum(one for _, one, _ in here)
        newest = max([newest, *((time, path) for time, _, path in here)])
    return Found(agent, tuple(kept), files, size, _format(newest[1])) if files else None


def _dated(pattern: str) -> Iterator[tuple[float, int, str]]:
    """Time, size and path of each file."""
    for path in iglob(pattern, recursive=True, include_hidden=True):  # noqa: PTH207 - pathlib takes no absolute pattern
        with suppress(OSError):
            status = os.stat(path)  # noqa: PTH116 - of thousands of files
            if S_ISREG(status.st_mode):
                yield status.st_mtime, status.st_size, path


def _format(path: str) -> str:
    with open_inputs([path]) as inputs, inputs.member(0) as member:
        reader = choose(member.stream.head(HEAD))
    return reader.name if reader else ""
