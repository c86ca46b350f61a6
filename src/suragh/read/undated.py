"""Undated records: the times of a stream in which some records, or all, have none."""

from typing import Final

from suragh.model.instant import DUSK

BEGINNING: Final = 0
"""1970: where records stand before the first time of a stream. It lies before `DATED_FROM`, and tells only an order."""


class Dates:
    """The times of the records of one stream, taken in their order.

    A record without a time comes right after the one before it, by a nanosecond: order is all that is known.
    """

    def __init__(self) -> None:
        self._last = BEGINNING

    def at(self, known: int | None, since: int | None = None) -> int:
        """Give the time of the next record.

        Args:
            known: its own time, if it has one.
            since: a time that it is not before, if there is one.
        """
        after = min(self._last + 1, DUSK)
        self._last = max(after, since or after) if known is None else known
        return self._last
