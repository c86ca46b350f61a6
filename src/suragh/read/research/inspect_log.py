"""Inspect: logs of evaluations of models and agents, whole, or a sample alone as an archive of a log holds it.

Source: logs of Inspect 0.3.285 (log version 2). In an `.eval` archive each sample is a document of its own, beside
the log's header and summaries of the samples.
"""

from collections.abc import Iterator
from typing import Final

import msgspec
from msgspec import UNSET, Struct
from msgspec.structs import replace

from suragh.model.fact import Fact, Leaf, Pointer, Turn
from suragh.read.acts import nameless
from suragh.read.chat_messages import (
    Asked,
    Course,
    Message,
    Returned,
    Talk,
    ToolCall,
    add_call,
    add_result,
    block_texts,
    said,
)
from suragh.read.documents import document_reader, side_reader
from suragh.read.identity import turn_id
from suragh.read.leaves import as_json, leaves, leaves_of_json
from suragh.read.lenient import moment, parsed
from suragh.read.lists import first_of, is_list
from suragh.read.probe import shape
from suragh.read.reader import Seen, Take
from suragh.read.records import structured
from suragh.read.told import Told
from suragh.read.undated import Dates

MAX_SPANS: Final = 64
"""Spans above one another that are looked at; agents of agents nest a few deep."""

_ATTACHED: Final = "attachment://"
"""How a text begins that stands for one of the sample's attachments."""

_PERSONS: Final = frozenset({"input", "operator"})
"""Sources of messages that a person wrote; what a solver puts in has none."""


class _Message(Message, gc=False):
    source: str | None = None


class _Choice(Struct, gc=False):
    message: _Message | None = None


class _Output(Struct, gc=False):
    choices: list[_Choice] | None = None


class _Event(Struct):
    event: str | None = None
    timestamp: str | None = None
    completed: str | None = None
    span_id: str | None = None
    id: str | None = None
    parent_id: str | None = None
    type: str | None = None
    name: str | None = None
    uuid: str | None = None
    input: list[_Message] | str | dict[str, object] | None = None
    input_refs: list[tuple[int, int]] | None = None
    output: _Output | str | None = None
    function: str | None = None
    arguments: object = None
    result: object = UNSET
    error: object = None
    pending: bool | None = None
    events: list["_Event"] | None = None


class _Pool(Struct, gc=False):
    messages: list[_Message] | None = None


class _Sample(Struct, gc=False):
    id: str | int | None = None
    epoch: int | None = None
    input: object = None
    uuid: str | None = None
    started_at: str | None = None
    completed_at: str | None = None
    messages: list[_Message] | None = None
    events: list[_Event] | None = None
    attachments: dict[str, str] | None = None
    events_data: _Pool | None = None


class _Eval(Struct, gc=False):
    created: str | None = None


class _Stats(Struct, gc=False):
    completed_at: str | None = None


class _Log(_Sample, gc=False):
    """A log, or the sample that an archive of a log holds in a document of its own."""

    eval: _Eval | None = None
    stats: _Stats | None = None
    samples: list[_Sample] | None = None


class _Span(Struct, frozen=True):
    parent: str
    kind: str
    name: str


_DECODER: Final = msgspec.json.Decoder(_Log)


def begin() -> Take:
    """Start reading a document."""
    return structured(_DECODER, _facts)


def recognise(head: bytes) -> bool:
    """Whether a document, perhaps cut at its end, is a log or a sample."""
    top = shape(head) if b'"eval"' in head or b'"epoch"' in head else None
    if top is None:
        return False
    keys = top.texts.keys()
    if {"version", "eval"} <= keys:
        return {"task", "created"} <= top.inner or "plan" in keys
    return {"id", "epoch", "input", "target"} <= keys


def _facts(log: _Log, pointer: Pointer) -> list[Seen] | None:
    if log.eval is not None:
        ended = moment(log.stats.completed_at if log.stats is not None else None) or moment(log.eval.created)
        samples = enumerate(log.samples or ())
        return [fact for number, one in samples for fact in _Reading(one, pointer).facts(f"/samples/{number}", ended)]
    if log.epoch is None or (log.messages is None and log.events is None):
        return None
    return list(_Reading(log, pointer).facts("", None))


