"""Spans of agents: what the GenAI conventions, old and new, say in them.

Source: OpenTelemetry semantic conventions for GenAI and MCP, v1.41.1 and the repository that follows it.
"""

from collections.abc import Callable, Mapping
from typing import Final

import msgspec
from msgspec import Struct

from suragh.model.fact import Call, Fact, Leaf, Ownership, Pointer, Result, Turn
from suragh.read.chat_messages import Message, Scene, answer, history
from suragh.read.identity import action_id, turn_id
from suragh.read.lenient import convert, decode, parse
from suragh.read.otlp_wire import (
    Attributes,
    Event,
    Span,
    Status,
    as_json,
    as_leaves,
    as_text,
    attributes,
    place_of,
    text_of,
    value_of,
)
from suragh.read.told import Told

ACCOUNT_KEYS: Final = (
    "enduser.id",
    "user.account_uuid",
    "user.account_id",
    "user.id",
    "user.email",
    "enduser.pseudo.id",
    "gen_ai.user",
    "llm.user",
)
"""What names an account, surest first: Claude Code's `user.id` is an installation, `user.account_uuid` an account."""

MAIN_AGENTS: Final = frozenset({"main", "root", "/root", "main-agent", "main_agent"})
"""Names that say that an agent is its session's first."""

_SUB_AGENT: Final = "sub"
"""Names of sub-agents that say so begin with this, or have it after a separator (`sub-1`, `x-subagent`)."""

_SESSION_KEYS: Final = (
    "session.id",
    "conversation.id",
    "traceloop.association.properties.session_id",
)
RESOURCE_KEYS: Final = frozenset((*ACCOUNT_KEYS, *_SESSION_KEYS, "gen_ai.conversation.id", "gen_ai.agent.name"))
"""What spans take from the resource that sent them, where they do not say it themselves."""

_CLAUDE_CODE: Final = "claude_code."
_TOOL_OPERATION: Final = "execute_tool"
_MCP_CALL: Final = "tools/call"
_STATUS_ERROR: Final = frozenset({2, "2", "STATUS_CODE_ERROR"})
_STATUS_OK: Final = frozenset({1, "1", "STATUS_CODE_OK"})
_NO_STATUS: Final = Status()
_EVENT_ROLES: Final = {
    "gen_ai.user.message": "user",
    "gen_ai.assistant.message": "assistant",
    "gen_ai.tool.message": "tool",
    "gen_ai.choice": "assistant",
}
_INDEXED: Final = ("gen_ai.prompt.", "gen_ai.completion.")
_INDEXED_KEYS: Final = frozenset(f"{prefix}0.{name}" for prefix in _INDEXED for name in ("role", "content"))
_ARGUMENT_KEYS: Final = ("gen_ai.tool.call.arguments", "tool_input", "tool_parameters", "mcp.request.argument")
_MESSAGES: Final = msgspec.json.Decoder(list[Message])
_MESSAGE: Final = msgspec.json.Decoder(Message)


class SpanContext(Struct, frozen=True, gc=False):
    """What is known of a span beside itself.

    Attributes:
        resource: attributes of its sender.
        pointer: the record.
        at: JSON Pointer of the span inside the record.
        known_at: when it ended, which is when it was sent.
        told: what the stream has already told.
        sessions: gives, by trace, the session that other spans of the same record name.
    """

    resource: Attributes | None
    pointer: Pointer
    at: str
    known_at: int
    told: Told
    sessions: Callable[[], Mapping[str, str]]


