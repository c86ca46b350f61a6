"""OpenAI Responses: logs of requests to, and answers of, the Responses interface, one pair a line.

Source: the interface's types (`openai` 3.54.0), and requests of Codex 0.169.0 as a gateway sees them.
"""

import re
from collections.abc import Iterable
from typing import Final, TypeAlias

import msgspec
from msgspec import Struct

from suragh.model.fact import Kinship, Ownership, Pointer
from suragh.read.chat_messages import Course, Message, Talk, history, said
from suragh.read.gateways.exchange import (
    Chain,
    Envelope,
    Headers,
    Timed,
    answered_in,
    header,
    id_text,
    lowered,
    placed,
    sent_at,
    session_like,
    side_of,
    top_of,
    unwrapped,
)
from suragh.read.gateways.response_items import Item, items
from suragh.read.gateways.sse import value_in, values_in
from suragh.read.lenient import convert, first_moment, moment
from suragh.read.reader import Seen, Take, line_reader
from suragh.read.records import structured
from suragh.read.told import Told
from suragh.read.undated import Dates

INJECTED: Final = (
    "<environment_context>",
    "<user_instructions>",
    "<permissions instructions>",
    "<collaboration_mode>",
    "<skill>",
    "<skills_instructions>",
    "<turn_aborted>",
    "<subagent_notification>",
    "<user_shell_command>",
    "# AGENTS.md instructions",
)
"""How texts begin that Codex puts in the role of the user."""

Text: TypeAlias = str | int | None

_PATH: Final = re.compile(rb'"[^"\\]*/responses(?:\?[^"\\]*)?"')
_ANSWER: Final = re.compile(rb'"object"\s*:\s*"response"')
_MAIN_AGENT: Final = "/root"


class _Named(Struct, gc=False):
    """What a client says about itself."""

    session_id: Text = None
    conversation_id: Text = None
    thread_id: Text = None
    agent_id: Text = None
    agent_name: Text = None
    user_id: Text = None
    account_id: Text = None
    turn_started_at_unix_ms: object = None


class _Conversation(Struct, gc=False):
    id: str | None = None


class _Body(Envelope, gc=False):
    input: str | list[Item] | None = None
    output: list[Item] | None = None
    kind: str | None = msgspec.field(default=None, name="object")
    id: str | None = None
    user: Text = None
    safety_identifier: Text = None
    prompt_cache_key: Text = None
    previous_response_id: str | None = None
    conversation: _Conversation | str | None = None
    metadata: _Named | None = None
    client_metadata: _Named | None = None
    created_at: float | int | None = None
    completed_at: float | int | None = None


class _Side(_Body, gc=False):
    """A request or a response: a body, or what wraps one."""

    body: _Body | str | None = None


class _Pair(Timed, gc=False):
    request: _Side | None = None
    response: _Side | str | None = None


class _Client(Struct, frozen=True):
    """Who a request is from.

    Attributes:
        session: the session; empty if nothing names it.
        parent: the session that started this one; empty if none did.
        actor: the sub-agent inside the session.
        is_agent: whether another agent set the task.
        started: when the turn began, as Codex tells it.
    """

    session: str
    parent: str
    actor: str
    is_agent: bool
    started: int | None


_NOTHING: Final = _Side()
_NO_NAMES: Final = _Named()
_DECODER: Final = msgspec.json.Decoder(_Pair)


def begin() -> Take:
    """Start reading a stream: what it repeats is told once."""
    return structured(_DECODER, _Log().facts)


def recognise(line: bytes) -> bool:
    """Whether a line, perhaps cut at its end, is of this format."""
    top = top_of(line)
    if top is None:
        return False
    if _PATH.search(line) or _ANSWER.search(line):
        return True
    return {"input", "model"} <= top.inner and "messages" not in top.inner


class _Log:
    """What a stream has told, and when, and which session each answer was of."""

    def __init__(self) -> None:
        self._told = Told()
        self._dates = Dates()
        self._chain = Chain()

    def facts(self, pair: _Pair, pointer: Pointer) -> list[Seen] | None:
        """Give what a pair shows."""
        request = pair.request or _NOTHING
        response, stream = side_of(pair.response, _NOTHING)
        answered, answered_at, streamed = answered_in(response, response.body, stream, _streamed)
        if not (answered.kind == "response" or _is_ours(request)):
            return None
        asked, asked_at = unwrapped(request, request.body)
        client = _client(lowered(request.headers), asked)
        sent = sent_at(lowered(response.headers))
        times = (pair.time, pair.timestamp, answered.completed_at, answered.created_at, sent)
        known_at = self._dates.at(first_moment(*times), client.started)
        account, basis = _account(asked, answered)
        session = client.session or self._unnamed(asked, answered, account)
        self._chain.add(answered.id or "", session)
        talk = Talk(session, client.actor, known_at, pointer, self._told, human=not client.is_agent, injected=INJECTED)
        found: list[Seen] = [*self._about(talk, client.parent, account, basis)]
        course = Course()
        found += _asked_for(asked, talk, f"/request{asked_at}/input", course)
        shown = items(answered.output or (), talk, f"/response{answered_at}/output", course)
        found += placed(shown, f"/response{answered_at}") if streamed else shown
        return found

    def _about(self, talk: Talk, parent: str, account: str, basis: str) -> Iterable[Seen]:
        session, known_at = talk.session, talk.known_at
        if account and self._told.is_news((session, account, basis), known_at):
            yield Ownership(session, account, basis, known_at)
        if parent and self._told.is_news((session, parent), known_at):
            yield Kinship(session, parent, known_at)

    def _unnamed(self, asked: _Body, answered: _Body, account: str) -> str:
        """Give the session of the answer that this goes on from, or one for all of an account that begin alike."""
        before = asked.previous_response_id or answered.previous_response_id
        if before:
            return self._chain.of(before) or session_like(account, before)
        if asked.input is None:
            return session_like(account, answered.id or "")
        if isinstance(asked.input, str):
            return session_like(account, asked.input)
        texts = (said(item, INJECTED) for item in asked.input if item.role == "user")
        return session_like(account, next(filter(None, texts), ""))


