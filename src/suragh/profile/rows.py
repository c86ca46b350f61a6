"""Rows: everything that is kept of the telemetry, as tables whose join is idempotent and which can be cut at a time.

A table is a set of rows. Rows with the same identity are one row: the earliest, ties by the remaining columns; but of
those without a time (before `DATED_FROM`) and those with one, a row each is kept, and `profile.dating` makes them one.
So the join of two tables is `canonical(a + b)`, whatever was in both, in whatever order (law L1 of docs/concepts.md),
and `until` of a join is the join of the parts' `until` (law L2).
"""

import struct
from collections.abc import Iterator
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from suragh.model.instant import DATED_FROM

Rows: TypeAlias = npt.NDArray[np.void]
"""One structured array; its fields are the layout's columns."""

LISTED: Final = 1 << 14
"""Rows made into numbers of Python at a time."""

Columns: TypeAlias = tuple[tuple[str, str], ...]
"""Names with their codes of `struct`, see `_CODES`."""

_CODES: Final = {"Q": "<u8", "q": "<i8", "I": "<u4", "B": "u1", "?": "?"}
"""Types of NumPy, by the codes of `struct`."""


def row_type(columns: Columns) -> "np.dtype[np.void]":
    """The packed NumPy type of a row."""
    return np.dtype([(name, _CODES[code]) for name, code in columns])


def row_packer(columns: Columns) -> struct.Struct:
    """What turns values, in the order of the columns, into a row's bytes."""
    return struct.Struct("<" + "".join(code for _, code in columns))


class Layout(Struct, frozen=True):
    """The columns of a table.

    Attributes:
        name: the table's name.
        columns: of a row; the first one partitions the table.
        identity: the columns that make two rows the same one. `at` is never among them.
    """

    name: str
    columns: Columns
    identity: tuple[str, ...]

    @property
    def dtype(self) -> "np.dtype[np.void]":
        """The packed NumPy type of a row."""
        return row_type(self.columns)

    @property
    def packer(self) -> struct.Struct:
        """What turns values, in the order of the columns, into a row's bytes."""
        return row_packer(self.columns)


POSTINGS: Final = Layout(
    "postings",
    (("key", "Q"), ("session", "Q"), ("action", "Q"), ("at", "q"), ("role", "B")),
    ("key", "session", "action", "role"),
)
"""An action of a session showed a key, in its call (`role` 0) or its result (`role` 1). `action` is 0 for a message."""

STEPS: Final = Layout(
    "steps",
    (("action", "Q"), ("session", "Q"), ("at", "q"), ("part", "B"), ("outline", "Q"), ("text", "Q"), ("failed", "B")),
    ("action", "session", "part"),
)
"""A call (`part` 0) or a result (`part` 1) of an action; `failed` is 0 no, 1 yes, 2 not said."""

HITS: Final = Layout(
    "hits",
    (
        ("session", "Q"),
        ("action", "Q"),
        ("at", "q"),
        ("rule", "I"),
        ("role", "B"),
        ("source", "I"),
        ("offset", "Q"),
        ("length", "Q"),
    ),
    ("session", "action", "rule", "role"),
)
"""A rule matched a call (`role` 0) or a result (`role` 1); the pointer leads to the bytes."""

TURNS: Final = Layout(
    "turns",
    (
        ("turn", "Q"),
        ("session", "Q"),
        ("at", "q"),
        ("human", "B"),
        ("claim", "B"),
        ("source", "I"),
        ("offset", "Q"),
        ("length", "Q"),
        ("text", "Q"),
    ),
    ("turn", "session", "human"),
)
"""A message to the agent. `claim` is 1 where its text claims an authorisation; `text` is the hash of its text."""

LAYOUTS: Final = (POSTINGS, STEPS, HITS, TURNS)


def canonical(layout: Layout, rows: Rows) -> Rows:
    """Sort rows and keep the earliest of each identity, with a time and without."""
    if len(rows) < 2:  # noqa: PLR2004 - fewer than two rows have no order
        return rows
    rest = [name for name, _ in layout.columns if name not in layout.identity and name != "at"]
    order = np.lexsort([rows[name] for name in reversed((*layout.identity, "at", *rest))])
    rows = rows[order]
    dated = rows["at"] >= DATED_FROM
    fresh = np.ones(len(rows), dtype=bool)
    fresh[1:] = ~_alike(layout, rows) | (dated[1:] != dated[:-1])
    return rows[fresh]


def dated(layout: Layout, rows: Rows) -> Rows:
    """Leave out, of canonical rows, those without a time where one of the same identity has one."""
    bare = rows["at"] < DATED_FROM
    if not bare.any():
        return rows
    bare[:-1] &= _alike(layout, rows)
    bare[-1] = False
    return rows[~bare]


def _alike(layout: Layout, rows: Rows) -> npt.NDArray[np.bool_]:
    """Whether each row but the first has the identity of the one before it."""
    alike = np.ones(len(rows) - 1, dtype=bool)
    for name in layout.identity:
        alike &= rows[name][1:] == rows[name][:-1]
    return alike


def join(layout: Layout, *parts: Rows) -> Rows:
    """The union of tables, as one."""
    return canonical(layout, np.concatenate(parts)) if parts else empty(layout)


def until(rows: Rows, at: int) -> Rows:
    """What was known at a time: the rows at or before it."""
    return rows[rows["at"] <= at]


def listed(rows: npt.NDArray[Any]) -> Iterator[Any]:
    """Give rows, or values of one column, as numbers of Python, some at a time: these take ten times the memory."""
    for start in range(0, len(rows), LISTED):
        yield from rows[start : start + LISTED].tolist()


def empty(layout: Layout) -> Rows:
    """A table without rows."""
    return np.empty(0, dtype=layout.dtype)


class Table:
    """A growing table: rows are appended as bytes and taken out as a canonical array."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._buffer = bytearray()
        self._pack = layout.packer.pack

    def add(self, *values: int) -> None:
        """Append one row: the values of the columns, in their order."""
        self._buffer += self._pack(*values)

    @property
    def size(self) -> int:
        """Bytes that wait in memory."""
        return len(self._buffer)

    def take(self) -> Rows:
        """Give the rows gathered so far, canonical, and start anew."""
        rows = canonical(self.layout, np.frombuffer(bytes(self._buffer), dtype=self.layout.dtype))
        self._buffer = bytearray()
        return rows
