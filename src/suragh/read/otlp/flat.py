"""Messages that instrumentations spread over numbered keys, such as `gen_ai.prompt.0.role`.

Source: Traceloop 0.5.1 (`gen_ai.prompt.<i>`, `gen_ai.completion.<i>`); OpenInference 0.1.42 (`llm.input_messages.<i>`,
`llm.output_messages.<i>`), which puts a word more before each name.
"""

from typing import Final

from msgspec import Struct

from suragh.read.chat_messages import Function, Message, Part, ToolCall
from suragh.read.otlp.wire import Attributes, as_text

MAX_DIGITS: Final = 9
"""Digits of a number that is read: a longer one counts nothing that fits into a record."""

_ASKED: Final = ("gen_ai.prompt.", "llm.input_messages.")
_ANSWERED: Final = ("gen_ai.completion.", "llm.output_messages.")
_FIRST: Final = frozenset(
    f"{prefix}0.{wrapper}{name}"
    for prefix in (*_ASKED, *_ANSWERED)
    for wrapper in ("", "message.")
    for name in ("role", "content")
)
_FUNCTION_KEYS: Final = {"function_call_name": "name", "function_call_arguments_json": "arguments"}
_WRAPPERS: Final = frozenset({"message", "tool_call", "function", "message_content"})


def has_numbered(found: Attributes) -> bool:
    """Whether there is a first message in this form."""
    return not _FIRST.isdisjoint(found)


class _Gathered(Struct, gc=False):
    """A message, and its calls by number."""

    message: Message
    calls: dict[int, ToolCall]


def numbered(found: Attributes) -> list[Message]:
    """Gather the messages, those that a model answered after those that it was given."""
    gathered: dict[tuple[int, int], _Gathered] = {}
    for key, value in found.items():
        is_answer = key.startswith(_ANSWERED)
        if value is None or not (is_answer or key.startswith(_ASKED)):
            continue
        number, *names = [word for word in key.split(".")[2:] if word not in _WRAPPERS] or [""]
        if _is_number(number) and names:
            place = (int(is_answer), int(number))
            if place not in gathered:
                gathered[place] = _Gathered(Message(role="assistant" if is_answer else None), {})
            _put(gathered[place], names, as_text(value))
    return [_message(gathered[place]) for place in sorted(gathered)]


def _message(gathered: _Gathered) -> Message:
    message, calls = gathered.message, gathered.calls
    message.tool_calls = [calls[place] for place in sorted(calls)] or None
    return message


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) <= MAX_DIGITS


def _put(gathered: _Gathered, names: list[str], text: str) -> None:
    message, first = gathered.message, names[0]
    if len(names) > 1:
        _put_inside(gathered, names, text)
    elif first == "role":
        message.role = text
    elif first == "content":
        message.content = text
    elif first == "tool_call_id":
        message.tool_call_id = text
    elif first in _FUNCTION_KEYS:
        message.function_call = message.function_call or Function()
        setattr(message.function_call, _FUNCTION_KEYS[first], text)


def _put_inside(gathered: _Gathered, names: list[str], text: str) -> None:
    """Put what belongs to a numbered call or part of a message in its place."""
    kind, number, name = (*names, "")[:3]
    if kind == "contents" and name == "text":
        parts = gathered.message.parts = gathered.message.parts or []
        parts.append(Part(type="text", content=text))
    elif kind == "tool_calls" and _is_number(number):
        asked = gathered.calls.setdefault(int(number), ToolCall(function=Function()))
        if name == "id":
            asked.id = text
        elif name in ("name", "arguments"):
            setattr(asked.function, name, text)
