"""Items: what archives of every kind have in common."""

from typing import Final, Protocol

from msgspec import Struct

from suragh.store.input_codecs import Raw

MAX_MEMBERS: Final = 100_000
"""Members of an archive: each is a row of the report. The largest published sets of traces hold some 10,000."""

TOO_MANY: Final = f"archive holds more than {MAX_MEMBERS:,} members, the rest is left off"


class Item(Struct, frozen=True):
    """One member of an archive.

    Attributes:
        name: as the archive has it, untrusted: nothing is ever looked for or written under it.
        size: bytes of its content, as the archive tells.
        refused: why it cannot be opened; empty if it can.
        raw: its content, not yet read; only until the next item is asked for.
    """

    name: str
    size: int
    refused: str
    raw: Raw


class Archive(Protocol):
    """An archive whose members can be had by number, fastest in order."""

    @property
    def fault(self) -> str:
        """Say why members are missing at the end; empty if none are, or the end was not yet seen."""

    def at(self, number: int) -> Item | None:
        """Give a member; None after the last one."""


class Nothing:
    """A content of no bytes, for what is refused."""

    def read(self, _size: int, /) -> bytes:
        """Give no bytes."""
        return b""

    def tell(self) -> int:
        """Count no bytes."""
        return 0
