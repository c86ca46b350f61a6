"""The spool: a table in runs is the table."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suragh.profile.rows import HITS, LAYOUTS, POSTINGS, Layout, Rows, Table, canonical
from suragh.store import spool as module
from suragh.store.spool import Spool

HASHES = st.one_of(st.sampled_from([0, 1, 2**63, 2**64 - 1]), st.integers(0, 2**64 - 1))


@st.composite
def batches(draw: st.DrawFn) -> tuple[Layout, list[Rows]]:
    """A layout and canonical batches of its rows; hashes over their whole range, often the same."""
    layout = draw(st.sampled_from(LAYOUTS))
    pool = draw(st.lists(HASHES, min_size=1, max_size=6))
    small = st.integers(0, 2)
    column = {"Q": st.sampled_from(pool), "q": st.integers(-5, 5), "I": small, "B": small}
    row = st.tuples(*(column[code] for _, code in layout.columns))
    return layout, [table_of(layout, rows) for rows in draw(st.lists(st.lists(row, max_size=12), max_size=6))]


def table_of(layout: Layout, rows: list[tuple[int, ...]]) -> Rows:
    """A batch, as a scan would push it."""
    table = Table(layout)
    for row in rows:
        table.add(*row)
    return table.take()


@pytest.fixture
def tiny() -> Iterator[None]:
    """Limits so small that small tables go to disk, and come back in many pieces."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "HELD_BYTES", 200)
        patch.setattr(module, "PIECE_ROWS", 3)
        yield


def filled(layout: Layout, parts: list[Rows]) -> Spool:
    """A spool with these."""
    made = Spool(layout)
    for part in parts:
        made.push(part)
    return made


def whole_of(layout: Layout, parts: list[Rows]) -> Rows:
    """What the spool must give."""
    return canonical(layout, np.concatenate([np.empty(0, dtype=layout.dtype), *parts]))


@pytest.mark.usefixtures("tiny")
@given(batches())
@settings(max_examples=50)
def test_pieces_are_the_whole_table_in_order(drawn: tuple[Layout, list[Rows]]) -> None:
    """Put together they are the canonical table; read twice, they are the same."""
    layout, parts = drawn
    made = filled(layout, parts)

    pieces = list(made.pieces())
    whole = made.whole()
    made.close()

    assert np.array_equal(np.concatenate([np.empty(0, dtype=layout.dtype), *pieces]), whole_of(layout, parts))
    assert np.array_equal(whole, whole_of(layout, parts))


@pytest.mark.usefixtures("tiny")
@given(batches())
@settings(max_examples=50)
def test_rows_of_one_first_value_are_in_one_piece(drawn: tuple[Layout, list[Rows]]) -> None:
    """No key, action or session is cut in two, and no piece is empty."""
    layout, parts = drawn
    made = filled(layout, parts)
    column = layout.columns[0][0]

    values = [set(piece[column].tolist()) for piece in made.pieces()]
    made.close()

    assert all(values)
    assert sum(map(len, values)) == len(set().union(*values))


def spread(number: int) -> list[Rows]:
    """Batches of hashes spread evenly, as they are in life."""
    step = 2**64 // number
    return [table_of(POSTINGS, [(n * step, 1, 1, n, 0)]) for n in range(number)]


@pytest.mark.usefixtures("tiny")
def test_a_large_table_comes_in_small_pieces() -> None:
    """Of evenly spread hashes no piece holds much more than it should."""
    made = filled(POSTINGS, spread(60))

    sizes = [len(piece) for piece in made.pieces()]
    made.close()

    assert len(sizes) == 20
    assert max(sizes) <= 4


@pytest.mark.usefixtures("tiny")
def test_the_folder_goes_when_the_spool_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Telemetry is not left lying about, and closing twice is harmless."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    made = filled(POSTINGS, spread(60))
    held = [path.name for path in tmp_path.iterdir()]

    made.close()
    made.close()

    assert len(held) == 1
    assert held[0].startswith("suragh-")
    assert list(tmp_path.iterdir()) == []
    assert gettempdir() == str(tmp_path)


@pytest.mark.usefixtures("tiny")
def test_the_folder_is_nobody_elses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs hold hashes and times of telemetry: other users of the machine may not look."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    made = filled(POSTINGS, spread(60))

    modes = [path.stat().st_mode & 0o077 for path in tmp_path.iterdir()]
    made.close()

    assert modes == [0]


def test_a_small_table_never_touches_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What fits into memory stays there."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    made = filled(POSTINGS, spread(60))

    assert len(made.whole()) == 60
    assert list(tmp_path.iterdir()) == []
    made.close()


def test_nothing_pushed_is_nothing_read() -> None:
    """An empty spool gives no piece, and an empty table of its layout."""
    made = Spool(HITS)
    made.push(table_of(HITS, []))

    assert list(made.pieces()) == []
    assert made.whole().dtype == HITS.dtype


@pytest.mark.usefixtures("tiny")
@given(batches(), batches())
@settings(max_examples=30)
def test_runs_of_another_spool_are_read_as_ones_own(
    one: tuple[Layout, list[Rows]], other: tuple[Layout, list[Rows]]
) -> None:
    """A table that was filled apart and adopted is the table that was filled in one place."""
    layout, parts = one
    others = other[1] if other[0] is layout else parts[:1]
    with TemporaryDirectory() as folder, closing(filled(layout, parts)) as made:
        apart = Spool(layout, Path(folder), share=2)
        for part in others:
            apart.push(part)
        made.adopt(apart.runs())
        apart.close()

        assert np.array_equal(made.whole(), whole_of(layout, [*parts, *others]))
