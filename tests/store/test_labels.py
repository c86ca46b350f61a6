"""Labels on disk: what is asked for comes back, whatever was written out in between."""

from contextlib import closing
from pathlib import Path

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


def test_labels_that_others_wrote_count_as_ones_own(tmp_path: Path) -> None:
    """In memory there or on disk; the smallest of a key wins, wherever it was."""
    with closing(Labels()) as kept:
        kept.take({1: Label("host", "b"), 2: Label("host", "c")})
        for name, labels in {"x": {1: Label("host", "a")}, "y": {3: Label("user", "z"), 2: Label("host", "d")}}.items():
            with closing(Labels(tmp_path / name)) as other:
                other.take(labels)
                other.finish()
            kept.adopt(tmp_path / name)

        assert kept.of({1, 2, 3}) == {1: Label("host", "a"), 2: Label("host", "c"), 3: Label("user", "z")}


def test_a_map_that_was_taken_is_empty() -> None:
    """Whoever gathers labels starts anew."""
    mine = {1: Label("host", "a")}
    with closing(Labels()) as kept:
        kept.take(mine)

        assert mine == {}
        assert kept.of({1, 2}) == {1: Label("host", "a")}
