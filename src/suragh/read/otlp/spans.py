"""Spans of agents: what the GenAI and MCP conventions, OpenInference, Traceloop and Claude Code say in them."""

from typing import Final

from suragh.model.fact import Call, Fact, Leaf
from suragh.read.agents.claude_code import INJECTED
from suragh.read.identity import turn_at
from suragh.read.lenient import moment
from suragh.read.otlp.messages import messages_in, messages_of_events
from suragh.read.otlp.tools import (
    Outcome,
    Tried,
    arguments_of,
    call_id_of,
    facts_of_tool,
    is_tool,
    outcome_of,
    tool_named,
)
from suragh.read.otlp.who import CLAUDE_CODE, Context, Who, origin_of, ownership, talk_of, who
from suragh.read.otlp.wire import Attributes, Span, Status, as_leaves, attributes, place_of, text_of

AGENT_PREFIXES: Final = ("gen_ai.", "llm.", "openinference.", "traceloop.", "mcp.")
"""How attributes of agents begin, whichever convention they follow."""

REDACTED: Final = frozenset({"<REDACTED>", "[REDACTED]"})
"""What stands for a prompt that the sender was told not to send: that somebody said something is all that is known."""

_EXECUTION: Final = CLAUDE_CODE + "tool.execution"
_STATUS_ERROR: Final = frozenset({2, "2", "STATUS_CODE_ERROR"})
_STATUS_OK: Final = frozenset({1, "1", "STATUS_CODE_OK"})
_NO_STATUS: Final = Status()
_OUTPUT_EVENT: Final = "tool.output"
_ERROR_EVENT: Final = "exception"


def facts_of_span(span: Span, context: Context) -> list[Fact]:
    """Give what a span shows; nothing for the many spans that are about neither tools nor messages."""
    found = attributes(span.attributes, context.resource)
    if not (span.events or any(key.startswith(AGENT_PREFIXES) for key in found)):
        return []
    name = span.name or ""
    them = who(name, span.trace_id or "", found, context)
    if not them.session:
        return []
    facts = ownership(them.session, found, context)
    if name == _EXECUTION:
        return facts + _execution(span, found, them, context)
    if is_tool(name, found):
        return facts + facts_of_tool(_tried(span, found), them, context)
    talk = talk_of(them, context)
    facts += _prompt(span, found, them, context)
    facts += messages_in(found, span.attributes, talk, context.at)
    if span.events:
        facts += messages_of_events(span.events, talk, context.at + "/events")
    return facts


def _tried(span: Span, found: Attributes) -> Tried:
    call_id = call_id_of(span.trace_id or "", found) or _span_id(span)
    return Tried(call_id, tool_named(span.name or "", found), arguments_of(found), _outcome(span, found))


def _execution(span: Span, found: Attributes, them: Who, context: Context) -> list[Fact]:
    """Read how the running of a tool ended, which Claude Code says in a span inside the call's."""
    tried = Tried(call_id_of("", found), "", (), _outcome(span, found))
    if not tried.call_id:
        return []
    return [fact for fact in facts_of_tool(tried, them, context) if not isinstance(fact, Call)]


def _span_id(span: Span) -> str:
    return f"span.{span.trace_id}{span.span_id}" if span.trace_id and span.span_id else ""


def _outcome(span: Span, found: Attributes) -> Outcome | None:
    """Give what the attributes, the events and the status of a tool's span say of its outcome."""
    said = outcome_of(found)
    status = span.status or _NO_STATUS
    if not (status.code or span.events or said is None):
        return said
    texts = (() if said is None else said.texts) + _event_texts(span, _OUTPUT_EVENT)
    failed = None if said is None else said.failed
    if status.code in _STATUS_ERROR or failed:
        texts = texts or _event_texts(span, _ERROR_EVENT)
        message = status.message or ""
        return Outcome(texts or ((Leaf("", message),) if message else ()), failed=True)
    if status.code in _STATUS_OK:
        return Outcome(texts, failed=False)
    return Outcome(texts, failed) if texts or failed is not None else None


def _event_texts(span: Span, name: str) -> tuple[Leaf, ...]:
    events = (event.attributes or () for event in span.events or () if event.name == name)
    return tuple(leaf for pairs in events for pair in pairs for leaf in as_leaves(pair.value))


def _prompt(span: Span, found: Attributes, them: Who, context: Context) -> list[Fact]:
    """Read the prompt that Claude Code's span of an interaction holds; it was said when the span began."""
    text = text_of(found, "user_prompt")
    if not text or text.startswith(INJECTED):
        return []
    text = "" if text in REDACTED else text
    said_at = moment(span.start_time_unix_nano) or context.known_at
    turn = turn_at(them.session, said_at, text)
    place = context.at + place_of(span.attributes, "user_prompt")
    return [origin_of(them, context).turn(turn, text, place, human=not them.actor)]
