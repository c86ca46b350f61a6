"""Events: what rules are evaluated on. One for a call as a whole, one for each command in it, one for a result."""

import re
from collections.abc import Callable
from enum import Enum, auto
from functools import partial
from typing import Final, TypeAlias

from msgspec import Struct

from suragh.detect.evaluate import KEYWORDS, Pattern
from suragh.detect.http import CLIENTS, HttpRequest, request_of, target
from suragh.detect.leaf_kind import LeafKind, Shape, words
from suragh.detect.process import SYSTEM, directory_of, parent_of, systems_of, user_of
from suragh.detect.scan_values import Expressions
from suragh.model.command import Command
from suragh.model.fact import Leaf, Result

_INTERPRETERS: Final = ("python", "pypy", "node", "deno", "bun", "ruby", "perl", "php", "lua", "rscript", "osascript")
"""Programs that run code given to them as a word or on their input; `python3.11` and `nodejs` are among them."""

_CODE_FLAGS: Final = frozenset(("-c", "-e", "-E", "-r", "--eval", "-p", "eval"))
_DIRECTORIES: Final = words("cwd workdir working_directory working_dir workingdirectory")
"""What clients call the directory that a command starts in: Codex, Gemini CLI, OpenHands, MCP servers of shells."""

_PATCHED: Final = re.compile(r"^\*\*\* (?:Add|Update|Delete) File: (.+)$", re.MULTILINE)


class Kind(Enum):
    """The kinds of event that a rule can be evaluated on: each has its own fields."""

    COMMAND = auto()
    """A command inside a shell text."""
    REQUEST = auto()
    """A call of an http tool, as a whole."""
    FILE = auto()
    """A call that reads, writes, edits or searches files, as a whole."""
    OTHER = auto()
    """Any other call, as a whole."""
    RESULT = auto()
    """What a tool returned."""


CALLS: Final = (Kind.REQUEST, Kind.FILE, Kind.OTHER)
_KINDS: Final = {"http": Kind.REQUEST, **dict.fromkeys(("read", "write", "edit", "search"), Kind.FILE)}


ARGUMENT: Final = "tool.arguments."
"""Before the path of an argument: a field of its own, for rules on one client's tools."""

LOWERED: Final = "~"
"""Before a field's name: its values in lower case."""


class Values(dict[str, tuple[str, ...]]):
    """Values of fields, worked out when a rule first asks for them: by field, or by `LOWERED` and field."""

    def __init__(self, expressions: Expressions) -> None:
        super().__init__()
        self._expressions = expressions

    def __missing__(self, key: str) -> tuple[str, ...]:
        """Work out the values of a field."""
        lowers = key[:1] == LOWERED
        found = tuple([value.lower() for value in self[key[1:]]]) if lowers else self._read(key)
        self[key] = found
        return found

    def values(self, field: str) -> tuple[str, ...]:  # type: ignore[override]
        """Every value of a field; none for a field that is missing."""
        return self[field]

    def lowered(self, field: str) -> tuple[str, ...]:
        """The same in lower case."""
        return self[LOWERED + field]

    def matches(self, pattern: Pattern, value: str) -> bool:
        """Whether an expression matches a long value."""
        return self._expressions.matches(pattern, value)

    def _read(self, field: str) -> tuple[str, ...]:
        raise NotImplementedError


class Setting(Struct, frozen=True):
    """What stands around the commands of a shell text.

    Attributes:
        tool: name of the tool that is called.
        leaves: the arguments of the call.
        commands: all commands of the text, in order.
    """

    tool: str
    leaves: tuple[Leaf, ...] = ()
    commands: tuple[Command, ...] = ()

    @property
    def directory(self) -> str:
        """Where the call says that the text starts; empty where it does not say."""
        return next((leaf.text for leaf in self.leaves if leaf.path.rpartition(".")[2].lower() in _DIRECTORIES), "")


