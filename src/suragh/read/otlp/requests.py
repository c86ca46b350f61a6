"""Requests of OTLP: the facts of decoded traces and logs, whether they came as JSON or as protobuf."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from msgspec import Struct

from suragh.model.fact import Pointer, Rejected
from suragh.model.instant import DUSK
from suragh.read.lenient import moment
from suragh.read.otlp.logs import event_named, facts_of_record, is_telling
from suragh.read.otlp.spans import facts_of_span
from suragh.read.otlp.who import RESOURCE_KEYS, Context, session_named
from suragh.read.otlp.wire import (
    Attributes,
    LogRecord,
    Resource,
    ResourceLogs,
    ResourceSpans,
    Span,
    attributes,
    text_of,
)
from suragh.read.reader import Seen
from suragh.read.told import Told

_NO_END: Final = "span's endTimeUnixNano is missing or no time, expected nanoseconds since 1970"
_NO_TIME: Final = "log record's timeUnixNano is missing or no time, expected nanoseconds since 1970"
_NANOSECOND_DIGITS: Final = 19
"""Digits of nanoseconds since 1970, from 2001 to the last that 64 bits hold."""

_LAST: Final = str(DUSK)


class Record(Struct, frozen=True, gc=False):
    """What the groups of one record have in common.

    Attributes:
        pointer: the record.
        told: what the stream has already told.
        sessions: as in `Context`.
    """

    pointer: Pointer
    told: Told
    sessions: Callable[[], dict[str, str]]


def sessions_of(spans: Iterable[ResourceSpans], logs: Iterable[ResourceLogs]) -> dict[str, str]:
    """Give the session of each trace of which a span or a log record names one."""
    named: dict[str, str] = {}
    for trace, session in (*_of_spans(spans), *_of_logs(logs)):
        if trace and session:
            named.setdefault(trace, session)
    return named


def _of_spans(groups: Iterable[ResourceSpans]) -> Iterator[tuple[str, str]]:
    for group in groups:
        below = _sent(group.resource)
        for span in (span for scope in group.scope_spans or () for span in scope.spans or ()):
            yield span.trace_id or "", session_named(span.name or "", attributes(span.attributes, below))


def _of_logs(groups: Iterable[ResourceLogs]) -> Iterator[tuple[str, str]]:
    for group in groups:
        below = _sent(group.resource)
        for record in (record for scope in group.scope_logs or () for record in scope.log_records or ()):
            yield record.trace_id or "", session_named(event_named(record, ""), attributes(record.attributes, below))


def _sent(resource: Resource | None) -> Attributes | None:
    """Give what is taken from a sender."""
    sent = attributes(resource.attributes) if resource is not None else {}
    return {key: value for key, value in sent.items() if key in RESOURCE_KEYS} or None


def facts_of_spans(group: ResourceSpans, record: Record, at: str) -> list[Seen]:
    """Give what the spans of one sender show; `at` is the JSON Pointer of the group inside the record."""
    below, told, sessions = _sent(group.resource), record.told, record.sessions
    found: list[Seen] = []
    for number, scope in enumerate(group.scope_spans or ()):
        for place, span in enumerate(scope.spans or ()):
            known_at = _ended(span)
            if known_at is None:
                found.append(Rejected(record.pointer, _NO_END))
                continue
            own_at = f"{at}/scopeSpans/{number}/spans/{place}"
            found += facts_of_span(span, Context(below, record.pointer, own_at, known_at, told, sessions))
    return found


def facts_of_logs(group: ResourceLogs, record: Record, at: str) -> list[Seen]:
    """Give what the log records of one sender show; `at` is the JSON Pointer of the group inside the record."""
    below, told, sessions = _sent(group.resource), record.told, record.sessions
    found: list[Seen] = []
    for number, scope in enumerate(group.scope_logs or ()):
        name_of_scope = (scope.scope.name or "") if scope.scope is not None else ""
        for place, log in enumerate(scope.log_records or ()):
            name = event_named(log, name_of_scope)
            if not is_telling(name, log):
                continue
            known_at = _logged(log)
            if known_at is None:
                found.append(Rejected(record.pointer, _NO_TIME))
                continue
            own_at = f"{at}/scopeLogs/{number}/logRecords/{place}"
            found += facts_of_record(name, log, Context(below, record.pointer, own_at, known_at, told, sessions))
    return found


def _ended(span: Span) -> int | None:
    ended = span.end_time_unix_nano
    if isinstance(ended, str) and len(ended) == _NANOSECOND_DIGITS and ended < _LAST and ended.isdecimal():
        return int(ended)
    return moment(ended)


def _logged(log: LogRecord) -> int | None:
    """Give a log record's own time, else when it was taken in, which is all that Codex sends, else an attribute's."""
    known_at = moment(log.time_unix_nano) or moment(log.observed_time_unix_nano)
    return moment(text_of(attributes(log.attributes), "event.timestamp")) if known_at is None else known_at
