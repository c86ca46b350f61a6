"""Rules on records that bear Sigma's own field names already: one flat event each, of any log source.

Nothing here needs what parses rules.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from math import isfinite
from typing import Any, Final

import msgspec
from msgspec import Struct

from suragh.detect.correlation import Correlation
from suragh.detect.decide import Decide, decider
from suragh.detect.evaluate import (
    KEYWORDS,
    Check,
    Condition,
    Constant,
    Every,
    Not,
    Same,
    Some,
    Text,
    Where,
)
from suragh.detect.evaluate_data import Compares, from_data, to_data
from suragh.detect.events import Kind, Values
from suragh.detect.inspect_plans import Lexicon
from suragh.detect.patterns import anchor_of
from suragh.detect.rule import Refused
from suragh.detect.scan import Scanner, compiled, restored, stored
from suragh.detect.scan_values import Expressions
from suragh.model.match import RuleInfo

DEPTH: Final = 32
"""Levels of a record that are looked into: logs nest fewer than ten; Python's own stack is finite."""

_VERBATIM: Final = "result"
"""A field whose values stand in the text as they are: what is true of every field of a record."""

EXACT: Final = 2**53
"""Whole numbers up to which a number and its digits say the same (IEEE 754, double precision)."""


class RecordRule(Struct, frozen=True, dict=True):
    """A rule that can be evaluated on records.

    Attributes:
        info: what is published of it.
        fields: those without which no record can satisfy it.
        written: what a record must be like, as data.
    """

    info: RuleInfo
    fields: frozenset[str]
    written: bytes

    @cached_property
    def condition(self) -> Condition:
        """What a record must be like."""
        return from_data(_DATA.decode(self.written))


_DATA: Final = msgspec.msgpack.Decoder(list[Any])


class RecordRules(Struct, frozen=True):
    """Rules that are used together, indexed by what must stand in a record.

    Attributes:
        rules: in the order of the files.
        correlations: those that are read by others come first.
        refused: those that cannot be evaluated, and why.
        always: places of rules of which no text must stand in a record.
        index: places of the others, by the number of a probe.
        database: what the text of a record is scanned with, and how many probes are in it.
    """

    rules: tuple[RecordRule, ...]
    correlations: tuple[Correlation, ...]
    refused: tuple[Refused, ...]
    always: tuple[int, ...]
    index: dict[int, tuple[int, ...]]
    database: tuple[bytes, int]

    def scanner(self) -> Scanner:
        """A scanner for the text of a record.

        Raises:
            ValueError: if the database is of no use on this machine.
        """
        database, probes = self.database
        return Scanner(restored(database), probes, ())


class Record(Values):
    """One record: values by field, those of nested maps by the names on the way, joined by dots."""

    def __init__(self, content: Mapping[str, object], expressions: Expressions) -> None:
        super().__init__(expressions)
        self._content = _flat(content)

    @property
    def fields(self) -> frozenset[str]:
        """The names of the fields that there are."""
        return frozenset(self._content)

    @property
    def text(self) -> str:
        """All values, each on lines of its own; beyond ASCII, in the small forms that tests compare with, too."""
        text = "\n".join([value for values in self._content.values() for value in values])
        return text if text.isascii() else f"{text}\n{text.lower()}\n{text.casefold()}"

    def _read(self, field: str) -> tuple[str, ...]:
        if field == KEYWORDS:
            return tuple([value for values in self._content.values() for value in values])
        return tuple(self._content.get(field, ()))


def indexed(
    rules: Iterable[tuple[RuleInfo, Condition]],
    correlations: Sequence[Correlation] = (),
    refused: Sequence[Refused] = (),
) -> RecordRules:
    """Index rules by what must stand in a record, and compile what records are scanned for."""
    made: list[RecordRule] = []
    always: list[int] = []
    index: dict[int, list[int]] = {}
    lexicon = Lexicon()
    for number, (info, condition) in enumerate(rules):
        made.append(RecordRule(info, _required(condition), msgspec.msgpack.encode(to_data(condition))))
        anchor = anchor_of(_verbatim(condition), Kind.RESULT)
        if anchor is None:
            always.append(number)
        for probe in sorted(anchor or (), key=lambda probe: probe.expression):
            index.setdefault(lexicon.number(probe), []).append(number)
    return RecordRules(
        rules=tuple(made),
        correlations=tuple(correlations),
        refused=tuple(refused),
        always=tuple(always),
        index={probe: tuple(places) for probe, places in index.items()},
        database=(stored(compiled(lexicon.probes, ())), len(lexicon.probes)),
    )


