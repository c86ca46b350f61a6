"""Predicates put together: functions that say yes or no of one thing."""

from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")


def every(parts: Iterable[Callable[[T], bool]]) -> Callable[[T], bool]:
    """Say yes where all parts do, asked in their order; of none, always."""
    asked = tuple(parts)

    def decide(it: T) -> bool:
        for part in asked:  # noqa: SIM110 - a generator for `all` costs more than most parts
            if not part(it):
                return False
        return True

    return decide


def some(parts: Iterable[Callable[[T], bool]]) -> Callable[[T], bool]:
    """Say yes where one part does, asked in their order; of none, never."""
    asked = tuple(parts)
    if len(asked) == 1:
        return asked[0]

    def decide(it: T) -> bool:
        for part in asked:  # noqa: SIM110 - as above
            if part(it):
                return True
        return False

    return decide
