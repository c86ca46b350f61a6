"""The second look: a rule's condition on a shell text as it stands, before it is taken apart.

Taking a text apart costs more than all else, and an anchor tells little. So a rule whose anchor was hit is tried on the
raw text, with each test loosened: it may pass a text that the rule does not match, and stops none that it does, unless
a trigger for tricks has fired.
"""

import re
from enum import Enum
from typing import Final, TypeAlias

from msgspec import Struct

from suragh.detect import evaluate
from suragh.detect.evaluate import SHORT, Condition, Constant, Pattern, Text, Where
from suragh.detect.events import FIELDS, Trace
from suragh.detect.patterns_loose import NotPlainError, loosened
from suragh.detect.patterns_regex import Choice, Piece, Required, Sequence, required_texts
from suragh.detect.scan_values import Expressions


class View:
    """A text, with what several tests ask of it worked out once."""

    def __init__(self, text: str, expressions: Expressions) -> None:
        self.text = text
        self.lowered = text.lower()
        self._expressions = expressions
        self._names: frozenset[str] | None = None
        self._found: dict[str, bool] = {}

    @property
    def names(self) -> frozenset[str]:
        """Every run of characters that names are made of, also without `.exe`."""
        if self._names is None:
            runs = _NAMES.findall(self.lowered)
            self._names = frozenset(runs + [run[:-4] for run in runs if run.endswith(".exe")])
        return self._names

    def found(self, expression: str) -> bool:
        """Whether an expression matches somewhere in the text, whatever the case of letters."""
        known = self._found.get(expression)
        if known is None:
            known = self._found[expression] = self._expressions.found(expression, self.text)
        return known


class Names(Struct, frozen=True, array_like=True, tag=True):
    """One of some names must stand in the text, as a whole."""

    names: frozenset[str]

    def passes(self, view: View) -> bool:
        """Whether the rule may match the text."""
        return not self.names.isdisjoint(view.names)


class Loose(Struct, frozen=True, array_like=True, tag=True):
    """An expression must match somewhere in the text; of a long text only its plain texts are asked for.

    Attributes:
        expression: the expression.
        required: plain texts of which every match holds one; empty where that is not known.
    """

    expression: str
    required: tuple[str, ...] = ()

    def passes(self, view: View) -> bool:
        """Whether the rule may match the text."""
        lowered = view.lowered
        if self.required and not any(text in lowered for text in self.required):
            return False
        return len(lowered) > SHORT or view.found(self.expression)


class Each(Struct, frozen=True, array_like=True, tag=True):
    """All parts must pass."""

    parts: "tuple[Look, ...]"

    def passes(self, view: View) -> bool:
        """Whether the rule may match the text."""
        return all(part.passes(view) for part in self.parts)


class Either(Struct, frozen=True, array_like=True, tag=True):
    """One part must pass."""

    parts: "tuple[Look, ...]"

    def passes(self, view: View) -> bool:
        """Whether the rule may match the text."""
        return any(part.passes(view) for part in self.parts)


class Open(Enum):
    """Any text passes."""

    OPEN = "open"

    def passes(self, view: View) -> bool:  # noqa: ARG002 - the shape of the others
        """Whether the rule may match the text."""
        return True


Look: TypeAlias = Names | Loose | Each | Either | Open

_NAMES: Final = re.compile(r"[a-z0-9_.-]+")

_UNLIKE: Final = (Trace.NONE, Trace.WAY, Trace.HEADER)
"""Fields whose values may stand in the text in another form."""

_OPENS: Final = r"(?:\A|[^a-z0-9_.-])"
_CLOSES: Final = r"(?:\Z|[^a-z0-9_.-])"
_MOST: Final = 24
"""Plain texts beyond which looking for each costs more than the expression."""


def look_of(condition: Condition) -> Look:
    """Loosen a condition on a command to one on the text that the command stands in."""
    match condition:
        case evaluate.Every(parts):
            return _each([look_of(part) for part in parts])
        case evaluate.Some(parts):
            return _some(parts)
        case Text():
            return _texts([condition])
        case Constant():
            return Open.OPEN if condition.value else Either(())
        case evaluate.Not():
            return Open.OPEN
        case _:
            look = _pattern(condition) if isinstance(condition, Pattern) else Open.OPEN
            return _each([_programs(condition.field), look])


def _programs(field: str) -> Look:
    """A command has some fields only if it is one of some programs."""
    programs = FIELDS[field].programs
    return _loose(f"{_OPENS}(?:{'|'.join(map(re.escape, programs))})") if programs else Open.OPEN


def _loose(expression: str) -> Loose:
    return Loose(expression, alternatives(required_texts(expression)))


def alternatives(required: Required) -> tuple[str, ...]:
    """The longest plain text of each alternative; none where one has none, or where they are many."""
    match required:
        case Piece(text):
            return (text.lower(),)
        case Sequence(parts):
            known = [texts for part in parts if (texts := alternatives(part))]
            return max(known, key=lambda texts: min(map(len, texts)), default=())
        case Choice(parts):
            each = [alternatives(part) for part in parts]
            flat = tuple(dict.fromkeys(text for texts in each for text in texts))
            return flat if all(each) and len(flat) <= _MOST else ()


def _each(looks: list[Look]) -> Look:
    parts = tuple([look for look in looks if look is not Open.OPEN])
    if not parts:
        return Open.OPEN
    return parts[0] if len(parts) == 1 else Each(parts)


def _some(parts: tuple[Condition, ...]) -> Look:
    """Alternatives; texts that one field may have become one expression."""
    together: dict[tuple[str, Where], list[Text]] = {}
    for part in parts:
        if isinstance(part, Text):
            together.setdefault((part.field, part.where), []).append(part)
    looks = [_texts(texts) for texts in together.values()]
    looks += [look_of(part) for part in parts if not isinstance(part, Text)]
    if Open.OPEN in looks:
        return Open.OPEN
    return looks[0] if len(looks) == 1 else Either(tuple(looks))


def _texts(texts: list[Text]) -> Look:
    """One of some texts stands in a value of their field, all at the same place in it."""
    trace = FIELDS[texts[0].field].trace
    opens = texts[0].where in (Where.WHOLE, Where.START)
    closes = texts[0].where in (Where.WHOLE, Where.END)
    needles = [_last_part(text.needle) if trace is Trace.NAME else text.needle for text in texts]
    programs = _programs(texts[0].field)
    if trace in _UNLIKE or not all(needles):
        return programs
    if opens and closes and all(_NAMES.fullmatch(needle.lower()) for needle in needles):
        return _each([programs, Names(frozenset(needle.lower() for needle in needles))])
    inner = "|".join(loosened(re.escape(needle)) for needle in needles)
    before = _OPENS if opens and all(_named(needle[0]) for needle in needles) else ""
    after = _CLOSES if closes and all(_named(needle[-1]) for needle in needles) else ""
    return _each([programs, _loose(f"{before}(?:{inner}){after}")])


def _last_part(name: str) -> str:
    return name[max(name.rfind("/"), name.rfind("\\")) + 1 :].lower().removesuffix(".exe")


def _named(char: str) -> bool:
    return char.isascii() and (char.isalnum() or char in "_.-")


def _pattern(test: Pattern) -> Look:
    trace = FIELDS[test.field].trace
    source = test.expression.pattern
    if trace in _UNLIKE or test.expression.flags & re.VERBOSE:
        return Open.OPEN
    if trace is Trace.NAME and ("/" in source or "\\\\" in source):
        # only the last part of a path is sure to stand in the text
        return Open.OPEN
    try:
        return _loose(loosened(source))
    except NotPlainError:
        return Open.OPEN