def _is_ours(request: _Side) -> bool:
    path = request.path or request.url or ""
    return path.partition("?")[0].endswith("/responses") or unwrapped(request, request.body)[0].input is not None


def _streamed(body: str) -> _Body:
    """Put the answer together that a stream of events carries."""
    events = [event for event in values_in(body) if isinstance(event, dict)]
    wholes = [event.get("response", event) for event in events if "response" in event or event.get("object")]
    whole = (convert(wholes[-1], _Body) if wholes else None) or _Body()
    done = [event.get("item") for event in events if event.get("type") == "response.output_item.done"]
    if done and not whole.output:
        whole.output = [convert(item, Item) or Item() for item in done]
    return whole


def _asked_for(asked: _Body, talk: Talk, at: str, course: Course) -> Iterable[Seen]:
    if isinstance(asked.input, str):
        # A bare text stands for one message; its place is the text's own.
        return placed(history([Message(role="user", content=asked.input)], talk, at, course), at)
    return items(asked.input or (), talk, at, course)


def _client(headers: Headers, body: _Body) -> _Client:
    named, about = body.metadata or _NO_NAMES, body.client_metadata or _NO_NAMES
    turn = _packed(header(headers, "x-codex-turn-metadata"))
    thread = header(headers, "thread-id") or id_text(about.thread_id or turn.thread_id)
    root = header(headers, "session-id") or id_text(about.session_id or turn.session_id)
    talk = body.conversation.id if isinstance(body.conversation, _Conversation) else body.conversation
    given = named.session_id or named.conversation_id or named.thread_id or talk or body.prompt_cache_key
    parent = root if thread and root != thread else ""
    actor, name = id_text(named.agent_id), id_text(turn.agent_name)
    is_agent = bool(actor or parent or header(headers, "x-openai-subagent") or (name and name != _MAIN_AGENT))
    return _Client(thread or root or id_text(given), parent, actor, is_agent, moment(turn.turn_started_at_unix_ms))


def _packed(turn: str) -> _Named:
    """Read what Codex says about a turn: JSON in a header."""
    return convert(value_in(turn), _Named) or _NO_NAMES


def _account(asked: _Body, answered: _Body) -> tuple[str, str]:
    for body in (asked, answered):
        about = body.metadata or _NO_NAMES
        ids = (
            ("user", body.user),
            ("safety_identifier", body.safety_identifier),
            ("metadata.account_id", about.account_id),
            ("metadata.user_id", about.user_id),
        )
        for basis, account in ids:
            if account:
                return str(account), basis
    return "", ""


CANNOT_KNOW: Final = (
    "Whether a call failed, but for what Codex and the provider's own tools say of it.",
    ("When something was said, where neither the log nor the answer nor Codex tells: then only the order is known."),
    "When a result came: it is known only from the next request that repeats it, and the last one may never be.",
    (
        "The session, where nothing names it: requests go with the answer that they say they go on from, else those "
        "of an account that begin alike are one."
    ),
    (
        "Whether a person or a program wrote what stands in the role of the user, apart from the texts that Codex "
        "puts there and from requests of sub-agents."
    ),
)

NOTES: Final = (
    (
        "Calls",
        (
            "`function_call`, `custom_tool_call`, `shell_call`, `mcp_call` and other `…_call` items of answers, "
            "streamed or not, and of repeated input; an `mcp_approval_request` is the call that it asks for. Commands "
            "in words and scripts are read as in Codex's rollouts."
        ),
    ),
    ("Results", "`…_call_output` items, and the output inside a call that the provider ran itself."),
    ("Failed", "Codex's exit code, the outcome of `shell_call_output`, the error of an `mcp_call`."),
    (
        "Time",
        (
            "`time`, else `timestamp`, the answer's `completed_at` or `created_at`, its header `date`, the start of "
            "the turn in Codex's header."
        ),
    ),
    (
        "Session",
        (
            "the header `thread-id`, else `session-id`, the same in `client_metadata`, `metadata.session_id`, "
            "`metadata.conversation_id`, `metadata.thread_id`, `conversation`, `prompt_cache_key`, "
            "`previous_response_id`."
        ),
    ),
    ("Sub-agents", "a `thread-id` that differs from the `session-id`; `metadata.agent_id`."),
    ("Account", "`user`, else `safety_identifier`, `metadata.account_id`, `metadata.user_id`."),
    (
        "Human turns",
        (
            "messages in the role of the user, each once, but not those of sub-agents, and no text that begins as "
            "those that Codex puts in."
        ),
    ),
)

READER: Final = line_reader(
    name="openai-responses",
    title="OpenAI Responses request log",
    recognise=recognise,
    begin=begin,
    cannot_know=CANNOT_KNOW,
    about=(
        'Lines of `{"time", "request", "response"}`, with the two bodies of the Responses interface in them, either '
        'wrapped (`{"path", "headers", "body"}`) or bare; an answer may be a stream of events in one text.'
    ),
    notes=NOTES,
)
