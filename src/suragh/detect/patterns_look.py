"""The second look: a rule's condition on a shell text as it stands, before it is taken apart.

Taking a text apart costs more than all else, and an anchor tells little. So a rule whose anchor was hit is tried on the
raw text, with each test loosened: it may pass a text that the rule does not match, and stops none that it does, unless
a trigger for tricks has fired.
"""

import re
from collections.abc import Callable, Iterable
from functools import cached_property, lru_cache
from typing import Final, TypeAlias

from msgspec import Struct

from suragh.detect import evaluate
from suragh.detect.evaluate import SHORT, Condition, Constant, Pattern, Text, Where
from suragh.detect.events import FIELDS, Trace
from suragh.detect.patterns import IMPLIED, JOINTS, name_shown
from suragh.detect.patterns_loose import NotPlainError, loosened
from suragh.detect.patterns_regex import Choice, Piece, Required, Sequence, required_texts

_COMPILED: Final = 4_096
"""Expressions that are kept compiled; real rules have some 1,500, of which few are ever tried."""

_NAMES: Final = re.compile(r"[a-z0-9_.-]+")


class View:
    """A text in small letters, with what several looks ask of it worked out once."""

    def __init__(self, text: str) -> None:
        self.lowered = text.lower()
        self._found: dict[str, bool] = {}

    @cached_property
    def names(self) -> frozenset[str]:
        """Every run of characters that names are made of, also without `.exe`."""
        runs: list[str] = _NAMES.findall(self.lowered)
        if ".exe" in self.lowered:
            runs += [run[:-4] for run in runs if run.endswith(".exe")]
        return frozenset(runs)

    def found(self, expression: str) -> bool:
        """Whether an expression in small letters matches somewhere in the text."""
        known = self._found.get(expression)
        if known is None:
            known = self._found[expression] = _compiled(expression).search(self.lowered) is not None
        return known


@lru_cache(_COMPILED)
def _compiled(expression: str) -> re.Pattern[str]:
    return re.compile(expression, re.ASCII | re.DOTALL)


class Names(Struct, frozen=True, array_like=True, tag=True):
    """One of some names must stand in the text, as a whole."""

    names: frozenset[str]


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


Look: TypeAlias = Names | Loose | Each | Either

Passes: TypeAlias = Callable[[View], bool]
"""Whether a rule may match a text as it stands."""

OPEN: Final = Each(())
"""Any text passes."""
_CLOSED: Final = Either(())

_OPENS: Final = r"(?:\A|[^a-z0-9_.-])"
_CLOSES: Final = r"(?:\.exe)?(?:\Z|[^a-z0-9_.-])"
_GROUP: Final = r"\((?:\?:)?(?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\)"
_EDGES: Final = re.compile(rf"(?:\(\?[aims]+\))?(\^)?(?:{_GROUP}|[^()|\\$]|\\.)*(\$)?")
"""An expression of which no alternative stands outside a group, and whether it must match a value's start and end."""
_MOST: Final = 24
"""Plain texts beyond which looking for each costs more than the expression."""

_METHODS: Final = {"get": "", "post": "", "head": r"\bhead|spider|-[a-z]*i", "put": r"\bput|-file|-[a-z]*t"}
"""Methods that options stand for, or that none need: how a text shows them. Others are written out."""


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
            return OPEN if condition.value else _CLOSED
        case evaluate.Not():
            return OPEN
        case _:
            look = _pattern(condition) if isinstance(condition, Pattern) else OPEN
            return _each([_of_field(condition.field), look])


def _of_field(field: str) -> Look:
    """A command has some fields only if it is one of some programs."""
    programs = FIELDS[field].programs
    return _loose(f"{_OPENS}(?:{'|'.join(map(re.escape, programs))})") if programs else OPEN


def _loose(expression: str) -> Loose:
    expression = expression if expression.isascii() else re.sub(r"[^\x00-\x7f]+", lambda it: it[0].lower(), expression)
    return Loose(expression, alternatives(required_texts(expression)))


def alternatives(required: Required, of_piece: Callable[[str], str] = str.lower) -> tuple[str, ...]:
    """The longest plain text of each alternative; none where one has none, or where they are many."""
    match required:
        case Piece(text):
            shown = of_piece(text)
            return (shown,) if shown else ()
        case Sequence(parts):
            known = [texts for part in parts if (texts := alternatives(part, of_piece))]
            return max(known, key=lambda texts: min(map(len, texts)), default=())
        case Choice(parts):
            each = [alternatives(part, of_piece) for part in parts]
            flat = tuple(dict.fromkeys(text for texts in each for text in texts))
            return flat if all(each) and len(flat) <= _MOST else ()


def _each(looks: list[Look]) -> Look:
    if _CLOSED in looks:
        return _CLOSED
    parts = tuple([look for look in looks if look != OPEN])
    return parts[0] if len(parts) == 1 else Each(parts)


