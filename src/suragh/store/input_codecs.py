"""Codecs: compressed streams, known by their first bytes, read in bounded memory up to where they break off."""

import gzip
import lzma
import zlib
from collections.abc import Callable
from typing import BinaryIO, Final, Protocol

import zstandard
from msgspec import Struct

MAX_RATIO: Final = 1000
"""Bytes out per byte in. Logs compress 5 to 100 times, deflate at most 1,032; bombs in xz and zstd pass 10,000."""

MAX_FREE: Final = 256 * 1024 * 1024
"""Bytes out before the ratio counts: a small file of repeated lines is no bomb."""

MAX_WINDOW: Final = 1 << 27
"""Bytes of memory that a stream may ask for: `zstd --ultra -22` and `xz -9` need 128 and 65 MB."""

_ZSTD_FEED: Final = 512
"""Bytes given to zstd at a time: a block of 4 bytes can become 128 KB, so these become 16 MB at most."""

_MAGIC_LENGTH: Final = 6


class _Decoder(Protocol):
    def read(self, size: int, /) -> bytes:
        """Give at most `size` bytes; none at the end."""


class _Codec(Struct, frozen=True):
    name: str
    magic: bytes
    open: Callable[[BinaryIO], _Decoder]


def _gzip(raw: BinaryIO) -> _Decoder:
    return gzip.GzipFile(fileobj=raw, mode="rb")


class _Zstd:
    """Frames of zstd, one after another. The library's own reader does not say that a frame is cut."""

    def __init__(self, raw: BinaryIO) -> None:
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


def _xz(raw: BinaryIO) -> _Decoder:
    return lzma.LZMAFile(raw)


_CODECS: Final = (
    _Codec("gzip", b"\x1f\x8b", _gzip),
    _Codec("zstd", b"\x28\xb5\x2f\xfd", _Zstd),
    _Codec("xz", b"\xfd7zXZ\x00", _xz),
)

_BROKEN: Final = (OSError, EOFError, MemoryError, zlib.error, lzma.LZMAError, zstandard.ZstdError)


class Content:
    """The decompressed content of an open file: what can be read of it, and why it breaks off. A `Stream`."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self._decoder: _Decoder = raw
        self._codec = ""
        self._head = b""
        self._given = 0
        self._fault = ""
        self._begin()

    def _begin(self) -> None:
        try:
            magic = self._raw.read(_MAGIC_LENGTH)
            self._raw.seek(0)
        except OSError as error:
            self._fault = f"cannot be read: {error.strerror or error}"
            return
        codec = next((codec for codec in _CODECS if magic.startswith(codec.magic)), None)
        if codec is not None:
            self._codec = codec.name
            self._decoder = codec.open(self._raw)

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
        if not self._codec:
            return self.position
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
        if self._codec and self._given > MAX_FREE and self._given > MAX_RATIO * self._raw.tell():
            self._fault = f"{self._codec} stream grows more than {MAX_RATIO} times, left off after {self._given} bytes"
        return block


def _reason(error: BaseException) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__
