"""Clusters: accounts brought together by average linkage, in whole numbers, ties by name.

Single linkage merges campaigns through one shared host; the average over all pairs does not.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from suragh.link.graph import Graph

LINK_LEAST: Final = 2200
"""Milli-nats that two groups of accounts must share on average to be one: a credential that two of 16 accounts have,
or two internal hosts that three of 64 have. Chosen on one half of the development worlds (docs/quality.md,
"Linking")."""


def clusters(graph: Graph, account: str) -> list[tuple[str, ...]]:
    """The clusters in the neighbourhood of an account; each a sorted tuple of accounts."""
    names = graph.neighbourhood(account, LINK_LEAST)
    if len(names) == 1:
        return [tuple(names)]
    return agglomerate(names, {name: graph.alike(name) for name in names}, LINK_LEAST)


def agglomerate(names: Sequence[str], alike: Mapping[str, Mapping[str, int]], least: int) -> list[tuple[str, ...]]:
    """Merge the two most alike groups until no two groups share `least` on average.

    Source: unweighted pair group method with arithmetic mean, Sokal and Michener 1958. Averages are compared as
    fractions of whole numbers, so that every machine merges alike.
    """
    groups: dict[int, list[str]] = {number: [name] for number, name in enumerate(names)}
    index = {name: number for number, name in enumerate(names)}
    total: dict[tuple[int, int], int] = {}
    for name, others in alike.items():
        for other, points in others.items():
            if other in index and index[name] < index[other]:
                total[(index[name], index[other])] = points
    while total:
        (left, right), points = max(total.items(), key=lambda item: _order(item, groups))
        if points < least * len(groups[left]) * len(groups[right]):
            break
        groups[left] += groups.pop(right)
        total = _merged(total, left, right)
    return sorted(tuple(sorted(group)) for group in groups.values())


def _order(item: tuple[tuple[int, int], int], groups: Mapping[int, Sequence[str]]) -> tuple[int, int, int]:
    (one, other), points = item
    size = len(groups[one]) * len(groups[other])
    # Micro-nats: whole numbers keep ties exact, and the first pair by name wins them.
    return points * 1000 // size, -one, -other


def _merged(total: Mapping[tuple[int, int], int], one: int, other: int) -> dict[tuple[int, int], int]:
    made: dict[tuple[int, int], int] = {}
    for (left, right), points in total.items():
        ends = sorted({one if end == other else end for end in (left, right)})
        if len(ends) == 2:  # noqa: PLR2004 - a pair that became one group is no pair
            pair = (ends[0], ends[1])
            made[pair] = made.get(pair, 0) + points
    return made
