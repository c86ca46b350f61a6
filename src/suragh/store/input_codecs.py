"""Codecs: compressed streams, known by their first bytes, read in bounded memory up to where they break off."""

import bz2
import gzip
import lzma
import re
import zlib
from collections.abc import Callable
from typing import BinaryIO, Final, Protocol, cast

import zstandard
from msgspec import Struct

MAX_RATIO: Final = 1000
"""Bytes out per byte in. Logs compress 5 to 100 times, deflate at most 1,032; bombs in xz and zstd pass 10,000."""

MAX_FREE: Final = 256 * 1024 * 1024
"""Bytes out before the ratio counts: a small file of repeated lines is no bomb."""

MAX_WINDOW: Final = 1 << 27
"""Bytes of memory that a stream may ask for: `zstd --ultra -22` and `xz -9` need 128 and 65 MB."""

BLOCK: Final = 1 << 16
"""Bytes given to a decompressor at a time."""

_ZSTD_FEED: Final = 512
"""Bytes given to zstd at a time: a block of 4 bytes can become 128 KB, so these become 16 MB at most."""

_MAGIC_LENGTH: Final = 10


class Readable(Protocol):
    """A stream of bytes."""

    def read(self, size: int, /) -> bytes:
        """Give at most `size` bytes; none at the end."""


class Raw(Readable, Protocol):
    """The bytes that a content is made of."""

    def tell(self) -> int:
        """Count the bytes of the file, as it lies there, that were taken so far."""


class Step(Protocol):
    """A decompressor of one stream, as `bz2` and `lzma` have it."""

    @property
    def eof(self) -> bool:
        """Whether the end of the stream was seen."""

    @property
    def needs_input(self) -> bool:
        """Whether more must be given before more comes."""

    @property
    def unused_data(self) -> bytes:
        """What was given beyond the end."""

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Take bytes and give at most so many."""


class _Codec(Struct, frozen=True):
    name: str
    magic: re.Pattern[bytes]
    open: Callable[[Raw], Readable]


class Inflate:
    """A `Step` for deflate without a header, as archives hold it."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(-zlib.MAX_WBITS)

    @property
    def eof(self) -> bool:
        """As `Step` has it."""
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        """As `Step` has it."""
        return not self._inner.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        """As `Step` has it."""
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """As `Step` has it."""
        return self._inner.decompress(self._inner.unconsumed_tail + data, max_length)


class Steps:
    """Compressed streams one after another, in one or in many steps.

    `padding` may stand between and after them.
    """

    def __init__(self, raw: Readable, make: Callable[[], Step], padding: bytes = b"") -> None:
        self._raw = raw
        self._make = make
        self._padding = padding
        self._step = make()

    def read(self, size: int, /) -> bytes:
        """Give at most `size` bytes; none at the end."""
        while size:
            data = b""
            if self._step.eof:
                data = self._next_stream()
                if not data:
                    return b""
                self._step = self._make()
            elif self._step.needs_input:
                data = self._raw.read(BLOCK)
            block = self._step.decompress(data, size)
            if block:
                return block
            if not data and not self._step.eof and self._step.needs_input:
                raise EOFError("stream is cut")
        return b""

    def _next_stream(self) -> bytes:
        data = self._step.unused_data.lstrip(self._padding) if self._padding else self._step.unused_data
        while not data and (more := self._raw.read(BLOCK)):
            data = more.lstrip(self._padding) if self._padding else more
        return data


def _gzip(raw: Raw) -> Readable:
    return gzip.GzipFile(fileobj=cast("BinaryIO", raw), mode="rb")


class Zstd:
    """Frames of zstd, one after another. The library's own reader does not say that a frame is cut."""

    def __init__(self, raw: Readable) -> None:
        self._raw = raw
        self._frames = zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW)
        self._frame = self._frames.decompressobj()
        self._is_inside = False
        self._waiting = b""
        self._ready = memoryview(b"")

    def read(self, size: int, /) -> bytes:
        """Give at most `size` bytes; none at the end."""
        while not self._ready:
            data = self._waiting or self._raw.read(_ZSTD_FEED)
            if not data:
                if self._is_inside:
                    raise EOFError("frame is cut")
                return b""
            self._ready = memoryview(self._frame.decompress(data))
            self._is_inside = not self._frame.eof
            self._waiting = b"" if self._is_inside else self._frame.unused_data
            if not self._is_inside:
                self._frame = self._frames.decompressobj()
        block, self._ready = self._ready[:size], self._ready[size:]
        return bytes(block)


