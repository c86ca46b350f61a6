"""Safe printing: nothing that moves a cursor, hides, or turns the direction of writing gets through."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suragh.text.printable import SHOWN_LIMIT, printable

NASTY = st.sampled_from(
    "\x00\x07\x1b\x7f\x85\x9b\xad\u061c\u200b\u200e\u2028\u2029\u202e\u2066\ufeff\ud800\U000e0041\r\n\t"
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("ls -la سراغ é", "ls -la سراغ é", id="plain"),
        pytest.param("\x1b[31mred\x07", "\\x1b[31mred\\x07", id="terminal escape"),
        pytest.param("a\u202eb\u200bc", "a\\u202eb\\u200bc", id="bidi and zero width"),
        pytest.param("a\nb\r\nc", "a⏎b\\x0d⏎c", id="line ends"),
        pytest.param("\ud83d|\U000e0041", "\\ud83d|\\U000e0041", id="surrogate and tag"),
    ],
)
def test_what_cannot_be_seen_is_made_visible(text: str, shown: str) -> None:
    """Each such character is written as its escape; all else stays."""
    assert printable(text) == shown


def test_newlines_become_what_was_chosen() -> None:
    """A caller may choose the two letters of an escape."""
    assert printable("a\nb", newline="\\n") == "a\\nb"


def test_a_cut_ends_in_an_ellipsis_and_never_in_half_an_escape() -> None:
    """The limit holds for the result, and an escape is whole or absent."""
    assert printable("abcdef", 4) == "abc…"
    assert printable("abcd", 4) == "abcd"
    assert printable("abc\x1bd", 6) == "abc…"
    assert printable("abc", 0) == ""


@given(text=st.text(st.characters() | NASTY), limit=st.integers(0, 50))
def test_the_result_is_safe_and_bounded(text: str, limit: int) -> None:
    """No control, format, surrogate or separator character, and no more code points than asked for."""
    for shown in (printable(text), printable(text, limit)):
        assert not [char for char in shown if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"}]
    assert len(printable(text, limit)) <= limit
    assert len(printable(text)) <= SHOWN_LIMIT


@given(text=st.text(st.characters(categories=("L", "N", "P")), max_size=SHOWN_LIMIT))
def test_visible_text_is_left_alone(text: str) -> None:
    """Letters, digits and signs of any writing come through unchanged."""
    assert printable(text) == text
