"""Sigma's correlation documents: parsed by pySigma, and tied to the rules that they read."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct
from sigma.correlations import (
    SigmaCorrelationCondition,
    SigmaCorrelationConditionOperator,
    SigmaCorrelationRule,
    SigmaCorrelationType,
)

from suragh.detect.correlation import Correlation, Manner
from suragh.detect.rule import Refused
from suragh.detect.sigma.compile import UnsupportedError
from suragh.detect.sigma.lines import Lines
from suragh.model.instant import NS
from suragh.model.match import RuleInfo

_MANNERS: Final = {
    SigmaCorrelationType.EVENT_COUNT: Manner.EVENT_COUNT,
    SigmaCorrelationType.VALUE_COUNT: Manner.VALUE_COUNT,
    SigmaCorrelationType.TEMPORAL: Manner.TEMPORAL,
    SigmaCorrelationType.TEMPORAL_ORDERED: Manner.TEMPORAL_ORDERED,
}
_RELATIONS: Final = frozenset(SigmaCorrelationConditionOperator.operators())


class ParsedCorrelation(Struct, frozen=True):
    """One correlation of a file, not yet tied to the rules that it reads.

    Attributes:
        file: name of the file.
        lines: finds the place of a part of it.
        raw: the document as YAML has it.
        sigma: the same, as pySigma has it.
        info: what is published of it.
        unknown: tags that name what ATT&CK or ATLAS has not, and what they are not.
    """

    file: str
    lines: Lines
    raw: dict[str, Any]
    sigma: SigmaCorrelationRule
    info: RuleInfo
    unknown: tuple[tuple[str, str], ...]


def one_relation(document: dict[str, Any]) -> dict[str, Any]:
    """The document with one relation in its condition: pySigma takes no range, which the specification allows."""
    correlation = document["correlation"]
    condition = correlation.get("condition") if isinstance(correlation, dict) else None
    if not isinstance(condition, dict):
        return document
    given = [key for key in condition if key in _RELATIONS]
    kept = {key: value for key, value in condition.items() if key not in given[1:]}
    return {**document, "correlation": {**correlation, "condition": kept}}


class Book(Struct, frozen=True):
    """The rules that correlations may read.

    Attributes:
        names: names of rules, by what they may be called: name or id.
        fields: says whether a field is known of the events of a rule.
    """

    names: dict[str, str]
    fields: Callable[[str], bool]


def tied(
    parsed: Sequence[tuple[ParsedCorrelation, RuleInfo]], book: Book
) -> tuple[tuple[Correlation, ...], tuple[Refused, ...]]:
    """Tie correlations to the rules that they read: those that are read by others come first.

    Returns:
        The correlations, and those that cannot be evaluated, with the reason.
    """
    made: list[Correlation] = []
    refused: list[Refused] = []
    names = dict(book.names)
    waiting = list(parsed)
    while waiting:
        coming = {name for one, info in waiting for name in _called(info)}
        ready = [pair for pair in waiting if coming.isdisjoint(_read(pair[0]))]
        # what waits for nothing but itself goes round in a circle
        for one, info in ready or waiting:
            try:
                made.append(_tied(one, info, Book(names, book.fields), {before.info.name: before for before in made}))
                names |= dict.fromkeys(_called(info), info.name)
            except UnsupportedError as error:
                refused.append(Refused(info.name, one.file, str(error)))
        waiting = [pair for pair in waiting if ready and pair not in ready]
    return tuple(made), tuple(refused)


def _called(info: RuleInfo) -> set[str]:
    return {name for name in (info.name, info.id) if name}


def _read(parsed: ParsedCorrelation) -> list[str]:
    return [reference.reference for reference in parsed.sigma.rules or ()]


def _tied(parsed: ParsedCorrelation, info: RuleInfo, book: Book, before: Mapping[str, Correlation]) -> Correlation:
    sigma = parsed.sigma
    manner = _MANNERS.get(sigma.type)
    if manner is None:
        raise UnsupportedError(f"correlations of type {sigma.type.name.lower()} are not evaluated")
    condition = sigma.condition
    if not isinstance(condition, SigmaCorrelationCondition):
        raise UnsupportedError("a condition in words is not evaluated, expected a count")
    rules = tuple(dict.fromkeys(_name(reference, book.names) for reference in _read(parsed)))
    counted = condition.fieldref or ()
    made = Correlation(
        info=info,
        manner=manner,
        rules=rules,
        group_by=tuple(sigma.group_by or ()),
        window=sigma.timespan.seconds * NS,
        limits=_limits(parsed.raw["correlation"].get("condition"), len(rules)),
        counted=(counted,) if isinstance(counted, str) else tuple(counted),
        aliases=_aliases(sigma, book.names),
        generate=sigma.generate,
    )
    if made.holds(0):
        raise UnsupportedError("its condition holds where nothing matched, so no moment could be named")
    for rule in rules:
        # of a correlation only what it groups by is known
        known = before[rule].group_by.__contains__ if rule in before else book.fields
        foreign = [field for field in made.fields(rule) if not known(field)]
        if foreign:
            what = f"field {foreign[0]!r} of what rule {rule!r} matches"
            raise UnsupportedError(f"{what} is not one that correlations read")
    return made


def _name(reference: str, names: Mapping[str, str]) -> str:
    name = names.get(reference)
    if name is None:
        raise UnsupportedError(f"rule {reference!r}, which it reads, is not there or cannot be evaluated")
    return name


def _aliases(sigma: SigmaCorrelationRule, names: Mapping[str, str]) -> dict[str, dict[str, str]]:
    return {
        alias.alias: {_name(reference.reference, names): field for reference, field in alias.mapping.items()}
        for alias in sigma.aliases
    }


def _limits(condition: object, rules: int) -> tuple[tuple[str, float], ...]:
    given = condition if isinstance(condition, dict) else {"gte": rules}
    limits = {key: value for key, value in given.items() if key in _RELATIONS}
    for key, value in limits.items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise UnsupportedError(f"{key!r} in its condition is {value!r}, expected a number")
    return tuple(limits.items())
