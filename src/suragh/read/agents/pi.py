"""Pi: the session files of the coding agent of that name, a tree of entries, one a line.

Source: files of session version 3.
"""

from typing import Final

import msgspec
from msgspec import UNSET, Struct, UnsetType

from suragh.model.fact import Leaf, Pointer, Rejected
from suragh.read.acts import Origin, nameless
from suragh.read.identity import turn_id
from suragh.read.leaves import leaves
from suragh.read.lenient import moment
from suragh.read.probe import shape
from suragh.read.reader import Seen, Take, line_reader
from suragh.read.records import structured

_ENTRIES: Final = frozenset(
    {
        "message",
        "model_change",
        "thinking_level_change",
        "session_info",
        "custom",
        "custom_message",
        "compaction",
        "branch_summary",
        "label",
    }
)
_NO_TIME: Final = "timestamp is missing or no time, expected RFC 3339"


class _Block(Struct, gc=False):
    type: str | None = None
    text: str | None = None
    id: str | None = None
    name: str | None = None
    arguments: object = None


class _Message(Struct, gc=False, rename="camel"):
    role: str | None = None
    content: str | list[_Block] | None = None
    timestamp: object = None
    tool_call_id: str | None = None
    is_error: bool | None = None


class _Line(Struct, gc=False, rename="camel"):
    type: str | None = None
    id: str | None = None
    parent_id: str | UnsetType | None = UNSET
    timestamp: object = None
    version: int | None = None
    message: _Message | None = None


_DECODER: Final = msgspec.json.Decoder(_Line)


def begin() -> Take:
    """Start reading a stream: its first line names the session of all others."""
    return structured(_DECODER, _Session().take)


def recognise(line: bytes) -> bool:
    """Whether a line, perhaps cut at its end, is of this format."""
    top = shape(line)
    if top is None or not {"type", "id", "timestamp"} <= top.texts.keys():
        return False
    kind = top.texts["type"]
    if kind == "session":
        return {"version", "cwd"} <= top.texts.keys()
    return kind in _ENTRIES and "parentId" in top.texts and (kind != "message" or "message" in top.texts)


class _Session:
    """The session that the lines read so far belong to; empty before the first."""

    def __init__(self) -> None:
        self.name = ""

    def take(self, line: _Line, pointer: Pointer) -> list[Seen] | None:
        """Read one line."""
        if line.id is None or line.timestamp is None:
            return None
        if line.type == "session" and line.version is not None:
            self.name = line.id
            return []
        if line.type not in _ENTRIES or line.parent_id is UNSET:
            return None
        self.name = self.name or nameless("pi", line.id, str(line.timestamp))
        if line.message is None:
            return []
        known_at = moment(line.timestamp) or moment(line.message.timestamp)
        if known_at is None:
            return [Rejected(pointer, _NO_TIME)]
        return _facts(line.id, line.message, Origin(self.name, "", known_at, pointer))


def _facts(entry: str, message: _Message, origin: Origin) -> list[Seen]:
    blocks = message.content if isinstance(message.content, list) else []
    match message.role:
        case "assistant":
            return [
                origin.call(block.id, block.name, leaves(block.arguments), f"/message/content/{number}")
                for number, block in enumerate(blocks)
                if block.type == "toolCall"
            ]
        case "toolResult":
            return [origin.result(message.tool_call_id, _texts(message), "/message/content", failed=message.is_error)]
        case "user":
            text = "\n".join(leaf.text for leaf in _texts(message))
            turn = turn_id(origin.session, entry, text)
            return [origin.turn(turn, text, "/message/content", human=True)] if text else []
        case _:
            return []


def _texts(message: _Message) -> tuple[Leaf, ...]:
    content = message.content
    if not isinstance(content, list):
        return leaves(content) if content else ()
    return tuple(Leaf(f"{number}.text", block.text) for number, block in enumerate(content) if block.text)


CANNOT_KNOW: Final = (
    "The account: the files name none; hand in a table of sessions and accounts.",
    "The session of lines whose first line is missing: they are one, named after the first of them.",
    "Which branch of the tree of messages the agent went on with: all of them are read.",
)

NOTES: Final = (
    ("Calls", "`toolCall` blocks of the assistant."),
    ("Results", "messages in the role `toolResult`; encoded images are left out."),
    ("Failed", "`isError`."),
    ("Session", "the id in the line `session`, for all lines that follow."),
    ("Human turns", "messages in the role `user`."),
    ("Passed over", "`bashExecution`: a person ran that command in the terminal, not the agent."),
)

READER: Final = line_reader(
    recognise=recognise,
    begin=begin,
    name="pi",
    title="Pi session file",
    cannot_know=CANNOT_KNOW,
    about="What the coding agent Pi writes below `sessions/`: a session a file.",
    notes=NOTES,
)
