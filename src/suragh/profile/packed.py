"""Packed: rows kept as bytes, and made into objects when they are looked at.

A scan keeps millions of rows of which the judge looks at some, once. As bytes they take a sixth of the memory.
"""

import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import starmap
from operator import eq
from typing import Generic, TypeVar, overload

T = TypeVar("T")


class Shape(Generic[T]):
    """What the bytes of a row mean.

    Attributes:
        make: makes an object of a row's values.
        pack: gives the bytes of a row's values.
        unpack: gives the values of all rows of some bytes.
        size: bytes of a row.
    """

    def __init__(self, make: Callable[..., T], codes: str) -> None:
        packer = struct.Struct(f"<{codes}")
        self.make = make
        self.pack = packer.pack
        self.unpack = packer.iter_unpack
        self.size = packer.size

    def ordered(self, data: bytes | bytearray) -> "Packed[T]":
        """Give rows sorted by their values."""
        return Packed(self, self.packed(sorted(self.unpack(data))))

    def packed(self, rows: Iterable[tuple[int, ...]]) -> bytes:
        """Give the bytes of rows."""
        return b"".join(starmap(self.pack, rows))


@dataclass(frozen=True, slots=True, eq=False)
class Packed(Sequence[T]):
    """A sequence that makes its elements when asked for them; it equals every sequence of the same elements."""

    shape: Shape[T]
    data: bytes

    def __len__(self) -> int:
        return len(self.data) // self.shape.size

    def __iter__(self) -> Iterator[T]:
        return starmap(self.shape.make, self.shape.unpack(self.data))

    @overload
    def __getitem__(self, index: int) -> T: ...

    @overload
    def __getitem__(self, index: slice) -> "Packed[T]": ...

    def __getitem__(self, index: int | slice) -> "T | Packed[T]":
        if isinstance(index, slice):
            return Packed(self.shape, b"".join(self._row(place) for place in range(*index.indices(len(self)))))
        (made,) = starmap(self.shape.make, self.shape.unpack(self._row(range(len(self))[index])))
        return made

    def _row(self, place: int) -> bytes:
        return self.data[place * self.shape.size : (place + 1) * self.shape.size]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and all(map(eq, self, other))

    def __hash__(self) -> int:
        return hash(tuple(self))
