"""The second look: a rule's condition on a shell text as it stands, before it is taken apart.

Taking a text apart costs more than all else, and an anchor tells little. So a rule whose anchor was hit is tried on the
raw text, with each test loosened: it may pass a text that the rule does not match, and stops none that it does, unless
a trigger for tricks has fired.
"""

import re
from collections.abc import Callable, Iterable
from typing import Final

from suragh.detect import evaluate
from suragh.detect.evaluate import Condition, Constant, Pattern, Text, Where
from suragh.detect.events import FIELDS, Trace
from suragh.detect.http import HTTPIE, options_of
from suragh.detect.patterns import IMPLIED, JOINTS, RENAMED, name_shown
from suragh.detect.patterns_loose import NotPlainError, loosened
from suragh.detect.patterns_regex import Choice, Piece, Required, Sequence, required_texts
from suragh.detect.patterns_view import CLOSED, EXPRESSION_COST, NAMES, OPEN, Each, Either, Look, Loose, Names, Options

_OPENS: Final = r"(?:\A|[^a-z0-9_.-]|\\[nrt])"
_CLOSES: Final = r"(?:\.exe)?(?:\Z|[^a-z0-9_.-])"
_GROUP: Final = r"\((?:\?:)?(?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\)"
_EDGES: Final = re.compile(rf"(?:\(\?[aims]+\))?(\^)?(?:{_GROUP}|[^()|\\$]|\\.)*(\$)?")
"""An expression of which no alternative stands outside a group, and whether it must match a value's start and end."""
_GROUP_STARTS: Final = re.compile(r"\(\?[a-z]*:")
_IMPLYING: Final = {
    "cookie": ("cookie",),
    "referer": ("referer",),
    "user-agent": ("agent",),
    "authorization": ("user", "bearer"),
}
"""Names of headers, and the effects of options that stand for them."""
_SIGNS: Final = frozenset("(){}[]<>;|&$*?!#^")
"""What no option puts into a header by itself."""
_STARTS: Final = {
    "args": r"(?:\A|[^a-z0-9_./~-]|\\[nrt])",
    "http.path": "(?<![^a-z0-9/]http:)(?<![^a-z0-9/]https:)",
}
"""What stands in the text where values of a field begin, as far as that is sure: not in the middle of a word; not
between the two slashes before a host."""

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
            return OPEN if condition.value else CLOSED
        case evaluate.Not():
            return OPEN
        case _:
            look = _pattern(condition) if isinstance(condition, Pattern) else OPEN
            return _each([_of_field(condition.field), look])


def _of_field(field: str) -> Look:
    """A command has some fields only if it is one of some programs, or if something stands in the text."""
    programs, needs = FIELDS[field].programs, FIELDS[field].needs
    named = _loose(f"{_OPENS}(?:{'|'.join(map(re.escape, programs))})") if programs else OPEN
    return _each([named, _written(needs)])


def _optional(name: str, effects: tuple[str, ...]) -> Look:
    """A header stands in the text by name, or an option that gives it, or HTTPie's name, which needs none."""
    return Either((Options(options_of(*effects)), Loose("", (name, *HTTPIE))))


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
            return flat if all(each) and len(flat) <= EXPRESSION_COST else ()


def _each(looks: list[Look]) -> Look:
    if CLOSED in looks:
        return CLOSED
    flat = [part for look in looks for part in (look.parts if isinstance(look, Each) else (look,))]
    parts = tuple(dict.fromkeys(flat))
    return parts[0] if len(parts) == 1 else Each(parts)


def _some(parts: tuple[Condition, ...]) -> Look:
    """Alternatives; texts that one field may have become one expression, and its expressions share what it needs."""
    together: dict[tuple[str, Where], list[Text]] = {}
    expressions: dict[str, list[Look]] = {}
    for part in parts:
        if isinstance(part, Text):
            together.setdefault((part.field, part.where), []).append(part)
        elif isinstance(part, Pattern):
            expressions.setdefault(part.field, []).append(_pattern(part))
    looks = [_texts(texts) for texts in together.values()]
    looks += [_each([_of_field(field), _either(some)]) for field, some in expressions.items()]
    return _either(looks + [look_of(part) for part in parts if not isinstance(part, Text | Pattern)])


