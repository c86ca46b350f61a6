"""Anthropic Messages request logs."""

import json

import pytest
from tests.read.feeds import BASH_ID, dig, lines, member, only, reasons, seen, tool_use

from suragh.model.fact import Call, Leaf, Ownership, Result, Turn
from suragh.read.gateways.anthropic_messages import Client, client
from suragh.read.registry import read

USER = {"role": "user", "content": [{"type": "text", "text": "look around"}]}
ASKED = {"role": "assistant", "content": [{"type": "text", "text": "Looking."}, tool_use()]}
BACK = {
    "role": "user",
    "content": [{"type": "tool_result", "tool_use_id": BASH_ID, "content": [{"type": "text", "text": "uid=0"}]}],
}
SESSION = "0562365a-aab5-4839-9e17-254a54f2aeee"


def pair(messages: object, answer: object = None, **more: object) -> dict[str, object]:
    """A request with its answer."""
    headers = {"anthropic-version": "2023-06-01", "X-Claude-Code-Session-Id": "s1"}
    body = {"model": "m", "messages": messages, "metadata": {"user_id": "acct-1"}}
    record: dict[str, object] = {
        "time": "2026-01-01T00:00:01Z",
        "request": {"path": "/v1/messages?beta=true", "headers": headers, "body": body},
    }
    if answer is not None:
        record["response"] = {"status": 200, "body": answer}
    return record | more


def message(*content: object) -> dict[str, object]:
    """An answer."""
    return {"id": "msg_1", "type": "message", "role": "assistant", "content": list(content)}


def test_calls_come_from_answers_and_results_from_the_next_request() -> None:
    """Each is known at the time of the record that shows it first, and told once."""
    first = pair([USER], message({"type": "text", "text": "Looking."}, tool_use()))
    second = pair([USER, ASKED, BACK], message(), time="2026-01-01T00:00:09Z")

    found = seen(lines(first, second))

    (call,), (result,), (turn,) = only(Call, found), only(Result, found), only(Turn, found)
    assert only(Ownership, found) == [Ownership("s1", "acct-1", "metadata.user_id", call.known_at)]
    assert (call.session, call.tool, call.arguments) == ("s1", "Bash", (Leaf("command", "id"),))
    assert (result.action, result.texts, result.failed) == (call.action, (Leaf("0.text", "uid=0"),), None)
    assert result.known_at - call.known_at == 8_000_000_000
    assert (dig(first, call.at), dig(second, result.at)) == (tool_use(), BACK["content"][0])  # type: ignore[index]
    assert (turn.human, turn.text, dig(first, turn.at)) == (True, "look around", USER)


def test_a_streamed_answer_is_put_together() -> None:
    """Its calls come in pieces; they point at the text that holds them."""
    events = [
        {"type": "message_start", "message": message()},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {"type": "content_block_start", "index": 1, "content_block": tool_use() | {"input": {}}},
        {"type": "content_block_delta", "index": 1, "delta": {"type": "input_json_delta", "partial_json": '{"comm'}},
        {
            "type": "content_block_delta",
            "index": 1,
            "delta": {"type": "input_json_delta", "partial_json": 'and": "id"}'},
        },
        {"type": "message_stop"},
    ]
    body = "".join(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in events)

    for record, at in (
        (pair([USER], body), "/response/body"),
        (pair([USER]) | {"response": body}, "/response"),
        (pair([USER], json.dumps(message(tool_use()))), "/response/body"),
    ):
        (call,) = only(Call, seen(lines(record)))
        assert (call.tool, call.arguments, call.at) == ("Bash", (Leaf("command", "id"),), at)


@pytest.mark.parametrize(
    ("user_id", "known"),
    [
        ("acct-1", Client("acct-1", "")),
        (json.dumps({"device_id": "d1", "account_uuid": "a1", "session_id": "s1"}), Client("a1", "s1")),
        (json.dumps({"device_id": "d1", "account_uuid": "", "session_id": "s1"}), Client("d1", "s1")),
        (f"user_0abc_account_{SESSION}_session_{SESSION}", Client(SESSION, SESSION)),
        (f"user_0abc_account__session_{SESSION}", Client("0abc", SESSION)),
        ("{broken", Client("{broken", "")),
        ("{}", Client("{}", "")),
    ],
)
def test_who_a_request_is_from(user_id: str, known: Client) -> None:
    """Claude Code packs three ids into one, in two ways; others name the account."""
    assert client(user_id) == known


