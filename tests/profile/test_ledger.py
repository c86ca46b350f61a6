"""Ledger: what goes in piece by piece comes out session by session."""

from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from suragh.profile.ledger import Ledger
from suragh.profile.rows import TURNS, Rows
from suragh.profile.scene import SAID, Said

KEPT = (1, 2**64 - 1, 7)

TOLD = st.lists(
    st.tuples(st.integers(0, 30), st.sampled_from((0, *KEPT)), st.integers(-9, 9), st.booleans()), max_size=30
)
"""Turn, session, time, whether a person said it."""


def table(told: Sequence[tuple[int, int, int, bool]]) -> Rows:
    """Rows of the table of turns."""
    return np.array([(turn, session, at, human, 0, 0, 0, 0, 0) for turn, session, at, human in told], dtype=TURNS.dtype)


def ledger() -> Ledger[Said]:
    """One that keeps the messages of some sessions."""
    return Ledger(SAID, np.array(sorted(KEPT), dtype=np.uint64))


@given(st.lists(TOLD, max_size=3))
def test_each_session_has_its_rows_in_order(pieces: list[list[tuple[int, int, int, bool]]]) -> None:
    """All of them, those of no other session, sorted as the objects are."""
    made = ledger()
    for piece in pieces:
        made.add(table(piece))
    made.settle()

    for session in KEPT:
        own = [Said(at, turn, human, claim=False) for p in pieces for turn, by, at, human in p if by == session]
        assert list(made.of(session)) == sorted(own)


@given(TOLD, st.integers(0, 30), st.integers(1, 4))
def test_of_each_session_its_first_values_are_kept(told: list[tuple[int, int, int, bool]], cut: int, most: int) -> None:
    """By what the column says, however the table is cut; all rows of a value that is kept."""
    told.sort()
    made = ledger()
    made.add_first(table([row for row in told if row[0] < cut]), most, "turn")
    made.add_first(table([row for row in told if row[0] >= cut]), most, "turn")
    made.settle()

    for session in KEPT:
        own = [row for row in told if row[1] == session]
        first = sorted({turn for turn, *_ in own})[:most]
        assert sorted(said.turn for said in made.of(session)) == [turn for turn, *_ in own if turn in first]


def test_an_empty_ledger_gives_nothing() -> None:
    """Sessions with a signal of which there is no message."""
    made = ledger()
    made.settle()

    assert [len(made.of(session)) for session in KEPT] == [0, 0, 0]
