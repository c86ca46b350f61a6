"""Log records of agents: the events of the GenAI conventions, and those that coding agents send under their own names.

Source: OpenTelemetry semantic conventions for GenAI, v1.28 to v1.41.1; `otlp_agents` tells of the coding agents.
"""

from typing import Final

from suragh.model.fact import Fact
from suragh.read.chat_messages import history
from suragh.read.otlp.agents import AGENTS, Event
from suragh.read.otlp.messages import EVENT_ROLES, message_of, messages_in
from suragh.read.otlp.spans import AGENT_PREFIXES
from suragh.read.otlp.tools import Tried, arguments_of, call_id_of, facts_of_tool, is_tool, outcome_of, tool_named
from suragh.read.otlp.who import CLAUDE_CODE, Context, Who, ownership, talk_of, who
from suragh.read.otlp.wire import Attributes, LogRecord, as_plain, attributes, text_of

_CLAUDE_CODE_SCOPE: Final = "com.anthropic.claude_code.events"
_NAME: Final = "event.name"


def event_named(record: LogRecord, scope: str) -> str:
    """Give the name of an event: Claude Code's stands whole only in the body, Codex's only in the attribute."""
    body = record.body.string_value if record.body is not None else None
    if body is not None and body.startswith(CLAUDE_CODE):
        return body
    value = next((pair.value for pair in record.attributes or () if pair.key == _NAME), None)
    name = value.string_value if value is not None else None
    if name is not None and scope == _CLAUDE_CODE_SCOPE:
        return CLAUDE_CODE + name
    return name or record.event_name or ""


def is_telling(name: str, record: LogRecord) -> bool:
    """Whether a log record may be about an agent, by its name and the names of its attributes."""
    if name.partition(".")[0] in AGENTS or name in EVENT_ROLES:
        return True
    return any(pair.key.startswith(AGENT_PREFIXES) for pair in record.attributes or ())


def facts_of_record(name: str, record: LogRecord, context: Context) -> list[Fact]:
    """Give what a log record of this name shows."""
    found = attributes(record.attributes, context.resource)
    them = who(name, record.trace_id or "", found, context)
    if not them.session:
        return []
    facts = ownership(them.session, found, context)
    agent, _, kind = name.partition(".")
    if agent in AGENTS:
        read = AGENTS[agent].get(kind)
        return facts if read is None else facts + read(Event(found, record.attributes, them, context))
    return facts + _by_convention(name, record, found, (them, context))


def _by_convention(name: str, record: LogRecord, found: Attributes, place: tuple[Who, Context]) -> list[Fact]:
    them, context = place
    if is_tool(name, found):
        call_id = call_id_of(record.trace_id or "", found)
        tried = Tried(call_id, tool_named(name, found), arguments_of(found), outcome_of(found))
        return facts_of_tool(tried, them, context)
    talk = talk_of(them, context)
    role = EVENT_ROLES.get(name)
    facts = messages_in(found, record.attributes, talk, context.at)
    if role is None:
        return facts
    body = as_plain(record.body) if record.body is not None else text_of(found, "gen_ai.event.content", "content")
    return facts + history([message_of(role, body)], talk, context.at + "/body")
