"""Findings: what stands at the end of the sweep, since when, and what no longer stands."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from msgspec import Struct

from suragh.judge.apart import Loose, apart, bonds
from suragh.judge.calibration import score
from suragh.judge.engagement import Split
from suragh.judge.group import Group
from suragh.judge.harm import assess
from suragh.judge.sweep import Snapshot, Sweep, Swept
from suragh.link.graph import Graph
from suragh.model.engagement import Engagement
from suragh.model.ids import digest
from suragh.model.match import RuleInfo
from suragh.model.report import Bond, Verdict
from suragh.profile.scene import Profile


class Finding(Struct, frozen=True):
    """A group with a verdict.

    Attributes:
        group: its sessions and how bad they are.
        profiles: its sessions, by hash; of an authorised group, with the matches that its engagement covers.
        verdict: what is said of it.
        detected_at: since when.
        engagement: id of the engagement that covers it; empty for none.
        bonds: how its accounts hang together.
    """

    group: Group
    profiles: tuple[Profile, ...]
    verdict: Verdict
    detected_at: int
    engagement: str = ""
    bonds: tuple[Bond, ...] = ()


class Gone(Struct, frozen=True):
    """Sessions that were part of something hostile at some moment and are not at the end."""

    id: str
    sessions: tuple[int, ...]
    points: int
    detected_at: int
    withdrawn_at: int


class Findings(Struct, frozen=True):
    """Everything that the judge says.

    Attributes:
        standing: campaigns, hostile ones first.
        gone: what was hostile and no longer is.
        apart: sessions with a signal that are in no campaign, nearest first.
        apart_left_out: how many more of them there are.
    """

    standing: tuple[Finding, ...]
    gone: tuple[Gone, ...]
    apart: tuple[Loose, ...]
    apart_left_out: int


def judge(split: Split, engagements: Sequence[Engagement], rules: Sequence[RuleInfo]) -> Findings:
    """Judge a scene of which engagements have been taken out."""
    sweep = Sweep(split.rest, rules, split.balance)
    swept = sweep.run()
    said = [(group, verdict) for group in swept.groups if (verdict := sweep.verdict(group))]
    standing = [_standing(group, verdict, split, swept, sweep.graph) for group, verdict in said]
    left, more = apart(split.rest, sweep.graph, swept.groups, [group for group, _ in said], rules)
    standing += [found for e in engagements if (found := _authorised(e, split.covered.get(e.id, ()), rules))]
    order = {Verdict.HOSTILE: 0, Verdict.WATCH: 1, Verdict.AUTHORISED: 2}
    standing.sort(key=lambda f: (order[f.verdict], -f.group.assessment.points, f.group.id))
    return Findings(tuple(standing), tuple(_gone(swept, standing)), left, more)


def _standing(group: Group, said: Verdict, split: Split, swept: Swept, graph: Graph) -> Finding:
    own = set(group.sessions)
    since = [s.at for s in swept.said if _at_least(s.verdict, said) and _most(s.group.sessions, own)]
    profiles = tuple(split.rest.profiles[session] for session in group.sessions)
    return Finding(group, profiles, said, min(since), bonds=bonds(group.accounts, graph))


def _at_least(said: Verdict, wanted: Verdict) -> bool:
    return said is wanted or said is Verdict.HOSTILE


def _most(sessions: Sequence[int], own: set[int]) -> bool:
    return 2 * len(own.intersection(sessions)) > len(sessions)


def _authorised(engagement: Engagement, profiles: Sequence[Profile], rules: Sequence[RuleInfo]) -> Finding | None:
    if not profiles:
        return None
    end = max(profile.last_at for profile in profiles)
    group = Group(
        id=f"{digest('engagement', engagement.id):016x}",
        accounts=tuple(sorted({profile.account for profile in profiles})),
        sessions=tuple(profile.session for profile in profiles),
        assessment=assess(profiles, rules, end, flows=False),
    )
    first = min(profile.hits[0].at for profile in profiles)
    return Finding(group, tuple(profiles), Verdict.AUTHORISED, first, engagement.id)


def _gone(swept: Swept, standing: Iterable[Finding]) -> Iterable[Gone]:
    held = {s for finding in standing if finding.verdict is Verdict.HOSTILE for s in finding.group.sessions}
    by_id: dict[str, list[Snapshot]] = defaultdict(list)
    for snapshot in swept.said:
        if snapshot.verdict is Verdict.HOSTILE and not held.issuperset(snapshot.group.sessions):
            by_id[snapshot.group.id].append(snapshot)
    for name, snapshots in sorted(by_id.items()):
        sessions = {session for snapshot in snapshots for session in snapshot.group.sessions} - held
        yield Gone(
            id=name,
            sessions=tuple(sorted(sessions)),
            points=swept.peaks[name],
            detected_at=snapshots[0].at,
            withdrawn_at=max(swept.left[session] for session in sessions),
        )


def gone_score(gone: Gone) -> float:
    """The highest score that it had."""
    return score(gone.points)
