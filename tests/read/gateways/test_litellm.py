"""LiteLLM logs."""

import json

import pytest
from tests.read.feeds import BASH_ID, OTHER_ID, chat_call, dig, lines, member, only, reasons, seen, seen_by, tool_use

from suragh.model.fact import Call, Leaf, Ownership, Result, Turn
from suragh.read.gateways.litellm import READER
from suragh.read.registry import read

USER = {"role": "user", "content": "look around"}
BACK = {"role": "tool", "tool_call_id": OTHER_ID, "content": "uid=0"}
RANDOM = "9a9b1672-119b-4154-9aa8-f69eb7b1a265"


def payload(messages: object, response: object = None, **more: object) -> dict[str, object]:
    """What a logger writes about a call to a model."""
    record: dict[str, object] = {
        "id": "chatcmpl-1",
        "litellm_call_id": "7d8cf062-d785-449c-b37e-3625fd76aebd",
        "trace_id": RANDOM,
        "session_id": "",
        "call_type": "acompletion",
        "status": "success",
        "startTime": 1_767_225_600.5,
        "endTime": 1_767_225_601.5,
        "messages": messages,
        "response": response,
        "end_user": "acct-1",
        "model_parameters": {},
        "metadata": {"user_api_key_hash": "hash-1"},
    }
    return record | more


def chosen(message: object) -> dict[str, object]:
    """A response in the shape of the chat interface."""
    return {"id": "r", "choices": [{"index": 0, "message": message}]}


def guarded(kind: str, **more: object) -> dict[str, object]:
    """A request to a guardrail, with its answer."""
    asked: dict[str, object] = {
        "input_type": kind,
        "litellm_call_id": "35ef17fd-d3b4-4ef7-8164-fe767018cc76",
        "litellm_trace_id": RANDOM,
        "structured_messages": None,
        "tool_calls": None,
        "request_data": {"user_api_key_hash": "hash-1", "user_api_key_end_user_id": "acct-1"},
        "request_headers": {"x-claude-code-session-id": "[present]"},
    }
    return {"path": "/beta/litellm_basic_guardrail_api", "request": asked | more, "response": {"action": "NONE"}}


@pytest.mark.parametrize("layout", ["lines", "list", "indented", "indented list"])
def test_payloads_are_read_however_they_are_laid_out(layout: str) -> None:
    """One a line, a batch a line, or spread over many lines: the facts and their places are the same."""
    first = payload([USER], chosen(chat_call()), session_id="s1")
    second = payload([USER, chat_call(), BACK], chosen({"role": "assistant"}), session_id="s1", endTime=1_767_225_609.5)
    record: object = first if layout == "indented" else [first, second]
    data = lines(first, second) if layout == "lines" else json.dumps(record, indent=2 if "indented" in layout else None)
    given = member(data if isinstance(data, bytes) else data.encode())

    found = list(read(given))

    (call,), (turn,) = only(Call, found), only(Turn, found)
    place = "/0" if "list" in layout else ""
    assert given.tally.format == ("litellm-document" if "indented" in layout else "litellm")
    assert (call.session, call.arguments, call.known_at) == ("s1", (Leaf("command", "id"),), 1_767_225_601_500_000_000)
    assert call.at == f"{place}/response/choices/0/message/tool_calls/0"
    assert (turn.text, turn.human, turn.at) == ("look around", True, f"{place}/messages/0")
    assert only(Ownership, found)[0].basis == "end_user"
    assert [one.action for one in only(Result, found)] == ([] if layout == "indented" else [call.action])


def test_responses_of_all_interfaces_are_read() -> None:
    """Whichever interface was called, its own shape may be logged; as a text as well."""
    item = {"type": "function_call", "call_id": OTHER_ID, "name": "shell", "arguments": '{"command":"id"}'}
    for response in (
        chosen(chat_call()),
        {"output": [item]},
        {"type": "message", "content": [tool_use("shell", BASH_ID, command="id")]},
        json.dumps({"output": [item]}),
    ):
        (call,) = only(Call, seen(lines(payload([USER], response))))

        assert (call.tool, call.arguments) == ("shell", (Leaf("command", "id"),))


def test_messages_of_all_interfaces_are_read() -> None:
    """A text, items, blocks, or a body as it was passed through."""
    block = {"type": "tool_result", "tool_use_id": BASH_ID, "content": "uid=0"}
    output = {"type": "function_call_output", "call_id": OTHER_ID, "output": "uid=0"}
    for messages, texts in (
        ("look around", []),
        ([USER, {"role": "user", "content": [block]}], ["uid=0"]),
        ([USER, output], ["uid=0"]),
        ({"messages": [USER]}, []),
    ):
        found = seen(lines(payload(messages)))

        assert [turn.text for turn in only(Turn, found)] == ["look around"]
        assert [result.texts[0].text for result in only(Result, found)] == texts


