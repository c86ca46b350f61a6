"""Framing: a stream of bytes cut into lines, with the offset of each, in bounded memory."""

import re
from collections.abc import Iterator
from typing import Final, Protocol

from msgspec import Struct

MAX_LINE: Final = 64 * 1024 * 1024
"""Bytes of a line. A model call with the longest context of today is below 10 MB; OTLP receivers take up to 20 MiB."""

MAX_DOCUMENT: Final = 256 * 1024 * 1024
"""Bytes of a document that stands on many lines. A receiver takes a request of 20 MiB; indented, it has four times."""

CHUNK: Final = 1024 * 1024
"""Bytes asked for at a time: a larger block is not read faster, a smaller one costs a call per few hundred lines."""

_LINE: Final = re.compile(rb"[^\n]+")
_BLANKS: Final = ord(" ")
"""A line that ends in a byte above this is not blank, and has no `\\r` at its end."""

BOM: Final = b"\xef\xbb\xbf"


class Readable(Protocol):
    """A stream that bytes are read from."""

    def read(self, size: int, /) -> bytes:
        """Give at most `size` bytes; none at the end."""


class Overlong(Struct, frozen=True):
    """A line longer than allowed: its bytes were passed over.

    Attributes:
        offset: its first byte.
        length: its bytes, without the line end.
    """

    offset: int
    length: int


def frames(stream: Readable, limit: int = MAX_LINE) -> Iterator[tuple[int, bytes] | Overlong]:
    """Yield each line that is not blank as (offset, bytes without the line end).

    A byte order mark at the start, CR LF line ends and a missing last line end are understood.
    """
    block = stream.read(CHUNK)
    start = len(BOM) if block.startswith(BOM) else 0
    block = block[start:] if start else block
    parts: list[bytes] = []
    size = 0
    while block:
        first, *others = block.split(b"\n")
        size += len(first)
        if size <= limit:
            parts.append(first)
        else:
            parts.clear()
        if others:
            yield from _whole(start, parts, size, limit)
            start += size + 1
            *lines, last = others
            if lines.count(b"") > len(lines) // 2:
                yield from _scattered(start, b"\n".join(lines), limit)
                start += sum(map(len, lines)) + len(lines)
                lines = []
            for line in lines:
                if line and line[-1] > _BLANKS and len(line) <= limit:
                    yield start, line
                elif line:
                    yield from _whole(start, [line], len(line), limit)
                start += len(line) + 1
            parts, size = [last], len(last)
        block = stream.read(CHUNK)
    yield from _whole(start, parts, size, limit)


def document(stream: Readable, limit: int = MAX_DOCUMENT) -> tuple[bytes, int]:
    """Read all of a stream: its bytes, none if there are more than allowed, and how many there are."""
    blocks: list[bytes] = []
    size = 0
    while block := stream.read(CHUNK):
        size += len(block)
        if size <= limit:
            blocks.append(block)
        else:
            blocks.clear()
    return b"".join(blocks), size


def _scattered(start: int, block: bytes, limit: int) -> Iterator[tuple[int, bytes] | Overlong]:
    """Yield the lines of a block that is mostly empty ones, which are passed over twenty times as fast in this way."""
    for found in _LINE.finditer(block):
        yield from _whole(start + found.start(), [found.group()], len(found.group()), limit)


def _whole(start: int, parts: list[bytes], size: int, limit: int) -> tuple[tuple[int, bytes] | Overlong, ...]:
    if size > limit:
        return (Overlong(start, size),)
    line = b"".join(parts) if len(parts) != 1 else parts[0]
    if line.endswith(b"\r"):
        line = line[:-1]
    return () if not line or line.isspace() else ((start, line),)
