"""Codex: the rollout files that the command line, the desktop application and the extensions write.

Source: files of versions 0.66.0 to 0.169.0.
"""

from collections.abc import Iterator
from typing import Final

import msgspec
from msgspec import Struct

from suragh.model.fact import Call, Kinship, Pointer, Rejected, Result, Turn
from suragh.read.acts import Origin, nameless, said
from suragh.read.agents.codex_calls import arguments, returned
from suragh.read.identity import turn_at, turn_id
from suragh.read.lenient import moment
from suragh.read.probe import shape
from suragh.read.reader import Seen, Take, line_reader
from suragh.read.records import structured

_KINDS: Final = frozenset({"session_meta", "turn_context", "response_item", "event_msg", "compacted", "world_state"})


class _Spawn(Struct, gc=False):
    parent_thread_id: str | None = None


class _SubAgent(Struct, gc=False):
    thread_spawn: _Spawn | None = None


class _Source(Struct, gc=False):
    subagent: _SubAgent | str | None = None


class _Item(Struct, gc=False):
    type: str | None = None
    id: str | None = None
    content: object = None


class _Payload(Struct, gc=False):
    type: str | None = None
    id: str | None = None
    timestamp: str | None = None
    source: _Source | str | None = None
    forked_from_id: str | None = None
    name: str | None = None
    call_id: str | None = None
    arguments: object = None
    input: object = None
    action: object = None
    output: object = None
    message: object = None
    client_id: str | None = None
    item: _Item | None = None


class _Line(Struct, gc=False):
    timestamp: str | None = None
    type: str | None = None
    payload: _Payload | None = None


_DECODER: Final = msgspec.json.Decoder(_Line)


def begin() -> Take:
    """Start reading a stream: its first line names the session of all others."""
    return structured(_DECODER, _Rollout().take)


def recognise(line: bytes) -> bool:
    """Whether a line, perhaps cut at its end, is of this format."""
    top = shape(line) if b'"payload"' in line else None
    return top is not None and {"timestamp", "payload"} <= top.texts.keys() and top.texts.get("type") in _KINDS


class _Rollout:
    """Where in a rollout the reading stands.

    Attributes:
        session: the session; empty before the first line.
        is_child: whether another agent started it: what stands in the role of the user is then that agent's.
        origins: sessions that this one was forked from, whose lines it repeats.
        created: when the session began.
        voice: the kind of event that reports what a person said; versions that write both would be counted twice.
    """

    def __init__(self) -> None:
        self.session = ""
        self.is_child = False
        self.origins: set[str] = set()
        self.created = ""
        self.voice = ""

    def take(self, line: _Line, pointer: Pointer) -> list[Seen] | None:
        """Read one line."""
        if line.type is None or line.payload is None or line.timestamp is None:
            return None
        known_at = moment(line.timestamp)
        if known_at is None:
            return [Rejected(pointer, "timestamp is no time, expected RFC 3339")]
        if not self.session and line.type != "session_meta":
            # A rollout without its start: its first line stands for the name it would have had.
            self.session = nameless("codex", line.timestamp, line.type)
        return list(self._facts(line.type, line.payload, known_at, pointer))

    def _facts(self, kind: str, payload: _Payload, known_at: int, pointer: Pointer) -> Iterator[Seen]:
        what = payload.type or ""
        if kind == "session_meta":
            yield from self._meta(payload, known_at)
        elif kind == "response_item" and what.endswith("_call"):
            yield self._call(payload, known_at, pointer)
        elif kind == "response_item" and what.endswith("_call_output"):
            yield self._result(payload, known_at, pointer)
        elif kind == "event_msg" and what in ("user_message", "item_completed"):
            yield from self._turn(payload, known_at, pointer)

    def _meta(self, payload: _Payload, known_at: int) -> Iterator[Kinship]:
        own, created = payload.id or "", payload.timestamp or ""
        if own in self.origins:
            self.origins.add(payload.forked_from_id or own)
        elif own and own != self.session and (not self.session or created > self.created):
            # The first one of a file, or the first one of the next file where files were joined. An older session
            # after a newer one is the history of a fork.
            source = payload.source.subagent if isinstance(payload.source, _Source) else None
            self.session, self.created, self.voice = own, created, ""
            self.is_child = source is not None
            self.origins = {payload.forked_from_id} if payload.forked_from_id else set()
            spawn = source.thread_spawn if isinstance(source, _SubAgent) else None
            if spawn is not None and spawn.parent_thread_id:
                yield Kinship(own, spawn.parent_thread_id, known_at)

    def _call(self, payload: _Payload, known_at: int, pointer: Pointer) -> Call:
        tool = payload.name or (payload.type or "").removesuffix("_call")
        given = next((v for v in (payload.arguments, payload.input, payload.action) if v is not None), None)
        asked = arguments(payload.type or "", payload.name or "", given)
        return self._origin(known_at, pointer).call(payload.call_id or payload.id, tool, asked, "/payload")

    def _result(self, payload: _Payload, known_at: int, pointer: Pointer) -> Result:
        texts, failed = returned(payload.output)
        call_id = payload.call_id or payload.id
        return self._origin(known_at, pointer).result(call_id, texts, "/payload/output", failed=failed)

    def _turn(self, payload: _Payload, known_at: int, pointer: Pointer) -> Iterator[Turn]:
        text, own, at = _said(payload)
        if not text:
            return
        self.voice = self.voice or (payload.type or "")
        if self.voice == payload.type:
            # Without an id it is known as the same agent's telemetry knows it.
            turn = turn_id(self.session, own, text) if own else turn_at(self.session, known_at, text)
            yield self._origin(known_at, pointer).turn(turn, text, at, human=not self.is_child)

    def _origin(self, known_at: int, pointer: Pointer) -> Origin:
        return Origin(self.session, "", known_at, pointer)


