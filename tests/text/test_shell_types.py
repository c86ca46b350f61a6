"""The way back from a value to its source."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suragh.text.shell_types import PIECES_KEPT, Feed, Word, closed, joined, merged, rebased, spot, whole


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        pytest.param(0, 2, (10, 12), id="inside the exact first piece"),
        pytest.param(2, 3, (12, 14), id="one character of an escape"),
        pytest.param(1, 5, (11, 16), id="across all"),
        pytest.param(3, 5, (14, 16), id="the last piece"),
    ],
)
def test_a_span_of_the_value_is_found_in_the_source(start: int, end: int, expected: tuple[int, int]) -> None:
    r"""`ab"cd` was written as `ab\"cd` from offset 10."""
    assert spot(closed([(0, 10, 12), (2, 12, 14), (3, 14, 16)], 5), start, end) == expected


def test_what_was_decoded_stands_for_all_of_its_code() -> None:
    """Any part of a decoded value points at the whole run, even where it is longer than the run."""
    assert {spot(whole(7, 11, 40), start, start + 3) for start in range(37)} == {(7, 11)}
    assert spot(whole(7, 11, 4), 1, 2) == (8, 9)


def test_pieces_are_expressed_in_the_source_of_their_source() -> None:
    """Two steps back are one; without a base nothing changes."""
    inner = ((0, 2, 6),)

    assert rebased(inner, ((0, 100, 110),)) == ((0, 102, 106),)
    assert rebased(inner, None) == inner


def test_joined_words_keep_their_places() -> None:
    """Words far apart in the source are joined by one blank, each pointing at its own place."""
    feed = joined([Word("ab", 0, 2, ((0, 0, 2),), ("quoting",)), Word("cd", 8, 12, ((0, 9, 11),), ("quoting",))])

    assert (feed.text, feed.decodings) == ("ab cd", ("quoting",))
    assert spot(feed.pieces, 3, 5) == (9, 11)
    assert spot(feed.pieces, 0, 5) == (0, 11)


def test_decodings_are_named_once_in_order() -> None:
    """The first mention counts."""
    assert merged([("base64",), (), ("quoting", "base64")]) == ("base64", "quoting")


def test_pieces_are_bounded() -> None:
    """Beyond the limit the rest is one piece that spans to the end."""
    pieces = closed([(at, at * 2, at * 2 + 2) for at in range(PIECES_KEPT + 50)], PIECES_KEPT + 50)

    assert len(pieces) == PIECES_KEPT + 1
    assert spot(pieces, PIECES_KEPT + 20, PIECES_KEPT + 21)[1] == (PIECES_KEPT + 50) * 2


@given(parts=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=8), data=st.data())
def test_every_span_lies_between_the_ends_of_its_pieces(parts: list[tuple[int, int]], data: st.DataObject) -> None:
    """Whatever the pieces: a span of the value gives a span of the source, in order and inside it."""
    pieces, at, place = [], 0, 0
    for size, width in parts:
        pieces.append((at, place, place + width))
        at, place = at + size, place + width
    start = data.draw(st.integers(0, at))
    end = data.draw(st.integers(start, at))
    low, high = spot(closed(pieces, at), start, end)

    assert 0 <= low <= place
    assert low <= high <= place or start == end


def test_a_feed_of_one_word_is_the_word() -> None:
    """Nothing is copied or moved."""
    assert joined([Word("ab", 3, 7, ((0, 4, 6),))]) == Feed("ab", ((0, 4, 6),))
