"""Claude Code: the session files that the tool itself writes, of the main agent and of its sub-agents.

Source: files of versions 2.0.28 to 2.1.330; the vendor calls the format internal.
"""

from collections.abc import Iterator
from typing import Final

import msgspec
from msgspec import Struct

from suragh.model.fact import Pointer, Rejected
from suragh.read.acts import Origin, said
from suragh.read.chat_messages import block_texts
from suragh.read.identity import turn_id
from suragh.read.leaves import leaves
from suragh.read.lenient import convert, moment
from suragh.read.probe import shape
from suragh.read.reader import Seen, Take, line_reader
from suragh.read.records import structured

INJECTED: Final = (
    "<command-",
    "<local-command",
    "<task-notification>",
    "<system-reminder>",
    "[Request interrupted",
)
"""How texts begin that stand in a user's message and that no person wrote."""

_BARE_KINDS: Final = frozenset({"summary", "file-history-snapshot"})
"""Lines of old versions that name no session."""


class _Block(Struct, gc=False):
    type: str | None = None
    text: str | None = None
    id: str | None = None
    name: str | None = None
    input: object = None
    tool_use_id: str | None = None
    content: object = None
    is_error: bool | None = None


class _Message(Struct, gc=False):
    content: str | list[_Block] | None = None


class _Attachment(Struct, gc=False):
    type: str | None = None
    prompt: object = None
    source_uuid: str | None = None


class _Progress(Struct, gc=False, rename="camel"):
    type: str | None = None
    agent_id: str | None = None
    message: object = None


class _Line(Struct, gc=False, rename="camel"):
    type: str | None = None
    session_id: str | None = None
    agent_id: str | None = None
    agent_type: str | None = None
    uuid: str | None = None
    timestamp: str | None = None
    is_sidechain: bool | None = None
    is_meta: bool | None = None
    is_compact_summary: bool | None = None
    origin: object = None
    message: _Message | str | None = None
    data: _Progress | str | None = None
    attachment: _Attachment | str | None = None


class _Place(Origin, frozen=True, gc=False):
    """What the blocks of one message have in common."""

    message_id: str
    injected: bool
    at: str


_SIDECHAIN: Final = "sidechain"
"""The actor of a sub-agent that the line gives no id of."""

_NO_TIME: Final = "timestamp is missing or no time, expected RFC 3339"

_DECODER: Final = msgspec.json.Decoder(_Line)


def begin() -> Take:
    """Start reading a stream; nothing is carried from one line to the next."""
    return _TAKE


def recognise(line: bytes) -> bool:
    """Whether a line, perhaps cut at its end, is of this format."""
    top = shape(line)
    if top is None:
        return False
    kind = top.texts.get("type", "")
    return (bool(kind) and "sessionId" in top.texts) or kind in _BARE_KINDS or _is_side_file(top.texts)


def _is_side_file(keys: dict[str, str]) -> bool:
    """Whether this is what lies beside a sub-agent's file (`agent-X.meta.json`): read, and without any action."""
    return "agentType" in keys and "type" not in keys


def _facts(line: _Line, pointer: Pointer) -> list[Seen] | None:
    if not _is_ours(line):
        return None
    kind = line.type
    if (kind == "user" or kind == "assistant") and isinstance(line.message, _Message):  # noqa: PLR1714 - twice as fast
        return _message(line, line.message, pointer)
    if kind == "progress" and isinstance(line.data, _Progress):
        return _progress(line, line.data, pointer)
    if kind == "attachment" and isinstance(line.attachment, _Attachment):
        return list(_attachment(line, line.attachment, pointer))
    return []


def _is_ours(line: _Line) -> bool:
    if line.type is None:
        return line.agent_type is not None
    return line.session_id is not None or line.type in _BARE_KINDS


_TAKE: Final = structured(_DECODER, _facts)


def _message(line: _Line, message: _Message, pointer: Pointer) -> list[Seen]:
    known_at = moment(line.timestamp)
    if known_at is None:
        return [Rejected(pointer, _NO_TIME)]
    place = _Place(
        line.session_id or "",
        line.agent_id or (_SIDECHAIN if line.is_sidechain else ""),
        known_at,
        pointer,
        line.uuid or "",
        line.type != "user" or _is_injected(line),
        "/message/content",
    )
    return _content(message, place)


