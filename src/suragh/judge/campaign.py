"""Campaigns as the report shows them: made from a finding, the scene, and the evidence that was fetched for it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import Struct

from suragh.judge.apart import Loose
from suragh.judge.autonomy import measures
from suragh.judge.calibration import score
from suragh.judge.engagement import Split
from suragh.judge.findings import Finding, Gone, gone_score
from suragh.link.reasons import links, links_of
from suragh.model.attack import tactics, techniques
from suragh.model.engagement import Engagement
from suragh.model.evidence import Evidence
from suragh.model.instant import rfc3339
from suragh.model.match import Level, RuleInfo
from suragh.model.report import (
    Apart,
    Campaign,
    Engaged,
    Harm,
    Link,
    Moment,
    SessionView,
    TechniqueCount,
    Verdict,
    Withdrawn,
)
from suragh.profile.fold import CALL
from suragh.profile.keys import TARGET_KINDS
from suragh.profile.scene import NEVER, Hit, Profile, Scene

MOMENTS_SHOWN: Final = 2000
"""Points of a timeline that the report holds: more cannot be told apart on a page."""

EVIDENCE_SHOWN: Final = {Verdict.HOSTILE: 40, Verdict.WATCH: 12, Verdict.AUTHORISED: 6}
"""Matches shown in full: what a person reads of a campaign in an hour; all others are in the timeline."""

NAMED_TARGETS: Final = 2
NAMED_TACTICS: Final = 3
"""What a summary names one by one; it is one line."""

TOGETHER_NAMED: Final = 8
SIGNALS_NAMED: Final = 5
"""What is named of a session in no campaign."""

HANDOVER: Final = "T1683"
"""Generate Content: the technique of rules that find notes for whoever takes over (ATT&CK campaign C0062, phase 6)."""

_LEVELS: Final = {level: number for number, level in enumerate(Level)}


class Context(Struct, frozen=True):
    """What all campaigns of a report are made with.

    Attributes:
        split: the scene in parts.
        whole: the scene as it was.
        rules: by number.
        engagements: all that were handed in.
        names: what is shown of keys without a text.
        sessions: ids of all sessions by hash.
    """

    split: Split
    whole: Scene
    rules: tuple[RuleInfo, ...]
    engagements: tuple[Engagement, ...]
    names: dict[int, str]
    sessions: dict[int, str]


def chosen_hits(finding: Finding, rules: Sequence[RuleInfo]) -> list[tuple[Profile, Hit]]:
    """The matches to show in full: the strongest, one of each rule first, then one of each session."""
    pairs = [(profile, hit) for profile in finding.profiles for hit in profile.hits]
    pairs.sort(key=lambda pair: (-_LEVELS[rules[pair[1].rule].level], pair[1], pair[0].name))
    seen_rules: set[tuple[int, int]] = set()
    seen_sessions: set[int] = set()
    first, second, third = [], [], []
    for profile, hit in pairs:
        if (hit.rule, hit.role) not in seen_rules:
            first.append((profile, hit))
        elif profile.session not in seen_sessions:
            second.append((profile, hit))
        else:
            third.append((profile, hit))
        seen_rules.add((hit.rule, hit.role))
        seen_sessions.add(profile.session)
    return [*first, *second, *third][: EVIDENCE_SHOWN[finding.verdict]]


def make_campaign(finding: Finding, context: Context, evidence: Sequence[Evidence]) -> Campaign:
    """The report's view of a finding."""
    profiles = sorted(finding.profiles, key=lambda profile: (profile.first_at, profile.name))
    scene = context.whole if finding.engagement else context.split.rest
    targets = _targets(finding, scene)
    shown_tactics = _tactics(profiles, context.rules)
    points = finding.group.assessment.points
    moments = _moments(profiles, context.rules)
    return Campaign(
        id=finding.group.id,
        verdict=finding.verdict,
        score=score(points),
        accounts=finding.group.accounts,
        sessions=tuple(sorted(profile.name for profile in profiles)),
        targets=targets,
        first_action_at=rfc3339(min(map(_first_action, profiles))),
        detected_at=rfc3339(finding.detected_at),
        last_action_at=rfc3339(max(map(_last_action, profiles))),
        summary=_summary(finding, targets, shown_tactics),
        harm=Harm(score=score(points), points=points, parts=finding.group.assessment.parts),
        autonomy=measures(profiles, context.rules, _handovers(profiles, context.rules)),
        tactics=shown_tactics,
        techniques=_techniques(profiles, context.rules),
        links=links(profiles, scene, context.names),
        bonds=finding.bonds,
        sessions_detail=tuple(_session(profile, context) for profile in profiles),
        evidence=tuple(evidence),
        timeline=tuple(moments[:MOMENTS_SHOWN]),
        timeline_left_out=max(0, len(moments) - MOMENTS_SHOWN),
        engagements=tuple(_engaged(finding, context)),
        notes=tuple(_notes(finding, context)),
    )


