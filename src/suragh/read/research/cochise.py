"""cochise: runs of a program that attacks a laboratory network with language models, one event a line.

Source: logs of runs from January 2025 to May 2026.
"""

import re
from collections.abc import Iterable
from typing import Final

import msgspec
from msgspec import Struct

from suragh.model.fact import Fact, Pointer, Rejected, Turn
from suragh.read.acts import nameless
from suragh.read.chat_messages import (
    Asked,
    Course,
    Message,
    Returned,
    Talk,
    ToolCall,
    add_call,
    add_message,
    add_result,
)
from suragh.read.identity import turn_id
from suragh.read.leaves import leaves
from suragh.read.lenient import moment
from suragh.read.probe import shape
from suragh.read.reader import Seen, Take, line_reader
from suragh.read.records import structured
from suragh.read.told import Told

MAX_PENDING: Final = 1 << 10
"""Commands of an old log that wait for their end; an executor gives a handful at a time."""

_KEYS: Final = frozenset({"event", "level", "timestamp"})
"""What each event has, as it has in the log of any program that uses the same logging library."""

_STARTS: Final = frozenset({"starting testrun", "starting test-run"})
_EVENTS: Final = _STARTS | {"strategy_update", "strategy_next_task", "executor_next_cmds", "executor_cmd"}
_ACTS: Final = (
    frozenset({"tool_name", "params"}),
    frozenset({"tool_name", "result"}),
    frozenset({"source", "content"}),
)
_OBJECTIVE: Final = re.compile(r"objective by the user:\s*```\n(.*?)\n```", re.DOTALL)
"""Where old logs have what the person asked for: inside the prompt of the planner."""

_NEXT_TASK: Final = "strategy_next_task"
_TASK: Final = "Starting task: "
_MAIN: Final = "main"


class _Answer(Struct, gc=False):
    """What a model answered: calls, or the next task."""

    tool_calls: list[ToolCall] | None = None
    next_step: str | None = None


class _Event(Struct, gc=False):
    event: str | None = None
    level: str | None = None
    timestamp: str | None = None
    agent: str | None = None
    tool_name: str | None = None
    tool_call_id: str | None = None
    odd_call_id: str | None = msgspec.field(default=None, name="tooL_call_id")
    params: object = None
    result: _Answer | str | list[object] | None = None
    content: Message | str | None = None
    scenario: str | None = None
    prompt: str | None = None
    cmd: str | None = None
    exit_code: str | int | None = None


_DECODER: Final = msgspec.json.Decoder(_Event)


def begin() -> Take:
    """Start reading a stream: its first event names the run."""
    return structured(_DECODER, _Run().facts)


def recognise(line: bytes) -> bool:
    """Whether a line, perhaps cut at its end, is of this format."""
    if b'"event"' not in line:
        return False
    top = shape(line)
    if top is None:
        return False
    keys = top.texts.keys()
    # What is cut has its kind at the end, behind the texts: it is told by the keys before them.
    return top.texts.get("event") in _EVENTS or (keys >= _KEYS and any(keys >= act for act in _ACTS))


