"""OpenAI Chat: logs of requests to, and responses of, the chat-completions interface, one pair a line.

Source: the interface's types (`openai` 3.54.0); gateways wrap the two bodies in `request` and `response`.
"""

import re
from typing import Final, TypeAlias

import msgspec
from msgspec import Struct

from suragh.model.fact import Ownership, Pointer
from suragh.read.chat_messages import Course, Function, Message, Talk, ToolCall, answer, history, said
from suragh.read.gateways.exchange import (
    Envelope,
    Timed,
    answered_in,
    id_text,
    lowered,
    placed,
    sent_at,
    session_like,
    side_of,
    top_of,
    unwrapped,
)
from suragh.read.gateways.sse import values_in
from suragh.read.lenient import convert, first_moment
from suragh.read.reader import Seen, Take, line_reader
from suragh.read.records import structured
from suragh.read.told import Told
from suragh.read.undated import Dates

Text: TypeAlias = str | int | None


class _Metadata(Struct, gc=False):
    session_id: Text = None
    conversation_id: Text = None
    thread_id: Text = None
    agent_id: Text = None
    user_id: Text = None
    account_id: Text = None


class _Choice(Struct, gc=False):
    message: Message | None = None


class _Body(Envelope, gc=False):
    messages: list[Message] | None = None
    user: Text = None
    safety_identifier: Text = None
    prompt_cache_key: Text = None
    metadata: _Metadata | None = None
    choices: list[_Choice] | None = None
    created: object = None


class _Side(_Body, gc=False):
    """A request or a response: a body, or what wraps one."""

    body: _Body | str | None = None


class _Piece(ToolCall, gc=False):
    """A piece of a tool call."""

    index: int | None = None


class _Delta(Struct, gc=False):
    tool_calls: list[_Piece] | None = None


class _ChunkChoice(Struct, gc=False):
    index: int | None = None
    delta: _Delta | None = None


class _Chunk(Struct, gc=False):
    """A piece of a streamed answer."""

    created: object = None
    choices: list[_ChunkChoice] | None = None


class _Pair(Timed, gc=False):
    request: _Side | None = None
    response: _Side | str | None = None


_DECODER: Final = msgspec.json.Decoder(_Pair)
_NO_METADATA: Final = _Metadata()
_NOTHING: Final = _Side()
_PATH: Final = "/chat/completions"
_QUOTED_PATH: Final = re.compile(rb'"[^"\\]*/chat/completions(?:\?[^"\\]*)?"')


def begin() -> Take:
    """Start reading a stream: what it repeats is told once."""
    return structured(_DECODER, _Log().facts)


def recognise(line: bytes) -> bool:
    """Whether a line, perhaps cut at its end, is of this format."""
    top = top_of(line)
    if top is None or "request" not in top.texts:
        return False
    inside = top.inner
    if _QUOTED_PATH.search(line) or "choices" in inside or b'"choices"' in line:
        return True
    return "response" not in top.texts and "messages" in inside


class _Log:
    """What a stream has told, and when."""

    def __init__(self) -> None:
        self._told = Told()
        self._dates = Dates()

    def facts(self, pair: _Pair, pointer: Pointer) -> list[Seen] | None:
        """Give what a pair shows."""
        request = pair.request
        if request is None or not _is_chat(request, pair.response):
            return None
        asked, asked_at = unwrapped(request, request.body)
        response, stream = side_of(pair.response, _NOTHING)
        answered, answered_at, streamed = answered_in(response, response.body, stream, _streamed)
        headers = lowered(response.headers)
        known_at = self._dates.at(first_moment(pair.time, pair.timestamp, answered.created, sent_at(headers)))
        found: list[Seen] = []
        about = asked.metadata or _NO_METADATA
        account, basis = _account(asked, about)
        session = _session(asked, about, account)
        if account and self._told.is_news((session, account, basis), known_at):
            found.append(Ownership(session, account, basis, known_at))
        actor, course = id_text(about.agent_id), Course()
        talk = Talk(session, actor, known_at, pointer, self._told, human=not actor)
        found += history(asked.messages or (), talk, f"/request{asked_at}/messages", course)
        for number, choice in enumerate(answered.choices or ()):
            if choice.message is not None:
                shown = answer(choice.message, talk, f"/response{answered_at}/choices/{number}/message", course)
                found += placed(shown, f"/response{answered_at}") if streamed else shown
        return found


