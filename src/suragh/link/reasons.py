"""Reasons: why sessions belong together, as links that a person can read."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from suragh.link.weights import trust, weight
from suragh.model.instant import DATED_FROM, rfc3339
from suragh.model.observable import Role
from suragh.model.report import Flow, Link
from suragh.profile.fold import CALL, RESULT, WAY
from suragh.profile.scene import ACCOUNTS_KEPT, Key, Posting, Profile, Scene

ACCOUNT_WEIGHT: Final = 300
"""Milli-nats that a common account says: accounts are shared and keys are stolen, so that it is never enough alone."""

LINKS_NAMED: Final = 5
SESSIONS_NAMED: Final = 8
"""What is named of one session's links: what a person looks at to see why it is apart."""

ROLE_WORDS: Final = {CALL: str(Role.ARGUMENT), RESULT: str(Role.RESULT), WAY: str(Role.WAY)}


def links(profiles: Sequence[Profile], scene: Scene, names: Mapping[int, str]) -> tuple[Link, ...]:
    """Every key that at least two of these sessions bear in an action with a signal.

    Those that join accounts come first, by weight times the accounts that they add; then those within one account.

    `names` gives what is shown of keys that have no text of their own (`cred-1`).
    """
    of = {profile.session: profile for profile in profiles}
    found = [link for key in scene.keys if (link := _link(key, of, names))]
    found += _account_links(profiles)
    account = {profile.name: profile.account for profile in profiles}

    def rank(link: Link) -> tuple[int, int, str, str, str]:
        joined = len({account[name] for name in link.sessions})
        return (-link.weight * (joined - 1), -link.weight, link.kind, link.key, link.first_at)

    return tuple(sorted(found, key=rank))


def links_of(
    sessions: Iterable[int], scene: Scene, names: Mapping[int, str]
) -> dict[int, tuple[Link, ...]]:  # fmt: skip
    """For each of these sessions the heaviest keys that other accounts have, too, and with whom it shares them."""
    found: dict[int, list[Link]] = {session: [] for session in sessions}
    for key in scene.keys:
        mine = {posting.session for posting in key.postings} & found.keys()
        link = _link(key, scene.profiles, names) if mine else None
        if link and link.weight and link.accounts > 1:
            short = replace(link, sessions=link.sessions[:SESSIONS_NAMED])
            for session in mine:
                found[session].append(short)
    return {session: tuple(sorted(own, key=_by_weight)[:LINKS_NAMED]) for session, own in found.items()}


def _by_weight(link: Link) -> tuple[int, str, str, str]:
    return (-link.weight, link.kind, link.key, link.first_at)


def _link(key: Key, of: Mapping[int, Profile], names: Mapping[int, str]) -> Link | None:
    postings = [posting for posting in key.postings if posting.session in of]
    first: dict[int, int] = {}
    for posting in postings:
        first.setdefault(posting.session, posting.at)
    having = len(key.accounts_at)
    if len(first) < 2 or having > ACCOUNTS_KEPT:  # noqa: PLR2004 - a link has two ends
        return None
    return Link(
        key=names.get(key.key) or key.shown or f"a {key.kind}",
        kind=key.kind,
        roles=tuple(ROLE_WORDS[role] for role in sorted({posting.role for posting in postings})),
        flow=_flow(postings, of),
        accounts=having,
        weight=weight(trust(key.kind, key.shown), having),
        sessions=tuple(sorted(of[session].name for session in first)),
        first_at=rfc3339(sorted(first.values())[1]),
    )


def _flow(postings: Iterable[Posting], of: Mapping[int, Profile]) -> Flow | None:
    """The first use by a session of what another session had read before. Within one account it shows one hand.

    What was read without a time may have been read after the use.
    """
    read: dict[int, int] = {}
    for posting in sorted(postings):
        if posting.role == RESULT:
            read.setdefault(posting.session, posting.at)
            continue
        readers = [
            (at, session)
            for session, at in read.items()
            if session != posting.session and DATED_FROM <= at < posting.at
        ]
        if readers:
            at, reader = min(readers)
            return Flow(
                read_by=of[reader].name,
                read_at=rfc3339(at),
                used_by=of[posting.session].name,
                used_at=rfc3339(posting.at),
            )
    return None


def _account_links(profiles: Sequence[Profile]) -> Iterable[Link]:
    by_account: dict[str, list[Profile]] = defaultdict(list)
    for profile in profiles:
        by_account[profile.account].append(profile)
    for account, own in sorted(by_account.items()):
        if len(own) > 1:
            yield Link(
                key=account,
                kind="account",
                roles=(),
                flow=None,
                accounts=1,
                weight=ACCOUNT_WEIGHT,
                sessions=tuple(sorted(profile.name for profile in own)),
                first_at=rfc3339(sorted(profile.hits[0].at for profile in own)[1]),
            )


def credential_names(groups: Iterable[Iterable[int]], keys: Iterable[Key]) -> dict[int, str]:
    """Number the credentials that groups of sessions bear, in order of first sighting: `cred-1`, `cred-2`."""
    wanted = {session for group in groups for session in group}
    seen = sorted(
        (min(p.at for p in key.postings), key.key)
        for key in keys
        if key.kind == "credential" and any(p.session in wanted for p in key.postings)
    )
    return {key: f"cred-{number}" for number, (_, key) in enumerate(seen, 1)}
