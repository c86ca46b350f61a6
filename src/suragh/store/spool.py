"""The spool: tables that may be larger than memory, as sorted runs in a temporary folder."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
import numpy.typing as npt

from suragh.profile.rows import Layout, Rows, canonical, empty

HELD_BYTES: Final = 48 << 20
"""Rows of one table that are held in memory; above it they become a run on disk. Four tables of 48 MiB and their sort
buffers stay well under the 600 MB that a scan may take."""

PIECE_ROWS: Final = 1_000_000
"""Rows that one piece holds at most, on average: 30 to 50 MB with the sort's index."""


class Spool:
    """A table in sorted runs, read back piece by piece in order of its first column.

    Its folder goes when the spool is closed, unless it was given one: then whoever gave it sees to it. `share` says by
    how many that fill such tables at the same time the memory is divided.
    """

    def __init__(self, layout: Layout, folder: Path | None = None, share: int = 1) -> None:
        self.layout = layout
        self._share = share
        self._held: list[Rows] = []
        self._held_bytes = 0
        self._runs: list[Path] = []
        self._adopted: list[Path] = []
        self._given = folder
        self._folder: TemporaryDirectory[str] | None = None

    def push(self, rows: Rows) -> None:
        """Take canonical rows in."""
        if not len(rows):
            return
        self._held.append(rows)
        self._held_bytes += rows.nbytes
        if self._held_bytes * self._share > HELD_BYTES:
            self._write_run()

    def runs(self) -> list[Path]:
        """The whole table as sorted runs on disk, for another spool to adopt."""
        if self._held:
            self._write_run()
        return [*self._runs, *self._adopted]

    def adopt(self, runs: Iterable[Path]) -> None:
        """Take in the runs that another spool of this layout wrote; they are read where they lie."""
        self._adopted += runs

    def _place(self) -> Path:
        if self._given is not None:
            return self._given
        if self._folder is None:
            self._folder = TemporaryDirectory(prefix="suragh-")
        return Path(self._folder.name)

    def _write_run(self) -> None:
        path = self._place() / f"{self.layout.name}-{len(self._runs):05d}.npy"
        np.save(path, canonical(self.layout, np.concatenate(self._held)))
        self._runs.append(path)
        self._held.clear()
        self._held_bytes = 0

    def pieces(self) -> Iterator[Rows]:
        """The whole table, canonical, in pieces; rows with one value of the first column are in one piece."""
        held = canonical(self.layout, np.concatenate(self._held)) if self._held else empty(self.layout)
        runs = [held, *(np.load(path, mmap_mode="r") for path in (*self._runs, *self._adopted))]
        count = max(1, -(-sum(len(run) for run in runs) // PIECE_ROWS))
        bounds = np.array([(number << 64) // count for number in range(1, count)], dtype=np.uint64)
        cuts = [self._cuts(run, bounds) for run in runs]
        for number in range(count):
            parts = [np.asarray(run[at[number] : at[number + 1]]) for run, at in zip(runs, cuts, strict=True)]
            piece = canonical(self.layout, np.concatenate(parts))
            if len(piece):
                yield piece

    def _cuts(self, run: Rows, bounds: npt.NDArray[np.uint64]) -> list[int]:
        inner = np.searchsorted(run[self.layout.columns[0][0]], bounds, side="left")
        return [0, *map(int, inner), len(run)]

    def whole(self) -> Rows:
        """The whole table in memory: for tables that are bounded by the sessions with a signal."""
        pieces = list(self.pieces())
        return np.concatenate(pieces) if pieces else empty(self.layout)

    def close(self) -> None:
        """Remove what lies on disk in a folder of its own."""
        if self._folder is not None:
            self._folder.cleanup()
