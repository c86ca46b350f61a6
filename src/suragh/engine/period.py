"""The time that a scan looks at: what became known outside it is passed over."""

import re
from typing import Final

from msgspec import Struct

from suragh.errors import UsageError
from suragh.model.fact import Fact, Kinship, Ownership
from suragh.model.instant import DAWN, DUSK, NS, parse_rfc3339

DAY: Final = 86_400 * NS

_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


class Period(Struct, frozen=True):
    """From when to when, nanoseconds, both included."""

    since: int = DAWN
    until: int = DUSK

    def holds(self, fact: Fact) -> bool:
        """Whether a fact is looked at.

        Whose a session is, and whose sub-agent, is no event: readers tell it once, at the first record that says it,
        and it holds for the records after it.
        """
        if isinstance(fact, Ownership | Kinship):
            return fact.known_at <= self.until
        return self.since <= fact.known_at <= self.until


def make_period(since: str | None, until: str | None) -> Period:
    """Read the ends of a period: RFC 3339, or a date alone, which is the whole day in UTC; None for no end.

    Raises:
        UsageError: if one is no time, or the end comes before the beginning.
    """
    made = Period(
        DAWN if since is None else _moment(since, "since"), DUSK if until is None else _end(until)
    )  # fmt: skip
    if made.until < made.since:
        raise UsageError(f"until is {until!r}, expected a time not before since, {since!r}")
    return made


def _end(text: str) -> int:
    at = _moment(text, "until")
    return at + DAY - 1 if _DATE.fullmatch(text) else at


def _moment(text: str, name: str) -> int:
    try:
        return parse_rfc3339(text)
    except (ValueError, OverflowError) as error:
        what = f"{name} is {text!r}, expected a time such as 2026-01-31T12:00:00Z, or a date"
        raise UsageError(what) from error
