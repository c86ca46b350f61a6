"""What must stand in a text before a rule can match: presence patterns, and how they combine.

A rule's *need* is worked out once, from its condition. It claims less than the condition, never more: where it does
not hold the rule cannot match, so the text need not be taken apart.
"""

import re
from enum import Enum, auto
from typing import Final, TypeAlias

import hyperscan
from msgspec import Struct

from suragh.detect import evaluate
from suragh.detect.evaluate import Condition, Constant, Pattern, Text, Where
from suragh.detect.events import FIELDS, Kind, Trace
from suragh.detect.leaf_kind import words
from suragh.detect.patterns_loose import NotPlainError, loosened
from suragh.detect.patterns_regex import Choice, Piece, Required, Sequence, required_texts


class Probe(Struct, frozen=True):
    """A pattern whose presence in a text is looked for.

    Attributes:
        expression: in Hyperscan's dialect, over UTF-8 bytes.
        weight: how telling it is: characters that what it matches holds at least.
        flags: Hyperscan's flags.
    """

    expression: str
    weight: int
    flags: int = 0


class AllOf(Struct, frozen=True):
    """All of some needs."""

    parts: "tuple[Need, ...]"


class AnyOf(Struct, frozen=True):
    """Any of some needs; of none: it never holds."""

    parts: "tuple[Need, ...]"


class Free(Enum):
    """No need: the rule may match whatever stands in the text."""

    FREE = auto()


Need: TypeAlias = Probe | AllOf | AnyOf | Free

_FLAGS: Final = hyperscan.HS_FLAG_CASELESS | hyperscan.HS_FLAG_SINGLEMATCH | hyperscan.HS_FLAG_DOTALL
_EDGE: Final = "[^a-z0-9_]"
"""What stands beside a word. A text is scanned with a space at both ends, so that there always is something."""

_JOINTS: Final = re.compile(r"[\s'\"`\\$=:@,;|&<>(){}\[\]*?%+^!#]+")
"""Where a value may be broken in the text that shows it: quotes, escapes, expansions, redirects between words, percent
and form encoding. Between these a value stands in the text as it is, or a trigger for tricks fires."""

_LEAST: Final = (4, 3, 1)
"""Characters of a plain text that is worth searching for, with a word's edge on no side, on one, on both: shorter ones
stand by chance in most texts, and each costs as much as scanning a hundred bytes."""

_LONG: Final = 7
"""Characters from which on a text is searched for without edges: longer ones hardly stand inside other words."""

_WEAK: Final = 4
"""A need that tells less than this is replaced by the expression itself, loosened: dearer to compile, and exact."""

_PIECES: Final = 2
"""Longest pieces of one value that are searched for; more add patterns and no selectivity."""

_PARTS: Final = 3
"""Most telling parts that are kept of what must stand all at once, for the same reason."""

_TRIVIAL: Final = ("", "a", "A", "0", "-", "/", ".", " ")
"""What every text holds: an expression that matches one of these tells nothing."""

_COMMON: Final = words(
    "http https http:// https:// localhost host file files user users test tests path code data json type text head"
    " from with that this true false none null error post login admin password port script string export import print"
    " echo grep curl find git cat ls index main application token session access auth form value content server client"
)
"""Words that many texts of ordinary work hold: they tell little, so another part of a rule is its anchor if it has one.
Read off the arguments of coding and customer-service agents: those in more than one text of fifty."""

_COMMON_WEIGHT: Final = 2

_IMPLIED: Final = words(
    "user-agent user agent referer cookie authorization basic bearer content-type content type host"
)
"""Words of headers that an option stands for (`-A`, `-u`), so that they need not be written."""


def need_of(condition: Condition, kind: Kind) -> Need:
    """Work out what a condition needs on a kind of event."""
    match condition:
        case evaluate.Every(parts):
            return all_of([need_of(part, kind) for part in parts])
        case evaluate.Some(parts):
            return any_of([need_of(part, kind) for part in parts])
        case evaluate.Not():
            return Free.FREE
        case Constant():
            return Free.FREE if condition.value else AnyOf(())
        case _:
            return all_of([_of_test(condition), _of_programs(condition, kind)])


def _of_test(test: evaluate.Test) -> Need:
    match test:
        case Text():
            opens = test.where in (Where.WHOLE, Where.START)
            closes = test.where in (Where.WHOLE, Where.END)
            return _of_value(test.field, Piece(test.needle.lower(), opens, closes))
        case Pattern():
            return _of_pattern(test)
        case _:
            return Free.FREE


def _of_programs(test: evaluate.Test, kind: Kind) -> Need:
    """A command has some fields only if it is one of some programs."""
    programs = FIELDS[test.field].programs
    if kind is not Kind.COMMAND or not programs:
        return Free.FREE
    return any_of([_literal(Piece(program, opens=True)) for program in programs])


