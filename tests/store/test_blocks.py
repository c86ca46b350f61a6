"""Blocks: what is added comes back, whoever wrote it."""

from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from suragh.store.blocks import Blocks

PIECES = st.lists(st.binary(max_size=20), max_size=5)


@given(PIECES, st.lists(PIECES, max_size=3), PIECES)
def test_blocks_come_back_in_order(own: list[bytes], others: list[list[bytes]], later: list[bytes]) -> None:
    """Empty ones too; first one's own, then those adopted; and what is added after a reading is not lost."""
    with TemporaryDirectory() as folder, closing(Blocks()) as kept:
        for block in own:
            kept.add(block)
        for number, blocks in enumerate(others):
            path = Path(folder) / str(number)
            with closing(Blocks(path)) as other:
                for block in blocks:
                    other.add(block)
                other.finish()
            kept.adopt(path)
        adopted = [block for blocks in others for block in blocks]

        assert list(kept.all()) == [*own, *adopted]

        for block in later:
            kept.add(block)

        assert list(kept.all()) == [*own, *later, *adopted]
