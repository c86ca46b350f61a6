"""Codex: the rollout files that the command line, the desktop application and the extensions write.

Source: files of versions 0.66.0 to 0.169.0.
"""

import re
import shlex
from collections.abc import Iterator
from typing import Final

import msgspec
from msgspec import Struct

from suragh.model.fact import Call, Kinship, Leaf, Pointer, Rejected, Result, Turn
from suragh.model.ids import digest
from suragh.read.codex_script import commands
from suragh.read.documents import structured
from suragh.read.identity import action_id, turn_at, turn_id
from suragh.read.leaves import leaves, leaves_of_json
from suragh.read.lenient import moment
from suragh.read.probe import shape
from suragh.read.reader import Seen, Take, line_reader

_KINDS: Final = frozenset({"session_meta", "turn_context", "response_item", "event_msg", "compacted", "world_state"})
_SCRIPT_TOOL: Final = "exec"
_OUTPUT_START: Final = "\nOutput:"
_EXIT: Final = re.compile(r"(?:Process exited with code|Exit code:) (-?\d+)")
_SCRIPT_END: Final = re.compile(r"Script (completed|failed)")
_BLOCKED: Final = "Command blocked by "


class _Spawn(Struct, gc=False):
    parent_thread_id: str | None = None


class _SubAgent(Struct, gc=False):
    thread_spawn: _Spawn | None = None


class _Source(Struct, gc=False):
    subagent: _SubAgent | str | None = None


class _Item(Struct, gc=False):
    type: str | None = None
    id: str | None = None
    content: object = None


class _Payload(Struct, gc=False):
    type: str | None = None
    id: str | None = None
    timestamp: str | None = None
    source: _Source | str | None = None
    forked_from_id: str | None = None
    name: str | None = None
    call_id: str | None = None
    arguments: object = None
    input: object = None
    action: object = None
    output: object = None
    message: object = None
    client_id: str | None = None
    item: _Item | None = None


class _Line(Struct, gc=False):
    timestamp: str | None = None
    type: str | None = None
    payload: _Payload | None = None


_DECODER: Final = msgspec.json.Decoder(_Line)


def begin() -> Take:
    """Start reading a stream: its first line names the session of all others."""
    return structured(_DECODER, _Rollout().take)


def recognise(line: bytes) -> bool:
    """Whether a line, perhaps cut at its end, is of this format."""
    top = shape(line) if b'"payload"' in line else None
    return top is not None and {"timestamp", "payload"} <= top.texts.keys() and top.texts.get("type") in _KINDS


class _Rollout:
    """Where in a rollout the reading stands.

    Attributes:
        session: the session; empty before the first line.
        is_child: whether another agent started it: what stands in the role of the user is then that agent's.
        origins: sessions that this one was forked from, whose lines it repeats.
        created: when the session began.
        voice: the kind of event that reports what a person said; versions that write both would be counted twice.
    """

    def __init__(self) -> None:
        self.session = ""
        self.is_child = False
        self.origins: set[str] = set()
        self.created = ""
        self.voice = ""

    def take(self, line: _Line, pointer: Pointer) -> list[Seen] | None:
        """Read one line."""
        if line.type is None or line.payload is None or line.timestamp is None:
            return None
        known_at = moment(line.timestamp)
        if known_at is None:
            return [Rejected(pointer, "timestamp is no time, expected RFC 3339")]
        if not self.session and line.type != "session_meta":
            # A rollout without its start: its first line stands for the name it would have had.
            self.session = f"codex-{digest('session', line.timestamp, line.type):016x}"
        return list(self._facts(line.type, line.payload, known_at, pointer))

    def _facts(self, kind: str, payload: _Payload, known_at: int, pointer: Pointer) -> Iterator[Seen]:
        what = payload.type or ""
        if kind == "session_meta":
            yield from self._meta(payload, known_at)
        elif kind == "response_item" and what.endswith("_call"):
            yield self._call(payload, known_at, pointer)
        elif kind == "response_item" and what.endswith("_call_output"):
            yield self._result(payload, known_at, pointer)
        elif kind == "event_msg" and what in ("user_message", "item_completed"):
            yield from self._turn(payload, known_at, pointer)

    def _meta(self, payload: _Payload, known_at: int) -> Iterator[Kinship]:
        own, created = payload.id or "", payload.timestamp or ""
        if own in self.origins:
            self.origins.add(payload.forked_from_id or own)
        elif own and own != self.session and (not self.session or created > self.created):
            # The first one of a file, or the first one of the next file where files were joined. An older session
            # after a newer one is the history of a fork.
            source = payload.source.subagent if isinstance(payload.source, _Source) else None
            self.session, self.created, self.voice = own, created, ""
            self.is_child = source is not None
            self.origins = {payload.forked_from_id} if payload.forked_from_id else set()
            spawn = source.thread_spawn if isinstance(source, _SubAgent) else None
            if spawn is not None and spawn.parent_thread_id:
                yield Kinship(own, spawn.parent_thread_id, known_at)

    def _call(self, payload: _Payload, known_at: int, pointer: Pointer) -> Call:
        tool = payload.name or (payload.type or "").removesuffix("_call")
        arguments = _arguments(payload)
        action = action_id(self.session, payload.call_id or payload.id or "", known_at, tool, arguments)
        return Call(self.session, "", action, tool, arguments, known_at, pointer, "/payload")

    def _result(self, payload: _Payload, known_at: int, pointer: Pointer) -> Result:
        action = action_id(self.session, payload.call_id or payload.id or "", known_at, "", ())
        texts, failed = _output(payload.output)
        return Result(self.session, action, texts, failed, known_at, pointer, "/payload/output")

    def _turn(self, payload: _Payload, known_at: int, pointer: Pointer) -> Iterator[Turn]:
        text, own, at = _said(payload)
        if not text:
            return
        self.voice = self.voice or (payload.type or "")
        if self.voice == payload.type:
            # Without an id it is known as the same agent's telemetry knows it.
            turn = turn_id(self.session, own, text) if own else turn_at(self.session, known_at, text)
            yield Turn(self.session, turn, not self.is_child, text, known_at, pointer, at)


