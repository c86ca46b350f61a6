"""What must stand in a text before a rule can match: literals, and how they combine.

A rule's *need* is worked out once, from its condition. It claims less than the condition, never more: where it does
not hold the rule cannot match, so the text need not be taken apart.
"""

import re
from enum import Enum, auto
from typing import Final, TypeAlias

from msgspec import Struct

from suragh.detect import evaluate
from suragh.detect.evaluate import Condition, Constant, Pattern, Text, Where
from suragh.detect.events import FIELDS, Kind, Trace
from suragh.detect.leaf_kind import words


class Literal(Struct, frozen=True):
    """A text to search for, without regard to case.

    Attributes:
        text: lower case, not empty.
        opens: whether no word character may stand before it.
        closes: whether none may stand after it.
    """

    text: str
    opens: bool = False
    closes: bool = False


class Free(Enum):
    """No need: the rule may match whatever stands in the text."""

    FREE = auto()


class One(Struct, frozen=True):
    """At least one of some literals."""

    ids: frozenset[int]

    def met(self, hits: set[int]) -> bool:
        """Whether these literals meet the need."""
        return not self.ids.isdisjoint(hits)


class AllOf(Struct, frozen=True):
    """All of some needs."""

    parts: "tuple[Bound, ...]"

    def met(self, hits: set[int]) -> bool:
        """Whether these literals meet the need."""
        return all(part.met(hits) for part in self.parts)


class AnyOf(Struct, frozen=True):
    """Any of some needs."""

    parts: "tuple[Bound, ...]"

    def met(self, hits: set[int]) -> bool:
        """Whether these literals meet the need."""
        return any(part.met(hits) for part in self.parts)


Bound: TypeAlias = One | AllOf | AnyOf
Need: TypeAlias = Bound | Free

_JOINTS: Final = re.compile(r"[\s'\"`\\$=:@,;|&<>(){}\[\]*?%+^!#]+")
"""Where a value may be broken in the text that shows it: quotes, escapes, expansions, redirects between words, percent
and form encoding. Between these a value stands in the text as it is, or a trigger for tricks fires."""

_SHORTEST: Final = 2
"""Characters of a piece of a value that is worth searching for: single ones stand in every text."""

_PIECES: Final = 4
"""Longest pieces of one value that are searched for; more add patterns and no selectivity."""

_IMPLIED: Final = words("user-agent referer cookie authorization basic bearer content-type host")
"""Header names and schemes that an option stands for, so that they need not be written."""


class Lexicon:
    """The literals of all rules, each with its number."""

    def __init__(self) -> None:
        self.literals: dict[Literal, int] = {}

    def one(self, literal: Literal) -> One:
        """The need of a single literal."""
        return One(frozenset((self.literals.setdefault(literal, len(self.literals)),)))

    def weights(self) -> list[int]:
        """How telling each literal is: its length, and a little for each edge that must be a word's."""
        return [2 * len(literal.text) + literal.opens + literal.closes for literal in self.literals]


def need_of(condition: Condition, kind: Kind, lexicon: Lexicon) -> Need:
    """Work out what a condition needs on a kind of event."""
    match condition:
        case evaluate.Every(parts):
            return all_of([need_of(part, kind, lexicon) for part in parts])
        case evaluate.Some(parts):
            return any_of([need_of(part, kind, lexicon) for part in parts])
        case evaluate.Not():
            return Free.FREE
        case Constant():
            return Free.FREE if condition.value else any_of([])
        case _:
            return all_of([_of_test(condition, lexicon), _of_programs(condition, kind, lexicon)])


def _of_test(test: evaluate.Test, lexicon: Lexicon) -> Need:
    match test:
        case Text():
            opens = test.where in (Where.WHOLE, Where.START)
            closes = test.where in (Where.WHOLE, Where.END)
            return value_need(test.field, (test.needle.lower(), opens, closes), lexicon)
        case Pattern():
            spaced = bool(test.expression.flags & re.VERBOSE)
            return _of_required(test.field, required_literals(test.expression.pattern, ignore_spaces=spaced), lexicon)
        case _:
            return Free.FREE


