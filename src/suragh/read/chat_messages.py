"""Chat messages: what models are told and answer, in the shapes of the chat APIs and of the GenAI conventions.

Histories are resent with each call to the model, so everything here is told once: under its earliest time.
"""

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from suragh.model.fact import Call, Fact, Leaf, Pointer, Result, Turn
from suragh.read.identity import action_id, turn_id
from suragh.read.leaves import leaves, leaves_of_json
from suragh.read.told import Told

MAX_KEY: Final = 512
"""Code points of a message that is remembered as it is; a longer one is remembered by its id, which costs more."""


class Function(Struct, gc=False):
    """The function of a tool call, as chat APIs have it; `arguments` is JSON in a text, or a value."""

    name: str | None = None
    arguments: object = None


class ToolCall(Struct, gc=False):
    """A tool call of an assistant's message, as chat APIs have it; `custom` holds free text as `input`."""

    id: str | None = None
    function: Function | None = None
    custom: dict[str, object] | None = None


class Part(Struct, gc=False):
    """A part of a message: OTel's `tool_call` and `tool_call_response`, and `text` of both worlds."""

    type: str | None = None
    text: str | None = None
    content: object = None
    id: str | None = None
    name: str | None = None
    arguments: object = None
    result: object = None
    response: object = None


class Message(Struct, gc=False):
    """One message of any of these shapes."""

    role: str | None = None
    content: str | list[Part] | None = None
    parts: list[Part] | None = None
    tool_calls: list[ToolCall] | None = None
    function_call: Function | None = None
    tool_call_id: str | None = None
    id: str | None = None


class Scene(Struct, frozen=True, gc=False):
    """What the messages of one record have in common.

    Attributes:
        session: as in `Call`.
        actor: as in `Call`.
        human: whether what stands in the role of the user may be a person.
        known_at: as in `Call`.
        pointer: as in `Call`.
        told: what the stream has already told.
    """

    session: str
    actor: str
    human: bool
    known_at: int
    pointer: Pointer
    told: Told


def history(messages: Iterable[Message], scene: Scene, at: str) -> list[Fact]:
    """Give what messages show: turns of users, calls of assistants, results of tools.

    Args:
        messages: in their order.
        scene: what they have in common.
        at: JSON Pointer of the list inside the record.
    """
    found: list[Fact] = []
    heard: dict[str, int] = {}
    for number, message in enumerate(messages):
        role = message.role
        if role == "tool":
            _tool_message(found, message, scene, f"{at}/{number}")
        elif role == "assistant":
            _calls(found, message, scene, f"{at}/{number}")
        elif role == "user":
            _user_message(found, message, scene, (f"{at}/{number}", heard))
    return found


def answer(message: Message, scene: Scene, at: str) -> list[Fact]:
    """Give the calls of a message that a model answered, whatever its role is called."""
    found: list[Fact] = []
    _calls(found, message, scene, at)
    return found


def _calls(found: list[Fact], message: Message, scene: Scene, at: str) -> None:
    if message.tool_calls:
        for number, asked in enumerate(message.tool_calls):
            if _is_new_call(scene, asked.id):
                tool, given = _asked(asked)
                found.append(_call(scene, asked.id, (tool, given), f"{at}/tool_calls/{number}"))
    if message.function_call is not None:
        old = message.function_call
        found.append(_call(scene, None, (old.name, old.arguments), f"{at}/function_call"))
    if message.parts:
        for number, part in enumerate(message.parts):
            if part.type == "tool_call" and _is_new_call(scene, part.id):
                found.append(_call(scene, part.id, (part.name, part.arguments), f"{at}/parts/{number}"))


def _asked(asked: ToolCall) -> tuple[str | None, object]:
    """Give the tool and the arguments of a call of either kind."""
    if asked.function is not None:
        return asked.function.name, asked.function.arguments
    custom = asked.custom or {}
    name = custom.get("name")
    return name if isinstance(name, str) else None, {"input": custom.get("input")}


def _is_new_call(scene: Scene, call_id: str | None) -> bool:
    return not call_id or scene.told.is_news((scene.session, call_id, "call"), scene.known_at)


def _call(scene: Scene, call_id: str | None, asked: tuple[str | None, object], at: str) -> Call:
    tool, given = asked[0] or "", asked[1]
    arguments = leaves_of_json(given) if isinstance(given, str) else leaves(given)
    action = action_id(scene.session, call_id or "", scene.known_at, tool, arguments)
    return Call(scene.session, scene.actor, action, tool, arguments, scene.known_at, scene.pointer, at)


def _tool_message(found: list[Fact], message: Message, scene: Scene, at: str) -> None:
    call_id = message.tool_call_id or message.id
    if call_id and message.content is not None:
        _result(found, scene, (call_id, message.content), at)
    if message.parts:
        _responses(found, message.parts, scene, at)


def _responses(found: list[Fact], parts: list[Part], scene: Scene, at: str) -> None:
    for number, part in enumerate(parts):
        if part.type == "tool_call_response" and part.id:
            own = part.result if part.result is not None else part.response
            _result(found, scene, (part.id, own), f"{at}/parts/{number}")


def _result(found: list[Fact], scene: Scene, returned: tuple[str, object], at: str) -> None:
    call_id, content = returned
    if not scene.told.is_news((scene.session, call_id, "result"), scene.known_at):
        return
    action = action_id(scene.session, call_id, scene.known_at, "", ())
    texts = _texts(content) if isinstance(content, list) else leaves(content)
    found.append(Result(scene.session, action, texts, None, scene.known_at, scene.pointer, at))


def _texts(content: list[object]) -> tuple[Leaf, ...]:
    if not any(isinstance(part, Part) for part in content):
        return leaves(content)
    return tuple(
        Leaf(f"{number}.text", part.text)
        for number, part in enumerate(content)
        if isinstance(part, Part) and part.text is not None
    )


def _user_message(found: list[Fact], message: Message, scene: Scene, place: tuple[str, dict[str, int]]) -> None:
    at, heard = place
    if message.parts:
        _responses(found, message.parts, scene, at)
    text = said(message)
    if not text:
        return
    nth = heard.get(text, 0)
    heard[text] = nth + 1
    key = (scene.session, nth, text) if len(text) <= MAX_KEY else turn_id(scene.session, "", text, nth)
    if scene.told.is_news(key, scene.known_at):
        turn = turn_id(scene.session, "", text, nth)
        found.append(Turn(scene.session, turn, scene.human, text, scene.known_at, scene.pointer, at))


def said(message: Message) -> str:
    """Give the text of a message, its parts joined by line ends."""
    content = message.content
    if isinstance(content, str):
        return content
    texts = [part.text for part in content or () if part.text]
    texts += [part.content for part in message.parts or () if part.type == "text" and isinstance(part.content, str)]
    return "\n".join(texts)
