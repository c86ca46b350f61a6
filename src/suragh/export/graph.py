"""The link graph of the page: accounts (or sessions) on the left, the keys that they share on the right."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final, TypeVar

from msgspec import Struct

from suragh.export.words import counted, kind, nats, reason
from suragh.model.report import Campaign, Link, Report

WIDTH: Final = 1040
"""Drawn pixels, as in the swim-lanes."""

MOST_SESSIONS: Final = 12
"""With more sessions than these the left side shows accounts: a person can follow about a dozen lines."""

MOST_NODES: Final = 30
"""Nodes on the left that are drawn; the text beside the drawing says how many are not."""

MOST_KEYS: Final = 24
"""Keys that are drawn, the heaviest; the table beside the drawing holds the rest."""

_SWEEPS: Final = 4
"""Rounds of the barycentre heuristic; crossings hardly fall after the fourth.

Source: Sugiyama, Tagawa, Toda: Methods for visual understanding of hierarchical system structures, 1981."""

T = TypeVar("T", str, int)

_LEFT, _RIGHT, _STEP, _TOP = 350, 680, 24, 16
_THIN, _THICK = 1.0, 4.0


class Node(Struct, frozen=True):
    """An account, a session or a key."""

    label: str
    about: str
    y: float


class Edge(Struct, frozen=True):
    """A line from a node on the left to a key."""

    path: str
    width: float


class KeyView(Struct, frozen=True):
    """A key with its lines: what lights up together."""

    node: Node
    tip: str
    flow: bool
    edges: tuple[Edge, ...]


class Graph(Struct, frozen=True):
    """The whole drawing.

    Attributes:
        of: `account` or `session`: what stands on the left.
        left_out: what is not drawn, in words; empty for nothing.
    """

    width: int
    height: int
    left: int
    right: int
    of: str
    nodes: tuple[Node, ...]
    keys: tuple[KeyView, ...]
    left_out: str


def graph(campaign: Campaign, report: Report) -> Graph | None:
    """Draw the heaviest links; None if there is nothing to draw."""
    by_session = len(campaign.sessions) <= MOST_SESSIONS
    owner = {s.id: s.id if by_session else s.account for s in campaign.sessions_detail}
    links = [link for link in campaign.links if by_session or link.kind != "account"]
    drawn = links[:MOST_KEYS]
    everyone = list(dict.fromkeys(owner[s] for link in drawn for s in link.sessions if s in owner))
    names = everyone[:MOST_NODES]
    shares = [Counter(owner[s] for s in link.sessions if owner.get(s) in names) for link in drawn]
    if not names:
        return None
    left, right = _ordered(names, shares)
    height = _TOP * 2 + _STEP * max(len(left), len(right))
    at_left, at_right = _spread(left, height), _spread(right, height)
    heaviest = max(link.weight for link in drawn)
    keys = []
    for index in right:
        link = drawn[index]
        width = round(_THIN + (_THICK - _THIN) * max(link.weight, 0) / max(heaviest, 1), 1)
        lines = tuple(Edge(_curve(at_left[name], at_right[index]), width) for name in sorted(shares[index]))
        tip = f"{kind(link.kind)} {link.key}: {reason(link, campaign, report)}; weight {nats(link.weight)}"
        about = f"{_kind(link)}{link.accounts:,} of {report.accounts_read:,}"
        keys.append(KeyView(Node(link.key, about, at_right[index]), tip, link.flow is not None, lines))
    return Graph(
        width=WIDTH,
        height=height,
        left=_LEFT,
        right=_RIGHT,
        of="session" if by_session else "account",
        nodes=tuple(Node(name, _about(name, campaign, by_session=by_session), at_left[name]) for name in left),
        keys=tuple(keys),
        left_out=_left_out(len(links) - len(drawn), len(everyone) - len(names), by_session=by_session),
    )


def _kind(link: Link) -> str:
    """Its kind, unless the key says it itself (`a task prompt`)."""
    words = kind(link.kind)
    return "" if words in link.key else f"{words}, "


def _about(name: str, campaign: Campaign, *, by_session: bool) -> str:
    if by_session:
        return next((s.account for s in campaign.sessions_detail if s.id == name), "")
    return counted(sum(s.account == name for s in campaign.sessions_detail), "session")


def _left_out(keys: int, nodes: int, *, by_session: bool) -> str:
    noun = "session" if by_session else "account"
    parts = (counted(keys, "lighter key") if keys else "", counted(nodes, noun) if nodes else "")
    words = " and ".join(filter(None, parts))
    return f"Not drawn: {words}." if words else ""


def _ordered(names: Sequence[str], shares: Sequence[Mapping[str, int]]) -> tuple[list[str], list[int]]:
    """Order both sides so that few lines cross: each side by the mean place of its neighbours, in turn."""
    left, right = list(names), list(range(len(shares)))
    for _ in range(_SWEEPS):
        place = {name: at for at, name in enumerate(left)}
        right.sort(key=lambda key: (_mean([place[name] for name in shares[key]]), key))
        rank = {key: at for at, key in enumerate(right)}
        left.sort(key=lambda name: (_mean([rank[key] for key in right if name in shares[key]]), names.index(name)))
    return left, [key for key in right if shares[key]]


def _mean(places: Sequence[int]) -> float:
    return sum(places) / len(places) if places else 0.0


def _spread(items: Sequence[T], height: int) -> dict[T, float]:
    step = (height - 2 * _TOP) / max(len(items), 1)
    return {item: round(_TOP + step * (at + 0.5), 1) for at, item in enumerate(items)}


def _curve(y1: float, y2: float) -> str:
    middle = (_LEFT + _RIGHT) // 2
    return f"M{_LEFT} {y1}C{middle} {y1} {middle} {y2} {_RIGHT} {y2}"
