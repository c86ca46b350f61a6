"""Sessions of Apex."""

import json

import pytest
from tests.read.feeds import dig, member, only, reasons, seen

from suragh.model.fact import Call, Kinship, Leaf, Result, Turn
from suragh.read.registry import read

BEGAN = "2026-01-01T00:00:00.000Z"
TASK = {"role": "user", "content": "Target: http://a.example.com\nObjective: test it", "createdAt": BEGAN}
ABOUT = {
    "type": "pentest",
    "subagentId": "pentest-1",
    "target": "http://a.example.com",
    "objective": "test it",
    "sessionId": "session-1",
    "startTime": BEGAN,
}


def tool(second: int, own: str = "toolu_01AbCdEfGhJkLmNpQrStUv9x", **args: object) -> dict[str, object]:
    """A message of a tool."""
    given = {"role": "tool", "status": "completed", "toolCallId": own, "content": "done", "toolName": "execute_command"}
    return given | {"args": args or {"command": "id"}, "createdAt": f"2026-01-01T00:00:{second:02}.000Z"}


def facts(record: object) -> list[object]:
    """All that a document yields."""
    return list(seen(json.dumps(record, indent=1).encode()))


def test_messages_of_tools_are_calls() -> None:
    """Without results: what they say is only what the call was for. The task is another agent's."""
    record = [TASK, {"role": "assistant", "content": "I test.", "createdAt": BEGAN}, tool(3)]

    turn, call = facts(record)

    assert isinstance(turn, Turn)
    assert isinstance(call, Call)
    assert (turn.session, turn.human, turn.text) == (call.session, False, TASK["content"])
    assert (call.tool, call.arguments) == ("execute_command", (Leaf("command", "id"),))
    assert call.known_at - turn.known_at == 3_000_000_000
    assert (dig(record, turn.at), dig(record, call.at)) == (TASK, tool(3))
    assert only(Result, facts(record)) == []


def test_what_lies_beside_the_messages_names_the_session_that_started_them() -> None:
    """By the same start and task."""
    (call,) = only(Call, facts([TASK, tool(3)]))

    assert facts(ABOUT) == [Kinship(call.session, "session-1", 1_767_225_600_000_000_000)]
    assert [reason[:9] for reason in reasons(facts(ABOUT | {"startTime": "soon"}))] == ["startTime"]


def test_agents_are_told_apart_by_start_and_task() -> None:
    """Many are given the same task."""
    later = TASK | {"createdAt": "2026-01-02T00:00:00.000Z"}

    assert len({one.session for first in (TASK, later) for one in only(Call, facts([first, tool(3)]))}) == 2


@pytest.mark.parametrize(
    "record",
    [
        {"id": "session-1", "rootPath": "/r", "findingsPath": "/r/f", "target": ".", "objective": "test it"},
        {"repoPath": ".", "branch": "b", "sessionId": "session-1", "expectedResults": [], "actualResults": []},
    ],
)
def test_descriptions_hold_nothing(record: dict[str, object]) -> None:
    """They are known for what they are; what only begins as one is rejected."""
    data = json.dumps(record, indent=1).encode()
    given = member(data)

    assert list(read(given)) == []
    assert (given.tally.format, given.tally.records) == ("apex-summary", 1)
    assert reasons(seen(data + data)) == ["begins as a description of an Apex session, and is none"]


def test_broken_lists_are_rejected() -> None:
    """With what is wrong."""
    assert [reason[:7] for reason in reasons(seen(json.dumps([TASK, tool(3)]).encode()[:-1]))] == ["no JSON"]
    assert reasons(facts([TASK | {"createdAt": None}])) == ["document is no Apex session"]
