"""Times as people type them: a moment, a date, or how long ago."""

import re
from datetime import datetime, timedelta
from typing import Final

from suragh.model.instant import NS, rfc3339

UNITS: Final = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}

_AGO: Final = re.compile(r"(\d{1,6})([mhdw])")


def resolved(text: str | None, now: datetime) -> str | None:
    """The time in the form that a scan takes: what is no time so long ago is left as it is.

    A clock is read only for the command line: the core has none.
    """
    found = _AGO.fullmatch(text or "")
    if found is None:
        return text
    try:
        then = now - timedelta(**{UNITS[found[2]]: int(found[1])})
    except OverflowError:
        return text
    return rfc3339(int(then.timestamp()) * NS)
