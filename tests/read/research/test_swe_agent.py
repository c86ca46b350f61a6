"""Trajectories of SWE-agent."""

import json

from tests.read.feeds import dig, only, reasons, seen

from suragh.model.fact import Call, Leaf, Result, Turn


def step(action: str = "ls -F\n", **more: object) -> dict[str, object]:
    """A step."""
    given = {"response": f"I run {action}", "thought": "I look.", "action": action, "observation": "README.md\n"}
    return given | {"state": {"working_dir": "/repo"}, "execution_time": 0.2} | more


def run(*steps: object, **more: object) -> dict[str, object]:
    """A document."""
    return {"trajectory": list(steps), "history": [], "info": {"exit_status": "submitted"}, "environment": "lab"} | more


def read(record: object) -> list[object]:
    """All that a document yields."""
    return list(seen(json.dumps(record, indent=1).encode()))


def test_each_step_is_a_call_and_its_result() -> None:
    """In their order: there are no times."""
    record = run(step(), step("cat README.md"))

    found = read(record)

    assert [type(fact) for fact in found] == [Call, Result] * 2
    calls, results = only(Call, found), only(Result, found)
    assert [call.arguments for call in calls] == [(Leaf("command", "ls -F\n"),), (Leaf("command", "cat README.md"),)]
    assert [result.action for result in results] == [call.action for call in calls]
    assert [fact.known_at for fact in (*calls, *results)] == [1, 3, 2, 4]
    assert (dig(record, calls[1].at), dig(record, results[0].at)) == ("cat README.md", "README.md\n")


def test_steps_without_an_action_hold_nothing() -> None:
    """The agent ended, or its answer could not be parsed; an action without an observation has no result."""
    assert [type(fact) for fact in read(run(step(""), step("x", observation=None), step(observation="")))] == [
        Call,
        Call,
        Result,
    ]


def test_the_task_is_the_only_turn_of_a_person() -> None:
    """Demonstrations come before it, observations after it, all in the role of the user."""
    history = [
        {"role": "system", "content": "lab"},
        {"role": "user", "content": "a demonstration", "is_demo": True},
        {"role": "assistant", "content": "a demonstration", "is_demo": True},
        {"role": "user", "content": [{"type": "text", "text": "Mend it."}]},
        {"role": "assistant", "content": "I look."},
        {"role": "user", "content": "README.md"},
    ]
    asked = {"query": history[:4]}
    for record in (run(step(), history=history), run(step(**asked)), run(step(messages=history[:4]))):
        (turn,) = only(Turn, read(record))

        assert (turn.text, turn.human, turn.known_at) == ("Mend it.", True, 1)
        assert dig(record, turn.at) == history[3]


def test_runs_are_told_apart() -> None:
    """By environment, task and first answer: two agents that begin alike may be one, no others."""
    runs = [run(step()), run(step("pwd")), run(step(), environment="other")]

    assert len({call.session for record in runs for call in only(Call, read(record))}) == 3


def test_a_document_without_steps_is_rejected() -> None:
    """It begins as a trajectory."""
    record = {"trajectory": "gone", "x": step()}

    assert reasons(read(record)) == ["document is no SWE-agent trajectory"]
