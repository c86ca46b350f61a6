"""Shell texts taken apart: every command that one would run, through pipes, wrappers, substitutions and encodings."""

import re
from typing import Final

from msgspec import Struct

from suragh.model.command import Command
from suragh.text.shell_code import dug
from suragh.text.shell_output import DECODE_DEPTH, decoded_base64, feed
from suragh.text.shell_parse import simples
from suragh.text.shell_tree import WINDOW, sound
from suragh.text.shell_types import Feed, Pieces, Simple, Word, joined, merged, rebased, spot
from suragh.text.shell_windows import looks_windows, windows_simples
from suragh.text.shell_wrappers import Form, Inner, family, inner

TEXT_LIMIT: Final = 65_536
"""Code points of a text that are parsed. The longest command in 23,421 of real agents has fewer than 4,000."""

SIGN_LIMIT: Final = 2_000
"""`|` and `<` in a text that are parsed: the grammar takes time with their square (8,000 pipes take 1.4 s)."""

COMMAND_LIMIT: Final = 1_024
"""Commands given back for one text."""

WRAP_DEPTH: Final = 12
"""Wrappers followed into one another; `ssh`, `sudo`, `docker exec`, `bash -c`, `nohup`, `timeout` in a row are six."""

WORK_LIMIT: Final = 262_144
"""Code points parsed for one text with all that is inside it, so that texts nested in texts stay bounded."""

_SIGN: Final = re.compile(r"[|<]")
_UNKNOWN: Final = re.compile(r"[$`()\s]")


class _Context(Struct, frozen=True, gc=False):
    """Where a text stands: the ways in to it, and its way back to the leaf (None: it is the leaf)."""

    base: Pieces | None = None
    via: tuple[str, ...] = ()
    host: str = ""
    parent: str = ""
    decodings: tuple[str, ...] = ()
    depth: int = 0
    stdin: Feed | None = None
    piped_from: str = ""


class _Call(Struct, frozen=True, gc=False):
    """One command to note: words of a simple command, maybe after wrappers were taken off."""

    part: Simple
    words: list[Word]
    context: _Context
    piped_from: str
    passes: bool = True
    writes: bool = True


def cut(text: str) -> int:
    """Say how many code points at the end of a text `commands` leaves out."""
    return len(text) - len(_bounded(text))


def commands(text: str) -> tuple[Command, ...]:
    """Take every command out of a shell text, in order of start: a wrapper before what it runs.

    At most `COMMAND_LIMIT`; of a text that `cut` says is too long, only the beginning. Never raises. `[ … ]` and
    `[[ … ]]` are no commands here; `NAME=value` before a command is one of its own, without a program. Redirects to
    `/dev/null` and between descriptors name no file.
    """
    work = _Work()
    work.text(text, _Context())
    work.found.sort(key=_start)
    return tuple(work.found[:COMMAND_LIMIT])


def _start(command: Command) -> int:
    return command.start


def _bounded(text: str) -> str:
    text = text[:TEXT_LIMIT]
    if text.count("|") + text.count("<") > SIGN_LIMIT:
        text = text[: [match.start() for match in _SIGN.finditer(text)][SIGN_LIMIT]]
    return text if len(text) <= WINDOW else text[: sound(text)]


