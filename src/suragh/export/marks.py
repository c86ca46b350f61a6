"""Small parts of the terminal views: safe texts, marks, strips of tactics, tables."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from rich.columns import Columns
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from suragh.export.palette import Sign, sign
from suragh.export.words import VERDICTS
from suragh.model.report import Campaign, Verdict
from suragh.text.printable import printable

LINE_LIMIT: Final = 400
"""Code points of one text: five lines of a narrow terminal."""

NAME_LIMIT: Final = 64
"""Code points of a name of an account, a session, a host."""

MOST_NAMES: Final = 4
"""Names in one line."""

_STYLES: Final = {Verdict.HOSTILE: "bold red", Verdict.WATCH: "bold yellow", Verdict.AUTHORISED: "bold green"}

_NUMBERS: Final = frozenset({"#", "harm", "sessions", "accounts", "weight", "value", "made from", "actions", "turns"})
"""Headings of columns that are aligned to the right."""


def safe(text: str, limit: int = LINE_LIMIT) -> str:
    """A text from the report that a terminal may be given; never markup."""
    return printable(text, limit)


def name(text: str) -> str:
    """A name from the report."""
    return printable(text, NAME_LIMIT)


def listed(names: Sequence[str], noun: str = "") -> Text:
    """`4 accounts: a, b, c, d and 3 more`."""
    shown = ", ".join(name(text) for text in names[:MOST_NAMES])
    more = f" and {len(names) - MOST_NAMES:,} more" if len(names) > MOST_NAMES else ""
    head = f"{noun}: " if noun else ""
    return Text(f"{head}{shown}{more}")


def targets(campaign: Campaign) -> Text:
    """How many systems it acts on, and some of their names."""
    return listed(campaign.targets, str(len(campaign.targets))) if campaign.targets else Text("none named")


def verdict_mark(verdict: Verdict) -> Text:
    """The verdict, to be seen at a glance with and without colours."""
    return Text(VERDICTS[verdict].upper(), _STYLES[verdict])


def letter(mark: Sign) -> tuple[str, str]:
    """A tactic's letter and its style."""
    return mark.letter, f"bold {mark.ink} on {mark.colour}"


def strip(tactics: Iterable[str], names: Mapping[str, str]) -> RenderableType:
    """Tactics in a row, each with its letter; a narrow terminal breaks between them, never inside one."""
    marks = [sign(tactic, names.get(tactic, "")) for tactic in tactics]
    return Columns([Text.assemble(letter(mark), f" {name(mark.name)}") for mark in marks], padding=(0, 2))


def letters(tactics: Iterable[str]) -> Text:
    """Tactics as letters alone."""
    return Text.assemble(*(letter(sign(tactic)) for tactic in tactics))


def bullet(text: str, style: str = "") -> Text:
    """A line of its own that stands out a little."""
    return Text.assemble(("! " if style else "- ", style), safe(text))


def heading(text: str, about: str = "") -> RenderableType:
    """A section's title, with a line free above it."""
    return Group(Text(), Text.assemble((text, "bold underline"), (f"  {about}" if about else "", "dim")))


def facts(rows: Iterable[tuple[str, RenderableType]]) -> RenderableType:
    """Names and values, one below the other."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for label, value in rows:
        grid.add_row(label, value)
    return Padding(grid, (0, 0, 0, 2))


def table(*headings: str) -> Table:
    """An empty table without lines; all cells fold, none is cut."""
    made = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    for text in headings:
        made.add_column(text, justify="right" if text in _NUMBERS else "left", overflow="fold")
    return made
