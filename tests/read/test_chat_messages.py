"""Chat messages in both shapes."""

import msgspec
import pytest
from tests.read.feeds import BASH_ID, OTHER_ID, chat_call, only

from suragh.model.fact import Call, Leaf, Pointer, Result, Turn
from suragh.read.chat_messages import Course, Message, Talk, answer, history, said
from suragh.read.told import Told


def talk(at: int = 5, told: Told | None = None) -> Talk:
    """What the messages of a record have in common."""
    return Talk("s1", "", at, Pointer(0, 0, 1), told or Told(), human=True)


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

    shown = [[(type(f), getattr(f, "action", 0)) for f in history(m, talk(), "")] for m in (api, otel)]

    assert shown[0] == shown[1]
    assert [kind for kind, _ in shown[0]] == [Turn, Call, Result]


def test_history_is_told_once_under_its_earliest_time() -> None:
    """Seen again later it is left out; seen again earlier it is told again, for that time counts."""
    told = Told()
    sent = messages({"role": "user", "content": "go"}, chat_call())

    assert len(history(sent, talk(5, told), "")) == 2
    assert history(sent, talk(6, told), "") == []
    assert [fact.known_at for fact in history(sent, talk(4, told), "")] == [4, 4]  # type: ignore[union-attr]


def test_equal_messages_of_a_history_are_different_turns() -> None:
    """A person who says the same twice said two things."""
    turns = only(Turn, history(messages(*[{"role": "user", "content": "go on"}] * 2), talk(), ""))

    assert len({turn.turn for turn in turns}) == 2


def test_older_and_rarer_shapes() -> None:
    """`function_call`, custom tools, and results in lists of parts."""
    old = messages({"role": "assistant", "function_call": {"name": "f", "arguments": "{}"}})[0]
    custom = {"id": OTHER_ID, "type": "custom", "custom": {"name": "patch", "input": "*** Begin"}}
    rare = messages({"role": "assistant", "tool_calls": [custom]})[0]
    listed = messages({"role": "tool", "tool_call_id": OTHER_ID, "content": [{"type": "text", "text": "ok"}]})

    assert [call.tool for call in only(Call, answer(old, talk(), ""))] == ["f"]
    assert only(Call, answer(rare, talk(), ""))[0].arguments == (Leaf("input", "*** Begin"),)
    assert only(Result, history(listed, talk(), ""))[0].texts == (Leaf("0.text", "ok"),)


def test_the_text_of_a_message_is_that_of_its_parts() -> None:
    """Images are no text."""
    parts = [{"type": "text", "text": "look"}, {"type": "image_url"}, {"type": "text", "text": "here"}]

    assert said(messages({"role": "user", "content": parts})[0]) == "look\nhere"


def test_blocks_of_the_messages_interface_show_the_same() -> None:
    """Calls and results stand among the blocks of a content."""
    used = {"type": "tool_use", "id": BASH_ID, "name": "shell", "input": {"command": "id"}}
    image = {"type": "image", "source": {"type": "base64", "data": "AAAA"}}
    gave = {
        "type": "tool_result",
        "tool_use_id": BASH_ID,
        "content": [image, {"type": "text", "text": "no"}],
        "is_error": True,
    }
    given = messages(
        {"role": "assistant", "content": [{"type": "text", "text": "Looking."}, used]},
        {"role": "user", "content": [gave, {"type": "text", "text": "go on"}]},
    )

    call, result, turn = history(given, talk(), "/messages")

    assert isinstance(call, Call)
    assert isinstance(result, Result)
    assert isinstance(turn, Turn)
    assert (call.tool, call.arguments, call.at) == ("shell", (Leaf("command", "id"),), "/messages/0/content/1")
    assert (result.action, result.failed, result.texts) == (call.action, True, (Leaf("1.text", "no"),))
    assert (result.at, turn.text, turn.at) == ("/messages/1/content/0", "go on", "/messages/1")


@pytest.mark.parametrize(
    "call",
    [
        {"id": "c1", "function": "look", "arguments": {"n": 1}},
        {"id": "c1", "function": "look", "args": {"n": 1}},
        {"id": "c1", "name": "look", "arguments": {"n": 1}},
    ],
)
def test_calls_as_benchmarks_write_them(call: dict[str, object]) -> None:
    """The function is a bare text, or the tool has a name."""
    (found,) = only(Call, history(messages({"role": "assistant", "tool_calls": [call]}), talk(), ""))

    assert (found.tool, found.arguments) == ("look", (Leaf("n", "1"),))


@pytest.mark.parametrize(
    ("error", "failed", "texts"),
    [(None, False, ["a"]), (False, False, ["a"]), ("no such tool", True, ["a", "no such tool"]), (True, True, ["a"])],
)
def test_an_error_beside_a_result_says_whether_it_failed(error: object, failed: object, texts: list[str]) -> None:
    """And its text is one of the result's; where no error is spoken of, nothing says."""
    spoken = messages({"role": "tool", "tool_call_id": "c1", "content": "a", "error": error})
    silent = messages({"role": "tool", "tool_call_id": "c1", "content": "a"})

    (result,), (other,) = (only(Result, history(given, talk(), "")) for given in (spoken, silent))

    assert (result.failed, [leaf.text for leaf in result.texts]) == (failed, texts)
    assert other.failed is None


def test_an_id_that_is_used_again_is_another_call() -> None:
    """Calls and results are joined in their order; an id that is random is never used again."""
    call, back = {"id": "f:0", "name": "f"}, {"role": "tool", "tool_call_id": "f:0", "content": "a"}
    asked = {"role": "assistant", "tool_calls": [call]}
    course = Course()

    found = history(messages(asked, back, asked, back), talk(), "", course)
    found += answer(messages(asked)[0], talk(), "", course)

    calls, results = [one.action for one in only(Call, found)], [one.action for one in only(Result, found)]
    assert len(set(calls)) == 3
    assert results == calls[:2]
    assert len({one.action for one in only(Call, history(messages(chat_call(), chat_call()), talk(), ""))}) == 1


def test_what_a_client_puts_in_is_no_turn() -> None:
    """Each part for itself."""
    parts = [{"type": "text", "text": "<note>x"}, {"type": "text", "text": "go"}]
    told = msgspec.structs.replace(talk(), injected=("<note>",))

    turns = only(
        Turn, history(messages({"role": "user", "content": parts}, {"role": "user", "content": "<note>"}), told, "")
    )

    assert [turn.text for turn in turns] == ["go"]