def _some(parts: tuple[Condition, ...]) -> Look:
    """Alternatives; texts that one field may have become one expression."""
    together: dict[tuple[str, Where], list[Text]] = {}
    for part in parts:
        if isinstance(part, Text):
            together.setdefault((part.field, part.where), []).append(part)
    looks = [_texts(texts) for texts in together.values()]
    looks += [look_of(part) for part in parts if not isinstance(part, Text)]
    if OPEN in looks:
        return OPEN
    looks = [look for look in looks if look != _CLOSED]
    return looks[0] if len(looks) == 1 else Either(tuple(looks))


def _texts(texts: list[Text]) -> Look:
    """One of some texts stands in a value of their field, all at the same place in it."""
    field, where = texts[0].field, texts[0].where
    trace = FIELDS[field].trace
    needles = [name_shown(text.needle.lower()) if trace is Trace.NAME else text.needle.lower() for text in texts]
    return _each([_of_field(field), _needles(field, where, needles)])


def _needles(field: str, where: Where, needles: list[str]) -> Look:
    trace = FIELDS[field].trace
    if trace is Trace.HEADER:
        return _written([_header_word(needle) for needle in needles])
    if field == "http.method" and where is Where.WHOLE:
        ways = [_METHODS.get(needle, re.escape(needle)) for needle in needles]
        return _loose("|".join(ways)) if all(ways) else OPEN
    if field == "decodings" and where is Where.WHOLE and "quoting" not in needles:
        # where something was decoded, a trigger for tricks has fired
        return _CLOSED
    if trace in (Trace.NONE, Trace.WAY) or not all(needles):
        return OPEN
    opens, closes = where in (Where.WHOLE, Where.START), where in (Where.WHOLE, Where.END)
    if opens and closes and all(_NAMES.fullmatch(needle) for needle in needles):
        return Names(frozenset(needles))
    before = _OPENS if opens and all(_named(needle[0]) for needle in needles) else ""
    after = _CLOSES if closes and all(_named(needle[-1]) for needle in needles) else ""
    return _loose(f"{before}(?:{'|'.join(loosened(re.escape(needle)) for needle in needles)}){after}")


def _written(words: Iterable[str]) -> Look:
    """One of some words stands in the text; open if one of them is empty, or if there are none."""
    known = tuple(dict.fromkeys(words))
    return Loose("", known) if known and all(known) else OPEN


def _named(char: str) -> bool:
    return char.isascii() and (char.isalnum() or char in "_.-")


def _header_word(text: str) -> str:
    """The longest word of a header that has to be written: none that an option stands for."""
    return max([word for word in JOINTS.split(text.lower()) if word not in IMPLIED], key=len, default="")


def _pattern(test: Pattern) -> Look:
    trace = FIELDS[test.field].trace
    source = test.expression.pattern
    if trace in (Trace.NONE, Trace.WAY) or test.expression.flags & re.VERBOSE:
        return OPEN
    if trace is Trace.NAME and ("/" in source or "\\\\" in source or "exe" in source):
        # only the last part of a path is sure to stand in the text, and without `.exe`
        return OPEN
    words: Look = OPEN
    if trace is Trace.HEADER:
        words = _written(alternatives(required_texts(source), _header_word))
        if ":" in source or not IMPLIED.isdisjoint(_NAMES.findall(source.lower())):
            return words
    try:
        expression = loosened(source, cased=not test.expression.flags & re.IGNORECASE)
    except NotPlainError:
        return words
    loose = _loose(_edged(source, expression) if trace is Trace.NAME else expression)
    # looks backtrack: of what may run long only the plain texts are asked for
    return _each([words, Loose("", loose.required) if test.wary else loose])


def _edged(source: str, expression: str) -> str:
    """A name's expression with the edges that its anchors ask for, where they hold for all of its alternatives."""
    found = _EDGES.fullmatch(source)
    if found is None:
        return expression
    return f"{_OPENS if found[1] else ''}(?:{expression}){_CLOSES if found[2] else ''}"


def looker(look: Look) -> Passes:
    """Make the function that says whether a text passes a look; what costs little is asked first."""
    match look:
        case Each(parts):
            return _all(tuple([looker(part) for part in sorted(parts, key=_cost)]))
        case Either(parts):
            return _any(tuple([looker(part) for part in sorted(parts, key=_cost)]))
        case Loose():
            return _matches(look)
        case Names(names):
            return lambda view: not names.isdisjoint(view.names)


def _cost(look: Look) -> int:
    match look:
        case Each(parts) | Either(parts):
            return sum(_cost(part) for part in parts)
        case Loose(_, required):
            return len(required) or _MOST
        case Names():
            return 1


def _all(parts: tuple[Passes, ...]) -> Passes:
    def passes(view: View) -> bool:
        for part in parts:  # noqa: SIM110 - a generator for `all` costs more than most looks
            if not part(view):
                return False
        return True

    return passes


def _any(parts: tuple[Passes, ...]) -> Passes:
    def passes(view: View) -> bool:
        for part in parts:  # noqa: SIM110 - as above
            if part(view):
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