def facts_of_span(span: Span, context: SpanContext) -> list[Fact]:
    """Give what a span shows; nothing for the many spans that are about neither tools nor messages."""
    found = attributes(span.attributes, context.resource)
    operation = text_of(found, "gen_ai.operation.name")
    is_tool = operation == _TOOL_OPERATION or _is_unnamed_tool(span, found, operation)
    if not is_tool and not (operation or span.events or any(key.startswith("gen_ai.") for key in found)):
        return []
    session, actor = _session(span, found, context.sessions)
    if not session:
        return []
    facts = _ownership(session, found, context)
    if is_tool:
        facts += _tool(span, found, (session, actor), context)
    else:
        scene = Scene(session, actor, not _is_sub(actor), context.known_at, context.pointer, context.told)
        facts += _prompt(span, found, scene, context.at)
        facts += _messages(span, found, scene, context.at)
    return facts


def _is_unnamed_tool(span: Span, found: Attributes, operation: str) -> bool:
    """Whether this is a tool's span of a sender that leaves the operation out."""
    if "mcp.method.name" in found and text_of(found, "mcp.method.name") == _MCP_CALL:
        return True
    return not operation and (span.name or "").startswith(_TOOL_OPERATION + " ")


def session_of(span: Span, resource: Attributes | None) -> str:
    """Give the session that a span names itself; empty if it names none."""
    found = attributes(span.attributes, resource)
    if (span.name or "").startswith(_CLAUDE_CODE):
        return text_of(found, "session.id", "gen_ai.conversation.id")
    return text_of(found, "gen_ai.conversation.id", *_SESSION_KEYS)


def _session(span: Span, found: Attributes, sessions: Callable[[], Mapping[str, str]]) -> tuple[str, str]:
    """Give session and actor; a trace without any session's name is one session."""
    conversation = text_of(found, "gen_ai.conversation.id")
    if (span.name or "").startswith(_CLAUDE_CODE):
        session = text_of(found, "session.id")
        # In Claude Code's spans of a sub-agent, the conversation is the sub-agent.
        return session or conversation, conversation if session and conversation != session else ""
    trace = span.trace_id or ""
    session = conversation or text_of(found, *_SESSION_KEYS) or sessions().get(trace) or trace
    agent = text_of(found, "gen_ai.agent.name", "gen_ai.agent.id", "agent.name", "agent_id")
    return session, "" if agent in MAIN_AGENTS else agent


def _is_sub(actor: str) -> bool:
    low = actor.lower()
    return low.startswith(_SUB_AGENT) or any(sign + _SUB_AGENT in low for sign in "-_ ./")


def _ownership(session: str, found: Attributes, context: SpanContext) -> list[Fact]:
    for basis in ACCOUNT_KEYS:
        value = found.get(basis)
        account = "" if value is None else value.string_value or as_text(value)
        if account:
            is_news = context.told.is_news((session, account, basis), context.known_at)
            return [Ownership(session, account, basis, context.known_at)] if is_news else []
    return []


def _tool(span: Span, found: Attributes, who: tuple[str, str], context: SpanContext) -> list[Fact]:
    session, actor = who
    tool = text_of(found, "gen_ai.tool.name", "tool_name") or (span.name or "").rpartition(" ")[2]
    arguments = _arguments(found)
    call_id = text_of(found, "gen_ai.tool.call.id", "tool_use_id") or _span_id(span)
    action = action_id(session, call_id, context.known_at, tool, arguments)
    known_at, pointer, at = context.known_at, context.pointer, context.at
    call = Call(session, actor, action, tool, arguments, known_at, pointer, at)
    texts, failed = _outcome(span, found)
    if not texts and failed is None:
        return [call]
    return [call, Result(session, action, texts, failed, known_at, pointer, at)]


def _span_id(span: Span) -> str:
    return f"span.{span.trace_id}{span.span_id}" if span.trace_id and span.span_id else ""


def _arguments(found: Attributes) -> tuple[Leaf, ...]:
    given = value_of(found, *_ARGUMENT_KEYS)
    if given is not None:
        return as_leaves(given)
    command = text_of(found, "full_command")
    return (Leaf("command", command),) if command else ()