def _is_chat(request: _Side, response: _Side | str | None) -> bool:
    if _PATH in (request.path or request.url or ""):
        return True
    return isinstance(response, _Side) and unwrapped(response, response.body)[0].choices is not None


def _streamed(body: str) -> _Body:
    """Put the answer together that a stream of chunks carries: pieces of a call have its number, the first its id."""
    given, calls, created = values_in(body), dict[tuple[int, int], ToolCall](), None
    whole = convert(given[0], _Body) if len(given) == 1 else None
    if whole is not None and any(choice.message is not None for choice in whole.choices or ()):
        return whole
    for chunk in (convert(value, _Chunk) for value in given):
        created = chunk.created if chunk is not None and created is None else created
        for choice in (chunk.choices if chunk is not None else None) or ():
            for piece in (choice.delta.tool_calls if choice.delta is not None else None) or ():
                _add_piece(calls, (choice.index or 0, piece.index or 0), piece)
    choices = [
        _Choice(Message(tool_calls=[call for (own, _), call in sorted(calls.items()) if own == number]))
        for number in sorted({own for own, _ in calls})
    ]
    return _Body(choices=choices, created=created)


def _add_piece(calls: dict[tuple[int, int], ToolCall], place: tuple[int, int], piece: _Piece) -> None:
    known = calls.setdefault(place, ToolCall(function=Function(arguments="")))
    known.id = known.id or piece.id
    whole, part = known.function, piece.function
    if isinstance(whole, Function) and isinstance(part, Function):
        whole.name = whole.name or part.name
        whole.arguments = f"{whole.arguments}{part.arguments or ''}"


def _account(body: _Body, about: _Metadata) -> tuple[str, str]:
    if body.user:
        return str(body.user), "user"
    if body.safety_identifier:
        return str(body.safety_identifier), "safety_identifier"
    if about.account_id:
        return str(about.account_id), "metadata.account_id"
    return (str(about.user_id), "metadata.user_id") if about.user_id else ("", "")


def _session(body: _Body, about: _Metadata, account: str) -> str:
    """Give the session that the log names, or else one for all requests of an account that begin alike."""
    named = about.session_id or about.conversation_id or about.thread_id or body.prompt_cache_key
    if named:
        return str(named)
    first = next((said(message) for message in body.messages or () if message.role == "user"), "")
    return session_like(account, first)


CANNOT_KNOW: Final = (
    "Whether a call failed: a tool's message carries no such mark.",
    (
        "When something was said, where the log adds no time to the bodies and neither `created` nor a header `date` "
        "stands in the answer: then only the order is known."
    ),
    "When a result came: it is known only from the next request that repeats it, and the last one may never be.",
    "The session, where neither metadata nor `prompt_cache_key` name it: those of an account that begin alike are one.",
    "Whether a person wrote what a user said; only the requests of sub-agents (`metadata.agent_id`) are told apart.",
    "The same message said twice, where a request repeats only a part of the history.",
)

NOTES: Final = (
    (
        "Calls",
        (
            "`tool_calls` of responses, streamed or not, at the record's time; those of repeated messages too, in "
            "case their own record is missing."
        ),
    ),
    ("Results", "`tool` messages of later requests, at the time of the first one that has them."),
    ("Time", "`time`, else `timestamp`, the response's `created`, its header `date`."),
    (
        "Session",
        (
            "`metadata.session_id`, `metadata.conversation_id`, `metadata.thread_id`, else `prompt_cache_key`, else "
            "the account and the first message of the user."
        ),
    ),
    ("Sub-agents", "`metadata.agent_id`."),
    ("Account", "`user`, else `safety_identifier`, `metadata.account_id`, `metadata.user_id`."),
    (
        "Human turns",
        "messages in the role of the user, each once however often it is repeated, but not those of sub-agents.",
    ),
)

READER: Final = line_reader(
    name="openai-chat",
    title="OpenAI Chat request log",
    recognise=recognise,
    begin=begin,
    cannot_know=CANNOT_KNOW,
    about=(
        'Lines of `{"time", "request", "response"}`, with the two bodies of a chat completion in them, either wrapped '
        '(`{"path", "body"}`) or bare.'
    ),
    notes=NOTES,
)
