"""Backslash escapes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suragh.text.shell_escapes import unescaped
from suragh.text.shell_types import spot


@pytest.mark.parametrize(
    ("raw", "text", "coded"),
    [
        pytest.param("a\\nb\\t\\\\", "a\nb\t\\", False, id="named"),
        pytest.param("\\x63\\u0075\\U00000072\\154", "curl", True, id="by number"),
        pytest.param("\\x{63}\\u{75}", "cu", True, id="in braces"),
        pytest.param("\\x1b[0m\\033", "\x1b[0m\x1b", False, id="control characters have no other way"),
        pytest.param("\\1011\\0101", "A1A", True, id="octal takes three digits, four after a zero"),
        pytest.param("\\ud800\\Uffffffff\\q", "\\ud800\\Uffffffff\\q", False, id="what is no character stays"),
        pytest.param("a\\\nb", "ab", False, id="a line goes on"),
    ],
)
def test_escapes_are_undone(raw: str, text: str, coded: bool) -> None:  # noqa: FBT001 - a column of the table
    """Each kind of escape gives its character; hiding a visible one is told."""
    undone = unescaped(raw, 0)

    assert undone.text == text
    assert (undone.decodings == ("escape",)) is coded


@given(parts=st.lists(st.sampled_from(["a", "é", "\\x41", "\\n", "\\", "\\\n", "\\u0633", "7"]), max_size=10))
def test_the_way_back_spans_the_text(parts: list[str]) -> None:
    """All of the value stands for all of the text, from where the text stands."""
    raw = "".join(parts)
    undone = unescaped(raw, 5)

    if undone.text:
        low, high = spot(undone.pieces, 0, len(undone.text))
        assert 5 <= low < high <= 5 + len(raw)