class _Reading:
    """What a sample has told so far, and when, and by which agents."""

    def __init__(self, sample: _Sample, pointer: Pointer) -> None:
        self._sample = sample
        self._pointer = pointer
        self._session = sample.uuid or _name(sample)
        self._attached = sample.attachments or {}
        self._pool = (sample.events_data.messages if sample.events_data is not None else None) or []
        self._told = Told()
        self._dates = Dates()
        self._spans: dict[str, _Span] = {}
        self._answers = Course()
        self._tools = Course()
        self._shared = Course()
        self._read: set[int] = set()

    def facts(self, at: str, ended: int | None) -> Iterator[Fact]:
        """Yield what the events show, in their order, and then what only the messages do."""
        since = moment(self._sample.started_at)
        waiting = [(event, f"{at}/events/{n}", "") for n, event in enumerate(self._sample.events or ())][::-1]
        while waiting:
            event, place, outer = waiting.pop()
            actor = self._actor(event.span_id or "") or outer
            yield from self._event(event, place, actor, since)
            inner = [(one, f"{place}/events/{n}", _inside(event, actor)) for n, one in enumerate(event.events or ())]
            waiting += inner[::-1]
        known_at = self._dates.at(moment(self._sample.completed_at) or ended, since)
        course = Course()
        for number, message in enumerate(self._sample.messages or ()):
            yield from self._message(message, self._talk("", known_at), (f"{at}/messages/{number}", course))

    def _event(self, event: _Event, at: str, actor: str, since: int | None) -> Iterator[Fact]:
        known_at = self._dates.at(moment(event.timestamp), since)
        talk = self._talk(actor, known_at)
        if event.event == "span_begin":
            self._spans[event.id or ""] = _Span(event.parent_id or "", event.type or "", event.name or "")
        elif event.event == "model":
            yield from self._model(event, talk, at)
        elif event.event == "tool":
            yield from self._tool(event, talk, at)
        elif event.event == "input" and isinstance(event.input, str):
            yield from self._turn((event.uuid or "", event.input), talk, f"{at}/input", human=True)

    def _talk(self, actor: str, known_at: int) -> Talk:
        return Talk(self._session, actor, known_at, self._pointer, self._told)

    def _model(self, event: _Event, talk: Talk, at: str) -> Iterator[Fact]:
        course = Course()
        for number, message in enumerate(event.input if isinstance(event.input, list) else ()):
            yield from self._message(message, talk, (f"{at}/input/{number}", course))
        # Of the messages that events share, each is read once, when the first event has it.
        shared = at.partition("/events/")[0] + "/events_data/messages"
        for first, end in event.input_refs or ():
            for number in range(max(first, 0), min(end, len(self._pool))):
                if number not in self._read:
                    self._read.add(number)
                    yield from self._message(self._pool[number], talk, (f"{shared}/{number}", self._shared))
        if isinstance(event.output, _Output):
            answered = replace(talk, known_at=max(talk.known_at, moment(event.completed) or talk.known_at))
            for number, choice in enumerate(event.output.choices or ()):
                if choice.message is not None:
                    place = f"{at}/output/choices/{number}/message"
                    yield from self._message(choice.message, answered, (place, self._answers))

    def _tool(self, event: _Event, talk: Talk, at: str) -> Iterator[Fact]:
        found: list[Fact] = []
        call_id = event.id or ""
        add_call(found, Asked(self._tools.call(call_id), event.function or "", self._given(event.arguments)), talk, at)
        if call_id and event.result is not UNSET and not event.pending:
            ended = replace(talk, known_at=max(talk.known_at, moment(event.completed) or talk.known_at))
            texts = self._whole(block_texts(event.result)) + (leaves({"error": event.error}) if event.error else ())
            add_result(
                found, Returned(self._tools.result(call_id), texts, event.error is not None), ended, f"{at}/result"
            )
        yield from found

    def _message(self, message: _Message, talk: Talk, place: tuple[str, Course]) -> Iterator[Fact]:
        found: list[Fact] = []
        at, course = place
        if message.role == "assistant":
            for number, call in enumerate(message.tool_calls or ()):
                add_call(found, self._asked(call, course), talk, f"{at}/tool_calls/{number}")
            self._provided(found, message, talk, place)
        elif message.role == "tool" and message.tool_call_id:
            texts = self._whole(block_texts(message.content))
            texts += leaves({"error": message.error}) if message.error is not UNSET else ()
            failed = None if message.error is UNSET else message.error is not None
            add_result(found, Returned(course.result(message.tool_call_id), texts, failed), talk, at)
        elif message.role == "user":
            found += self._turn((message.id or "", said(message)), talk, at, human=message.source in _PERSONS)
        yield from found

    def _provided(self, found: list[Fact], message: _Message, talk: Talk, place: tuple[str, Course]) -> None:
        """Add the calls that the provider of the model ran itself, each with its result."""
        at, course = place
        for number, part in enumerate(message.content if isinstance(message.content, list) else ()):
            if part.type == "tool_use":
                call_id, where = course.call(part.id or ""), f"{at}/content/{number}"
                given = leaves_of_json(part.arguments) if isinstance(part.arguments, str) else leaves(part.arguments)
                add_call(found, Asked(call_id, part.name or "", self._whole(given)), talk, where)
                if call_id and part.result is not None:
                    add_result(found, Returned(call_id, self._whole(block_texts(part.result))), talk, f"{where}/result")

    def _asked(self, call: ToolCall, course: Course) -> Asked:
        function = call.function if isinstance(call.function, str) else ""
        return Asked(course.call(call.id or ""), function, self._given(call.arguments))

    def _turn(self, given: tuple[str, str], talk: Talk, at: str, *, human: bool) -> Iterator[Turn]:
        own, text = given[0], self._text(given[1])
        turn = turn_id(self._session, own, text)
        if text and self._told.is_news((self._session, turn), talk.known_at):
            yield talk.turn(turn, text, at, human=human)

    def _given(self, arguments: object) -> tuple[Leaf, ...]:
        return self._whole(leaves(arguments))

    def _whole(self, texts: tuple[Leaf, ...]) -> tuple[Leaf, ...]:
        return tuple(Leaf(leaf.path, self._text(leaf.text)) for leaf in texts) if self._attached else texts

    def _text(self, text: str) -> str:
        return self._attached.get(text.removeprefix(_ATTACHED), text) if text.startswith(_ATTACHED) else text

    def _actor(self, span: str) -> str:
        """Give the agent that a span is of, if a tool of another agent started it; empty for the main agent."""
        name = ""
        for _ in range(MAX_SPANS):
            known = self._spans.get(span)
            if known is None:
                return ""
            if known.kind == "agent":
                name = name or known.name
            elif known.kind == "tool" and name:
                return name
            span = known.parent
        return ""


