"""Swim-lanes: a campaign's sessions and signals, by account."""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from suragh.export.words import counted, instant
from suragh.model.report import Campaign, Moment, SessionView

LATE: Final = "9999"
"""Sorts after every time: for an account without a session or a signal."""


class Lane(Struct, frozen=True):
    """What one account did, or what all that have no lane of their own did.

    Attributes:
        name: the account, untrusted; or how many accounts share the last lane.
        sessions: its sessions, in order of time.
        moments: its signals, in order of time.
    """

    name: str
    sessions: tuple[SessionView, ...]
    moments: tuple[Moment, ...]


def lanes(campaign: Campaign, most: int) -> tuple[Lane, ...]:
    """One lane an account in order of first appearance, `most` at most: the last one takes all that are left."""
    found = sorted((_lane(campaign, [name], name) for name in campaign.accounts), key=_order)
    if len(found) <= most:
        return tuple(found)
    own, rest = found[: most - 1], found[most - 1 :]
    names = [lane.name for lane in rest]
    return (*own, _lane(campaign, names, f"{counted(len(rest), 'further account')}"))


def instants(campaign: Campaign) -> list[int]:
    """Every time that a drawing of the campaign shows."""
    texts = [campaign.first_action_at, campaign.detected_at, campaign.last_action_at]
    texts += [text for s in campaign.sessions_detail for text in (s.first_at, s.last_at)]
    texts += [moment.at for moment in campaign.timeline]
    return [at for at in map(instant, texts) if at is not None]


def _lane(campaign: Campaign, names: Sequence[str], name: str) -> Lane:
    own = frozenset(names)
    sessions = tuple(s for s in campaign.sessions_detail if s.account in own)
    return Lane(name, sessions, tuple(m for m in campaign.timeline if m.account in own))


def _order(lane: Lane) -> tuple[str, str]:
    times = [s.first_at for s in lane.sessions] + [m.at for m in lane.moments]
    return min(times, default=LATE), lane.name
