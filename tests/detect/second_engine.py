"""A second engine: pySigma's own backend for SQLite, which shares with Suragh only what parses rules."""

import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sigma.backends.sqlite import sqliteBackend
from sigma.conditions import ConditionFieldEqualsValueExpression, ConditionItem
from sigma.rule import SigmaRule
from sigma.types import SigmaCompareExpression, SigmaExpansion, SigmaFieldReference, SigmaNumber, SigmaString

Event = Mapping[str, Any]
WHOLE: Final = "every_value"
"""The column of all values of an event: what keywords are searched in."""

_BACKEND: Final = sqliteBackend(table="logs", fulltext_field=WHOLE, collate_nocase=True)


def matched(rule: SigmaRule, events: Sequence[Event]) -> list[bool]:
    """Which of some flat events SQLite finds with the queries made of a rule."""
    columns = _columns(rule, events)
    with sqlite3.connect(":memory:") as base:
        base.create_function("REGEXP", 2, _regexp, deterministic=True)
        kinds = [f"{_quoted(name)} {kind} COLLATE NOCASE" for name, kind in columns.items()]
        base.execute(f"CREATE TABLE logs ({', '.join(kinds)})")
        marks = ", ".join("?" * len(columns))
        base.executemany(f"INSERT INTO logs VALUES ({marks})", [_row(event, columns) for event in events])  # noqa: S608
        found = {place for query in _BACKEND.convert_rule(rule) for place in _found(base, str(query))}
    base.close()
    return [place in found for place in range(1, len(events) + 1)]


def _found(base: sqlite3.Connection, query: str) -> list[int]:
    return [place for (place,) in base.execute(query.replace("SELECT *", "SELECT rowid", 1))]


def _regexp(pattern: str, value: object) -> bool | None:
    return None if value is None else re.search(pattern, str(value), re.ASCII) is not None


def _columns(rule: SigmaRule, events: Sequence[Event]) -> dict[str, str]:
    """Each column with its type: what a rule compares as a number must be stored as one."""
    kinds = {name.lower(): (name, "TEXT") for event in events for name in event}
    for field, value in checks_of(rule):
        if field:
            numeric = isinstance(value, SigmaNumber | SigmaCompareExpression)
            before = kinds.get(field.lower(), (field, "TEXT"))
            kinds[field.lower()] = (before[0], "NUMERIC" if numeric else before[1])
        if isinstance(value, SigmaFieldReference):
            kinds.setdefault(value.field.lower(), (value.field, "TEXT"))
    return {**dict(kinds.values()), WHOLE: "TEXT"}


def checks_of(rule: SigmaRule) -> Iterator[tuple[str | None, Any]]:
    """Every test of a rule: field, and the value that it is compared with."""
    waiting: list[Any] = [condition.parsed for condition in rule.detection.parsed_condition]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ConditionItem):
            waiting += node.args
        elif isinstance(node.value, SigmaExpansion):
            field = node.field if isinstance(node, ConditionFieldEqualsValueExpression) else None
            waiting += [ConditionFieldEqualsValueExpression(field, value) for value in node.value.values]
        else:
            yield getattr(node, "field", None), node.value


def has_keywords(rule: SigmaRule) -> bool:
    """Whether a rule looks at all values at once."""
    return any(field is None and isinstance(value, SigmaString) for field, value in checks_of(rule))


def _row(event: Event, columns: Mapping[str, str]) -> list[object]:
    whole = "\n".join(map(_stored, event.values()))
    return [*[_stored(event.get(name)) for name in list(columns)[:-1]], whole]


def _stored(value: object) -> Any:  # noqa: ANN401 - SQLite's own types
    if value is None:
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
