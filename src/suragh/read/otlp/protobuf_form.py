"""OTLP traces and logs in protobuf: one export request a file, or requests one after another with their lengths.

Source: opentelemetry-proto 1.x. An export request and the file forms `TracesData` and `LogsData` are the same on the
wire, and those of traces, logs and metrics are alike but for what is innermost. Lengths are varints, as protobuf's
delimited streams have them, or four bytes, as the collector's file exporter writes them.
"""

from collections.abc import Iterable, Iterator
from functools import cache, partial
from typing import Final, TypeVar

from google.protobuf.message import DecodeError, Message
from opentelemetry.proto.common.v1 import common_pb2
from opentelemetry.proto.logs.v1 import logs_pb2
from opentelemetry.proto.metrics.v1 import metrics_pb2
from opentelemetry.proto.trace.v1 import trace_pb2

from suragh.model.fact import Pointer, Rejected
from suragh.read.framing import CHUNK, MAX_LINE
from suragh.read.otlp.json_form import CANNOT_KNOW
from suragh.read.otlp.requests import Record, facts_of_logs, facts_of_spans, sessions_of
from suragh.read.otlp.wire import (
    MAX_DEPTH,
    AnyValue,
    Event,
    KeyValue,
    LogRecord,
    Resource,
    ResourceLogs,
    ResourceSpans,
    Scope,
    ScopeLogs,
    ScopeSpans,
    Span,
    Status,
)
from suragh.read.reader import Member, Reader, Seen, Stream
from suragh.read.told import Told

M = TypeVar("M", bound=Message)

_FIELD_ONE: Final = 0x0A
"""Tag of field 1 with a length: `resource_spans` or `resource_logs` of a request, and `resource` of these."""

_INNER_TAGS: Final = frozenset({0x0A, 0x12, 0x1A})
"""Tags of what `ResourceSpans` and its like hold: resource, scope_spans, schema_url."""

_MORE: Final = 0x80
"""The bit of a varint's byte that says that another byte follows."""

_VARINT_BYTES: Final = 10
_LENGTH_BYTES: Final = 4
_TRACE_ID_BYTES: Final = 16


