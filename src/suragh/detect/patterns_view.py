"""Looks: what a shell text must pass as it stands, and how one is tried on it."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final, TypeAlias

from msgspec import Struct

from suragh.detect.evaluate import SHORT
from suragh.detect.predicates import every, some

_COMPILED: Final = 4_096
"""Expressions that are kept compiled; real rules have some 1,500, of which few are ever tried."""

NAMES: Final = re.compile(r"[a-z0-9_.-]+")
_BREAK: Final = re.compile(r"\\[nrt]")
_OPTION: Final = re.compile(r"(?<![a-z0-9_.-])-(\S+)")
_FEW: Final = 12
"""Names that are searched for one by one before the text is cut into its own."""


class View:
    """A text in small letters, with what several looks ask of it worked out once."""

    __slots__ = ("_known", "_names", "_options", "lowered")

    def __init__(self, text: str) -> None:
        self.lowered = text.lower()
        self._known: dict[str, bool] = {}
        self._names: frozenset[str] | None = None
        self._options: frozenset[str] | None = None

    @property
    def names(self) -> frozenset[str]:
        """Every run of characters that names are made of, also without `.exe`."""
        if self._names is None:
            runs: list[str] = NAMES.findall(self.lowered)
            if "\\" in self.lowered:
                # what `\\n` becomes parts names, too
                runs += NAMES.findall(_BREAK.sub(" ", self.lowered))
            if ".exe" in self.lowered:
                runs += [run[:-4] for run in runs if run.endswith(".exe")]
            self._names = frozenset(runs)
        return self._names

    @property
    def options(self) -> frozenset[str]:
        """Every option that may stand in the text: `--name`, and `-x` for each letter after a dash."""
        if self._options is None:
            found: set[str] = set()
            runs: list[str] = _OPTION.findall(_BREAK.sub(" ", self.lowered))
            for run in runs:
                if run.startswith("-"):
                    found.add(f"-{run.partition('=')[0]}")
                else:
                    found.update([f"-{letter}" for letter in run])
            self._options = frozenset(found)
        return self._options

    def found(self, expression: str) -> bool:
        """Whether an expression in small letters matches somewhere in the text."""
        known = self._known.get(expression)
        if known is None:
            known = self._known[expression] = _compiled(expression).search(self.lowered) is not None
        return known


@lru_cache(_COMPILED)
def _compiled(expression: str) -> re.Pattern[str]:
    return re.compile(expression, re.ASCII | re.DOTALL)


class Names(Struct, frozen=True, array_like=True, tag=True):
    """One of some names must stand in the text, as a whole."""

    names: frozenset[str]


class Options(Struct, frozen=True, array_like=True, tag=True):
    """One of some options must stand in the text."""

    options: frozenset[str]


class Loose(Struct, frozen=True, array_like=True, tag=True):
    """An expression must match somewhere in the text; of a long text only its plain texts are asked for.

    Attributes:
        expression: the expression, in small letters; empty where the plain texts alone tell.
        required: plain texts of which every match holds one; empty where that is not known.
    """

    expression: str
    required: tuple[str, ...] = ()


class Each(Struct, frozen=True, array_like=True, tag=True):
    """All parts must pass; of none, any text does."""

    parts: "tuple[Look, ...]"


class Either(Struct, frozen=True, array_like=True, tag=True):
    """One part must pass; of none, no text does."""

    parts: "tuple[Look, ...]"


Look: TypeAlias = Names | Options | Loose | Each | Either

Passes: TypeAlias = Callable[[View], bool]
"""Whether a rule may match a text as it stands."""

OPEN: Final = Each(())
"""Any text passes."""
CLOSED: Final = Either(())

EXPRESSION_COST: Final = 24
"""What an expression costs on a text, in searches for a plain text."""


def looker(look: Look) -> Passes:
    """Make the function that says whether a text passes a look; what costs little is asked first."""
    match look:
        case Each(parts):
            return every([looker(part) for part in sorted(parts, key=_cost)])
        case Either(parts):
            return some([looker(part) for part in sorted(parts, key=_cost)])
        case Loose():
            return _matches(look)
        case Names(names):
            return _named_one(names)
        case Options(options):
            return lambda view: not options.isdisjoint(view.options)


def _cost(look: Look) -> int:
    match look:
        case Each(parts) | Either(parts):
            return sum(_cost(part) for part in parts)
        case Loose(_, required):
            return len(required) or EXPRESSION_COST
        case Names() | Options():
            return 1


def _named_one(names: frozenset[str]) -> Passes:
    if len(names) > _FEW:
        return lambda view: not names.isdisjoint(view.names)
    few = tuple(sorted(names))

    def passes(view: View) -> bool:
        lowered = view.lowered
        for name in few:  # noqa: SIM110 - a generator for `any` costs more than most looks
            if name in lowered and name in view.names:
                return True
        return False

    return passes


def _matches(look: Loose) -> Passes:
    expression, required = look.expression, look.required

    def passes(view: View) -> bool:
        lowered = view.lowered
        for text in required:
            if text in lowered:
                break
        else:
            if required:
                return False
        return not expression or len(lowered) > SHORT or view.found(expression)

    return passes