class CommandEvent(Values):
    """A command inside a shell text of a call."""

    def __init__(self, command: Command, setting: Setting, expressions: Expressions) -> None:
        super().__init__(expressions)
        self.command = command
        self.setting = setting
        self._request: HttpRequest | None = None
        self._asked = False

    @property
    def request(self) -> HttpRequest | None:
        """The HTTP request that the command sends, if it sends one."""
        if not self._asked:
            self._request = request_of(self.command.program, self.command.argv)
            self._asked = True
        return self._request

    @property
    def before(self) -> tuple[Command, ...]:
        """The commands that stand before it in the same text."""
        every = self.setting.commands
        place = next((number for number, one in enumerate(every) if one is self.command), 0)
        return every[:place]

    def _read(self, field: str) -> tuple[str, ...]:
        reader = FIELDS[field].command
        return reader(self) if reader else ()


class CallEvent(Values):
    """A call as a whole.

    Attributes:
        leaves: the arguments; after decoding, one of them may hold the decoded text.
        shape: what the call does, and what each leaf is.
    """

    def __init__(self, tool: str, shape: Shape, leaves: tuple[Leaf, ...], expressions: Expressions) -> None:
        super().__init__(expressions)
        self.tool = tool
        self.shape = shape
        self.leaves = leaves
        self._request: HttpRequest | None = None
        self._asked = False

    @property
    def kind(self) -> Kind:
        """Which of the kinds of call it is."""
        return _KINDS.get(self.shape.operation, Kind.OTHER)

    def of(self, *kinds: LeafKind) -> tuple[str, ...]:
        """Texts of the leaves of some kinds, in the order of the call."""
        return tuple([leaf.text for leaf, kind in zip(self.leaves, self.shape.kinds, strict=True) if kind in kinds])

    @property
    def request(self) -> HttpRequest | None:
        """The HTTP request that the arguments name, if this is a call of an http tool."""
        if not self._asked:
            self._request = self._as_request() if self.shape.operation == "http" else None
            self._asked = True
        return self._request

    def _as_request(self) -> HttpRequest:
        method = next(iter(self.of(LeafKind.METHOD)), "GET")
        headers: list[str] = []
        for leaf, kind in zip(self.leaves, self.shape.kinds, strict=True):
            if kind is LeafKind.HEADER:
                headers += _headers(leaf)
        bodies = self.of(LeafKind.BODY, LeafKind.CONTENT)
        return HttpRequest(method.upper(), self.of(LeafKind.URL), tuple(headers), bodies)

    def _read(self, field: str) -> tuple[str, ...]:
        reader = FIELDS[field].call
        return reader(self) if reader else ()


class ResultEvent(Values):
    """What a tool returned."""

    def __init__(self, result: Result, expressions: Expressions) -> None:
        super().__init__(expressions)
        self.leaves = result.texts
        self.failed = result.failed

    def _read(self, field: str) -> tuple[str, ...]:
        reader = FIELDS[field].result
        return reader(self) if reader else ()


Event: TypeAlias = CommandEvent | CallEvent | ResultEvent


class Trace(Enum):
    """How the text that an action holds shows a value of a field; what the first look may search for."""

    VERBATIM = auto()
    """The value stands in the text as it is."""
    WORDS = auto()
    """Its words do: quotes, spaces and what joins words may differ."""
    NAME = auto()
    """Its base name does, without directory and `.exe`."""
    WAY = auto()
    """Its first word does (`bash -c` stands for `bash -lc` too)."""
    HEADER = auto()
    """Its words do, but for those that an option stands for (`-A` for `User-Agent`)."""
    NONE = auto()
    """Nothing need."""


class Field(Struct, frozen=True):
    """A field that rules may read, and where each kind of event has it from; None where it has not.

    Attributes:
        trace: how the text of an action shows its value.
        command: reads it off a command.
        call: reads it off a call as a whole.
        calls: kinds of call that have it.
        result: reads it off a result.
        programs: on a command, only these have it; empty for any.
        needs: a command has it only where one of these stands in the text; empty for any.
    """

    trace: Trace
    command: Callable[[CommandEvent], tuple[str, ...]] | None = None
    call: Callable[[CallEvent], tuple[str, ...]] | None = None
    result: Callable[[ResultEvent], tuple[str, ...]] | None = None
    programs: tuple[str, ...] = ()
    calls: tuple[Kind, ...] = CALLS
    needs: tuple[str, ...] = ()

    def given_by(self, kind: Kind) -> bool:
        """Whether events of a kind can have it."""
        if kind is Kind.COMMAND:
            return self.command is not None
        if kind is Kind.RESULT:
            return self.result is not None
        return self.call is not None and kind in self.calls


