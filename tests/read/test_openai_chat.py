"""OpenAI Chat request logs."""

from tests.read.feeds import OTHER_ID, chat, chat_call, dig, lines, only, reasons, seen

from suragh.model.fact import Call, Leaf, Ownership, Result, Turn

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


def test_a_record_without_a_time_is_rejected() -> None:
    """Nothing in it says when."""
    record = {key: value for key, value in chat([USER]).items() if key != "time"}

    assert [reason[:15] for reason in reasons(seen(lines(record)))] == ["time is missing"]


def test_logs_of_other_interfaces_are_not_taken_for_it() -> None:
    """The Messages interface has the same wrapper."""
    other = {"request": {"path": "/v1/messages", "body": {"messages": []}}, "response": {"body": {"content": []}}}

    assert reasons(seen(lines(other))) == ["format is not known"]
