"""Session files of Pi."""

import pytest
from tests.read.feeds import dig, lines, only, reasons, seen

from suragh.model.fact import Call, Leaf, Result, Turn

START = {"type": "session", "version": 3, "id": "s1", "timestamp": "2026-01-01T00:00:00.000Z", "cwd": "/w"}


def entry(role: str, content: object = None, **more: object) -> dict[str, object]:
    """A message."""
    return {
        "type": "message",
        "id": "a1b2c3d4",
        "parentId": None,
        "timestamp": "2026-01-01T00:00:01.000Z",
        "message": {"role": role, "content": content, "timestamp": 1_767_225_601_000} | more,
    }


CALL = {"type": "toolCall", "id": "kX92abQ1z", "name": "bash", "arguments": {"command": "ls"}}


def test_a_call_and_its_result_are_one_action() -> None:
    """The ids of some providers are short: they count within the session."""
    asked = entry("assistant", [{"type": "text", "text": "Listing."}, CALL])
    shown = [{"type": "text", "text": "a.txt"}, {"type": "image", "data": "QUJD"}]
    back = entry("toolResult", shown, toolCallId="kX92abQ1z", toolName="bash", isError=True)

    call, result = seen(lines(START, asked, back))

    assert isinstance(call, Call)
    assert isinstance(result, Result)
    assert (call.session, call.tool, call.arguments) == ("s1", "bash", (Leaf("command", "ls"),))
    assert dig(asked, call.at) == CALL
    assert (result.action, result.texts, result.failed) == (call.action, (Leaf("0.text", "a.txt"),), True)


@pytest.mark.parametrize("content", ["go on", [{"type": "text", "text": "go on"}]])
def test_what_a_person_says_is_a_human_turn(content: object) -> None:
    """In either form."""
    (turn,) = only(Turn, seen(lines(START, entry("user", content))))

    assert (turn.human, turn.text, turn.session) == (True, "go on", "s1")


def test_what_is_not_the_agent_s_is_passed_over() -> None:
    """A command that a person ran, and entries without a message."""
    own = entry("bashExecution", command="ls", output="a.txt", exitCode=0)
    head = {"id": "b", "parentId": "a", "timestamp": "2026-01-01T00:00:01.000Z"}
    others = [head | {"type": "model_change", "modelId": "m"}, head | {"type": "custom", "data": {"a": 1}}]

    assert seen(lines(START, own, *others)) == []


def test_a_file_without_its_start_is_one_session() -> None:
    """A file after another has its own."""
    cut = only(Call, seen(lines(entry("assistant", [CALL]), entry("assistant", [CALL]))))
    joined = seen(lines(START, entry("assistant", [CALL]), START | {"id": "s2"}, entry("assistant", [CALL])))

    assert len({call.session for call in cut}) == 1
    assert [call.session for call in only(Call, joined)] == ["s1", "s2"]


def test_the_time_is_the_entry_s_else_the_message_s() -> None:
    """Without any the message is rejected."""
    late = entry("user", "go on") | {"timestamp": "soon"}
    none = entry("user", "stop", timestamp=None) | {"timestamp": "soon"}

    found = seen(lines(START, late, none))

    assert [turn.known_at for turn in only(Turn, found)] == [1_767_225_601_000_000_000]
    assert reasons(found) == ["timestamp is missing or no time, expected RFC 3339"]
