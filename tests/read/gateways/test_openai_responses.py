"""OpenAI Responses request logs."""

import json

import pytest
from tests.read.feeds import OTHER_ID, dig, lines, member, only, reasons, seen

from suragh.model.fact import Call, Kinship, Leaf, Ownership, Result, Turn
from suragh.read.registry import read

USER = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "look around"}]}
ASKED = {"type": "function_call", "id": "fc_1", "call_id": OTHER_ID, "name": "shell", "arguments": '{"command":"id"}'}
BACK = {"type": "function_call_output", "call_id": OTHER_ID, "output": "uid=0"}


def pair(given: object, *output: object, headers: object = None, **body: object) -> dict[str, object]:
    """A request with its answer."""
    asked = {"model": "m", "input": given, "user": "acct-1", "prompt_cache_key": "s1"} | body
    return {
        "time": "2026-01-01T00:00:01Z",
        "request": {"path": "/v1/responses", "headers": headers or {}, "body": asked},
        "response": {"status": 200, "body": answer(*output)},
    }


def answer(*output: object, own: str = "resp_1", **more: object) -> dict[str, object]:
    """The body of an answer."""
    return {"id": own, "object": "response", "created_at": 1_767_225_601, "output": list(output)} | more


def test_calls_come_from_answers_and_results_from_the_next_request() -> None:
    """Each is known at the time of the record that shows it first, and told once."""
    first, second = pair([USER], ASKED), pair([USER, ASKED, BACK]) | {"time": "2026-01-01T00:00:09Z"}

    found = seen(lines(first, second))

    (call,), (result,), (turn,) = only(Call, found), only(Result, found), only(Turn, found)
    assert only(Ownership, found) == [Ownership("s1", "acct-1", "user", call.known_at)]
    assert (call.session, call.tool, call.arguments) == ("s1", "shell", (Leaf("command", "id"),))
    assert (result.action, result.texts) == (call.action, (Leaf("", "uid=0"),))
    assert result.known_at - call.known_at == 8_000_000_000
    assert (dig(first, call.at), dig(second, result.at), dig(first, turn.at)) == (ASKED, BACK, USER)
    assert turn.human


@pytest.mark.parametrize("is_whole", [True, False])
def test_a_streamed_answer_is_read(is_whole: bool) -> None:  # noqa: FBT001
    """From the event that has all of it, or from its items; they point at the text that holds them."""
    done = {"type": "response.output_item.done", "output_index": 0, "item": ASKED}
    last = {"type": "response.completed", "response": answer(*([ASKED] if is_whole else []))}
    record = pair([USER])
    body = "".join(f"event: {event['type']}\r\ndata: {json.dumps(event)}\r\n\r\n" for event in (done, last))
    for response, at in (({"status": 200, "body": body}, "/response/body"), (body, "/response")):
        (call,) = only(Call, seen(lines(record | {"response": response})))

        assert (call.tool, call.arguments, call.at) == ("shell", (Leaf("command", "id"),), at)


def test_codex_names_session_parent_and_start() -> None:
    """In headers; a thread that is not the session's own is a sub-agent's, whose task is no person's."""
    turn = json.dumps({"agent_name": "/root/reviewer", "turn_started_at_unix_ms": 1_767_225_605_000})
    headers = {"session-id": "root", "thread-id": "child", "x-codex-turn-metadata": turn}
    record = pair([USER], headers=headers) | {"response": {"status": 500}}
    del record["time"]

    found = seen(lines(record))

    assert only(Kinship, found) == [Kinship("child", "root", 1_767_225_605_000_000_000)]
    assert [(one.session, one.human, one.known_at) for one in only(Turn, found)] == [
        ("child", False, 1_767_225_605_000_000_000)
    ]


def test_what_codex_puts_in_is_no_turn() -> None:
    """It stands in the role of the user."""
    context = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "<environment_context>"}]}

    assert [turn.text for turn in only(Turn, seen(lines(pair([context, USER]))))] == ["look around"]


def test_answers_that_go_on_from_another_are_its_session() -> None:
    """Where nothing names one; a bare text begins one."""
    first = pair("hello", ASKED | {"call_id": "c1"}, prompt_cache_key=None)
    second = pair([BACK], ASKED | {"call_id": "c2"}, prompt_cache_key=None, previous_response_id="resp_1")
    alone = pair([BACK], ASKED | {"call_id": "c3"}, prompt_cache_key=None, previous_response_id="resp_9")
    dig(second, "/response/body")["id"] = "resp_2"  # type: ignore[index]

    found = seen(lines(first, second, alone))

    sessions = [call.session for call in only(Call, found)]
    assert sessions[0] == sessions[1] != sessions[2]
    assert [(turn.text, turn.at) for turn in only(Turn, found)] == [("hello", "/request/body/input")]


@pytest.mark.parametrize(
    ("body", "session"),
    [
        ({"metadata": {"session_id": "m1"}}, "m1"),
        ({"conversation": {"id": "conv_1"}}, "conv_1"),
        ({"conversation": "conv_2"}, "conv_2"),
        ({"client_metadata": {"thread_id": "t1", "session_id": "t1"}}, "t1"),
    ],
)
def test_bodies_that_name_the_session(body: dict[str, object], session: str) -> None:
    """Before the key of the prompt's cache."""
    assert {turn.session for turn in only(Turn, seen(lines(pair([USER], **body))))} == {session}


def test_bare_pairs_and_answers_alone_are_read() -> None:
    """Without wrappers, times or requests; what an answer repeats of its request counts."""
    record = pair([USER])
    bare = {"request": dig(record, "/request/body"), "response": answer(ASKED)}
    alone = {"response": {"body": answer(ASKED | {"call_id": "c2"}, safety_identifier="hash-1")}}
    given = member(lines(bare, alone))

    found = list(read(given))

    assert reasons(found) == []
    assert given.tally.format == "openai-responses"
    assert [call.known_at for call in only(Call, found)] == [1_767_225_601_000_000_000] * 2
    assert [owner.basis for owner in only(Ownership, found)] == ["user", "safety_identifier"]


def test_requests_without_any_time_stand_in_their_order() -> None:
    """One that failed has not even an answer."""
    records = [pair([USER]), pair([USER, ASKED, BACK])]
    for record in records:
        del record["time"], record["response"]

    assert [fact.known_at for fact in seen(lines(*records)) if isinstance(fact, Turn | Result)] == [1, 2]