def test_failures_are_read() -> None:
    """What was asked stands in them."""
    failed = payload([USER], {}, status="failure", error_str="slow down")

    found = seen(lines(failed))

    assert ([turn.text for turn in only(Turn, found)], reasons(found)) == (["look around"], [])


@pytest.mark.parametrize(
    ("more", "session"),
    [
        ({"session_id": "s1", "trace_id": "t1"}, "s1"),
        ({"trace_id": "t1"}, "t1"),
        ({"metadata": {"requester_custom_headers": {"x-claude-code-session-id": "h1"}}}, "h1"),
        ({"end_user": json.dumps({"device_id": "d", "account_uuid": "a", "session_id": "e1"})}, "e1"),
    ],
)
def test_what_names_the_session(more: dict[str, object], session: str) -> None:
    """A trace id that the gateway made for one request names none."""
    assert {turn.session for turn in only(Turn, seen(lines(payload([USER], **more))))} == {session}


def test_requests_that_begin_alike_are_one_session() -> None:
    """Where only random trace ids are there, and only within an account."""
    records = [
        payload([{"role": "user", "content": text}], trace_id=f"{number}{RANDOM[1:]}", end_user=user)
        for number, (text, user) in enumerate([("a", "x"), ("a", "x"), ("a", "y"), ("b", "x")])
    ]

    sessions = {(one.session, one.text) for one in only(Turn, seen(lines(*records)))}

    assert len({name for name, _ in sessions}) == len(sessions) == 3


@pytest.mark.parametrize(
    ("more", "account", "basis"),
    [
        ({"end_user": None, "model_parameters": {"user": "u1"}}, "u1", "model_parameters.user"),
        ({"end_user": None, "model_parameters": {"metadata": {"user_id": "u2"}}}, "u2", "metadata.user_id"),
        (
            {"end_user": None, "metadata": {"user_api_key_user_email": "e@example.com"}},
            "e@example.com",
            "metadata.user_api_key_user_email",
        ),
        ({"end_user": None}, "hash-1", "metadata.user_api_key_hash"),
    ],
)
def test_what_names_the_account(more: dict[str, object], account: str, basis: str) -> None:
    """The end user, else whoever holds the gateway's key."""
    (owner,) = only(Ownership, seen(lines(payload([USER], **more))))

    assert (owner.account, owner.basis) == (account, basis)


def test_a_tool_that_the_gateway_called_is_call_and_result() -> None:
    """Its arguments stand as a message of the user as well, which is no turn."""
    mcp = {"name": "query", "arguments": {"q": "x"}, "result": [{"type": "text", "text": "rows"}]}
    record = payload([USER], call_type="call_mcp_tool", metadata={"mcp_tool_call_metadata": mcp})

    found = seen(lines(record))

    (call,), (result,) = only(Call, found), only(Result, found)
    assert (call.tool, call.arguments, result.action) == ("query", (Leaf("q", "x"),), call.action)
    assert (result.texts, only(Turn, found)) == ((Leaf("0.text", "rows"),), [])
    assert (dig(record, call.at), dig(record, result.at)) == (mcp, mcp["result"])


@pytest.mark.parametrize("is_bare", [True, False])
def test_guardrails_show_what_a_model_is_about_to_do(is_bare: bool) -> None:  # noqa: FBT001
    """The answer to a request is asked about under the same trace; a header that is masked names no session."""
    asked = guarded("request", structured_messages=[USER])
    proposed = guarded("response", tool_calls=chat_call()["tool_calls"])
    records = [one["request"] if is_bare else one for one in (asked, proposed)]

    found = seen(lines(*records))

    (call,), (turn,) = only(Call, found), only(Turn, found)
    assert (call.session, call.arguments) == (turn.session, (Leaf("command", "id"),))
    assert dig(records[1], call.at) == chat_call()["tool_calls"][0]  # type: ignore[index]
    assert (turn.known_at, call.known_at) == (1, 2)
    assert {owner.account for owner in only(Ownership, found)} == {"acct-1"}


def test_a_broken_batch_is_rejected() -> None:
    """And one that holds no payload at all is of another format."""
    data = lines([payload([USER])])

    assert [reason[:7] for reason in reasons(seen(data + data[:40]))] == ["no JSON"]
    assert reasons(seen_by(READER, lines([{"a": 1}], []))) == ["line is no LiteLLM log record"] * 2
