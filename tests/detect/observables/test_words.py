"""The word lists: every section is there, and no word is written in vain."""

import pytest

from suragh.detect.observables import hosts_tables as tables
from suragh.detect.observables.words import words


def test_sections_hold_words_and_no_comments() -> None:
    """A section is a set of words without the file's comments; an unknown one is an error."""
    assert {"de", "uk", "pk"} <= words("countries")
    assert not any("#" in word or "[" in word for word in words("countries") | words("iban-lengths"))
    with pytest.raises(KeyError):
        words("no such section")


def test_ambiguous_suffixes_are_suffixes() -> None:
    """What is taken away from the suffixes was among them; the unambiguous ones remain."""
    assert tables.AMBIGUOUS <= tables.PUBLIC_SUFFIXES | tables.INTERNAL_SUFFIXES
    assert {"com", "org", "de"} <= tables.BARE_SUFFIXES
    assert not {"py", "sh", "rs", "md", "id", "io"} & tables.BARE_SUFFIXES
