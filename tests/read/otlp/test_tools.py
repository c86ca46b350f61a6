"""Tool calls, by each convention that spans of tools follow."""

import pytest
from tests.read.feeds import BASH_ID, attributes, lines, only, request, seen, span, tool_span

from suragh.model.fact import Call, Leaf, Result

SAID = {"session__id": "s1"}
OPENINFERENCE = SAID | {
    "openinference__span__kind": "TOOL",
    "tool__name": "shell",
    "input__value": '{"command": "id"}',
    "output__value": "uid=0",
}
TRACELOOP = {
    "traceloop__span__kind": "tool",
    "traceloop__entity__name": "shell",
    "traceloop__entity__input": '{"inputs": {"command": "id"}}',
    "traceloop__entity__output": '"uid=0"',
    "traceloop__association__properties__session_id": "s1",
}


@pytest.mark.parametrize(
    ("given", "path"), [(OPENINFERENCE, "command"), (TRACELOOP, "inputs.command")], ids=["openinference", "traceloop"]
)
def test_tools_of_other_conventions_are_calls_with_results(given: dict[str, object], path: str) -> None:
    """By the kind that their attributes say; without an id of the call, the span's."""
    record = span("run", 3, **given) | {"status": {"code": 1}}

    found = seen(lines(request(record)))

    (call,), (result,) = only(Call, found), only(Result, found)
    assert (call.session, call.tool, call.arguments) == ("s1", "shell", (Leaf(path, "id"),))
    assert (result.action, result.texts, result.failed) == (call.action, (Leaf("", "uid=0"),), False)


@pytest.mark.parametrize("kind", ["CHAIN", "AGENT", "RETRIEVER"])
def test_spans_of_other_kinds_are_no_tools(kind: str) -> None:
    """Their input and output are those of the whole run."""
    given = OPENINFERENCE | {"openinference__span__kind": kind}

    assert only(Call, seen(lines(request(span("run", 3, **given))))) == []


def test_both_ends_of_a_call_to_an_mcp_server_are_one_action() -> None:
    """Client and server name the same request of the same session and trace."""
    given = {
        "mcp__method__name": "tools/call",
        "gen_ai__tool__name": "query",
        "jsonrpc__request__id": "7",
        "mcp__session__id": "m1",
    }
    client = span("tools/call query", 4, **given, gen_ai__tool__call__arguments='{"net": "192.0.2.0/24"}')
    server = span("tools/call query", 3, **given)
    other = span("tools/call query", 5, **given | {"jsonrpc__request__id": "8"})

    calls = only(Call, seen(lines(request(server), request(client), request(other))))

    assert [call.action == calls[0].action for call in calls] == [True, True, False]


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"rpc__response__status_code": "-32602"}, "-32602"),
        ({"error__type": "tool_error", "error__message": "no such net"}, "no such net"),
        ({"success": "false"}, ""),
    ],
)
def test_a_failure_is_said_in_attributes(given: dict[str, object], text: str) -> None:
    """Under any of their names."""
    (result,) = only(Result, seen(lines(request(tool_span(gen_ai__tool__call__result=None, **given)))))

    assert (result.failed, "".join(leaf.text for leaf in result.texts)) == (True, text)


def test_a_failed_span_tells_by_its_exception_what_went_wrong() -> None:
    """Where it has no result, and before its status."""
    record = tool_span(gen_ai__tool__call__result=None) | {
        "status": {"code": 2, "message": "failed"},
        "events": [{"name": "exception", "attributes": attributes(exception__message="no route to 192.0.2.1")}],
    }

    (result,) = only(Result, seen(lines(request(record))))

    assert (result.failed, [leaf.text for leaf in result.texts]) == (True, ["no route to 192.0.2.1"])


@pytest.mark.parametrize(("given", "count"), [(BASH_ID, 1), ("shell-1", 2)])
def test_an_id_that_names_the_tool_names_no_call(given: str, count: int) -> None:
    """OpenInference's `tool.id` counts where nobody else can have it."""
    spans = [span("run", second, tool__id=given, **OPENINFERENCE) for second in (1, 2)]

    assert len({call.action for call in only(Call, seen(lines(request(*spans))))}) == count
