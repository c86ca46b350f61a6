"""The one scan: every literal of the rules and every trigger in one Hyperscan database."""

from collections.abc import Sequence
from typing import Final, Protocol

import hyperscan
from msgspec import Struct

from suragh.detect.patterns import Literal


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
        literals: numbers of the literals that stand in it.
        triggers: bits of the triggers that do.
    """

    literals: set[int]
    triggers: int


NOTHING: Final = Seen(set(), 0)
_LITERAL_FLAGS: Final = hyperscan.HS_FLAG_CASELESS | hyperscan.HS_FLAG_SINGLEMATCH


class Scanner:
    """A database of literals and triggers, with its scratch space: one a thread."""

    def __init__(self, literals: Sequence[Literal], triggers: Sequence[TriggerLike]) -> None:
        expressions = [_expression(literal) for literal in literals]
        expressions += [trigger.pattern.encode() for trigger in triggers]
        flags = [_LITERAL_FLAGS] * len(literals) + [trigger.flags for trigger in triggers]
        self._count = len(literals)
        self._bits = [trigger.bit for trigger in triggers]
        self._found: list[int] = []
        self._database: hyperscan.Database | None = None
        if expressions:
            self._database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
            self._database.compile(
                expressions=expressions, ids=list(range(len(expressions))), elements=len(expressions), flags=flags
            )
            self._scratch = hyperscan.Scratch(self._database)

    def scan(self, text: str) -> Seen:
        """Scan a text once. Lone surrogates, which JSON may carry, are scanned as the bytes that they would be."""
        if self._database is None or not text:
            return NOTHING
        found = self._found
        found.clear()
        self._database.scan(
            text.encode("utf-8", "surrogatepass"), match_event_handler=self._note, scratch=self._scratch
        )
        if not found:
            return NOTHING
        count, bits = self._count, self._bits
        literals = {number for number in found if number < count}
        triggers = 0
        if len(literals) < len(found):
            for number in found:
                if number >= count:
                    triggers |= bits[number - count]
        return Seen(literals, triggers)

    def _note(self, number: int, _start: int, _end: int, _flags: int, _context: object) -> None:
        self._found.append(number)


def _expression(literal: Literal) -> bytes:
    opens, closes = (rb"\b" if edge else b"" for edge in (literal.opens, literal.closes))
    return opens + b"".join(map(_bytes_of, literal.text)) + closes


def _bytes_of(char: str) -> bytes:
    """A character in any case, as bytes: Hyperscan itself folds only ASCII where texts may be no valid UTF-8."""
    if char.isascii():
        return char.encode() if char.isalnum() or char in "_ /-" else b"\\x%02x" % ord(char)
    cases = dict.fromkeys((char, char.lower(), char.upper()))
    encoded = [case.encode("utf-8", "surrogatepass") for case in cases]
    return b"(?:" + b"|".join(b"".join(b"\\x%02x" % byte for byte in one) for one in encoded) + b")"
