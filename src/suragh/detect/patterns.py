"""What must stand in a text before a rule can match: the few presence patterns that every text is scanned for.

A rule's *anchor* is worked out once, from its condition: patterns of which at least one stands in every text that the
rule can match. Of what must hold all at once the most telling part is taken, so that few texts hit; of alternatives
each has its own.
"""

import re
from functools import cache, lru_cache
from typing import Final, TypeAlias

import hyperscan
from msgspec import Struct

from suragh.detect import evaluate
from suragh.detect.evaluate import Condition, Constant, Pattern, Text, Where
from suragh.detect.events import FIELDS, Kind, Trace
from suragh.detect.leaf_kind import words
from suragh.detect.patterns_loose import NotPlainError, loosened
from suragh.detect.patterns_regex import Choice, Piece, Required, Sequence, required_texts
from suragh.detect.process import SYSTEM, WINDOWS, signs_of_windows
from suragh.text.shell_windows import LOOKS


class Probe(Struct, frozen=True):
    """A pattern whose presence in a text is looked for.

    Attributes:
        expression: in Hyperscan's dialect, over UTF-8 bytes.
        weight: how telling it is: characters that what it matches holds at least.
        flags: Hyperscan's flags.
        plain: whether it is a plain text, which costs next to nothing to look for.
    """

    expression: str
    weight: int
    flags: int = 0
    plain: bool = True


Anchor: TypeAlias = frozenset[Probe] | None
"""One of these must stand in the text; of none, nothing ever matches. None: the rule may match any text."""

_FLAGS: Final = hyperscan.HS_FLAG_CASELESS | hyperscan.HS_FLAG_SINGLEMATCH | hyperscan.HS_FLAG_DOTALL
_EDGE: Final = "[^a-z0-9_]"
"""What stands beside a word. A text is scanned with a space at both ends, so that there always is something."""

JOINTS: Final = re.compile(r"[\s'\"`\\$=:@,;|&<>(){}\[\]*?%+^!#]+")
"""Where a value may be broken in the text that shows it: quotes, escapes, expansions, redirects between words, percent
and form encoding. Between these a value stands in the text as it is, or a trigger for tricks fires."""

_LEAST: Final = (2, 2, 1)
"""Characters of a plain text that is searched for, with a word's edge on no side, on one, on both. What is so short
stands by chance in most texts, so that it is an anchor only where a rule has no better one."""

_LONG: Final = 7
"""Characters from which on a text is searched for without edges: longer ones hardly stand inside other words."""

_WEAK: Final = 4
"""An anchor that tells less than this is replaced by the expression itself, loosened: dearer to compile, and exact."""

_TRIVIAL: Final = ("", "a", "A", "0", "-", "/", ".", " ")
"""What every text holds: an expression that matches one of these tells nothing."""

_COMMON: Final = words(
    "http https http:// https:// localhost host file files user users test tests path code data json type text head"
    " from with that this true false none null error post login admin password port script string export import print"
    " echo grep curl find git cat ls index main application token session access auth form value content server client"
    " /dev/ /home/ /tmp/ create config process system exec copy name index.html sudo bash python"
)
"""Words that many texts of ordinary work hold: they tell little, so another part of a rule is its anchor if it has one.
Read off the arguments of coding and customer-service agents: those in more than one text of fifty."""

_COMMON_WEIGHT: Final = 2

IMPLIED: Final = words("user-agent user agent referer cookie authorization basic bearer")
"""Words of headers that an option stands for (`-A`, `-u`), so that they need not be written."""


RENAMED: Final = ("node", "python", "torsocks")
"""Ways in that go by this name for programs of another: `bun`, `py`, `torify`."""

_SEVERAL: Final = ""
"""Stands for what is read off several fields."""
_PROGRAM: Final = "program"
"""The field under which stands what programs a command must be one of."""

_KNOWN: Final = 4_096
"""Expressions whose anchors are remembered: one is asked for when its rule is checked, and again for each kind of event
that can satisfy the rule."""


def anchor_of(condition: Condition, kind: Kind) -> Anchor:
    """Work out what every text holds that a condition can match on a kind of event: the most telling of it."""
    return _best(list(anchors_of(condition, kind).values()))