def _one(text: str) -> tuple[str, ...]:
    return (text,) if text else ()


def _headers(leaf: Leaf) -> list[str]:
    """Read `headers.Accept`, or lines `Accept: x` in one text."""
    parts = leaf.path.split(".")
    if len(parts) > 1 and not parts[-1].isdigit():
        return [f"{parts[-1]}: {leaf.text}"]
    return [line.strip() for line in leaf.text.splitlines() if ":" in line]


def _images(name: str) -> tuple[str, ...]:
    """A program as written, and as the logs of processes that most Sigma rules are written for show it."""
    base = name.replace("\\", "/").rpartition("/")[2]
    if not base:
        return ()
    if "/" in name or "." in base:
        return (name, f"/{base}", f"\\{base}") if base == name else (name,)
    return (name, f"/{base}", f"\\{base}", f"\\{base}.exe") if base == name else (name, f"\\{base}.exe")


def _code(event: CommandEvent) -> tuple[str, ...]:
    command = event.command
    if not command.program.startswith(_INTERPRETERS):
        return ()
    argv = command.argv
    given = [argv[at + 1] for at, word in enumerate(argv[:-1]) if at and word in _CODE_FLAGS]
    return (*given[:1], *_one(command.stdin))


def _parent_line(event: CommandEvent) -> tuple[str, ...]:
    parent = parent_of(event.command, event.before)
    return (parent.line,) if parent else ()


def _paths(event: CallEvent) -> tuple[str, ...]:
    patched = [path.strip() for text in event.of(LeafKind.PATCH) for path in _PATCHED.findall(text)]
    return (*event.of(LeafKind.PATH), *patched)


def _content(event: CallEvent) -> tuple[str, ...]:
    if event.shape.operation not in ("write", "edit"):
        return ()
    return event.of(LeafKind.CONTENT, LeafKind.BODY, LeafKind.PATCH)


def _http(read: Callable[[HttpRequest], tuple[str, ...]], trace: Trace) -> Field:
    def of_event(event: CommandEvent | CallEvent) -> tuple[str, ...]:
        return read(event.request) if event.request else ()

    return Field(trace, command=of_event, call=of_event, programs=CLIENTS, calls=(Kind.REQUEST,))


def _parts(read: Callable[[str], str]) -> Callable[[HttpRequest], tuple[str, ...]]:
    return lambda request: tuple([part for part in map(read, request.urls) if part])


_PROGRAM: Final = Field(Trace.NAME, command=lambda e: _one(e.command.program))
_PARENT: Final = Field(Trace.WAY, command=lambda e: _one(e.command.parent))
_LINE: Final = Field(Trace.WORDS, command=lambda e: _one(e.command.line))
_NEVER: Final = Field(Trace.NONE)


class _Fields(dict[str, Field]):
    """Fields by name; one for each argument that a client's own tools may have is made when it is asked for."""

    def __missing__(self, name: str) -> Field:
        """The field of an argument."""
        if not _names_argument(name):
            raise KeyError(name)
        return Field(Trace.VERBATIM, call=partial(_argument, name.removeprefix(ARGUMENT)))

    def __contains__(self, name: object) -> bool:
        """Whether a rule may name it."""
        return super().__contains__(name) or (isinstance(name, str) and _names_argument(name))


def _names_argument(name: str) -> bool:
    return name.startswith(ARGUMENT) and name != ARGUMENT


