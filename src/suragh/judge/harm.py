"""Harm: how bad a group of sessions is, as a sum of saturating parts. Nothing about autonomy is among them."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from msgspec import Struct

from suragh.judge.calibration import WATCH_POINTS
from suragh.model.attack import tactics
from suragh.model.match import Level, RuleInfo
from suragh.model.report import Part
from suragh.profile.fold import CALL, RESULT
from suragh.profile.scene import Profile

LEVEL_POINTS: Final = {
    Level.INFORMATIONAL: 0,
    Level.LOW: 120,
    Level.MEDIUM: 500,
    Level.HIGH: 1500,
    Level.CRITICAL: 2500,
}
"""Milli-nats that the first session with a match adds. Order fixed by what the levels mean (docs/rules.md), sizes
set by hand on development worlds (docs/quality.md, "Judging")."""

REPEAT_POINTS: Final = 400
"""Thousandths of a rule's points that each doubling of the sessions that show it adds: the tenth scan says little more
than the second."""

RESULT_POINTS: Final = 500
"""Thousandths of a rule's points that a match in a result counts: it shows that an act worked, and the act counts
already."""

TACTIC_CAP: Final = 5000
"""Milli-nats that one tactic may add: a hundred scans are still scanning."""

CHAIN_POINTS: Final = 900
"""Milli-nats for each further tactic with evidence of level medium or more: intrusions chain, single acts do not.
Counting techniques instead does not separate actors (Anthropic, LLM ATT&CK Navigator, June 2026: 16 against 20)."""

SWARM_POINTS: Final = 2400
"""Milli-nats for each doubling of the accounts that show the same tactic, with evidence of level medium or more, on
what they share: an organisation has one tester and one administrator, a split operation does one thing from many
accounts. Measured: docs/quality.md, "Judging"."""

SWARM_CAP: Final = WATCH_POINTS
"""Milli-nats that this may add in all: enough to look at a group for it alone, and not more. A large team may well run
the same scanner on its hosts."""

SWARM_LEAST: Final = 3
"""Accounts from which that is asked: a tester and a scanner of one organisation are two."""

FLOW_POINTS: Final = 1200
"""Milli-nats where a credential or host that one account's tool returned was then used by another account."""

LENGTH_UNIT: Final = 40
"""Calls after which harm is thinned out by the fourth root of the length: a long session of ordinary work meets weak
rules by chance."""

WEAK_LEVELS: Final = frozenset({Level.INFORMATIONAL, Level.LOW})


class Assessment(Struct, frozen=True):
    """The sum, milli-nats, and its parts, largest first."""

    points: int
    parts: tuple[Part, ...]


def assess(profiles: Sequence[Profile], rules: Sequence[RuleInfo], at: int, *, flows: bool) -> Assessment:
    """Add up what is known at a time of sessions taken as one operation.

    `flows` says whether a key went from a result of one account into an argument of another.
    """
    sessions_of = _sessions_by_rule(profiles, at)
    by_tactic: dict[str, int] = defaultdict(int)
    strong: dict[str, set[str]] = defaultdict(set)
    owner = {profile.session: profile.account for profile in profiles}
    for (rule, role), sessions in sorted(sessions_of.items()):
        info = rules[rule]
        points = _rule_points(info, role, len(sessions))
        tactic = _tactic(info)
        by_tactic[tactic] += points
        if tactic and info.level not in WEAK_LEVELS and role == CALL:
            strong[tactic].update(owner[session] for session in sessions)
    # The length up to the last signal: ordinary work after it is no reason to think better of what was done.
    last = max((hit.at for profile in profiles for hit in profile.hits if hit.at <= at), default=at)
    calls = sum(profile.calls(last) for profile in profiles)
    return _sum(by_tactic, strong, calls, flows=flows)


def _sum(by_tactic: Mapping[str, int], strong: Mapping[str, set[str]], calls: int, *, flows: bool) -> Assessment:
    names = tactics()
    parts = [
        Part(reason=names[tactic].name if tactic in names else "other", points=min(points, TACTIC_CAP))
        for tactic, points in by_tactic.items()
        if points
    ]
    if len(strong) > 1:
        parts.append(Part(reason=f"{len(strong)} tactics in one operation", points=(len(strong) - 1) * CHAIN_POINTS))
    if flows:
        parts.append(Part(reason="what one account read, another used", points=FLOW_POINTS))
    full = sum(part.points for part in parts)
    thin = full - full * 1000 // _thinning(calls)
    if thin:
        parts.append(Part(reason=f"spread over {calls} calls", points=-thin))
    # Not thinned out: that several accounts meet the same strong rules by chance is not a matter of their length.
    swarm = _swarm(strong.values())
    if swarm:
        parts.append(Part(reason="the same kind of act from several accounts", points=swarm))
    parts.sort(key=lambda part: (-abs(part.points), part.reason))
    return Assessment(full - thin + swarm, tuple(parts))


def _swarm(sharing: Iterable[set[str]]) -> int:
    """Milli-nats for tactics of which each is shown by these accounts."""
    doublings = sum(math.log2(len(accounts)) for accounts in sharing if len(accounts) >= SWARM_LEAST)
    return min(SWARM_CAP, round(SWARM_POINTS * doublings))


def _thinning(calls: int) -> int:
    """Thousandths by which a sum is divided: 1000 up to `LENGTH_UNIT` calls, then growing with the fourth root."""
    return max(1000, round(1000 * math.sqrt(math.sqrt(max(1, calls) / LENGTH_UNIT))))


def _sessions_by_rule(profiles: Iterable[Profile], at: int) -> dict[tuple[int, int], set[int]]:
    found: dict[tuple[int, int], set[int]] = defaultdict(set)
    for profile in profiles:
        known = [hit for hit in profile.hits if hit.at <= at]
        acted = {hit.action for hit in known if hit.role == CALL}
        for hit in known:
            if hit.role == CALL or hit.action in acted:
                found[(hit.rule, hit.role)].add(profile.session)
    return found


def _rule_points(info: RuleInfo, role: int, sessions: int) -> int:
    points = LEVEL_POINTS[info.level]
    if role == RESULT:
        points = points * RESULT_POINTS // 1000
    return points * (1000 + round(REPEAT_POINTS * math.log2(sessions))) // 1000


def _tactic(info: RuleInfo) -> str:
    return info.tactics[0] if info.tactics else ""
