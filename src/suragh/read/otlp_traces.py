"""OTLP traces in JSON: one export request a line, as collectors write them, or one request a file."""

from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Final

import msgspec
from msgspec import Struct

from suragh.model.fact import Pointer, Rejected
from suragh.model.instant import DUSK
from suragh.read.framing import MAX_DOCUMENT, document
from suragh.read.lenient import decode, moment
from suragh.read.otlp_spans import RESOURCE_KEYS, SpanContext, facts_of_span, session_of
from suragh.read.otlp_wire import Attributes, Request, ResourceSpans, Span, attributes
from suragh.read.probe import shape
from suragh.read.reader import Member, Reader, Seen, Take, line_reader
from suragh.read.told import Told

_NO_TIME: Final = "span's endTimeUnixNano is missing or no time, expected nanoseconds since 1970"
_NANOSECOND_DIGITS: Final = 19
"""Digits of nanoseconds since 1970, from 2001 to the last that 64 bits hold."""

_LAST: Final = str(DUSK)

_KEYS: Final = frozenset({"resourceSpans", "resourceLogs", "resourceMetrics"})
_DECODER: Final = msgspec.json.Decoder(Request)


def begin() -> Take:
    """Start reading a stream: what it repeats is told once."""
    return partial(_take, Told())


def recognise(line: bytes) -> bool:
    """Whether a line, perhaps cut at its end, is of this format."""
    top = shape(line) if b'"resource' in line else None
    return top is not None and not _KEYS.isdisjoint(top.texts)


def _take(told: Told, data: bytes, pointer: Pointer) -> list[Seen] | None:
    request, fault = decode(data, _DECODER)
    if request is None:
        return [Rejected(pointer, fault)]
    if request.resource_spans is None:
        has_nothing = request.resource_logs is not None or request.resource_metrics is not None
        return [] if has_nothing else None
    found: list[Seen] = []
    groups = request.resource_spans
    sessions = cache(partial(sessions_of, groups))
    for number, group in enumerate(groups):
        found += facts_of_group(group, Record(pointer, f"/resourceSpans/{number}", told, sessions))
    return [*found, Rejected(pointer, fault)] if fault else found


class Record(Struct, frozen=True, gc=False):
    """What the groups of one record have in common.

    Attributes:
        pointer: the record.
        at: JSON Pointer of the group inside it.
        told: what the stream has already told.
        sessions: as in `SpanContext`.
    """

    pointer: Pointer
    at: str
    told: Told
    sessions: Callable[[], dict[str, str]]


def sessions_of(groups: list[ResourceSpans]) -> dict[str, str]:
    """Give the session of each trace of which a span names one."""
    named: dict[str, str] = {}
    for group in groups:
        below = _sent(group)
        for span in (span for scope in group.scope_spans or () for span in scope.spans or ()):
            if span.trace_id and span.trace_id not in named:
                session = session_of(span, below)
                if session:
                    named[span.trace_id] = session
    return named


def _sent(group: ResourceSpans) -> Attributes | None:
    """Give what the spans of a group take from their sender."""
    sent = attributes(group.resource.attributes) if group.resource is not None else {}
    return {key: value for key, value in sent.items() if key in RESOURCE_KEYS} or None


def facts_of_group(group: ResourceSpans, record: Record) -> list[Seen]:
    """Give what the spans of one sender show."""
    pointer, at, below = record.pointer, record.at, _sent(group)
    found: list[Seen] = []
    for number, scope in enumerate(group.scope_spans or ()):
        for place, span in enumerate(scope.spans or ()):
            known_at = _ended(span)
            if known_at is None:
                found.append(Rejected(pointer, _NO_TIME))
                continue
            own_at = f"{at}/scopeSpans/{number}/spans/{place}"
            found += facts_of_span(span, SpanContext(below, pointer, own_at, known_at, record.told, record.sessions))
    return found


def _ended(span: Span) -> int | None:
    ended = span.end_time_unix_nano
    if isinstance(ended, str) and len(ended) == _NANOSECOND_DIGITS and ended < _LAST and ended.isdecimal():
        return int(ended)
    return moment(ended)


def _sniff_document(head: bytes) -> bool:
    # Where the first line is a whole request, the reader of lines has taken it already.
    return recognise(head)


def _read_document(member: Member) -> Iterator[Seen]:
    """Read a request that stands on many lines: the record is the file."""
    data, size = document(member.stream, MAX_DOCUMENT)
    member.tally.records += 1
    pointer = Pointer(member.source, 0, size)
    if size > MAX_DOCUMENT:
        yield Rejected(pointer, f"document is longer than {MAX_DOCUMENT} bytes")
        return
    yield from _take(Told(), data, pointer) or ()


CANNOT_KNOW: Final = (
    "The same message said twice, where a span holds only the newest message and not the history.",
    "Arguments, results and messages, where the sender does not capture content: it is off by default.",
    "When a call was made: a span is sent when it ends, so call and result become known together.",
    "Which agent of a session is the main one: what is said to an agent not named as a sub-agent counts as a person's.",
    "The session, where no attribute names one: then a trace is a session.",
    "Whether a call failed, where the span's status is unset and no error type is given.",
)

NOTES: Final = (
    (
        "Calls and results",
        (
            "spans with `gen_ai.operation.name` = `execute_tool`, or `mcp.method.name` = `tools/call`. Arguments and "
            "result are JSON in a text, or lists and maps. Chat spans add the `tool_call` and `tool_call_response` "
            "parts of their messages; where these have a span of their own, the call id makes them one action. Older "
            "ways are read as well: span events `gen_ai.user.message`, `gen_ai.assistant.message`, "
            "`gen_ai.tool.message`, `gen_ai.choice`; attributes `gen_ai.prompt` and `gen_ai.completion`, whole or "
            "numbered. A call without an id takes that of its span."
        ),
    ),
    ("Failed", "the span's status is an error, or `error.type` is there."),
    (
        "Session",
        (
            "`gen_ai.conversation.id`, else `session.id`, `conversation.id`, else what other spans of the same trace in"
            " the same request say, else the trace. In Claude Code's own spans `session.id` is the session, and a "
            "`gen_ai.conversation.id` that differs from it is the sub-agent."
        ),
    ),
    (
        "Sub-agents",
        "`gen_ai.agent.name`, else `gen_ai.agent.id`, unless it is a name of a main agent (`main`, `root`).",
    ),
    (
        "Account",
        (
            "the first of `enduser.id`, `user.account_uuid`, `user.account_id`, `user.id`, `user.email`, "
            "`enduser.pseudo.id`, `gen_ai.user`, `llm.user`, of the span or of the resource."
        ),
    ),
    (
        "Human turns",
        (
            "messages in the role of the user to an agent that is not named as a sub-agent (`sub…`); a message that "
            "later spans repeat is one turn. Claude Code's `user_prompt`."
        ),
    ),
    ("Passed over", "metrics and logs are recognised, counted as records, and hold nothing for Suragh yet."),
)

READER: Final = line_reader(
    name="otlp-json",
    title="OTLP traces in JSON, one request a line",
    recognise=recognise,
    begin=begin,
    cannot_know=CANNOT_KNOW,
    about="What OpenTelemetry collectors' file exporters write: an `ExportTraceServiceRequest` a line.",
    notes=NOTES,
)

DOCUMENT_READER: Final = Reader(
    name="otlp-json-document",
    title="OTLP traces in JSON, one request a file",
    cannot_know=CANNOT_KNOW,
    about="The same, where the request is spread over many lines. The record is the whole file.",
    sniff=_sniff_document,
    read=_read_document,
)
