"""MCP messages."""

import json
from base64 import urlsafe_b64encode

import pytest
from tests.read.feeds import dig, lines, member, only, reasons, seen

from suragh.model.fact import Call, Fact, Leaf, Ownership, Result
from suragh.read.gateways.mcp_jsonrpc import subject
from suragh.read.registry import read

TRACE = "0af7651916cd43dd8448eb211c80319c"


def ask(number: object = 1, method: str = "tools/call", **arguments: object) -> dict[str, object]:
    """A request."""
    params: dict[str, object] = {"name": "query", "arguments": arguments or {"subnet": "192.0.2.0/24"}}
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": params}


def give(number: object = 1, **result: object) -> dict[str, object]:
    """A result."""
    given = result or {"content": [{"type": "text", "text": "192.0.2.10"}], "isError": False}
    return {"jsonrpc": "2.0", "id": number, "result": given}


def tee(second: int, message: object) -> dict[str, object]:
    """A line of a tee on standard input and output."""
    return {"ts": 1_767_225_600 + second, "dir": "client->server", "msg": message}


def http(asked: object, given: object = "", **headers: str) -> dict[str, object]:
    """A request over HTTP with its answer, one second into a day."""
    return {
        "method": "POST",
        "path": "/mcp",
        "request_headers": {"mcp-protocol-version": "2025-11-25", "Host": "a.example.com"}
        | {name.replace("_", "-"): value for name, value in headers.items()},
        "request_body": asked,
        "response_headers": {"date": "Thu, 01 Jan 2026 00:00:01 GMT"},
        "response_body": given,
    }


