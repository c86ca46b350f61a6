"""Identities: 64 bits that depend on kind, parts and their borders alone."""

from hashlib import blake2b

from hypothesis import given
from hypothesis import strategies as st

from suragh.model.ids import digest

PART = st.text(st.characters(exclude_characters="\x1f"), max_size=12)
PARTS = st.lists(PART, min_size=1, max_size=4)


def test_a_digest_is_blake2b_with_its_kind_as_person() -> None:
    """Another program can make the same number. Source: RFC 7693."""
    expected = blake2b("a\x1fé".encode(), digest_size=8, person=b"session").digest()

    assert digest("session", "a", "é") == int.from_bytes(expected, "big")


@given(PARTS, PARTS)
def test_other_parts_are_another_identity(one: list[str], other: list[str]) -> None:
    """The borders between parts count, too."""
    assert (digest("k", *one) == digest("k", *other)) is (one == other)


@given(PARTS)
def test_a_digest_fits_64_bits(parts: list[str]) -> None:
    """Unsigned."""
    assert 0 <= digest("k", *parts) < 2**64


@given(PARTS)
def test_another_kind_is_another_identity(parts: list[str]) -> None:
    """A session and an account of one name are not one."""
    assert digest("session", *parts) != digest("account", *parts)


def test_lone_surrogates_are_kept_apart() -> None:
    """JSON may carry them, and they are no failure."""
    assert digest("k", "\ud800") != digest("k", "\ud801")
