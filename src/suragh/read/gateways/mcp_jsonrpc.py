"""MCP: the JSON-RPC messages between an agent and its tool servers, as a tee or a proxy saw them, one a line.

Source: the specification up to 2025-11-25 (sessions) and of 2026-07-28 (stateless), and traffic of the SDK `mcp` 2.3.0.
"""

from base64 import urlsafe_b64decode
from collections.abc import Iterable
from typing import Final

import msgspec
from msgspec import Struct

from suragh.model.fact import Fact, Ownership, Pointer
from suragh.model.ids import digest
from suragh.read.chat_messages import Asked, Returned, Talk, add_call, add_result, block_texts
from suragh.read.gateways.exchange import Headers, header, id_text, placed, sent_at
from suragh.read.gateways.mcp_wire import Line, Message, Params, Part, headers_of, parts, target
from suragh.read.gateways.sse import value_in
from suragh.read.leaves import as_json, leaves
from suragh.read.lenient import first_moment
from suragh.read.lists import first_of
from suragh.read.probe import shape
from suragh.read.reader import Seen, Take, line_reader
from suragh.read.records import structured, structured_or_list
from suragh.read.told import Told
from suragh.read.undated import Dates

MAX_ASKED: Final = 1 << 16
"""Requests whose ids are remembered, some 6 MB; a client that leaves so many without an answer has lost them."""

MAX_CONNECTIONS: Final = 1 << 12
"""Clients of one stream that are kept apart."""

_MARK: Final = b'"jsonrpc"'
_QUOTED_MARK: Final = b'\\"jsonrpc\\"'
_CALL: Final = "tools/call"
_STARTS: Final = frozenset({"initialize", "server/discover"})
_SERVER_ASKS: Final = frozenset({"sampling/createMessage", "elicitation/create", "roots/list"})
"""Requests that go from a server to its client, with ids of their own count."""

_UNFINISHED: Final = "input_required"
_SESSION: Final = "mcp-session-id"
_HTTP_MARKS: Final = (_SESSION, "mcp-protocol-version")
_CLIENT_HEADERS: Final = ("authorization", "x-forwarded-for", "user-agent")
"""What tells clients of one stream apart."""

_TOKEN_PARTS: Final = 3
_TRACE_PARTS: Final = 4
"""`version-trace-parent-flags`. Source: W3C Trace Context."""


class _Carrier(Struct, frozen=True):
    """What carried messages.

    Attributes:
        asking: headers of the request over HTTP; None without HTTP.
        answering: headers of its answer.
        path: what the request was sent to.
        trace: the trace that a request over HTTP is part of; empty if it names none.
        known_at: as in `Call`.
        pointer: as in `Call`.
    """

    asking: Headers
    answering: Headers
    path: str
    trace: str
    known_at: int
    pointer: Pointer


class _Place(Struct, frozen=True):
    """Where a message belongs.

    Attributes:
        session: as in `Call`; empty before the first call of a connection.
        call_id: the id of the request, in the session.
        scope: within what the id is the only one.
    """

    session: str
    call_id: str
    scope: str


_DECODER: Final = msgspec.json.Decoder(Line)
_MESSAGES: Final = msgspec.json.Decoder(Message)


def begin() -> Take:
    """Start reading a stream: requests are joined with their answers, and what it repeats is told once."""
    tap = _Tap()
    return structured_or_list(structured(_DECODER, tap.facts), _MESSAGES, tap.batch)


def recognise(line: bytes) -> bool:
    """Whether a line, perhaps cut at its end, is of this format."""
    top = shape(first_of(line)) if b"jsonrpc" in line or b'"request_headers"' in line else None
    if top is None:
        return False
    if _MARK in line or _QUOTED_MARK in line:
        keys = top.texts.keys()
        return "jsonrpc" in keys or "jsonrpc" in top.inner or bool(keys & {"request_body", "response_body", "request"})
    return "request_headers" in top.texts and any(key.lower() in _HTTP_MARKS for key in top.inner)


