"""Attributes of events alone."""

import json

from hypothesis import given
from hypothesis import strategies as st
from tests.read.feeds import BASH_ID, claude, lines, only, reasons, seen, tool_use
from tests.read.fuzz import is_sound

from suragh.model.fact import Call, Leaf, Ownership, Result, Turn
from suragh.model.instant import parse_rfc3339
from suragh.read.registry import choose

CALLED = {
    "event.name": "gemini_cli.tool_call",
    "session.id": "g1",
    "user.email": "a@example.com",
    "function_name": "run_shell_command",
    "function_args": '{"command": "id"}',
    "success": True,
}
PROMPTED = {"event.name": "user_prompt", "session.id": "s1", "prompt": "look around"}
AT = {"event.timestamp": "2026-01-01T00:00:01Z"}


def test_a_set_is_read_as_the_log_record_it_was() -> None:
    """Prompts, calls, results and accounts; Claude Code's events have no prefix here."""
    data = lines(CALLED | AT, PROMPTED | AT)
    reader = choose(data)

    found = seen(data)

    assert reader is not None
    assert reader.name == "otel-attributes"
    (call,), (result,), (turn,) = only(Call, found), only(Result, found), only(Turn, found)
    assert (call.tool, call.arguments, call.at) == ("run_shell_command", (Leaf("command", "id"),), "")
    assert (result.failed, turn.text, turn.human) == (False, "look around", True)
    assert only(Ownership, found)[0].account == "a@example.com"
    assert call.known_at == parse_rfc3339("2026-01-01T00:00:01Z")


def test_values_may_be_structured() -> None:
    """As the conventions have them."""
    messages = [{"role": "user", "parts": [{"type": "text", "content": "look"}]}]
    details = {
        "event.name": "gen_ai.client.inference.operation.details",
        "gen_ai.conversation.id": "c1",
        "gen_ai.input.messages": messages,
    }

    assert [turn.text for turn in only(Turn, seen(lines(details | AT)))] == ["look"]


def test_a_set_without_a_time_comes_right_after_the_one_before() -> None:
    """And keeps its place among those that have one."""
    calls = only(Call, seen(lines(CALLED | AT, CALLED | {"function_args": "{}"}, CALLED | {"tool_name": "x"})))

    first = parse_rfc3339("2026-01-01T00:00:01Z")
    assert [call.known_at - first for call in calls] == [0, 1, 2]


def test_lines_of_other_formats_go_to_their_readers() -> None:
    """Also those that have a name of an event that no agent sends."""
    other = {"event.name": "gc.pause", "session.id": "s1"}

    found = seen(lines(CALLED, other, claude("assistant", [tool_use()])))

    assert [call.tool for call in only(Call, found)] == ["run_shell_command", "Bash"]
    assert reasons(found) == ["line is of no known format"]


@given(
    st.dictionaries(
        st.sampled_from([*CALLED, *AT, "gen_ai.input.messages", "traceId"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just(BASH_ID),
            lambda part: st.lists(part, max_size=3) | st.dictionaries(st.text(max_size=3), part, max_size=3),
            max_leaves=8,
        ),
    )
)
def test_any_value_is_taken(changed: dict[str, object]) -> None:
    """Whatever stands in any attribute."""
    assert all(map(is_sound, seen(lines(CALLED, CALLED | changed) + json.dumps(changed).encode())))