def to_bytes(rules: RecordRules) -> bytes:
    """Rules as bytes: plain data, nothing that runs when it is read."""
    return msgspec.msgpack.encode(rules)


def from_bytes(data: bytes) -> RecordRules | None:
    """Rules from their bytes; None if these are no such thing, or of no use on this machine."""
    try:
        rules = msgspec.msgpack.decode(data, type=RecordRules)
        rules.scanner()
    except (msgspec.MsgspecError, ValueError):
        return None
    return rules


class RecordMatcher:
    """Rules, evaluated where a record holds what they need. Not to be shared between threads."""

    def __init__(self, rules: RecordRules) -> None:
        self._rules = rules.rules
        self._always = frozenset(rules.always)
        self._index = rules.index
        self._scanner = rules.scanner()
        self._decided: dict[int, Decide] = {}
        self._expressions = Expressions()

    def record(self, content: Mapping[str, object]) -> Record:
        """A record, ready to be looked at."""
        return Record(content, self._expressions)

    def match(self, record: Record) -> list[RuleInfo]:
        """The rules that a record satisfies, in their order."""
        worth = set(self._always)
        for probe in self._scanner.scan(record.text).probes:
            worth.update(self._index[probe])
        fields, rules = record.fields, self._rules
        tried = [number for number in sorted(worth) if rules[number].fields <= fields]
        return [rules[number].info for number in tried if self._decide(number)(record)]

    def _decide(self, number: int) -> Decide:
        # most rules of a large set are never tried
        decide = self._decided.get(number)
        if decide is None:
            decide = self._decided[number] = decider(self._rules[number].condition)
        return decide


def _required(condition: Condition) -> frozenset[str]:
    """The fields that every record has on which a condition holds."""
    match condition:
        case Every(parts):
            return frozenset().union(*[_required(part) for part in parts])
        case Some(parts):
            return frozenset.intersection(*[_required(part) for part in parts])
        case Not() | Constant():
            return frozenset()
        case _:
            return frozenset((condition.field,)) - {KEYWORDS}


def _verbatim(condition: Condition) -> Condition:
    """The same condition with every test on the one field whose values stand in the text as they are."""
    match condition:
        case Every(parts):
            return Every(tuple([_verbatim(part) for part in parts]))
        case Some(parts):
            return Some(tuple([_verbatim(part) for part in parts]))
        case Not() | Constant():
            return condition
        case Same(where=where):
            return Same(_VERBATIM, _VERBATIM, where)
        case Check(passes=Compares(relation="eq", limit=limit)) if abs(limit) <= EXACT and limit == int(limit):
            # a number that is asked for (an event's id) stands in the record, however it is written around
            return Text(_VERBATIM, Where.ANYWHERE, str(int(limit)))
        case _:
            return type(condition)(_VERBATIM, *[getattr(condition, name) for name in condition.__struct_fields__[1:]])


def _flat(content: Mapping[str, object]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in content.items():
        if isinstance(value, str):
            found.setdefault(name, []).append(value)
        else:
            _add(found, name, value, 1)
    return found


def _add(found: dict[str, list[str]], name: str, value: object, depth: int) -> None:
    if isinstance(value, Mapping | list):
        if depth < DEPTH:
            inner = value.items() if isinstance(value, Mapping) else enumerate(value)
            for key, part in inner:
                _add(found, f"{name}.{key}" if isinstance(value, Mapping) else name, part, depth + 1)
    else:
        found.setdefault(name, []).append(_text(value))


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _number(value)
    return value if isinstance(value, str) else str(value)


def _number(value: float) -> str:
    """A number in full: tests for numbers know no exponents, and 3.0 is 3 to whoever wrote the rule."""
    if not isfinite(value):
        return str(value)
    return str(int(value)) if value == int(value) else f"{Decimal(repr(value)):f}"
