"""Mapping: a small TOML file in which a person says where in lines of JSON the facts lie."""

import re
import tomllib
from collections.abc import Iterator
from typing import Final, TypeAlias

import msgspec
from msgspec import Struct

from suragh.errors import SetupError

Scalar: TypeAlias = str | int | float | bool

MAX_STEPS: Final = 8
"""Steps of a path. Each may be joined to the next, as keys may hold dots, so that they double the ways to look."""

_Words: TypeAlias = str | list[str]
_Name: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_HEADER: Final = re.compile(r"\s*\[([^\[\]]+)\]")
_TOML_LINE: Final = re.compile(r" \(at line (\d+), column \d+\)")
_PLACE: Final = re.compile(r" - at `(?:key in )?\$\.?([^`]*)`")
_FIELD: Final = re.compile(r"field `([^`]+)`")
_HINT: Final = "See docs/formats.md"


class Path(Struct, frozen=True):
    """Where a value lies: the first of several ways that leads to one.

    Attributes:
        ways: each the steps from the top, keys and positions.
    """

    ways: tuple[tuple[str, ...], ...]

    def find(self, value: object) -> object:
        """Give what lies there; None if nothing does, or null."""
        for way in self.ways:
            found = _walk(value, way)
            if found is not None:
                return found
        return None

    def __str__(self) -> str:
        """Write it as a person does."""
        return " or ".join(".".join(way) for way in self.ways)


NOWHERE: Final = Path(())


class Scope(Struct, frozen=True):
    """Which parts of a record a section is about.

    Attributes:
        each: the list whose items are meant; `NOWHERE` for the record itself.
        when: what must lie where; any of the values.
    """

    each: Path
    when: tuple[tuple[Path, tuple[Scalar, ...]], ...]

    def holds(self, value: object) -> bool:
        """Whether a record or item is meant."""
        return all(any(_is(path.find(value), one) for one in wanted) for path, wanted in self.when)


class CallPaths(Struct, frozen=True):
    """Where a call lies. `arguments` has one path under an empty name, or one each under a name of its own."""

    scope: Scope
    tool: Path
    id: Path
    arguments: tuple[tuple[str, Path], ...]


class ResultPaths(Struct, frozen=True):
    """Where a result lies. `failed_values` are those that mean failure; if empty, whatever is true does."""

    scope: Scope
    text: Path
    id: Path
    failed: Path
    failed_values: tuple[Scalar, ...]

    def has_failed(self, value: object) -> bool | None:
        """Whether the result in a record or item says that the tool failed; None if nothing says."""
        said = self.failed.find(value)
        if said is None:
            return None
        return any(_is(said, one) for one in self.failed_values) if self.failed_values else bool(said)


class TurnPaths(Struct, frozen=True):
    """Where a person's message lies."""

    scope: Scope
    text: Path
    id: Path


class Mapping(Struct, frozen=True):
    """How lines of JSON are to be read."""

    name: str
    title: str
    whole: Scope
    time: Path
    session: Path
    account: Path
    agent: Path
    parent: Path
    call: CallPaths | None
    result: ResultPaths | None
    human: TurnPaths | None


class _Section(Struct, kw_only=True, forbid_unknown_fields=True):
    each: _Words = ""
    when: dict[str, Scalar | list[Scalar]] = {}


class _Call(_Section, kw_only=True):
    tool: _Words
    arguments: _Words | dict[str, _Words] = ""
    id: _Words = ""


class _Result(_Section, kw_only=True):
    text: _Words
    id: _Words = ""
    failed: _Words = ""
    failed_values: list[Scalar] = []


class _Human(_Section, kw_only=True):
    text: _Words
    id: _Words = ""


class _File(Struct, forbid_unknown_fields=True):
    name: str
    time: _Words
    session: _Words
    title: str = ""
    account: _Words = ""
    agent: _Words = ""
    parent: _Words = ""
    when: dict[str, Scalar | list[Scalar]] = {}
    call: _Call | None = None
    result: _Result | None = None
    human: _Human | None = None


def parse_mapping(data: bytes, where: str) -> Mapping:
    """Read a mapping file.

    Raises:
        SetupError: if it is no TOML, a name is not known, a path is none, or nothing is mapped; with the line if there
            is one that says it.
    """
    text = _decoded(data, where)
    try:
        file = msgspec.convert(tomllib.loads(text), _File)
        mapping = _compiled(file)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        line = _TOML_LINE.search(str(error))
        place = f"{where}:{line.group(1)}" if line else where
        raise SetupError(f"no TOML: {_TOML_LINE.sub('', str(error))}", where=place, hint=_HINT) from error
    except msgspec.ValidationError as error:
        raise SetupError(_PLACE.sub(_named, str(error)), where=_place(where, text, str(error)), hint=_HINT) from error
    if mapping.call is None and mapping.result is None and mapping.human is None:
        raise SetupError("nothing is mapped, expected [call], [result] or [human]", where=where, hint=_HINT)
    return mapping


