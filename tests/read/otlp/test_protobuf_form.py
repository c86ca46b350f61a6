"""OTLP in protobuf."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue, KeyValue, KeyValueList
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord, LogsData, ResourceLogs, ScopeLogs
from opentelemetry.proto.metrics.v1.metrics_pb2 import (
    Gauge,
    Metric,
    MetricsData,
    NumberDataPoint,
    ResourceMetrics,
    ScopeMetrics,
)
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span, TracesData
from tests.read.feeds import BASH_ID, only, reasons, seen
from tests.read.fuzz import is_sound

from suragh.model.fact import Call, Leaf, Ownership, Result, Turn


def text(key: str, value: str) -> KeyValue:
    """An attribute that is a text."""
    return KeyValue(key=key, value=AnyValue(string_value=value))


def traces(session: str = "c1", groups: int = 1) -> TracesData:
    """A request with a tool's span a group."""
    words = AnyValue(array_value=ArrayValue(values=[AnyValue(string_value="-l"), AnyValue(int_value=3)]))
    pairs = [KeyValue(key="command", value=AnyValue(string_value="ls")), KeyValue(key="words", value=words)]
    arguments = AnyValue(kvlist_value=KeyValueList(values=pairs))
    span = Span(
        trace_id=bytes(range(16)),
        span_id=bytes(range(8)),
        name="execute_tool shell",
        end_time_unix_nano=1_764_000_000_000_000_000,
        attributes=[
            text("gen_ai.operation.name", "execute_tool"),
            text("gen_ai.tool.name", "shell"),
            text("gen_ai.tool.call.id", BASH_ID),
            text("gen_ai.conversation.id", session),
            text("gen_ai.tool.call.result", "a.txt"),
            text("user.id", "acct-1"),
            KeyValue(key="gen_ai.tool.call.arguments", value=arguments),
        ],
    )
    return TracesData(resource_spans=[ResourceSpans(scope_spans=[ScopeSpans(spans=[span])])] * groups)


def logs(prompt: str = "look", groups: int = 1) -> LogsData:
    """A request with a prompt that Codex tells of a group: it leaves the time of the event out."""
    attributes = [text("event.name", "codex.user_prompt"), text("prompt", prompt), text("conversation.id", "u1")]
    record = LogRecord(observed_time_unix_nano=1_764_000_000_000_000_000, attributes=attributes, event_name="place:1")
    return LogsData(resource_logs=[ResourceLogs(scope_logs=[ScopeLogs(log_records=[record])])] * groups)


def varint(number: int) -> bytes:
    """A number as protobuf writes lengths."""
    low, rest = number & 0x7F, number >> 7
    return bytes([low | 0x80]) + varint(rest) if rest else bytes([low])


def framed(message: bytes, framing: str) -> bytes:
    """A message with its length before it."""
    return struct.pack(">I", len(message)) + message if framing == "fixed" else varint(len(message)) + message


def test_a_whole_file_gives_what_json_would() -> None:
    """Each group is a record of its own, whose bytes are the group's."""
    data = traces(groups=2).SerializeToString()

    found = seen(data)

    calls = only(Call, found)
    assert [c.arguments for c in calls] == [(Leaf("command", "ls"), Leaf("words.0", "-l"), Leaf("words.1", "3"))] * 2
    assert only(Ownership, found)[0].account == "acct-1"
    assert [r.action for r in only(Result, found)] == [c.action for c in calls]
    first = calls[0].pointer
    assert ResourceSpans.FromString(data[first.offset : first.offset + first.length]) == traces().resource_spans[0]


@pytest.mark.parametrize("framing", ["fixed", "varint"])
def test_requests_with_their_lengths_are_read(framing: str) -> None:
    """One after another; each is a record."""
    data = b"".join(framed(traces(session).SerializeToString(), framing) for session in ("c1", "c2"))

    found = seen(data)

    assert [c.session for c in only(Call, found)] == ["c1", "c2"]
    assert reasons(found) == []


@pytest.mark.parametrize("framing", ["whole", "fixed", "varint"])
def test_what_is_cut_is_said_and_the_rest_is_read(framing: str) -> None:
    """The first record stands, the second is rejected."""
    one = traces().SerializeToString()
    data = one * 2 if framing == "whole" else framed(one, framing) * 2

    found = seen(data[:-30])

    assert len(only(Call, found)) == 1
    assert len(reasons(found)) == 1


@pytest.mark.parametrize("framing", ["whole", "fixed", "varint"])
def test_log_records_are_read_as_in_json(framing: str) -> None:
    """In a whole file each group is a record; requests of traces and logs may follow one another."""
    one = logs().SerializeToString()
    data = logs(groups=2).SerializeToString() if framing == "whole" else framed(one, framing) * 2
    mixed = data + (b"" if framing == "whole" else framed(traces().SerializeToString(), framing))

    found = seen(mixed)

    assert [(turn.session, turn.text, turn.human) for turn in only(Turn, found)] == [("u1", "look", True)] * 2
    assert len(only(Call, found)) == (framing != "whole")
    assert reasons(found) == []
    assert {turn.pointer.length for turn in only(Turn, found)} == {len(one) - (2 if framing == "whole" else 0)}


@pytest.mark.parametrize("framing", ["whole", "fixed", "varint"])
def test_metrics_hold_nothing_and_are_read(framing: str) -> None:
    """They look alike from outside."""
    points = [NumberDataPoint(time_unix_nano=1_764_000_000_000_000_000, as_int=3)]
    metric = Metric(name="tokens", description="counts", unit="1", gauge=Gauge(data_points=points))
    request = MetricsData(resource_metrics=[ResourceMetrics(scope_metrics=[ScopeMetrics(metrics=[metric])])])
    data = request.SerializeToString()

    assert seen(data if framing == "whole" else framed(data, framing)) == []


@given(st.binary(max_size=200), st.integers(0, 400), st.lists(st.tuples(st.integers(0, 399), st.integers(0, 255))))
def test_damage_is_rejected_never_raised(noise: bytes, at: int, others: list[tuple[int, int]]) -> None:
    """Whatever bytes are put into a file, or exchanged, reading ends, and each damage is a rejection."""
    whole = bytearray((traces() if at % 2 else logs()).SerializeToString())
    for place, byte in others:
        whole[place % len(whole)] = byte

    assert all(map(is_sound, seen(bytes(whole[:at] + noise + whole[at:]))))
