"""Log records: events by the GenAI conventions, new and old, and whose they are."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.read.feeds import BASH_ID, dig, lines, only, request, seen, tool_span
from tests.read.fuzz import ODD, Way, changed, is_sound, ways, written
from tests.read.otlp_feeds import TRACE, claude_log, log, logs

from suragh.model.fact import Call, Leaf, Result, Turn

ASKED = [{"role": "user", "parts": [{"type": "text", "content": "look around"}]}]
ANSWERED = [
    {
        "role": "assistant",
        "parts": [{"type": "tool_call", "id": BASH_ID, "name": "shell", "arguments": {"command": "id"}}],
    }
]


def test_details_of_an_inference_hold_what_a_chat_span_does() -> None:
    """In attributes, structured or as JSON; the event's name is in a field of its own."""
    record = log(
        gen_ai__operation__name="chat",
        gen_ai__conversation__id="c1",
        gen_ai__input__messages=ASKED,
        gen_ai__output__messages=json.dumps(ANSWERED),
    ) | {"eventName": "gen_ai.client.inference.operation.details"}

    found = seen(lines(logs(record)))

    assert [(t.session, t.text) for t in only(Turn, found)] == [("c1", "look around")]
    assert [c.arguments for c in only(Call, found)] == [(Leaf("command", "id"),)]


def test_events_of_the_old_style_are_messages_in_the_body() -> None:
    """Each event is one message; that of a choice has it inside."""
    function = {"name": "shell", "arguments": '{"command":"id"}'}
    calls = [{"id": BASH_ID, "type": "function", "function": function}]
    records = [
        log(1, {"content": "look around"}, event__name="gen_ai.user.message"),
        log(2, {"index": 0, "message": {"role": "assistant", "tool_calls": calls}}, event__name="gen_ai.choice"),
        log(3, {"id": BASH_ID, "content": "uid=0"}, event__name="gen_ai.tool.message"),
        log(4, {"tool_calls": calls}, event__name="gen_ai.assistant.message"),
    ]
    record = logs(*records)

    found = seen(lines(record))

    assert [(t.session, t.text) for t in only(Turn, found)] == [(TRACE, "look around")]
    (call,), (result,) = only(Call, found), only(Result, found)
    assert call.action == result.action
    assert (call.arguments, result.texts) == ((Leaf("command", "id"),), (Leaf("", "uid=0"),))
    assert dig(record, call.at.partition("/body")[0]) == records[1]


def test_a_tool_s_execution_may_be_a_log_record() -> None:
    """By its operation; the outcome is in its attributes."""
    record = log(
        event__name="tool",
        gen_ai__operation__name="execute_tool",
        gen_ai__conversation__id="c1",
        gen_ai__tool__name="shell",
        gen_ai__tool__call__id=BASH_ID,
        gen_ai__tool__call__arguments='{"command": "id"}',
        error__type="timeout",
    )

    found = seen(lines(logs(record)))

    assert [(c.tool, c.arguments) for c in only(Call, found)] == [("shell", (Leaf("command", "id"),))]
    assert [(r.failed, r.texts) for r in only(Result, found)] == [(True, (Leaf("", "timeout"),))]


def test_a_log_record_joins_the_session_that_a_span_of_its_trace_names() -> None:
    """In the same request."""
    both = request(tool_span()) | logs(log(1, {"content": "look"}, event__name="gen_ai.user.message"))

    assert [turn.session for turn in only(Turn, seen(lines(both)))] == ["c1"]


@pytest.mark.parametrize("scope", ["com.anthropic.claude_code.events", "lib"])
def test_claude_code_s_events_are_known_by_their_body_or_by_their_scope(scope: str) -> None:
    """A collector may have taken one of them away; without both, the name alone says nothing."""
    bare = claude_log("user_prompt", prompt="look") | {"body": None}

    assert len(only(Turn, seen(lines(logs(bare, scope=scope))))) == (scope != "lib")


def test_log_records_about_something_else_give_nothing() -> None:
    """A web server's log is no agent's, even without a time."""
    timeless = log(0, "GET /", http__method="GET", session__id="s1") | {"timeUnixNano": "", "observedTimeUnixNano": ""}

    assert seen(lines(logs(log(0, "GET /", http__method="GET", session__id="s1"), timeless))) == []


GOOD = logs(
    claude_log("tool_result", 1, tool_name="Bash", tool_use_id=BASH_ID, tool_input='{"command": "id"}', success="true"),
    log(2, {"content": "look", "tool_calls": [{"id": "c"}]}, event__name="gen_ai.user.message"),
    log(3, event__name="codex.tool_result", conversation__id="u", arguments="{}", output='{"metadata": {}}'),
    log(
        4, gen_ai__operation__name="chat", gen_ai__input__messages=ASKED, gen_ai__output__messages=json.dumps(ANSWERED)
    ),
)


@given(st.sampled_from([way for way in ways(GOOD) if way]), ODD)
def test_whatever_stands_anywhere_in_a_request_nothing_escapes(way: Way, odd: object) -> None:
    """Facts are sound, and the request after it is read."""
    broken = written(changed(GOOD, way, odd)).encode("utf-8", "surrogatepass")

    found = seen(broken + b"\n" + lines(GOOD))

    assert [one for one in found if not is_sound(one)] == []
    assert any(call.pointer.offset > len(broken) for call in only(Call, found))
