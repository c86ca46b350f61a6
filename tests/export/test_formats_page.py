"""docs/formats.md is what the readers say of themselves."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suragh.export.formats_page import WIDTH, sections
from suragh.read.reader import Reader
from suragh.read.registry import READERS, SIDE_FILES

PAGE: Final = Path(__file__).parents[2] / "docs" / "formats.md"
SECTIONS: Final = re.compile(r"(?<=<!-- readers -->\n).*?(?=<!-- /readers -->)", re.DOTALL)
WORDS: Final = st.text(alphabet="ab` -*#", min_size=1, max_size=300)


def renewed(page: str, readers: Sequence[Reader]) -> str:
    """The page with new sections between its marks; what a person wrote around them stays."""
    return SECTIONS.sub(lambda _: f"\n{sections(readers)}\n", page)


def made(name: str, cannot_know: tuple[str, ...] = ("When.",), **words: str) -> Reader:
    """A reader that reads nothing."""
    notes = tuple(words.items())
    return Reader(
        name=name,
        title=f"The {name}",
        cannot_know=cannot_know,
        notes=notes,
        sniff=lambda _: False,
        read=lambda _: iter(()),
    )


def test_the_page_is_what_the_readers_say(pytestconfig: pytest.Config) -> None:
    """The file equals what is made of the registry, letter by letter; `--update-formats` renews it."""
    text = PAGE.read_text(encoding="utf-8")
    page = renewed(text, (*READERS, *SIDE_FILES))
    if pytestconfig.getoption("--update-formats"):
        PAGE.write_text(page, encoding="utf-8")
        text = page

    assert text == page
    assert all(f"`{reader.name}`" in text for reader in READERS)


def test_what_a_person_wrote_stays() -> None:
    """Only what stands between the marks is renewed, as often as one likes."""
    page = "before\n<!-- readers -->\nold\n<!-- /readers -->\nafter\n"

    once = renewed(page, [made("new")])

    assert once.startswith("before\n<!-- readers -->\n\n## The new\n")
    assert once.endswith("- When.\n\n<!-- /readers -->\nafter\n")
    assert "old" not in once
    assert renewed(once, [made("new")]) == once


def test_a_family_stands_together_and_says_once_what_it_cannot_know() -> None:
    """Readers that cannot know the same follow their first one, which says it for all."""
    page = sections([made("a"), made("b", ("Who.",)), made("c")])

    assert [line for line in page.splitlines() if line.startswith(("##", "- "))] == [
        "## The a",
        "- When.",
        "## The c",
        "## The b",
        "- Who.",
    ]


def test_a_note_is_a_point_with_its_word() -> None:
    """Each note is a list item that begins with its word in bold."""
    page = sections([made("a", Calls="`tool_use` blocks.")])

    assert "- **Calls**: `tool_use` blocks." in page.splitlines()


@given(about=WORDS)
def test_no_line_is_wider_than_code(about: str) -> None:
    """Long sentences are broken between words."""
    page = sections([made("a", Calls=about)])

    assert all(len(line) <= WIDTH or " " not in line.strip("- ") for line in page.splitlines())
