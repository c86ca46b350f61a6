"""The swim-lanes of the terminal: accounts as rows, time as columns, a letter for a tactic."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from msgspec import Struct
from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from suragh.export.lanes import Lane, instants, lanes
from suragh.export.marks import letter, safe
from suragh.export.palette import Sign, sign
from suragh.export.scale import Room, Stretch, gaps, place, stretches
from suragh.export.words import day_clock, detected, instant, lasting, short
from suragh.model.instant import rfc3339
from suragh.model.report import Campaign

MOST_LANES: Final = 24
"""Rows; half a tall screen. The rest share the last one."""

_NAME_SHARE: Final = 4
"""Names take a fourth of the width at most."""

_WIDEST_NAME: Final = 36
"""A UUID."""

_STAMP: Final = len("12-01 09:14")


class Marks(Struct, frozen=True):
    """What lanes are drawn with: a session, an idle gap, the moment of detection."""

    session: str
    gap: str
    found: str


_MARKS: Final = Marks("─", "┊", "│")
_PLAIN_MARKS: Final = Marks("-", ":", "|")


class Strip(Struct, frozen=True):
    """A campaign's accounts by time, as wide as the terminal."""

    campaign: Campaign
    names: Mapping[str, str]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw it."""
        marks = _PLAIN_MARKS if options.ascii_only else _MARKS
        rows = lanes(self.campaign, MOST_LANES)
        widest = max((len(safe(lane.name)) for lane in rows), default=0)
        label = min(widest, _WIDEST_NAME, options.max_width // _NAME_SHARE)
        width = max(options.max_width - label - 2, _STAMP)
        scale = stretches(instants(self.campaign), Room(width - 1, 3, 2))
        if not scale:
            return
        found = instant(self.campaign.detected_at)
        column = None if found is None else int(place(scale, found))
        yield _axis(scale, label, width)
        for lane in rows:
            line = _line(lane, scale, width, marks)
            _mark_detection(line, column, marks)
            yield _row(safe(lane.name), line, label)
        if column is not None:
            yield _caption(self.campaign, label, column, width)
        if len(scale) > 1:
            lengths = ", ".join(lasting(length, 1) for _, length in gaps(scale))
            yield Text(f"{marks.gap} idle, cut short: {lengths}", "dim")


def _axis(scale: Sequence[Stretch], label: int, width: int) -> Text:
    line = " " * (label + 2)
    for stretch in scale:
        at = label + 2 + int(stretch.left)
        if at >= len(line.rstrip()) + (2 if line.strip() else 0) and at + _STAMP <= label + 2 + width:
            line = f"{line[:at]:<{at}}{day_clock(rfc3339(stretch.start))[5:]}"
    return Text(line, "dim", no_wrap=True)


def _line(lane: Lane, scale: Sequence[Stretch], width: int, marks: Marks) -> list[tuple[str, str]]:
    cells = [(" ", "")] * width
    for x, _ in gaps(scale):
        cells[int(x)] = (marks.gap, "dim")
    for session in lane.sessions:
        first, last = instant(session.first_at), instant(session.last_at)
        if first is not None and last is not None:
            left, right = int(place(scale, first)), int(place(scale, last))
            cells[left : right + 1] = [(marks.session, "dim")] * (right + 1 - left)
    for column, mark in _latest(lane, scale):
        cells[column] = letter(mark)
    return cells


def _latest(lane: Lane, scale: Sequence[Stretch]) -> Iterable[tuple[int, Sign]]:
    """For each column the tactic that comes last in ATT&CK's order."""
    found: dict[int, Sign] = {}
    for moment in lane.moments:
        at = instant(moment.at)
        if at is not None:
            column, mark = int(place(scale, at)), sign(moment.tactic)
            found[column] = max(found.get(column, mark), mark, key=lambda s: s.rank)
    return found.items()


def _mark_detection(cells: list[tuple[str, str]], column: int | None, marks: Marks) -> None:
    if column is not None and cells[column][0] in (" ", marks.session, marks.gap):
        cells[column] = (marks.found, "red")


def _row(name: str, cells: Iterable[tuple[str, str]], label: int) -> Text:
    return Text.assemble(f"{short(name, label):<{label}}  ", *cells, no_wrap=True)


def _caption(campaign: Campaign, label: int, column: int, width: int) -> Text:
    words = f"{detected(campaign)} {day_clock(campaign.detected_at)[5:]}"
    at = label + 2 + min(column, max(width - len(words), 0))
    return Text(f"{'':<{at}}{words}", "red", no_wrap=True)
