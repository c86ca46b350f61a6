"""LiteLLM: what its loggers write about each call to a model or tool, and what its guardrails are asked.

Source: `StandardLoggingPayload` and the generic guardrail interface of version 1.106.2.
"""

from collections.abc import Iterable
from functools import partial
from typing import Final, TypeAlias

import msgspec
from msgspec import Struct

from suragh.model.fact import Fact, Ownership, Pointer, Rejected
from suragh.read.agents.claude_code import INJECTED
from suragh.read.chat_messages import (
    Asked,
    Course,
    Message,
    Part,
    Returned,
    Talk,
    ToolCall,
    add_call,
    add_result,
    answer,
    said,
)
from suragh.read.documents import document_reader
from suragh.read.gateways.anthropic_messages import client
from suragh.read.gateways.exchange import Chain, header, id_text, lowered, placed, session_like
from suragh.read.gateways.response_items import Item, items
from suragh.read.gateways.sse import values_in
from suragh.read.identity import is_unique
from suragh.read.lenient import convert, first_moment
from suragh.read.lists import first_of
from suragh.read.probe import shape
from suragh.read.reader import Seen, Take, line_reader
from suragh.read.records import structured, structured_or_list
from suragh.read.told import Told
from suragh.read.undated import Dates

Text: TypeAlias = str | int | None
Account: TypeAlias = tuple[str, str]

_SESSION_HEADERS: Final = ("x-litellm-session-id", "x-claude-code-session-id", "thread-id", "session-id")
_MASKED: Final = "[present]"
"""What a guardrail is told of a header that it may not see."""

_MCP_CALL: Final = "call_mcp_tool"


class _Key(Struct, gc=False):
    """Who a key of the gateway belongs to, from the most to the least exact."""

    user_api_key_end_user_id: Text = None
    user_api_key_user_id: Text = None
    user_api_key_user_email: Text = None
    user_api_key_hash: Text = None


class _McpCall(Struct, gc=False):
    name: str | None = None
    arguments: object = None
    result: object = None
    mcp_session_id: str | None = None


class _Metadata(_Key, gc=False):
    requester_custom_headers: dict[str, object] | None = None
    mcp_tool_call_metadata: _McpCall | None = None


class _Parameters(Struct, gc=False):
    user: Text = None
    safety_identifier: Text = None
    previous_response_id: str | None = None
    metadata: dict[str, object] | None = None


class _Choice(Struct, gc=False):
    message: Message | None = None


class _Response(Struct, gc=False):
    id: str | None = None
    choices: list[_Choice] | None = None
    output: list[Item] | None = None
    content: str | list[Part] | None = None


class _Guarded(Struct, gc=False):
    """What a guardrail is asked."""

    input_type: str | None = None
    litellm_trace_id: str | None = None
    structured_messages: list[Item] | None = None
    tool_calls: list[ToolCall] | None = None
    request_data: _Key | None = None
    request_headers: dict[str, object] | None = None


class _Record(_Guarded, gc=False, rename={"start_time": "startTime", "end_time": "endTime"}):
    """A logger's payload, or a guardrail's request, bare or with its answer."""

    id: str | None = None
    trace_id: str | None = None
    session_id: str | None = None
    litellm_call_id: str | None = None
    call_type: str | None = None
    start_time: object = None
    end_time: object = None
    time: object = None
    timestamp: object = None
    end_user: Text = None
    messages: str | list[Item] | dict[str, object] | None = None
    response: _Response | str | None = None
    model_parameters: _Parameters | None = None
    metadata: _Metadata | None = None
    request: _Guarded | None = None


_DECODER: Final = msgspec.json.Decoder(_Record)
_NO_METADATA: Final = _Metadata()
_NO_PARAMETERS: Final = _Parameters()
_NO_KEY: Final = _Key()


def begin() -> Take:
    """Start reading a stream: what it repeats is told once."""
    log = _Log()
    return structured_or_list(structured(_DECODER, partial(log.facts, at="")), _DECODER, log.batch)


def recognise(data: bytes) -> bool:
    """Whether a line or a document, perhaps cut at its end, is of this format."""
    if b'"call_type"' not in data and b'"input_type"' not in data:
        return False
    top = shape(first_of(data))
    if top is None:
        return False
    keys = top.texts.keys()
    guarded = {"input_type", "litellm_call_id"}
    return {"call_type", "startTime"} <= keys or guarded <= keys or ("request" in keys and guarded <= top.inner)


