"""Apart: sessions with a signal that are in no campaign, and how near each comes to one."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from msgspec import Struct

from suragh.judge.calibration import WATCH_POINTS
from suragh.judge.group import Group, actors, acts, belonging, takes
from suragh.judge.harm import Assessment, assess
from suragh.link.cluster import LINK_LEAST
from suragh.link.graph import Graph
from suragh.model.match import RuleInfo
from suragh.model.report import Bond, Near
from suragh.profile.scene import NEVER, Profile, Scene

APART_KEPT: Final = 500
"""Sessions in no campaign that a report tells of: half of what it lists of rejections, as each takes a page."""

NEAREST: Final = 5
"""Accounts named beside one: those after them share less."""


class Loose(Struct, frozen=True):
    """A session with a signal that is in no campaign.

    Attributes:
        profile: the session.
        assessment: how bad the sessions are that were judged with it, or it alone.
        together: hashes of these sessions; none where it was judged alone.
        nearest: the accounts that its account shares most with.
        campaign: id of the campaign that its account is in, or else shares most with; empty for none.
        average: milli-nats that its account shares with each other account of that campaign.
        belongs: whether it would count to that campaign, by what it does and by what its account mostly does.
    """

    profile: Profile
    assessment: Assessment
    together: tuple[int, ...]
    nearest: tuple[Near, ...]
    campaign: str
    average: int
    belongs: bool

    @property
    def rank(self) -> tuple[int, str]:
        """The nearer it comes to either threshold, the earlier; ties by name."""
        near = max(self.assessment.points * 1000 // WATCH_POINTS, self.average * 1000 // LINK_LEAST)
        return (-near, self.profile.name)


def bonds(accounts: Sequence[str], graph: Graph) -> tuple[Bond, ...]:
    """How each of these accounts hangs together with the others."""
    if len(accounts) < 2:  # noqa: PLR2004 - a bond has two ends
        return ()
    own = set(accounts)
    return tuple(
        Bond(
            account=account,
            average=_average(account, accounts, graph),
            nearest=_nearest({name: points for name, points in graph.alike(account).items() if name in own}),
        )
        for account in accounts
    )


def apart(
    scene: Scene, graph: Graph, groups: Iterable[Group], campaigns: Sequence[Group], rules: Sequence[RuleInfo]
) -> tuple[tuple[Loose, ...], int]:
    """The sessions of a scene that no campaign holds, nearest first, and how many more there are.

    `groups` are all groups at the end, `campaigns` those of them that have a verdict.
    """
    held = {session for group in campaigns for session in group.sessions}
    group_of = {session: group for group in groups for session in group.sessions}
    view = _View(scene, graph, campaigns, rules)
    found = [
        view.loose(profile, group_of.get(session)) for session, profile in scene.profiles.items() if session not in held
    ]
    found.sort(key=lambda loose: loose.rank)
    return tuple(found[:APART_KEPT]), len(found[APART_KEPT:])


class _View:
    def __init__(self, scene: Scene, graph: Graph, campaigns: Sequence[Group], rules: Sequence[RuleInfo]) -> None:
        self.scene = scene
        self.graph = graph
        self.campaigns = campaigns
        self.rules = rules
        self._active = acts(scene.profiles.values(), rules, NEVER)
        self._actors = actors(scene.profiles.values(), self._active)
        self._places: dict[str, list[Group]] = {}
        for group in campaigns:
            for account in group.accounts:
                self._places.setdefault(account, []).append(group)

    def loose(self, profile: Profile, group: Group | None) -> Loose:
        assessment = group.assessment if group else assess([profile], self.rules, NEVER, flows=False)
        campaign, average = self._campaign(profile.account)
        return Loose(
            profile=profile,
            assessment=assessment,
            together=group.sessions if group and len(group.sessions) > 1 else (),
            nearest=_nearest(self.graph.alike(profile.account)),
            campaign=campaign.id if campaign else "",
            average=average,
            belongs=campaign is not None and self._belongs(profile, campaign),
        )

    def _belongs(self, profile: Profile, campaign: Group) -> bool:
        accounts = sorted({*campaign.accounts, profile.account})
        shared = list(self.graph.shared_keys(accounts))
        if profile.account not in self._actors and not takes(profile.account, accounts, shared):
            return False
        return bool(belonging([profile], shared, self._active, NEVER))

    def _campaign(self, account: str) -> tuple[Group | None, int]:
        """The campaign that an account is in, or shares most with on average."""
        near = {id(g): g for name in (account, *self.graph.alike(account)) for g in self._places.get(name, ())}
        own = self._places.get(account, ())
        ranked = [
            (group not in own, -_average(account, group.accounts, self.graph), group.id, group)
            for group in near.values()
        ]
        if not ranked:
            return None, 0
        best = min(ranked, key=lambda item: item[:3])
        return best[3], -best[1]


def _average(account: str, accounts: Iterable[str], graph: Graph) -> int:
    alike = graph.alike(account)
    shared = [alike.get(name, 0) for name in accounts if name != account]
    return sum(shared) // len(shared) if shared else 0


def _nearest(alike: Mapping[str, int]) -> tuple[Near, ...]:
    ranked = sorted((-points, name) for name, points in alike.items() if points)
    return tuple(Near(account=name, points=-points) for points, name in ranked[:NEAREST])