class _Connection:
    """The messages between one client and its servers, where nothing names a session.

    Attributes:
        first: what it began with.
        name: its session; empty before its first call.
        used: the ids of its requests, with what each asked.
    """

    def __init__(self, first: str) -> None:
        self.first = first
        self.name = ""
        self.used: dict[str, int] = {}

    def is_of(self, request: Message, asked: int) -> bool:
        """Whether a request may be of this connection: none starts twice, or uses an id for two things."""
        own = id_text(request.id)
        if request.method in _STARTS and self.used.keys() - {own}:
            return False
        return self.used.get(own, asked) == asked


class _Tap:
    """What a stream has told, and which requests wait for their answers."""

    def __init__(self) -> None:
        self._told = Told()
        self._dates = Dates()
        self._connections: dict[str, _Connection] = {}
        self._waiting: dict[tuple[str, str], str] = {}

    def batch(self, batch: list[Message], pointer: Pointer) -> list[Seen] | None:
        """Give what a bare list of messages shows."""
        shown = [Part(message, f"/{number}", is_text=False) for number, message in enumerate(batch)]
        if not any(part.message.jsonrpc for part in shown):
            return None
        return self._all(shown, _Carrier(None, None, "", "", self._dates.at(None), pointer))

    def facts(self, line: Line, pointer: Pointer) -> list[Seen] | None:
        """Give what a line shows."""
        shown, (asking, answering) = [*parts(line)], headers_of(line)
        is_ours = any(part.message.jsonrpc for part in shown)
        if not is_ours and not any(header(asking, name) for name in _HTTP_MARKS):
            return None
        known_at = self._dates.at(first_moment(line.ts, line.time, line.timestamp, sent_at(answering)))
        trace = _trace(asking, shown) if asking is not None else ""
        return self._all(shown, _Carrier(asking, answering, target(line), trace, known_at, pointer))

    def _all(self, shown: Iterable[Part], carrier: _Carrier) -> list[Seen]:
        found: list[Seen] = []
        account, owned = subject(header(carrier.asking, "authorization")), set[str]()
        for part in shown:
            message = part.message
            if message.method is not None and message.id is None:
                continue
            place = self._place(message, carrier)
            facts = self._one(message, carrier, place, part.at)
            found += placed(facts, part.at) if part.is_text else facts
            if facts:
                owned.add(place.session)
        owners = (
            Ownership(session, account, "authorization", carrier.known_at) for session in sorted(owned) if account
        )
        return [*found, *(one for one in owners if self._told.is_news((one.session, account), one.known_at))]

    def _one(self, message: Message, carrier: _Carrier, place: _Place, at: str) -> list[Fact]:
        found: list[Fact] = []
        call_id = place.call_id
        talk = Talk(place.session, "", carrier.known_at, carrier.pointer, self._told)
        key = (place.scope, call_id)
        if message.method is not None:
            if len(self._waiting) >= MAX_ASKED:
                self._waiting.clear()
            if message.method not in _SERVER_ASKS:
                self._waiting[key] = message.method
            if message.method == _CALL and message.params is not None:
                add_call(found, Asked(call_id, message.params.name or "", message.params.arguments), talk, at)
        elif self._waiting.pop(key, _CALL) == _CALL:
            _result(found, message, talk, (call_id, at))
        return found

    def _place(self, message: Message, carrier: _Carrier) -> _Place:
        own = id_text(message.id)
        named = header(carrier.asking, _SESSION) or header(carrier.answering, _SESSION)
        if named:
            return _Place(named, own, named)
        if carrier.trace:
            # One trace may go to several servers, each with ids of its own.
            own = f"{header(carrier.asking, 'host')}{carrier.path}#{own}"
            return _Place(carrier.trace, own, carrier.trace)
        connection = self._connection(message, carrier)
        return _Place(connection.name, own, connection.first)

    def _connection(self, message: Message, carrier: _Carrier) -> _Connection:
        client = "\n".join(header(carrier.asking, name) for name in _CLIENT_HEADERS)
        known = self._connections.get(client)
        asked = 0
        if message.method is not None:
            params = message.params or Params()
            asked = digest("request", message.method, params.name or "", as_json(params.arguments))
        if known is None or (message.method is not None and not known.is_of(message, asked)):
            if len(self._connections) >= MAX_CONNECTIONS:
                self._connections.clear()
            known = self._connections[client] = _Connection(f"{carrier.known_at} {message.method} {asked}")
        if message.method is not None:
            if len(known.used) >= MAX_ASKED:
                known.used.clear()
            known.used[id_text(message.id)] = asked
        if not known.name and (message.method == _CALL or message.method is None):
            # Only now: what comes before the first call is the same in most connections.
            known.name = f"mcp-{digest('session', known.first, str(carrier.known_at), str(asked)):016x}"
        return known


