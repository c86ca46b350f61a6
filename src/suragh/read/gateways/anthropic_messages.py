"""Anthropic Messages: logs of requests to, and answers of, the Messages interface, one pair a line.

Source: the interface's types (`anthropic` 2.12.0), and requests of Claude Code 2.1.330 as a gateway sees them.
"""

import re
from collections.abc import Iterator
from typing import Final

import msgspec
from msgspec import Struct

from suragh.model.fact import Ownership, Pointer
from suragh.read.agents.claude_code import INJECTED
from suragh.read.chat_messages import Course, Message, Part, Talk, answer, history, said
from suragh.read.gateways.exchange import (
    Envelope,
    Headers,
    Timed,
    header,
    lowered,
    placed,
    sent_at,
    session_like,
    top_of,
    unwrapped,
)
from suragh.read.gateways.sse import value_in, values_in
from suragh.read.lenient import convert, first_moment
from suragh.read.reader import Seen, Take, line_reader
from suragh.read.records import structured
from suragh.read.told import Told
from suragh.read.undated import Dates

_PATH: Final = re.compile(rb'"[^"\\]*/v1/messages(?:\?[^"\\]*)?"')
_ANSWER: Final = re.compile(rb'"type"\s*:\s*"message"')
_VERSION: Final = "anthropic-version"
_USER_ID: Final = re.compile(
    r"user_(?P<device>[0-9a-f]+)_account_(?P<account>[0-9a-f-]*)_session_(?P<session>[0-9a-f-]+)"
)
"""How Claude Code wrote who it is before it wrote JSON."""


class _Metadata(Struct, gc=False):
    user_id: str | None = None


class _Body(Envelope, gc=False):
    messages: list[Message] | None = None
    metadata: _Metadata | None = None
    type: str | None = None
    id: str | None = None
    content: object = None


class _Side(_Body, gc=False):
    """A request or a response: a body, or what wraps one."""

    body: _Body | str | None = None


class _Pair(Timed, gc=False):
    request: _Side | None = None
    response: _Side | str | None = None


class Client(Struct, frozen=True):
    """Who a request is from, as Claude Code writes it; each part may be empty.

    Attributes:
        account: the account; else the device.
        session: the session.
    """

    account: str
    session: str


_NOTHING: Final = _Side()
_DECODER: Final = msgspec.json.Decoder(_Pair)


def begin() -> Take:
    """Start reading a stream: what it repeats is told once."""
    return structured(_DECODER, _Log().facts)


def recognise(line: bytes) -> bool:
    """Whether a line, perhaps cut at its end, is of this format."""
    if top_of(line) is None:
        return False
    return bool(_PATH.search(line) or _ANSWER.search(line)) or _VERSION.encode() in line


def client(user_id: str) -> Client:
    """Read `metadata.user_id`: Claude Code packs three ids into it, others one that names the account."""
    packed = _USER_ID.fullmatch(user_id)
    if packed is not None:
        return Client(packed["account"] or packed["device"], packed["session"])
    if not user_id.startswith("{"):
        return Client(user_id, "")
    found = value_in(user_id)
    named = found if isinstance(found, dict) else {}
    ids = [named.get(key) for key in ("account_uuid", "device_id", "session_id")]
    account, device, session = (one if isinstance(one, str) else "" for one in ids)
    return Client(account or device or user_id, session)


class _Log:
    """What a stream has told, and when."""

    def __init__(self) -> None:
        self._told = Told()
        self._dates = Dates()

    def facts(self, pair: _Pair, pointer: Pointer) -> list[Seen] | None:
        """Give what a pair shows."""
        request = pair.request or _NOTHING
        headers = lowered(request.headers)
        answered, answered_at, streamed = _answer(pair.response)
        if not (answered is not None or _is_ours(request, headers)):
            return None
        asked, asked_at = unwrapped(request, request.body)
        known_at = self._dates.at(first_moment(pair.time, pair.timestamp, _sent(pair.response)))
        named = client((asked.metadata.user_id if asked.metadata else None) or "")
        actor = header(headers, "x-claude-code-agent-id")
        session = _session(headers, asked, (named, answered))
        found: list[Seen] = []
        if named.account and self._told.is_news((session, named.account), known_at):
            found.append(Ownership(session, named.account, "metadata.user_id", known_at))
        talk = Talk(session, actor, known_at, pointer, self._told, human=not actor, injected=INJECTED)
        course = Course()
        found += history(asked.messages or (), talk, f"/request{asked_at}/messages", course)
        if answered is not None:
            shown = answer(answered, talk, f"/response{answered_at}", course)
            found += placed(shown, f"/response{answered_at}") if streamed else shown
        return found


