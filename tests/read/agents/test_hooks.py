"""Logs of agent hooks."""

import pytest
from tests.read.feeds import BASH_ID, dig, lines, only, reasons, seen
from tests.read.real import sample

from suragh.model.fact import Call, Leaf, Result, Turn
from suragh.model.instant import rfc3339
from suragh.read.agents import hooks as agent_hooks

DENY = {"hookSpecificOutput": {"hookEventName": "PreToolUse", "permissionDecision": "deny"}}


def body(event: str, **more: object) -> dict[str, object]:
    """What an agent tells."""
    given: dict[str, object] = {"session_id": "s1", "hook_event_name": event, "cwd": "/w"}
    if "Tool" in event:
        given |= {"tool_name": "Bash", "tool_input": {"command": "id"}, "tool_use_id": BASH_ID}
    return {key: value for key, value in (given | more).items() if value is not None}


def test_a_call_and_its_result_are_one_action() -> None:
    """The call is told once, however many lines show it."""
    after = body("PostToolUse", tool_response={"stdout": "uid=0", "interrupted": False})

    call, result = seen(lines(body("PreToolUse"), after))

    assert isinstance(call, Call)
    assert isinstance(result, Result)
    assert (call.session, call.actor, call.tool, call.arguments) == ("s1", "", "Bash", (Leaf("command", "id"),))
    assert (result.action, result.texts, result.failed) == (call.action, (Leaf("stdout", "uid=0"),), None)
    assert dig(after, result.at) == {"stdout": "uid=0", "interrupted": False}


@pytest.mark.parametrize(("question", "answer"), [("hook_http_request", "hook_http_response"), ("input", "output")])
def test_a_denied_call_has_failed(question: str, answer: str) -> None:
    """It never ran; a log has the answer beside the question."""
    record = {question: body("PreToolUse"), answer: DENY}

    call, result = seen(lines(record))

    assert isinstance(result, Result)
    assert isinstance(call, Call)
    assert dig(record, call.at) == {"command": "id"}
    assert (result.action, result.failed, result.texts, dig(record, result.at)) == (call.action, True, (), DENY)


def test_an_allowed_call_has_no_result_yet() -> None:
    """Whatever else the answer says."""
    allow = {"hookSpecificOutput": {"permissionDecision": "allow"}}

    assert [type(fact) for fact in seen(lines({"input": body("PreToolUse"), "output": allow}))] == [Call]


def test_a_failure_says_so() -> None:
    """Its error is the text of the result."""
    (result,) = only(Result, seen(lines(body("PostToolUseFailure", error="exit 1"))))

    assert (result.failed, result.texts) == (True, (Leaf("", "exit 1"),))


def test_calls_without_an_id_find_their_results() -> None:
    """By tool and arguments; the same call again is another one."""
    asked, done = body("PreToolUse", tool_use_id=None), body("PostToolUse", tool_use_id=None, tool_response="x")

    found = seen(lines(asked, done, asked, done, done))

    assert [type(fact) for fact in found] == [Call, Result, Call, Result, Call, Result]
    assert len({call.action for call in only(Call, found)}) == 3
    assert {call.action for call in only(Call, found)} == {result.action for result in only(Result, found)}


def test_prompts_are_turns() -> None:
    """Of a person if the main agent was asked; what the client puts in is none."""
    found = seen(
        lines(
            body("UserPromptSubmit", prompt="go on"),
            body("UserPromptSubmit", prompt="look", agent_id="a1"),
            body("UserPromptSubmit", prompt="<task-notification>x"),
            body("Stop", last_assistant_message="done"),
        )
    )

    assert [(turn.human, turn.text) for turn in only(Turn, found)] == [(True, "go on"), (False, "look")]
    assert len(found) == 2


def test_the_time_is_that_of_the_log() -> None:
    """Beside the body or in it; else that of the turn's id, and then the order."""
    turn = "019b76da-b3b8-7aaa-8bbb-0123456789ab"
    found = seen(
        lines(
            {"time": "2026-01-01T00:00:01Z", "input": body("PreToolUse", tool_use_id="a")},
            body("PreToolUse", tool_use_id="b", timestamp="2026-01-01T00:00:02Z"),
            body("PreToolUse", tool_use_id="c", turn_id=turn),
            body("PreToolUse", tool_use_id="d", turn_id=turn),
            body("PreToolUse", tool_use_id="e", turn_id="7"),
        )
    )

    assert [rfc3339(call.known_at) for call in only(Call, found)] == [
        "2026-01-01T00:00:01Z",
        "2026-01-01T00:00:02Z",
        "2026-01-01T00:00:03Z",
        "2026-01-01T00:00:03.000000001Z",
        "2026-01-01T00:00:03.000000002Z",
    ]


def test_calls_that_wait_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forgetting one costs only that its result stands alone."""
    monkeypatch.setattr(agent_hooks, "MAX_OPEN", 1)
    asked = [body("PreToolUse", tool_use_id=None, tool_input={"command": command}) for command in ("a", "b")]
    done = body("PostToolUse", tool_use_id=None, tool_input={"command": "a"}, tool_response="x")

    assert len({call.action for call in only(Call, seen(lines(*asked, done)))}) == 3


@pytest.mark.parametrize(
    ("hooks", "log"), [("claude_code_hooks", "claude_code_session"), ("codex_hooks", "codex_rollout")]
)
def test_hooks_show_the_actions_of_the_session(hooks: str, log: str) -> None:
    """What the hooks were told and what the agent wrote down are the same actions."""
    told, written = seen(sample(f"{hooks}.jsonl")), seen(sample(f"{log}.jsonl"))
    main = {call.action for call in only(Call, told) if not call.actor}

    assert main == {call.action for call in only(Call, written)}
    assert {fact.session for fact in only(Call, told)} == {fact.session for fact in only(Call, written)}
    assert sum(result.failed is True for result in only(Result, told)) == 1
    assert reasons(told) == []
