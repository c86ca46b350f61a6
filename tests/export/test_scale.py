"""Time to place: order is kept, room is kept, gaps are cut and told."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suragh.export.scale import MOST_GAPS, Room, gaps, place, stretches
from suragh.model.instant import NS

ROOM = Room(width=1000, gap=40, least=10)
HOUR = 3600 * NS
# Bursts far apart, so that gaps really get cut; and a plain spread, where none may be.
BURSTS = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 600)).map(lambda pair: pair[0] * 50 * HOUR + pair[1] * NS), min_size=1
)
TIMES = BURSTS | st.lists(st.integers(0, 10**18), min_size=1)


@given(TIMES)
def test_order_is_kept_inside_the_room(times: list[int]) -> None:
    """Later is never further left, and nothing lies outside the room."""
    scale = stretches(times, ROOM)
    places = [place(scale, at) for at in sorted(times)]

    assert all(0 <= x <= ROOM.width + 1e-6 for x in places)
    assert all(a <= b + 1e-6 for a, b in pairwise(places))


@given(TIMES)
def test_nothing_lies_inside_a_cut_gap(times: list[int]) -> None:
    """A gap is cut only where nothing happens."""
    scale = stretches(times, ROOM)

    assert all(any(s.start <= at <= s.end for s in scale) for at in times)
    assert len(gaps(scale)) <= MOST_GAPS


@given(TIMES)
def test_the_gaps_and_the_stretches_make_up_the_whole(times: list[int]) -> None:
    """No time is lost between what is drawn and what is said to be cut."""
    scale = stretches(times, ROOM)
    drawn = sum(s.end - s.start for s in scale)

    assert drawn + sum(length for _, length in gaps(scale)) == max(times) - min(times)


def test_bursts_with_nights_between_get_the_room() -> None:
    """Two nights are cut; the work of three days fills the scale."""
    times = [day * 24 * HOUR + minute * 60 * NS for day in range(3) for minute in range(0, 120, 5)]
    scale = stretches(times, ROOM)

    assert [length for _, length in gaps(scale)] == [24 * HOUR - 115 * 60 * NS] * 2
    assert sum(s.right - s.left for s in scale) == pytest.approx(ROOM.width - 2 * ROOM.gap)


def test_even_work_is_not_cut() -> None:
    """Where no gap stands out, time runs evenly."""
    scale = stretches([at * HOUR for at in range(20)], ROOM)

    assert gaps(scale) == []
    assert place(scale, 10 * HOUR) - place(scale, 9 * HOUR) == pytest.approx(place(scale, HOUR))


def test_no_time_no_scale() -> None:
    """There is nothing to lay out, or one instant in the middle."""
    assert stretches([], ROOM) == ()
    assert place(stretches([5], ROOM), 5) == ROOM.width / 2
