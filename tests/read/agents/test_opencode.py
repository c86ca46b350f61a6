"""Exports of OpenCode."""

import json

import pytest
from tests.read.feeds import dig, lines, only, reasons, seen

from suragh.model.fact import Call, Kinship, Leaf, Result, Turn

STARTED = 1_767_225_601_000
"""Milliseconds since 1970."""


def tool(status: str = "completed", **state: object) -> dict[str, object]:
    """A part with a call, and what became of it."""
    given: dict[str, object] = {
        "status": status,
        "input": {"command": "ls"},
        "time": {"start": STARTED + 3000, "end": STARTED + 4000},
    }
    return {"type": "tool", "tool": "bash", "callID": "c1", "state": given | state}


def message(role: str, *parts: object, **more: object) -> dict[str, object]:
    """A message."""
    return {"info": {"id": "msg_1", "role": role, "time": {"created": STARTED}} | more, "parts": list(parts)}


def export(*messages: object, **info: object) -> dict[str, object]:
    """A document."""
    head: dict[str, object] = {"id": "ses_1", "directory": "/w", "version": "1.0", "time": {"created": STARTED}}
    return {"info": head | info, "messages": list(messages)}


def test_calls_results_and_turns() -> None:
    """A call is known when it starts, its result when it ends."""
    record = export(
        message("user", {"type": "text", "text": "list"}, {"type": "text", "text": "injected", "synthetic": True}),
        message("assistant", {"type": "step-start"}, tool(output="a.txt")),
    )
    for data in (json.dumps(record), json.dumps(record, indent=2)):
        turn, call, result = seen(data.encode())

        assert isinstance(turn, Turn)
        assert isinstance(call, Call)
        assert isinstance(result, Result)
        assert (turn.session, turn.human, turn.text) == ("ses_1", True, "list")
        assert (call.tool, call.arguments) == ("bash", (Leaf("command", "ls"),))
        assert (dig(record, call.at), dig(record, result.at)) == ({"command": "ls"}, "a.txt")
        assert (result.action, result.failed, result.texts) == (call.action, False, (Leaf("", "a.txt"),))
        assert [fact.known_at - turn.known_at for fact in (call, result)] == [3_000_000_000, 4_000_000_000]


@pytest.mark.parametrize(
    ("part", "failed", "text"),
    [
        (tool(output="x", metadata={"exit": 2}), True, "x"),
        (tool(output="x", metadata={"exit": 0}), False, "x"),
        (tool("error", error="no such file"), True, "no such file"),
    ],
)
def test_the_status_is_the_part_s_and_the_exit_code(part: object, failed: bool, text: str) -> None:  # noqa: FBT001
    """A command may be completed and have failed."""
    (result,) = only(Result, seen(lines(export(message("assistant", part)))))

    assert (result.failed, result.texts) == (failed, (Leaf("", text),))


def test_a_call_that_runs_has_no_result_yet() -> None:
    """Nothing is made up for it."""
    found = seen(lines(export(message("assistant", tool("running", time={"start": STARTED})))))

    assert [type(fact) for fact in found] == [Call]


def test_a_child_session_has_a_parent_and_no_human_turn() -> None:
    """Its user is the parent's agent."""
    found = seen(lines(export(message("user", {"type": "text", "text": "look"}), parentID="ses_0")))

    assert [(kin.session, kin.parent) for kin in only(Kinship, found)] == [("ses_1", "ses_0")]
    assert [turn.human for turn in only(Turn, found)] == [False]


def test_what_has_no_time_is_rejected() -> None:
    """A call without its own takes that of its message."""
    dated = message("assistant", tool(output="a", time=None))
    undated = message("user", {"type": "text", "text": "list"}, time=None)

    found = seen(lines(export(dated, undated)))

    assert len(only(Call, found)) == 1
    assert reasons(found) == ["time of a message is missing or no time, expected milliseconds since 1970"]


def test_a_document_that_only_looks_alike_is_rejected() -> None:
    """It is said that it is none, and one that breaks off is no JSON."""
    whole = json.dumps(export(message("user", {"type": "text", "text": "list"}))).encode()

    assert reasons(seen(lines({"info": {"directory": "/w"}, "messages": []}))) == ["document is no OpenCode export"]
    assert reasons(seen(whole[:-9])) == ["no JSON: Input data was truncated"]
