"""Spans of agents: what the GenAI conventions, old and new, say in them.

Source: OpenTelemetry semantic conventions for GenAI and MCP, v1.41.1 and the repository that follows it.
"""

from collections.abc import Iterator
from typing import Final

import msgspec
from msgspec import Struct

from suragh.model.fact import Call, Fact, Leaf, Ownership, Pointer, Result, Turn
from suragh.read.chat_messages import Message, Scene, answer, history
from suragh.read.identity import action_id, turn_id
from suragh.read.leaves import leaves_of_json
from suragh.read.lenient import decode
from suragh.read.otlp_wire import Attributes, Event, Span, as_json, as_leaves
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
    "gen_ai.conversation.id",
    "session.id",
    "conversation.id",
    "traceloop.association.properties.session_id",
    "mcp.session.id",
)
_CLAUDE_CODE: Final = "claude_code."
_TOOL_OPERATION: Final = "execute_tool"
_MCP_CALL: Final = "tools/call"
_STATUS_ERROR: Final = frozenset({2, "2", "STATUS_CODE_ERROR"})
_STATUS_OK: Final = frozenset({1, "1", "STATUS_CODE_OK"})
_EVENT_ROLES: Final = {
    "gen_ai.user.message": "user",
    "gen_ai.assistant.message": "assistant",
    "gen_ai.tool.message": "tool",
}
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
    """

    resource: Attributes | None
    pointer: Pointer
    at: str
    known_at: int
    told: Told


def facts_of_span(span: Span, context: SpanContext) -> Iterator[Fact]:
    """Yield what a span shows; nothing for the many spans that are about neither tools nor messages."""
    found = Attributes(span.attributes or (), context.resource)
    operation = found.text("gen_ai.operation.name")
    is_tool = _is_tool(span, found, operation)
    if not is_tool and not _may_speak(span, found, operation):
        return
    session, actor = _session(span, found)
    if not session:
        return
    yield from _ownership(session, found, context)
    if is_tool:
        yield from _tool(span, found, (session, actor), context)
    else:
        scene = Scene(session, actor, not _is_sub(actor), context.known_at, context.pointer, context.told)
        yield from _prompt(found, scene, context.at)
        yield from _messages(span, found, scene, context.at)


def _is_tool(span: Span, found: Attributes, operation: str) -> bool:
    if operation == _TOOL_OPERATION or found.text("mcp.method.name") == _MCP_CALL:
        return True
    return not operation and (span.name or "").startswith(_TOOL_OPERATION + " ")


def _may_speak(span: Span, found: Attributes, operation: str) -> bool:
    return bool(operation or span.events or any(key.startswith("gen_ai.") for key in found.own))


def _session(span: Span, found: Attributes) -> tuple[str, str]:
    """Give session and actor; a trace without any session's name is one session."""
    if (span.name or "").startswith(_CLAUDE_CODE):
        session, conversation = found.text("session.id"), found.text("gen_ai.conversation.id")
        # In Claude Code's spans of a sub-agent, the conversation is the sub-agent.
        return session or conversation, conversation if session and conversation != session else ""
    session = found.text(*_SESSION_KEYS) or span.trace_id or ""
    agent = found.text("gen_ai.agent.name") or found.text("gen_ai.agent.id", "agent.name", "agent_id")
    return session, "" if agent in MAIN_AGENTS else agent


def _is_sub(actor: str) -> bool:
    low = actor.lower()
    return low.startswith(_SUB_AGENT) or any(sign + _SUB_AGENT in low for sign in "-_ ./")


def _ownership(session: str, found: Attributes, context: SpanContext) -> Iterator[Ownership]:
    basis, account = found.first(ACCOUNT_KEYS)
    if account and context.told.is_news((session, account, basis), context.known_at):
        yield Ownership(session, account, basis, context.known_at)


def _tool(span: Span, found: Attributes, who: tuple[str, str], context: SpanContext) -> Iterator[Fact]:
    session, actor = who
    tool = found.text("gen_ai.tool.name", "tool_name") or (span.name or "").rpartition(" ")[2]
    arguments = _arguments(found)
    call_id = found.text("gen_ai.tool.call.id", "tool_use_id") or _span_id(span)
    action = action_id(session, call_id, context.known_at, tool, arguments)
    known_at, pointer, at = context.known_at, context.pointer, context.at
    yield Call(session, actor, action, tool, arguments, known_at, pointer, at)
    texts, failed = _outcome(span, found)
    if texts or failed is not None:
        yield Result(session, action, texts, failed, known_at, pointer, at)


def _span_id(span: Span) -> str:
    return f"span.{span.trace_id}{span.span_id}" if span.trace_id and span.span_id else ""