def _decoded(data: bytes, where: str) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = 1 + data.count(b"\n", 0, error.start)
        raise SetupError("no UTF-8, expected TOML in UTF-8", where=f"{where}:{line}", hint=_HINT) from error


def _named(place: "re.Match[str]") -> str:
    return f" in `{place.group(1)}`" if place.group(1) else ""


def _place(where: str, text: str, fault: str) -> str:
    """Name the line that a fault is about, as far as one can be found by its table and key."""
    found, field = _PLACE.search(fault), _FIELD.search(fault)
    steps = [step for step in (found.group(1).split(".") if found else ()) if step and step != "..."]
    steps += [field.group(1)] if field else []
    lines = [*enumerate(_places(text), 1)]
    ways = [steps[:count] for count in range(len(steps), 0, -1)]
    line = next((number for way in ways for number, at in lines if at == way), 0)
    return f"{where}:{line}" if line else where


def _places(text: str) -> Iterator[list[str]]:
    """Yield for each line where it is in the file: the table that begins there, or the table and the key."""
    table: list[str] = []
    for line in text.splitlines():
        header = _HEADER.match(line)
        name, sign, _ = line.partition("=")
        if header:
            table = [header.group(1).strip()]
        yield table if header else [*table, name.strip().strip("\"'")] if sign else []


def _compiled(file: _File) -> Mapping:
    if not _Name.fullmatch(file.name):
        raise msgspec.ValidationError("Expected a short name in small letters, digits and hyphens - at `$.name`")
    return Mapping(
        name=file.name,
        title=file.title or file.name,
        whole=Scope(NOWHERE, _when(file.when, "when")),
        time=_path(file.time, "time", needed=True),
        session=_path(file.session, "session", needed=True),
        account=_path(file.account, "account"),
        agent=_path(file.agent, "agent"),
        parent=_path(file.parent, "parent"),
        call=_call(file.call) if file.call else None,
        result=_result(file.result) if file.result else None,
        human=_human(file.human) if file.human else None,
    )


def _call(section: _Call) -> CallPaths:
    return CallPaths(
        scope=_scope(section, "call"),
        tool=_path(section.tool, "call.tool", needed=True),
        id=_path(section.id, "call.id"),
        arguments=_arguments(section.arguments),
    )


def _result(section: _Result) -> ResultPaths:
    return ResultPaths(
        scope=_scope(section, "result"),
        text=_path(section.text, "result.text", needed=True),
        id=_path(section.id, "result.id"),
        failed=_path(section.failed, "result.failed"),
        failed_values=tuple(section.failed_values),
    )


def _human(section: _Human) -> TurnPaths:
    return TurnPaths(
        scope=_scope(section, "human"),
        text=_path(section.text, "human.text", needed=True),
        id=_path(section.id, "human.id"),
    )


def _scope(section: _Section, name: str) -> Scope:
    return Scope(_path(section.each, f"{name}.each"), _when(section.when, f"{name}.when"))


def _when(wanted: dict[str, Scalar | list[Scalar]], name: str) -> tuple[tuple[Path, tuple[Scalar, ...]], ...]:
    return tuple(
        (_path(path, name, needed=True), tuple(value) if isinstance(value, list) else (value,))
        for path, value in wanted.items()
    )


def _arguments(words: _Words | dict[str, _Words]) -> tuple[tuple[str, Path], ...]:
    if isinstance(words, dict):
        return tuple((name, _path(word, "call.arguments", needed=True)) for name, word in words.items())
    path = _path(words, "call.arguments")
    return (("", path),) if path.ways else ()


def _path(words: _Words, name: str, *, needed: bool = False) -> Path:
    """Read a path, or several.

    Raises:
        msgspec.ValidationError: if one is no path.
    """
    written = [words] if isinstance(words, str) else words
    if not needed and written in ([""], []):
        return NOWHERE
    ways = tuple(tuple(word.split(".")) for word in written)
    if not ways or any(not all(way) or len(way) > MAX_STEPS for way in ways):
        raise msgspec.ValidationError(f"Expected keys joined by dots, 1 to {MAX_STEPS}, got `{words}` - at `$.{name}`")
    return Path(ways)


def _walk(value: object, steps: tuple[str, ...]) -> object:
    """Follow keys and positions. A key may hold dots itself: the longest one that leads to something counts."""
    if not steps:
        return value
    if isinstance(value, dict):
        if len(steps) == 1:
            return value.get(steps[0])
        for count in range(len(steps), 0, -1):
            inner = value.get(".".join(steps[:count]))
            found = None if inner is None else _walk(inner, steps[count:])
            if found is not None:
                return found
        return None
    if isinstance(value, list) and steps[0].isdecimal() and int(steps[0]) < len(value):
        return _walk(value[int(steps[0])], steps[1:])
    return None


def _is(value: object, wanted: Scalar) -> bool:
    """Whether a value is the one wanted; `true` is not 1."""
    return value == wanted and isinstance(value, bool) == isinstance(wanted, bool)
