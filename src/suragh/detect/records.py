"""Rules on records that bear Sigma's own field names already: one flat event each, of any log source."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias

from msgspec import Struct

from suragh.detect.compile import condition_of
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
    simplified,
)
from suragh.detect.evaluate_data import Compares
from suragh.detect.events import Kind, Values
from suragh.detect.gather import gather
from suragh.detect.inspect_plans import Lexicon
from suragh.detect.patterns import anchor_of
from suragh.detect.rule import Refused
from suragh.detect.scan import Scanner, compiled
from suragh.detect.scan_values import Expressions
from suragh.detect.sigma import ParsedRule
from suragh.model.match import RuleInfo

DEPTH: Final = 32
"""Levels of a record that are looked into: logs nest fewer than ten; Python's own stack is finite."""

_VERBATIM: Final = "result"
"""A field whose values stand in the text as they are: what is true of every field of a record."""

LogSource: TypeAlias = Mapping[str, str]
"""`category`, `product` and `service`, as far as they are wanted."""


class RecordRule(Struct, frozen=True):
    """A rule that can be evaluated on records.

    Attributes:
        info: what is published of it.
        condition: what a record must be like.
    """

    info: RuleInfo
    condition: Condition


class RecordRules(Struct, frozen=True):
    """Rules that are used together.

    Attributes:
        rules: in the order of the files.
        correlations: those that are read by others come first.
        refused: those that cannot be evaluated, and why.
    """

    rules: tuple[RecordRule, ...]
    correlations: tuple[Correlation, ...]
    refused: tuple[Refused, ...]


class Record(Values):
    """One record: values by field, those of nested maps by the names on the way, joined by dots."""

    def __init__(self, content: Mapping[str, object], expressions: Expressions) -> None:
        super().__init__(expressions)
        self._content = _flat(content)

    @property
    def text(self) -> str:
        """All values, each on lines of its own."""
        return "\n".join([value for values in self._content.values() for value in values])

    def _read(self, field: str) -> tuple[str, ...]:
        if field == KEYWORDS:
            return tuple([value for values in self._content.values() for value in values])
        return tuple(self._content.get(field, ()))


def record_rules(sources: Iterable[tuple[str, str]], wanted: LogSource) -> RecordRules:
    """Compile the rules of (name of file, YAML text) pairs whose log source is as wanted.

    Raises:
        RuleError: if a file is not as Sigma wants it.
    """

    def made(parsed: ParsedRule, info: RuleInfo) -> RecordRule | None:
        source = parsed.sigma.logsource
        if any(getattr(source, key) != value for key, value in wanted.items()):
            return None
        return RecordRule(info, simplified(condition_of(parsed.sigma)))

    found = gather(sources, made, bool)
    return RecordRules(
        rules=tuple([rule for _, _, rule in found.rules if rule]),
        correlations=tuple([one for _, one in found.correlations]),
        refused=tuple(found.refused),
    )


class RecordMatcher:
    """Rules, indexed by what must stand in a record. Not to be shared between threads."""

    def __init__(self, rules: Sequence[RecordRule]) -> None:
        self._rules = rules
        self._decided: dict[int, Decide] = {}
        self._expressions = Expressions()
        self._always: set[int] = set()
        self._index: dict[int, list[int]] = {}
        lexicon = Lexicon()
        for number, rule in enumerate(rules):
            anchor = anchor_of(_verbatim(rule.condition), Kind.RESULT)
            if anchor is None:
                self._always.add(number)
            for probe in sorted(anchor or (), key=lambda probe: probe.expression):
                self._index.setdefault(lexicon.number(probe), []).append(number)
        self._scanner = Scanner(compiled(lexicon.probes, ()), len(lexicon.probes), ())

    def record(self, content: Mapping[str, object]) -> Record:
        """A record, ready to be looked at."""
        return Record(content, self._expressions)

    def match(self, record: Record) -> list[RuleInfo]:
        """The rules that a record satisfies, in their order."""
        worth = set(self._always)
        for probe in self._scanner.scan(record.text).probes:
            worth.update(self._index.get(probe, ()))
        return [self._rules[number].info for number in sorted(worth) if self._decide(number)(record)]

    def _decide(self, number: int) -> Decide:
        # most rules of a large set are never tried
        decide = self._decided.get(number)
        if decide is None:
            decide = self._decided[number] = decider(self._rules[number].condition)
        return decide


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
        case Check(passes=Compares(relation="eq", limit=limit)) if limit == int(limit):
            # a number that is asked for (an event's id) stands in the record, however it is written around
            return Text(_VERBATIM, Where.ANYWHERE, str(int(limit)))
        case _:
            return type(condition)(_VERBATIM, *[getattr(condition, name) for name in condition.__struct_fields__[1:]])


def _flat(content: Mapping[str, object]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    waiting: list[tuple[str, object, int]] = [(key, value, 1) for key, value in reversed(list(content.items()))]
    while waiting:
        name, value, depth = waiting.pop()
        inner: list[tuple[str, object]] = []
        if isinstance(value, Mapping):
            inner = [(f"{name}.{key}", part) for key, part in value.items()]
        elif isinstance(value, list):
            inner = [(name, part) for part in value]
        else:
            found.setdefault(name, []).append(_text(value))
        if depth < DEPTH:
            waiting.extend([(key, part, depth + 1) for key, part in reversed(inner)])
    return found


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else str(value)
