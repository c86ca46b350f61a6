"""Trying a look on a text."""

import pytest

from suragh.detect.evaluate import SHORT
from suragh.detect.patterns_view import CLOSED, OPEN, Each, Either, Look, Loose, Names, Options, View, looker


def test_names_are_whole_and_without_ending() -> None:
    """A name is a run of what names are made of; an escaped line's end parts two."""
    names = View(r"/bin/Tool.EXE -x 'a\nnmap'").names

    assert {"tool.exe", "tool", "nmap"} <= names
    assert "ool" not in names


def test_options_are_letters_after_a_dash_and_long_names() -> None:
    """Letters may stand in a cluster, with a value behind; a dash inside a word opens no option."""
    options = View("curl -sSd@f --Data-Raw=x some-url").options

    assert {"-s", "-d", "--data-raw"} <= options
    assert "-u" not in options


@pytest.mark.parametrize(
    ("look", "text", "expected"),
    [
        (OPEN, "x", True),
        (CLOSED, "x", False),
        (Names(frozenset(("curl",))), "libcurl", False),
        (Names(frozenset(map(str, range(50)))), "a 49", True),
        (Options(frozenset(("-d",))), "curl -sd x", True),
        (Loose("", ("a", "b")), "-B-", True),
        (Loose(r"a\d", ("a",)), "ab", False),
        (Loose(r"a\d", ("a",)), "ab" + " " * SHORT, True),
        (Each((Loose("", ("a",)), Loose("", ("b",)))), "a", False),
        (Either((Loose("", ("a",)), Loose("", ("b",)))), "a", True),
    ],
)
def test_a_look_passes_what_it_says(look: Look, text: str, expected: bool) -> None:  # noqa: FBT001
    """Of a long text only the plain texts are asked for."""
    assert looker(look)(View(text)) is expected
