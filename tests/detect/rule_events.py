"""Events made from a rule's own conditions: ones that must match, and near misses that must not."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from ipaddress import ip_address
from itertools import islice
from typing import Any, Final

from msgspec import Struct, structs
from sigma.conditions import ConditionAND, ConditionFieldEqualsValueExpression, ConditionNOT, ConditionOR
from sigma.types import (
    CompareOperators,
    SigmaBool,
    SigmaCasedString,
    SigmaCIDRExpression,
    SigmaCompareExpression,
    SigmaExists,
    SigmaExpansion,
    SigmaFieldReference,
    SigmaNull,
    SigmaNumber,
    SigmaRegularExpression,
    SigmaRegularExpressionFlag,
    SigmaString,
    SpecialChars,
)
from tests.detect.regex_samples import sample

from suragh.model.ids import digest

Event = dict[str, Any]
Choose = Callable[[int], int]
"""Chooses one of so many, by its place."""

MESSAGE: Final = "Message"
"""The field that keywords are put into."""

_STEPS: Final = {CompareOperators.LT: -1, CompareOperators.LTE: 0, CompareOperators.GT: 1, CompareOperators.GTE: 0}
_MOST: Final = 64
"""Values of a rule that are tried for a field."""

_FEW: Final = 8
"""Those that are put together, or tried nearly."""

_GAPS: Final = ("", " ", "\\", "/", "q", " q ", "0")
_FLAGS: Final = {
    SigmaRegularExpressionFlag.IGNORECASE: re.IGNORECASE,
    SigmaRegularExpressionFlag.MULTILINE: re.MULTILINE,
    SigmaRegularExpressionFlag.DOTALL: re.DOTALL,
}


class Wish(Struct, frozen=True):
    """What a field must be like.

    Attributes:
        field: its name; `MESSAGE` for keywords.
        value: the value of the rule.
        held: whether the test is to hold.
        must: whether it has to be so; else it is only better.
    """

    field: str
    value: Any
    held: bool
    must: bool = True


def chooser(*seed: str) -> Choose:
    """Choices that have nothing to do with one another and are the same in each run."""
    count = iter(range(1 << 30))
    return lambda size: digest(*seed, str(next(count))) % size


def events(condition: Any, *, held: bool, choose: Choose, most: int, tries: int = 60) -> list[Event]:  # noqa: ANN401
    """Some events on which a parsed condition holds, or just does not.

    To miss nearly, one part of what must hold together is broken, and all alternatives are.
    """
    found = (event for _ in range(tries) if (event := _event(list(wishes(condition, choose, held=held)), choose)))
    return list(islice(({**event} for event in found), most))


def wishes(node: Any, choose: Choose, *, held: bool) -> Iterator[Wish]:  # noqa: ANN401 - pySigma's trees
    """What fields must be like for a condition to hold, or not to: one way of several."""
    match node:
        case ConditionNOT():
            yield from wishes(node.args[0], choose, held=not held)
        case ConditionAND() | ConditionOR():
            yield from _of_parts(node.args, choose, held=held, all_of_them=isinstance(node, ConditionAND) == held)
        case _:
            keyword = not isinstance(node, ConditionFieldEqualsValueExpression)
            value = _anywhere(node.value) if keyword else node.value
            yield from _of_test(MESSAGE if keyword else node.field, value, choose, held=held)


def _anywhere(value: Any) -> Any:  # noqa: ANN401
    """A keyword as what it means: a text that may stand anywhere."""
    if isinstance(value, SigmaExpansion):
        return SigmaExpansion([_anywhere(inner) for inner in value.values])
    if isinstance(value, SigmaNumber):
        value = SigmaString(str(value.number))
    star = SpecialChars.WILDCARD_MULTI
    return star + value + star if isinstance(value, SigmaString) else value


def _of_parts(parts: Sequence[Any], choose: Choose, *, held: bool, all_of_them: bool) -> Iterator[Wish]:
    chosen = choose(len(parts))
    for place, part in enumerate(parts):
        if all_of_them or place == chosen:
            yield from wishes(part, choose, held=held)
        elif not held:
            # what is not broken stays as the rule wants it, if it can
            yield from (structs.replace(wish, must=False) for wish in wishes(part, choose, held=True))


def _of_test(field: str, value: Any, choose: Choose, *, held: bool) -> Iterator[Wish]:  # noqa: ANN401
    if not isinstance(value, SigmaExpansion):
        yield Wish(field, value, held)
        return
    chosen = choose(len(value.values))
    for place, inner in enumerate(value.values):
        if not held or place == chosen:
            yield from _of_test(field, inner, choose, held=held)


def _event(wanted: Sequence[Wish], choose: Choose) -> Event | None:
    event: Event = {"EventRecordID": 7}
    referring = {wish.field for wish in wanted if isinstance(wish.value, SigmaFieldReference)}
    referred = {wish.value.field for wish in wanted if isinstance(wish.value, SigmaFieldReference)}
    fields = dict.fromkeys(wish.field for wish in wanted)
    # what refers to another field waits for that one
    for field in sorted(fields, key=lambda name: name in referring):
        found, value = _value([wish for wish in wanted if wish.field == field], event, choose)
        if not found:
            return None
        if value is not None:
            event[field] = value
        event |= {name: "qrs" for name in referred - fields.keys() if name not in event}
    # keywords are looked for in all values, those of other fields too
    whole = "\n".join(map(_text, event.values()))
    keywords = (wish for wish in wanted if wish.field == MESSAGE and wish.must)
    return event if all(holds(wish.value, whole, event) == wish.held for wish in keywords) else None


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _value(wanted: Sequence[Wish], event: Event, choose: Choose) -> tuple[bool, Any]:
    """A value that is as all wishes on its field want it; None for no field."""
    musts = [wish for wish in wanted if wish.must]
    telling = sorted(wanted, key=lambda wish: (not wish.held, not wish.must))
    networks = [wish.value for wish in wanted if isinstance(wish.value, SigmaCIDRExpression)]
    found = _candidates([wish.value for wish in telling[:_MOST]], event, choose)
    candidates = [one for one in found if one is None or all(_is_read_alike(each, str(one)) for each in networks)]
    for asked in (wanted, musts):
        for candidate in candidates:
            if all(holds(wish.value, candidate, event) == wish.held for wish in asked):
                return True, candidate
    return False, None


def _candidates(values: Sequence[Any], event: Event, choose: Choose) -> Iterator[Any]:
    """Values that come near: of all tests together, of each alone, nearly of each, and none."""
    strings = [value for value in values if isinstance(value, SigmaString)]
    if len(strings) > 1:
        yield from _joined([_parts(value) for value in strings[:_FEW]])
    singles = [single for value in values for single in _singles(value, event, choose)]
    yield from singles
    texts = list(dict.fromkeys(single for single in singles if isinstance(single, str)))
    yield from (gap.join(texts[:size]) for size in range(2, min(len(texts), _FEW) + 1) for gap in _GAPS)
    for single in singles[:_FEW]:
        yield from _near(single)
    yield from (None, "q", "")


def _joined(several: Sequence[tuple[str, str, str]]) -> Iterator[str]:
    """Beginnings, middles and ends of several texts put together."""
    start = max((start for start, _, _ in several), key=len)
    end = max((end for _, _, end in several), key=len)
    middles = list(dict.fromkeys(middle for _, middle, _ in several if middle))
    wholes = [start for start, middle, end in several if not middle and not end and start]
    yield from wholes
    for gap in _GAPS:
        yield gap.join([text for text in (start, *middles, end) if text])
        yield gap.join([text for text in (start, *reversed(middles), end) if text])


def _parts(value: SigmaString) -> tuple[str, str, str]:
    """What a text must begin with, hold, and end with."""
    pieces = [part if isinstance(part, str) else part is SpecialChars.WILDCARD_MULTI or "q" for part in value.s]
    plain = "".join([piece if isinstance(piece, str) else "" for piece in pieces])
    opened = bool(pieces) and pieces[0] is True
    closed = bool(pieces) and pieces[-1] is True
    if opened and closed:
        return "", plain, ""
    if opened or closed:
        return ("", "", plain) if opened else (plain, "", "")
    return plain, "", ""


def _singles(value: Any, event: Event, choose: Choose) -> Iterator[Any]:  # noqa: ANN401, C901 - one line a kind
    match value:
        case SigmaString():
            yield _filled(value, "")
            yield _filled(value, "qq")
        case SigmaRegularExpression():
            yield from sample(str(value.regexp), _flags(value), choose)
        case SigmaCIDRExpression():
            yield str(value.network[choose(value.network.num_addresses)])
            yield str(value.network.network_address - 1)
            yield str(value.network.broadcast_address + 1)
        case SigmaNumber():
            yield value.number
        case SigmaCompareExpression():
            yield value.number.number + _STEPS.get(value.op, 1)
        case SigmaBool():
            yield value.boolean
        case SigmaFieldReference():
            yield event.get(value.field, "q")
        case SigmaNull() | SigmaExists():
            yield "q"


def _filled(value: SigmaString, filler: str) -> str:
    around = (filler if part is SpecialChars.WILDCARD_MULTI else "q" for part in value.s if not isinstance(part, str))
    return "".join([part if isinstance(part, str) else next(around) for part in value.s])


def _near(value: Any) -> Iterator[Any]:  # noqa: ANN401
    """Nearly a value: one character less, one more, another one, the other case."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int | float):
        yield from (value + 1, value - 1)
    else:
        middle = len(value) // 2
        yield value[:middle] + value[middle + 1 :]
        yield value[:middle] + "~" + value[middle:]
        yield from (value[1:], value[:-1], value.swapcase(), f"{value}q", f"q{value}")


