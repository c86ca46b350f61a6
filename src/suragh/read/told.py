"""Told: what a reader has already yielded from one stream, so that replayed history costs nothing downstream."""

from collections.abc import Hashable
from typing import Final

MAX_TOLD: Final = 1 << 16
"""Keys remembered, some 10 MB. Forgetting is harmless: a fact yielded twice is the same fact."""


class Told:
    """The earliest time at which each thing was yielded; bounded.

    A later sighting may be left out because the earliest is the one that counts, whatever the order of records.
    """

    def __init__(self) -> None:
        self._at: dict[Hashable, int] = {}

    def is_news(self, key: Hashable, at: int) -> bool:
        """Whether nothing was yielded under the key for an earlier time; remembers it if so."""
        known = self._at.get(key)
        if known is not None and known < at:
            return False
        if len(self._at) >= MAX_TOLD:
            self._at.clear()
        self._at[key] = at
        return True
