"""Framing: lines with their offsets, whatever the blocks they come in."""

from io import BytesIO

from hypothesis import given
from hypothesis import strategies as st

from suragh.read.framing import Overlong, document, frames


class Dribble:
    """A stream that gives as many bytes as it likes."""

    def __init__(self, data: bytes, sizes: list[int]) -> None:
        self._data = BytesIO(data)
        self._sizes = sizes or [1]
        self._turn = 0

    def read(self, _size: int, /) -> bytes:
        """Give the next few bytes."""
        self._turn += 1
        return self._data.read(self._sizes[self._turn % len(self._sizes)])


@given(
    st.lists(st.sampled_from([b"", b" ", b"a", b"bc\r", b'{"x": 1}', b"\xff" * 9]), max_size=12),
    st.lists(st.integers(1, 7), max_size=4),
)
def test_each_line_stands_where_its_offset_says(parts: list[bytes], sizes: list[int]) -> None:
    """However the stream is cut into blocks, lines come in order, none blank, each at its offset."""
    data = b"\n".join(parts)

    found = [frame for frame in frames(Dribble(data, sizes)) if not isinstance(frame, Overlong)]

    assert [line for _, line in found] == [part.removesuffix(b"\r") for part in parts if part.strip()]
    assert all(data[offset : offset + len(line)] == line for offset, line in found)


@given(st.lists(st.integers(0, 12), max_size=8), st.lists(st.integers(1, 9), max_size=3))
def test_a_line_that_is_too_long_is_passed_over(lengths: list[int], sizes: list[int]) -> None:
    """Its offset and length are known, and the lines after it are read."""
    data = b"\n".join(b"x" * length for length in lengths)

    found = list(frames(Dribble(data, sizes), limit=8))

    spans = [(f.offset, f.length) if isinstance(f, Overlong) else (f[0], len(f[1])) for f in found]
    starts = [sum(lengths[:place]) + place for place in range(len(lengths))]
    assert spans == [(start, length) for start, length in zip(starts, lengths, strict=True) if length]
    assert [isinstance(f, Overlong) for f in found] == [length > 8 for length in lengths if length]


def test_a_byte_order_mark_is_no_part_of_the_first_line() -> None:
    """The first line starts after it, at offset 3."""
    assert list(frames(BytesIO(b"\xef\xbb\xbf{}\r\n[]"))) == [(3, b"{}"), (7, b"[]")]


@given(data=st.binary(max_size=60), sizes=st.lists(st.integers(1, 9)), limit=st.integers(0, 60))
def test_a_document_is_all_of_a_stream(data: bytes, sizes: list[int], limit: int) -> None:
    """Its bytes in whatever blocks they come; of one that is too long only the size."""
    assert document(Dribble(data, sizes), limit) == (data if len(data) <= limit else b"", len(data))