def _arguments(found: Attributes) -> tuple[Leaf, ...]:
    given = found.value("gen_ai.tool.call.arguments", "tool_input", "tool_parameters", "mcp.request.argument")
    if given is not None:
        return as_leaves(given)
    command = found.text("full_command")
    return (Leaf("command", command),) if command else ()


def _outcome(span: Span, found: Attributes) -> tuple[tuple[Leaf, ...], bool | None]:
    texts = as_leaves(found.value("gen_ai.tool.call.result", "mcp.response.value"))
    for event in span.events or ():
        if event.name == "tool.output":
            texts += tuple(leaf for pair in event.attributes or () for leaf in as_leaves(pair.value))
    status, error = span.status, found.text("error.type")
    if error or (status is not None and status.code in _STATUS_ERROR):
        message = (status.message if status is not None else "") or error
        return texts or ((Leaf("", message),) if message else ()), True
    good = status is not None and status.code in _STATUS_OK
    return texts, False if good else None


def _prompt(found: Attributes, scene: Scene, at: str) -> Iterator[Turn]:
    """Read the prompt that Claude Code's span of an interaction holds."""
    text = found.text("user_prompt")
    if text and scene.told.is_news((scene.session, at, text), scene.known_at):
        own = found.text("prompt.id") or str(scene.known_at)
        turn = turn_id(scene.session, own, text)
        place = at + found.place("user_prompt")
        yield Turn(scene.session, turn, not scene.actor, text, scene.known_at, scene.pointer, place)


def _messages(span: Span, found: Attributes, scene: Scene, at: str) -> Iterator[Fact]:
    for key in ("gen_ai.input.messages", "gen_ai.prompt"):
        if key in found.own:
            yield from history(_listed(as_json(found.own[key]), "user"), scene, at + found.place(key))
    for key in ("gen_ai.output.messages", "gen_ai.completion"):
        if key in found.own:
            place = at + found.place(key)
            for number, message in enumerate(_listed(as_json(found.own[key]), "assistant")):
                yield from answer(message, scene, f"{place}/{number}")
    yield from history(_indexed(found), scene, at + "/attributes")
    if span.events:
        yield from history([_event_message(event) for event in span.events], scene, at + "/events")


def _listed(text: bytes, role: str) -> list[Message]:
    """Decode a list of messages, one message, or a bare text, which then is of the role."""
    try:
        return _MESSAGES.decode(text)
    except (ValueError, RecursionError):
        pass
    items: list[msgspec.Raw] | None
    try:
        items = msgspec.json.decode(text, type=list[msgspec.Raw])
    except (ValueError, RecursionError):
        items = None
    if items is not None:
        return [decode(bytes(item), _MESSAGE)[0] or Message() for item in items]
    one, _ = decode(text, _MESSAGE)
    if one is not None and one.role:
        return [one]
    return [Message(role=role, content=text.decode("utf-8", "replace"))] if text else []


def _indexed(found: Attributes) -> list[Message]:
    """Gather the messages that old instrumentations spread over keys: `gen_ai.prompt.0.role`, `….content`."""
    messages: dict[tuple[str, int], Message] = {}
    for key, value in found.own.items():
        for prefix in ("gen_ai.prompt.", "gen_ai.completion."):
            number, _, name = key.removeprefix(prefix).partition(".")
            if value is None or not key.startswith(prefix) or not number.isdecimal():
                continue
            message = messages.setdefault((prefix, int(number)), Message())
            if name == "role":
                message.role = value.string_value
            elif name == "content":
                message.content = value.string_value
    ordered = sorted(messages.items(), key=lambda item: (item[0][0] != "gen_ai.prompt.", item[0][1]))
    return [message for _, message in ordered]


def _event_message(event: Event) -> Message:
    """Read a message out of a span event of the old style; an event that is none gives an empty message."""
    attributes = Attributes(event.attributes or ())
    body = as_json(attributes.value("gen_ai.event.content", "message"))
    message = (decode(body, _MESSAGE)[0] if body else None) or Message()
    role = "assistant" if event.name == "gen_ai.choice" else _EVENT_ROLES.get(event.name or "")
    if role is None:
        return Message()
    message.role = role
    content = attributes.value("content")
    if content is not None:
        message.content = "\n".join(leaf.text for leaf in leaves_of_json(attributes.text("content")))
    message.id = attributes.text("id") or message.id
    calls = as_json(attributes.value("tool_calls"))
    if calls:
        wrapped, _ = decode(b'{"tool_calls":' + calls + b"}", _MESSAGE)
        message.tool_calls = wrapped.tool_calls if wrapped is not None else None
    return message
