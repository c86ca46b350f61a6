"""OTLP/JSON: requests in lines and in documents."""

import json

import pytest
from tests.read.feeds import dig, lines, member, only, reasons, request, seen, seen_by, tool_span
from tests.read.otlp_feeds import claude_log, logs

from suragh.model.fact import Call, Turn
from suragh.read.registry import choose


def test_a_request_on_many_lines_is_one_record() -> None:
    """Its calls point into the whole file."""
    record = request(tool_span())
    data = json.dumps(record, indent=2).encode()
    reader = choose(data)

    assert reader is not None
    (call,) = only(Call, seen_by(reader, data))
    assert reader.name == "otlp-json-document"
    assert (call.pointer.offset, call.pointer.length) == (0, len(data))
    assert dig(record, call.at) == tool_span()


def test_a_request_on_one_line_without_an_end_is_read() -> None:
    """One request a file, as exporters write it."""
    assert len(only(Call, seen(json.dumps(request(tool_span())).encode()))) == 1


def test_metrics_and_empty_logs_hold_nothing_and_are_read() -> None:
    """In lines and in documents."""
    others = [{"resourceMetrics": [{"scopeMetrics": []}]}, {"resourceLogs": [{"scopeLogs": []}]}]

    assert seen(lines(request(tool_span()), *others))[3:] == []
    assert seen(json.dumps(others[0], indent=1).encode()) == []


def test_a_span_without_an_end_is_rejected_and_the_others_are_read() -> None:
    """It has no place in time."""
    endless = tool_span() | {"endTimeUnixNano": "soon"}

    found = seen(lines(request(endless, tool_span())))

    assert len(only(Call, found)) == 1
    assert [reason[:23] for reason in reasons(found)] == ["span's endTimeUnixNano "]


def test_numbers_may_be_numbers() -> None:
    """Some senders write 64-bit integers as JSON numbers."""
    record = tool_span() | {"endTimeUnixNano": 1_764_000_000_000_000_000}

    assert [c.known_at for c in only(Call, seen(lines(request(record))))] == [1_764_000_000_000_000_000]


def test_a_malformed_attribute_does_not_lose_the_span() -> None:
    """The call is read, and what was wrong is said."""
    record = tool_span()
    record["attributes"].append({"key": 5, "value": {"stringValue": ["x"]}})  # type: ignore[attr-defined]

    found = seen(lines(request(record)))

    assert len(only(Call, found)) == 1
    assert len(reasons(found)) == 1


def test_a_document_that_is_cut_is_rejected() -> None:
    """Said once, with how far it went."""
    data = json.dumps(request(tool_span()), indent=2).encode()[:-20]
    given = member(data)
    reader = choose(data)

    assert reader is not None
    assert [reason[:7] for reason in reasons(reader.read(given))] == ["no JSON"]
    assert given.tally.records == 1


@pytest.mark.parametrize("indent", [None, 1])
def test_log_records_are_read_in_lines_and_in_documents(indent: int | None) -> None:
    """Each points to its bytes and to its place in them."""
    record = logs(claude_log("user_prompt", prompt="look"))
    data = json.dumps(record, indent=indent).encode()

    (turn,) = only(Turn, seen(data))

    assert (turn.session, turn.text, turn.pointer.length) == ("s1", "look", len(data))
    assert dig(record, turn.at) == {"stringValue": "look"}
