"""Tar: members one after another in a stream, whose headers are read in bounded memory.

Source: POSIX.1-2017, pax; GNU tar 1.35, Basic Tar Format.
"""

from collections.abc import Callable, Iterator
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from suragh.read.reader import Stream
from suragh.store.archive_item import MAX_MEMBERS, TOO_MANY, Item, Nothing

BLOCK: Final = 512

MAX_HEADER: Final = 1 << 20
"""Bytes of a long name or of a pax header: paths end at 4,096 on Linux."""

_SKIPPED: Final = 1 << 20
"""Bytes that are passed over at a time."""

_CHECKSUM: Final = slice(148, 156)
_SIZE: Final = slice(124, 136)
_KIND: Final = slice(156, 157)
_MAGIC: Final = slice(257, 262)
_PREFIX: Final = slice(345, 500)
_HAS_MORE_MAP: Final = 482

_FILES: Final = (b"0", b"\0", b"7")
_WITHOUT_CONTENT: Final = (b"1", b"2", b"3", b"4", b"5", b"6")
_LONG_NAME: Final = b"L"
_PAX: Final = b"x"
_SPARSE: Final = b"S"

_LONGEST_LENGTH: Final = len(str(MAX_HEADER)) + 1
_IS_WIDE: Final = 0x80
_MAX_SIZE: Final = 1 << 62


class _BrokenError(Exception):
    """The archive does not go on as it should; the text says why."""


class _Header(Struct, frozen=True):
    name: str
    size: int
    is_sparse: bool


def is_tar(head: bytes) -> bool:
    """Whether a content that begins so is a tar archive: the first header's checksum is right."""
    return len(head) >= BLOCK and any(head[:BLOCK]) and _has_checksum(head[:BLOCK])


class TarArchive:
    """A tar archive in a stream that can be begun again. An `Archive`."""

    def __init__(self, begin: Callable[[], Stream]) -> None:
        self.fault = ""
        self._begin = begin
        self._stream = begin()
        self._next = 0
        self._window: _Window | None = None

    def at(self, number: int) -> Item | None:
        """Give a member; None after the last one. One that is behind costs a new beginning."""
        if number >= MAX_MEMBERS:
            self.fault = TOO_MANY if self._header() else self.fault
            return None
        if number < self._next:
            self._stream, self._next, self._window = self._begin(), 0, None
        header = self._header()
        while header is not None and self._next <= number:
            header = self._header()
        return None if header is None else self._item(header)

    def _item(self, header: _Header) -> Item:
        if header.is_sparse:
            return Item(header.name, 0, "is a sparse file in a tar archive, expected a whole one", Nothing())
        return Item(header.name, header.size, "", self._window or Nothing())

    def _header(self) -> _Header | None:
        """Go on to the next file; None at the end, or where the archive breaks off."""
        try:
            header = _next(self._stream, self._window)
        except _BrokenError as error:
            self.fault = f"tar archive breaks off after {self._stream.position} bytes: {error}"
            return None
        if header is not None:
            self._window = _Window(self._stream, header.size)
            self._next += 1
        return header


class _Window:
    """The content of a member: what comes next in the stream, while nothing else was taken from it."""

    def __init__(self, stream: Stream, size: int) -> None:
        self._stream = stream
        self._size = self._left = size
        self._at = stream.position

    def read(self, size: int, /) -> bytes:
        if not self._left:
            return b""
        if self._stream.position != self._at:
            raise OSError("archive was read further in between")
        block = self._stream.read(min(size, self._left))
        if not block and size:
            raise EOFError(self._stream.fault or "tar archive is cut")
        self._left -= len(block)
        self._at += len(block)
        return block

    def tell(self) -> int:
        return self._size - self._left

    @property
    def end(self) -> int:
        """Where in the stream the next header begins."""
        return self._at + self._left + -self._size % BLOCK


def _next(stream: Stream, window: _Window | None) -> _Header | None:
    """Go on to the next file, past what is none; None at the end.

    Raises:
        _BrokenError: if the archive breaks off.
    """
    if window is not None:
        _skip(stream, window.end - stream.position)
    told = _Told()
    while block := _block(stream):
        kind, size = block[_KIND], _number(block[_SIZE])
        if kind in _FILES or kind == _SPARSE:
            if kind == _SPARSE:
                _skip_maps(stream, block)
            name = told.name or _name(block)
            if not name.endswith("/"):
                return _Header(name, size if told.size is None else told.size, told.is_sparse or kind == _SPARSE)
            told = _Told()
        elif kind in (_LONG_NAME, _PAX):
            told = _heard(told, kind, _payload(stream, size))
        elif kind in _WITHOUT_CONTENT:
            told = _Told()
        else:
            _skip(stream, size + -size % BLOCK)
    return None


