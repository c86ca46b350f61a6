"""Event logs of Copilot CLI."""

import pytest
from tests.read.feeds import OTHER_ID, codex, codex_meta, dig, lines, only, reasons, seen
from tests.read.real import raw

from suragh.model.fact import Call, Leaf, Result, Turn


def event(kind: str, second: int = 1, **data: object) -> dict[str, object]:
    """A line of the log."""
    return {
        "type": kind,
        "data": data,
        "id": f"0562365a-aab5-4839-9e17-254a54f2ae{second:02}",
        "timestamp": f"2026-01-01T00:00:{second:02}.000Z",
        "parentId": None,
    }


START = event("session.start", 0, sessionId="s1", version=1, producer="copilot-agent")


def started(tool: str = "bash", **more: object) -> dict[str, object]:
    """A tool starts."""
    return event("tool.execution_start", 2, toolCallId=OTHER_ID, toolName=tool, arguments={"command": "ls"}, **more)


def completed(**data: object) -> dict[str, object]:
    """A tool is done."""
    return event("tool.execution_complete", 3, toolCallId=OTHER_ID, **data)


def test_a_call_and_its_result_are_one_action() -> None:
    """Each has its own time; what the model asked for before counts no second time."""
    asked = event("assistant.message", 1, content="", toolRequests=[{"toolCallId": OTHER_ID, "name": "bash"}])
    done = completed(success=True, result={"content": "a.txt", "detailedContent": "diff\na.txt"})

    call, result = seen(lines(START, asked, started(), done))

    assert isinstance(call, Call)
    assert isinstance(result, Result)
    assert (call.session, call.actor, call.tool, call.arguments) == ("s1", "", "bash", (Leaf("command", "ls"),))
    assert (result.action, result.texts, result.failed) == (call.action, (Leaf("", "a.txt"),), False)
    assert dig(done, result.at) == "a.txt"
    assert result.known_at - call.known_at == 1_000_000_000


@pytest.mark.parametrize(
    ("data", "failed"),
    [
        ({"success": False, "error": {"message": "Path does not exist", "code": "failure"}}, True),
        ({"success": True, "result": {"content": "x\n<shellId: 3 completed with exit code 1>"}}, True),
        ({"success": True, "result": {"content": "x\n<exited with exit code 0>"}}, False),
        ({"success": True, "result": {"content": "<exited with exit code 1>\nprinted by the tool"}}, False),
        ({"success": True, "result": {"content": ""}}, False),
        ({}, None),
    ],
)
def test_the_status_is_the_client_s(data: dict[str, object], failed: bool | None) -> None:  # noqa: FBT001
    """Its mark, and the line that it puts below a command's output; nothing that the tool printed."""
    (result,) = only(Result, seen(lines(START, completed(**data))))

    assert result.failed is failed


def test_an_error_is_the_text_of_a_result() -> None:
    """It is what the model was told."""
    (result,) = only(
        Result, seen(lines(START, completed(success=False, error={"message": "denied", "code": "rejected"})))
    )

    assert Leaf("message", "denied") in result.texts


def test_messages_with_a_source_are_no_turns() -> None:
    """The client put them in."""
    said = event("user.message", 4, content="go on", delivery="steering", parentAgentTaskId="x")
    others = [event("user.message", 5, content="text", source=source) for source in ("system", "skill-pdf")]
    hook = event("hook.start", 6, hookType="userPromptSubmitted", input={"prompt": "go on"})

    (turn,) = only(Turn, seen(lines(START, said, *others, hook)))

    assert (turn.human, turn.text, dig(said, turn.at)) == (True, "go on", "go on")


def test_a_sub_agent_is_an_actor() -> None:
    """It is named by itself, or by the call that started it."""
    own = started() | {"agentId": "a1"}

    assert [call.actor for call in only(Call, seen(lines(START, own, started(parentToolCallId="t9"))))] == ["a1", "t9"]


def test_a_log_without_its_start_is_one_session() -> None:
    """It has a name, and another log that starts gives its own."""
    cut = only(Call, seen(lines(started(), started())))
    joined = only(Call, seen(lines(START, started(), event("session.start", 3, sessionId="s2"), started())))

    assert len({call.session for call in cut}) == 1
    assert [call.session for call in joined] == ["s1", "s2"]


def test_what_is_wrong_is_said() -> None:
    """A line without time, two on one line, and a line of another format."""
    late = started() | {"timestamp": "soon"}
    glued = lines(started()).strip() + lines(started())
    found = seen(lines(START, late) + glued + lines(codex_meta(), codex("world_state")))

    assert reasons(found) == ["timestamp is missing or no time, expected RFC 3339"]
    assert len({call.pointer.offset for call in only(Call, found)}) == 2


def test_a_real_session_is_read_whole() -> None:
    """Every call has its result, and only what a person said is a turn."""
    for file in raw("copilot"):
        found = seen(file)
        calls, results = ({fact.action for fact in only(kind, found)} for kind in (Call, Result))

        assert len(calls) == file.count(b'"type":"tool.execution_start"') > 50
        assert calls == results
        assert [turn.text.startswith("<") for turn in only(Turn, found)] == [False, False]
        assert reasons(found) == []
