"""Memories: what was found in a text, kept for when the agent sends the same text again. Agents repeat themselves.

What is found rests on the text alone, so a memory changes nothing but the time that it takes. It is bounded: when it is
full it starts anew.
"""

from collections.abc import Hashable
from typing import Final, Generic, TypeVar

from suragh.model.fact import Call

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

LEAF_LIMIT: Final = 512
"""Code points of a text that is remembered: longer ones hardly ever come again (read off real agents' calls)."""

LEAVES: Final = 16_384
"""Texts that are remembered, some 15 MB."""

CALL_LIMIT: Final = 2_048
"""Code points of a call's arguments up to which the call is remembered. One call of ten to one of five comes again."""

CALLS: Final = 4_096
"""Calls that are remembered, some 10 MB."""


class Memory(Generic[Key, Value]):
    """The last things that were worked out, up to a number."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._kept: dict[Key, Value] = {}
        self.get = self._kept.get

    def keep(self, key: Key, value: Value) -> None:
        """Remember a value."""
        if len(self._kept) >= self._limit:
            self._kept.clear()
        self._kept[key] = value


def size_of(call: Call) -> int:
    """Code points of a call's arguments."""
    size = 0
    for leaf in call.arguments:
        size += len(leaf.text)
    return size