def subject(authorization: str) -> str:
    """Give whom a bearer token in the form of a JWT speaks for; unverified; empty if it does not say.

    Source: RFC 7519, section 4.1.2; RFC 9068 for `client_id`.
    """
    parts = authorization.rpartition(" ")[2].split(".")
    if len(parts) != _TOKEN_PARTS:
        return ""
    try:
        claims = value_in(urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)).decode())
    except ValueError:
        return ""
    named = [claims.get(key) for key in ("sub", "client_id")] if isinstance(claims, dict) else []
    return next((name for name in named if isinstance(name, str) and name), "")


def _result(found: list[Fact], message: Message, talk: Talk, place: tuple[str, str]) -> None:
    call_id, at = place
    result = message.result
    if message.error is not None:
        add_result(found, Returned(call_id, leaves(message.error), failed=True), talk, f"{at}/error")
    elif result is not None and result.role is None and result.result_type != _UNFINISHED:
        if result.content is None and result.structured_content is None:
            return
        more = leaves({"structuredContent": result.structured_content})
        returned = Returned(call_id, block_texts(result.content) + more, result.is_error)
        add_result(found, returned, talk, f"{at}/result")


def _trace(asking: Headers, shown: Iterable[Part]) -> str:
    """Give the trace that a request is part of: what the agent's own spans name as well."""
    metas = (part.message.params.meta for part in shown if part.message.params is not None)
    parents = (*(meta.traceparent for meta in metas if meta is not None), header(asking, "traceparent"))
    pieces = next((parent for parent in parents if parent), "").split("-")
    return pieces[1] if len(pieces) >= _TRACE_PARTS else ""


CANNOT_KNOW: Final = (
    "The conversation: a server sees calls, and neither prompts nor what a model made of a result.",
    (
        "The session, where no `Mcp-Session-Id` and over HTTP no `traceparent` stands: then the messages of one "
        "client in one stream are one, up to a new start or an id that is used again for something else."
    ),
    (
        "The account, but for a token that names its subject in the clear; what a client says of itself in "
        "`clientInfo` counts for nothing."
    ),
    (
        "That a call is the one that a model asked for: the ids here are counters of the connection, so it counts "
        "beside that one."
    ),
    ("When something was sent, where neither the log nor a header `date` tells: then only the order is known."),
)

NOTES: Final = (
    ("Calls", "requests `tools/call`. Other methods are read and hold no call."),
    (
        "Results",
        (
            "answers to these, by their id within the session; an answer that asks for more input first "
            "(`input_required`) is none."
        ),
    ),
    ("Failed", "`isError`; an `error` in place of a result."),
    ("Time", "`ts`, else `time`, `timestamp`, the answer's header `date`."),
    (
        "Session",
        (
            "the header `Mcp-Session-Id`, else over HTTP the trace of `traceparent` in `_meta` or in the headers, "
            "else the connection, named after its start and its first call."
        ),
    ),
    ("Account", "the subject of a bearer token that is a JWT, unverified."),
)

READER: Final = line_reader(
    name="mcp",
    title="MCP messages",
    recognise=recognise,
    begin=begin,
    cannot_know=CANNOT_KNOW,
    about=(
        'JSON-RPC messages, one a line: bare, as a tee on standard input and output writes them (`{"ts", "dir", '
        '"msg"}`), or requests over HTTP with their answers (`{"request_headers", "request_body", "response_headers", '
        '"response_body"}`), streamed or not.'
    ),
    notes=NOTES,
)
