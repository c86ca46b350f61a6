"""Who sends OTLP: the session, the agent and the account that attributes name, and what spans and log records share.

Source: OpenTelemetry semantic conventions for GenAI and MCP, v1.41.1; OpenInference 0.1.42; Traceloop 0.5.1.
"""

from collections.abc import Callable, Mapping
from typing import Final

from msgspec import Struct

from suragh.model.fact import Fact, Ownership, Pointer
from suragh.read.acts import Origin
from suragh.read.chat_messages import Talk
from suragh.read.otlp.wire import Attributes, as_text, text_of
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
    "traceloop.association.properties.user_id",
    "installation.id",
)
"""What names an account, surest first: Claude Code's `user.id` is an installation, `user.account_uuid` an account."""

MAIN_AGENTS: Final = frozenset({"main", "root", "/root", "main-agent", "main_agent"})
"""Names that say that an agent is its session's first."""

_SUB_AGENT: Final = "sub"
"""Names of sub-agents that say so begin with this, or have it after a separator (`sub-1`, `x-subagent`)."""

_CONVERSATION: Final = "gen_ai.conversation.id"
_SESSION_KEYS: Final = (
    "session.id",
    "conversation.id",
    "traceloop.association.properties.session_id",
    "traceloop.association.properties.conversation_id",
    "traceloop.association.properties.thread_id",
    "traceloop.association.properties.chat_id",
)
_AGENT_KEYS: Final = ("gen_ai.agent.name", "gen_ai.agent.id", "agent.name", "agent_name", "agent_id")
_CONNECTION: Final = "mcp.session.id"

RESOURCE_KEYS: Final = frozenset((*ACCOUNT_KEYS, *_SESSION_KEYS, _CONVERSATION, "gen_ai.agent.name"))
"""What spans and log records take from the resource that sent them, where they do not say it themselves."""

CLAUDE_CODE: Final = "claude_code."
"""How the names of Claude Code's own spans and events begin."""


class Context(Struct, frozen=True, gc=False):
    """What is known of a span or a log record beside itself.

    Attributes:
        resource: attributes of its sender.
        pointer: the record of the file.
        at: JSON Pointer of the span or log record inside it.
        known_at: when it became visible: a span when it ended, which is when it was sent.
        told: what the stream has already told.
        sessions: gives, by trace, the session that others in the same record of the file name.
    """

    resource: Attributes | None
    pointer: Pointer
    at: str
    known_at: int
    told: Told
    sessions: Callable[[], Mapping[str, str]]


class Who(Struct, frozen=True, gc=False):
    """Session and actor, as in `Call`."""

    session: str
    actor: str


def session_named(name: str, found: Attributes) -> str:
    """Give the session that attributes name; empty if they name none.

    Args:
        name: of the span or the event.
        found: its attributes.
    """
    if name.startswith(CLAUDE_CODE):
        return text_of(found, "session.id", _CONVERSATION)
    return text_of(found, _CONVERSATION, *_SESSION_KEYS)


def who(name: str, trace: str, found: Attributes, context: Context) -> Who:
    """Give session and actor; a connection to an MCP server, or a trace, that nobody names a session of is one."""
    session = session_named(name, found) or context.sessions().get(trace) or text_of(found, _CONNECTION) or trace
    if name.startswith(CLAUDE_CODE):
        # In Claude Code's spans of a sub-agent, the conversation is the sub-agent.
        agent = text_of(found, _CONVERSATION, "agent_id")
        return Who(session, agent if agent != session else "")
    agent = text_of(found, *_AGENT_KEYS)
    return Who(session, "" if agent in MAIN_AGENTS else agent)


def is_sub(actor: str) -> bool:
    """Whether an agent's name says that it is a sub-agent."""
    low = actor.lower()
    return low.startswith(_SUB_AGENT) or any(sign + _SUB_AGENT in low for sign in "-_ ./")


def origin_of(them: Who, context: Context) -> Origin:
    """Give what the facts of a span or a log record have in common."""
    return Origin(them.session, them.actor, context.known_at, context.pointer)


def talk_of(them: Who, context: Context) -> Talk:
    """Give what the messages of a span or a log record have in common."""
    return Talk(them.session, them.actor, context.known_at, context.pointer, context.told, human=not is_sub(them.actor))


def ownership(session: str, found: Attributes, context: Context) -> list[Fact]:
    """Give the account that attributes name, if it is news."""
    for basis in ACCOUNT_KEYS:
        value = found.get(basis)
        account = "" if value is None else value.string_value or as_text(value)
        if account:
            is_news = context.told.is_news((session, account, basis), context.known_at)
            return [Ownership(session, account, basis, context.known_at)] if is_news else []
    return []
