"""Rejects: the bytes of everything that could not be read, as lines of JSON, for who has to look at them."""

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

import msgspec

from suragh.model.fact import Rejected
from suragh.read.own_report import REJECTS_SCHEMA
from suragh.store.blocks import Blocks
from suragh.store.inputs import Inputs

if TYPE_CHECKING:
    from suragh.read.reader import Member

TEXT_MOST: Final = 1 << 20
"""Bytes of a record that may be written as text, which must be in memory for it; a longer one is written as Base64."""

BLOCK: Final = 3 << 18
"""Bytes that are copied at a time: a multiple of three, so that pieces of Base64 make one text."""


class Tray:
    """Where each rejection stands, in order, in a file: however many there are.

    `path` says where the file lies, where others are to read it.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.blocks = Blocks(path)
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(Rejected).decode

    def add(self, rejected: Rejected) -> None:
        """Keep one more."""
        self.blocks.add(self._encode(rejected))

    def all(self) -> Iterator[Rejected]:
        """Everything that was kept, in order."""
        return map(self._decode, self.blocks.all())

    def close(self) -> None:
        """Let go of the file."""
        self.blocks.close()


def write_rejects(rejected: Iterable[Rejected], inputs: Inputs, out: BinaryIO) -> None:
    """Write one object a line: `schema`, `file`, `offset`, `length`, `reason`, and the bytes.

    These are in `text` where they are UTF-8 and not long, else in `base64`. All but ASCII is escaped, so that the file
    can be shown on a terminal.
    """
    with ExitStack() as stack:
        cursor = _Cursor(inputs, stack)
        for item in rejected:
            where = item.pointer
            about = {
                "schema": REJECTS_SCHEMA,
                "file": inputs.sources[where.source].name,
                "offset": where.offset,
                "length": where.length,
                "reason": item.reason,
            }
            cursor.move(where.source, where.offset)
            _write(about, cursor.blocks(where.length), where.length, out)


def _write(about: dict[str, object], blocks: Iterator[bytes], length: int, out: BinaryIO) -> None:
    if length <= TEXT_MOST:
        data = b"".join(blocks)
        try:
            line = about | {"text": data.decode()}
        except UnicodeDecodeError:
            line = about | {"base64": b64encode(data).decode()}
        out.write(json.dumps(line).encode() + b"\n")
        return
    out.write(json.dumps(about | {"base64": ""}).encode().removesuffix(b'"}'))
    out.writelines(map(b64encode, blocks))
    out.write(b'"}\n')


class _Cursor:
    """A place in the inputs' decompressed content that moves forward, as rejections do."""

    def __init__(self, inputs: Inputs, stack: ExitStack) -> None:
        self._inputs = inputs
        self._stack = stack
        self._member: Member | None = None

    def move(self, source: int, offset: int) -> None:
        member = self._member
        if member is None or member.source != source or member.stream.position > offset:
            self._stack.pop_all().close()
            member = self._member = self._stack.enter_context(self._inputs.member(source))
        stream = member.stream
        while stream.position < offset and stream.read(min(BLOCK, offset - stream.position)):
            pass

    def blocks(self, length: int) -> Iterator[bytes]:
        """Give the next bytes, as many as there are, each block but the last of `BLOCK` bytes."""
        held = bytearray()
        while length and self._member and (block := self._member.stream.read(min(BLOCK, length))):
            length -= len(block)
            held += block
            if len(held) >= BLOCK:
                yield bytes(held[:BLOCK])
                del held[:BLOCK]
        yield bytes(held)
