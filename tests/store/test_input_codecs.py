"""Compressed streams: known by their content, read up to where they break off."""

import bz2
import gzip
import lzma
from collections.abc import Callable
from io import BytesIO

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from suragh.store import input_codecs
from suragh.store.input_codecs import Content

CODECS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "xz": lzma.compress,
    "bzip2": bz2.compress,
    "zstd": zstandard.ZstdCompressor().compress,
    "file": bytes,
}


def drained(stream: Content, size: int = 1000) -> bytes:
    """All that a stream gives."""
    blocks: list[bytes] = []
    while block := stream.read(size):
        blocks.append(block)
    return b"".join(blocks)


@pytest.mark.parametrize("codec", sorted(CODECS))
@given(data=st.binary(max_size=3000), head=st.integers(0, 4000), size=st.integers(1, 999))
def test_the_content_is_what_was_compressed(codec: str, data: bytes, head: int, size: int) -> None:
    """Whatever the blocks, also after a look at its head; two streams joined are one."""
    data = b"-" + data  # what is not compressed must not begin as if it were
    packed = CODECS[codec](data)
    stream = Content(BytesIO(packed + packed))

    assert stream.head(head) == (data + data)[:head]
    assert stream.position == 0
    assert drained(stream, size) == data + data
    assert (stream.fault, stream.position, stream.raw_position) == ("", 2 * len(data), 2 * len(packed))


@pytest.mark.parametrize("codec", ["gzip", "xz", "zstd"])
def test_a_stream_that_is_cut_gives_what_can_be_read(codec: str) -> None:
    """And then says that it breaks off, and where."""
    data = b"".join(b"line %d\n" % number for number in range(200_000))
    stream = Content(BytesIO(CODECS[codec](data)[:-200]))

    found = drained(stream, 65536)

    assert data.startswith(found)
    assert len(found) > len(data) // 4
    assert stream.fault.startswith(f"{codec} stream breaks off after {len(found)} bytes")


@pytest.mark.parametrize("codec", ["bzip2", "gzip", "xz", "zstd"])
def test_damage_is_said(codec: str) -> None:
    """A stream with changed bytes in it breaks off there."""
    packed = bytearray(CODECS[codec](bytes(range(256)) * 500))
    packed[len(packed) // 2 :] = b"\xff" * (len(packed) - len(packed) // 2)
    stream = Content(BytesIO(bytes(packed)))

    drained(stream)

    assert stream.fault.startswith(f"{codec} stream breaks off")


def test_a_bomb_is_left_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small stream that grows without measure is read to a limit, and that is said."""
    monkeypatch.setattr(input_codecs, "MAX_FREE", 1 << 20)
    stream = Content(BytesIO(CODECS["zstd"](bytes(1 << 25))))

    size = len(drained(stream, 1 << 16))

    assert 1 << 20 <= size < 1 << 22
    assert "grows more than" in stream.fault


def test_a_stream_that_asks_for_much_memory_is_refused() -> None:
    """The window that an xz header may ask for goes up to 4 GB."""
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 28}]
    stream = Content(BytesIO(lzma.compress(b"text", filters=filters)))

    assert drained(stream) == b""
    assert "xz stream breaks off after 0 bytes: Memory usage limit exceeded" in stream.fault


@pytest.mark.parametrize("codec", ["bzip2", "xz"])
def test_what_comes_after_a_stream_is_said(codec: str) -> None:
    """It is no stream of its own; zeros after xz are padding."""
    stream = Content(BytesIO(CODECS[codec](b"text") + b"rubbish"))
    padded = Content(BytesIO(CODECS["xz"](b"text") + bytes(8) + CODECS["xz"](b"more") + bytes(4)))

    assert drained(stream) == b"text"
    assert stream.fault.startswith(f"{codec} stream breaks off after 4 bytes")
    assert (drained(padded), padded.fault) == (b"textmore", "")


def test_a_file_that_cannot_be_read_says_why() -> None:
    """An error of the file system is no exception."""

    class Broken(BytesIO):
        """A file on a disk that fails."""

        def read(self, _size: int | None = -1, /) -> bytes:
            """Fail."""
            raise OSError(5, "Input/output error")

    stream = Content(Broken())

    assert stream.head(10) == b""
    assert stream.fault == "cannot be read: Input/output error"