def _is_ours(request: _Side, headers: Headers) -> bool:
    return "/v1/messages" in (request.path or request.url or "") or bool(header(headers, _VERSION))


def _sent(response: _Side | str | None) -> int | None:
    return sent_at(lowered(response.headers)) if isinstance(response, _Side) else None


def _answer(response: _Side | str | None) -> tuple[Message | None, str, bool]:
    """Give the message that was answered, the JSON Pointer of its body, and whether a stream carried it."""
    if not isinstance(response, _Side):
        return (_streamed(response) if response else None), "", True
    if isinstance(response.body, str):
        return _streamed(response.body), "/body", True
    body, at = unwrapped(response, response.body)
    if body.type != "message":
        return None, at, False
    return convert({"id": body.id, "content": body.content}, Message), at, False


def _streamed(text: str) -> Message | None:
    """Put the answer together that a stream of events carries; None if it carries none."""
    events = [event for event in values_in(text) if isinstance(event, dict)]
    started = [event["message"] for event in events if event.get("type") == "message_start" and "message" in event]
    if not started:
        whole = next((event for event in events if event.get("type") == "message"), None)
        return None if whole is None else convert(whole, Message)
    message = convert(started[0], Message) or Message()
    blocks = [block for _, block in sorted(_blocks(events).items())]
    return Message(id=message.id, content=blocks)


def _blocks(events: list[dict[str, object]]) -> dict[int, Part]:
    blocks: dict[int, Part] = {}
    inputs: dict[int, str] = {}
    for event in events:
        number = event.get("index")
        if not isinstance(number, int):
            continue
        if event.get("type") == "content_block_start":
            blocks[number] = convert(event.get("content_block"), Part) or Part()
        delta = event.get("delta")
        piece = delta.get("partial_json") if isinstance(delta, dict) else None
        if isinstance(piece, str):
            inputs[number] = inputs.get(number, "") + piece
    for number, given in inputs.items():
        if number in blocks:
            blocks[number].input = given
    return blocks


def _session(headers: Headers, asked: _Body, known: tuple[Client, Message | None]) -> str:
    """Give the session that a request names, or else one for all requests of an account that begin alike."""
    named, answered = known
    session = header(headers, "x-claude-code-session-id") or named.session
    if session:
        return session
    if asked.messages is None and answered is not None:
        return f"answer-{answered.id}" if answered.id else ""
    first = next(_openings(asked), "")
    return session_like(named.account, first)


def _openings(asked: _Body) -> Iterator[str]:
    return (text for message in asked.messages or () if message.role == "user" and (text := said(message, INJECTED)))


CANNOT_KNOW: Final = (
    (
        "When something was said, where the log adds no time to the bodies and no header `date` stands: then only the "
        "order is known."
    ),
    "When a result came: it is known only from the next request that repeats it, and the last one may never be.",
    (
        "The session, where no header and no `metadata.user_id` of Claude Code names it: requests of an account that "
        "begin alike are one."
    ),
    (
        "Whether a person or a program wrote what stands in the role of the user, apart from the texts that Claude "
        "Code puts there and from requests of sub-agents."
    ),
)

NOTES: Final = (
    (
        "Calls",
        "`tool_use` blocks (`server_tool_use`, … as well) of answers, streamed or not, and those of repeated messages.",
    ),
    ("Results", "`tool_result` blocks of later requests, at the time of the first one that has them."),
    ("Failed", "`is_error`."),
    ("Time", "`time`, else `timestamp`, else the answer's header `date`."),
    (
        "Session",
        (
            "the header `x-claude-code-session-id`, else the session in `metadata.user_id` of Claude Code, else the "
            "account and the first message of the user."
        ),
    ),
    ("Sub-agents", "the header `x-claude-code-agent-id`."),
    ("Account", "`metadata.user_id`; of Claude Code's the account in it, else the device."),
    (
        "Human turns",
        (
            "messages in the role of the user, each once, but not those of sub-agents, and no text that begins as "
            "those that Claude Code puts in."
        ),
    ),
)

READER: Final = line_reader(
    name="anthropic-messages",
    title="Anthropic Messages request log",
    recognise=recognise,
    begin=begin,
    cannot_know=CANNOT_KNOW,
    about=(
        'Lines of `{"time", "request", "response"}`, with the two bodies of the Messages interface in them, either '
        'wrapped (`{"path", "headers", "body"}`) or bare; an answer may be a stream of events in one text.'
    ),
    notes=NOTES,
)
