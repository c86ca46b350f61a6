"""tau-bench and tau2: agents that serve simulated customers, all simulations of a run in one document.

Source: results of tau2 of August 2025 to July 2026; tau-bench writes a bare list, with the messages in `traj`.
"""

from collections.abc import Iterator
from typing import Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from suragh.model.fact import Fact, Pointer
from suragh.read.acts import nameless
from suragh.read.chat_messages import Course, Message, Talk, add_message, answer, said
from suragh.read.documents import document_reader
from suragh.read.lenient import moment
from suragh.read.lists import first_of, is_list
from suragh.read.probe import shape
from suragh.read.reader import Seen, Take
from suragh.read.records import structured, structured_or_list
from suragh.read.told import Told
from suragh.read.undated import Dates

_CUSTOMER: Final = "user"
"""The actor of calls that the simulated customer makes: in some domains it has tools of its own."""


class _Message(Message, gc=False):
    timestamp: str | None = None
    tool_messages: list[Message] | None = None


class _Simulation(Struct, gc=False):
    id: str | None = None
    task_id: str | int | None = None
    trial: int | None = None
    start_time: str | None = None
    messages: list[_Message] | None = None
    traj: list[_Message] | None = None


class _Run(Struct, gc=False):
    timestamp: str | None = None
    simulations: list[_Simulation] | None = None


_DECODER: Final = msgspec.json.Decoder(_Run)
_SIMULATIONS: Final = msgspec.json.Decoder(_Simulation)


def begin() -> Take:
    """Start reading a document."""
    return structured_or_list(structured(_DECODER, _facts), _SIMULATIONS, _old_facts)


def recognise(head: bytes) -> bool:
    """Whether a document, perhaps cut at its end, is of this format."""
    top = shape(first_of(head)) if b'"num_trials"' in head or b'"reward"' in head else None
    if top is None:
        return False
    keys = top.texts.keys()
    if is_list(head):
        return {"task_id", "reward", "info"} <= keys and ("traj" in keys or "task" in top.inner)
    return {"info", "tasks"} <= keys and "num_trials" in top.inner


def _old_facts(runs: list[_Simulation], pointer: Pointer) -> list[Seen] | None:
    return None if all(run.traj is None for run in runs) else _simulated(runs, "", pointer)


def _facts(run: _Run, pointer: Pointer) -> list[Seen] | None:
    if run.simulations is None:
        return None
    return _simulated(run.simulations, "/simulations", pointer, moment(run.timestamp))


def _simulated(runs: list[_Simulation], at: str, pointer: Pointer, began: int | None = None) -> list[Seen]:
    return [fact for number, run in enumerate(runs) for fact in _simulation(run, f"{at}/{number}", pointer, began)]


def _simulation(run: _Simulation, at: str, pointer: Pointer, began: int | None) -> Iterator[Fact]:
    name = "traj" if run.messages is None else "messages"
    messages = run.traj if run.messages is None else run.messages
    first = next((said(message) for message in messages or () if message.role == "user"), "")
    session = run.id or nameless("tau", str(run.task_id), str(run.trial), first)
    dates, told, course = Dates(), Told(), Course()
    for number, message in enumerate(messages or ()):
        known_at = dates.at(moment(message.timestamp), moment(run.start_time) or began)
        talk = Talk(session, "", known_at, pointer, told)
        yield from _shown(message, talk, (f"{at}/{name}/{number}", course))


def _shown(message: _Message, talk: Talk, place: tuple[str, Course]) -> list[Fact]:
    found: list[Fact] = []
    add_message(found, message, talk, place)
    if message.role == _CUSTOMER:
        found += answer(message, replace(talk, actor=_CUSTOMER), *place)
    for number, inner in enumerate(message.tool_messages or ()):
        add_message(found, inner, talk, (f"{place[0]}/tool_messages/{number}", place[1]))
    return found


CANNOT_KNOW: Final = (
    "The account: results name none; hand in a table of sessions and accounts.",
    "The zone of the times: they are taken as UTC.",
    ("When anything was said, in the lists of tau-bench, which have no times: only the order is known."),
)

NOTES: Final = (
    ("Calls", "`tool_calls` of assistants, and those of the simulated customer under the actor `user`."),
    ("Results", "messages of tools."),
    ("Failed", "`error`."),
    ("Session", "a simulation, by its `id`; in lists of tau-bench by its task, its trial and its first message."),
    ("Human turns", "none: what stands in the role of the user is a simulated customer's. It is a turn all the same."),
)

READER: Final = document_reader(
    recognise=recognise,
    begin=begin,
    name="tau-bench",
    title="tau-bench results",
    cannot_know=CANNOT_KNOW,
    about="What tau2 writes of a run: one document with all its simulations; or a list of tau-bench.",
    notes=NOTES,
)
