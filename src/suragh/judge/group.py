"""Groups: which sessions of a cluster of accounts belong to its operation, and how bad they are together."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from msgspec import Struct

from suragh.judge.harm import WEAK_LEVELS, Assessment, assess
from suragh.link.graph import Graph, KeyState
from suragh.model.ids import digest
from suragh.model.match import RuleInfo
from suragh.model.observable import ObservableKind
from suragh.profile.fold import CALL
from suragh.profile.scene import Profile

ACTING: Final = 5
"""Sessions with a signal of an account of which one at least does something more than weak, if it takes part in an
operation: of victims' employees' accounts 7 to 18 in a hundred reach that, of hostile ones 96 to 100, of those of quiet
campaigns 55 (docs/quality.md, "Judging")."""


class Group(Struct, frozen=True):
    """Sessions taken as one operation, at a time.

    Attributes:
        id: hash of its first signal, 16 hexadecimal digits.
        accounts: sorted; those that only use what is attacked are not among them.
        sessions: hashes, ascending.
        assessment: how bad all is that was looked at together: whom the attack touches thins it out, too.
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
    active = acts(own, rules, at)
    whole = belonging(own, shared, active, at)
    if not whole:
        return None
    acting = actors(own, active)
    acting |= {account for account in accounts if account not in acting and takes(account, accounts, shared)}
    core = [profile for profile in whole if profile.account in acting] or whole
    core.sort(key=lambda profile: profile.session)
    first = min(
        (hit.at, profile.name, rules[hit.rule].name) for profile in core for hit in profile.hits if hit.at <= at
    )
    return Group(
        id=f"{digest('campaign', *map(str, first)):016x}",
        accounts=tuple(sorted({profile.account for profile in core})),
        sessions=tuple(profile.session for profile in core),
        assessment=assess(whole, rules, at, flows=any(state.flows_among(accounts) for state in shared)),
    )


def acts(profiles: Iterable[Profile], rules: Sequence[RuleInfo], at: int) -> set[int]:
    """Those of some sessions, by hash, that did something of their own that is more than weak."""
    return {profile.session for profile in profiles if _acts(profile, rules, at)}


def belonging(
    profiles: Sequence[Profile], shared: Sequence[KeyState], active: AbstractSet[int], at: int
) -> list[Profile]:
    """Those of some sessions that belong to an operation whose accounts share these keys.

    Sessions that are `active` need no shared key for that.
    """
    bearers = _bearers(shared, {profile.session for profile in profiles}, at)
    return [profile for profile in profiles if profile.session in bearers or profile.session in active]


def actors(profiles: Iterable[Profile], active: AbstractSet[int]) -> set[str]:
    """The accounts of which one of `ACTING` sessions with a signal is active.

    Who works on the systems that somebody attacks shares their names and credentials with the attacker, and does a
    suspicious thing once in a while.
    """
    sessions, acting = Counter[str](), Counter[str]()
    for profile in profiles:
        sessions[profile.account] += 1
        acting[profile.account] += profile.session in active
    return {account for account, count in acting.items() if count and count * ACTING >= sessions[account]}


def takes(account: str, accounts: Sequence[str], shared: Iterable[KeyState]) -> bool:
    """Whether an account used a credential which another one had read before: it takes part, however quietly."""
    return any(state.key.kind == ObservableKind.CREDENTIAL and state.flows_to(account, accounts) for state in shared)


def _bearers(shared: Iterable[KeyState], sessions: set[int], at: int) -> set[int]:
    return {
        posting.session
        for state in shared
        for posting in state.key.postings
        if posting.at <= at and posting.session in sessions
    }


def _acts(profile: Profile, rules: Sequence[RuleInfo], at: int) -> bool:
    """Whether a session did something of its own that is more than weak."""
    return any(hit.at <= at and hit.role == CALL and rules[hit.rule].level not in WEAK_LEVELS for hit in profile.hits)
