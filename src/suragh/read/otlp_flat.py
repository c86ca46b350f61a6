"""Messages that instrumentations spread over numbered keys, such as `gen_ai.prompt.0.role`.

Source: Traceloop 0.5.1 (`gen_ai.prompt.<i>`, `gen_ai.completion.<i>`); OpenInference 0.1.42 (`llm.input_messages.<i>`,
`llm.output_messages.<i>`), which puts a word more before each name.
"""

from typing import Final

from suragh.read.chat_messages import Function, Message, Part, ToolCall
from suragh.read.otlp_wire import AnyValue, Attributes, as_text

MAX_NUMBERED: Final = 4096
"""Calls or parts of a message that are kept by number: real ones have some ten."""

_ASKED: Final = ("gen_ai.prompt.", "llm.input_messages.")
_ANSWERED: Final = ("gen_ai.completion.", "llm.output_messages.")
_FIRST: Final = frozenset(
    f"{prefix}0.{wrapper}{name}"
    for prefix in (*_ASKED, *_ANSWERED)
    for wrapper in ("", "message.")
    for name in ("role", "content")
)
_WRAPPERS: Final = frozenset({"message", "tool_call", "function", "message_content"})


def has_numbered(found: Attributes) -> bool:
    """Whether there is a first message in this form."""
    return not _FIRST.isdisjoint(found)


def numbered(found: Attributes) -> list[Message]:
    """Gather the messages, those that a model answered after those that it was given."""
    messages: dict[tuple[int, int], Message] = {}
    for key, value in found.items():
        order = 0 if key.startswith(_ASKED) else 1
        if value is None or not (order == 0 or key.startswith(_ANSWERED)):
            continue
        number, *names = [word for word in key.split(".")[2:] if word not in _WRAPPERS]
        if number.isdecimal() and names:
            message = messages.setdefault((order, int(number)), Message(role="assistant" if order else None))
            _put(message, names, value)
    return [messages[place] for place in sorted(messages)]


def _put(message: Message, names: list[str], value: AnyValue) -> None:
    text, first = as_text(value), names[0]
    if len(names) > 1:
        _put_inside(message, names, text)
    elif first == "role":
        message.role = text
    elif first == "content":
        message.content = text
    elif first == "tool_call_id":
        message.tool_call_id = text
    elif first in ("function_call_name", "function_call_arguments_json"):
        message.function_call = message.function_call or Function()
        setattr(message.function_call, "name" if first == "function_call_name" else "arguments", text)


def _put_inside(message: Message, names: list[str], text: str) -> None:
    """Put what belongs to a numbered call or part of a message in its place."""
    kind, number, name = (*names, "")[:3]
    place = int(number) if number.isdecimal() and len(number) < len(str(MAX_NUMBERED)) + 1 else MAX_NUMBERED
    if place >= MAX_NUMBERED:
        return
    if kind == "tool_calls":
        message.tool_calls = message.tool_calls or []
        while len(message.tool_calls) <= place:
            message.tool_calls.append(ToolCall(function=Function()))
        _put_call(message.tool_calls[place], name, text)
    elif kind == "contents" and name == "text":
        message.parts = [*(message.parts or ()), Part(type="text", content=text)]


def _put_call(asked: ToolCall, name: str, text: str) -> None:
    function = asked.function
    if name == "id":
        asked.id = text
    elif isinstance(function, Function):
        if name == "name":
            function.name = text
        elif name == "arguments":
            function.arguments = text
