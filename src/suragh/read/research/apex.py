"""Apex: what agents of a program that tests web applications said and called, one document an agent.

Source: sessions of Pensar's Apex of November 2025. Each agent has a folder with `messages.json` and `metadata.json`.
"""

from collections.abc import Iterator
from typing import Final

import msgspec
from msgspec import Struct

from suragh.model.fact import Fact, Kinship, Pointer, Rejected
from suragh.read.acts import nameless
from suragh.read.chat_messages import Asked, Course, Message, Talk, add_call, add_message, said
from suragh.read.documents import document_reader, side_reader
from suragh.read.lenient import moment, parsed
from suragh.read.lists import first_of, is_list
from suragh.read.probe import shape
from suragh.read.reader import Seen, Take
from suragh.read.records import structured, structured_or_list
from suragh.read.told import Told
from suragh.read.undated import Dates

_MESSAGE: Final = frozenset({"role", "content", "createdAt"})
_METADATA: Final = frozenset({"subagentId", "sessionId", "objective"})
_SIDES: Final = (
    frozenset({"rootPath", "findingsPath", "objective"}),
    frozenset({"repoPath", "branch", "expectedResults", "actualResults"}),
)
"""Keys of a session's own description, and of what a benchmark made of it."""


class _Message(Message, gc=False, rename={"call_id": "toolCallId", "tool": "toolName", "created_at": "createdAt"}):
    call_id: str | None = None
    tool: str | None = None
    args: object = None
    created_at: str | None = None


class _Metadata(Struct, gc=False, rename="camel"):
    subagent_id: str | None = None
    session_id: str | None = None
    target: str | None = None
    objective: str | None = None
    start_time: str | None = None


_DECODER: Final = msgspec.json.Decoder(_Metadata)
_MESSAGES: Final = msgspec.json.Decoder(_Message)


def begin() -> Take:
    """Start reading a document."""
    return structured_or_list(structured(_DECODER, _kin), _MESSAGES, _said)


def recognise(head: bytes) -> bool:
    """Whether a document, perhaps cut at its end, is a list of messages, or says whose they are."""
    top = shape(first_of(head)) if b'"createdAt"' in head or b'"subagentId"' in head else None
    if top is None:
        return False
    return top.texts.keys() >= (_MESSAGE if is_list(head) else _METADATA)


def _said(messages: list[_Message], pointer: Pointer) -> Iterator[Seen] | None:
    return _facts(messages, pointer) if any(message.created_at for message in messages) else None


def _facts(messages: list[_Message], pointer: Pointer) -> Iterator[Fact]:
    session = next((_session(message.created_at, said(message)) for message in messages), "")
    dates, told, course = Dates(), Told(), Course()
    for number, message in enumerate(messages):
        known_at, found = dates.at(moment(message.created_at)), list[Fact]()
        talk = Talk(session, "", known_at, pointer, told)
        if message.role == "tool":
            asked = Asked(course.call(message.call_id or ""), message.tool or "", message.args)
            add_call(found, asked, talk, f"/{number}")
        else:
            add_message(found, message, talk, (f"/{number}", course))
        yield from found


def _kin(about: _Metadata, pointer: Pointer) -> list[Seen] | None:
    if about.subagent_id is None or about.session_id is None:
        return None
    known_at = moment(about.start_time)
    if known_at is None:
        return [Rejected(pointer, "startTime is missing or no time, expected RFC 3339")]
    own = _session(about.start_time, f"Target: {about.target}\nObjective: {about.objective}")
    return [Kinship(own, about.session_id, known_at)]


def _session(began: str | None, task: str) -> str:
    """Name an agent's session after its start and its task: the list of its messages names none."""
    return nameless("apex", began or "", task)


def _sniff_side(head: bytes) -> bool:
    top = shape(head) if b'"findingsPath"' in head or b'"expectedResults"' in head else None
    return top is not None and any(top.texts.keys() >= keys for keys in _SIDES)


def _is_side(data: bytes) -> bool:
    given = parsed(data)
    return isinstance(given, dict) and any(given.keys() >= keys for keys in _SIDES)


CANNOT_KNOW: Final = (
    "What a tool returned: only a line that says what the call was for is kept.",
    "The account: sessions name none; hand in a table of sessions and accounts.",
    "Which session an agent is of, where its `metadata.json` is missing or has another start than its first message.",
)

NOTES: Final = (
    ("Calls", "messages in the role of the tool, with `toolName` and `args`."),
    ("Session", "an agent, named after its start and its task."),
    ("Sub-agents", "every agent is one: `metadata.json` beside it names the session that started it."),
    ("Human turns", "none: the first message is the task that another agent gave."),
)

READER: Final = document_reader(
    recognise=recognise,
    begin=begin,
    name="apex",
    title="Apex session",
    cannot_know=CANNOT_KNOW,
    about="What the program writes of each of its agents: `messages.json`, and `metadata.json` beside it.",
    notes=NOTES,
)

SIDE_READER: Final = side_reader(
    _sniff_side,
    _is_side,
    name="apex-summary",
    title="description of an Apex session",
    cannot_know=("What the agents did: their own messages tell.",),
    about="`session.json` and `benchmark_results.json`: known by their content, and holding nothing more.",
)