class _Work:
    """The commands found so far, and how much work is left."""

    def __init__(self) -> None:
        self.found: list[Command] = []
        self._left = WORK_LIMIT

    def text(self, text: str, context: _Context, dialect: Form = Form.SHELL) -> None:
        """Take the commands of one text."""
        text = _bounded(text)
        self._left -= len(text)
        coded = len(context.decodings) - context.decodings.count("quoting")
        if not text or self._left < 0 or context.depth > WRAP_DEPTH or coded > DECODE_DEPTH:
            return
        if dialect is Form.SHELL and not looks_windows(text):
            parts = simples(text)
        else:
            parts = windows_simples(text, powershell=dialect is not Form.CMD)
        for part in parts:
            if len(self.found) >= COMMAND_LIMIT:
                return
            self._simple(part, context)

    def _simple(self, part: Simple, context: _Context) -> None:
        if part.via:
            context = _in(context, part.via)
        left = part.left
        piped_from = left.program if left is not None else context.piped_from
        if part.assigns or not part.words:
            self._note("", _Call(part, part.words, context, piped_from))
            return
        self._call(_Call(part, part.words, context, piped_from))

    def _call(self, call: _Call) -> None:
        """Note one command, then go on to what it runs."""
        program = _name(call.words[0].value)
        call.part.program = program
        self._note(program, call)
        found = inner(program, call.words)
        if found is None or call.context.depth >= WRAP_DEPTH or len(self.found) >= COMMAND_LIMIT:
            return
        if found.form is Form.WORDS:
            context = _deeper(call.context, found, program)
            self._call(_Call(call.part, list(found.words), context, call.piped_from, found.passes, found.writes))
        elif found.form is Form.CODE:
            self._code(found, call, program)
        else:
            self._inside(found, call, program)

    def _note(self, program: str, call: _Call) -> None:
        words, context, part = call.words, call.context, call.part
        argv = tuple([word.value for word in words])
        start, end = (words[0].start, words[-1].end) if words else part.span
        if context.base is not None:
            start, end = spot(context.base, start, end)
        undone: tuple[str, ...] = ()
        for word in words:
            if word.decodings:
                undone = merged((undone, word.decodings))
        stdin = part.stdin or (context.stdin if part.left is None else None)
        self.found.append(
            Command(
                program, argv, " ".join(argv), start, end, context.via, context.host, context.parent,
                call.piped_from if call.passes else "",
                part.writes if call.writes else (), part.reads if call.writes else (),
                stdin.text if stdin is not None and call.passes else "",
                context.decodings + undone,
            )
        )  # fmt: skip

    def _inside(self, found: Inner, call: _Call, program: str) -> None:
        """Take the commands of a text that a wrapper runs."""
        known = _known(call) if found.passes else None
        if found.form is Form.SCRIPT:
            script, dialect = known, Form.SHELL
            call = _Call(call.part, call.words, call.context, "")
            known = None
        else:
            script, dialect = _based(joined(found.words), call.context), found.form
        if script is not None and dialect is Form.ENCODED:
            script, dialect = decoded_base64(script), Form.POWERSHELL
        if script is not None:
            context = _deeper(call.context, found, program)
            self.text(script.text, _holding(context, script, known, call.piped_from), dialect)

    def _code(self, found: Inner, call: _Call, program: str) -> None:
        """Take the commands that code hands to a shell."""
        code = _based(joined(found.words), call.context) if found.words else _known(call)
        if code is None:
            return
        context = _holding(_deeper(call.context, found, program), code, None, "")
        for hit in dug(code.text, family(program)):
            if hit.text is None:
                self._call(_Call(Simple(list(hit.words)), list(hit.words), context, ""))
            else:
                inside = _based(hit.text, context)
                self.text(inside.text, _holding(context, inside, None, ""))


def _name(value: str) -> str:
    """Name a program by its first word; empty where only a shell could say what it is."""
    if "\\" in value:
        value = value.replace("\\", "/")
    if "/" in value:
        value = value.rstrip("/").rsplit("/", 1)[-1]
    name = value.lower()
    return "" if _UNKNOWN.search(name) else name.removesuffix(".exe")


def _known(call: _Call) -> Feed | None:
    """Say what a command reads from its standard input, with the way back to the leaf."""
    if not call.passes:
        return None
    known = feed(call.part)
    if known is not None:
        return _based(known, call.context)
    return call.context.stdin if call.part.left is None else None


def _based(known: Feed, context: _Context) -> Feed:
    return known if context.base is None else Feed(known.text, rebased(known.pieces, context.base), known.decodings)


def _in(context: _Context, via: tuple[str, ...]) -> _Context:
    return _Context(
        context.base, context.via + via, context.host, context.parent, context.decodings, context.depth,
    )  # fmt: skip


def _deeper(context: _Context, found: Inner, program: str) -> _Context:
    return _Context(
        context.base, (*context.via, found.via), found.host or context.host, program, context.decodings,
        context.depth + 1, context.stdin,
    )  # fmt: skip


def _holding(context: _Context, script: Feed, stdin: Feed | None, piped_from: str) -> _Context:
    return _Context(
        script.pieces, context.via, context.host, context.parent, context.decodings + script.decodings,
        context.depth, stdin, piped_from,
    )  # fmt: skip
