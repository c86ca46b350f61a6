"""Readers of lines: each line is read or rejected, none is lost."""

from hypothesis import given
from hypothesis import strategies as st
from tests.read.feeds import member

from suragh.model.fact import Pointer, Rejected
from suragh.read import framing, reader
from suragh.read.reader import line_reader, read_lines


def take(data: bytes, pointer: Pointer) -> list[Rejected] | None:
    """A format whose lines begin with `+`."""
    return [Rejected(pointer, "taken")] if data.startswith(b"+") else None


@given(st.lists(st.sampled_from([b"+ one", b"- two", b"", b"+"]), max_size=9))
def test_a_foreign_line_is_rejected_with_its_place(rows: list[bytes]) -> None:
    """Every line that is not blank gives what the format makes of it, or a rejection, and is counted."""
    data = b"\n".join(rows)
    given_member = member(data)

    found = list(read_lines(given_member, take, "foreign"))

    pointers = [seen.pointer for seen in found if isinstance(seen, Rejected)]
    assert [data[p.offset : p.offset + p.length] for p in pointers] == [row for row in rows if row]
    assert [seen.reason for seen in found if isinstance(seen, Rejected)] == [
        "taken" if row.startswith(b"+") else "foreign" for row in rows if row
    ]
    assert given_member.tally.records == len(found)


def test_a_line_reader_looks_at_the_first_lines() -> None:
    """A damaged first line does not hide the format."""
    made = line_reader(
        name="plus",
        title="Plus",
        recognise=lambda line: line.startswith(b"+"),
        begin=lambda: take,
        cannot_know=("Everything else.",),
    )

    assert made.sniff(b"garbage\n+ one\n")
    assert not made.sniff(b"garbage\n")
    assert [type(seen) for seen in made.read(member(b"+ one\n"))] == [Rejected]


def test_a_line_without_end_is_rejected() -> None:
    """A line longer than allowed is passed over and said."""
    data = b"+" * (framing.MAX_LINE + 1) + b"\n+ after"

    found = list(read_lines(member(data), take, "foreign"))

    assert [type(seen) for seen in found] == [Rejected, Rejected]
    assert "longer than" in found[0].reason  # type: ignore[union-attr]
    assert reader.HEAD < framing.MAX_LINE