def _name(sample: _Sample) -> str:
    began = sample.started_at or next((event.timestamp for event in sample.events or ()), None)
    return nameless("inspect", str(sample.id), str(sample.epoch), began or "", as_json(sample.input))


def _inside(event: _Event, actor: str) -> str:
    """Give the agent of the events inside an event, as logs before spans have them."""
    return {"tool": event.function, "subtask": event.name}.get(event.event or "") or actor


def _sniff_side(head: bytes) -> bool:
    top = shape(first_of(head)) if is_list(head) else None
    return top is not None and any(top.texts.keys() >= keys for keys in _SIDES)


def _is_side(data: bytes) -> bool:
    """Whether it only repeats the samples in short."""
    given = parsed(data)
    parts = given if isinstance(given, list) else [None]
    return all(isinstance(part, dict) and not part.keys() & {"messages", "events"} for part in parts)


_SIDES: Final = (frozenset({"id", "epoch", "input", "target"}), frozenset({"scorer", "samples"}))
"""The first keys of summaries of samples, and of scores reduced over epochs."""

CANNOT_KNOW: Final = (
    "The account: logs name none; hand in a table of sessions and accounts.",
    (
        "When anything was said, in samples without events: all their messages are known when the sample ends, in "
        "their order."
    ),
    "Which agent called, in logs before spans, but for what stands inside a tool's or subtask's event.",
    "What commands a tool ran inside its sandbox: the tool's own call and result are read.",
)

NOTES: Final = (
    (
        "Calls",
        (
            "events `tool`, at their start; tool calls in the answers and messages of events `model`, in messages "
            "that these refer to (`input_refs`), and in `messages`. All bear the same id and count once."
        ),
    ),
    (
        "Results",
        "the same events, at their end; messages of tools. Texts that were moved to `attachments` are put back.",
    ),
    ("Failed", "`error`."),
    ("Session", "a sample, by its `uuid`; in old logs by its id, epoch, start and input."),
    ("Sub-agents", "agents that a tool started, by the name of their span."),
    (
        "Human turns",
        (
            "messages of the user whose `source` is `input` or `operator`, and events `input`; what a solver puts in "
            "is a turn, but no human one."
        ),
    ),
)

READER: Final = document_reader(
    recognise=recognise,
    begin=begin,
    name="inspect",
    title="Inspect log",
    cannot_know=CANNOT_KNOW,
    about=(
        "A log as `.json`, or the documents of an `.eval` archive: each sample is read, the header holds nothing more."
    ),
    notes=NOTES,
)

SIDE_READER: Final = side_reader(
    _sniff_side,
    _is_side,
    name="inspect-summary",
    title="summary of an Inspect log",
    cannot_know=("Anything: the samples beside it hold all of it.",),
    about=(
        "`summaries.json`, `reductions.json` and the journal of an `.eval` archive: known by their content, and "
        "holding nothing more."
    ),
)