def anchors_of(condition: Condition, kind: Kind) -> dict[str, frozenset[Probe]]:
    """Work out everything that such a text holds: by the field that it is read off, or `_SEVERAL`."""
    match condition:
        case evaluate.Every(parts):
            return _merged([anchors_of(part, kind) for part in parts])
        case evaluate.Some(parts):
            return _shared([anchors_of(part, kind) for part in parts])
        case evaluate.Not():
            return {}
        case Constant():
            return {} if condition.value else {_SEVERAL: frozenset()}
        case _:
            found = ((condition.field, _of_test(condition)), (_PROGRAM, _of_programs(condition, kind)))
            return {field: anchor for field, anchor in found if anchor is not None}


def _merged(every: list[dict[str, frozenset[Probe]]]) -> dict[str, frozenset[Probe]]:
    """All that parts ask for which hold together; of one field, the more telling."""
    found: dict[str, frozenset[Probe]] = {}
    for anchors in every:
        for field, anchor in anchors.items():
            known = found.get(field)
            if known is None or telling(anchor) > telling(known):
                found[field] = anchor
    return found


def _shared(some: list[dict[str, frozenset[Probe]]]) -> dict[str, frozenset[Probe]]:
    """What alternatives ask for: of each field that all of them read, and of whatever tells most in each."""
    fields = [field for field in some[0] if all(field in anchors for anchors in some)] if some else []
    whole = _union([_best(list(anchors.values())) for anchors in some])
    found = {} if whole is None else {_SEVERAL: whole}
    for field in fields:
        found.setdefault(field, frozenset[Probe]().union(*[anchors[field] for anchors in some]))
    return found


def _of_test(test: evaluate.Test) -> Anchor:
    match test:
        case Text():
            opens = test.where in (Where.WHOLE, Where.START)
            closes = test.where in (Where.WHOLE, Where.END)
            return _of_value(test.field, Piece(test.needle.lower(), opens, closes))
        case Pattern():
            return _of_pattern(test)
        case _:
            return None


def _of_programs(test: evaluate.Test, kind: Kind) -> Anchor:
    """A command has some fields only if it is one of some programs."""
    programs = FIELDS[test.field].programs
    if kind is not Kind.COMMAND or not programs:
        return None
    return _union([_literal(Piece(program, opens=True)) for program in programs])


def _of_value(field: str, piece: Piece) -> Anchor:
    """What stands in the text of an action if a value of a field holds a text, with these edges."""
    text, trace = piece.text, FIELDS[field].trace
    if field == SYSTEM and text in WINDOWS and piece.closes:
        return _of_windows()
    if trace is Trace.NONE:
        return None
    if trace is Trace.VERBATIM:
        # edges are those of words, and the value's own need not be
        return _literal(Piece(text)) if len(text) >= _LEAST[0] or not text.isascii() else None
    if trace is Trace.NAME:
        name = name_shown(text)
        piece = Piece(name, piece.opens or not text.startswith(name), piece.closes)
    if trace is Trace.WAY:
        # `autossh` is a way in by `ssh`, and `gtimeout` one by `timeout`
        piece = Piece("" if text.startswith(RENAMED) else text.partition(" ")[0])
    found = [part for part in _pieces(piece) if trace is not Trace.HEADER or part.text not in IMPLIED]
    return _best([_literal(part) for part in found])


@cache
def _of_windows() -> frozenset[Probe]:
    """What every text with a command of Windows holds one of."""
    names = [_literal(Piece(sign, opens=sign[0] != ".", closes=True)) for sign in signs_of_windows()]
    lines = Probe(rf"(?x){LOOKS}|-[A-Z][a-z]", _WEAK, hyperscan.HS_FLAG_SINGLEMATCH, plain=False)
    paths = Probe(r"(?:[a-z]:|[\w.%~-]|\\)\\[\w.%$~-]", _WEAK, _FLAGS, plain=False)
    return frozenset((lines, paths, *[probe for name in names for probe in name or ()]))


def name_shown(name: str) -> str:
    """What of a program's name, or of the end of one, stands in the text: with folders all of it is as written."""
    cut = max(name.rfind("/"), name.rfind("\\")) + 1
    return name if name[:cut].strip("/\\") else name[cut:].removesuffix(".exe")


