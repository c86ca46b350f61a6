"""Agent hooks: what coding agents tell a program that is asked before and after each tool call.

The agents write no such log; whoever answers hooks does, one body a line, bare or under a key beside the answer.
Source: bodies of Claude Code 2.1.330 and Codex 0.169.0.
"""

from collections.abc import Iterator
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct

from suragh.model.fact import Call, Leaf, Pointer
from suragh.model.ids import digest
from suragh.read.acts import Origin, answered
from suragh.read.agents.claude_code import INJECTED
from suragh.read.identity import turn_id, turn_of_prompt
from suragh.read.leaves import leaves, leaves_of_json
from suragh.read.lenient import convert, first_moment, moment
from suragh.read.probe import shape
from suragh.read.reader import Seen, Take, line_reader
from suragh.read.records import structured
from suragh.read.told import Told
from suragh.read.undated import Dates

MAX_OPEN: Final = 1 << 12
"""Calls without an id that wait for their result; agents run some ten at a time."""

_BEFORE: Final = frozenset({"pretooluse", "beforetool"})
_AFTER: Final = frozenset({"posttooluse", "posttoolusefailure", "aftertool"})
_SAID: Final = frozenset({"userpromptsubmit", "beforeagent"})
_FAILURE: Final = "posttoolusefailure"
_DENIED: Final = "deny"
_TIMED: Final = 7
"""The version of UUIDs that begin with milliseconds since 1970 (RFC 9562, section 5.7)."""

_TIME_BITS: Final = 80
"""Bits of such a UUID below its time."""


class _Body(Struct, gc=False):
    hook_event_name: str | None = None
    session_id: str | None = None
    turn_id: str | None = None
    prompt_id: str | None = None
    agent_id: str | None = None
    timestamp: object = None
    prompt: str | None = None
    tool_name: str | None = None
    tool_input: object = None
    tool_use_id: str | None = None
    tool_response: object = None
    error: object = None


class _Decision(Struct, gc=False, rename="camel"):
    permission_decision: str | None = None


class _Answer(Struct, gc=False, rename="camel"):
    hook_specific_output: _Decision | None = None


class _Line(_Body, gc=False):
    """A body, or what wraps one: a pair of question and answer, and when it was asked."""

    hook_http_request: object = None
    hook_http_response: object = None
    input: object = None
    output: object = None
    request: object = None
    response: object = None
    body: object = None
    time: object = None
    received_at: object = None


_DECODER: Final = msgspec.json.Decoder(_Line)
_QUESTIONS: Final = ("hook_http_request", "input", "request", "body")
_ANSWERS: Final = ("hook_http_response", "output", "response")


def begin() -> Take:
    """Start reading a stream."""
    return structured(_DECODER, _Hooks().take)


def recognise(line: bytes) -> bool:
    """Whether a line, perhaps cut at its end, is of this format."""
    top = shape(line) if b'"hook_event_name"' in line else None
    return top is not None and ("hook_event_name" in top.texts or "hook_event_name" in top.inner)


