"""Chat messages: what models are told and answer, in the shapes of the chat APIs and of the GenAI conventions.

Histories are resent with each call to the model, so everything here is told once: under its earliest time.
"""

from collections.abc import Iterable
from typing import Final

from msgspec import UNSET, Struct

from suragh.model.fact import Fact, Leaf
from suragh.read.acts import Origin
from suragh.read.identity import is_unique, turn_id
from suragh.read.leaves import leaves, leaves_of_json
from suragh.read.told import Told

MAX_KEY: Final = 512
"""Code points of a message that is remembered as it is; a longer one is remembered by its id, which costs more."""

_MEDIA: Final = frozenset({"image", "document", "audio", "image_url", "input_image", "input_file", "input_audio"})
"""Blocks whose content is encoded bytes: no text."""


class Function(Struct, gc=False):
    """The function of a tool call, as chat APIs have it; `arguments` is JSON in a text, or a value."""

    name: str | None = None
    arguments: object = None


class ToolCall(Struct, gc=False):
    """A tool call of an assistant's message.

    Chat APIs have a `function` or, for free text as `input`, a `custom`. Logs of benchmarks name the function by a
    bare text, or the tool by `name`, and give the arguments beside it as `arguments` or `args`.
    """

    id: str | None = None
    function: Function | str | None = None
    custom: dict[str, object] | None = None
    name: str | None = None
    arguments: object = None
    args: object = None


class Part(Struct, gc=False):
    """A part of a message.

    OTel's `tool_call` and `tool_call_response`, the blocks `tool_use` and `tool_result` of the Messages API, and `text`
    of all worlds.
    """

    type: str | None = None
    text: str | None = None
    content: object = None
    id: str | None = None
    name: str | None = None
    arguments: object = None
    result: object = None
    response: object = None
    input: object = None
    tool_use_id: str | None = None
    is_error: bool | None = None


class Message(Struct, gc=False):
    """One message of any of these shapes."""

    role: str | None = None
    content: str | list[Part] | None = None
    parts: list[Part] | None = None
    tool_calls: list[ToolCall] | None = None
    function_call: Function | None = None
    tool_call_id: str | None = None
    id: str | None = None
    error: object = UNSET


class Talk(Origin, frozen=True, gc=False):
    """What the messages of one record have in common.

    Attributes:
        told: what the stream has already told.
        human: whether what stands in the role of the user may be a person.
        injected: how texts begin that stand in the role of the user and that a client put there.
    """

    told: Told
    human: bool = False
    injected: tuple[str, ...] = ()


class Course:
    """What one history said so far: equal texts are different turns, and short ids may be used again.

    Attributes:
        texts: how often each text was said.
    """

    __slots__ = ("_calls", "_results", "texts")

    def __init__(self) -> None:
        self.texts: dict[str, int] = {}
        self._calls: dict[str, int] = {}
        self._results: dict[str, int] = {}

    def call(self, call_id: str) -> str:
        """Give the id of the next call, which tells it from an earlier one of the same id."""
        return _nth(self._calls, call_id)

    def result(self, call_id: str) -> str:
        """Give the id of the call that the next result is of."""
        return _nth(self._results, call_id)


def _nth(used: dict[str, int], call_id: str) -> str:
    nth = used.get(call_id, 0) + 1
    used[call_id] = nth
    return call_id if nth == 1 or not call_id or is_unique(call_id) else f"{call_id} {nth}"


class Asked(Struct, frozen=True, gc=False):
    """A tool call as a message has it.

    Attributes:
        call_id: the native id; empty if it has none.
        tool: as in `Call`.
        given: the arguments: JSON in a text, a value, or the leaves themselves.
    """

    call_id: str
    tool: str
    given: object


class Returned(Struct, frozen=True, gc=False):
    """What a tool returned, as a message has it.

    Attributes:
        call_id: the native id of the call.
        content: a text, a value, parts, or the leaves themselves.
        failed: as in `Result`.
    """

    call_id: str
    content: object
    failed: bool | None = None


def history(messages: Iterable[Message], talk: Talk, at: str, course: Course | None = None) -> list[Fact]:
    """Give what messages show: turns of users, calls of assistants, results of tools.

    Args:
        messages: in their order.
        talk: what they have in common.
        at: JSON Pointer of the list inside the record.
        course: what the history said before these; nothing if it is left out.
    """
    found: list[Fact] = []
    course = course or Course()
    for number, message in enumerate(messages):
        add_message(found, message, talk, (f"{at}/{number}", course))
    return found


def answer(message: Message, talk: Talk, at: str, course: Course | None = None) -> list[Fact]:
    """Give the calls of a message that a model answered, whatever its role is called.

    Args:
        message: the message.
        talk: what it has in common with those of its record.
        at: JSON Pointer of the message.
        course: what the history said that it answers; nothing if it is left out.
    """
    found: list[Fact] = []
    _calls(found, message, talk, (at, course or Course()))
    return found


def add_message(found: list[Fact], message: Message, talk: Talk, place: tuple[str, Course]) -> None:
    """Add what one message of a history shows.

    Args:
        found: where it is added.
        message: the message.
        talk: what the messages have in common.
        place: JSON Pointer of the message; and what the history said before, which is counted on.
    """
    role = message.role
    if role == "tool":
        _tool_message(found, message, talk, place)
    elif role == "assistant":
        _calls(found, message, talk, place)
    elif role == "user":
        _user_message(found, message, talk, place)


def add_call(found: list[Fact], asked: Asked, talk: Talk, at: str) -> None:
    """Add a call, if it is news."""
    call_id = asked.call_id
    if not call_id or talk.told.is_news((talk.session, call_id, "call"), talk.known_at):
        found.append(talk.call(call_id, asked.tool, _leaves(asked.given), at))