def _said(payload: _Payload) -> tuple[str, str, str]:
    """Give the text, id and place of what a person said, in either of the two forms."""
    if payload.type == "user_message":
        return (
            (payload.message if isinstance(payload.message, str) else ""),
            payload.client_id or "",
            "/payload/message",
        )
    item = payload.item
    if item is None or item.type != "UserMessage":
        return "", "", ""
    return said(item.content), item.id or "", "/payload/item/content"


CANNOT_KNOW: Final = (
    "The account: rollouts name none; hand in a table of sessions and accounts.",
    "The parent of a sub-agent whose `session_meta` only says what kind it is (`review`).",
    "Commands that a script of the code mode computes from what tools returned; those it holds as text are dug out.",
    "Whether a person or a program typed a message.",
)

NOTES: Final = (
    (
        "Calls",
        (
            "`function_call`, `custom_tool_call`, `local_shell_call` and other `…_call` items. A command that is given "
            "in words is joined to a line. In a script of the code mode (`exec`) the script stays, and each shell "
            "command that it holds as text stands beside it (`cmd.0`, `cmd.1`, …), through variables, loops over lists "
            "and functions of its own. Events that mirror calls are passed over."
        ),
    ),
    ("Results", "the `…_call_output` items."),
    (
        "Failed",
        (
            "the exit code that Codex puts before the tool's output, `Script failed`, or a hook's block; nothing that "
            "the tool itself printed."
        ),
    ),
    (
        "Session",
        (
            "the id in the first `session_meta`; a later one with the same id is a resumption. The history that a fork "
            "repeats stays with the fork, and its actions are those of the original. A file without its start is one "
            "session named after its first line."
        ),
    ),
    ("Sub-agents", "`session_meta.source.subagent`; the parent is `thread_spawn.parent_thread_id`."),
    (
        "Human turns",
        (
            "only the events `user_message`, or `item_completed` with a `UserMessage` in versions that write that "
            "instead. Items in the role of the user also carry injected text, and `compacted` lines repeat old "
            "messages: neither counts."
        ),
    ),
)

READER: Final = line_reader(
    name="codex",
    title="Codex rollout",
    recognise=recognise,
    begin=begin,
    cannot_know=CANNOT_KNOW,
    about="What Codex writes below `sessions/`: command line, desktop application and extensions.",
    notes=NOTES,
)
