"""Chat messages: what models are told and answer, in the shapes of the chat APIs and of the GenAI conventions.

Histories are resent with each call to the model, so everything here is told once: under its earliest time.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from msgspec import Struct

from suragh.model.fact import Call, Fact, Leaf, Pointer, Result, Turn
from suragh.read.identity import action_id, turn_id
from suragh.read.leaves import leaves, leaves_of_json
from suragh.read.told import Told


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


def history(messages: Iterable[Message], scene: Scene, at: str) -> Iterator[Fact]:
    """Yield what messages show: turns of users, calls of assistants, results of tools.

    Args:
        messages: in their order.
        scene: what they have in common.
        at: JSON Pointer of the list inside the record.
    """
    heard: Counter[str] = Counter()
    for number, message in enumerate(messages):
        role = message.role
        if role == "tool":
            yield from _tool_message(message, scene, f"{at}/{number}")
        elif role == "assistant":
            yield from _calls(message, scene, f"{at}/{number}")
        elif role == "user":
            yield from _user_message(message, scene, f"{at}/{number}", heard)


def answer(message: Message, scene: Scene, at: str) -> Iterator[Fact]:
    """Yield the calls of a message that a model answered, whatever its role is called."""
    yield from _calls(message, scene, at)


def _calls(message: Message, scene: Scene, at: str) -> Iterator[Fact]:
    for number, asked in enumerate(message.tool_calls or ()):
        function, custom = asked.function, asked.custom or {}
        if function is not None:
            yield from _call(scene, asked.id, (function.name, function.arguments), f"{at}/tool_calls/{number}")
        elif custom:
            name = custom.get("name")
            own = (name if isinstance(name, str) else "", {"input": custom.get("input")})
            yield from _call(scene, asked.id, own, f"{at}/tool_calls/{number}")
    if message.function_call is not None:
        old = message.function_call
        yield from _call(scene, None, (old.name, old.arguments), f"{at}/function_call")
    for number, part in enumerate(message.parts or ()):
        if part.type == "tool_call":
            yield from _call(scene, part.id, (part.name, part.arguments), f"{at}/parts/{number}")


def _call(scene: Scene, call_id: str | None, asked: tuple[str | None, object], at: str) -> Iterator[Call]:
    if call_id and not scene.told.is_news((scene.session, call_id, "call"), scene.known_at):
        return
    tool, given = asked[0] or "", asked[1]
    arguments = leaves_of_json(given) if isinstance(given, str) else leaves(given)
    action = action_id(scene.session, call_id or "", scene.known_at, tool, arguments)
    yield Call(scene.session, scene.actor, action, tool, arguments, scene.known_at, scene.pointer, at)


def _tool_message(message: Message, scene: Scene, at: str) -> Iterator[Result]:
    call_id = message.tool_call_id or message.id
    if call_id and message.content is not None:
        yield from _result(scene, call_id, message.content, at)
    yield from _responses(message, scene, at)


def _responses(message: Message, scene: Scene, at: str) -> Iterator[Result]:
    for number, part in enumerate(message.parts or ()):
        if part.type == "tool_call_response" and part.id:
            own = part.result if part.result is not None else part.response
            yield from _result(scene, part.id, own, f"{at}/parts/{number}")


def _result(scene: Scene, call_id: str, content: object, at: str) -> Iterator[Result]:
    if not scene.told.is_news((scene.session, call_id, "result"), scene.known_at):
        return
    action = action_id(scene.session, call_id, scene.known_at, "", ())
    texts = _texts(content) if isinstance(content, list) else leaves(content)
    yield Result(scene.session, action, texts, None, scene.known_at, scene.pointer, at)


def _texts(content: list[object]) -> tuple[Leaf, ...]:
    return tuple(
        Leaf(f"{number}.text", part.text)
        for number, part in enumerate(content)
        if isinstance(part, Part) and part.text is not None
    )


def _user_message(message: Message, scene: Scene, at: str, heard: Counter[str]) -> Iterator[Fact]:
    yield from _responses(message, scene, at)
    text = said(message)
    if not text:
        return
    nth = heard[text]
    heard[text] += 1
    if scene.told.is_news((scene.session, nth, text), scene.known_at):
        turn = turn_id(scene.session, "", text, nth)
        yield Turn(scene.session, turn, scene.human, text, scene.known_at, scene.pointer, at)


def said(message: Message) -> str:
    """Give the text of a message, its parts joined by line ends."""
    content = message.content
    if isinstance(content, str):
        return content
    texts = [part.text for part in content or () if part.text]
    texts += [part.content for part in message.parts or () if part.type == "text" and isinstance(part.content, str)]
    return "\n".join(texts)
