"""The sweep: the telemetry's time gone through once, to say when each campaign could first have been reported.

Links are not monotone (a key that turns popular unlinks), so that the earliest time cannot be searched for: at each
instant at which something changes, what it touches is clustered and judged anew. All that happens at one instant is
applied before anything is judged.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from types import MappingProxyType

from msgspec import Struct

from suragh.judge.calibration import verdict
from suragh.judge.group import Group, make_group
from suragh.link.cluster import clusters
from suragh.link.graph import Graph
from suragh.model.match import RuleInfo
from suragh.model.report import Verdict
from suragh.profile.scene import Posting, Profile, Scene


class Snapshot(Struct, frozen=True):
    """What was said of a group from a time on: hostile, or worth a look."""

    at: int
    group: Group
    verdict: Verdict


@dataclass(slots=True)
class Swept:
    """What the sweep found.

    Attributes:
        groups: every group at the end, by its first account.
        said: each group with a verdict whenever its sessions or its verdict changed, in order of time.
        peaks: by id of a hostile group, the most points that it had.
        left: by session, when it was last found to be part of a hostile group no more.
    """

    groups: list[Group] = field(default_factory=list)
    said: list[Snapshot] = field(default_factory=list)
    peaks: dict[str, int] = field(default_factory=dict)
    left: dict[int, int] = field(default_factory=dict)


class _Having(Struct, frozen=True):
    """One more account had a key."""

    at: int
    key: int


class _Bearing(Struct, frozen=True):
    """An account showed a key in an action with a signal."""

    at: int
    key: int
    account: str
    posting: Posting


class _Signal(Struct, frozen=True):
    """A session had a match."""

    at: int
    profile: Profile


_Event = _Having | _Bearing | _Signal


def _events(scene: Scene) -> Iterator[_Event]:
    for key in scene.keys:
        if len({scene.profiles[posting.session].account for posting in key.postings}) > 1:
            for at in key.accounts_at:
                yield _Having(at, key.key)
            for posting in key.postings:
                yield _Bearing(posting.at, key.key, scene.profiles[posting.session].account, posting)
    for profile in scene.profiles.values():
        for at in sorted({hit.at for hit in profile.hits}):
            yield _Signal(at, profile)


class Sweep:
    """One pass over a scene's events in order of time."""

    def __init__(
        self, scene: Scene, rules: Sequence[RuleInfo], balance: Mapping[str, int] = MappingProxyType({})
    ) -> None:
        self.scene = scene
        self.balance = balance
        self.rules = rules
        self.graph = Graph(scene.keys)
        self.swept = Swept()
        self._known: dict[str, dict[int, Profile]] = defaultdict(dict)
        self._last: dict[tuple[str, ...], Group] = {}
        self._cluster_of: dict[str, tuple[str, ...]] = {}

    def run(self) -> Swept:
        """Go through all instants; what stands at the end is in `groups`."""
        events = sorted(_events(self.scene), key=lambda event: event.at)
        for at, together in groupby(events, key=lambda event: event.at):
            moved, touched = self._apply(together)
            stood = self._regroup(moved)
            changed = {self._cluster_of.setdefault(account, (account,)) for account in moved | touched | stood.keys()}
            for accounts in sorted(changed):
                self._judge(accounts, stood, at)
        self.swept.groups = [self._last[accounts] for accounts in sorted(self._last)]
        return self.swept

    def verdict(self, group: Group) -> Verdict | None:
        """What to say of a group: who mostly keeps to an engagement is watched for the rest, not accused."""
        said = verdict(group.assessment.points)
        if said is not Verdict.HOSTILE or not self.balance.keys() >= set(group.accounts):
            return said
        return Verdict.WATCH if sum(self.balance[account] for account in group.accounts) > 0 else said

    def _apply(self, events: Iterator[_Event]) -> tuple[set[str], set[str]]:
        """Take in what happened; the accounts whose links moved, and those that gained a signal or a key."""
        moved: set[str] = set()
        touched: set[str] = set()
        for event in events:
            match event:
                case _Having(key=key):
                    moved |= self.graph.see_account_of(key)
                case _Bearing(key=key, account=account, posting=posting):
                    moved |= self.graph.see_posting(key, account, posting)
                    touched.add(account)
                case _Signal(profile=profile):
                    self._known[profile.account][profile.session] = profile
                    touched.add(profile.account)
        return moved, touched

    def _regroup(self, moved: set[str]) -> dict[str, Group | None]:
        """Cluster anew what moved and what their clusters lose; by account, the group that its old cluster was."""
        todo = moved | {other for account in moved for other in self._cluster_of.get(account, ())}
        stood: dict[str, Group | None] = {}
        fresh: dict[str, tuple[str, ...]] = {}
        while todo:
            for accounts in clusters(self.graph, min(todo)):
                todo.difference_update(accounts)
                for account in accounts:
                    if self._cluster_of.get(account) != accounts:
                        stood[account] = self._last.get(self._cluster_of.get(account, ()))
                        fresh[account] = accounts
        for account in fresh:
            self._last.pop(self._cluster_of.get(account, ()), None)
        self._cluster_of |= fresh
        return stood

    def _judge(self, accounts: tuple[str, ...], stood: Mapping[str, Group | None], at: int) -> None:
        before = [group for account in accounts if (group := stood.get(account))]
        if accounts in self._last:
            before.append(self._last.pop(accounts))
        profiles = {account: list(self._known[account].values()) for account in accounts}
        group = make_group(accounts, profiles, self.graph, self.rules, at)
        now = self.verdict(group) if group else None
        self._note(before, group if now is Verdict.HOSTILE else None, set(accounts), at)
        if group is None:
            return
        self._last[accounts] = group
        same = any(old.sessions == group.sessions and self.verdict(old) is now for old in before)
        if now and not same:
            self.swept.said.append(Snapshot(at, group, now))

    def _note(self, before: Sequence[Group], hostile: Group | None, accounts: set[str], at: int) -> None:
        """Note how bad a hostile group is by now, and which sessions are part of none any more."""
        held: tuple[int, ...] = ()
        if hostile:
            held = hostile.sessions
            peak = self.swept.peaks.get(hostile.id, 0)
            self.swept.peaks[hostile.id] = max(peak, hostile.assessment.points)
        for old in before:
            if self.verdict(old) is Verdict.HOSTILE:
                for session in set(old.sessions).difference(held):
                    if self.scene.profiles[session].account in accounts:
                        self.swept.left[session] = at
