"""Blocks: pieces of bytes kept in a file, one after another, and read back in that order."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Final

_LENGTH: Final = 8


class Blocks:
    """A growing list of blocks, and of files of blocks that others wrote.

    `path` says where the file lies, where others are to read it; without one it is gone when it is closed.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._file: IO[bytes] = path.open("w+b") if path else TemporaryFile(prefix="suragh-")  # noqa: SIM115 - `close`
        self._adopted: list[Path] = []

    def add(self, block: bytes) -> None:
        """Keep one more."""
        self._file.write(len(block).to_bytes(_LENGTH, "big") + block)

    def finish(self) -> None:
        """Write all that is held in memory, so that the file at the path can be adopted."""
        self._file.flush()

    def adopt(self, path: Path) -> None:
        """Take in the blocks of a finished file, after all that are here; they are read where they lie."""
        self._adopted.append(path)

    def all(self) -> Iterator[bytes]:
        """Every block, in order; nothing may be added meanwhile."""
        yield from _read(self._file)
        for path in self._adopted:
            with path.open("rb") as file:
                yield from _read(file)
        self._file.seek(0, 2)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def _read(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while head := file.read(_LENGTH):
        yield file.read(int.from_bytes(head, "big"))
