"""Ledger: rows of many sessions, gathered piece by piece and given out session by session.

What each session holds in a container of its own costs more than the rows in it, where there are a hundred thousand
sessions. So all of them share one array until they are given out.
"""

from itertools import pairwise
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

from suragh.profile.packed import Packed, Shape
from suragh.profile.rows import Rows, row_type

T = TypeVar("T")


class Ledger(Generic[T]):
    """Rows of some sessions.

    Args:
        shape: what a row is; the tables' columns of the same names are taken.
        sessions: hashes of the sessions whose rows are kept, ascending.
    """

    def __init__(self, shape: Shape[T], sessions: npt.NDArray[np.uint64]) -> None:
        self._shape = shape
        self._columns = (("session", "Q"), *shape.columns)
        self._sessions = sessions
        self._counts = np.zeros(len(sessions), dtype=np.int64)
        self._pieces: list[Rows] = []
        self._settled: list[Packed[T]] = []

    def add(self, rows: Rows) -> None:
        """Take in what is of the sessions."""
        self._keep(self._own(rows))

    def add_first(self, rows: Rows, most: int, distinct: str) -> None:
        """Take in of each session the rows of its first values of a column, so many over all pieces.

        The column ascends, over all pieces.
        """
        rows = self._own(rows)
        rows = rows[np.argsort(rows["session"], kind="stable")]
        if not len(rows):
            return
        sessions, values = rows["session"], rows[distinct]
        starts = np.ones(len(rows), dtype=bool)
        starts[1:] = sessions[1:] != sessions[:-1]
        fresh = starts.copy()
        fresh[1:] |= values[1:] != values[:-1]
        number = np.cumsum(fresh)
        before = np.repeat(number[starts] - 1, np.diff(np.append(np.flatnonzero(starts), len(rows))))
        place = np.searchsorted(self._sessions, sessions)
        number += self._counts[place] - before
        # The last row of a session stands last, and has its highest number.
        self._counts[place] = number
        self._keep(rows[number <= most])

    def _own(self, rows: Rows) -> Rows:
        return rows[np.isin(rows["session"], self._sessions)]

    def _keep(self, rows: Rows) -> None:
        piece = np.empty(len(rows), dtype=row_type(self._columns))
        for name, _ in self._columns:
            piece[name] = rows[name]
        self._pieces.append(piece)

    def settle(self) -> None:
        """Sort what was taken in, by session and then by the values in their order."""
        rows = np.concatenate([np.empty(0, dtype=row_type(self._columns)), *self._pieces])
        self._pieces.clear()
        order = np.lexsort([rows[name] for name, _ in reversed(self._columns)])
        ends = np.searchsorted(rows["session"][order], self._sessions, side="right").tolist()
        made = np.empty(len(rows), dtype=row_type(self._shape.columns))
        for name, _ in self._shape.columns:
            made[name] = rows[name][order]
        self._settled = [Packed(self._shape, made[start:end].tobytes()) for start, end in pairwise([0, *ends])]

    def of(self, session: int) -> Packed[T]:
        """Give the rows of one of the sessions, once it is settled."""
        return self._settled[int(np.searchsorted(self._sessions, np.uint64(session)))]
