"""Attributes of OpenTelemetry events alone, one set a line: what is left where a pipeline keeps nothing else.

Source: the events of `otlp_agents` and of the GenAI conventions; the names of times are those that pipelines use.
"""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from suragh.model.fact import Call, Pointer, Rejected, Result, Turn
from suragh.read.lenient import decode_object, first_moment
from suragh.read.otlp.agents import AGENTS
from suragh.read.otlp.logs import facts_of_record, is_telling
from suragh.read.otlp.who import CLAUDE_CODE, Context
from suragh.read.otlp.wire import MAX_DEPTH, AnyValue, KeyValue, LogRecord
from suragh.read.probe import shape
from suragh.read.reader import Seen, Take, line_reader
from suragh.read.told import Told
from suragh.read.undated import Dates

_NAME: Final = "event.name"
_TIMES: Final = ("event.timestamp", "timestamp", "@timestamp", "time", "timeUnixNano")
_TRACES: Final = ("trace_id", "traceId")
_BARE: Final = AGENTS[CLAUDE_CODE.rstrip(".")].keys()
"""Names of events that Claude Code sends without its own before them."""


class _State(Struct, frozen=True, gc=False):
    """What is carried from line to line."""

    told: Told
    dates: Dates


def begin() -> Take:
    """Start reading a stream: what it repeats is told once, and what has no time comes after what is before it."""
    return partial(_take, _State(Told(), Dates()))


def recognise(line: bytes) -> bool:
    """Whether a line, perhaps cut at its end, is of this format."""
    top = shape(line) if b'"event.name"' in line else None
    return top is not None and _is_agent(_named(top.texts), top.texts)


def _is_agent(name: str, given: Iterable[str]) -> bool:
    return bool(name) and is_telling(name, LogRecord(attributes=[KeyValue(key) for key in given]))


def _named(given: Mapping[str, object]) -> str:
    name = given.get(_NAME)
    if not isinstance(name, str):
        return ""
    return CLAUDE_CODE + name if name in _BARE else name


def _take(state: _State, data: bytes, pointer: Pointer) -> list[Seen] | None:
    if b'"event.name"' not in data:
        return None
    given, fault = decode_object(data)
    if given is None:
        return [Rejected(pointer, fault)] if fault else None
    name = _named(given)
    if not _is_agent(name, given):
        return None
    record = LogRecord(attributes=[KeyValue(key, _any_value(value)) for key, value in given.items()])
    record.trace_id = next((value for key in _TRACES if isinstance(value := given.get(key), str)), None)
    known_at = first_moment(*(given.get(key) for key in _TIMES))
    context = Context(None, pointer, "", state.dates.at(known_at), state.told, dict)
    # The place of an attribute in a request is none in a set: the whole line stands for it.
    found = [
        replace(fact, at="") if isinstance(fact, Call | Result | Turn) else fact
        for fact in facts_of_record(name, record, context)
    ]
    return [*found, Rejected(pointer, fault)] if fault else [*found]


def _any_value(value: object) -> AnyValue:
    """Wrap a plain value as OTLP does."""
    if isinstance(value, str):
        return AnyValue(string_value=value)
    if isinstance(value, bool):
        return AnyValue(bool_value=value)
    if isinstance(value, int):
        return AnyValue(int_value=value)
    if isinstance(value, float):
        return AnyValue(double_value=value)
    wrapped = _wrapped(value, MAX_DEPTH)
    return AnyValue(array_value=wrapped.get("arrayValue"), kvlist_value=wrapped.get("kvlistValue"))


def _wrapped(value: object, depth: int) -> dict[str, object]:
    if depth == 0:
        return {}
    if isinstance(value, list):
        return {"arrayValue": {"values": [_wrapped(item, depth - 1) for item in value]}}
    if isinstance(value, dict):
        pairs = [{"key": key, "value": _wrapped(item, depth - 1)} for key, item in value.items()]
        return {"kvlistValue": {"values": pairs}}
    return {"stringValue": value}


READER: Final = line_reader(
    recognise=recognise,
    begin=begin,
    name="otel-attributes",
    title="attributes of OpenTelemetry events, one set a line",
    cannot_know=(
        "When anything happened, where a set bears no time: then only the order is known.",
        "What the sender was, and which instrumentation: both stand outside the attributes.",
        "Which calls are the same as in another file, where the events give no call id, as Gemini CLI's.",
    ),
    about=(
        "What pipelines leave of log records that keep only the attributes: an object a line, with `event.name` and"
        " names with points in them at its top. They are read as OTLP's log records are."
    ),
    notes=(("Time", "`event.timestamp`, else `timestamp`, `@timestamp`, `time`, `timeUnixNano`."),),
)
