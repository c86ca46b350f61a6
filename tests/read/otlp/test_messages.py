"""Messages in attributes and in events of spans."""

import json

import pytest
from tests.read.feeds import BASH_ID, attributes, dig, lines, only, request, seen, span

from suragh.model.fact import Call, Leaf, Turn
from suragh.read.otlp.messages import message_of

CHAT = {"gen_ai__operation__name": "chat", "gen_ai__conversation__id": "c1"}
SAID = json.dumps([{"role": "user", "parts": [{"type": "text", "content": "look around"}]}])
CALLS = [{"id": BASH_ID, "type": "function", "function": {"name": "shell", "arguments": '{"command":"id"}'}}]


@pytest.mark.parametrize(
    ("event", "given"),
    [
        ("gen_ai.client.inference.operation.details", {"gen_ai__input__messages": SAID}),
        ("gen_ai.content.prompt", {"gen_ai__prompt": '[{"role": "user", "content": "look around"}]'}),
        ("gen_ai.user.message", {"gen_ai__event__content": '{"content": "look around"}'}),
        ("gen_ai.user.message", {"content": "look around"}),
    ],
)
def test_a_span_s_event_may_hold_what_was_said(event: str, given: dict[str, object]) -> None:
    """Whole, or one message of it, in each way that there was."""
    record = request(span("chat m", 5, **CHAT) | {"events": [{"name": event, "attributes": attributes(**given)}]})

    (turn,) = only(Turn, seen(lines(record)))

    assert (turn.session, turn.text) == ("c1", "look around")
    assert dig(record, turn.at[: turn.at.index("/events/0") + 9]) is not None


@pytest.mark.parametrize("key", ["gen_ai__event__content", "message"])
def test_a_choice_has_its_message_inside_or_is_it(key: str) -> None:
    """Older senders wrap it."""
    body: dict[str, object] = {"role": "assistant", "tool_calls": CALLS}
    wrapped = {"index": 0, "message": body} if key != "message" else body
    event = {"name": "gen_ai.choice", "attributes": attributes(**{key: json.dumps(wrapped)})}

    (call,) = only(Call, seen(lines(request(span("chat m", 5, **CHAT) | {"events": [event]}))))

    assert (call.tool, call.arguments) == ("shell", (Leaf("command", "id"),))


@pytest.mark.parametrize("body", [None, 3, [], "text", {"message": 5}, {"message": "{"}, {"content": 7}])
def test_a_body_that_is_none_makes_a_message_all_the_same(body: object) -> None:
    """It has the role that the event's name says."""
    assert message_of("user", body).role == "user"


def test_short_ids_that_come_again_are_other_calls() -> None:
    """Some models count the calls of each answer anew: the history that an answer follows tells them apart."""

    def asked(command: str) -> dict[str, object]:
        part = {"type": "tool_call", "id": "call_0", "name": "shell", "arguments": {"command": command}}
        return {"role": "assistant", "parts": [part]}

    first = span("chat m", 5, **CHAT, gen_ai__output__messages=json.dumps([asked("id")]))
    given = {
        "gen_ai__input__messages": json.dumps([asked("id")]),
        "gen_ai__output__messages": json.dumps([asked("ls")]),
    }
    second = span("chat m", 6, **CHAT, **given)

    calls = only(Call, seen(lines(request(first, second))))

    assert len({call.action for call in calls}) == 2
    assert [call.arguments[0].text for call in calls] == ["id", "ls"]


def test_answers_are_calls_and_no_turns() -> None:
    """In the attribute of the old style too."""
    given = {"gen_ai__completion": json.dumps([{"role": "assistant", "content": "Done.", "tool_calls": CALLS}])}

    found = seen(lines(request(span("chat m", 5, **CHAT, **given))))

    assert [type(one) for one in found] == [Call]