def holds(value: Any, given: Any, event: Event) -> bool:  # noqa: ANN401, C901, PLR0911, PLR0912 - one line a kind
    """Whether a test holds of a value, by the plainest reading of the specification."""
    text = "" if given is None else _text(given)
    match value:
        case SigmaNull():
            return given is None
        case SigmaExists():
            return (given is not None) == value.exists
        case _ if given is None:
            return False
        case SigmaString():
            return _expression(value).fullmatch(text) is not None
        case SigmaRegularExpression():
            return re.search(str(value.regexp), text, _flags(value)) is not None
        case SigmaCIDRExpression():
            return _in_network(value, text)
        case SigmaBool():
            return text == str(value.boolean).lower()
        case SigmaNumber():
            return text == str(value.number)
        case SigmaCompareExpression():
            return _compared(value, text)
        case SigmaFieldReference():
            return _refers(value, text.lower(), event)
        case _:
            raise AssertionError(f"a value is {value!r}")


def _in_network(value: SigmaCIDRExpression, text: str) -> bool:
    try:
        return ip_address(text) in value.network
    except ValueError:
        return False


def _is_read_alike(value: SigmaCIDRExpression, text: str) -> bool:
    """Whether a text is an address of a network by its beginning, too, which is all that some engines look at."""
    return _in_network(value, text) == any(pattern.fullmatch(text) for pattern in _spelt(value.cidr))


