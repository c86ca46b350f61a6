"""Runs of AgentDojo."""

import json

from tests.read.feeds import dig, only, reasons, seen

from suragh.model.fact import Call, Leaf, Result, Turn


def said(role: str, text: str, **more: object) -> dict[str, object]:
    """A message; its content is a list of parts."""
    return {"role": role, "content": [{"type": "text", "content": text}]} | more


def call(own: object = "call_1", **args: object) -> dict[str, object]:
    """A tool call."""
    return {"function": "get_mail", "args": args or {"n": 1}, "id": own, "placeholder_args": None}


def run(*messages: object, **more: object) -> dict[str, object]:
    """A document."""
    names: dict[str, object] = {
        "suite_name": "workspace",
        "pipeline_name": "m",
        "user_task_id": "user_task_0",
        "injection_task_id": None,
        "attack_type": None,
        "injections": {},
    }
    return names | {"messages": list(messages), "error": None, "utility": True, "security": False} | more


def read(record: object) -> list[object]:
    """All that a document yields."""
    return list(seen(json.dumps(record, indent=1).encode()))


def test_calls_results_and_turns() -> None:
    """In their order: there are no times."""
    asked = said("assistant", "", tool_calls=[call()])
    back = said("tool", "mail text", tool_call_id="call_1", tool_call=call(), error=None)
    record = run(said("system", "lab"), said("user", "Summarise mail"), asked, back)

    turn, found, result = read(record)

    assert isinstance(turn, Turn)
    assert isinstance(found, Call)
    assert isinstance(result, Result)
    assert (turn.text, turn.human, turn.session) == ("Summarise mail", True, found.session)
    assert (found.tool, found.arguments) == ("get_mail", (Leaf("n", "1"),))
    assert (result.action, result.texts, result.failed) == (found.action, (Leaf("0.text", "mail text"),), False)
    assert [fact.known_at for fact in (turn, found, result)] == [2, 3, 4]
    assert (dig(record, found.at), dig(record, result.at)) == (call(), back)


def test_older_runs() -> None:
    """Contents are texts, and some models give calls no id: results follow in their order."""
    asked = {"role": "assistant", "content": "", "tool_calls": [call(None, n=1), call("", n=2)]}
    backs = [{"role": "tool", "content": text, "tool_call": call(None), "error": None} for text in "ab"]

    found = read(run({"role": "user", "content": "go"}, asked, *backs, asked, *backs))

    calls, results = only(Call, found), only(Result, found)
    assert len({one.action for one in calls}) == 4
    assert [one.action for one in results] == [one.action for one in calls]
    assert [one.texts[0].text for one in results] == ["a", "b"] * 2


def test_an_error_is_a_result_that_failed() -> None:
    """Its text is all that the tool gave."""
    asked = said("assistant", "", tool_calls=[call()])
    back = said("tool", "", tool_call_id="call_1", error="ValidationError: n")

    (result,) = only(Result, read(run(asked, back)))

    assert (result.failed, result.texts[-1]) == (True, Leaf("error", "ValidationError: n"))


def test_a_run_may_say_when_it_was() -> None:
    """Its messages follow in their order."""
    (turn,) = only(Turn, read(run(said("user", "go"), evaluation_timestamp="2026-01-01T00:00:00Z")))

    assert turn.known_at == 1_767_225_600_000_000_000


def test_runs_are_told_apart_by_task_and_attack() -> None:
    """Each is a session of its own."""
    asked = said("assistant", "", tool_calls=[call()])
    runs = [
        run(asked),
        run(asked, injection_task_id="i1", attack_type="direct"),
        run(asked, user_task_id="user_task_1"),
    ]

    assert len({one.session for record in runs for one in only(Call, read(record))}) == 3


def test_a_document_without_messages_is_rejected() -> None:
    """It begins as a run."""
    record = run() | {"messages": None}

    assert reasons(read(record)) == ["document is no AgentDojo run"]
