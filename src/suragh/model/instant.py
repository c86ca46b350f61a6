"""Time: whole nanoseconds since 1970-01-01T00:00:00Z, always given by the data."""

from datetime import UTC, datetime
from typing import Final

NS: Final = 1_000_000_000
"""Nanoseconds in a second."""

DAWN: Final = -(2**63)
"""Before everything: the `known_at` of what was handed in beside the telemetry."""

DUSK: Final = 2**63 - 1
"""The last time that 64 bits hold: in April 2262."""

DATED_FROM: Final = 946_684_800 * NS
"""2000-01-01. An earlier time tells of what has none: only in which order things were, and not when.

No agent called a tool before it, and a clock that was never set shows 1970.
"""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_FRACTION_DIGITS: Final = (0, 3, 6, 9)


class Zoneless(int):
    """Nanoseconds of a time that names no zone, taken as UTC: agent logs that leave the zone out write UTC."""

    __slots__ = ()


def parse_rfc3339(text: str) -> int:
    """Read an RFC 3339 time, to the nanosecond; one without a zone is a `Zoneless`.

    Raises:
        ValueError: if the text is not such a time, or one that 64 bits of nanoseconds do not hold.
    """
    head, fraction = _parts(text)
    moment = datetime.fromisoformat(head)
    since = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    at = int((since - _EPOCH).total_seconds()) * NS + fraction
    if not DAWN < at <= DUSK:
        raise ValueError(f"time is {text!r}, expected one from 1678 to 2262")
    return Zoneless(at) if moment.tzinfo is None else at


def _parts(text: str) -> tuple[str, int]:
    """Take the fraction of a second out of a time: the rest, and the nanoseconds."""
    head, dot, tail = text.partition(".")
    if not dot:
        return text, 0
    digits = len(tail) - len(tail.lstrip("0123456789"))
    fraction, zone = tail[:digits], tail[digits:]
    if not fraction:
        raise ValueError(f"time is {text!r}, expected digits after the point")
    return head + zone, int(fraction[:9].ljust(9, "0"))


def rfc3339(at: int) -> str:
    """Write a time as RFC 3339 in UTC with 0, 3, 6 or 9 digits of fraction, as few as lose nothing."""
    seconds, fraction = divmod(at, NS)
    whole = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    digits = next(n for n in _FRACTION_DIGITS if fraction % 10 ** (9 - n) == 0)
    point = f".{fraction // 10 ** (9 - digits):0{digits}d}" if digits else ""
    return f"{whole}{point}Z"
