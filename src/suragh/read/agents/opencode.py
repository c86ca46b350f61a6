"""OpenCode: a session as the tool exports it, one document with its messages and their parts.

Source: an export of version 1.18.11.
"""

from collections.abc import Iterator
from typing import Final

import msgspec
from msgspec import Struct

from suragh.model.fact import Kinship, Leaf, Pointer, Rejected
from suragh.read.acts import Origin, answered
from suragh.read.documents import document_reader
from suragh.read.identity import turn_id
from suragh.read.leaves import leaves
from suragh.read.lenient import first_moment
from suragh.read.probe import shape
from suragh.read.reader import Seen, Take
from suragh.read.records import structured

_SESSION_KEYS: Final = frozenset({"projectID", "directory", "slug", "sessionID", "parentID"})
_NO_TIME: Final = "time of a message is missing or no time, expected milliseconds since 1970"
_DONE: Final = frozenset({"completed", "error"})


class _Time(Struct, gc=False):
    created: object = None
    completed: object = None
    start: object = None
    end: object = None


class _State(Struct, gc=False):
    status: str | None = None
    input: object = None
    output: object = None
    error: object = None
    metadata: dict[str, object] | None = None
    time: _Time | None = None


class _Part(Struct, gc=False, rename={"call_id": "callID"}):
    type: str | None = None
    text: str | None = None
    synthetic: bool | None = None
    tool: str | None = None
    call_id: str | None = None
    state: _State | None = None


class _Info(Struct, gc=False, rename={"session_id": "sessionID", "parent_id": "parentID"}):
    id: str | None = None
    session_id: str | None = None
    parent_id: str | None = None
    directory: str | None = None
    role: str | None = None
    time: _Time | None = None


class _Message(Struct, gc=False):
    info: _Info | None = None
    parts: list[_Part] | None = None


class _Export(Struct, gc=False):
    info: _Info | None = None
    messages: list[_Message] | None = None


_DECODER: Final = msgspec.json.Decoder(_Export)
_NO_INFO: Final = _Info()
_NO_TIMES: Final = _Time()


def begin() -> Take:
    """Start reading a document."""
    return structured(_DECODER, _take)


def recognise(head: bytes) -> bool:
    """Whether a document, perhaps cut at its end, is of this format."""
    top = shape(head) if b'"info"' in head else None
    return top is not None and "info" in top.texts and not _SESSION_KEYS.isdisjoint(top.inner)


def _take(export: _Export, pointer: Pointer) -> list[Seen] | None:
    info = export.info
    if info is None or info.id is None or export.messages is None:
        return None
    found: list[Seen] = []
    began = _moment(info.time, "created")
    if info.parent_id and began is not None:
        found.append(Kinship(info.id, info.parent_id, began))
    for number, message in enumerate(export.messages):
        found += _message(message, info, pointer, f"/messages/{number}")
    return found


def _moment(times: _Time | None, *names: str) -> int | None:
    """Give the first of some times that is one."""
    return first_moment(*(getattr(times or _NO_TIMES, name) for name in names))


def _message(message: _Message, session: _Info, pointer: Pointer, at: str) -> Iterator[Seen]:
    own = message.info or _NO_INFO
    sent_at = _moment(own.time, "created", "completed")
    name = own.session_id or session.id or ""
    for number, part in enumerate(message.parts or ()):
        if part.type == "tool" and part.state is not None:
            known_at = _moment(part.state.time, "start", "end") or sent_at
            if known_at is None:
                yield Rejected(pointer, _NO_TIME)
            else:
                yield from _tool(part, part.state, Origin(name, "", known_at, pointer), f"{at}/parts/{number}")
    texts = [part.text for part in message.parts or () if part.type == "text" and part.text and not part.synthetic]
    if own.role == "user" and texts:
        if sent_at is None:
            yield Rejected(pointer, _NO_TIME)
        else:
            origin = Origin(name, "", sent_at, pointer)
            text = "\n".join(texts)
            yield origin.turn(turn_id(name, own.id or "", text), text, f"{at}/parts", human=not session.parent_id)


def _tool(part: _Part, state: _State, origin: Origin, at: str) -> Iterator[Seen]:
    call = origin.call(part.call_id, part.tool, leaves(state.input), f"{at}/state/input")
    yield call
    if state.status in _DONE or state.output is not None:
        texts, name = _returned(state)
        ended = _moment(state.time, "end") or origin.known_at
        yield answered(call, texts, f"{at}/state/{name}", max(ended, origin.known_at), failed=_failed(state))


def _returned(state: _State) -> tuple[tuple[Leaf, ...], str]:
    name = "output" if state.output is not None else "error"
    return leaves(getattr(state, name)), name


def _failed(state: _State) -> bool | None:
    code = (state.metadata or {}).get("exit")
    if state.status == "completed" and isinstance(code, int):
        return code != 0
    return state.status == "error" if state.status in _DONE else None


CANNOT_KNOW: Final = (
    "The account: exports name none; hand in a table of sessions and accounts.",
    "What a sub-agent did, unless its own session is exported as well.",
)

NOTES: Final = (
    ("Calls", "parts of the type `tool`, at their start."),
    ("Results", "the output of the same part, else its error, at its end."),
    ("Failed", "the part's status, and for commands the exit code in `metadata.exit`."),
    ("Session", "`info.id`."),
    ("Sub-agents", "sessions of their own, with `info.parentID`."),
    ("Human turns", "texts of user messages that are not `synthetic`, in sessions without a parent."),
)

READER: Final = document_reader(
    recognise=recognise,
    begin=begin,
    name="opencode",
    title="OpenCode export",
    cannot_know=CANNOT_KNOW,
    about="What `opencode export` writes: one document a session.",
    notes=NOTES,
)
