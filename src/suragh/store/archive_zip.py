"""Zip: members by the archive's directory, decompressed in a stream by any of the usual methods, Zstandard among them.

Python's own module refuses Zstandard up to version 3.13, and holds a directory of any length in memory.

Source: APPNOTE.TXT 6.3.10 (PKWARE).
"""

import bz2
import lzma
import struct
import zlib
from collections.abc import Callable, Iterator
from io import SEEK_END
from typing import BinaryIO, Final

from msgspec import Struct

from suragh.store.archive_item import MAX_MEMBERS, TOO_MANY, Item, Nothing
from suragh.store.input_codecs import MAX_FREE, MAX_RATIO, MAX_WINDOW, Inflate, Readable, Steps, Zstd

_END: Final = struct.Struct("<4s4H2LH")
_END_MAGIC: Final = b"PK\x05\x06"
_LONGEST_COMMENT: Final = 0xFFFF
_LOCATOR: Final = struct.Struct("<4sLQL")
_LOCATOR_MAGIC: Final = b"PK\x06\x07"
_END_64: Final = struct.Struct("<4sQ2H2L4Q")
_END_64_MAGIC: Final = b"PK\x06\x06"
_ENTRY: Final = struct.Struct("<4s6H3L5H2L")
_ENTRY_MAGIC: Final = b"PK\x01\x02"
_LOCAL: Final = struct.Struct("<4s5H3L2H")
_LOCAL_MAGIC: Final = b"PK\x03\x04"

_FULL: Final = 0xFFFFFFFF
"""A 32-bit field that says: the true value stands in the extra field of `_ZIP64`."""

_ZIP64: Final = 1
_ENCRYPTED: Final = 1 << 0
_HAS_END_MARK: Final = 1 << 1
_IS_UTF8: Final = 1 << 11

_STORED: Final = 0
_LZMA: Final = 14
_LZMA_HEADER: Final = struct.Struct("<2xH5s")
_UNKNOWN_SIZE: Final = b"\xff" * 8


class _BrokenError(Exception):
    """The archive does not hold what it should; the text says what."""


class _Entry(Struct, frozen=True, gc=False):
    name: str
    method: int
    flags: int
    crc: int
    packed: int
    size: int
    offset: int


def is_zip(head: bytes) -> bool:
    """Whether a content that begins so is a zip archive."""
    return head.startswith((_LOCAL_MAGIC, _END_MAGIC))