def _of_programs(test: evaluate.Test, kind: Kind, lexicon: Lexicon) -> Need:
    """A command has some fields only if it is one of some programs."""
    programs = FIELDS[test.field].programs
    if kind is not Kind.COMMAND or not programs:
        return Free.FREE
    return any_of([lexicon.one(Literal(program, opens=True)) for program in programs])


def all_of(needs: list[Need]) -> Need:
    """Every need that is one; none if none is."""
    parts = list(dict.fromkeys(need for need in needs if not isinstance(need, Free)))
    if not parts:
        return Free.FREE
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))


def any_of(needs: list[Need]) -> Need:
    """One of the needs; none if any is none."""
    parts: list[Bound] = []
    single: set[int] = set()
    for need in needs:
        if isinstance(need, Free):
            return Free.FREE
        if isinstance(need, One):
            single |= need.ids
        else:
            parts.append(need)
    if single or not parts:
        parts.insert(0, One(frozenset(single)))
    return parts[0] if len(parts) == 1 else AnyOf(tuple(dict.fromkeys(parts)))


def anchor(need: Bound, weights: list[int]) -> frozenset[int]:
    """Literals of which one must stand in the text: the most telling branch of each alternative."""
    match need:
        case One(ids):
            return ids
        case AllOf(parts):
            return max((anchor(part, weights) for part in parts), key=lambda ids: _telling(ids, weights))
        case AnyOf(parts):
            return frozenset().union(*[anchor(part, weights) for part in parts])


def _telling(ids: frozenset[int], weights: list[int]) -> tuple[int, int]:
    return min((weights[number] for number in ids), default=0), -len(ids)


def value_need(field: str, value: tuple[str, bool, bool], lexicon: Lexicon) -> Need:
    """What stands in the text of an action if a field has a value with these edges."""
    text, opens, closes = value
    match FIELDS[field].trace:
        case Trace.NONE:
            return Free.FREE
        case Trace.VERBATIM:
            return lexicon.one(Literal(text)) if len(text) >= _SHORTEST else Free.FREE
        case Trace.NAME:
            cut = max(text.rfind("/"), text.rfind("\\")) + 1
            # a piece of a name may be all of it: without an edge nothing says where the name begins
            return _pieces((text[cut:].removesuffix(".exe"), opens or cut > 0, closes), lexicon, skip=frozenset())
        case Trace.WORDS:
            return _pieces(value, lexicon, skip=frozenset())
        case Trace.HEADER:
            return _pieces(value, lexicon, skip=_IMPLIED)


def _pieces(value: tuple[str, bool, bool], lexicon: Lexicon, skip: frozenset[str]) -> Need:
    text, opens, closes = value
    found: list[Literal] = []
    position = 0
    for joint in [*_JOINTS.finditer(text), None]:
        stop = joint.start() if joint else len(text)
        piece = text[position:stop]
        literal = Literal(
            piece,
            opens=opens and position == 0 and _worded(piece[:1]),
            closes=closes and joint is None and _worded(piece[-1:]),
        )
        if piece not in skip and (len(piece) >= _SHORTEST or (literal.opens and literal.closes)):
            found.append(literal)
        position = joint.end() if joint else stop
    longest = sorted(found, key=lambda literal: -len(literal.text))[:_PIECES]
    return all_of([lexicon.one(literal) for literal in longest])


def _worded(char: str) -> bool:
    return char.isascii() and (char.isalnum() or char == "_")


def _of_required(field: str, required: "Required", lexicon: Lexicon) -> Need:
    match required:
        case str():
            return value_need(field, (required.lower(), False, False), lexicon)
        case Sequence(parts):
            return all_of([_of_required(field, part, lexicon) for part in parts])
        case Choice(parts):
            return any_of([_of_required(field, part, lexicon) for part in parts])


