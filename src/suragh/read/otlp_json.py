"""OTLP traces and logs in JSON: one export request a line, as collectors write them, or one request a file."""

from functools import cache, partial
from typing import Final

import msgspec

from suragh.model.fact import Pointer
from suragh.read.documents import document_reader, structured
from suragh.read.otlp_requests import Record, facts_of_logs, facts_of_spans, sessions_of
from suragh.read.otlp_wire import Request
from suragh.read.probe import shape
from suragh.read.reader import Seen, Take, line_reader
from suragh.read.told import Told

_KEYS: Final = frozenset({"resourceSpans", "resourceLogs", "resourceMetrics"})
_DECODER: Final = msgspec.json.Decoder(Request)


def begin() -> Take:
    """Start reading a stream: what it repeats is told once."""
    return structured(_DECODER, partial(_facts, Told()))


def recognise(line: bytes) -> bool:
    """Whether a line, perhaps cut at its end, is of this format."""
    top = shape(line) if b'"resource' in line else None
    return top is not None and not _KEYS.isdisjoint(top.texts)


def _facts(told: Told, request: Request, pointer: Pointer) -> list[Seen] | None:
    spans, logs = request.resource_spans, request.resource_logs
    if spans is None and logs is None:
        return None if request.resource_metrics is None else []
    record = Record(pointer, told, cache(partial(sessions_of, spans or (), logs or ())))
    found: list[Seen] = []
    for number, group in enumerate(spans or ()):
        found += facts_of_spans(group, record, f"/resourceSpans/{number}")
    for number, batch in enumerate(logs or ()):
        found += facts_of_logs(batch, record, f"/resourceLogs/{number}")
    return found


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
    title="OTLP traces and logs in JSON, one request a line",
    recognise=recognise,
    begin=begin,
    cannot_know=CANNOT_KNOW,
    about="What OpenTelemetry collectors' file exporters write: an `ExportTraceServiceRequest` a line.",
    notes=NOTES,
)

DOCUMENT_READER: Final = document_reader(
    # Where the first line is a whole request, the reader of lines has taken it already.
    recognise,
    begin,
    name="otlp-json-document",
    title="OTLP traces and logs in JSON, one request a file",
    cannot_know=CANNOT_KNOW,
    about="The same, where the request is spread over many lines. The record is the whole file.",
)
