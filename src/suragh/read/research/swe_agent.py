"""SWE-agent: trajectories of an agent that works on a code base in a shell, one document a task.

Source: trajectories of SWE-agent before and after 1.1.
"""

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec
from msgspec import Struct

from suragh.model.fact import Fact, Pointer
from suragh.read.acts import Origin, nameless
from suragh.read.chat_messages import Asked, Message, Returned, Talk, add_call, add_result, said
from suragh.read.documents import document_reader
from suragh.read.identity import turn_id
from suragh.read.probe import shape
from suragh.read.reader import Seen, Take
from suragh.read.records import structured
from suragh.read.told import Told
from suragh.read.undated import Dates

_TOOL: Final = "shell"
"""The tool of every step: an action is a line for the shell that the agent works in."""


class _Message(Message, gc=False):
    is_demo: bool | None = None


class _Step(Struct, gc=False):
    action: str | None = None
    observation: str | None = None
    response: str | None = None
    query: list[_Message] | None = None
    messages: list[_Message] | None = None


class _Run(Struct, gc=False):
    environment: str | None = None
    trajectory: list[_Step] | None = None
    history: list[_Message] | None = None


_DECODER: Final = msgspec.json.Decoder(_Run)
_STEP: Final = (b'"action"', b'"observation"', b'"thought"')


def begin() -> Take:
    """Start reading a document."""
    return structured(_DECODER, _facts)


def recognise(head: bytes) -> bool:
    """Whether a document, perhaps cut at its end, is of this format."""
    top = shape(head) if b'"trajectory"' in head else None
    return top is not None and "trajectory" in top.texts and all(key in head for key in _STEP)


def _facts(run: _Run, pointer: Pointer) -> list[Seen] | None:
    if run.trajectory is None:
        return None
    task, at = next(_tasks(run), ("", ""))
    first = next((step.response or step.action for step in run.trajectory), "")
    session = nameless("swe-agent", run.environment or "", task, first or "")
    dates, told, found = Dates(), Told(), list[Fact]()
    if task:
        asked = Origin(session, "", dates.at(None), pointer)
        found.append(asked.turn(turn_id(session, "", task), task, at, human=True))
    for number, step in enumerate(run.trajectory):
        place, call_id = f"/trajectory/{number}", str(number)
        if step.action:
            talk = Talk(session, "", dates.at(None), pointer, told)
            add_call(found, Asked(call_id, _TOOL, {"command": step.action}), talk, f"{place}/action")
        if step.action and step.observation is not None:
            talk = Talk(session, "", dates.at(None), pointer, told)
            add_result(found, Returned(call_id, step.observation), talk, f"{place}/observation")
    return [*found]


def _tasks(run: _Run) -> Iterator[tuple[str, str]]:
    """Yield the first message of the user that is no demonstration: it holds the task."""
    lists = [(run.history, "/history")]
    for step in (run.trajectory or [])[:1]:
        lists += [(step.query, "/trajectory/0/query"), (step.messages, "/trajectory/0/messages")]
    for messages, at in lists:
        yield from _first_said(messages or (), at)


def _first_said(messages: Iterable[_Message], at: str) -> Iterator[tuple[str, str]]:
    for number, message in enumerate(messages):
        if message.role == "assistant" and not message.is_demo:
            return
        text = said(message) if message.role == "user" and not message.is_demo else ""
        if text:
            yield text, f"{at}/{number}"
            return


CANNOT_KNOW: Final = (
    ("When anything was done: trajectories have no times, and only the order of steps is known."),
    "The account: trajectories name none; hand in a table of sessions and accounts.",
    "Whether an action failed: its observation is bare text.",
    "That two runs of the same task with the same first answer are two: they have no name of their own.",
)

NOTES: Final = (
    ("Calls", "`action` of each step, a line for the shell. `history` repeats them and is read for the task only."),
    ("Results", "`observation` of the same step."),
    ("Session", "a trajectory, named after its environment, its task and its first answer."),
    ("Human turns", "the first message of the user that is no demonstration: the task. Later ones are observations."),
)

READER: Final = document_reader(
    recognise=recognise,
    begin=begin,
    name="swe-agent",
    title="SWE-agent trajectory",
    cannot_know=CANNOT_KNOW,
    about="What SWE-agent writes as `.traj`: one document a task.",
    notes=NOTES,
)
