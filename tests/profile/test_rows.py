"""Rows: their join and their cut."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from suragh.model.instant import DATED_FROM
from suragh.profile.rows import LAYOUTS, POSTINGS, Layout, Rows, Table, canonical, dated, empty, join, until

VALUES = st.integers(min_value=0, max_value=3)
TIMES = VALUES.map(lambda value: value if value < 2 else DATED_FROM + value)


def rows_of(layout: Layout, values: list[list[int]]) -> Rows:
    """A table of these rows, through the table that a scan uses."""
    table = Table(layout)
    for row in values:
        table.add(*row)
    return table.take()


@st.composite
def tables(draw: st.DrawFn) -> tuple[Layout, list[list[int]]]:
    """A layout, and rows that often have one identity."""
    layout = draw(st.sampled_from(LAYOUTS))
    row = st.tuples(*(TIMES if name == "at" else VALUES for name, _ in layout.columns)).map(list)
    return layout, draw(st.lists(row, max_size=30))


@given(tables(), st.randoms(use_true_random=False), st.integers(0, 30))
def test_a_join_is_the_same_whatever_the_order_the_doubles_and_the_parts(
    drawn: tuple[Layout, list[list[int]]], chance: object, cut: int
) -> None:
    """Law L1: shuffled, doubled and split rows give one table."""
    layout, values = drawn
    doubled = [*values, *values[: len(values) // 2]]
    chance.shuffle(doubled)  # type: ignore[attr-defined]

    joined = join(layout, rows_of(layout, doubled[:cut]), rows_of(layout, doubled[cut:]))

    assert np.array_equal(joined, rows_of(layout, values))


@given(tables(), TIMES)
def test_a_cut_is_the_table_of_what_was_known(drawn: tuple[Layout, list[list[int]]], at: int) -> None:
    """Law L2: what is cut off had no influence."""
    layout, values = drawn
    place = [name for name, _ in layout.columns].index("at")

    cut = until(rows_of(layout, values), at)

    assert np.array_equal(cut, rows_of(layout, [row for row in values if row[place] <= at]))


def test_the_earliest_of_one_identity_stays() -> None:
    """A key that a session shows twice was first seen the first time."""
    rows = rows_of(POSTINGS, [[7, 1, 9, 50, 0], [7, 1, 9, 20, 0], [7, 2, 9, 30, 0]])

    assert rows[["key", "session", "at"]].tolist() == [(7, 1, 20), (7, 2, 30)]


def test_one_row_with_a_time_and_one_without_stay() -> None:
    """Until they are made one: then the row with the time is the one."""
    dated_at = DATED_FROM + 5
    given_rows = [[7, 1, 9, dated_at, 0], [7, 1, 9, 8, 0], [7, 1, 9, 3, 0], [7, 1, 9, DATED_FROM, 0], [7, 2, 9, 4, 0]]
    rows = rows_of(POSTINGS, given_rows)

    assert rows[["session", "at"]].tolist() == [(1, 3), (1, DATED_FROM), (2, 4)]
    assert dated(POSTINGS, rows)[["session", "at"]].tolist() == [(1, DATED_FROM), (2, 4)]
    assert len(dated(POSTINGS, rows[:0])) == 0


def test_a_table_starts_anew_after_it_was_taken() -> None:
    """Rows are given once."""
    table = Table(POSTINGS)
    table.add(1, 2, 3, 0, 0)
    table.take()

    assert table.size == 0
    assert len(table.take()) == 0


def test_nothing_joins_to_nothing() -> None:
    """A join without parts is the empty table."""
    assert len(canonical(POSTINGS, join(POSTINGS))) == len(empty(POSTINGS)) == 0