def _said(payload: _Payload) -> tuple[str, str, str]:
    """Give the text, id and place of what a person said, in either of the two forms."""
    if payload.type == "user_message":
        return (
            (payload.message if isinstance(payload.message, str) else ""),
            payload.client_id or "",
            "/payload/message",
        )
    item = payload.item
    if item is None or item.type != "UserMessage":
        return "", "", ""
    texts = [leaf.text for leaf in leaves(item.content) if leaf.path.rpartition(".")[2] in ("", "text")]
    return "\n".join(texts), item.id or "", "/payload/item/content"


def _arguments(payload: _Payload) -> tuple[Leaf, ...]:
    given = next((v for v in (payload.arguments, payload.input, payload.action) if v is not None), None)
    if payload.type == "custom_tool_call" and isinstance(given, str):
        found = (Leaf("input", given),)
        if payload.name != _SCRIPT_TOOL:
            return found
        return found + tuple(Leaf(f"cmd.{number}", text) for number, text in enumerate(commands(given)))
    return _joined_argv(leaves_of_json(given) if isinstance(given, str) else leaves(given))


def _joined_argv(found: tuple[Leaf, ...]) -> tuple[Leaf, ...]:
    """Join a command that is given as a list of words into the line that a shell would read."""
    words = [leaf.text for leaf in found if leaf.path.startswith("command.")]
    if not words:
        return found
    rest = tuple(leaf for leaf in found if not leaf.path.startswith("command."))
    return (Leaf("command", shlex.join(words)), *rest)


def _output(output: object) -> tuple[tuple[Leaf, ...], bool | None]:
    if isinstance(output, str):
        texts = leaves_of_json(output)
        code = next((leaf.text for leaf in texts if leaf.path == "metadata.exit_code"), None)
        if code is not None:
            return tuple(leaf for leaf in texts if not leaf.path.startswith("metadata.")), code != "0"
        return (Leaf("", output),) if output else (), _failed(output)
    texts = tuple(leaf for leaf in leaves(output) if leaf.path.rpartition(".")[2] not in ("type", "image_url"))
    return texts, _failed(texts[0].text if texts else "")


def _failed(text: str) -> bool | None:
    """Read the status off the lines that Codex puts before a tool's output, and off nothing that the tool wrote."""
    if text.startswith(_BLOCKED):
        return True
    lines = text.partition(_OUTPUT_START)[0] if _OUTPUT_START in text else ""
    code = _EXIT.search(lines)
    if code is not None:
        return code[1] != "0"
    ended = _SCRIPT_END.match(lines)
    return None if ended is None else ended[1] == "failed"


CANNOT_KNOW: Final = (
    "The account: rollouts name none; hand in a table of sessions and accounts.",
    "The parent of a sub-agent whose `session_meta` only says what kind it is (`review`).",
    "Commands that a script of the code mode computes from what tools returned; those it holds as text are dug out.",
    "Whether a person or a program typed a message.",
)

NOTES: Final = (
    (
        "Calls",
        (
            "`function_call`, `custom_tool_call`, `local_shell_call` and other `…_call` items. A command that is given "
            "in words is joined to a line. In a script of the code mode (`exec`) the script stays, and each shell "
            "command that it holds as text stands beside it (`cmd.0`, `cmd.1`, …), through variables, loops over lists "
            "and functions of its own. Events that mirror calls are passed over."
        ),
    ),
    ("Results", "the `…_call_output` items."),
    (
        "Failed",
        (
            "the exit code that Codex puts before the tool's output, `Script failed`, or a hook's block; nothing that "
            "the tool itself printed."
        ),
    ),
    (
        "Session",
        (
            "the id in the first `session_meta`; a later one with the same id is a resumption. The history that a fork "
            "repeats stays with the fork, and its actions are those of the original. A file without its start is one "
            "session named after its first line."
        ),
    ),
    ("Sub-agents", "`session_meta.source.subagent`; the parent is `thread_spawn.parent_thread_id`."),
    (
        "Human turns",
        (
            "only the events `user_message`, or `item_completed` with a `UserMessage` in versions that write that "
            "instead. Items in the role of the user also carry injected text, and `compacted` lines repeat old "
            "messages: neither counts."
        ),
    ),
)

READER: Final = line_reader(
    name="codex",
    title="Codex rollout",
    recognise=recognise,
    begin=begin,
    cannot_know=CANNOT_KNOW,
    about="What Codex writes below `sessions/`: command line, desktop application and extensions.",
    notes=NOTES,
)
