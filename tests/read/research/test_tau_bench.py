"""Results of tau-bench and tau2."""

import json

from tests.read.feeds import OTHER_ID, dig, member, only, reasons, seen

from suragh.model.fact import Call, Leaf, Result, Turn
from suragh.read.registry import read


def message(role: str, second: int, content: object = None, **more: object) -> dict[str, object]:
    """A message of a simulation."""
    return {"role": role, "content": content, "timestamp": f"2026-01-01T00:00:{second:02}"} | more


def call(call_id: str = OTHER_ID) -> dict[str, object]:
    """A tool call."""
    return {"id": call_id, "name": "get_order", "arguments": {"id": "7"}}


def back(second: int, call_id: str = OTHER_ID, **more: object) -> dict[str, object]:
    """What a tool returned."""
    return message("tool", second, "{}", id=call_id, error=False) | more


def results(*simulations: list[dict[str, object]]) -> dict[str, object]:
    """What tau2 writes of a run."""
    runs = [
        {"id": f"sim-{number}", "task_id": "0", "start_time": "2026-01-01T00:00:00", "messages": messages}
        for number, messages in enumerate(simulations)
    ]
    return {"timestamp": "2026-01-01T00:00:00", "info": {"num_trials": 1}, "tasks": [], "simulations": runs}


def read_document(record: object) -> list[object]:
    """All that a document on many lines yields."""
    return list(read(member(json.dumps(record, indent=1).encode())))


def test_calls_results_and_turns() -> None:
    """Each simulation is a session; a simulated customer is no person."""
    record = results([message("user", 1, "hello"), message("assistant", 2, tool_calls=[call()]), back(3)], [])

    turn, asked, result = read_document(record)

    assert isinstance(turn, Turn)
    assert isinstance(asked, Call)
    assert isinstance(result, Result)
    assert (turn.session, turn.text, turn.human) == ("sim-0", "hello", False)
    assert (asked.tool, asked.arguments, asked.actor) == ("get_order", (Leaf("id", "7"),), "")
    assert (result.action, result.texts, result.failed) == (asked.action, (Leaf("", "{}"),), False)
    assert [fact.known_at - turn.known_at for fact in (asked, result)] == [1_000_000_000, 2_000_000_000]
    assert dig(record, asked.at) == call()
    assert dig(record, result.at) == back(3)


def test_the_customer_has_tools_of_its_own() -> None:
    """Its calls are another actor's, and their results are joined as well."""
    asked = message("user", 1, tool_calls=[call("c1")])

    found = read_document(results([asked, back(2, "c1", error=True)]))

    assert [one.actor for one in only(Call, found)] == ["user"]
    assert [(one.action, one.failed) for one in only(Result, found)] == [(only(Call, found)[0].action, True)]


def test_ids_that_are_used_again_are_different_calls() -> None:
    """Some agents count from nought in each answer."""
    turn = [message("assistant", 1, tool_calls=[call("f_0")]), back(2, "f_0")]

    found = read_document(results(turn * 3))

    assert len({one.action for one in only(Call, found)}) == 3
    assert [one.action for one in only(Result, found)] == [one.action for one in only(Call, found)]


def test_results_of_several_tools_in_one_message() -> None:
    """Each has its own place."""
    both = message("tool", 3, tool_messages=[back(3, "c1"), back(3, "c2")])
    record = results([message("assistant", 2, tool_calls=[call("c1"), call("c2")]), both])

    found = read_document(record)

    assert [one.action for one in only(Result, found)] == [one.action for one in only(Call, found)]
    assert [dig(record, one.at)["id"] for one in only(Result, found)] == ["c1", "c2"]  # type: ignore[index]


def test_lists_of_tau_bench_have_no_times() -> None:
    """Their messages stand in their order, in the first moments of 1970."""
    function = {"name": "get_order", "arguments": '{"id":"7"}'}
    asked = {"role": "assistant", "tool_calls": [{"id": "c1", "type": "function", "function": function}]}
    traj = [{"role": "user", "content": "hello"}, asked, {"role": "tool", "tool_call_id": "c1", "content": "{}"}]
    runs = [{"task_id": task, "reward": 1.0, "info": {"task": {}}, "traj": traj, "trial": 0} for task in (0, 1)]

    found = read_document(runs)

    assert [type(fact) for fact in found] == [Turn, Call, Result] * 2
    assert [fact.known_at for fact in found if isinstance(fact, Turn | Call | Result)] == [1, 2, 3] * 2
    assert len({one.session for one in only(Call, found)}) == 2
    assert dig(runs, only(Call, found)[1].at) == asked["tool_calls"][0]


def test_broken_documents_are_rejected() -> None:
    """With what is wrong."""
    whole = json.dumps(results([]), indent=1).encode()
    listed = json.dumps([{"task_id": 0, "reward": 1, "info": {"task": {}}, "traj": []}]).encode()

    assert [reason[:7] for reason in reasons(seen(whole[:-2]))] == ["no JSON"]
    assert [reason[:7] for reason in reasons(seen(listed[:-1]))] == ["no JSON"]
    assert reasons(seen(whole.replace(b'"simulations"', b'"other"'))) == ["document is no tau-bench results"]
