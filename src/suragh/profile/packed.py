"""Packed: rows kept as bytes, and made into objects when they are looked at.

A scan keeps millions of rows of which the judge looks at some, once. As bytes they take a sixth of the memory.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import starmap
from operator import eq
from typing import Generic, TypeVar, overload

from suragh.profile.rows import row_packer

T = TypeVar("T")


class Shape(Generic[T]):
    """What the bytes of a row mean.

    Attributes:
        make: makes an object of a row's values.
        columns: of a row.
        pack: gives the bytes of a row's values.
        unpack: gives the values of all rows of some bytes.
        size: bytes of a row.
    """

    def __init__(self, make: Callable[..., T], **codes: str) -> None:
        self.make = make
        self.columns = tuple(codes.items())
        packer = row_packer(self.columns)
        self.pack = packer.pack
        self.unpack = packer.iter_unpack
        self.size = packer.size

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
        places = range(len(self))[index]
        if isinstance(places, int):
            (made,) = starmap(self.shape.make, self.shape.unpack(self._rows(places, 1)))
            return made
        if places.step == 1:
            return Packed(self.shape, self._rows(places.start, len(places)))
        return Packed(self.shape, b"".join(self._rows(place, 1) for place in places))

    def _rows(self, place: int, number: int) -> bytes:
        return self.data[place * self.shape.size : (place + number) * self.shape.size]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and all(map(eq, self, other))

    def __hash__(self) -> int:
        return hash(tuple(self))
