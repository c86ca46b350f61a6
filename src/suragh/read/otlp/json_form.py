"""OTLP traces and logs in JSON: one export request a line, as collectors write them, or one request a file."""

from functools import cache, partial
from typing import Final

import msgspec

from suragh.model.fact import Pointer
from suragh.read.documents import document_reader
from suragh.read.otlp.requests import Record, facts_of_logs, facts_of_spans, sessions_of
from suragh.read.otlp.wire import Request
from suragh.read.probe import shape
from suragh.read.reader import Seen, Take, line_reader
from suragh.read.records import structured
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
    "The same message said twice, where a span or an event holds only the newest message and not the history.",
    "Arguments, results and messages, where the sender does not capture content: it is off by default.",
    "When a call was made, from a span alone: it is sent when it ends, so call and result become known together.",
    "Which agent of a session is the main one: what is said to an agent not named as a sub-agent counts as a person's.",
    "The session, where no attribute names one: then a trace, or a connection to an MCP server, is a session.",
    "Whether a call failed, where the span's status is unset and neither an error nor `success` is given.",
    "Which call a tool's span carries out, where it has no call id: it counts beside the one that a model asked for.",
    "What a tool returned, from the events of Claude Code and of Gemini CLI, which leave it out.",
    "A call that a hook stopped, from Codex's events: none is sent.",
)

NOTES: Final = (
    (
        "Calls and results",
        (
            "spans and log records with `gen_ai.operation.name` = `execute_tool`, `mcp.method.name` = `tools/call`,"
            " `openinference.span.kind` = `TOOL` or `traceloop.span.kind` = `tool`. Arguments and result are JSON in a"
            " text, or lists and maps. Chat spans add the calls and the tools' answers of their messages; where these"
            " have a span of their own, the call id makes them one action. A call without an id takes that of its span,"
            " and one to an MCP server that of its request, which client and server both name."
        ),
    ),
    (
        "Messages",
        (
            "`gen_ai.input.messages`, `gen_ai.output.messages`, in attributes or in the event"
            " `gen_ai.client.inference.operation.details`; and the older ways: events `gen_ai.user.message`,"
            " `gen_ai.assistant.message`, `gen_ai.tool.message`, `gen_ai.choice`, `gen_ai.content.prompt`,"
            " `gen_ai.content.completion`, of spans or as log records; attributes `gen_ai.prompt` and"
            " `gen_ai.completion`, whole or numbered; OpenInference's `llm.input_messages` and `llm.output_messages`."
        ),
    ),
    (
        "Coding agents",
        (
            "Claude Code's spans, and its events `user_prompt`, `tool_decision` and `tool_result`: a decision shows a"
            " call before it runs, and is all that is sent of a refused one. Codex's `codex.user_prompt`,"
            " `codex.tool_decision` where it refuses, `codex.tool_result`. Gemini CLI's `gemini_cli.user_prompt` and"
            " `gemini_cli.tool_call`."
        ),
    ),
    (
        "Failed",
        (
            "the span's status is an error, `error.type` or `rpc.response.status_code` is there, `success` is false,"
            " or the call was refused; for Codex also the exit status before the tool's output."
        ),
    ),
    (
        "Session",
        (
            "`gen_ai.conversation.id`, else `session.id`, `conversation.id`, one of Traceloop's"
            " `traceloop.association.properties` (`session_id`, `conversation_id`, `thread_id`, `chat_id`), else what"
            " others of the same trace in the same request say, else `mcp.session.id`, else the trace. In Claude"
            " Code's own spans `session.id` is the session, and a `gen_ai.conversation.id` that differs from it is the"
            " sub-agent."
        ),
    ),
    (
        "Sub-agents",
        (
            "`gen_ai.agent.name`, else `gen_ai.agent.id`, `agent.name`, `agent_name`, `agent_id`, unless it is a name"
            " of a main agent (`main`, `root`)."
        ),
    ),
    (
        "Account",
        (
            "the first of `enduser.id`, `user.account_uuid`, `user.account_id`, `user.id`, `user.email`,"
            " `enduser.pseudo.id`, `gen_ai.user`, `llm.user`, `traceloop.association.properties.user_id`,"
            " `installation.id`, of the span or log record or of the resource."
        ),
    ),
    (
        "Human turns",
        (
            "messages in the role of the user to an agent that is not named as a sub-agent (`sub…`); a message that"
            " later spans repeat is one turn. The prompts of coding agents, unless they begin as what the client puts"
            " in; one whose text was not sent counts all the same."
        ),
    ),
    (
        "Time",
        (
            "a span's end; a log record's `timeUnixNano`, else `observedTimeUnixNano`, else the attribute"
            " `event.timestamp`."
        ),
    ),
    ("Passed over", "metrics are recognised, counted as records, and hold nothing for Suragh."),
)

READER: Final = line_reader(
    name="otlp-json",
    title="OTLP traces and logs in JSON, one request a line",
    recognise=recognise,
    begin=begin,
    cannot_know=CANNOT_KNOW,
    about="What OpenTelemetry collectors' file exporters write: an export request of traces, logs or metrics a line.",
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