def start(version: str = "2025-11-25") -> dict[str, object]:
    """How a connection begins."""
    return {"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {"protocolVersion": version}}


def acts(found: list[object]) -> list[Fact]:
    """The calls and results among all that was seen."""
    return [fact for fact in found if isinstance(fact, Call | Result)]


def test_a_call_is_joined_with_its_answer() -> None:
    """Other methods are read and hold nothing; each is known when its own line is."""
    told = [start(), give(0, protocolVersion="x"), {"jsonrpc": "2.0", "method": "notifications/initialized"}]
    told += [ask(1, "tools/list"), give(1, tools=[]), ask(2), give(2)]
    records = [tee(second, message) for second, message in enumerate(told)]
    given = member(lines(*records))

    call, result = read(given)

    assert isinstance(call, Call)
    assert isinstance(result, Result)
    assert (given.tally.format, given.tally.records) == ("mcp", 7)
    assert (call.tool, call.arguments) == ("query", (Leaf("subnet", "192.0.2.0/24"),))
    assert (result.action, result.session, result.failed) == (call.action, call.session, False)
    assert result.texts == (Leaf("0.text", "192.0.2.10"),)
    assert result.known_at - call.known_at == 1_000_000_000
    assert (dig(records[5], call.at), dig(records[6], result.at)) == (told[5], told[6]["result"])


@pytest.mark.parametrize(
    ("answer", "failed", "texts"),
    [
        (give(isError=True, content=[{"type": "text", "text": "no"}]), True, ["no"]),
        (give(content=[{"type": "image", "data": "AAAA"}], structuredContent={"a": "b"}), None, ["b"]),
        ({"jsonrpc": "2.0", "id": 1, "error": {"code": -32000, "message": "stopped"}}, True, ["-32000", "stopped"]),
    ],
)
def test_what_an_answer_says(answer: object, failed: object, texts: list[str]) -> None:
    """A tool that fails is a result; a fault of the protocol is an error in its place."""
    (result,) = only(Result, seen(lines(ask(), answer)))

    assert (result.failed, [leaf.text for leaf in result.texts]) == (failed, texts)


@pytest.mark.parametrize(
    "answer",
    [
        give(resultType="input_required", inputRequests={}, content=[{"type": "text", "text": "more?"}]),
        give(role="assistant", content={"type": "text", "text": "sampled"}),
        give(7),
    ],
)
def test_what_is_no_answer_to_a_call(answer: dict[str, object]) -> None:
    """A question back, what a client answers a server, and an answer to something else that was asked."""
    assert only(Result, seen(lines(ask(7, "prompts/get"), ask(), answer))) == []


@pytest.mark.parametrize("shape", ["object", "json", "stream", "batch"])
def test_messages_over_http(shape: str) -> None:
    """Both sides stand in one record, in whatever form."""
    text = json.dumps(give())
    answers = {
        "object": give(),
        "json": text,
        "stream": f"event: message\r\ndata: {text}\r\n\r\n",
        "batch": [give()],
    }
    places = {"object": "/response_body/result", "batch": "/response_body/0/result"}

    call, result = acts(seen(lines(http(ask(), answers[shape], Mcp_Session_Id="s1"))))  # type: ignore[arg-type]

    assert isinstance(call, Call)
    assert isinstance(result, Result)
    assert (call.session, result.session, result.action) == ("s1", "s1", call.action)
    assert (call.known_at, call.at) == (1_767_225_601_000_000_000, "/request_body")
    assert result.at == places.get(shape, "/response_body")


def test_requests_without_a_session_go_by_their_trace() -> None:
    """In the parameters, else in the headers; several servers have ids of their own in one trace."""
    inner = ask()
    inner["params"]["_meta"] = {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}  # type: ignore[index]
    outer = http(ask(), give(), traceparent=f"00-{TRACE}-00f067aa0ba902b7-01", Host="b.example.com")

    found = acts(seen(lines(http(inner, give()), outer)))  # type: ignore[arg-type]

    assert {fact.session for fact in found if isinstance(fact, Call | Result)} == {TRACE}
    assert len({call.action for call in only(Call, found)}) == 2
    assert [one.action for one in only(Result, found)] == [one.action for one in only(Call, found)]


def test_a_new_start_or_an_id_used_again_is_another_connection() -> None:
    """One log may hold many runs of a client, each counting from the same number."""
    runs = [[start(), ask(1, a="x"), give(1)], [start(), ask(1, a="y"), give(1)], [ask(1, a="z"), give(1)]]
    records = [tee(number, message) for number, message in enumerate(message for run in runs for message in run)]

    found = seen(lines(*records))

    calls, results = only(Call, found), only(Result, found)
    assert len({call.session for call in calls}) == 3
    assert [result.action for result in results] == [call.action for call in calls]


def test_a_message_that_is_logged_twice_is_one() -> None:
    """On both of its ends, say."""
    found = seen(lines(tee(1, ask()), tee(2, ask()), tee(3, give()), tee(4, give())))

    assert len({call.action for call in only(Call, found)}) == len({one.action for one in only(Result, found)}) == 1


def test_clients_in_one_log_are_kept_apart() -> None:
    """By what their headers say of them."""
    one, two = ({"X_Forwarded_For": f"192.0.2.{host}"} for host in (1, 2))
    records = [
        http(ask(1, a="x"), give(), **one),
        http(ask(1, a="y"), give(), **two),
        http(ask(2, a="x"), give(2), **one),
    ]

    sessions = [call.session for call in only(Call, seen(lines(*records)))]

    assert sessions[0] == sessions[2] != sessions[1]


def test_a_bare_batch_is_read() -> None:
    """As protocols of 2025-03-26 may send it; a list of something else is of no known format."""
    call, result = acts(seen(lines([ask(), give()])))  # type: ignore[arg-type]

    assert (call.at, result.at, result.action) == ("/0", "/1/result", call.action)
    assert reasons(seen(lines(ask()) + b'[{"jsonrpc": "2.0"\n')) != []


def token(**claims: object) -> str:
    """A JWT that nobody signed."""
    return ".".join(urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in ({}, claims, "x"))


@pytest.mark.parametrize(
    ("header", "account"),
    [
        (f"Bearer {token(sub='user-1', client_id='c')}", "user-1"),
        (f"Bearer {token(client_id='c')}", "c"),
        (f"Bearer {token(sub=7)}", ""),
        ("Bearer opaque", ""),
        ("Bearer a.b.c", ""),
        ("Bearer a.\u00e9.c", ""),
        ("", ""),
    ],
)
def test_a_token_may_name_its_subject(header: str, account: str) -> None:
    """Where it is written in the clear."""
    assert subject(header) == account


def test_the_subject_of_a_token_owns_the_session() -> None:
    """Of calls, and not of lists of tools that were only looked at."""
    found = seen(lines(http(ask(), give(), Authorization=f"Bearer {token(sub='user-1')}", Mcp_Session_Id="s1")))

    assert only(Ownership, found) == [Ownership("s1", "user-1", "authorization", 1_767_225_601_000_000_000)]


def test_requests_without_a_message_are_read() -> None:
    """A stream that is opened, a session that is ended, an answer that is empty."""
    records = [
        http(ask(), give(), Mcp_Session_Id="s1"),
        http(None, Mcp_Session_Id="s1"),
        http(None) | {"method": "GET"},
    ]

    assert reasons(seen(lines(*records))) == []