def _outcome(span: Span, found: Attributes) -> tuple[tuple[Leaf, ...], bool | None]:
    texts = as_leaves(value_of(found, "gen_ai.tool.call.result", "mcp.response.value"))
    if span.events:
        outputs = (event.attributes or () for event in span.events if event.name == "tool.output")
        texts += tuple(leaf for pairs in outputs for pair in pairs for leaf in as_leaves(pair.value))
    status = span.status or _NO_STATUS
    error = text_of(found, "error.type") if "error.type" in found else ""
    if error or status.code in _STATUS_ERROR:
        message = status.message or error
        return texts or ((Leaf("", message),) if message else ()), True
    return texts, False if status.code in _STATUS_OK else None


def _prompt(span: Span, found: Attributes, scene: Scene, at: str) -> list[Fact]:
    """Read the prompt that Claude Code's span of an interaction holds."""
    text = text_of(found, "user_prompt")
    if not text:
        return []
    turn = turn_id(scene.session, text_of(found, "prompt.id") or str(scene.known_at), text)
    place = at + place_of(span.attributes, "user_prompt")
    return [Turn(scene.session, turn, not scene.actor, text, scene.known_at, scene.pointer, place)]


def _messages(span: Span, found: Attributes, scene: Scene, at: str) -> list[Fact]:
    facts: list[Fact] = []
    for key in ("gen_ai.input.messages", "gen_ai.prompt"):
        if key in found:
            place = at + place_of(span.attributes, key)
            facts += history(_listed(as_json(found[key]), "user"), scene, place)
    for key in ("gen_ai.output.messages", "gen_ai.completion"):
        if key in found:
            place = at + place_of(span.attributes, key)
            for number, message in enumerate(_listed(as_json(found[key]), "assistant")):
                facts += answer(message, scene, f"{place}/{number}")
    if not _INDEXED_KEYS.isdisjoint(found):
        facts += history(_indexed(found), scene, at + "/attributes")
    if span.events:
        facts += history([_event_message(event) for event in span.events], scene, at + "/events")
    return facts


def _listed(text: bytes, role: str) -> list[Message]:
    """Decode a list of messages, one message, or a bare text, which then is of the role."""
    try:
        return _MESSAGES.decode(text)
    except (ValueError, RecursionError):
        pass
    try:
        found = parse(text)
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, list):
        return [convert(item, Message) or Message() for item in found]
    one = convert(found, Message)
    if one is not None and one.role:
        return [one]
    return [Message(role=role, content=text.decode("utf-8", "replace"))] if text else []


def _indexed(found: Attributes) -> list[Message]:
    """Gather the messages that old instrumentations spread over keys: `gen_ai.prompt.0.role`, `….content`."""
    messages: dict[tuple[int, int], Message] = {}
    for key, value in found.items():
        for order, prefix in enumerate(_INDEXED):
            number, _, name = key.removeprefix(prefix).partition(".")
            if value is None or not key.startswith(prefix) or not number.isdecimal():
                continue
            message = messages.setdefault((order, int(number)), Message())
            if name == "role":
                message.role = value.string_value
            elif name == "content":
                message.content = value.string_value
    return [messages[place] for place in sorted(messages)]


def _event_message(event: Event) -> Message:
    """Read a message out of a span event of the old style; an event that is none gives an empty message."""
    role = _EVENT_ROLES.get(event.name or "")
    if role is None:
        return Message()
    found = attributes(event.attributes)
    body = as_json(value_of(found, "gen_ai.event.content", "message"))
    message = (decode(body, _MESSAGE)[0] if body else None) or Message()
    message.role = role
    if found.get("content") is not None:
        message.content = text_of(found, "content")
    message.id = text_of(found, "id") or message.id
    calls = as_json(found.get("tool_calls"))
    if calls:
        wrapped, _ = decode(b'{"tool_calls":' + calls + b"}", _MESSAGE)
        message.tool_calls = wrapped.tool_calls if wrapped is not None else None
    return message
