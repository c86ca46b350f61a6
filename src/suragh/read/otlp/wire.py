"""OTLP: the wire shapes of traces and logs, and the helpers that read attributes.

Source: opentelemetry-proto 1.x, `trace/v1/trace.proto`, `logs/v1/logs.proto` and `common/v1/common.proto`, in their
OTLP/JSON form.
"""

from collections.abc import Iterable
from typing import Final, TypeAlias

from msgspec import Struct

from suragh.model.fact import Leaf
from suragh.read.leaves import as_json as written
from suragh.read.leaves import leaves, leaves_of_json

MAX_DEPTH: Final = 64
"""Levels of lists and maps that an attribute's value may nest; protobuf's own parsers stop at 100 messages."""


class AnyValue(Struct, gc=False, rename="camel"):
    """A value of an attribute; 64-bit integers may be texts."""

    string_value: str | None = None
    int_value: str | int | None = None
    bool_value: bool | None = None
    double_value: float | str | None = None
    array_value: object = None
    kvlist_value: object = None


class KeyValue(Struct, gc=False):
    """An attribute."""

    key: str = ""
    value: AnyValue | None = None


class Status(Struct, gc=False):
    """How a span ended: code 0 unset, 1 good, 2 error; some exporters write the name of the enumeration."""

    code: int | str | None = None
    message: str | None = None


class Event(Struct, gc=False):
    """Something at a moment within a span."""

    name: str | None = None
    attributes: list[KeyValue] | None = None


class Span(Struct, gc=False, rename="camel"):
    """A span."""

    trace_id: str | None = None
    span_id: str | None = None
    name: str | None = None
    start_time_unix_nano: str | int | None = None
    end_time_unix_nano: str | int | None = None
    attributes: list[KeyValue] | None = None
    status: Status | None = None
    events: list[Event] | None = None


class Scope(Struct, gc=False):
    """An instrumentation."""

    name: str | None = None


class ScopeSpans(Struct, gc=False, rename="camel"):
    """The spans of one instrumentation."""

    scope: Scope | None = None
    spans: list[Span] | None = None


class Resource(Struct, gc=False):
    """What sent spans or log records."""

    attributes: list[KeyValue] | None = None


class ResourceSpans(Struct, gc=False, rename="camel"):
    """The spans of one sender."""

    resource: Resource | None = None
    scope_spans: list[ScopeSpans] | None = None


class LogRecord(Struct, gc=False, rename="camel"):
    """A log record; one that is an event has a name, in a field of its own or in the attribute `event.name`."""

    time_unix_nano: str | int | None = None
    observed_time_unix_nano: str | int | None = None
    body: AnyValue | None = None
    attributes: list[KeyValue] | None = None
    trace_id: str | None = None
    event_name: str | None = None


class ScopeLogs(Struct, gc=False, rename="camel"):
    """The log records of one instrumentation."""

    scope: Scope | None = None
    log_records: list[LogRecord] | None = None


class ResourceLogs(Struct, gc=False, rename="camel"):
    """The log records of one sender."""

    resource: Resource | None = None
    scope_logs: list[ScopeLogs] | None = None


class Request(Struct, gc=False, rename="camel"):
    """An export request, of traces, of logs, or of metrics, which hold nothing about actions."""

    resource_spans: list[ResourceSpans] | None = None
    resource_logs: list[ResourceLogs] | None = None
    resource_metrics: object = None


Attributes: TypeAlias = dict[str, AnyValue | None]
"""Attributes by key."""


def attributes(pairs: Iterable[KeyValue] | None, below: Attributes | None = None) -> Attributes:
    """Gather attributes, over those of the resource that sent them."""
    own = {pair.key: pair.value for pair in pairs or ()}
    return {**below, **own} if below else own


def text_of(found: Attributes, *keys: str) -> str:
    """Give the value of the first of some keys as text; empty if there is none."""
    for key in keys:
        value = found.get(key)
        if value is not None:
            return value.string_value if value.string_value is not None else as_text(value)
    return ""


def value_of(found: Attributes, *keys: str) -> AnyValue | None:
    """Give the value of the first of some keys that is there."""
    for key in keys:
        value = found.get(key)
        if value is not None:
            return value
    return None


def place_of(pairs: Iterable[KeyValue] | None, key: str) -> str:
    """Give the JSON Pointer of an attribute's value, inside what has the attributes."""
    numbers = (number for number, pair in enumerate(pairs or ()) if pair.key == key)
    return f"/attributes/{next(numbers, 0)}/value"


def as_text(value: AnyValue) -> str:
    """Give a scalar as text, and the rest as JSON."""
    if value.string_value is not None:
        return value.string_value
    plain = as_plain(value)
    if plain is None:
        return ""
    return str(plain) if isinstance(plain, str | int | float) else written(plain)


def as_leaves(value: AnyValue | None) -> tuple[Leaf, ...]:
    """Flatten a value: a text that holds JSON, or a list or map."""
    if value is None:
        return ()
    return leaves(as_plain(value)) if value.string_value is None else leaves_of_json(value.string_value)


def as_json(value: AnyValue | None) -> bytes:
    """Give a value that is JSON in a text, or a list or map, as JSON."""
    if value is None:
        return b""
    text = value.string_value if value.string_value is not None else written(as_plain(value))
    return text.encode("utf-8", "replace")


def as_plain(value: AnyValue) -> object:
    """Give a value as JSON would have it."""
    if value.string_value is not None:
        return value.string_value
    if value.int_value is not None:
        return value.int_value
    if value.bool_value is not None:
        return value.bool_value
    if value.double_value is not None:
        return value.double_value
    if value.array_value is not None:
        return _plain({"arrayValue": value.array_value}, MAX_DEPTH)
    return _plain({"kvlistValue": value.kvlist_value}, MAX_DEPTH) if value.kvlist_value is not None else None


def _plain(value: object, depth: int) -> object:
    if not isinstance(value, dict) or depth == 0:
        return value
    for key, inner in value.items():
        items = inner.get("values") if isinstance(inner, dict) else None
        if key == "arrayValue":
            return [_plain(item, depth - 1) for item in items] if isinstance(items, list) else []
        if key == "kvlistValue":
            return _plain_map(items, depth) if isinstance(items, list) else {}
        return inner
    return None


def _plain_map(items: list[object], depth: int) -> dict[str, object]:
    pairs = [item for item in items if isinstance(item, dict)]
    return {str(item.get("key", "")): _plain(item.get("value"), depth - 1) for item in pairs}