def _progress(line: _Line, data: _Progress, pointer: Pointer) -> list[Seen]:
    """Read what a sub-agent said, where its messages stand in the file of the main agent."""
    inner = convert(data.message, _Line) if data.type == "agent_progress" else None
    if inner is None or not isinstance(inner.message, _Message):
        return []
    known_at = moment(line.timestamp) or moment(inner.timestamp)
    if known_at is None:
        return [Rejected(pointer, _NO_TIME)]
    place = _Place(
        line.session_id or "",
        data.agent_id or _SIDECHAIN,
        known_at,
        pointer,
        inner.uuid or line.uuid or "",
        inner.type != "user" or _is_injected(inner),
        "/data/message/message/content",
    )
    return _content(inner.message, place)


def _attachment(line: _Line, attachment: _Attachment, pointer: Pointer) -> Iterator[Seen]:
    """Read a message that a person typed while the agent worked: it may stand nowhere else."""
    known_at = moment(line.timestamp)
    if attachment.type != "queued_command" or known_at is None or line.is_meta:
        return
    prompt = attachment.prompt
    text = said(prompt)
    if text and not text.startswith(INJECTED):
        origin = Origin(line.session_id or "", "", known_at, pointer)
        turn = turn_id(origin.session, attachment.source_uuid or line.uuid or "", text)
        human = not (line.agent_id or line.is_sidechain)
        yield origin.turn(turn, text, "/attachment/prompt", human=human)


def _is_injected(line: _Line) -> bool:
    kind = line.origin.get("kind") if isinstance(line.origin, dict) else None
    return bool(line.is_meta or line.is_compact_summary or (kind is not None and kind != "human"))


def _content(message: _Message, place: _Place) -> list[Seen]:
    content = message.content
    if isinstance(content, str):
        return _turn(content, place)
    found: list[Seen] = []
    texts: list[str] = []
    carries_result = False
    for number, block in enumerate(content or ()):
        kind = block.type or ""
        if kind.endswith("tool_use"):
            found.append(place.call(block.id, block.name, leaves(block.input), f"{place.at}/{number}"))
        elif kind.endswith("tool_result"):
            carries_result = True
            returned = block_texts(block.content)
            found.append(place.result(block.tool_use_id, returned, f"{place.at}/{number}", failed=block.is_error))
        elif kind == "text" and block.text and not block.text.startswith(INJECTED):
            texts.append(block.text)
    if texts and not carries_result:
        found += _turn("\n".join(texts), place)
    return found


def _turn(text: str, place: _Place) -> list[Seen]:
    if place.injected or not text or text.startswith(INJECTED):
        return []
    turn = turn_id(place.session, place.message_id, text)
    return [place.turn(turn, text, place.at, human=not place.actor)]


CANNOT_KNOW: Final = (
    "The account: the files name none; hand in a table of sessions and accounts.",
    "What a sub-agent did whose own file is missing: its parent's file holds only the task and the answer.",
    "Whether a person or a program typed a prompt that came in through the software development kit.",
    "Whether a call failed, in versions that leave `is_error` out of good results: then nothing says.",
)

NOTES: Final = (
    ("Calls", "`tool_use` blocks."),
    ("Results", "`tool_result` blocks; encoded images are left out."),
    ("Failed", "`is_error`."),
    ("Session", "`sessionId`, line by line. A resumed session repeats lines; they count once."),
    ("Sub-agents", "`agentId`, in their own file or inlined as `progress` lines (`agent_progress`)."),
    (
        "Human turns",
        (
            "user messages without a result that are not marked `isMeta`, `isCompactSummary` or `isSidechain`, whose "
            "`origin.kind`, if there is one, is `human`, and whose text does not begin with `<command-`, "
            "`<local-command`, `<task-notification>`, `<system-reminder>` or `[Request interrupted`; and messages typed"
            " while the agent worked (`queued_command`)."
        ),
    ),
    (
        "Glued lines",
        "where the line end between two records is missing, each is read, under its own offset.",
    ),
    (
        "Passed over",
        (
            "`agent-….meta.json`, which lies beside a sub-agent's file, is recognised by its content, counted as a "
            "record, and holds nothing more."
        ),
    ),
)

READER: Final = line_reader(
    name="claude-code",
    title="Claude Code session file",
    recognise=recognise,
    begin=begin,
    cannot_know=CANNOT_KNOW,
    about="What Claude Code writes below `projects/`: the session's file, and `subagents/agent-….jsonl` beside it.",
    notes=NOTES,
)
