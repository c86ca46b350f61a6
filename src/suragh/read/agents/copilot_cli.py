"""Copilot CLI: the events of a session, one a line, that GitHub's agent for the terminal writes.

Source: files of versions 1.0.70 to 1.0.79.
"""

import re
from typing import Final

import msgspec
from msgspec import Struct

from suragh.model.fact import Leaf, Pointer, Rejected
from suragh.read.acts import Origin, nameless
from suragh.read.identity import turn_id
from suragh.read.leaves import leaves
from suragh.read.lenient import moment
from suragh.read.probe import shape
from suragh.read.reader import Seen, Take, line_reader
from suragh.read.records import structured

_KEYS: Final = frozenset({"type", "data", "id", "timestamp"})
_ABORT: Final = "abort"
"""The only kind of event whose name has no point in it."""

_EXIT: Final = re.compile(r"(?:^|\n)<(?:shellId: [^\n>]* completed|exited) with exit code (-?\d+)>\s*\Z")
"""The line that the client puts below the output of a command: only the last one is the client's."""

_NO_TIME: Final = "timestamp is missing or no time, expected RFC 3339"


class _Data(Struct, gc=False, rename="camel"):
    session_id: str | None = None
    tool_call_id: str | None = None
    tool_name: str | None = None
    parent_tool_call_id: str | None = None
    arguments: object = None
    success: bool | None = None
    result: object = None
    error: object = None
    content: object = None
    source: object = None


class _Event(Struct, gc=False, rename="camel"):
    type: str | None = None
    id: str | None = None
    timestamp: object = None
    agent_id: str | None = None
    data: _Data | None = None


_DECODER: Final = msgspec.json.Decoder(_Event)


def begin() -> Take:
    """Start reading a stream: its first event names the session of all others."""
    return structured(_DECODER, _Session().take)


def recognise(line: bytes) -> bool:
    """Whether a line, perhaps cut at its end, is of this format."""
    top = shape(line) if b'"data"' in line else None
    return top is not None and top.texts.keys() >= _KEYS and _is_kind(top.texts["type"])


def _is_kind(kind: str) -> bool:
    return "." in kind or kind == _ABORT


class _Session:
    """The session that the events read so far belong to; empty before the first."""

    def __init__(self) -> None:
        self.name = ""

    def take(self, event: _Event, pointer: Pointer) -> list[Seen] | None:
        """Read one event."""
        kind, data = event.type, event.data
        if kind is None or data is None or event.id is None or not _is_kind(kind):
            return None
        if kind in ("session.start", "session.resume") and data.session_id:
            self.name = data.session_id
        self.name = self.name or nameless("copilot", event.id)
        known_at = moment(event.timestamp)
        if known_at is None:
            return [Rejected(pointer, _NO_TIME)]
        return _facts(
            event, data, Origin(self.name, event.agent_id or data.parent_tool_call_id or "", known_at, pointer)
        )


def _facts(event: _Event, data: _Data, origin: Origin) -> list[Seen]:
    match event.type:
        case "tool.execution_start":
            return [origin.call(data.tool_call_id, data.tool_name, leaves(data.arguments), "/data")]
        case "tool.execution_complete":
            texts, at = _returned(data)
            return [origin.result(data.tool_call_id, texts, at, failed=_failed(data, texts))]
        case "user.message" if isinstance(data.content, str) and data.content and not data.source:
            return [
                origin.turn(
                    turn_id(origin.session, event.id or "", data.content),
                    data.content,
                    "/data/content",
                    human=not origin.actor,
                )
            ]
        case _:
            return []


def _returned(data: _Data) -> tuple[tuple[Leaf, ...], str]:
    """Give the texts of a result, and where they stand: what the model was shown, not what people are shown of it."""
    if data.result is None:
        return leaves(data.error), "/data/error"
    shown = data.result.get("content") if isinstance(data.result, dict) else None
    return (leaves(shown), "/data/result/content") if shown else (leaves(data.result), "/data/result")


def _failed(data: _Data, texts: tuple[Leaf, ...]) -> bool | None:
    code = _EXIT.search(texts[-1].text[-200:]) if data.success and texts else None
    if code is not None:
        return code[1] != "0"
    return None if data.success is None else not data.success


CANNOT_KNOW: Final = (
    "The account: the events name none; hand in a table of sessions and accounts.",
    "The session of events whose `session.start` is missing: they are one, named after the first of them.",
    "Whether a command failed, where the client did not wait for its end.",
)

NOTES: Final = (
    ("Calls", "`tool.execution_start`; what repeats it (`toolRequests`, hooks, permissions) is passed over."),
    ("Results", "`tool.execution_complete`: the content that the model was shown, else the error."),
    ("Failed", "`success`, and the exit code in the line that the client puts below a command's output."),
    ("Session", "`sessionId` of `session.start` or `session.resume`, for all events that follow."),
    ("Sub-agents", "`agentId`, else `parentToolCallId`."),
    ("Human turns", "`user.message` without a `source`; one with a source was put in by the client."),
)

READER: Final = line_reader(
    recognise=recognise,
    begin=begin,
    name="copilot-cli",
    title="Copilot CLI event log",
    cannot_know=CANNOT_KNOW,
    about="What GitHub Copilot CLI writes below `session-state/`: `events.jsonl`.",
    notes=NOTES,
)