def add_result(found: list[Fact], returned: Returned, talk: Talk, at: str) -> None:
    """Add a result, if it is news."""
    if talk.told.is_news((talk.session, returned.call_id, "result"), talk.known_at):
        texts = block_texts(returned.content)
        found.append(talk.result(returned.call_id, texts, at, failed=returned.failed))


def block_texts(content: object) -> tuple[Leaf, ...]:
    """Give the texts of a result: a text, a value, or blocks, of which some hold encoded bytes."""
    if isinstance(content, tuple):
        return content
    if not isinstance(content, list):
        return leaves(content) if content != "" else ()
    if any(isinstance(part, Part) for part in content):
        parts = ((number, _part_text(part)) for number, part in enumerate(content) if isinstance(part, Part))
        return tuple(Leaf(f"{number}.text", text) for number, text in parts if text is not None)
    kept: object = content
    if any(map(_is_media, content)):
        kept = {str(number): block for number, block in enumerate(content) if not _is_media(block)}
    return tuple(leaf for leaf in leaves(kept) if not leaf.path.endswith(".type"))


def said(message: Message, injected: tuple[str, ...] = ()) -> str:
    """Give the text of a message, its parts joined by line ends; without those that begin as what a client put in."""
    content = message.content
    if isinstance(content, str):
        return "" if content.startswith(injected) else content
    texts = [_part_text(part) for part in (*(content or ()), *(message.parts or ()))]
    return "\n".join(text for text in texts if text and not text.startswith(injected))


def _part_text(part: Part) -> str | None:
    if part.text is not None:
        return part.text
    return part.content if part.type == "text" and isinstance(part.content, str) else None


def _is_media(block: object) -> bool:
    kind = block.get("type") if isinstance(block, dict) else None
    return isinstance(kind, str) and kind in _MEDIA


def _calls(found: list[Fact], message: Message, talk: Talk, place: tuple[str, Course]) -> None:
    at, course = place
    if message.tool_calls:
        for number, asked in enumerate(message.tool_calls):
            add_call(found, _asked(asked, course), talk, f"{at}/tool_calls/{number}")
    if message.function_call is not None:
        old = message.function_call
        add_call(found, Asked("", old.name or "", old.arguments), talk, f"{at}/function_call")
    if message.parts:
        for number, part in enumerate(message.parts):
            if part.type == "tool_call":
                asked_for = Asked(course.call(part.id or ""), part.name or "", part.arguments)
                add_call(found, asked_for, talk, f"{at}/parts/{number}")
    if isinstance(message.content, list):
        _blocks(found, message.content, talk, (f"{at}/content", course))


def _blocks(found: list[Fact], blocks: list[Part], talk: Talk, place: tuple[str, Course]) -> None:
    """Add the calls and results among blocks; those of tools that the provider runs end in the same words."""
    at, course = place
    for number, block in enumerate(blocks):
        kind = block.type or ""
        if kind.endswith("tool_use"):
            asked = Asked(course.call(block.id or ""), block.name or "", block.input)
            add_call(found, asked, talk, f"{at}/{number}")
        elif kind.endswith("tool_result") and block.tool_use_id:
            returned = Returned(course.result(block.tool_use_id), block.content, block.is_error)
            add_result(found, returned, talk, f"{at}/{number}")


def _asked(asked: ToolCall, course: Course) -> Asked:
    """Give the tool and the arguments of a call of any kind."""
    call_id, function = course.call(asked.id or ""), asked.function
    if isinstance(function, Function):
        return Asked(call_id, function.name or "", function.arguments)
    if asked.custom is not None:
        name = asked.custom.get("name")
        return Asked(call_id, name if isinstance(name, str) else "", {"input": asked.custom.get("input")})
    return Asked(call_id, function or asked.name or "", asked.args if asked.arguments is None else asked.arguments)


def _leaves(given: object) -> tuple[Leaf, ...]:
    if isinstance(given, tuple):
        return given
    return leaves_of_json(given) if isinstance(given, str) else leaves(given)


def _tool_message(found: list[Fact], message: Message, talk: Talk, place: tuple[str, Course]) -> None:
    at, course = place
    call_id, error = message.tool_call_id or message.id, message.error
    if call_id and (message.content is not None or (error is not UNSET and error)):
        returned = Returned(course.result(call_id), message.content)
        if error is not UNSET:
            texts = block_texts(message.content)
            returned = Returned(returned.call_id, texts + leaves({"error": error}), bool(error))
        add_result(found, returned, talk, at)
    if message.parts:
        _responses(found, message.parts, talk, place)


def _responses(found: list[Fact], parts: list[Part], talk: Talk, place: tuple[str, Course]) -> None:
    at, course = place
    for number, part in enumerate(parts):
        if part.type == "tool_call_response" and part.id:
            own = part.result if part.result is not None else part.response
            add_result(found, Returned(course.result(part.id), own), talk, f"{at}/parts/{number}")


def _user_message(found: list[Fact], message: Message, talk: Talk, place: tuple[str, Course]) -> None:
    at, course = place
    if message.parts:
        _responses(found, message.parts, talk, place)
    if isinstance(message.content, list):
        _blocks(found, message.content, talk, (f"{at}/content", course))
    text = said(message, talk.injected)
    if not text:
        return
    nth = course.texts.get(text, 0)
    course.texts[text] = nth + 1
    key = (talk.session, nth, text) if len(text) <= MAX_KEY else turn_id(talk.session, "", text, nth)
    if talk.told.is_news(key, talk.known_at):
        found.append(talk.turn(turn_id(talk.session, "", text, nth), text, at, human=talk.human))
