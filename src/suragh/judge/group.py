"""Groups: which sessions of a cluster of accounts belong to its operation, and how bad they are together."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from msgspec import Struct

from suragh.judge.harm import Assessment, assess
from suragh.link.graph import Graph, KeyState
from suragh.model.ids import digest
from suragh.model.match import RuleInfo
from suragh.profile.scene import Profile

CORE_POINTS: Final = 500
"""Points of its own that make a session part of its account's operation without a shared key: one match of level
medium."""


class Group(Struct, frozen=True):
    """Sessions taken as one operation, at a time.

    Attributes:
        id: hash of its first signal, 16 hexadecimal digits.
        accounts: sorted.
        sessions: hashes, ascending.
        assessment: how bad.
    """

    id: str
    accounts: tuple[str, ...]
    sessions: tuple[int, ...]
    assessment: Assessment


def make_group(
    accounts: Sequence[str], profiles: Mapping[str, Sequence[Profile]], graph: Graph, rules: Sequence[RuleInfo], at: int
) -> Group | None:
    """The group of a cluster of accounts at a time, or None if none of their sessions belongs to it.

    `profiles` holds each account's sessions that have a signal by then.
    """
    shared = list(graph.shared_keys(accounts))
    own = [profile for account in accounts for profile in profiles[account]]
    bearers = _bearers(shared, {profile.session for profile in own}, at)
    core = [p for p in own if p.session in bearers or assess((p,), rules, at, 0).points >= CORE_POINTS]
    if not core:
        return None
    core.sort(key=lambda profile: profile.session)
    first = min((profile.hits[0].at, profile.name, profile.hits[0].rule) for profile in core)
    return Group(
        id=f"{digest('campaign', *map(str, first)):016x}",
        accounts=tuple(sorted({profile.account for profile in core})),
        sessions=tuple(profile.session for profile in core),
        assessment=assess(core, rules, at, _flows(shared, accounts)),
    )


def _bearers(shared: Iterable[KeyState], sessions: set[int], at: int) -> set[int]:
    return {
        posting.session
        for state in shared
        for posting in state.key.postings
        if posting.at <= at and posting.session in sessions
    }


def _flows(shared: Iterable[KeyState], accounts: Sequence[str]) -> int:
    return sum(
        any(state.flows(one, other) for number, one in enumerate(accounts) for other in accounts[number + 1 :])
        for state in shared
    )


def by_account(profiles: Iterable[Profile]) -> dict[str, list[Profile]]:
    """Sessions by account."""
    found: dict[str, list[Profile]] = defaultdict(list)
    for profile in profiles:
        found[profile.account].append(profile)
    return found
