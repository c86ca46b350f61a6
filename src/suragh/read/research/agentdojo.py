"""AgentDojo: runs of a benchmark in which what an agent reads tries to make it act, one document a task.

Source: runs of AgentDojo 0.1.35.
"""

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from suragh.model.fact import Fact, Pointer
from suragh.read.acts import nameless
from suragh.read.chat_messages import Course, Message, Talk, ToolCall, add_message
from suragh.read.documents import document_reader
from suragh.read.lenient import moment
from suragh.read.probe import shape
from suragh.read.reader import Seen, Take
from suragh.read.records import structured
from suragh.read.told import Told
from suragh.read.undated import Dates

_KEYS: Final = frozenset({"suite_name", "pipeline_name", "user_task_id"})


class _Message(Message, gc=False):
    tool_call: ToolCall | None = None


class _Run(Struct, gc=False):
    suite_name: str | None = None
    pipeline_name: str | None = None
    user_task_id: str | None = None
    injection_task_id: str | None = None
    attack_type: str | None = None
    messages: list[_Message] | None = None
    evaluation_timestamp: object = None


_DECODER: Final = msgspec.json.Decoder(_Run)


def begin() -> Take:
    """Start reading a document."""
    return structured(_DECODER, _facts)


def recognise(head: bytes) -> bool:
    """Whether a document, perhaps cut at its end, is of this format."""
    top = shape(head) if b'"user_task_id"' in head else None
    return top is not None and top.texts.keys() >= _KEYS


def _facts(run: _Run, pointer: Pointer) -> list[Seen] | None:
    if run.suite_name is None or run.messages is None:
        return None
    names = (run.suite_name, run.pipeline_name, run.user_task_id, run.attack_type, run.injection_task_id)
    session = nameless("agentdojo", *(name or "" for name in names))
    dates, told, course = Dates(), Told(), Course()
    since, found = moment(run.evaluation_timestamp), list[Fact]()
    for number, message in enumerate(_identified(run.messages)):
        known_at = dates.at(None, since)
        talk = Talk(session, "", known_at, pointer, told, human=True)
        add_message(found, message, talk, (f"/messages/{number}", course))
    return [*found]


def _identified(messages: Iterable[_Message]) -> Iterator[_Message]:
    """Give messages whose calls all have an id: some models give none, and their results follow in their order."""
    waiting: list[str] = []
    for number, message in enumerate(messages):
        if message.role == "assistant":
            calls = [
                replace(call, id=call.id or f"{number}.{nth}") for nth, call in enumerate(message.tool_calls or ())
            ]
            waiting = [call.id or "" for call in calls]
            yield replace(message, tool_calls=calls)
        elif message.role == "tool":
            own = message.tool_call_id or (message.tool_call.id if message.tool_call is not None else None)
            first = waiting.pop(0) if waiting else ""
            yield replace(message, tool_call_id=own or first)
        else:
            yield message


CANNOT_KNOW: Final = (
    (
        "When a message was said: all of a run stand at its `evaluation_timestamp`, in their order; without it, only "
        "the order is known."
    ),
    "The account: runs name none; hand in a table of sessions and accounts.",
    "That two runs of the same task with the same pipeline are two: they have no name of their own.",
)

NOTES: Final = (
    ("Calls", "`tool_calls` of assistants."),
    ("Results", "messages of tools, with `error` beside the content."),
    ("Failed", "`error`."),
    ("Session", "a run, named after its suite, pipeline, task, attack and injection."),
    ("Human turns", "messages in the role of the user: tasks that a person wrote."),
)

READER: Final = document_reader(
    recognise=recognise,
    begin=begin,
    name="agentdojo",
    title="AgentDojo run",
    cannot_know=CANNOT_KNOW,
    about="What the benchmark writes below `runs/`: one document a task.",
    notes=NOTES,
)
