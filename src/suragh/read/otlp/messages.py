"""Messages in OTLP: what the GenAI conventions, new and old, OpenInference and Traceloop say of a model's messages.

Source: OpenTelemetry semantic conventions for GenAI, v1.41.1 and the repository that follows it; the events
`gen_ai.user.message` and so on are those of v1.28 to v1.36, `gen_ai.content.prompt` that of v1.27.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from suragh.model.fact import Fact
from suragh.read.chat_messages import Course, Message, Talk, answer, history
from suragh.read.lenient import convert, parsed
from suragh.read.otlp.flat import has_numbered, numbered
from suragh.read.otlp.wire import Attributes, Event, KeyValue, as_json, attributes, place_of, text_of, value_of

EVENT_ROLES: Final = {
    "gen_ai.user.message": "user",
    "gen_ai.assistant.message": "assistant",
    "gen_ai.tool.message": "tool",
    "gen_ai.choice": "assistant",
}
"""Who speaks in an event that holds one message."""

_WHOLE_EVENTS: Final = frozenset(
    {"gen_ai.client.inference.operation.details", "gen_ai.content.prompt", "gen_ai.content.completion"}
)
"""Events of a span that hold messages in attributes, as a span does."""

_STYLES: Final = (("gen_ai.input.messages", "gen_ai.output.messages"), ("gen_ai.prompt", "gen_ai.completion"))
"""What a model was given and what it answered, new and old: a sender may say both, and each is a history of its own."""

_MESSAGES: Final = msgspec.json.Decoder(list[Message])


def messages_in(found: Attributes, pairs: Sequence[KeyValue] | None, talk: Talk, at: str) -> list[Fact]:
    """Give what the messages among attributes show.

    Args:
        found: the attributes.
        pairs: the same as they were sent.
        talk: what the messages have in common.
        at: JSON Pointer of what has the attributes.
    """
    facts: list[Fact] = []
    for asked, answered in _STYLES:
        course = Course()
        if asked in found:
            facts += history(_listed(as_json(found[asked]), "user"), talk, at + place_of(pairs, asked), course)
        if answered in found:
            place = at + place_of(pairs, answered)
            for number, message in enumerate(_listed(as_json(found[answered]), "assistant")):
                facts += answer(message, talk, f"{place}/{number}", course)
    if has_numbered(found):
        facts += history(numbered(found), talk, at + "/attributes")
    return facts


def messages_of_events(events: Sequence[Event], talk: Talk, at: str) -> list[Fact]:
    """Give what the events of a span show; `at` is the JSON Pointer of their list."""
    facts: list[Fact] = []
    for number, event in enumerate(events):
        if event.name in _WHOLE_EVENTS:
            facts += messages_in(attributes(event.attributes), event.attributes, talk, f"{at}/{number}")
    return facts + history([_event_message(event) for event in events], talk, at)


def message_of(role: str, body: object) -> Message:
    """Make a message of the decoded body of an event; that of a choice has the message inside."""
    inner = body.get("message", body) if isinstance(body, dict) else None
    given = parsed(inner) if isinstance(inner, str) else inner
    message = convert(given, Message) or Message(content=inner if isinstance(inner, str) else None)
    message.role = role
    return message


def _listed(text: bytes, role: str) -> list[Message]:
    """Decode a list of messages, one message, or a bare text, which then is of the role."""
    try:
        return _MESSAGES.decode(text)
    except (ValueError, RecursionError):
        pass
    found = parsed(text)
    if isinstance(found, list):
        return [convert(item, Message) or Message() for item in found]
    one = convert(found, Message)
    if one is not None and one.role:
        return [one]
    return [Message(role=role, content=text.decode("utf-8", "replace"))] if text else []


def _event_message(event: Event) -> Message:
    """Read a message out of a span's event of the old style; an event that is none gives an empty message."""
    role = EVENT_ROLES.get(event.name or "")
    if role is None:
        return Message()
    found = attributes(event.attributes)
    body = as_json(value_of(found, "gen_ai.event.content", "message"))
    message = message_of(role, parsed(body) if body else None)
    if found.get("content") is not None:
        message.content = text_of(found, "content")
    message.id = text_of(found, "id") or message.id
    calls = as_json(found.get("tool_calls"))
    if calls:
        wrapped = convert({"tool_calls": parsed(calls)}, Message)
        message.tool_calls = wrapped.tool_calls if wrapped is not None else None
    return message
