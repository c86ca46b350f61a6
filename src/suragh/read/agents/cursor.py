"""Cursor: the transcripts of its agent, a message a line, which say less than those of any other agent.

Source: transcripts of 2026, as Entire keeps them.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Final

import msgspec
from msgspec import Struct

from suragh.model.fact import Pointer
from suragh.read.acts import Origin, nameless
from suragh.read.identity import turn_id
from suragh.read.leaves import leaves
from suragh.read.lenient import moment
from suragh.read.probe import shape
from suragh.read.reader import Seen, Take, line_reader
from suragh.read.records import structured
from suragh.read.undated import Dates

_ROLES: Final = frozenset({"user", "assistant"})
_END: Final = "turn_ended"
_TIME: Final = re.compile(
    r"(?:[A-Za-z]+,\s*)?(?P<month>[A-Za-z]{3})[a-z]*\.?\s+(?P<day>\d{1,2}),\s*(?P<year>\d{4}),?\s+(?:at\s+)?"
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})\s*(?P<half>[AaPp])[Mm]\s*"
    r"(?:\((?:UTC|GMT)(?:(?P<sign>[+-])(?P<zone_hour>\d{1,2})(?::?(?P<zone_minute>\d{2}))?)?\))?"
)
_LONGEST_TIME: Final = 80
_CONTENT: Final = "/message/content"
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NOON: Final = 12


class _Block(Struct, gc=False):
    type: str | None = None
    text: str | None = None
    name: str | None = None
    input: object = None


class _Message(Struct, gc=False):
    content: str | list[_Block] | None = None


class _Line(Struct, gc=False):
    role: str | None = None
    message: _Message | None = None
    type: str | None = None
    status: str | None = None


_DECODER: Final = msgspec.json.Decoder(_Line)


def begin() -> Take:
    """Start reading a stream, which is taken for one session."""
    return structured(_DECODER, _Transcript().take)


def recognise(line: bytes) -> bool:
    """Whether a line, perhaps cut at its end, is of this format."""
    top = shape(line)
    if top is None:
        return False
    if top.texts.get("role") in _ROLES:
        return "message" in top.texts and "content" in top.inner and "type" not in top.texts
    return top.texts.get("type") == _END and "status" in top.texts


class _Transcript:
    """Where in a transcript the reading stands.

    Attributes:
        session: the session; empty before the first message.
        dates: times of the lines; a message of a person dates what follows it.
        minute: the last such time; what is said later in the same minute comes after what was done in it.
        lines: lines of the session that were read.
    """

    def __init__(self) -> None:
        self.session = ""
        self.dates = Dates()
        self.minute: int | None = None
        self.lines = 0

    def take(self, line: _Line, pointer: Pointer) -> list[Seen] | None:
        """Read one line."""
        if line.type == _END and line.role is None:
            return []
        if line.role not in _ROLES or line.message is None or line.type is not None:
            return None
        content = line.message.content
        blocks = content if isinstance(content, list) else [_Block("text", content)]
        if not self.session:
            self.session = nameless("cursor", *_texts(blocks))
        self.lines += 1
        if line.role == "user":
            return self._user("\n".join(block.text for block in blocks if block.text), pointer)
        origin = self._origin(None, pointer)
        # A call has no id, but a place in its transcript.
        return [
            origin.call(f"{self.lines}.{number}", block.name, leaves(block.input), f"{_CONTENT}/{number}")
            for number, block in enumerate(blocks)
            if block.type == "tool_use"
        ]

    def _user(self, text: str, pointer: Pointer) -> list[Seen]:
        query = _inside(text, "user_query").strip()
        if not query:
            return []
        minute = _moment(_inside(text, "timestamp"))
        origin = self._origin(None if minute == self.minute else minute, pointer)
        self.minute = minute
        return [origin.turn(turn_id(self.session, str(self.lines), query), query, _CONTENT, human=True)]

    def _origin(self, said_at: int | None, pointer: Pointer) -> Origin:
        return Origin(self.session, "", self.dates.at(said_at), pointer)


def _texts(blocks: list[_Block]) -> Iterator[str]:
    for block in blocks:
        yield block.text or ""
        yield from (leaf.text for leaf in leaves(block.input))


def _inside(text: str, tag: str) -> str:
    """Give what stands inside the first of some tags; empty if it is not there, or does not end."""
    inside, end, _ = text.partition(f"<{tag}>")[2].partition(f"</{tag}>")
    return inside if end else ""


def _moment(text: str) -> int | None:
    """Read a time as Cursor writes it for the model, to the minute: `Saturday, Jan 3, 2026, 1:20 PM (UTC+2)`."""
    found = _TIME.fullmatch(text.strip()) if len(text) <= _LONGEST_TIME else None
    if found is None or found["month"] not in _MONTHS:
        return None
    ahead = timedelta(hours=int(found["zone_hour"] or 0), minutes=int(found["zone_minute"] or 0))
    hour = int(found["hour"]) % _NOON + (_NOON if found["half"] in "Pp" else 0)
    try:
        local = datetime(
            int(found["year"]),
            _MONTHS.index(found["month"]) + 1,
            int(found["day"]),
            hour,
            int(found["minute"]),
            tzinfo=timezone(-ahead if found["sign"] == "-" else ahead),
        )
        return moment(local.isoformat())
    except ValueError:
        return None


CANNOT_KNOW: Final = (
    "The account: transcripts name none; hand in a table of sessions and accounts.",
    "The session: the name of the file has it, the content has not; it is named after its first message.",
    "What any tool returned, and whether it failed: transcripts hold no results.",
    "When a call was made: only messages of a person have a time, to the minute.",
)

NOTES: Final = (
    ("Calls", "`tool_use` blocks of the assistant."),
    ("Results", "none."),
    ("Session", "one a file, named after its first message."),
    ("Time", "the `<timestamp>` of the last message of a person, and a nanosecond more for each line after it."),
    ("Human turns", "what stands in `<user_query>` of user messages; without it the client put the message in."),
)

READER: Final = line_reader(
    recognise=recognise,
    begin=begin,
    name="cursor",
    title="Cursor agent transcript",
    cannot_know=CANNOT_KNOW,
    about="What Cursor's agent writes below `agent-transcripts/`: a session a file.",
    notes=NOTES,
)