class ZipArchive:
    """A zip archive in a file that can be sought in. An `Archive`."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._entries: list[_Entry] = []
        self.fault = ""
        try:
            self._read_directory()
        except _BrokenError as error:
            self.fault = f"zip archive is broken: {error}"
        except (OSError, struct.error) as error:
            self.fault = f"zip archive cannot be read: {error}"

    def at(self, number: int) -> Item | None:
        """Give a member; None after the last one."""
        if number >= len(self._entries):
            return None
        entry = self._entries[number]
        refused = _refusal(entry)
        if refused:
            return Item(entry.name, 0, refused, Nothing())
        return Item(entry.name, entry.size, "", _Content(self._file, entry))

    def _read_directory(self) -> None:
        """List the members; what together takes or gives more than the file can hold ends the list."""
        length = self._file.seek(0, SEEK_END)
        taken = given = 0
        for entry in _directory(self._file, length):
            if entry.name.endswith("/"):
                continue
            if len(self._entries) == MAX_MEMBERS:
                self.fault = TOO_MANY
                return
            taken += entry.packed
            given += entry.size
            if taken > length:
                raise _BrokenError(f"its members together take more than the file's {length} bytes")
            if given > MAX_FREE and given > MAX_RATIO * length:
                self.fault = f"zip archive grows more than {MAX_RATIO} times, the rest is left off"
                return
            self._entries.append(entry)


def _refusal(entry: _Entry) -> str:
    if entry.flags & _ENCRYPTED:
        return "is encrypted"
    if entry.method not in (_STORED, _LZMA) and entry.method not in _METHODS:
        return f"is compressed by method {entry.method} of zip, expected deflate, bzip2, lzma, zstd or none"
    return ""


class _Content:
    """The content of a member, checked against the size and checksum that the directory tells."""

    def __init__(self, file: BinaryIO, entry: _Entry) -> None:
        self._file = file
        self._entry = entry
        self._decoder: Readable | None = None
        self._given = 0
        self._sum = 0

    def read(self, size: int, /) -> bytes:
        if self._decoder is None:
            self._decoder = _decoder(self._file, self._entry)
        block = self._decoder.read(size)
        self._given += len(block)
        self._sum = zlib.crc32(block, self._sum)
        if self._given > self._entry.size:
            raise OSError(f"is longer than the {self._entry.size} bytes that its archive tells")
        if not block and size and (self._given, self._sum) != (self._entry.size, self._entry.crc):
            raise OSError("does not have the size and checksum that its archive tells")
        return block

    def tell(self) -> int:
        return min(self._given, self._entry.size)


class _Slice:
    """Some bytes of a file, wherever it was sought to in between."""

    def __init__(self, file: BinaryIO, start: int, size: int) -> None:
        self._file = file
        self._at = start
        self._left = size

    def read(self, size: int, /) -> bytes:
        self._file.seek(self._at)
        block = self._file.read(min(size, self._left))
        if not block and size and self._left:
            raise EOFError("archive is cut")
        self._at += len(block)
        self._left -= len(block)
        return block


class _After:
    """Bytes at hand, and a stream after them."""

    def __init__(self, first: bytes, rest: Readable) -> None:
        self._first = first
        self._rest = rest

    def read(self, size: int, /) -> bytes:
        if not self._first:
            return self._rest.read(size)
        block, self._first = self._first[:size], self._first[size:]
        return block


_METHODS: Final[dict[int, Callable[[Readable], Readable]]] = {
    8: lambda raw: Steps(raw, Inflate),
    12: lambda raw: Steps(raw, bz2.BZ2Decompressor),
    93: Zstd,
}


def _decoder(file: BinaryIO, entry: _Entry) -> Readable:
    file.seek(entry.offset)
    header = file.read(_LOCAL.size)
    if not header.startswith(_LOCAL_MAGIC) or len(header) < _LOCAL.size:
        raise OSError("is not where the directory of its archive says")
    name_length, extra_length = _LOCAL.unpack(header)[-2:]
    raw = _Slice(file, entry.offset + _LOCAL.size + name_length + extra_length, entry.packed)
    if entry.method == _LZMA:
        return _lzma(raw, entry)
    return _METHODS[entry.method](raw) if entry.method else raw


def _lzma(raw: Readable, entry: _Entry) -> Readable:
    """Read LZMA as the older file format that differs only in its header, and for which memory can be limited."""
    header = raw.read(_LZMA_HEADER.size)
    if len(header) < _LZMA_HEADER.size or _LZMA_HEADER.unpack(header)[0] != len(header) - 4:
        raise OSError("has a header that is none of LZMA")
    size = _UNKNOWN_SIZE if entry.flags & _HAS_END_MARK else entry.size.to_bytes(8, "little")
    alone = _After(header[4:] + size, raw)
    return Steps(alone, lambda: lzma.LZMADecompressor(lzma.FORMAT_ALONE, memlimit=MAX_WINDOW))


def _directory(file: BinaryIO, length: int) -> Iterator[_Entry]:
    """Yield the entries of the directory, however many there are.

    Raises:
        _BrokenError: where it breaks off.
    """
    size, offset, end = _end(file, length)
    # What stands before the archive, such as a program that unpacks it, moves all offsets.
    before = end - size - offset
    if before < 0:
        raise _BrokenError("its directory begins before the file")
    file.seek(before + offset)
    left = size
    while left >= _ENTRY.size:
        data = file.read(_ENTRY.size)
        if len(data) < _ENTRY.size or not data.startswith(_ENTRY_MAGIC):
            raise _BrokenError("its directory breaks off")
        fields = _ENTRY.unpack(data)
        name_length, extra_length, comment_length = fields[10:13]
        more = file.read(name_length + extra_length + comment_length)
        if len(more) < name_length + extra_length + comment_length:
            raise _BrokenError("its directory breaks off")
        left -= len(data) + len(more)
        here = file.tell()
        yield _entry(fields, more[:name_length], more[name_length : name_length + extra_length], before)
        file.seek(here)


def _entry(fields: tuple[int, ...], name: bytes, extra: bytes, before: int) -> _Entry:
    flags, method, crc = fields[3], fields[4], fields[7]
    values = [fields[9], fields[8], fields[16]]
    wide = _wide(extra)
    for place, value in enumerate(values):
        if value == _FULL and wide:
            values[place] = wide.pop(0)
    size, packed, offset = values
    shown = name.decode("utf-8" if flags & _IS_UTF8 else "cp437", "replace")
    return _Entry(shown, method, flags, crc, packed, size, before + offset)


def _wide(extra: bytes) -> list[int]:
    """Give the 64-bit values of an extra field, in their order: size, packed size, offset."""
    place = 0
    while place + 4 <= len(extra):
        kind, length = (int.from_bytes(extra[at : at + 2], "little") for at in (place, place + 2))
        block = extra[place + 4 : place + 4 + length]
        if kind == _ZIP64:
            return [int.from_bytes(block[at : at + 8], "little") for at in range(0, len(block) - 7, 8)]
        place += 4 + length
    return []


def _end(file: BinaryIO, length: int) -> tuple[int, int, int]:
    """Find the directory: its size, its offset, and where in the file it ends."""
    start = max(0, length - _END.size - _LONGEST_COMMENT)
    file.seek(start)
    tail = file.read(length - start)
    place = _end_place(tail)
    if place < 0:
        raise _BrokenError("its directory is missing at the end, as in one that is cut")
    size, offset = _END.unpack_from(tail, place)[5:7]
    end = start + place
    file.seek(max(0, end - _LOCATOR.size))
    locator = file.read(_LOCATOR.size)
    if len(locator) < _LOCATOR.size or not locator.startswith(_LOCATOR_MAGIC):
        return size, offset, end
    return _end_64(file, end - _LOCATOR.size, _LOCATOR.unpack(locator)[2])


def _end_place(tail: bytes) -> int:
    """Find the end record: the last one whose comment goes to the end, for a comment may look like a record itself."""
    if len(tail) < _END.size:
        return -1
    last = place = tail.rfind(_END_MAGIC, 0, len(tail) - _END.size + len(_END_MAGIC))
    while place >= 0:
        if place + _END.size + _END.unpack_from(tail, place)[7] == len(tail):
            return place
        place = tail.rfind(_END_MAGIC, 0, place + len(_END_MAGIC) - 1)
    return last


def _end_64(file: BinaryIO, below: int, told: int) -> tuple[int, int, int]:
    """Read the wide end record: right before its locator, or where that says, if it is longer than usual."""
    for place in (below - _END_64.size, told):
        if 0 <= place <= below:
            file.seek(place)
            record = file.read(_END_64.size)
            if len(record) == _END_64.size and record.startswith(_END_64_MAGIC):
                size, offset = _END_64.unpack(record)[-2:]
                return size, offset, place
    raise _BrokenError("its wide end record is not where it should be")
