"""Turns told twice: what a person said, where several formats of one session show it, each under a name of its own."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

from suragh.model.instant import DATED_FROM
from suragh.profile.rows import Rows
from suragh.read.identity import WAYS

_WAY: Final = np.uint64(len(WAYS) - 1)


def told_again(pieces: Callable[[], Iterable[Rows]]) -> npt.NDArray[np.uint64]:
    """Give the ids of human turns that are the same as others under another kind of name.

    A session file has ids of its messages, a gateway's log counts them, a span knows only when they were said. Of what
    a person said in a session in the same words, as many count at any time as one kind of name has shown by then: a
    turn counts if it is its kind's first beyond that number. So neither order, doubles or splits of the files matter,
    nor what comes later.

    Args:
        pieces: gives the table of turns, in pieces.
    """
    mixed = _mixed(pieces())
    alike: dict[tuple[int, int], list[tuple[int, int, int]]] = defaultdict(list)
    if len(mixed):
        for piece in pieces():
            rows = piece[(piece["human"] == 1) & np.isin(piece["session"], mixed)]
            for turn, session, text, at in rows[["turn", "session", "text", "at"]].tolist():
                alike[session, text].append((at, turn & int(_WAY), turn))
    return np.array(sorted(turn for turns in alike.values() for turn in _beyond(turns)), dtype=np.uint64)


def _mixed(pieces: Iterable[Rows]) -> npt.NDArray[np.uint64]:
    """Give the sessions whose human turns have names of several kinds: few, so that only these are looked at."""
    found: list[list[npt.NDArray[np.uint64]]] = [[] for _ in range(len(WAYS))]
    for piece in pieces:
        said = piece[piece["human"] == 1]
        for way, sessions in enumerate(found):
            sessions.append(np.unique(said["session"][(said["turn"] & _WAY) == way]))
    each = [np.unique(np.concatenate(sessions)) for sessions in found if sessions]
    if not each:
        return np.empty(0, dtype=np.uint64)
    several, counts = np.unique(np.concatenate(each), return_counts=True)
    return several[counts > 1]


def _beyond(turns: Iterable[tuple[int, int, int]]) -> Iterator[int]:
    """The turns, given as (time, kind of name, id), that another kind had shown already; those without a time last."""
    counts = [0] * len(WAYS)
    for _, way, turn in sorted(turns, key=lambda told: (told[0] < DATED_FROM, *told)):
        most = max(counts)
        counts[way] += 1
        if counts[way] <= most:
            yield turn
