"""Probes: the top of a JSON object, also where it is cut."""

import json

from hypothesis import given
from hypothesis import strategies as st

from suragh.read.probe import first_lines, shape

VALUES = st.recursive(
    st.none() | st.integers() | st.text(max_size=6),
    lambda part: st.lists(part, max_size=3) | st.dictionaries(st.text(max_size=4), part, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["type", "a", "b", "c"]), VALUES, max_size=4), st.text(max_size=20))
def test_a_cut_object_shows_the_keys_before_the_cut(record: dict[str, object], text: str) -> None:
    """Cut inside its last value, an object shows the same keys and texts as when it is whole."""
    whole = json.dumps({**record, "last": text + "x"}).encode()

    found, cut = shape(whole), shape(whole[:-2])

    assert found is not None
    assert cut is not None
    assert set(found.texts) == {*record, "last"}
    assert {k: v for k, v in cut.texts.items() if k != "last"} == {k: v for k, v in found.texts.items() if k != "last"}
    assert cut.inner == found.inner


def test_a_text_that_is_cut_takes_no_time() -> None:
    """However many quotes it holds: looked at each by itself, they would take minutes."""
    cut = b'{"type": "a", "data": {"output": "' + rb"{\"a\": \"b\"}, " * 40_000

    found = shape(cut)

    assert found is not None
    assert (found.texts, found.inner) == ({"type": "a", "data": ""}, {"output"})


def test_what_is_no_object_has_no_shape() -> None:
    """Lists, texts and nothing have none."""
    assert [shape(data) for data in (b"", b"[{}]", b"text", b"\xff\xfe{")] == [None] * 4


def test_blank_lines_are_no_first_lines() -> None:
    """They are passed over, and so is a byte order mark."""
    assert first_lines(b"\xef\xbb\xbf\n  \n{}\n[") == (b"{}", b"[")
