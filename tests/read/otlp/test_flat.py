"""Messages spread over numbered keys."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.read import feeds
from tests.read.feeds import BASH_ID, lines, only, request, seen, span

from suragh.model.fact import Call, Leaf, Result, Turn
from suragh.read.otlp.flat import has_numbered, numbered
from suragh.read.otlp.wire import AnyValue, KeyValue, attributes

ARGUMENTS = json.dumps({"command": "id"})
TRACELOOP = {
    "gen_ai__prompt__0__role": "user",
    "gen_ai__prompt__0__content": "look around",
    "gen_ai__prompt__1__role": "tool",
    "gen_ai__prompt__1__tool_call_id": BASH_ID,
    "gen_ai__prompt__1__content": "uid=0",
    "gen_ai__completion__0__tool_calls__0__id": BASH_ID,
    "gen_ai__completion__0__tool_calls__0__name": "shell",
    "gen_ai__completion__0__tool_calls__0__arguments": ARGUMENTS,
    "gen_ai__completion__0__role": "assistant",
}
CALL = "llm__output_messages__0__message__tool_calls__0__tool_call__"
OPENINFERENCE = {
    "openinference__span__kind": "LLM",
    "llm__input_messages__0__message__role": "user",
    "llm__input_messages__0__message__contents__0__message_content__type": "text",
    "llm__input_messages__0__message__contents__0__message_content__text": "look around",
    "llm__input_messages__1__message__role": "tool",
    "llm__input_messages__1__message__tool_call_id": BASH_ID,
    "llm__input_messages__1__message__content": "uid=0",
    CALL + "id": BASH_ID,
    CALL + "function__name": "shell",
    CALL + "function__arguments": ARGUMENTS,
    "llm__output_messages__0__message__role": "assistant",
}


@pytest.mark.parametrize("given", [TRACELOOP, OPENINFERENCE], ids=["traceloop", "openinference"])
def test_turns_calls_and_results_are_read(given: dict[str, object]) -> None:
    """As from the messages of a chat API."""
    found = seen(lines(request(span("chat", session__id="s1", **given))))

    (turn,), (call,), (result,) = only(Turn, found), only(Call, found), only(Result, found)
    assert (turn.session, turn.text, turn.human) == ("s1", "look around", True)
    assert (call.tool, call.arguments) == ("shell", (Leaf("command", "id"),))
    assert (result.action, result.texts) == (call.action, (Leaf("", "uid=0"),))


def test_functions_of_the_older_kind_are_calls() -> None:
    """OpenInference gives them in two keys."""
    old = {
        "llm__output_messages__0__message__role": "assistant",
        "llm__output_messages__0__message__function_call_name": "shell",
        "llm__output_messages__0__message__function_call_arguments_json": ARGUMENTS,
    }

    (call,) = only(Call, seen(lines(request(span("chat", session__id="s1", **old)))))

    assert (call.tool, call.arguments) == ("shell", (Leaf("command", "id"),))


def test_other_attributes_are_no_messages() -> None:
    """Whole attributes of these names, and other numbered ones."""
    pairs = msgspec.convert(feeds.attributes(gen_ai__prompt="x", llm__tools__0__name="y"), list[KeyValue])

    assert not has_numbered(attributes(pairs))
    assert numbered(attributes(pairs)) == []


@given(
    st.lists(
        st.sampled_from(["0", "1", "99999", "9" * 5000, "x", ""])
        | st.sampled_from(["message", "tool_calls", "tool_call", "contents", "role", "id", "function", "text"]),
        max_size=6,
    )
)
def test_any_key_is_taken_and_no_number_costs_memory(words: list[str]) -> None:
    """Whatever stands between the points; a number makes no room for those before it."""
    found = {
        ".".join([*prefix.split("."), *words]): AnyValue(string_value="v")
        for prefix in ("gen_ai.prompt", "gen_ai.completion", "llm.input_messages", "llm.output_messages")
    }

    messages = numbered(found)

    assert len(messages) <= len(found)
    assert all(len(message.tool_calls or ()) <= 1 for message in messages)