class Sequence(Struct, frozen=True):
    """Literals that all must stand in what an expression matches."""

    parts: "tuple[Required, ...]"


class Choice(Struct, frozen=True):
    """Alternatives of an expression."""

    parts: "tuple[Required, ...]"


Required: TypeAlias = str | Sequence | Choice

_CLASSES: Final = frozenset("dDwWsSbBAZz")
_CONTROL: Final = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v", "a": "\a", "0": "\0"}
_REPEAT: Final = re.compile(r"(?:\{(\d*)(?:,\d*)?\}|([*?+]))([?+]?)")


def required_literals(expression: str, *, ignore_spaces: bool = False) -> Required:
    """Read off a valid regular expression the texts that all its matches hold; what is not plain is left out."""
    if ignore_spaces or "(?x" in expression:
        return Sequence(())
    return _Reader(expression).alternatives()


class _Reader:
    """One pass over an expression, group by group."""

    def __init__(self, expression: str) -> None:
        self._text = expression
        self._at = 0

    def alternatives(self) -> Required:
        """Read up to the end of a group, or of the expression."""
        choices = [self._sequence()]
        while self._peek() == "|":
            self._at += 1
            choices.append(self._sequence())
        return choices[0] if len(choices) == 1 else Choice(tuple(choices))

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _sequence(self) -> Required:
        parts: list[Required] = []
        run = ""
        while self._peek() not in ("", "|", ")"):
            piece = self._piece()
            least, repeated = self._repeat()
            if isinstance(piece, str) and piece and not repeated:
                run += piece
                continue
            if run:
                parts.append(run)
            run = ""
            if least:
                parts.append(piece)
        if run:
            parts.append(run)
        return Sequence(tuple(part for part in parts if part))

    def _repeat(self) -> tuple[int, bool]:
        """How often at least the piece before comes, and whether that is said at all."""
        found = _REPEAT.match(self._text, self._at)
        if found is None:
            return 1, False
        self._at = found.end()
        if found[2]:
            return int(found[2] == "+"), True
        return int(found[1] or 0), True

    def _piece(self) -> Required:
        char = self._text[self._at]
        self._at += 1
        if char == "(":
            return self._group()
        if char == "[":
            return self._class()
        if char == "\\":
            return self._escape()
        return "" if char in ".^$" else char

    def _escape(self) -> str:
        char = self._text[self._at]
        self._at += 1
        if char in _CLASSES or (char.isdigit() and char != "0"):
            while self._peek().isdigit() and char.isdigit():
                self._at += 1
            return ""
        if char in "xuUN":
            width = {"x": 2, "u": 4, "U": 8}.get(char)
            if width is None:
                self._at = self._text.index("}", self._at) + 1
                return ""
            digits = self._text[self._at : self._at + width]
            self._at += width
            return chr(int(digits, 16))
        return _CONTROL.get(char, char)

    def _class(self) -> str:
        start = self._at
        if self._peek() == "^":
            self._at += 1
        if self._peek() == "]":
            self._at += 1
        while self._peek() != "]":
            self._at += 2 if self._peek() == "\\" else 1
        inner = self._text[start : self._at]
        self._at += 1
        return inner if len(inner) == 1 and inner != "^" else ""

    def _group(self) -> Required:
        kept = self._open()
        inner = self.alternatives()
        self._at += 1
        return inner if kept else Sequence(())

    def _open(self) -> bool:
        """Step over what follows the bracket; whether the group's text is part of the match."""
        rest = self._text[self._at :]
        named = re.match(r"\?P<\w+>|\?:|\?>|\?[aiLmsu-]+:", rest)
        if named:
            self._at += named.end()
            return True
        if rest.startswith("?P=") or re.match(r"\?[aiLmsu]+\)|\?#", rest):
            self._at += rest.index(")")
            return False
        if rest.startswith("?("):
            self._at += rest.index(")") + 1
            return False
        dropped = re.match(r"\?<?[=!]", rest)
        self._at += dropped.end() if dropped else 0
        return dropped is None
