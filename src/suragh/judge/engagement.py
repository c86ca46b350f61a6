"""Engagements: what was authorised is told apart from what was not, action by action."""

import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from ipaddress import IPv4Network, ip_address, ip_network
from typing import Final

import msgspec
from msgspec import Struct

from suragh.errors import SetupError
from suragh.link.weights import is_private
from suragh.model.engagement import Engagement
from suragh.model.instant import parse_rfc3339, rfc3339
from suragh.profile.scene import Hit, Key, Profile, Scene, first_hits, first_postings


class _Row(Struct, frozen=True):
    """One engagement as a person writes it."""

    id: str
    issuer: str
    contact: str
    accounts: tuple[str, ...]
    targets: tuple[str, ...]
    not_before: str
    not_after: str


class _File(Struct, frozen=True):
    """The file: `authorisations` or `engagements`."""

    authorisations: tuple[_Row, ...] = ()
    engagements: tuple[_Row, ...] = ()


def parse_engagements(data: bytes, where: str) -> tuple[Engagement, ...]:
    """Read an engagements file: JSON, or TOML with `[[engagements]]`.

    Raises:
        SetupError: if it is neither, if a field is missing or of the wrong type, or if a time is none.
    """
    try:
        if data.lstrip()[:1] == b"{":
            file = msgspec.json.decode(data, type=_File)
        else:
            file = msgspec.convert(tomllib.loads(data.decode()), type=_File)
    except (msgspec.MsgspecError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        hint = "See docs/engagements.md"
        raise SetupError(f"no engagements can be read: {error}", where=where, hint=hint) from error
    rows = (*file.authorisations, *file.engagements)
    if not rows:
        raise SetupError("the file holds no engagement, expected `engagements` or `authorisations`", where=where)
    doubled = [name for name, count in Counter(row.id for row in rows).items() if count > 1]
    if doubled:
        raise SetupError(f"id {doubled[0]!r} stands for several engagements, expected one each", where=where)
    return tuple(_engagement(row, where) for row in rows)


def _engagement(row: _Row, where: str) -> Engagement:
    start, end = _time(row, "not_before", where), _time(row, "not_after", where)
    if end < start:
        raise SetupError(f"engagement {row.id}: not_after is before not_before", where=where)
    return Engagement(
        id=row.id,
        issuer=row.issuer,
        contact=row.contact,
        accounts=frozenset(row.accounts),
        # `*.example.com` says what `example.com` says: a domain covers what lies below it.
        targets=tuple(target.lower().removeprefix("*.").rstrip(".") for target in row.targets),
        not_before=start,
        not_after=end,
    )


def _time(row: _Row, field: str, where: str) -> int:
    text: str = getattr(row, field)
    try:
        return parse_rfc3339(text)
    except ValueError as error:
        what = f"engagement {row.id}: {field} is {text!r}, expected a time such as 2026-01-31T12:00:00Z"
        raise SetupError(what, where=where) from error


def in_scope(target: str, engagement: Engagement) -> bool:
    """Say whether a target lies in an engagement's scope: named there, below a domain of it, or in a range of it."""
    name = target.lower().rstrip(".")
    return any(_covers(allowed, name) for allowed in engagement.targets)


def _covers(allowed: str, name: str) -> bool:
    if name == allowed or name.endswith("." + allowed):
        return True
    try:
        network = ip_network(allowed, strict=False)
        if "/" in name:
            inner = ip_network(name, strict=False)
            return inner.version == network.version and inner.subnet_of(network)  # type: ignore[arg-type]
        return ip_address(name) in network
    except ValueError:
        return False


MOSTLY: Final = 2
"""Covered matches for each match beyond the scope from which accounts together mostly keep to an engagement: who uses
an engagement as a cover does most of the work elsewhere. Straying to a neighbouring host counts neither way."""

NEIGHBOURS: Final = 24
"""Bits that a private IPv4 address shares with its neighbours: the customary size of one site's network. Public
addresses have no neighbours, since the next one may be anybody's."""


class Split(Struct, frozen=True):
    """A scene in parts.

    Attributes:
        rest: what no engagement covers: judged as usual.
        covered: by engagement id, the profiles with the hits that it covers.
        beyond: by engagement id and session, what its accounts did outside it, in words.
        balance: of each account of an engagement, its matches inside less `MOSTLY` times those well beyond.
    """

    rest: Scene
    covered: dict[str, tuple[Profile, ...]]
    beyond: dict[str, dict[int, tuple[str, ...]]]
    balance: dict[str, int]


def split(scene: Scene, engagements: Sequence[Engagement]) -> Split:
    """Take out of a scene what engagements cover.

    An act is covered if its account works on the engagement, it was done in time, and every target that it names is in
    scope; what it returned is covered with it. Acts that name no target go with their account and time; a host by way
    of which targets in scope are reached is a place of work, no target.
    """
    scopes = [_Scope(engagement, scene) for engagement in engagements]
    covered: dict[str, dict[int, list[Hit]]] = defaultdict(lambda: defaultdict(list))
    beyond: dict[str, dict[int, tuple[str, ...]]] = defaultdict(dict)
    rest: dict[int, Profile] = {}
    balance: Counter[str] = Counter()
    for session, profile in scene.profiles.items():
        own = [scope for scope in scopes if profile.account in scope.engagement.accounts]
        began = _began(profile)
        left: list[Hit] = []
        for hit in profile.hits:
            scope = next((scope for scope in own if not scope.beyond(session, hit.action, began[hit.action])), None)
            (covered[scope.engagement.id][session] if scope else left).append(hit)
        if own:
            well_beyond = [
                hit for hit in left if not any(scope.strays(session, hit.action, began[hit.action]) for scope in own)
            ]
            balance[profile.account] += len(profile.hits) - len(left) - MOSTLY * len(well_beyond)
        if left:
            rest[session] = replace(profile, hits=first_hits(left))
        for scope in own:
            words = {word for hit in left for word in scope.beyond(session, hit.action, began[hit.action])}
            if words:
                beyond[scope.engagement.id][session] = tuple(sorted(words))
    lawful = {(session, hit.action) for found in covered.values() for session, hits in found.items() for hit in hits}
    return Split(
        rest=replace(scene, profiles=rest, keys=tuple(_keys_of(scene.keys, rest, lawful))),
        covered={name: tuple(_profiles(scene, found)) for name, found in sorted(covered.items())},
        beyond=dict(sorted(beyond.items())),
        balance=dict(sorted(balance.items())),
    )


def _began(profile: Profile) -> dict[int, int]:
    """When each act with a match began: its call, or the first that is known of it."""
    found: dict[int, int] = {}
    known = [(hit.action, hit.at) for hit in profile.hits] + [(step.action, step.at) for step in profile.steps]
    for action, at in known:
        found[action] = min(found.get(action, at), at)
    return found


class _Scope:
    """An engagement in a scene."""

    def __init__(self, engagement: Engagement, scene: Scene) -> None:
        self.engagement = engagement
        self._named = scene.targets
        own = [
            named for (session, _), named in scene.targets.items()
            if scene.profiles[session].account in engagement.accounts
        ]  # fmt: skip
        self._sites = {site for target in engagement.targets if (site := _site(target))}
        self._places = {name for named in own if self._reached(named) for name, way in named if way}

    def _reached(self, named: Sequence[tuple[str, bool]]) -> bool:
        inner = [name for name, way in named if not way]
        return bool(inner) and all(in_scope(name, self.engagement) for name in inner)

    def beyond(self, session: int, action: int, at: int) -> list[str]:
        """What of an act lies outside the engagement, in words."""
        return self._times(at) + [f"target {name}" for name in self._outside(session, action)]

    def strays(self, session: int, action: int, at: int) -> bool:
        """Whether an act in time is outside the engagement by no more than a neighbour of what is in scope."""
        return not self._times(at) and all(_site(name) in self._sites for name in self._outside(session, action))

    def _times(self, at: int) -> list[str]:
        words = []
        if at < self.engagement.not_before:
            words.append(f"acts before {rfc3339(self.engagement.not_before)}")
        if at > self.engagement.not_after:
            words.append(f"acts after {rfc3339(self.engagement.not_after)}")
        return words

    def _outside(self, session: int, action: int) -> list[str]:
        named = self._named.get((session, action), ())
        names = dict.fromkeys(name for name, way in named if not (way and name in self._places))
        return [name for name in names if not in_scope(name, self.engagement)]


def _site(name: str) -> IPv4Network | None:
    """The private network of `NEIGHBOURS` bits that an address or a range lies in."""
    try:
        network = ip_network(name, strict=False)
    except ValueError:
        return None
    if not isinstance(network, IPv4Network) or network.prefixlen < NEIGHBOURS or not is_private(name):
        return None
    return network.supernet(new_prefix=NEIGHBOURS)


def _keys_of(keys: Iterable[Key], rest: Mapping[int, Profile], lawful: AbstractSet[tuple[int, int]]) -> Iterable[Key]:
    """Keys without the postings of covered acts: what was authorised links nobody to what was not."""
    owner = {session: profile.account for session, profile in rest.items()}
    for key in keys:
        postings = [p for p in key.postings if p.session in rest and (p.session, p.action) not in lawful]
        if postings:
            yield replace(key, postings=first_postings(postings, owner))


def _profiles(scene: Scene, found: Mapping[int, Sequence[Hit]]) -> Iterable[Profile]:
    for session, hits in sorted(found.items()):
        yield replace(scene.profiles[session], hits=first_hits(hits))
