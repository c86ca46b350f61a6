"""Secrets that say nothing: short, patterned, guessed, or standing for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suragh.detect.observables.credentials_common import MAX_SECRET, STEMS, common, telling


@pytest.mark.parametrize(
    "secret",
    [
        "Password1!",
        "P@ssw0rd",
        "p4ssw0rd123",
        "Winter2023",
        "Summer2024!",
        "admin",
        "Admin@123",
        "root",
        "123456",
        "12345678",
        "qwertyuiop",
        "letmein!",
        "Welcome1",
        "S3cret",
    ],
)
def test_much_guessed_passwords_are_common(secret: str) -> None:
    """Defaults and seasons with the usual changes are everybody's."""
    assert common(secret)
    assert not telling(secret)


@pytest.mark.parametrize(
    "secret",
    [
        "abc1",
        "aaaaaaaa",
        "ababab",
        "$DB_PASS",
        "${X}",
        "<pw>",
        "your-password",
        "None",
        "API_KEY",
        "/etc/x",
        "words.txt",
        "%s",
        "sk-...",
        "x" * (MAX_SECRET + 1),
    ],
)
def test_what_is_no_secret(secret: str) -> None:
    """Short ones, patterns, placeholders, names, paths and documents tell nothing."""
    assert not telling(secret)


@given(
    stem=st.sampled_from(sorted(STEMS)), tail=st.from_regex(r"[0-9]{0,4}[!.#]?", fullmatch=True), upper=st.booleans()
)
def test_every_stem_stays_common_with_a_number_and_a_sign(stem: str, tail: str, upper: bool) -> None:  # noqa: FBT001 - drawn
    """Capitals, a number and a sign do not make a common word one's own."""
    assert common((stem.capitalize() if upper else stem) + tail)


@given(st.from_regex(r"[b-df-hj-np-tv-z]{5}[2-9]{2}[!#][B-DF-HJ-NP-TV-Z]{4}", fullmatch=True))
def test_random_passwords_tell(secret: str) -> None:
    """Letters without vowels around digits and a sign are no word of anybody."""
    assert telling(secret)
