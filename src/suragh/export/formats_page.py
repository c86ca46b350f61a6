"""Formats page: what the readers say of themselves, as the sections of docs/formats.md."""

from collections.abc import Iterator, Sequence
from textwrap import fill
from typing import Final

from suragh.read.reader import Reader

WIDTH: Final = 120
"""Columns of a line: as wide as the project's code."""


def sections(readers: Sequence[Reader]) -> str:
    """Write a section a reader, in Markdown; what several cannot know in the same words stands at the first."""
    said: set[tuple[str, ...]] = set()
    return "\n".join(line for reader in _by_family(readers) for line in _section(reader, said))


def _by_family(readers: Sequence[Reader]) -> list[Reader]:
    """Order readers so that those of one family, which cannot know the same, follow their first one."""
    first = {reader.cannot_know: place for place, reader in reversed([*enumerate(readers)])}
    return sorted(readers, key=lambda reader: first[reader.cannot_know])


def _section(reader: Reader, said: set[tuple[str, ...]]) -> Iterator[str]:
    yield f"## {reader.title[:1].upper()}{reader.title[1:]}\n"
    yield _filled(f"Name: `{reader.name}`. {reader.about}".rstrip()) + "\n"
    if reader.notes:
        yield from (_filled(f"- **{word}**: {sentence}") for word, sentence in reader.notes)
        yield ""
    if reader.cannot_know not in said:
        yield "What it cannot know:\n"
        yield from (_filled(f"- {sentence}") for sentence in reader.cannot_know)
        yield ""
    said.add(reader.cannot_know)


def _filled(text: str) -> str:
    indent = "  " if text.startswith("- ") else ""
    return fill(text, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