class _Run:
    """Where in a run the reading stands.

    Attributes:
        session: the run; empty before its first event.
        executor: in old logs, the executor that works now, counted from 1.
        pending: in old logs, the calls that have not ended, by their command.
    """

    def __init__(self) -> None:
        self.session = ""
        self.executor = 0
        self.pending: dict[str, list[str]] = {}
        self._told = Told()

    def facts(self, event: _Event, pointer: Pointer) -> list[Seen] | None:
        """Give what an event shows."""
        name = event.event
        if name is None or event.level is None or not (self.session or name in _EVENTS or _is_act(event)):
            return None
        known_at = moment(event.timestamp)
        if known_at is None:
            return [Rejected(pointer, "timestamp is missing or no time, expected RFC 3339")]
        if name in _STARTS or not self.session:
            self.session = nameless("cochise", event.timestamp or "", name)
            self.executor, self.pending = 0, {}
        if name == _NEXT_TASK:
            self.executor += 1
        return list(self._shown(event, known_at, pointer))

    def _shown(self, event: _Event, known_at: int, pointer: Pointer) -> Iterable[Fact]:
        found: list[Fact] = []
        talk = Talk(self.session, self._actor(event), known_at, pointer, self._told)
        if isinstance(event.content, Message) and event.content.role in ("assistant", "tool"):
            add_message(found, event.content, talk, ("/content", Course()))
        elif isinstance(event.result, _Answer):
            self._answered(found, event.result, talk)
        elif event.cmd is not None:
            self._ended(found, event, talk)
        elif event.tool_name is not None:
            _tool(found, event, talk)
        turn = _turn(event, talk)
        if turn is not None and self._told.is_news((turn.session, turn.turn), known_at):
            found.append(turn)
        return found

    def _actor(self, event: _Event) -> str:
        if event.agent is not None:
            return "" if event.agent == _MAIN else event.agent
        is_executors = event.cmd is not None or (event.event or "").startswith("executor") or event.event == _NEXT_TASK
        return f"executor-{self.executor}" if is_executors and self.executor else ""

    def _answered(self, found: list[Fact], result: _Answer, talk: Talk) -> None:
        for number, call in enumerate(result.tool_calls or ()):
            add_call(found, Asked(call.id or "", call.name or "", call.args), talk, f"/result/tool_calls/{number}")
            if len(self.pending) >= MAX_PENDING:
                self.pending.clear()
            for leaf in leaves(call.args):
                self.pending.setdefault(leaf.text, []).append(call.id or "")

    def _ended(self, found: list[Fact], event: _Event, talk: Talk) -> None:
        """Add the result of a command, which an old log names only by its text."""
        command = event.cmd or ""
        waiting = self.pending.get(command)
        call_id = waiting.pop(0) if waiting else f"{event.timestamp} {command}"
        if not waiting:
            self.pending.pop(command, None)
        add_call(found, Asked(call_id, event.event or "", {"command": command}), talk, "/cmd")
        code = str(event.exit_code)
        failed = code != "0" if code.lstrip("-").isdecimal() else None
        add_result(found, Returned(call_id, event.result, failed), talk, "/result")


def _is_act(event: _Event) -> bool:
    if event.tool_name is not None:
        return event.params is not None or event.result is not None
    return isinstance(event.content, Message) and event.agent is not None


def _tool(found: list[Fact], event: _Event, talk: Talk) -> None:
    call_id = event.tool_call_id or event.odd_call_id or ""
    if event.params is not None:
        add_call(found, Asked(call_id, event.tool_name or "", event.params), talk, "")
    if event.result is not None:
        add_result(found, Returned(call_id, event.result), talk, "/result")


def _turn(event: _Event, talk: Talk) -> Turn | None:
    """Give what a person asked for at the start, or the task that the planner gave."""
    text, at, human = "", "", False
    if event.scenario is not None:
        text, at, human = event.scenario, "/scenario", True
    elif isinstance(event.content, str) and event.content.startswith(_TASK):
        text, at = event.content.removeprefix(_TASK), "/content"
    elif isinstance(event.result, _Answer) and event.result.next_step:
        text, at = event.result.next_step, "/result/next_step"
    elif event.prompt is not None and (objective := _OBJECTIVE.search(event.prompt)) is not None:
        text, at, human = objective[1], "/prompt", True
    if not text:
        return None
    return talk.turn(turn_id(talk.session, "", text), text, at, human=human)


CANNOT_KNOW: Final = (
    "The account: runs name none; hand in a table of sessions and accounts.",
    "Whether a call failed, where no exit code was logged: the program hardly ever knew it.",
    "Of old runs (2025), which command a result belongs to where two that ran at once had the same text.",
)

NOTES: Final = (
    ("Calls", "events `tool_call`, and tool calls in `history_append`; of old runs those in `executor_next_cmds`."),
    (
        "Results",
        (
            "events `tool_result`, and messages of tools in `history_append`; of old runs `executor_cmd`, joined by "
            "the text of the command."
        ),
    ),
    ("Failed", "`exit_code`, where it is a number."),
    ("Session", "a run, named after its first event."),
    ("Sub-agents", "`agent`, unless it is `main`; of old runs the executors, counted."),
    (
        "Human turns",
        (
            "`scenario`; of old runs the objective inside the planner's prompt. The tasks of executors are turns, but "
            "no human ones."
        ),
    ),
)

READER: Final = line_reader(
    name="cochise",
    title="cochise run",
    recognise=recognise,
    begin=begin,
    cannot_know=CANNOT_KNOW,
    about="Events of a run, one a line, new (2026) and old (2025).",
    notes=NOTES,
)
