"""Builders for the tests of observables: what the real triggers and finders make of a text."""

from functools import cache

import hyperscan

from suragh.detect.observables.find import TRIGGERS, observables
from suragh.model.observable import Observable, ObservableKind


@cache
def _database() -> tuple[hyperscan.Database, hyperscan.Scratch]:
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(
        expressions=[trigger.pattern.encode() for trigger in TRIGGERS],
        ids=list(range(len(TRIGGERS))),
        flags=[trigger.flags for trigger in TRIGGERS],
        elements=len(TRIGGERS),
    )
    return database, hyperscan.Scratch(database)


def triggers_of(text: str) -> int:
    """The bits of the triggers that stand in a text, as the one scan sees them."""
    database, scratch = _database()
    seen: list[int] = []

    def note(number: int, _start: int, _end: int, _flags: int, _context: object) -> None:
        seen.append(TRIGGERS[number].bit)

    database.scan(text.encode("utf-8", "surrogatepass"), match_event_handler=note, scratch=scratch)
    return sum(set(seen))


def found(text: str) -> list[Observable]:
    """The observables of a text."""
    return observables(text, "command", triggers_of(text))


def values(text: str, *kinds: ObservableKind) -> set[str]:
    """The values of some kinds; of every kind if none is named."""
    return {seen.value for seen in found(text) if not kinds or seen.kind in kinds}
