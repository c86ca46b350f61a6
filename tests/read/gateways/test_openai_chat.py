"""OpenAI Chat request logs."""

import json

import pytest
from tests.read.feeds import OTHER_ID, chat, chat_call, dig, lines, only, reasons, seen

from suragh.model.fact import Call, Leaf, Ownership, Result, Turn
from suragh.read.gateways.openai_chat import recognise

USER = {"role": "user", "content": "look around"}
BACK = {"role": "tool", "tool_call_id": OTHER_ID, "content": "uid=0"}


def test_calls_come_from_responses_and_results_from_the_next_request() -> None:
    """Each is known at the time of the record that shows it first."""
    first, second = chat([USER], chat_call()), chat([USER, chat_call(), BACK]) | {"time": "2026-01-01T00:00:09Z"}

    found = seen(lines(first, second))

    (call,), (result,), (turn,) = only(Call, found), only(Result, found), only(Turn, found)
    assert only(Ownership, found) == [Ownership("s1", "acct-1", "user", call.known_at)]
    assert (call.session, call.tool, call.arguments) == ("s1", "shell", (Leaf("command", "id"),))
    assert (result.action, result.texts, result.failed) == (call.action, (Leaf("", "uid=0"),), None)
    assert result.known_at - call.known_at == 8_000_000_000
    assert dig(first, call.at) == chat_call()["tool_calls"][0]  # type: ignore[index]
    assert dig(second, result.at) == BACK
    assert (turn.human, dig(first, turn.at)) == (True, USER)


def test_a_call_whose_own_record_is_missing_is_read_from_the_history() -> None:
    """A request repeats it."""
    found = seen(lines(chat([USER, chat_call(), BACK])))

    assert {fact.action for fact in only(Call, found)} == {fact.action for fact in only(Result, found)}


def test_a_sub_agent_is_an_actor_and_its_task_is_no_person_s() -> None:
    """`metadata.agent_id` names it."""
    found = seen(lines(chat([USER], chat_call(), metadata={"session_id": "s1", "agent_id": "a1"})))

    assert [call.actor for call in only(Call, found)] == ["a1"]
    assert [turn.human for turn in only(Turn, found)] == [False]


def test_bare_pairs_are_read() -> None:
    """Without a wrapper, a time of its own or a session: `created`, the key of the prompt's cache, the safety id."""
    bodies = chat([USER], chat_call())
    request, response = dig(bodies, "/request/body"), dig(bodies, "/response/body")
    assert isinstance(request, dict)
    assert isinstance(response, dict)
    del request["user"], request["metadata"]
    request |= {"safety_identifier": "hash-1", "prompt_cache_key": "k1"}
    response["created"] = 1_767_225_601

    found = seen(lines({"request": request, "response": response}))

    (call,) = only(Call, found)
    assert (call.session, call.known_at, call.at) == (
        "k1",
        1_767_225_601_000_000_000,
        "/response/choices/0/message/tool_calls/0",
    )
    assert only(Ownership, found) == [Ownership("k1", "hash-1", "safety_identifier", call.known_at)]


def test_without_a_session_requests_that_begin_alike_are_one() -> None:
    """Only within an account: strangers who both say hello are two."""
    records = [
        chat([USER], chat_call(f"call_{name}"), metadata=None, user=user)
        for name, user in (("a", "x"), ("b", "x"), ("c", "y"))
    ]

    sessions = [call.session for call in only(Call, seen(lines(*records)))]

    assert sessions[0] == sessions[1] != sessions[2]


def test_failed_requests_hold_nothing_and_are_read() -> None:
    """A refusal by the provider is a record of the log, not damage."""
    record = chat([USER])
    record["response"] = {"status": 429, "body": {"error": {"message": "slow down"}}}

    assert reasons(seen(lines(chat([USER]), record))) == []


def test_a_record_without_a_time_keeps_its_place() -> None:
    """The header `date` of an answer tells, else only the order is known."""
    first, second = ({key: value for key, value in chat([], chat_call(own)).items() if key != "time"} for own in "ab")
    dated = chat([], chat_call("c"))
    del dated["time"]
    dated["response"]["headers"] = {"Date": "Thu, 01 Jan 2026 00:00:01 GMT"}  # type: ignore[index]

    times = [call.known_at for call in only(Call, seen(lines(first, second, dated)))]

    assert times == [1, 2, 1_767_225_601_000_000_000]


def test_logs_of_other_interfaces_are_not_taken_for_it() -> None:
    """They may have the same wrapper, and tell of this interface."""
    other = {"request": {"path": "/v1/embeddings", "body": {"input": "x /v1/chat/completions x"}}, "response": {}}

    assert not recognise(lines(other))
    assert reasons(seen(lines(other))) == ["format is not known"]


@pytest.mark.parametrize("is_stream", [True, False])
def test_answers_in_a_text_are_read(is_stream: bool) -> None:  # noqa: FBT001
    """Streamed, their calls come in pieces; they point at the text that holds them."""
    pieces = [
        {"index": 0, "id": OTHER_ID, "function": {"name": "shell", "arguments": ""}},
        {"index": 1, "id": "c2", "function": {"name": "date", "arguments": "{}"}},
        {"index": 0, "function": {"arguments": '{"command":'}},
        {"index": 0, "function": {"arguments": '"id"}'}},
    ]
    chunks = [{"created": 1_767_225_601, "choices": [{"index": 0, "delta": {"tool_calls": [one]}}]} for one in pieces]
    stream = "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in chunks) + "data: [DONE]\n\n"
    record = chat([USER])
    record["response"] = {"body": stream if is_stream else json.dumps({"choices": [{"message": chat_call()}]})}

    call, *others = only(Call, seen(lines(record)))

    assert (call.tool, call.arguments, call.at) == ("shell", (Leaf("command", "id"),), "/response/body")
    assert [one.tool for one in others] == (["date"] if is_stream else [])
    if is_stream:
        del record["time"]
        assert {one.known_at for one in only(Call, seen(lines(record)))} == {1_767_225_601_000_000_000}


def test_ids_that_count_from_nought_in_each_answer_are_different_calls() -> None:
    """Some models do so: the second one of a conversation has the id of the first."""
    first = chat([USER], chat_call("f:0"))
    back = {"role": "tool", "tool_call_id": "f:0", "content": "a"}
    second = chat([USER, chat_call("f:0"), back], chat_call("f:0", '{"command":"ls"}')) | {
        "time": "2026-01-01T00:00:02Z"
    }
    third = chat([USER, chat_call("f:0"), back, chat_call("f:0", '{"command":"ls"}'), back | {"content": "b"}])
    third["time"] = "2026-01-01T00:00:03Z"

    found = seen(lines(first, second, third))

    calls, results = only(Call, found), only(Result, found)
    assert [call.arguments[0].text for call in calls] == ["id", "ls"]
    assert [(result.action, result.texts[0].text) for result in results] == [
        (calls[0].action, "a"),
        (calls[1].action, "b"),
    ]
