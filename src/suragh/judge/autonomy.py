"""Autonomy: how far a machine ran it. An account of numbers, each with what it was made from; never a part of harm."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from statistics import median
from typing import Final

from suragh.model.instant import DATED_FROM, NS
from suragh.model.match import RuleInfo
from suragh.model.report import Measure
from suragh.profile.fold import CALL
from suragh.profile.scene import ACTIONS_KEPT, Profile, Step

FAST_GAP: Final = 10 * NS
"""A person seldom acts again within 10 s; agents answer in about 2 s (Palisade, arXiv 2410.13919)."""

ORDER_GAP: Final = 1_000
"""Nanoseconds below which two calls that are not of one instant were given an order by a reader, for want of times."""

HOUR: Final = 3600 * NS

GATE_RUN: Final = 15
"""Calls without a person that make a message after them look like an approval: published campaigns show hours of agent
work, minutes of a person, then another phase (Anthropic, November 2025); the Mexican one 4.9 commands a prompt."""

GATE_AFTER: Final = 10
"""Calls after the message within which a new tactic has to show."""


def measures(profiles: Sequence[Profile], rules: Sequence[RuleInfo], handovers: int) -> tuple[Measure, ...]:
    """The account of autonomy of one operation; `handovers` is how many of its sessions wrote hand-over notes."""
    calls = {profile.session: _calls(profile) for profile in profiles}
    sampled = any(len(profile.calls_at) > ACTIONS_KEPT for profile in profiles)
    return tuple(
        Measure(
            name=name,
            value=numerator / denominator if denominator else None,
            unit=unit,
            numerator=float(numerator),
            denominator=float(denominator),
            estimated=sampled and from_sample,
            meaning=meaning,
        )
        for name, unit, numerator, denominator, from_sample, meaning in (
            *_tempo(profiles),
            *_presence(profiles),
            *_conduct(profiles, calls, rules),
            (
                "handover_documents",
                "sessions",
                handovers,
                1,
                False,
                "Sessions that wrote notes for whoever takes over.",
            ),
        )
    )


Row = tuple[str, str, float, float, bool, str]


def _tempo(profiles: Sequence[Profile]) -> Iterator[Row]:
    calls = sum(len(profile.calls_at) for profile in profiles)
    turns = sum(turn.human for profile in profiles for turn in profile.said)
    yield (
        "actions_per_human_turn",
        "actions/turn",
        calls,
        turns,
        False,
        "Tool calls for each message that a person wrote.",
    )
    gaps = [gap for profile in profiles for gap in _gaps(profile)]
    if gaps:
        middle = round(median(gaps) / NS, 3)
        yield (
            "median_gap",
            "s",
            middle,
            1,
            False,
            f"Half of the {len(gaps)} pauses between calls of a session are shorter.",
        )
    fast = sum(gap <= FAST_GAP for gap in gaps)
    yield (
        "fast_gaps",
        "1",
        fast,
        len(gaps),
        False,
        "Share of pauses of at most 10 s, in which a person seldom acts again.",
    )


def _gaps(profile: Profile) -> Iterator[int]:
    """Pauses between calls that have times; what only stands in an order says nothing about pace."""
    for before, after in pairwise(_dated(profile)):
        gap = after - before
        if not 0 < gap < ORDER_GAP:
            yield gap


def _dated(profile: Profile) -> Sequence[int]:
    return profile.calls_at[bisect_left(profile.calls_at, DATED_FROM) :]


def _presence(profiles: Sequence[Profile]) -> Iterator[Row]:
    parallel = _most_at_once(span for profile in profiles for span in _spans(profile))
    yield ("sessions_in_parallel", "sessions", parallel, 1, False, "Most sessions that were under way at one moment.")
    hours = {at // HOUR for profile in profiles for at in _dated(profile)}
    span = max(hours) - min(hours) + 1 if hours else 0
    yield ("hours_active", "1", len(hours), span, False, "Hours with a call, of the hours from the first to the last.")


def _spans(profile: Profile) -> Iterator[tuple[int, int]]:
    """From when to when a session was under way, if any of it has a time."""
    if profile.first_at >= DATED_FROM:
        yield profile.first_at, profile.last_at
    elif dated := _dated(profile):
        yield dated[0], profile.last_at


def _most_at_once(spans: Iterable[tuple[int, int]]) -> int:
    edges = sorted([edge for start, end in spans for edge in ((start, 0), (end, 1))])
    now = most = 0
    for _, ends in edges:
        now += -1 if ends else 1
        most = max(most, now)
    return most


def _conduct(
    profiles: Sequence[Profile], calls: Mapping[int, Sequence[Step]], rules: Sequence[RuleInfo]
) -> Iterator[Row]:
    longest = max((run for profile in profiles for run in _runs(profile)), default=0)
    yield (
        "longest_unattended_run",
        "actions",
        longest,
        1,
        False,
        "Most calls of a session between two human messages.",
    )
    gates = _gates(profiles, rules)
    yield ("approval_gates", "messages", gates, 1, False, "Human messages after a long run that a new tactic followed.")
    failed = repaired = 0
    for profile in profiles:
        more_failed, more_repaired = _repairs(profile, calls[profile.session])
        failed, repaired = failed + more_failed, repaired + more_repaired
    yield ("repair_loops", "1", repaired, failed, True, "Failed calls that were changed and tried again at once.")


def _runs(profile: Profile) -> Iterator[int]:
    """Calls between human messages."""
    marks = [turn.at for turn in profile.said if turn.human]
    places = [0, *(bisect_left(profile.calls_at, at) for at in marks), len(profile.calls_at)]
    for start, end in pairwise(places):
        yield end - start


def _gates(profiles: Sequence[Profile], rules: Sequence[RuleInfo]) -> int:
    """Human messages that end a long run and are followed by a tactic that the operation had not shown before."""
    first_seen: dict[str, int] = {}
    for profile in profiles:
        for hit in profile.hits:
            for tactic in rules[hit.rule].tactics[:1]:
                first_seen[tactic] = min(first_seen.get(tactic, hit.at), hit.at)
    fresh = sorted(first_seen.values())[1:]
    gates = 0
    for profile in profiles:
        for at, run in zip((turn.at for turn in profile.said if turn.human), _runs(profile), strict=False):
            if run >= GATE_RUN:
                next_calls = profile.calls_at[bisect_right(profile.calls_at, at) :][:GATE_AFTER]
                gates += bool(next_calls) and any(at < time <= next_calls[-1] for time in fresh)
    return gates


def _calls(profile: Profile) -> list[Step]:
    return [step for step in profile.steps if step.part == CALL]


def _repairs(profile: Profile, calls: Sequence[Step]) -> tuple[int, int]:
    """Failed calls, and those of them whose next call is another attempt at the same thing."""
    bad = {step.action for step in profile.steps if step.part != CALL and step.failed == 1}
    times = [step.at for step in calls]
    failed = repaired = 0
    for step in calls:
        if step.action not in bad:
            continue
        # Calls of one instant were asked for in one message: none of them answers another.
        place = bisect_right(times, step.at)
        after = calls[place] if place < len(calls) else None
        if after is None or _adjacent(step, after, profile):
            failed += 1
            repaired += after is not None and after.outline == step.outline and after.text != step.text
    return failed, repaired


def _adjacent(step: Step, after: Step, profile: Profile) -> bool:
    """Whether two calls of the sample followed each other in the session, too."""
    return bisect_left(profile.calls_at, after.at) <= bisect_right(profile.calls_at, step.at)