class _Log:
    """What a stream has told, and when, and the sessions of requests and answers."""

    def __init__(self) -> None:
        self._told = Told()
        self._dates = Dates()
        self._chain = Chain()
        self._traces = Chain()

    def batch(self, batch: list[_Record], pointer: Pointer) -> list[Seen] | None:
        """Give what the records show that the generic logger sends in one list."""
        found: list[Seen] = []
        shown = [self.facts(record, pointer, f"/{number}") for number, record in enumerate(batch)]
        for number, seen in enumerate(shown):
            foreign = Rejected(pointer, f"record {number} of the list is no LiteLLM log record")
            found += (foreign,) if seen is None else seen
        return None if all(seen is None for seen in shown) else found

    def facts(self, record: _Record, pointer: Pointer, at: str) -> list[Seen] | None:
        """Give what a record shows; `at` is its JSON Pointer inside the line or document."""
        guarded = record.request if record.request is not None else record
        known_at = self._dates.at(first_moment(record.end_time, record.start_time, record.time, record.timestamp))
        if guarded.input_type is not None:
            place = f"{at}/request" if record.request is not None else at
            return self._guarded(guarded, known_at, pointer, place)
        if record.call_type is None and record.litellm_call_id is None:
            return None
        account, basis = _account(record)
        session, actor = self._session(record, account), _agent(record)
        talk = Talk(session, actor, known_at, pointer, self._told, human=not actor, injected=INJECTED)
        return [*self._owned(talk, (account, basis)), *_logged(record, talk, at)]

    def _owned(self, talk: Talk, owner: Account) -> Iterable[Seen]:
        if owner[0] and self._told.is_news((talk.session, *owner), talk.known_at):
            yield Ownership(talk.session, *owner, talk.known_at)

    def _session(self, record: _Record, account: str) -> str:
        """Give the session that a request names, or that of the answer it goes on from, or one for all alike."""
        asked, about = record.model_parameters or _NO_PARAMETERS, record.metadata or _NO_METADATA
        named = record.session_id or _named(about.requester_custom_headers) or client(_user(record)).session
        mcp = about.mcp_tool_call_metadata
        named = named or (mcp.mcp_session_id if mcp is not None else None) or _chosen(record.trace_id)
        session = named or self._chain.of(asked.previous_response_id or "")
        if not session:
            given = record.messages
            session = session_like(account, given if isinstance(given, str) else _opening(given))
        if isinstance(record.response, _Response):
            self._chain.add(record.response.id or "", session)
        return session

    def _guarded(self, asked: _Guarded, known_at: int, pointer: Pointer, at: str) -> list[Seen]:
        account, basis = _holder(asked.request_data or _NO_KEY, "request_data")
        trace = asked.litellm_trace_id or ""
        session = _named(asked.request_headers) or _chosen(trace) or self._traces.of(trace)
        session = session or session_like(account, _opening(asked.structured_messages) or trace)
        self._traces.add(trace, session)
        talk = Talk(session, "", known_at, pointer, self._told, human=True, injected=INJECTED)
        found: list[Seen] = [*self._owned(talk, (account, basis))]
        found += items(asked.structured_messages or (), talk, f"{at}/structured_messages")
        if asked.structured_messages is None:
            found += answer(Message(tool_calls=asked.tool_calls), talk, at)
        return found


def _logged(record: _Record, talk: Talk, at: str) -> list[Fact]:
    if record.call_type == _MCP_CALL:
        return _mcp_call(record, talk, at)
    given, found, course = record.messages, list[Fact](), Course()
    if isinstance(given, str):
        found += placed(items([Item(role="user", content=given)], talk, at, course), f"{at}/messages")
    elif isinstance(given, dict):
        body = convert(given, _Body)
        found += items((body.messages or ()) if body is not None else (), talk, f"{at}/messages/messages", course)
    else:
        found += items(given or (), talk, f"{at}/messages", course)
    response = record.response
    if isinstance(response, str):
        wholes = (convert(value, _Response) for value in values_in(response))
        shown = (fact for whole in wholes if whole is not None for fact in _answered(whole, talk, (at, course)))
        return [*found, *placed(shown, f"{at}/response")]
    return found if response is None else [*found, *_answered(response, talk, (f"{at}/response", course))]


class _Body(Struct, gc=False):
    """The body of a request, where it was passed through as it came."""

    messages: list[Item] | None = None


def _answered(response: _Response, talk: Talk, place: tuple[str, Course]) -> list[Fact]:
    at, course = place
    found = items(response.output or (), talk, f"{at}/output", course)
    if isinstance(response.content, list):
        found += answer(Message(content=response.content), talk, at, course)
    for number, choice in enumerate(response.choices or ()):
        if choice.message is not None:
            found += answer(choice.message, talk, f"{at}/choices/{number}/message", course)
    return found


def _mcp_call(record: _Record, talk: Talk, at: str) -> list[Fact]:
    """Give the call of a tool that the gateway itself made, under the gateway's own id."""
    about = record.metadata or _NO_METADATA
    asked, found = about.mcp_tool_call_metadata, list[Fact]()
    if asked is None:
        return found
    call_id, place = record.litellm_call_id or record.id or "", f"{at}/metadata/mcp_tool_call_metadata"
    add_call(found, Asked(call_id, asked.name or "", asked.arguments), talk, place)
    if asked.result is not None:
        add_result(found, Returned(call_id, asked.result), talk, f"{place}/result")
    elif isinstance(record.response, str):
        add_result(found, Returned(call_id, record.response), talk, f"{at}/response")
    elif record.response is not None and record.response.content is not None:
        add_result(found, Returned(call_id, record.response.content), talk, f"{at}/response/content")
    return found