@cache
def _spelt(network: str) -> tuple[re.Pattern[str], ...]:
    return tuple([_expression(SigmaString(pattern)) for pattern in SigmaCIDRExpression(network).expand()])


def _refers(value: SigmaFieldReference, text: str, event: Event) -> bool:
    if value.field not in event:
        return False
    other = str(event[value.field]).lower()
    if value.starts_with and value.ends_with:
        return other in text
    if value.starts_with:
        return text.startswith(other)
    return text.endswith(other) if value.ends_with else text == other


def _compared(value: SigmaCompareExpression, text: str) -> bool:
    try:
        step = float(text) - value.number.number
    except ValueError:
        return False
    match value.op:
        case CompareOperators.LT | CompareOperators.LTE:
            return step < 0 or (step == 0 and value.op is CompareOperators.LTE)
        case CompareOperators.GT | CompareOperators.GTE:
            return step > 0 or (step == 0 and value.op is CompareOperators.GTE)
        case _:
            return step != 0


def _expression(value: SigmaString) -> re.Pattern[str]:
    return _compiled(tuple(value.s), isinstance(value, SigmaCasedString))


@lru_cache(1 << 16)
def _compiled(parts: tuple[str | SpecialChars, ...], cased: bool) -> re.Pattern[str]:  # noqa: FBT001 - a key
    source = "".join(
        re.escape(part) if isinstance(part, str) else ".*" if part is SpecialChars.WILDCARD_MULTI else "."
        for part in parts
    )
    return re.compile(source, re.DOTALL | (0 if cased else re.IGNORECASE))


def _flags(value: SigmaRegularExpression) -> int:
    flags: Iterable[int] = (_FLAGS[flag] for flag in value.flags)
    return sum(flags, int(re.ASCII))
