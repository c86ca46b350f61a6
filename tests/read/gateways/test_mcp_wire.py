"""MCP on the wire."""

import json

import msgspec

from suragh.read.gateways.mcp_wire import Line, headers_of, listed, parts, target

ASKED = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "query", "arguments": {}}}
BACK = {"jsonrpc": "2.0", "id": 1, "result": {"content": []}}


def line(**given: object) -> Line:
    """A line as it is decoded."""
    return msgspec.json.decode(json.dumps(given), type=Line)


def test_messages_stand_in_many_places() -> None:
    """Bare, wrapped, in batches, in bodies and in texts: each with its place, requests first."""
    stream = f"event: message\r\ndata: {json.dumps(BACK)}\r\n\r\n"
    for given, places in (
        (ASKED, [("", False)]),
        ({"ts": 1, "msg": ASKED}, [("/msg", False)]),
        ({"message": [ASKED, BACK]}, [("/message/0", False), ("/message/1", False)]),
        (
            {"response_body": stream, "request_body": ASKED},
            [("/request_body", False), ("/response_body", True)],
        ),
        (
            {"request": {"body": ASKED}, "response": {"body": json.dumps([BACK, BACK])}},
            [("/request/body", False), ("/response/body", True), ("/response/body", True)],
        ),
        ({"request_body": None, "response_body": ""}, []),
    ):
        found = list(parts(line(**given)))

        assert [(part.at, part.is_text) for part in found] == places
        assert all(part.message.jsonrpc for part in found)


def test_headers_and_target_of_a_request() -> None:
    """In either layout of a log over HTTP; a tee has none."""
    flat = line(path="/mcp", request_headers={"a": "1"}, response_headers={"b": "2"})
    nested = line(request={"path": "/mcp", "headers": {"a": "1"}}, response={"headers": {"b": "2"}})

    assert headers_of(flat) == headers_of(nested) == ({"a": "1"}, {"b": "2"})
    assert (target(flat), target(nested)) == ("/mcp", "/mcp")
    assert (headers_of(line(msg=ASKED)), target(line(msg=ASKED))) == ((None, None), "")


def test_a_message_alone_is_a_batch_of_one() -> None:
    """Batches came and went with versions of the protocol."""
    assert (listed([1, 2]), listed(1)) == ([1, 2], [1])