class _Source:
    """A stream that is read by counts of bytes."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._block = b""
        self._at = 0
        self.position = 0

    def take(self, count: int) -> bytes:
        """Give so many bytes; fewer at the end."""
        given = self._block[self._at : self._at + count]
        self._at += len(given)
        if len(given) < count:
            given = self._more(given, count)
        self.position += len(given)
        return given

    def _more(self, given: bytes, count: int) -> bytes:
        """Read on until there are so many bytes; what is left of the last block waits."""
        parts, missing = [given], count - len(given)
        while missing and (block := self._stream.read(CHUNK)):
            parts.append(block[:missing])
            self._block, self._at = block, len(parts[-1])
            missing -= len(parts[-1])
        return b"".join(parts)

    def varint(self) -> int | None:
        """Read a length; None at the end or where there is none."""
        value = 0
        for place in range(_VARINT_BYTES):
            byte = self.take(1)
            if not byte:
                return None
            value |= (byte[0] & 0x7F) << (7 * place)
            if byte[0] < _MORE:
                return value
        return None


def _varint_at(data: bytes, at: int) -> tuple[int, int] | None:
    """Read a varint inside bytes: its value, and where it ends."""
    value = 0
    for place in range(_VARINT_BYTES):
        if at + place >= len(data):
            return None
        byte = data[at + place]
        value |= (byte & 0x7F) << (7 * place)
        if byte < _MORE:
            return value, at + place + 1
    return None


def _is_group(data: bytes, at: int, length: int) -> bool:
    """Whether a message of this length may be `ResourceSpans`: its first field is one of its own, and fits."""
    if at >= len(data) or data[at] not in _INNER_TAGS:
        return False
    inner = _varint_at(data, at + 1)
    return inner is not None and inner[0] + (inner[1] - at) <= length


def _is_request(data: bytes, at: int, length: int | None) -> bool:
    """Whether a request starts here: field 1, and in it a group."""
    if at >= len(data) or data[at] != _FIELD_ONE:
        return False
    outer = _varint_at(data, at + 1)
    if outer is None or (length is not None and outer[0] + (outer[1] - at) > length):
        return False
    return _is_group(data, outer[1], outer[0])


def _framing(head: bytes) -> str:
    """Say how requests are framed: `whole`, `varint`, `fixed`; empty if these are none."""
    if _is_request(head, 0, None):
        return "whole"
    if len(head) > _LENGTH_BYTES and _is_request(head, _LENGTH_BYTES, int.from_bytes(head[:_LENGTH_BYTES], "big")):
        return "fixed"
    first = _varint_at(head, 0)
    return "varint" if first is not None and _is_request(head, first[1], first[0]) else ""


def _sniff(head: bytes) -> bool:
    return bool(_framing(head))


def _read(member: Member) -> Iterator[Seen]:
    kind = _framing(member.stream.head(CHUNK))
    source, told = _Source(member.stream), Told()
    while True:
        start = source.position
        length = _length(source, kind)
        if length is None:
            if source.position > start:
                yield Rejected(Pointer(member.source, start, source.position - start), "protobuf is cut or no OTLP")
            return
        member.tally.records += 1
        begin = source.position
        pointer = Pointer(member.source, begin, length)
        if length > MAX_LINE:
            yield Rejected(pointer, f"record is longer than {MAX_LINE} bytes")
            return
        data = source.take(length)
        if len(data) < length:
            yield Rejected(Pointer(member.source, begin, len(data)), f"record is cut: expected {length} bytes")
            return
        yield from _record(data, pointer, kind, told)


def _length(source: _Source, kind: str) -> int | None:
    """Read up to the next record and give its length."""
    if kind == "fixed":
        prefix = source.take(_LENGTH_BYTES)
        return int.from_bytes(prefix, "big") if len(prefix) == _LENGTH_BYTES else None
    if kind == "whole":
        tag = source.take(1)
        return source.varint() if tag and tag[0] == _FIELD_ONE else None
    return source.varint()


def _record(data: bytes, pointer: Pointer, kind: str, told: Told) -> Iterator[Seen]:
    """Read one record: in a whole file each group is one, so that memory stays bounded."""
    at = "" if kind == "whole" else "/{}/{}"
    spans = _spans(data, kind)
    logs = [] if spans else _logs(data, kind)
    record = Record(pointer, told, cache(partial(sessions_of, spans or (), logs or ())))
    for number, group in enumerate(spans or ()):
        yield from facts_of_spans(group, record, at.format("resourceSpans", number))
    for number, batch in enumerate(logs or ()):
        yield from facts_of_logs(batch, record, at.format("resourceLogs", number))
    if spans is None and logs is None and not _is_metrics(data, kind):
        yield Rejected(pointer, "protobuf is damaged or no OTLP")


def _parsed(data: bytes, message: type[M]) -> M | None:
    try:
        return message.FromString(data)
    except (DecodeError, RecursionError):
        return None


def _is_metrics(data: bytes, kind: str) -> bool:
    found = metrics_pb2.ResourceMetrics if kind == "whole" else metrics_pb2.MetricsData
    return _parsed(data, found) is not None


def _spans(data: bytes, kind: str) -> list[ResourceSpans] | None:
    """Give the spans; none where the record is of another signal, None where it cannot be of this one."""
    if kind == "whole":
        group = _parsed(data, trace_pb2.ResourceSpans)
        request = None if group is None else trace_pb2.TracesData(resource_spans=[group])
    else:
        request = _parsed(data, trace_pb2.TracesData)
    if request is None:
        return None
    found = [_spans_of(one) for one in request.resource_spans]
    return found if any(scope.spans for one in found for scope in one.scope_spans or ()) else []


def _logs(data: bytes, kind: str) -> list[ResourceLogs] | None:
    """Give the log records, as `_spans` does: a metric has no fixed numbers where a log record has its times."""
    if kind == "whole":
        group = _parsed(data, logs_pb2.ResourceLogs)
        request = None if group is None else logs_pb2.LogsData(resource_logs=[group])
    else:
        request = _parsed(data, logs_pb2.LogsData)
    if request is None:
        return None
    records = (record for one in request.resource_logs for scope in one.scope_logs for record in scope.log_records)
    is_logs = any(record.time_unix_nano or record.observed_time_unix_nano for record in records)
    return [_logs_of(one) for one in request.resource_logs] if is_logs else []


def _spans_of(group: trace_pb2.ResourceSpans) -> ResourceSpans:
    scopes = [
        ScopeSpans(Scope(scope.scope.name), [_span(span) for span in scope.spans if _is_span(span)])
        for scope in group.scope_spans
    ]
    return ResourceSpans(Resource(_pairs(group.resource.attributes)), scopes)


def _logs_of(group: logs_pb2.ResourceLogs) -> ResourceLogs:
    scopes = [
        ScopeLogs(Scope(scope.scope.name), [_log(record) for record in scope.log_records]) for scope in group.scope_logs
    ]
    return ResourceLogs(Resource(_pairs(group.resource.attributes)), scopes)


def _log(record: logs_pb2.LogRecord) -> LogRecord:
    return LogRecord(
        time_unix_nano=record.time_unix_nano,
        observed_time_unix_nano=record.observed_time_unix_nano,
        body=_value(record.body),
        attributes=_pairs(record.attributes),
        trace_id=record.trace_id.hex(),
        event_name=record.event_name,
    )


def _is_span(span: trace_pb2.Span) -> bool:
    """Whether this is no metric: on the wire, a metric's name would be a span's trace id."""
    return bool(span.end_time_unix_nano) or len(span.trace_id) == _TRACE_ID_BYTES


def _span(span: trace_pb2.Span) -> Span:
    return Span(
        trace_id=span.trace_id.hex(),
        span_id=span.span_id.hex(),
        name=span.name,
        start_time_unix_nano=span.start_time_unix_nano,
        end_time_unix_nano=span.end_time_unix_nano,
        attributes=_pairs(span.attributes),
        status=Status(int(span.status.code), span.status.message),
        events=[Event(event.name, _pairs(event.attributes)) for event in span.events],
    )


def _pairs(pairs: Iterable[common_pb2.KeyValue]) -> list[KeyValue]:
    return [KeyValue(pair.key, _value(pair.value)) for pair in pairs]


def _value(value: common_pb2.AnyValue) -> AnyValue:
    kind = value.WhichOneof("value")
    if kind == "string_value":
        return AnyValue(string_value=value.string_value)
    if kind == "int_value":
        return AnyValue(int_value=value.int_value)
    if kind == "bool_value":
        return AnyValue(bool_value=value.bool_value)
    if kind == "double_value":
        return AnyValue(double_value=value.double_value)
    nested = _nested(value, MAX_DEPTH)
    return AnyValue(array_value=nested.get("arrayValue"), kvlist_value=nested.get("kvlistValue"))


def _nested(value: common_pb2.AnyValue, depth: int) -> dict[str, object]:
    """Give a value in the shape that OTLP/JSON has for it."""
    kind = value.WhichOneof("value")
    if depth == 0 or kind is None:
        return {}
    if kind == "array_value":
        return {"arrayValue": {"values": [_nested(item, depth - 1) for item in value.array_value.values]}}
    if kind == "kvlist_value":
        pairs = [{"key": pair.key, "value": _nested(pair.value, depth - 1)} for pair in value.kvlist_value.values]
        return {"kvlistValue": {"values": pairs}}
    plain = getattr(value, kind)
    return {kind: plain.hex() if isinstance(plain, bytes) else plain}


READER: Final = Reader(
    name="otlp-protobuf",
    title="OTLP traces and logs in protobuf",
    cannot_know=CANNOT_KNOW,
    about=(
        "The same, as bytes: one request a file (each `ResourceSpans` or `ResourceLogs` in it is a record), or requests"
        " one after another with their length before them, as a varint or as four bytes."
    ),
    sniff=_sniff,
    read=_read,
)