def test_a_sub_agent_is_an_actor_and_its_task_is_no_person_s() -> None:
    """A header names it."""
    record = pair([USER], message(tool_use()))
    dig(record, "/request/headers")["x-claude-code-agent-id"] = "a1"  # type: ignore[index]

    found = seen(lines(record))

    assert [call.actor for call in only(Call, found)] == ["a1"]
    assert [turn.human for turn in only(Turn, found)] == [False]


def test_what_claude_code_puts_in_is_no_turn() -> None:
    """Reminders stand in blocks beside what the person typed."""
    reminder = {"type": "text", "text": "<system-reminder>be brief</system-reminder>"}

    turns = only(Turn, seen(lines(pair([{"role": "user", "content": [reminder, *USER["content"]]}]))))  # type: ignore[misc]

    assert [turn.text for turn in turns] == ["look around"]


def test_tools_of_the_provider_are_read_too() -> None:
    """Call and result stand in the same answer."""
    used = {
        "type": "server_tool_use",
        "id": "srvtoolu_01AbCdEfGhJkLmNpQrStUv9x",
        "name": "web_search",
        "input": {"q": "x"},
    }
    gave = {
        "type": "web_search_tool_result",
        "tool_use_id": used["id"],
        "content": [{"type": "x", "url": "example.com"}],
    }

    call, result = (f for f in seen(lines(pair([USER], message(used, gave)))) if isinstance(f, Call | Result))

    assert call.action == result.action
    assert isinstance(result, Result)
    assert result.texts == (Leaf("0.url", "example.com"),)


def test_records_without_a_time_stand_in_their_order() -> None:
    """The bodies have none: the log's, else the date of the answer, else right after the record before."""
    first = pair([USER], message(tool_use("a", "toolu_01AbCdEfGhJkLmNpQrStUv91")))
    second = pair([USER], message(tool_use("b", "toolu_01AbCdEfGhJkLmNpQrStUv92")))
    third = pair([USER], message(tool_use("c", "toolu_01AbCdEfGhJkLmNpQrStUv93")))
    for record in (first, second, third):
        del record["time"]
    dig(second, "/response")["headers"] = {"Date": "Thu, 01 Jan 2026 00:00:01 GMT"}  # type: ignore[index]

    times = [call.known_at for call in only(Call, seen(lines(first, second, third)))]

    assert times == [1, 1_767_225_601_000_000_000, 1_767_225_601_000_000_001]


def test_refusals_and_failures_hold_nothing_and_are_read() -> None:
    """So does an answer whose request is missing."""
    refused = {"response": {"status": 200, "body": message() | {"stop_reason": "refusal"}}}
    failed = pair([USER], {"type": "error", "error": {"type": "overloaded_error"}})
    given = member(lines(pair([USER]), refused, failed))

    assert reasons(read(given)) == []
    assert given.tally.format == "anthropic-messages"


def test_without_a_session_requests_that_begin_alike_are_one() -> None:
    """Only within an account."""
    records = []
    for account, name in (("a", "1"), ("a", "2"), ("b", "3")):
        record = pair([USER], message(tool_use("f", f"toolu_01AbCdEfGhJkLmNpQrStUv9{name}")))
        dig(record, "/request/headers").pop("X-Claude-Code-Session-Id")  # type: ignore[attr-defined]
        dig(record, "/request/body")["metadata"] = {"user_id": account}  # type: ignore[index]
        records.append(record)

    sessions = [call.session for call in only(Call, seen(lines(*records)))]

    assert sessions[0] == sessions[1] != sessions[2]


def test_bare_pairs_are_read() -> None:
    """Without wrappers, the answer tells what they are."""
    record = {"request": {"model": "m", "messages": [USER]}, "response": message(tool_use())}

    (call,) = only(Call, seen(lines(record)))

    assert (dig(record, call.at), call.tool) == (tool_use(), "Bash")
