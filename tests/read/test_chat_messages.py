"""Chat messages in both shapes."""

import msgspec
from tests.read.feeds import OTHER_ID, chat_call, only

from suragh.model.fact import Call, Leaf, Pointer, Result, Turn
from suragh.read.chat_messages import Message, Scene, answer, history, said
from suragh.read.told import Told


def scene(at: int = 5, told: Told | None = None) -> Scene:
    """What the messages of a record have in common."""
    return Scene("s1", "", True, at, Pointer(0, 0, 1), told or Told())  # noqa: FBT003


def messages(*given: object) -> list[Message]:
    """Messages as they are decoded."""
    return msgspec.convert(list(given), list[Message])


def test_both_shapes_show_the_same() -> None:
    """A call and a result in OTel's parts are those of the chat API."""
    api = messages(
        {"role": "user", "content": "go"}, chat_call(), {"role": "tool", "tool_call_id": OTHER_ID, "content": "uid=0"}
    )
    call = {"type": "tool_call", "id": OTHER_ID, "name": "shell", "arguments": {"command": "id"}}
    back = {"type": "tool_call_response", "id": OTHER_ID, "result": "uid=0"}
    otel = messages(
        {"role": "user", "parts": [{"type": "text", "content": "go"}]},
        {"role": "assistant", "parts": [call]},
        {"role": "tool", "parts": [back]},
    )

    shown = [[(type(f), getattr(f, "action", 0)) for f in history(m, scene(), "")] for m in (api, otel)]

    assert shown[0] == shown[1]
    assert [kind for kind, _ in shown[0]] == [Turn, Call, Result]


def test_history_is_told_once_under_its_earliest_time() -> None:
    """Seen again later it is left out; seen again earlier it is told again, for that time counts."""
    told = Told()
    sent = messages({"role": "user", "content": "go"}, chat_call())

    assert len(history(sent, scene(5, told), "")) == 2
    assert history(sent, scene(6, told), "") == []
    assert [fact.known_at for fact in history(sent, scene(4, told), "")] == [4, 4]  # type: ignore[union-attr]


def test_equal_messages_of_a_history_are_different_turns() -> None:
    """A person who says the same twice said two things."""
    turns = only(Turn, history(messages(*[{"role": "user", "content": "go on"}] * 2), scene(), ""))

    assert len({turn.turn for turn in turns}) == 2


def test_older_and_rarer_shapes() -> None:
    """`function_call`, custom tools, and results in lists of parts."""
    old = messages({"role": "assistant", "function_call": {"name": "f", "arguments": "{}"}})[0]
    custom = {"id": OTHER_ID, "type": "custom", "custom": {"name": "patch", "input": "*** Begin"}}
    rare = messages({"role": "assistant", "tool_calls": [custom]})[0]
    listed = messages({"role": "tool", "tool_call_id": OTHER_ID, "content": [{"type": "text", "text": "ok"}]})

    assert [call.tool for call in only(Call, answer(old, scene(), ""))] == ["f"]
    assert only(Call, answer(rare, scene(), ""))[0].arguments == (Leaf("input", "*** Begin"),)
    assert only(Result, history(listed, scene(), ""))[0].texts == (Leaf("0.text", "ok"),)


def test_the_text_of_a_message_is_that_of_its_parts() -> None:
    """Images are no text."""
    parts = [{"type": "text", "text": "look"}, {"type": "image_url"}, {"type": "text", "text": "here"}]

    assert said(messages({"role": "user", "content": parts})[0]) == "look\nhere"