class _Told(Struct, frozen=True):
    """What headers before a member's own say of it."""

    name: str = ""
    size: int | None = None
    is_sparse: bool = False


def _heard(told: _Told, kind: bytes, data: bytes) -> _Told:
    if kind == _LONG_NAME:
        return replace(told, name=_text(data.partition(b"\0")[0]))
    for key, value in _pax(data):
        if key == b"path" and not told.is_sparse:
            told = replace(told, name=_text(value))
        elif key == b"GNU.sparse.name":
            told = replace(told, name=_text(value), is_sparse=True)
        elif key == b"size":
            told = replace(told, size=_decimal(value))
    return told


def _block(stream: Stream) -> bytes:
    """Give the next header, past blocks of zeros; none at the end."""
    while True:
        block = _exactly(stream, BLOCK)
        if any(block):
            break
        if not block:
            return b""
    if len(block) < BLOCK:
        raise _BrokenError(stream.fault or "it is cut")
    if not _has_checksum(block):
        raise _BrokenError("what comes next is no header")
    return block


def _exactly(stream: Stream, size: int) -> bytes:
    parts: list[bytes] = []
    while size and (block := stream.read(size)):
        parts.append(block)
        size -= len(block)
    if size and stream.fault:
        raise _BrokenError(stream.fault)
    return b"".join(parts)


def _payload(stream: Stream, size: int) -> bytes:
    if size > MAX_HEADER:
        raise _BrokenError(f"a name is longer than {MAX_HEADER} bytes")
    data = _exactly(stream, size)
    _skip(stream, -size % BLOCK)
    return data


def _skip(stream: Stream, size: int) -> None:
    while size:
        block = stream.read(min(size, _SKIPPED))
        if not block:
            raise _BrokenError(stream.fault or "it is cut")
        size -= len(block)


def _skip_maps(stream: Stream, block: bytes) -> None:
    """Pass over the further maps of holes that follow the header of a sparse file."""
    more = block[_HAS_MORE_MAP]
    while more:
        block = _exactly(stream, BLOCK)
        if len(block) < BLOCK:
            raise _BrokenError(stream.fault or "it is cut")
        more = block[504]


def _pax(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the keys and values of a pax header: records of `length key=value`, each ended by a line end."""
    place = 0
    while place < len(data):
        digits, blank, _ = data[place : place + _LONGEST_LENGTH].partition(b" ")
        length = int(digits) if digits.isdigit() else 0
        if not blank or length <= len(digits) + 1:
            raise _BrokenError("a pax header is none")
        key, _, value = data[place + len(digits) + 1 : place + length - 1].partition(b"=")
        yield key, value
        place += length


def _decimal(value: bytes) -> int:
    if not value.isdigit() or len(value) > len(str(_MAX_SIZE)):
        raise _BrokenError("a size is no number")
    return int(value)


def _number(field: bytes) -> int:
    """Read a size: octal digits, or a big-endian number under a mark in its first byte."""
    if field[0] & _IS_WIDE:
        value = int.from_bytes(field, "big") ^ (_IS_WIDE << 8 * (len(field) - 1))
    else:
        digits = field.strip(b" \0")
        if digits.strip(b"01234567"):
            raise _BrokenError("a size is no number")
        value = int(digits or b"0", 8)
    if value > _MAX_SIZE:
        raise _BrokenError("a size is no number")
    return value


def _has_checksum(block: bytes) -> bool:
    digits = block[_CHECKSUM].strip(b" \0")
    if not digits or digits.strip(b"01234567"):
        return False
    unsigned = sum(block) - sum(block[_CHECKSUM]) + 8 * ord(" ")
    signed = unsigned - 256 * sum(byte >= _IS_WIDE for byte in block)
    return int(digits, 8) in (unsigned, signed)


def _name(block: bytes) -> str:
    name, prefix = block[:100].partition(b"\0")[0], block[_PREFIX].partition(b"\0")[0]
    return _text(prefix + b"/" + name if prefix and block[_MAGIC] == b"ustar" and block[262:263] != b" " else name)


def _text(name: bytes) -> str:
    return name.decode("utf-8", "replace")
