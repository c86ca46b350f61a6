"""JSON values that stand on one line."""

from hypothesis import given
from hypothesis import strategies as st

from suragh.model.fact import Pointer, Rejected
from suragh.read.glued import MAX_GLUED, read_glued
from suragh.read.reader import Seen

WHOLE = Pointer(7, 100, 0)


def parts(data: bytes) -> list[tuple[int, bytes]]:
    """Each part of a line that is handed on, with its offset in the line."""
    found: list[tuple[int, bytes]] = []

    def take(part: bytes, place: Pointer) -> list[Seen]:
        assert (place.source, place.length) == (WHOLE.source, len(part))
        found.append((place.offset - WHOLE.offset, part))
        return []

    read_glued(data, WHOLE, take)
    return found


def test_each_value_has_its_own_offset() -> None:
    """Brackets in texts, escaped quotes and blanks between the values confuse nothing."""
    one, two = b'{"a":"}{\\"{"}', b'{"b":[{"c":"]"}]}'

    assert parts(one + two) == [(0, one), (len(one), two)]
    assert parts(one + b"  " + two + b" ") == [(0, one), (len(one) + 2, two)]


def test_what_is_no_value_is_a_part_of_its_own() -> None:
    """Rubbish before, between or behind values costs none of them."""
    line = b'\0\0{"a":1}, {"b":2}{"c":'

    assert [part for _, part in parts(line)] == [b"\0\0", b'{"a":1}', b",", b'{"b":2}', b'{"c":']


def test_one_value_alone_is_not_glued() -> None:
    """A line that breaks off, or that is no JSON for another reason, is left to whoever asked."""
    assert parts(b'{"a":{"b":1}') == []
    assert parts(b"{a:1}") == []
    assert parts(b"rubbish") == []


def test_a_part_of_another_format_is_rejected() -> None:
    """Its bytes are said, and the others are read."""
    found = read_glued(b"{}[1]", WHOLE, lambda part, _: [] if part == b"{}" else None)

    assert found == [Rejected(Pointer(7, 102, 3), "value on a line with others is of another format")]


def test_more_values_than_anybody_glues_are_rejected_as_one() -> None:
    """The first ones are read."""
    data = b"{}" * (MAX_GLUED + 5)
    taken: list[bytes] = []

    found = read_glued(data, WHOLE, lambda part, _: taken.append(part) or [])  # type: ignore[func-returns-value]

    assert len(taken) == MAX_GLUED
    assert found == [Rejected(Pointer(7, 100 + 2 * MAX_GLUED, 10), f"line has more than {MAX_GLUED} values")]


@given(st.binary(max_size=60) | st.text(alphabet='{}[]", \\a', max_size=60).map(str.encode))
def test_no_byte_is_lost(data: bytes) -> None:
    """The parts follow one another, and between them is nothing but blanks."""
    found = parts(data)
    at = 0
    for start, part in found:
        assert not data[at:start].strip()
        assert data[start : start + len(part)] == part
        at = start + len(part)
    assert not found or not data[at:].strip()


def test_hostile_lines_cost_no_more_than_their_length() -> None:
    """Escaped quotes without an end, and brackets without number, are scanned once."""
    assert parts(b'{"' + b'\\"' * 500_000 + b"\\") == []
    assert parts(b"[" * 500_000) == []