def _pieces(whole: Piece) -> list[Piece]:
    """The parts of a value that stand unbroken in the text that shows it, if they are long enough to search for."""
    text = whole.text
    found: list[Piece] = []
    position = 0
    for joint in [*JOINTS.finditer(text), None]:
        stop = joint.start() if joint else len(text)
        piece = text[position:stop]
        # what joins words is never part of one, so that every joint is an edge
        first = (whole.opens or position > 0) and _worded(piece[:1])
        last = (whole.closes or joint is not None) and _worded(piece[-1:])
        # a letter that is not of ASCII is as rare as two that are
        if len(piece.encode()) >= _LEAST[first + last]:
            found.append(Piece(piece, first, last))
        position = joint.end() if joint else stop
    return found


def _worded(char: str) -> bool:
    return char.isascii() and (char.isalnum() or char == "_")


def _literal(piece: Piece) -> Anchor:
    """Search for a plain text: short ones with their edges."""
    short = len(piece.text) < _LONG
    before, after = (_EDGE if edge and short else "" for edge in (piece.opens, piece.closes))
    weight = _COMMON_WEIGHT if piece.text in _COMMON else len(piece.text) + (piece.opens and piece.closes)
    return frozenset((Probe(before + "".join(map(_in_any_case, piece.text)) + after, weight, _FLAGS),))


def _in_any_case(char: str) -> str:
    """A character as Hyperscan takes it; it folds only ASCII itself where texts may be no valid UTF-8."""
    if char.isascii():
        return re.escape(char)
    cases = dict.fromkeys((char, char.lower(), char.upper()))
    return f"(?:{'|'.join(cases)})"


@lru_cache(_KNOWN)
def _of_pattern(test: Pattern) -> Anchor:
    """The anchor of an expression: plain texts where they tell enough, else the expression itself, loosened."""
    source = test.expression.pattern
    if FIELDS[test.field].trace is Trace.NONE or test.expression.flags & re.VERBOSE:
        return None
    return _of_required(test, required_texts(source), source)


def _of_required(test: Pattern, required: Required, source: str) -> Anchor:
    found = _of_texts(test, required, deep=bool(source))
    if not source or telling(found) >= _WEAK:
        return found
    return _better(_of_source(test, source), found)


def _of_texts(test: Pattern, required: Required, *, deep: bool) -> Anchor:
    match required:
        case Piece():
            return _of_value(test.field, Piece(required.text.lower(), required.opens, required.closes))
        case Sequence(parts):
            return _best([_of_required(test, part, "") for part in parts])
        case Choice(parts, sources):
            pairs = zip(parts, sources, strict=True)
            return _union([_of_required(test, part, source if deep else "") for part, source in pairs])


def _of_source(test: Pattern, source: str) -> Anchor:
    trace = FIELDS[test.field].trace
    if trace in (Trace.HEADER, Trace.WAY) or (trace is Trace.NAME and ("/" in source or "\\\\" in source)):
        return None
    try:
        if any(re.search(source, text) for text in _TRIVIAL):
            return None
        expression = loosened(source, cased=not test.expression.flags & re.IGNORECASE)
    except (NotPlainError, re.error):
        return None
    spread = hyperscan.HS_FLAG_PREFILTER if re.search(r"\(\?<?[=!]", expression) else 0
    multiline = hyperscan.HS_FLAG_MULTILINE if test.expression.flags & re.MULTILINE else 0
    weight = min(_WEAK, _length(required_texts(source)))
    return frozenset((Probe(expression, weight, _FLAGS | spread | multiline, plain=False),)) if expression else None


def _length(required: Required) -> int:
    match required:
        case Piece(text):
            return len(text)
        case Sequence(parts):
            return sum(_length(part) for part in parts)
        case Choice(parts):
            return min(_length(part) for part in parts)


def _best(anchors: list[Anchor]) -> Anchor:
    """The most telling of some anchors that all must be there; the first of equals."""
    best: Anchor = None
    for anchor in anchors:
        best = _better(best, anchor)
    return best


def _better(one: Anchor, other: Anchor) -> Anchor:
    if one is None or other is None:
        return one if other is None else other
    return other if telling(other) > telling(one) else one


def _union(anchors: list[Anchor]) -> Anchor:
    """The anchors of alternatives; none if one of them has none."""
    found: set[Probe] = set()
    for anchor in anchors:
        if anchor is None:
            return None
        found |= anchor
    return frozenset(found)


def telling(anchor: Anchor) -> int:
    """How much an anchor tells of a text: as much as the least telling of its alternatives."""
    return 0 if anchor is None else min((probe.weight for probe in anchor), default=1_000)