def _either(looks: list[Look]) -> Look:
    if OPEN in looks:
        return OPEN
    looks = list(dict.fromkeys(look for look in looks if look != CLOSED))
    if len(looks) == 1:
        return looks[0]
    # what all alternatives ask for is asked once
    every = [look.parts if isinstance(look, Each) else (look,) for look in looks]
    common = [part for part in every[0] if all(part in parts for parts in every)] if every else []
    if not common:
        return Either(tuple(looks))
    return _each([*common, _either([_each([part for part in parts if part not in common]) for parts in every])])


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
        return CLOSED
    if trace is Trace.WAY:
        return _written([_way(needle) for needle in needles])
    if trace is Trace.NONE or not all(needles):
        return OPEN
    opens, closes = where in (Where.WHOLE, Where.START), where in (Where.WHOLE, Where.END)
    if opens and closes and all(NAMES.fullmatch(needle) for needle in needles):
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


def _way(needle: str) -> str:
    """What of a way in has to be written."""
    word = needle.partition(" ")[0]
    return word if NAMES.fullmatch(word) and not word.startswith(RENAMED) else ""


def _header_word(text: str) -> str:
    """The longest word of a header that has to be written, else a sign: none that an option stands for."""
    lowered = text.lower()
    words = [word for word in JOINTS.split(lowered) if word and word not in IMPLIED]
    return max(words, key=len) if words else next((char for char in lowered if char in _SIGNS), "")


def _pattern(test: Pattern) -> Look:
    trace = FIELDS[test.field].trace
    source = test.expression.pattern
    if test.field == "http.method" and not test.expression.flags & re.VERBOSE:
        return _method(test)
    if trace in (Trace.NONE, Trace.WAY) or test.expression.flags & re.VERBOSE:
        return OPEN
    if trace is Trace.NAME and ("/" in source or "\\\\" in source or "exe" in source):
        # only the last part of a path is sure to stand in the text, and without `.exe`
        return OPEN
    look = _expression(test)
    return look if trace is not Trace.HEADER else _each([_header(source), _in_header(source, look)])


def _expression(test: Pattern) -> Look:
    source = test.expression.pattern
    try:
        expression = loosened(source, cased=not test.expression.flags & re.IGNORECASE, start=_start(test))
    except NotPlainError:
        return OPEN
    loose = _loose(_edged(source, expression) if FIELDS[test.field].trace is Trace.NAME else expression)
    # looks backtrack: of what may run long only the plain texts are asked for
    return Loose("", loose.required) if test.wary else loose


def _header(source: str) -> Look:
    """What a header's expression asks for: its longest word, and its name or an option that stands for that."""
    required = required_texts(source)
    return _each([_written(alternatives(required, _header_word)), *_header_names(required)])


def _header_names(required: Required) -> list[Look]:
    match required:
        case Piece(text):
            named = [name for name in _IMPLYING if name in text.lower()]
            return [_optional(name, _IMPLYING[name]) for name in named]
        case Sequence(parts):
            return [look for part in parts for look in _header_names(part)]
        case Choice(parts):
            return [
                _either([_each(_header_names(part) or [_written(alternatives(part, _header_word))]) for part in parts])
            ]


def _in_header(source: str, look: Look) -> Look:
    """A header's expression where its text has to be written as it is: neither its name nor what an option encodes."""
    if ":" in _GROUP_STARTS.sub("", source) or not IMPLIED.isdisjoint(NAMES.findall(source.lower())):
        return OPEN
    return _either([look, _optional("basic", ("user",))])


def _method(test: Pattern) -> Look:
    """A method's expression; open if it matches one that need not be written as it is."""
    if any(test.expression.compiled.search(method.upper()) for method in _METHODS):
        return OPEN
    try:
        return _loose(loosened(test.expression.pattern, cased=not test.expression.flags & re.IGNORECASE))
    except NotPlainError:
        return OPEN


def _start(test: Pattern) -> str:
    """What the start of a value becomes in the text, where that may stand in an expression."""
    plain = not test.expression.flags & re.MULTILINE and "(?<" not in test.expression.pattern
    return _STARTS.get(test.field, "") if plain else ""


def _edged(source: str, expression: str) -> str:
    """A name's expression with the edges that its anchors ask for, where they hold for all of its alternatives."""
    found = _EDGES.fullmatch(source)
    if found is None:
        return expression
    return f"{_OPENS if found[1] else ''}(?:{expression}){_CLOSES if found[2] else ''}"