def _of_value(field: str, piece: Piece) -> Need:
    """What stands in the text of an action if a value of a field holds a text, with these edges."""
    text, trace = piece.text, FIELDS[field].trace
    if trace is Trace.NONE:
        return Free.FREE
    if trace is Trace.VERBATIM:
        # edges are those of words, and the value's own need not be
        return _literal(Piece(text)) if len(text) >= _LEAST[1] else Free.FREE
    if trace is Trace.NAME:
        cut = max(text.rfind("/"), text.rfind("\\")) + 1
        piece = Piece(text[cut:].removesuffix(".exe"), piece.opens or cut > 0, piece.closes)
    found = [part for part in _pieces(piece) if trace is not Trace.HEADER or part.text not in _IMPLIED]
    return all_of([_literal(part) for part in sorted(found, key=lambda part: -len(part.text))[:_PIECES]])


def _pieces(whole: Piece) -> list[Piece]:
    """The parts of a value that stand unbroken in the text that shows it, if they are long enough to search for."""
    text = whole.text
    found: list[Piece] = []
    position = 0
    for joint in [*_JOINTS.finditer(text), None]:
        stop = joint.start() if joint else len(text)
        piece = text[position:stop]
        first = whole.opens and position == 0 and _worded(piece[:1])
        last = whole.closes and joint is None and _worded(piece[-1:])
        if len(piece) >= _LEAST[first + last]:
            found.append(Piece(piece, first, last))
        position = joint.end() if joint else stop
    return found


def _worded(char: str) -> bool:
    return char.isascii() and (char.isalnum() or char == "_")


def _literal(piece: Piece) -> Probe:
    """Search for a plain text: short ones with their edges."""
    short = len(piece.text) < _LONG
    before, after = (_EDGE if edge and short else "" for edge in (piece.opens, piece.closes))
    weight = _COMMON_WEIGHT if piece.text in _COMMON else len(piece.text) + (piece.opens and piece.closes)
    return Probe(before + "".join(map(_in_any_case, piece.text)) + after, weight, _FLAGS)


def _in_any_case(char: str) -> str:
    """A character as Hyperscan takes it; it folds only ASCII itself where texts may be no valid UTF-8."""
    if char.isascii():
        return re.escape(char)
    cases = dict.fromkeys((char, char.lower(), char.upper()))
    return f"(?:{'|'.join(cases)})"


def _of_pattern(test: Pattern) -> Need:
    """What an expression needs: plain texts where they tell enough, else the expression itself, loosened."""
    source = test.expression.pattern
    if FIELDS[test.field].trace is Trace.NONE or test.expression.flags & re.VERBOSE:
        return Free.FREE
    return _of_required(test, required_texts(source), source)


def _of_required(test: Pattern, required: Required, source: str) -> Need:
    found = _of_texts(test, required, deep=bool(source))
    return _of_source(test, source) if source and telling(found) < _WEAK else found


def _of_texts(test: Pattern, required: Required, *, deep: bool) -> Need:
    match required:
        case Piece():
            return _of_value(test.field, Piece(required.text.lower(), required.opens, required.closes))
        case Sequence(parts):
            return all_of([_of_required(test, part, "") for part in parts])
        case Choice(parts, sources):
            pairs = zip(parts, sources, strict=True)
            return any_of([_of_required(test, part, source if deep else "") for part, source in pairs])


def _of_source(test: Pattern, source: str) -> Need:
    trace = FIELDS[test.field].trace
    if trace is Trace.HEADER or (trace is Trace.NAME and ("/" in source or "\\\\" in source)):
        return Free.FREE
    try:
        if any(re.search(source, text) for text in _TRIVIAL):
            return Free.FREE
        expression = loosened(source)
    except (NotPlainError, re.error):
        return Free.FREE
    spread = hyperscan.HS_FLAG_PREFILTER if re.search(r"\(\?<?[=!]", expression) else 0
    multiline = hyperscan.HS_FLAG_MULTILINE if test.expression.flags & re.MULTILINE else 0
    return Probe(expression, _WEAK, _FLAGS | spread | multiline) if expression else Free.FREE


def all_of(needs: list[Need]) -> Need:
    """The most telling of the needs that are any; none if none is."""
    parts = list(dict.fromkeys(need for need in needs if need is not Free.FREE))
    if not parts:
        return Free.FREE
    parts.sort(key=telling, reverse=True)
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts[:_PARTS]))


def any_of(needs: list[Need]) -> Need:
    """One of the needs; none if any is none."""
    if Free.FREE in needs:
        return Free.FREE
    parts = tuple(dict.fromkeys(needs))
    return parts[0] if len(parts) == 1 else AnyOf(parts)


def telling(need: Need) -> int:
    """How much a need tells of a text: as much as the least telling of its alternatives."""
    match need:
        case Probe():
            return need.weight
        case AllOf(parts):
            return max(telling(part) for part in parts)
        case AnyOf(parts):
            return min((telling(part) for part in parts), default=0)
        case Free():
            return 0


def anchor(need: Need) -> frozenset[Probe]:
    """Patterns of which one must stand in the text: the most telling branch of each alternative."""
    match need:
        case Probe():
            return frozenset((need,))
        case AllOf(parts):
            return anchor(max(parts, key=telling))
        case AnyOf(parts):
            return frozenset().union(*[anchor(part) for part in parts])
        case Free():
            return frozenset()
