"""Labels on disk: what is asked for comes back, whatever was written out in between."""

from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suragh.profile.keys import Label
from suragh.store import labels as module
from suragh.store.labels import Labels

LABELS = st.dictionaries(
    st.integers(min_value=0, max_value=2**64 - 1),
    st.builds(Label, st.sampled_from(["host", "user"]), st.text(max_size=9)),
)


@given(st.lists(LABELS, max_size=5))
def test_every_label_that_was_taken_is_given(batches: list[dict[int, Label]]) -> None:
    """Of several labels of a key the smallest, in memory or on disk."""
    expected: dict[int, Label] = {}
    with pytest.MonkeyPatch.context() as patch, closing(Labels()) as kept:
        patch.setattr(module, "HELD", 2)
        for batch in batches:
            for key, label in batch.items():
                expected[key] = min(expected.get(key, label), label)
            kept.take(dict(batch))

        assert kept.of(expected.keys()) == expected


def test_a_map_that_was_taken_is_empty() -> None:
    """Whoever gathers labels starts anew."""
    mine = {1: Label("host", "a")}
    with closing(Labels()) as kept:
        kept.take(mine)

        assert mine == {}
        assert kept.of({1, 2}) == {1: Label("host", "a")}
