"""Clusters: accounts brought together by average linkage, in whole numbers, ties by name.

Single linkage merges campaigns through one shared host; the average over all pairs does not.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from suragh.link.graph import Graph

LINK_LEAST: Final = 2200
"""Milli-nats that two groups of accounts must share on average to be one: a credential that six accounts have, or an
internal host that two have. Set by hand on development worlds (docs/quality.md, "Linking")."""

FINE: Final = 1000
"""Averages are compared in thousandths of a milli-nat: whole numbers keep ties exact."""


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
    names = sorted(names)
    place = {name: number for number, name in enumerate(names)}
    total = np.zeros((len(names), len(names)), dtype=np.int64)
    for name, others in alike.items():
        for other, points in others.items():
            if other in place:
                total[place[name], place[other]] = points
    groups = [[name] for name in names]
    size = np.ones(len(names), dtype=np.int64)
    average = np.triu(total * FINE, 1)
    while True:
        # The first of the largest: ties go to the first pair by name.
        left, right = divmod(int(average.argmax()), len(names))
        if average[left, right] < least * FINE:
            return sorted(tuple(sorted(group)) for group in groups if group)
        groups[left] += groups[right]
        groups[right] = []
        size[left] += size[right]
        _merge(total, left, right)
        average[right, :] = average[:, right] = 0
        average[left, :] = average[:, left] = total[left] * FINE // (size[left] * size)
        average[left, : left + 1] = 0
        average[left:, left] = 0


def _merge(total: npt.NDArray[np.int64], left: int, right: int) -> None:
    total[left] += total[right]
    total[:, left] = total[left]
    total[right] = total[:, right] = 0
    total[left, left] = 0
