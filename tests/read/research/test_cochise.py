"""Runs of cochise."""

import pytest
from tests.read.feeds import dig, lines, member, only, reasons, seen

from suragh.model.fact import Call, Leaf, Result, Turn
from suragh.read.registry import read


def event(name: str, second: int = 1, **more: object) -> dict[str, object]:
    """An event, with its kind behind its texts as the program writes it."""
    return more | {"event": name, "level": "info", "timestamp": f"2026-01-01T00:00:{second:02}.000000Z"}


START = event("starting test-run", 0, agent="main")
ASKED = event("tool_call", 2, tool_name="execute_command", tool_call_id="c1", params={"command": "id"}, agent="t1")
BACK = event("tool_result", 3, tool_name="execute_command", tool_call_id="c1", result="uid=0", agent="t1")


def test_calls_and_results_of_new_runs() -> None:
    """Joined by their id, one of whose names is misspelt; an agent is an actor, but for the main one."""
    odd = {("tooL_call_id" if key == "tool_call_id" else key): value for key, value in BACK.items()}
    for back in (BACK, odd):
        call, result = seen(lines(START, ASKED, back))

        assert isinstance(call, Call)
        assert isinstance(result, Result)
        assert (call.tool, call.arguments, call.actor) == ("execute_command", (Leaf("command", "id"),), "t1")
        assert (result.action, result.texts, result.failed) == (call.action, (Leaf("", "uid=0"),), None)
        assert result.known_at - call.known_at == 1_000_000_000
        assert dig(back, result.at) == "uid=0"
    assert [call.actor for call in only(Call, seen(lines(START, ASKED | {"agent": "main"})))] == [""]


def test_histories_repeat_what_events_tell() -> None:
    """And tell it themselves where the events are missing."""
    call = {"id": "c1", "type": "function", "function": {"name": "execute_command", "arguments": '{"command":"id"}'}}
    asked = event("history_append", 2, source="agent", content={"role": "assistant", "tool_calls": [call]}, agent="t1")
    message = {"role": "tool", "tool_call_id": "c1", "name": "execute_command", "content": "uid=0"}
    back = event("history_append", 4, source="agent", content=message, agent="t1")
    spoken = event("history_append", 4, source="manual", content={"role": "user", "content": "Be brief."}, agent="t1")

    alone, both = seen(lines(START, asked, back, spoken)), seen(lines(START, asked, ASKED, BACK, back))

    assert [type(fact) for fact in alone] == [Call, Result]
    assert {fact.action for fact in only(Call, alone)} == {fact.action for fact in only(Call, both)}
    assert len({fact.action for fact in only(Call, both)}) == len(only(Result, both)) == 1


def old(*calls: tuple[str, str], second: int = 1) -> dict[str, object]:
    """What an executor of an old run is about to do."""
    asked = [
        {"name": "SshExecuteTool", "args": {"command": text}, "id": own, "type": "tool_call"} for text, own in calls
    ]
    return event("executor_next_cmds", second, prompt="", result={"content": "", "tool_calls": asked})


def ended(command: str, code: str = "?", second: int = 2) -> dict[str, object]:
    """What became of a command of an old run."""
    return event("executor_cmd", second, cmd=command, exit_code=code, result=f"out of {command}")


def test_results_of_old_runs_are_joined_by_their_command() -> None:
    """In the order of the calls where the same command ran twice; one that nobody asked for is its own call."""
    next_task = event("strategy_next_task", 1, result={"next_step": "scan", "next_step_context": ""})
    data = lines(
        START,
        next_task,
        old(("id", "c1"), ("ls", "c2"), ("id", "c3")),
        ended("ls"),
        ended("id"),
        ended("id"),
        ended("w"),
    )

    found = seen(data)

    calls, results = only(Call, found), only(Result, found)
    assert [call.arguments[0].text for call in calls] == ["id", "ls", "id", "w"]
    assert [result.action for result in results] == [calls[number].action for number in (1, 0, 2, 3)]
    assert {call.actor for call in calls} == {"executor-1"}
    assert [(turn.text, turn.human) for turn in only(Turn, found)] == [("scan", False)]


@pytest.mark.parametrize(("code", "failed"), [("?", None), ("0", False), ("2", True), ("-1", True)])
def test_an_exit_code_that_is_a_number_counts(code: str, failed: object) -> None:
    """The program hardly ever knew it."""
    assert [result.failed for result in only(Result, seen(lines(START, ended("id", code))))] == [failed]


def test_what_a_person_asked_for_is_the_only_human_turn() -> None:
    """Of new runs the scenario; of old ones the objective inside a prompt, which comes again; tasks are an agent's."""
    prompt = "You are given the following objective by the user:\n\n```\nTest it.\n```\n\nPlan."
    records = [
        event("configuration", scenario="Test it."),
        event("strategy_update", 2, prompt=prompt, result="1. Scan"),
        event("strategy_update", 3, prompt=prompt, result="1. Scan"),
        event("executor", 4, content="Starting task: scan", agent="t1"),
    ]

    turns = only(Turn, seen(lines(START, *records)))

    assert [(turn.text, turn.human) for turn in turns] == [("Test it.", True), ("scan", False)]


def test_each_start_begins_a_run() -> None:
    """Runs may stand in one file; a file without its start is one run."""
    again = event("starting testrun", 9)

    joined = only(Call, seen(lines(START, ASKED, again, ASKED | {"timestamp": "2026-01-01T00:00:10Z"})))
    headless = only(Call, seen(lines(ASKED, BACK)))

    assert len({call.session for call in joined}) == 2
    assert len(headless) == 1


def test_other_logs_of_the_same_library_are_not_taken_for_it() -> None:
    """Any program may write events with a level and a time; inside a run they are read and hold nothing."""
    other = event("request finished", path="/")

    assert reasons(seen(lines(other))) == ["format is not known"]
    assert reasons(read(member(lines(START, other)))) == []


def test_an_event_without_a_time_is_rejected() -> None:
    """The others are read."""
    found = seen(lines(START, ASKED | {"timestamp": "soon"}, BACK))

    assert [reason[:10] for reason in reasons(found)] == ["timestamp "]
    assert len(only(Result, found)) == 1
