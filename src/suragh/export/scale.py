"""Time to place: a linear scale on which long idle gaps are cut short, and said to be."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

from msgspec import Struct

from suragh.model.instant import NS

GAP_SHARE: Final = 0.15
"""An idle gap is cut short when it takes more than this share of what is not yet cut: below it, cutting wins little
room."""

MOST_GAPS: Final = 5
"""Cut gaps at most: each costs room, and a scale of many pieces no longer shows tempo."""


class Stretch(Struct, frozen=True):
    """A piece of the scale with something in it.

    Attributes:
        start: nanoseconds.
        end: nanoseconds.
        left: where it starts, in the unit of the width.
        right: where it ends.
    """

    start: int
    end: int
    left: float
    right: float


class Room(Struct, frozen=True):
    """The room to draw in.

    Attributes:
        width: all of it.
        gap: what a cut gap takes.
        least: what a stretch takes at least.
    """

    width: float
    gap: float
    least: float


def stretches(instants: Iterable[int], room: Room) -> tuple[Stretch, ...]:
    """Lay instants out from 0 to `room.width`; between two stretches lies a cut gap. Empty for no instants."""
    points = sorted(set(instants))
    if not points:
        return ()
    cuts = _cuts(points, room)
    starts = [points[0], *(points[at + 1] for at in cuts)]
    ends = [*(points[at] for at in cuts), points[-1]]
    return _laid_out(list(zip(starts, ends, strict=True)), room)


def place(scale: Sequence[Stretch], at: int) -> float:
    """Where an instant lies; instants outside lie at the rim."""
    index = bisect_right([s.start for s in scale], at) - 1
    if index < 0:
        return scale[0].left
    here = scale[index]
    if at <= here.end:
        return _between(at, (here.start, here.end), (here.left, here.right))
    if index + 1 == len(scale):
        return here.right
    return _between(at, (here.end, scale[index + 1].start), (here.right, scale[index + 1].left))


def gaps(scale: Sequence[Stretch]) -> list[tuple[float, int]]:
    """The cut gaps: where their middle lies, and how long they are in nanoseconds."""
    return [((a.right + b.left) / 2, b.start - a.end) for a, b in pairwise(scale)]


def _cuts(points: Sequence[int], room: Room) -> list[int]:
    """Indices of the points after which the largest gaps lie that are worth cutting."""
    left = points[-1] - points[0]
    fitting = int(room.width / (2 * (room.gap + room.least)))
    largest = sorted(((b - a, at) for at, (a, b) in enumerate(pairwise(points))), reverse=True)
    cuts: list[int] = []
    for length, at in largest[: min(MOST_GAPS, fitting)]:
        if length <= NS or length <= GAP_SHARE * left:
            break
        cuts.append(at)
        left -= length
    return sorted(cuts)


def _laid_out(spans: Sequence[tuple[int, int]], room: Room) -> tuple[Stretch, ...]:
    free = room.width - room.gap * (len(spans) - 1) - room.least * len(spans)
    total = sum(end - start for start, end in spans)
    laid: list[Stretch] = []
    left = 0.0
    for start, end in spans:
        share = (end - start) / total if total else 1 / len(spans)
        right = left + room.least + free * share
        laid.append(Stretch(start, end, left, right))
        left = right + room.gap
    return tuple(laid)


def _between(at: int, source: tuple[int, int], target: tuple[float, float]) -> float:
    start, end = source
    if end <= start:
        return (target[0] + target[1]) / 2
    return target[0] + (target[1] - target[0]) * ((at - start) / (end - start))