def _xz(raw: Raw) -> Readable:
    return Steps(raw, lambda: lzma.LZMADecompressor(memlimit=MAX_WINDOW), padding=b"\0")


def _bzip2(raw: Raw) -> Readable:
    return Steps(raw, bz2.BZ2Decompressor)


_CODECS: Final = (
    _Codec("gzip", re.compile(rb"\x1f\x8b"), _gzip),
    _Codec("zstd", re.compile(rb"\x28\xb5\x2f\xfd"), Zstd),
    _Codec("xz", re.compile(rb"\xfd7zXZ\x00"), _xz),
    _Codec("bzip2", re.compile(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)"), _bzip2),
)

_BROKEN: Final = (OSError, EOFError, MemoryError, zlib.error, lzma.LZMAError, zstandard.ZstdError)


class _Begun:
    """A stream whose first bytes were looked at, and are given again."""

    def __init__(self, raw: Raw) -> None:
        self._raw = raw
        self._seen = b""

    def look(self, size: int) -> bytes:
        while len(self._seen) < size and (more := self._raw.read(size - len(self._seen))):
            self._seen += more
        return self._seen

    def read(self, size: int, /) -> bytes:
        if not self._seen:
            return self._raw.read(size)
        block, self._seen = self._seen[:size], self._seen[size:]
        return block + self._raw.read(size - len(block)) if len(block) < size else block

    def tell(self) -> int:
        return self._raw.tell()


class Content:
    """The decompressed content of an open file: what can be read of it, and why it breaks off. A `Stream`.

    `free` is how many bytes may come out before the ratio counts, if not `MAX_FREE`.
    """

    def __init__(self, raw: Raw, free: int | None = None) -> None:
        self._raw = raw
        self._free = free
        self._decoder: Readable = raw
        self._codec = ""
        self._head = b""
        self._given = 0
        self._fault = ""
        self._begin()

    def _begin(self) -> None:
        begun = _Begun(self._raw)
        try:
            magic = begun.look(_MAGIC_LENGTH)
        except _BROKEN as error:
            self._fault = f"cannot be read: {_reason(error)}"
            return
        codec = next((codec for codec in _CODECS if codec.magic.match(magic)), None)
        self._codec = codec.name if codec else ""
        self._decoder = codec.open(begun) if codec else begun

    @property
    def is_compressed(self) -> bool:
        """Whether the bytes that lie there are not the content itself."""
        return bool(self._codec)

    @property
    def fault(self) -> str:
        """Say why the content broke off; empty if it did not, or has not yet."""
        return self._fault

    @property
    def position(self) -> int:
        """Count the bytes given so far."""
        return self._given - len(self._head)

    @property
    def raw_position(self) -> int:
        """Count the bytes of the file, as it lies there, that were taken to give what was given."""
        try:
            return self._raw.tell()
        except OSError:
            return 0

    def head(self, size: int, /) -> bytes:
        """Give the first bytes without taking them; only before the first `read`."""
        while len(self._head) < size:
            block = self._more(size - len(self._head))
            if not block:
                break
            self._head += block
        return self._head[:size]

    def read(self, size: int, /) -> bytes:
        """Give at most `size` bytes; none at the end, or where the content breaks off."""
        if self._head:
            block, self._head = self._head[:size], self._head[size:]
            return block
        return self._more(size)

    def _more(self, size: int) -> bytes:
        if self._fault:
            return b""
        try:
            block = self._decoder.read(size)
        except _BROKEN as error:
            what = f"{self._codec} stream" if self._codec else "file"
            self._fault = f"{what} breaks off after {self._given} bytes: {_reason(error)}"
            return b""
        self._given += len(block)
        free = MAX_FREE if self._free is None else self._free
        if self._codec and self._given > free and self._given > MAX_RATIO * self._raw.tell():
            self._fault = f"{self._codec} stream grows more than {MAX_RATIO} times, left off after {self._given} bytes"
        return block


def _reason(error: BaseException) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__