def make_withdrawn(gone: Gone, context: Context) -> Withdrawn:
    """The report's view of what no longer stands."""
    profiles = [context.split.rest.profiles[session] for session in gone.sessions]
    return Withdrawn(
        id=gone.id,
        verdict=Verdict.HOSTILE,
        score=gone_score(gone),
        accounts=tuple(sorted({profile.account for profile in profiles})),
        sessions=tuple(sorted(profile.name for profile in profiles)),
        targets=(),
        first_action_at=rfc3339(min(map(_first_action, profiles))),
        detected_at=rfc3339(gone.detected_at),
        last_action_at=rfc3339(max(map(_last_action, profiles))),
        withdrawn_at=rfc3339(gone.withdrawn_at),
    )


def make_apart(found: Sequence[Loose], context: Context) -> tuple[Apart, ...]:
    """The report's view of sessions in no campaign."""
    shared = links_of((loose.profile.session for loose in found), context.split.rest, context.names)
    return tuple(_apart(loose, shared[loose.profile.session], context) for loose in found)


def _apart(loose: Loose, shared: tuple[Link, ...], context: Context) -> Apart:
    points = loose.assessment.points
    return Apart(
        session=_session(loose.profile, context),
        harm=Harm(score=score(points), points=points, parts=loose.assessment.parts),
        together=tuple(sorted(context.sessions[session] for session in loose.together)[:TOGETHER_NAMED]),
        signals=tuple(_moments([loose.profile], context.rules)[:SIGNALS_NAMED]),
        links=shared,
        nearest=loose.nearest,
        campaign=loose.campaign,
        average=loose.average,
        belongs=loose.belongs,
    )


def _first_action(profile: Profile) -> int:
    return min((*profile.calls_at[:1], profile.hits[0].at))


def _last_action(profile: Profile) -> int:
    return max((*profile.calls_at[-1:], *(step.at for step in profile.steps[-1:]), profile.hits[-1].at))


