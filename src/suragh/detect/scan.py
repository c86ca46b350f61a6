"""The one scan: every pattern of the rules and every trigger in one Hyperscan database."""

from collections.abc import Sequence
from typing import Final, Protocol

import hyperscan
from msgspec import Struct

from suragh.detect.patterns import Probe


class TriggerLike(Protocol):
    """A pattern whose presence sets a bit."""

    @property
    def bit(self) -> int:
        """A mask with one bit set."""

    @property
    def pattern(self) -> str:
        """In Hyperscan's dialect, over UTF-8 bytes."""

    @property
    def flags(self) -> int:
        """Hyperscan's flags."""


class Seen(Struct, frozen=True):
    """What one scan of a text saw.

    Attributes:
        probes: numbers of the probes that match in it.
        triggers: bits of the triggers that do.
    """

    probes: frozenset[int]
    triggers: int


NOTHING: Final = Seen(frozenset(), 0)
_ANYTHING: Final = (b".", hyperscan.HS_FLAG_SINGLEMATCH | hyperscan.HS_FLAG_DOTALL)
"""Stands for a probe that Hyperscan cannot take: it is there in every text, and the condition alone decides."""


class Scanner:
    """A database of probes and triggers, with its scratch space: one a thread."""

    def __init__(self, database: hyperscan.Database | None, probes: int, triggers: Sequence[TriggerLike]) -> None:
        self._count = probes
        self._bits = [trigger.bit for trigger in triggers]
        self._found: list[int] = []
        self._database = database
        if database is not None:
            self._scratch = hyperscan.Scratch(database)

    def scan(self, text: str) -> Seen:
        """Scan a text once. Lone surrogates, which JSON may carry, are scanned as the bytes that they would be."""
        if self._database is None or not text:
            return NOTHING
        found = self._found
        found.clear()
        # spaces at both ends give every word its edges
        data = f" {text} ".encode("utf-8", "surrogatepass")
        self._database.scan(data, match_event_handler=self._note, scratch=self._scratch)
        if not found:
            return NOTHING
        count, bits = self._count, self._bits
        triggers = 0
        for number in found:
            if number >= count:
                triggers |= bits[number - count]
        return Seen(frozenset([number for number in found if number < count]), triggers)

    def _note(self, number: int, _start: int, _end: int, _flags: int, _context: object) -> None:
        self._found.append(number)


def compiled(probes: Sequence[Probe], triggers: Sequence[TriggerLike]) -> hyperscan.Database | None:
    """Compile probes, numbered by their places, and after them triggers; None where there are none."""
    wanted = [(probe.expression.encode(), probe.flags) for probe in probes]
    wanted += [(trigger.pattern.encode(), trigger.flags) for trigger in triggers]
    return database_of(wanted) or database_of(_taken(wanted))


def stored(database: hyperscan.Database | None) -> bytes:
    """A database as bytes."""
    return b"" if database is None else hyperscan.dumpb(database)


def restored(data: bytes) -> hyperscan.Database | None:
    """A database from its bytes.

    Raises:
        ValueError: if they are not of a database that this machine can use.
    """
    if not data:
        return None
    try:
        return hyperscan.loadb(data, hyperscan.HS_MODE_BLOCK)
    except hyperscan.error as error:
        raise ValueError("not a database of this machine") from error


def machine() -> str:
    """What decides whether a stored database can be used: Hyperscan's version, and what it makes use of here."""
    database = database_of([_ANYTHING])
    return "" if database is None else repr(database.info())


def database_of(wanted: Sequence[tuple[bytes, int]]) -> hyperscan.Database | None:
    """Compile expressions with their flags, each numbered by its place; None if there is none or one is refused."""
    if not wanted:
        return None
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    try:
        database.compile(
            expressions=[expression for expression, _ in wanted],
            ids=list(range(len(wanted))),
            elements=len(wanted),
            flags=[flags for _, flags in wanted],
        )
    except hyperscan.error:
        return None
    return database


def _taken(wanted: Sequence[tuple[bytes, int]]) -> list[tuple[bytes, int]]:
    """The expressions with each that Hyperscan refuses made broader until it does not."""
    made: list[tuple[bytes, int]] = []
    for expression, flags in wanted:
        choices = ((expression, flags), (expression, flags | hyperscan.HS_FLAG_PREFILTER), _ANYTHING)
        made.append(next(choice for choice in choices if database_of([choice]) is not None))
    return made
