"""Packed: sequences that are bytes until they are looked at."""

import sys

from hypothesis import given
from hypothesis import strategies as st

from suragh.profile.packed import Packed
from suragh.profile.scene import SAID, STEP, Said, Step

NUMBERS = st.integers(0, 2**64 - 1)
SMALL = st.integers(0, 2)
TIMES = st.integers(-(2**63), 2**63 - 1)
STEPS = st.lists(st.builds(Step, TIMES, NUMBERS, SMALL, NUMBERS, NUMBERS, SMALL), max_size=8)


def packed(steps: list[Step]) -> Packed[Step]:
    """The same steps, packed as they come."""
    return Packed(STEP, STEP.packed((s.at, s.action, s.part, s.outline, s.text, s.failed) for s in steps))


@given(STEPS)
def test_packed_rows_are_the_rows(steps: list[Step]) -> None:
    """As a sequence they are what was put in: the same length, elements, order, hash."""
    made = packed(steps)

    assert list(made) == steps
    assert (len(made), bool(made), hash(made)) == (len(steps), bool(steps), hash(tuple(steps)))
    assert [made[place] for place in range(-len(steps), len(steps))] == steps * 2


@given(STEPS, st.slices(8))
def test_a_slice_is_packed_too(steps: list[Step], part: slice) -> None:
    """Whatever its step."""
    assert isinstance(packed(steps)[part], Packed)
    assert list(packed(steps)[part]) == steps[part]


@given(STEPS, STEPS)
def test_packed_rows_equal_every_sequence_of_the_same(one: list[Step], other: list[Step]) -> None:
    """Packed or not, from either side; nothing else is equal to them."""
    assert packed(one) == packed(one) == tuple(one) == packed(one)
    assert (packed(one) == packed(other)) == (one == other)
    assert (packed(one) == other) == (one == other)
    assert packed(one) != 1


def test_a_flag_stays_a_flag() -> None:
    """What was true or false comes back as that, and not as a number."""
    (said,) = Packed(SAID, SAID.pack(5, 6, 1, 0))

    assert said == Said(5, 6, human=True, claim=False)
    assert (said.human, said.claim) == (True, False)
    assert isinstance(said.human, bool)


def test_packed_rows_take_little_memory() -> None:
    """A step takes 34 bytes; as an object with its numbers it takes more than five times that."""
    steps = [Step(10**18 + n, 10**18 + n, 0, 10**18 + n, 10**18 + n, 2) for n in range(100)]
    numbers = sum(sys.getsizeof(number) for s in steps for number in (s.at, s.action, s.outline, s.text))

    assert 5 * len(packed(steps).data) < numbers + sum(map(sys.getsizeof, steps))