def _targets(finding: Finding, scene: Scene) -> tuple[str, ...]:
    """Systems that the sessions act on, most acted on first. What mostly others use is a public place, no target."""
    own = {profile.session: profile.account for profile in finding.profiles}
    counts: Counter[str] = Counter()
    for key in scene.keys:
        if key.kind not in TARGET_KINDS or not key.shown or key.popular_at != NEVER:
            continue
        acted = [posting for posting in key.postings if posting.session in own and posting.role == CALL]
        if 2 * len({own[posting.session] for posting in acted}) >= len(key.accounts_at) and acted:
            counts[key.shown] += len(acted)
    return tuple(name for name, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _tactics(profiles: Iterable[Profile], rules: Sequence[RuleInfo]) -> tuple[str, ...]:
    known = tactics()
    found = {tactic for p in profiles for hit in p.hits for tactic in rules[hit.rule].tactics[:1]}
    return tuple(sorted(found, key=lambda tactic: (known[tactic].rank, tactic)))


def _summary(finding: Finding, targets: Sequence[str], shown_tactics: Sequence[str]) -> str:
    group = finding.group
    named = ", ".join(targets[:NAMED_TARGETS])
    more = len(targets) - NAMED_TARGETS
    place = f" against {named}" + (f" and {more} more" if more > 0 else "") if targets else ""
    who = f"{_count(len(group.accounts), 'account')}, {_count(len(group.sessions), 'session')}"
    return f"{who}{place}: {_phases([tactics()[tactic].name for tactic in shown_tactics])}"


def _phases(names: Sequence[str]) -> str:
    if len(names) <= NAMED_TACTICS:
        return ", ".join(names)
    return f"{names[0]} to {names[-1]}, {len(names)} tactics"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _handovers(profiles: Iterable[Profile], rules: Sequence[RuleInfo]) -> int:
    return sum(
        any(name.startswith(HANDOVER) for hit in profile.hits for name in rules[hit.rule].techniques)
        for profile in profiles
    )


def _techniques(profiles: Iterable[Profile], rules: Sequence[RuleInfo]) -> tuple[TechniqueCount, ...]:
    first: dict[str, int] = {}
    sessions: dict[str, set[int]] = defaultdict(set)
    places: dict[str, set[str]] = defaultdict(set)
    for profile in profiles:
        for hit in profile.hits:
            for technique in rules[hit.rule].techniques:
                first[technique] = min(first.get(technique, hit.at), hit.at)
                sessions[technique].add(profile.session)
                places[technique].update(rules[hit.rule].tactics[:1])
    known, names = tactics(), techniques()
    made = [
        TechniqueCount(
            id=technique,
            name=names[technique].name if technique in names else "",
            tactics=tuple(sorted(places[technique], key=lambda t: known[t].rank)),
            sessions=len(sessions[technique]),
            first_at=rfc3339(at),
        )
        for technique, at in first.items()
    ]
    return tuple(sorted(made, key=lambda t: (min((known[x].rank for x in t.tactics), default=99), t.id)))


def _moments(profiles: Iterable[Profile], rules: Sequence[RuleInfo]) -> list[Moment]:
    hits = sorted((hit, profile.name, profile.account) for profile in profiles for hit in profile.hits)
    return [
        Moment(
            at=rfc3339(hit.at),
            session=session,
            account=account,
            tactic=next(iter(rules[hit.rule].tactics), ""),
            rule=rules[hit.rule].name,
            title=rules[hit.rule].title,
        )
        for hit, session, account in hits
    ]


def _session(profile: Profile, context: Context) -> SessionView:
    order = dict.fromkeys(t for hit in profile.hits for t in context.rules[hit.rule].tactics[:1])
    return SessionView(
        id=profile.name,
        account=profile.account,
        account_basis=profile.basis,
        parent=context.sessions.get(profile.parent, ""),
        first_at=rfc3339(profile.first_at),
        last_at=rfc3339(profile.last_at),
        actions=len(profile.calls_at),
        human_turns=sum(turn.human for turn in profile.said),
        tactics=tuple(order),
    )


def _engaged(finding: Finding, context: Context) -> Iterable[Engaged]:
    """The engagements that any of its accounts works on. What one covers is taken out before anything is judged."""
    accounts = set(finding.group.accounts)
    for engagement in context.engagements:
        if finding.engagement and engagement.id != finding.engagement:
            continue
        if not accounts & engagement.accounts:
            continue
        beyond = () if finding.engagement else _beyond(finding, engagement, context)
        yield Engaged(
            id=engagement.id,
            issuer=engagement.issuer,
            contact=engagement.contact,
            covers=not beyond,
            beyond=beyond,
        )


def _beyond(finding: Finding, engagement: Engagement, context: Context) -> tuple[str, ...]:
    outside = sorted(set(finding.group.accounts) - engagement.accounts)
    by_session = context.split.beyond.get(engagement.id, {})
    words = {word for session in finding.group.sessions for word in by_session.get(session, ())}
    return (*(f"account {name}" for name in outside), *sorted(words))


def _notes(finding: Finding, context: Context) -> Iterable[str]:
    profiles = finding.profiles
    claims = sum(any(turn.claim for turn in profile.said) for profile in profiles)
    if claims:
        yield f"{_count(claims, 'session')} speak of an authorised test in a prompt. A claim counts for nothing here."
    capped = sum(profile.session in context.whole.capped for profile in profiles)
    if capped:
        yield f"{_count(capped, 'session')} show more keys than are kept; the first ones count."
    excess = context.split.beyond.get(finding.engagement, {})
    if excess:
        words = sorted({word for found in excess.values() for word in found})
        who = f"{_count(len(excess), 'session')} of its accounts"
        yield f"{who} went beyond its scope; what they did there is judged apart: {'; '.join(words)}"
