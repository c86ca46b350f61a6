"""Requests: times of spans and log records, and what their sender says for all of them."""

import pytest
from tests.read.feeds import SECOND, lines, only, reasons, request, seen, tool_span
from tests.read.otlp_feeds import claude_log, log, logs

from suragh.model.fact import Call, Ownership, Turn


@pytest.mark.parametrize(
    ("times", "second"),
    [
        ({}, 3),
        ({"timeUnixNano": "0"}, 12),
        ({"timeUnixNano": None, "observedTimeUnixNano": None}, 40),
        ({"timeUnixNano": (SECOND + 5) * 10**9}, 5),
    ],
)
def test_a_log_record_has_its_own_time_or_that_of_its_taking_in(times: dict[str, object], second: int) -> None:
    """Else that of an attribute; as a text or as a number."""
    given = {"prompt": "look", "event__timestamp": "2025-11-24T16:00:40Z"}

    (turn,) = only(Turn, seen(lines(logs(claude_log("user_prompt", 3, **given) | times))))

    assert turn.known_at == (SECOND + second) * 10**9


def test_a_log_record_of_an_agent_without_a_time_is_rejected() -> None:
    """The others are read."""
    timeless = claude_log("user_prompt", prompt="look") | {"timeUnixNano": "soon", "observedTimeUnixNano": None}

    found = seen(lines(logs(timeless, claude_log("user_prompt", prompt="look"))))

    assert len(only(Turn, found)) == 1
    assert [reason.startswith("log record's timeUnixNano is missing") for reason in reasons(found)] == [True]


def test_a_sender_names_session_and_account_for_all() -> None:
    """Where a span or log record does not."""
    resource: dict[str, object] = {"session__id": "s9", "user__email": "a@example.com"}
    bare = tool_span(gen_ai__conversation__id=None, enduser__id=None)
    said = log(5, {"content": "look"}, event__name="gen_ai.user.message")

    found = seen(lines(request(bare, resource=resource), logs(said, resource=resource)))

    assert [call.session for call in only(Call, found)] == ["s9"]
    assert [turn.session for turn in only(Turn, found)] == ["s9"]
    assert {(owner.session, owner.account) for owner in only(Ownership, found)} == {("s9", "a@example.com")}


def test_spans_and_log_records_of_one_request_are_both_read() -> None:
    """A file may have both."""
    found = seen(lines(request(tool_span()) | logs(claude_log("user_prompt", prompt="look"))))

    assert (len(only(Call, found)), len(only(Turn, found))) == (1, 1)
