"""The swim-lane drawing of the page: where its tiles, bars, ticks and marks stand, in pixels."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from msgspec import Struct

from suragh.export.lanes import Lane, instants, lanes
from suragh.export.palette import Sign, sign
from suragh.export.scale import Room, Stretch, gaps, place, stretches
from suragh.export.words import clock, counted, day_clock, instant, lasting
from suragh.model.instant import NS, rfc3339
from suragh.model.report import Campaign, Moment, SessionView

WIDTH: Final = 1040
"""Drawn pixels; a narrower screen scrolls, as shrinking would make the letters too small to read."""

TILE: Final = 15
"""A tile holds one letter."""

MOST_LANES: Final = 30
"""More lanes than a screen is high: the rest share the last one."""

MOST_TILES: Final = 5
"""Tactics of one lane at one time that are drawn; the later ones of ATT&CK's order stay."""

MOST_BARS: Final = 4
"""Sessions side by side in one lane; more lie on the last bar."""

_ROOM: Final = Room(WIDTH - TILE, 44, TILE)
_HEAD, _LABEL, _BAR = 52, 17, 4
_TICK_ROOM: Final = 92
"""Pixels that a label of the axis takes."""

_STEPS: Final = (60, 300, 900, 1800, 3600, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800, 2_592_000)
"""Seconds between two ticks of the axis."""

_SHOWN_TITLES: Final = 4
"""Rules that a tile's tip names."""


class Tiles(Struct, frozen=True):
    """The signals of one lane at one time, from the earliest tactic to the latest."""

    x: int
    tip: str
    tiles: tuple[tuple[Sign, int], ...]


class Bar(Struct, frozen=True):
    """One session."""

    x: float
    y: int
    width: float
    tip: str


class Row(Struct, frozen=True):
    """One lane, from `y` on."""

    name: str
    about: str
    y: int
    height: int
    cells: tuple[Tiles, ...]
    bars: tuple[Bar, ...]


class Tick(Struct, frozen=True):
    """A label of the axis."""

    x: float
    label: str


class Swim(Struct, frozen=True):
    """The whole drawing.

    Attributes:
        detected: where the line of `detected_at` stands; None where it has no time.
        gaps: the idle gaps that are cut short: middle, and how long they are.
        signs: the tactics that occur, in ATT&CK's order.
    """

    width: int
    height: int
    rows: tuple[Row, ...]
    ticks: tuple[Tick, ...]
    gaps: tuple[Tick, ...]
    detected: float | None
    signs: tuple[Sign, ...]


def swim(campaign: Campaign, names: Mapping[str, str]) -> Swim | None:
    """Draw a campaign's accounts by time; None if nothing has a time."""
    scale = stretches(instants(campaign), _ROOM)
    if not scale:
        return None
    rows: list[Row] = []
    y = _HEAD
    for lane in lanes(campaign, MOST_LANES):
        rows.append(_row(lane, scale, y, names))
        y += rows[-1].height
    found = {sign(m.tactic, names.get(m.tactic, "")) for m in campaign.timeline}
    at = instant(campaign.detected_at)
    return Swim(
        width=WIDTH,
        height=y + 4,
        rows=tuple(rows),
        ticks=tuple(_ticks(scale)),
        gaps=tuple(Tick(x, lasting(length, 1)) for x, length in gaps(scale)),
        detected=None if at is None else place(scale, at),
        signs=tuple(sorted(found, key=lambda s: (s.rank, s.id))),
    )


def _row(lane: Lane, scale: Sequence[Stretch], y: int, names: Mapping[str, str]) -> Row:
    columns: dict[int, list[Moment]] = defaultdict(list)
    for moment in lane.moments:
        at = instant(moment.at)
        if at is not None:
            columns[int(place(scale, at) / TILE) * TILE].append(moment)
    stacks = {x: _stack(moments, names) for x, moments in sorted(columns.items())}
    high = TILE * max(map(len, stacks.values()), default=0)
    top = y + _LABEL
    cells = tuple(
        Tiles(x, _tip(columns[x], names), tuple((s, top + high - TILE * (at + 1)) for at, s in enumerate(stack)))
        for x, stack in stacks.items()
    )
    bars = tuple(_bars(lane.sessions, scale, top + high + 2))
    depth = max((bar.y for bar in bars), default=top + high) + _BAR - (top + high)
    about = f"{counted(len(lane.sessions), 'session')}, {counted(len(lane.moments), 'signal')}"
    return Row(lane.name, about, y, _LABEL + high + depth + 8, cells, bars)


def _stack(moments: Iterable[Moment], names: Mapping[str, str]) -> list[Sign]:
    found = {sign(m.tactic, names.get(m.tactic, "")) for m in moments}
    return sorted(found, key=lambda s: (s.rank, s.id))[-MOST_TILES:]


def _tip(moments: Sequence[Moment], names: Mapping[str, str]) -> str:
    counts = Counter(sign(m.tactic, names.get(m.tactic, "")).name for m in moments)
    titles = list(dict.fromkeys(m.title for m in moments))
    left = len(titles) - _SHOWN_TITLES
    more = f"; {left} more" if left > 0 else ""
    until = f" to {clock(moments[-1].at)[11:]}" if len(moments) > 1 else ""
    tactics = ", ".join(f"{name} {n}" for name, n in counts.items())
    return f"{clock(moments[0].at)}{until} · {tactics} · {'; '.join(titles[:_SHOWN_TITLES])}{more}"


def _bars(sessions: Sequence[SessionView], scale: Sequence[Stretch], y: int) -> Iterable[Bar]:
    ends = [float("-inf")] * MOST_BARS
    for session in sessions:
        first, last = instant(session.first_at), instant(session.last_at)
        if first is None or last is None:
            continue
        left, right = place(scale, first), place(scale, last)
        depth = next((at for at, end in enumerate(ends) if end <= left), MOST_BARS - 1)
        width = max(right - left, 3.0)
        ends[depth] = left + width + 1
        about = f"{day_clock(session.first_at)}, {lasting(last - first)}, {counted(session.actions, 'action')}"
        yield Bar(round(left, 1), y + _BAR * depth, round(width, 1), f"{session.id} · {about}")


def _ticks(scale: Sequence[Stretch]) -> Iterable[Tick]:
    free = 0.0
    for stretch in scale:
        for at in (stretch.start, *_round_times(stretch)):
            x = place(scale, at)
            if x >= free and x <= WIDTH - _TICK_ROOM:
                yield Tick(round(x, 1), day_clock(rfc3339(at))[5:])
                free = x + _TICK_ROOM


def _round_times(stretch: Stretch) -> Iterable[int]:
    wanted = (stretch.end - stretch.start) * _TICK_ROOM / max(stretch.right - stretch.left, 1.0)
    step = next((s * NS for s in _STEPS if s * NS >= wanted), _STEPS[-1] * NS)
    first = -(-stretch.start // step) * step
    return range(first, stretch.end, step)