def _user(record: _Record) -> str:
    """Give whom a request says it is for."""
    asked = record.model_parameters or _NO_PARAMETERS
    packed = (asked.metadata or {}).get("user_id")
    return id_text(record.end_user or asked.user) or (packed if isinstance(packed, str) else "")


def _account(record: _Record) -> Account:
    asked, user = record.model_parameters or _NO_PARAMETERS, _user(record)
    if user:
        basis = "end_user" if record.end_user else "model_parameters.user"
        return client(user).account, basis if record.end_user or asked.user else "metadata.user_id"
    if asked.safety_identifier:
        return str(asked.safety_identifier), "safety_identifier"
    return _holder(record.metadata or _NO_METADATA, "metadata")


def _holder(key: _Key, where: str) -> Account:
    """Give who holds a key of the gateway; its hash where nobody is named."""
    ids = (
        ("user_api_key_end_user_id", key.user_api_key_end_user_id),
        ("user_api_key_user_id", key.user_api_key_user_id),
        ("user_api_key_user_email", key.user_api_key_user_email),
        ("user_api_key_hash", key.user_api_key_hash),
    )
    for name, value in ids:
        if value:
            return client(str(value)).account, f"{where}.{name}"
    return "", ""


def _agent(record: _Record) -> str:
    return header(lowered((record.metadata or _NO_METADATA).requester_custom_headers), "x-claude-code-agent-id")


def _named(headers: dict[str, object] | None) -> str:
    small = lowered(headers)
    found = (header(small, name) for name in _SESSION_HEADERS)
    return next((value for value in found if value and value != _MASKED), "")


def _chosen(trace: str | None) -> str:
    """Give a trace id that a client chose as its session; the gateway makes a random one for each request."""
    return "" if not trace or is_unique(trace) else trace


def _opening(messages: Iterable[Message] | dict[str, object] | None) -> str:
    if messages is None or isinstance(messages, dict):
        return ""
    texts = (said(message, INJECTED) for message in messages if message.role == "user")
    return next(filter(None, texts), "")


CANNOT_KNOW: Final = (
    "Whether a call failed, but for Anthropic's `is_error`: a tool's message carries no such mark.",
    "When a result came: it is known only from the next request that repeats it, and the last one may never be.",
    (
        "The session, where only the random trace id of one request is there: requests of an account that begin alike "
        "are one."
    ),
    "Anything that was said, where the gateway is told to redact messages.",
    ("When a guardrail was asked, where the log adds no time: then only the order is known."),
    (
        "That a tool which the gateway called is the one that a model asked for: the two have different ids, and "
        "count twice."
    ),
)

NOTES: Final = (
    (
        "Calls",
        (
            "the tool calls in `response`, of the Chat, Responses or Messages interface, and those of repeated "
            "`messages`; `mcp_tool_call_metadata` of calls that the gateway made; the `tool_calls` that a guardrail "
            "is asked about, before anything ran."
        ),
    ),
    ("Results", "the tools' messages in later requests; `mcp_tool_call_metadata.result`."),
    ("Time", "`endTime`, else `startTime`."),
    (
        "Session",
        (
            "`session_id`, else the headers `x-litellm-session-id`, `x-claude-code-session-id`, `thread-id`, "
            "`session-id`, else a trace id that is not random, else the account and the first message of the user."
        ),
    ),
    ("Sub-agents", "the header `x-claude-code-agent-id`."),
    (
        "Account",
        (
            "`end_user`, else `model_parameters.user`, `metadata.user_id`, `safety_identifier`, the gateway's end "
            "user, user, email, else the hash of its key."
        ),
    ),
    ("Human turns", "messages in the role of the user, each once, and no text that Claude Code puts in."),
)

_ABOUT: Final = (
    "`StandardLoggingPayload` of successes and failures, as a line, as a list that the generic logger sends, or one "
    "over many lines; and requests to a generic guardrail."
)

READER: Final = line_reader(
    name="litellm",
    title="LiteLLM log",
    recognise=recognise,
    begin=begin,
    cannot_know=CANNOT_KNOW,
    about=_ABOUT,
    notes=NOTES,
)

DOCUMENT_READER: Final = document_reader(
    name="litellm-document",
    title="LiteLLM payload, one a file",
    recognise=recognise,
    begin=begin,
    cannot_know=CANNOT_KNOW,
    about="The same, where a payload or a list of them is spread over many lines. The record is the whole file.",
)
