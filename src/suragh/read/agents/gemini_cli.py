"""Gemini CLI: the chats that the tool records, one document a session, or in newer versions one message a line.

Source: documents of 2025-12; the lines as the tool's own recorder writes them.
"""

import re
from collections.abc import Iterator
from typing import Final

import msgspec
from msgspec import UNSET, Struct

from suragh.model.fact import Call, Leaf, Pointer, Rejected
from suragh.read.acts import Origin, answered, nameless, said
from suragh.read.documents import document_reader
from suragh.read.identity import turn_id
from suragh.read.leaves import leaves
from suragh.read.lenient import moment
from suragh.read.probe import shape
from suragh.read.reader import Seen, Take, line_reader
from suragh.read.records import structured

_KINDS: Final = frozenset({"user", "gemini", "info", "warning", "error"})
_SHELL: Final = "Command: "
_EXIT: Final = re.compile(r"\nExit Code: (-?\d+)")
_FAILED: Final = {"success": False, "error": True, "cancelled": True}
_NAMES: Final = (".functionResponse.id", ".functionResponse.name", ".inlineData.data", ".inlineData.mimeType")
"""What stands beside the texts of a result."""

_NO_TIME: Final = "timestamp of a message is missing or no time, expected RFC 3339"


class _ToolCall(Struct, gc=False, rename="camel"):
    id: str | None = None
    name: str | None = None
    args: object = None
    status: str | None = None
    timestamp: object = None
    result: object = None
    result_display: object = None


class _Message(Struct, gc=False, rename="camel"):
    id: str | None = None
    timestamp: object = None
    type: str | None = None
    content: object = None
    tool_calls: list[_ToolCall] | None = None


class _Chat(_Message, gc=False, rename="camel"):
    """A document, or a line: the head of a chat, or one of its messages."""

    session_id: str | None = None
    project_hash: str | None = None
    kind: str | None = None
    messages: list[_Message] | None = None
    changed: object = msgspec.field(name="$set", default=UNSET)
    rewound: object = msgspec.field(name="$rewindTo", default=UNSET)


_DECODER: Final = msgspec.json.Decoder(_Chat)


def begin() -> Take:
    """Start reading a stream of lines: its head names the session."""
    return structured(_DECODER, _Lines().take)


def begin_document() -> Take:
    """Start reading a document."""
    return structured(_DECODER, _document)


def recognise(line: bytes) -> bool:
    """Whether a line, perhaps cut at its end, is the head of a chat in lines."""
    top = shape(line) if b'"projectHash"' in line else None
    return top is not None and {"sessionId", "projectHash"} <= top.texts.keys() and "messages" not in top.texts


def recognise_document(head: bytes) -> bool:
    """Whether a document, perhaps cut at its end, is a chat."""
    top = shape(head) if b'"projectHash"' in head else None
    return top is not None and {"sessionId", "projectHash"} <= top.texts.keys()


class _Lines:
    """The chat that the lines read so far belong to."""

    def __init__(self) -> None:
        self.session = ""
        self.human = True

    def take(self, line: _Chat, pointer: Pointer) -> list[Seen] | None:
        """Read one line."""
        if line.project_hash is not None and line.session_id:
            self.session, self.human = line.session_id, line.kind != "subagent"
            return list(_messages(line, pointer)) if line.messages else []
        if line.type not in _KINDS or line.id is None or line.timestamp is None or line.session_id is not None:
            return None if line.changed is UNSET and line.rewound is UNSET else []
        self.session = self.session or nameless("gemini", line.id)
        return list(_message(line, (self.session, pointer, ""), human=self.human))


def _document(chat: _Chat, pointer: Pointer) -> list[Seen] | None:
    return None if chat.project_hash is None or not chat.session_id else list(_messages(chat, pointer))


def _messages(chat: _Chat, pointer: Pointer) -> Iterator[Seen]:
    human = chat.kind != "subagent"
    for number, message in enumerate(chat.messages or ()):
        yield from _message(message, (chat.session_id or "", pointer, f"/messages/{number}"), human=human)


def _message(message: _Message, place: tuple[str, Pointer, str], *, human: bool) -> Iterator[Seen]:
    session, pointer, at = place
    sent_at = moment(message.timestamp)
    for number, asked in enumerate(message.tool_calls or ()):
        known_at = moment(asked.timestamp) or sent_at
        if known_at is None:
            yield Rejected(pointer, _NO_TIME)
            continue
        yield from _tool_call(asked, Origin(session, "", known_at, pointer), f"{at}/toolCalls/{number}")
    text = said(message.content) if message.type == "user" else ""
    if text and sent_at is None:
        yield Rejected(pointer, _NO_TIME)
    elif text and sent_at is not None:
        turn = turn_id(session, message.id or "", text)
        yield Origin(session, "", sent_at, pointer).turn(turn, text, f"{at}/content", human=human)


def _tool_call(asked: _ToolCall, origin: Origin, at: str) -> Iterator[Seen]:
    call: Call = origin.call(asked.id, asked.name, leaves(asked.args), at)
    yield call
    texts = tuple(leaf for leaf in leaves(asked.result) if not leaf.path.endswith(_NAMES))
    where = f"{at}/result"
    if not texts and asked.result_display:
        texts, where = leaves(asked.result_display), f"{at}/resultDisplay"
    failed = _failed(asked.status, texts)
    if texts or failed is not None:
        yield answered(call, texts, where, origin.known_at, failed=failed)


def _failed(status: str | None, texts: tuple[Leaf, ...]) -> bool | None:
    """Read the tool's status, and for a command the last exit code: the client writes it below the output."""
    failed = _FAILED.get(status or "")
    if failed is False and texts and texts[0].text.startswith(_SHELL):
        codes = _EXIT.findall(texts[0].text)
        return bool(codes) and codes[-1] != "0"
    return failed


CANNOT_KNOW: Final = (
    "The account: chats name none; hand in a table of sessions and accounts.",
    "When a call was made: it is recorded with its result.",
    "The parent of a sub-agent's chat.",
)

NOTES: Final = (
    ("Calls", "`toolCalls` of a message, at the time of each."),
    ("Results", "the `functionResponse` of a call, else what people were shown of it (`resultDisplay`)."),
    ("Failed", "`status`, and the exit code that the client writes below a command's output."),
    ("Session", "`sessionId`."),
    ("Sub-agents", "chats whose `kind` is `subagent` are sessions of their own."),
    ("Human turns", "messages of the type `user`, but not in the chat of a sub-agent."),
)

READER: Final = line_reader(
    recognise=recognise,
    begin=begin,
    name="gemini-cli",
    title="Gemini CLI chat in lines",
    cannot_know=CANNOT_KNOW,
    about="What newer versions of Gemini CLI write below `tmp/…/chats/`: the head of a chat, then a message a line.",
    notes=NOTES,
)

DOCUMENT_READER: Final = document_reader(
    recognise=recognise_document,
    begin=begin_document,
    name="gemini-cli-document",
    title="Gemini CLI chat",
    cannot_know=CANNOT_KNOW,
    about="The same, as older versions of Gemini CLI write it: one document a session.",
)
