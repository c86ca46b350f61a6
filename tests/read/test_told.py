"""Told: only later sightings may be left out."""

from hypothesis import given
from hypothesis import strategies as st

from suragh.read import told
from suragh.read.told import Told


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 9))))
def test_the_earliest_sighting_of_each_thing_is_news(sightings: list[tuple[str, int]]) -> None:
    """Whatever the order, what passes holds the earliest time of each key."""
    memory = Told()
    passed = [(key, at) for key, at in sightings if memory.is_news(key, at)]

    for key in {key for key, _ in sightings}:
        assert min(at for k, at in passed if k == key) == min(at for k, at in sightings if k == key)


def test_memory_is_bounded() -> None:
    """After more keys than it may hold, old ones are news again; nothing is lost by that."""
    memory = Told()
    memory.is_news("first", 1)
    for number in range(told.MAX_TOLD):
        memory.is_news(number, 1)

    assert memory.is_news("first", 2)