class _Hooks:
    """Where in a log the reading stands.

    Attributes:
        dates: times of the lines; many logs have none.
        turn: the turn that the last line was of.
        told: calls that were told.
        open: ids that calls without one were given, by what they are.
        count: calls without an id.
    """

    def __init__(self) -> None:
        self.dates = Dates()
        self.turn = ""
        self.told = Told()
        self.open: dict[int, str] = {}
        self.count = 0

    def take(self, line: _Line, pointer: Pointer) -> Iterator[Seen] | None:
        """Read one line."""
        body, at = _question(line)
        if body is None or body.hook_event_name is None or body.session_id is None:
            return None
        known_at = self.dates.at(self._known(line, body))
        return self._facts(line, body, Origin(body.session_id, body.agent_id or "", known_at, pointer), at)

    def _known(self, line: _Line, body: _Body) -> int | None:
        """Give the time that a line has, or else that of its turn, where the turn is another than before."""
        given = (line.time, line.received_at, line.timestamp, body.timestamp)
        known = first_moment(*given)
        turn = body.turn_id or ""
        if known is None and turn != self.turn:
            known = _began(turn)
        self.turn = turn
        return known

    def _facts(self, line: _Line, body: _Body, origin: Origin, at: str) -> Iterator[Seen]:
        kind = (body.hook_event_name or "").lower()
        if kind in _BEFORE or kind in _AFTER:
            given = body.tool_input
            arguments = leaves_of_json(given) if isinstance(given, str) else leaves(given)
            call = origin.call(self._id(body, arguments, kind), body.tool_name, arguments, f"{at}/tool_input")
            if self.told.is_news((call.session, call.action), call.known_at):
                yield call
            yield from _outcome(line, body, call, at)
        elif kind in _SAID and body.prompt and not body.prompt.startswith(INJECTED):
            session, prompt = origin.session, body.prompt_id
            turn = turn_of_prompt(session, prompt) if prompt else turn_id(session, "", body.prompt)
            yield origin.turn(turn, body.prompt, f"{at}/prompt", human=not origin.actor)

    def _id(self, body: _Body, arguments: tuple[Leaf, ...], kind: str) -> str:
        """Give the id of a call, or one by which the two lines of a call without one find each other."""
        if body.tool_use_id:
            return body.tool_use_id
        texts = (part for leaf in arguments for part in (leaf.path, leaf.text))
        key = digest("open call", body.session_id or "", body.tool_name or "", *texts)
        waiting = self.open.pop(key, "") if kind in _AFTER else ""
        if waiting:
            return waiting
        self.count += 1
        if kind in _BEFORE:
            if len(self.open) >= MAX_OPEN:
                self.open.clear()
            self.open[key] = f"hook-{self.count}"
        return f"hook-{self.count}"


def _question(line: _Line) -> tuple[_Body | None, str]:
    """Give the body of a line, and its JSON Pointer in it."""
    if line.hook_event_name is not None:
        return line, ""
    for name in _QUESTIONS:
        body = convert(getattr(line, name), _Body)
        if body is not None and body.hook_event_name is not None:
            return body, f"/{name}"
    return None, ""


def _outcome(line: _Line, body: _Body, call: Call, at: str) -> Iterator[Seen]:
    """Give the result of a call, if the line says it: what the tool returned, or that it may not run."""
    kind = (body.hook_event_name or "").lower()
    if kind in _AFTER:
        name = "error" if body.tool_response is None and body.error is not None else "tool_response"
        failed = True if kind == _FAILURE else None
        yield answered(call, leaves(getattr(body, name)), f"{at}/{name}", call.known_at, failed=failed)
        return
    for name in _ANSWERS:
        answer = convert(getattr(line, name), _Answer)
        decision = answer.hook_specific_output if answer is not None else None
        if decision is not None and decision.permission_decision == _DENIED:
            yield answered(call, (), f"/{name}", call.known_at, failed=True)


def _began(turn: str) -> int | None:
    """Read when a turn began off its id, where that is an UUID with a time in it."""
    try:
        own = UUID(turn)
    except ValueError:
        return None
    return moment(own.int >> _TIME_BITS) if own.version == _TIMED else None


CANNOT_KNOW: Final = (
    "The account: hooks are told none; hand in a table of sessions and accounts.",
    (
        "The time, unless the log has one beside the body: else that in the id of a turn (Codex), else only the order "
        "is known."
    ),
    "Whether a call failed, where its result does not come as a failure.",
)

NOTES: Final = (
    ("Calls", "`PreToolUse` and `PostToolUse`, by `tool_use_id`; without one, by tool and arguments."),
    ("Results", "`tool_response` of `PostToolUse`, else the `error` of `PostToolUseFailure`."),
    ("Failed", "`PostToolUseFailure`, and an answer that denies the call."),
    ("Time", "`time`, `received_at` or `timestamp` of the line or of the body."),
    ("Session", "`session_id`."),
    ("Sub-agents", "`agent_id`."),
    (
        "Human turns",
        "`UserPromptSubmit` of the main agent, unless its text begins as one that Claude Code puts in.",
    ),
)

READER: Final = line_reader(
    recognise=recognise,
    begin=begin,
    name="agent-hooks",
    title="log of agent hooks",
    cannot_know=CANNOT_KNOW,
    about=(
        "What Claude Code, Codex and agents with the same hooks ask before and after each call, as a program that "
        "answers them may keep it: a body a line, bare or in `hook_http_request`, `input`, `request` or `body`."
    ),
    notes=NOTES,
)
