"""Session, agent and account of what is sent."""

import pytest
from tests.read.feeds import lines, only, request, seen, span, tool_span

from suragh.model.fact import Call, Ownership
from suragh.read.otlp.who import is_sub

BARE = {"gen_ai__conversation__id": None, "enduser__id": None}


@pytest.mark.parametrize(
    "key",
    [
        "session__id",
        "conversation__id",
        "traceloop__association__properties__session_id",
        "traceloop__association__properties__thread_id",
        "mcp__session__id",
    ],
)
def test_a_session_goes_by_many_names(key: str) -> None:
    """Each convention has its own."""
    assert [c.session for c in only(Call, seen(lines(request(tool_span(**BARE, **{key: "s9"})))))] == ["s9"]


def test_the_session_of_a_trace_stands_before_a_connection_s() -> None:
    """A connection to a server is the last thing that may stand for a session, before the trace."""
    mcp = span("tools/call q", 3, mcp__method__name="tools/call", mcp__session__id="m1", gen_ai__tool__name="q")

    assert [call.session for call in only(Call, seen(lines(request(tool_span(), mcp))))] == ["c1", "c1"]


@pytest.mark.parametrize("key", ["traceloop__association__properties__user_id", "installation__id", "llm__user"])
def test_an_account_goes_by_many_names(key: str) -> None:
    """What says so is kept."""
    (owner,) = only(Ownership, seen(lines(request(tool_span(enduser__id=None, **{key: "a9"})))))

    assert (owner.account, owner.basis) == ("a9", key.replace("__", "."))


@pytest.mark.parametrize(
    ("name", "sub"), [("sub-1", True), ("x-subagent", True), ("SubAgent", True), ("helper", False), ("", False)]
)
def test_a_sub_agent_s_name_says_so(name: str, sub: bool) -> None:  # noqa: FBT001
    """At its start or after a separator."""
    assert is_sub(name) is sub
