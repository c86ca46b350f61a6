"""Rules as they are used, and the files of those that come with Suragh. Nothing here needs what parses rules."""

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final

from msgspec import Struct

from suragh.detect.correlation import Correlation
from suragh.detect.evaluate import Condition
from suragh.detect.events import Kind
from suragh.model.match import RuleInfo

OWN: Final = "<suragh>/"
"""Before the names of the files of Suragh's own rules: no path of anyone's begins so."""


class Rule(Struct, frozen=True):
    """A rule that can be evaluated.

    Attributes:
        info: what is published of it.
        file: the file that it stands in.
        conditions: its condition for each kind of event that can satisfy it.
        hits: its own examples of what it must match, as its file has them.
        misses: its own examples of what it must not match.
    """

    info: RuleInfo
    file: str
    conditions: dict[Kind, Condition]
    hits: tuple[Any, ...]
    misses: tuple[Any, ...]


class Refused(Struct, frozen=True):
    """A rule that is not evaluated, and why."""

    name: str
    file: str
    reason: str


class Ruleset(Struct, frozen=True):
    """Rules that are used together.

    Attributes:
        rules: in order of name.
        correlations: those that are read by others come first.
        refused: those that cannot be evaluated, in order of file.
        digest: SHA-256 over what decides of the rules used, hexadecimal.
    """

    rules: tuple[Rule, ...]
    correlations: tuple[Correlation, ...]
    refused: tuple[Refused, ...]
    digest: str


def builtin_files() -> tuple[tuple[str, str], ...]:
    """The rule files that come with Suragh: (name, YAML text), in order of name."""
    return tuple(texts(files("suragh.rules"), ".yml", OWN))


def texts(folder: Traversable, ending: str, prefix: str = "") -> Iterator[tuple[str, str]]:
    """The files of a package below a folder whose names end so: (name, text), in order of name."""
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.name.endswith(ending):
            yield f"{prefix}{entry.name}", entry.read_text(encoding="utf-8")
        elif entry.is_dir():
            yield from texts(entry, ending, f"{prefix}{entry.name}/")