def _argument(path: str, event: CallEvent) -> tuple[str, ...]:
    """The texts at a path, and those of a list there."""
    below = re.compile(re.escape(path) + r"(?:\.\d+)?\Z")
    return tuple([leaf.text for leaf in event.leaves if below.match(leaf.path)])


FIELDS: Final = _Fields(
    {
        KEYWORDS: Field(
            Trace.WORDS,
            command=lambda e: tuple([text for text in (e.command.line, e.command.stdin) if text]),
            call=lambda e: tuple([leaf.text for leaf in e.leaves]),
            result=lambda e: tuple([leaf.text for leaf in e.leaves]),
        ),
        "tool": Field(Trace.NONE, command=lambda e: _one(e.setting.tool), call=lambda e: _one(e.tool)),
        "tool.name": Field(Trace.NONE, command=lambda e: _one(e.setting.tool), call=lambda e: _one(e.tool)),
        "operation": Field(Trace.NONE, command=lambda _: ("shell",), call=lambda e: (e.shape.operation,)),
        "CommandLine": _LINE,
        "program": _PROGRAM,
        "args": Field(Trace.WORDS, command=lambda e: e.command.argv[1:]),
        "via": Field(Trace.WAY, command=lambda e: e.command.via),
        "host": Field(Trace.WORDS, command=lambda e: _one(e.command.host)),
        "parent": _PARENT,
        "piped_from": Field(Trace.NAME, command=lambda e: _one(e.command.piped_from), needs=("|",)),
        "stdin": Field(Trace.WORDS, command=lambda e: _one(e.command.stdin), needs=("|", "<")),
        "writes": Field(Trace.WORDS, command=lambda e: e.command.writes, needs=(">",)),
        "reads": Field(Trace.WORDS, command=lambda e: e.command.reads, needs=("<",)),
        "decodings": Field(Trace.NONE, command=lambda e: e.command.decodings),
        "http.method": _http(lambda r: (r.method,), Trace.NONE),
        "http.url": _http(lambda r: r.urls, Trace.WORDS),
        "http.host": _http(_parts(lambda url: target(url).host), Trace.WORDS),
        "http.path": _http(_parts(lambda url: target(url).path), Trace.WORDS),
        "http.query": _http(_parts(lambda url: target(url).query), Trace.WORDS),
        "http.body": _http(lambda r: r.bodies, Trace.WORDS),
        "http.header": _http(lambda r: r.headers, Trace.HEADER),
        "http.upload": _http(lambda r: r.uploads, Trace.WORDS),
        "path": Field(Trace.VERBATIM, call=_paths, calls=(Kind.FILE,)),
        "content": Field(Trace.VERBATIM, call=_content, calls=(Kind.FILE,)),
        "code": Field(
            Trace.WORDS, command=_code, call=lambda e: e.of(LeafKind.CODE), programs=_INTERPRETERS, calls=(Kind.OTHER,)
        ),
        "result": Field(Trace.VERBATIM, result=lambda e: tuple([leaf.text for leaf in e.leaves])),
        "failed": Field(Trace.NONE, result=lambda e: () if e.failed is None else ("true" if e.failed else "false",)),
        # What Sigma's process_creation calls the same things.
        "Image": Field(Trace.NAME, command=lambda e: _images(e.command.argv[0]) if e.command.argv else ()),
        "ParentImage": Field(Trace.NAME, command=lambda e: _images(e.command.parent)),
        SYSTEM: Field(Trace.NONE, command=lambda e: systems_of(e.command)),
        "ParentCommandLine": Field(Trace.NONE, command=_parent_line),
        "User": Field(Trace.NONE, command=lambda e: _one(user_of(e.command, e.before))),
        "CurrentDirectory": Field(
            Trace.NONE, command=lambda e: _one(directory_of(e.command, e.before, e.setting.directory))
        ),
        # What a process log has and an agent's telemetry has not.
        **dict.fromkeys(
            words(
                "OriginalFileName Hashes Imphash Product Description Company"
                " FileVersion IntegrityLevel LogonId ParentUser ProcessId ParentProcessId"
            ),
            _NEVER,
        ),
    }
)
"""Every field that a rule may name."""
