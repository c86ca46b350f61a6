"""Masks: what is shown is not the value, and is little of it."""

from hypothesis import given
from hypothesis import strategies as st

from suragh.detect.observables.masks import mask_email, mask_ends, mask_mac, mask_name, mask_user


def test_masks() -> None:
    """Each mask has the form that the model describes."""
    assert mask_email("jane.roe", "example.com") == "j***@example.com"
    assert mask_user(r"corp\jane.roe") == r"corp\j***"
    assert mask_user("jane.roe") == "j***"
    assert mask_name("Blue Door") == "B***"
    assert mask_ends("4012888888881881", 4, 4) == "4012…1881"
    assert mask_mac("00:1a:2b:3c:4d:5e") == "00:1a:2b:…"


@given(st.text("0123456789", min_size=1, max_size=40), st.integers(1, 5), st.integers(1, 5))
def test_ends_are_at_most_half(value: str, head: int, tail: int) -> None:
    """However short the value, at least half of it is left out."""
    shown = mask_ends(value, head, tail).replace("…", "").replace("***", "")

    assert len(shown) <= max(1, len(value) / 2)
