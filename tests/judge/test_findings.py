"""Findings: what stands, since when, and what no longer stands."""

from collections.abc import Iterable, Sequence

from hypothesis import given, settings
from msgspec.structs import replace

from scenes import Seen, at, bystanders, call, crowd, divided, engagement, groups_afresh, judged, observable, own, scene
from streams import operations
from suragh.judge.calibration import verdict
from suragh.judge.findings import Gone, gone_score
from suragh.judge.group import Group
from suragh.model.fact import Ownership
from suragh.model.instant import DUSK
from suragh.model.observable import ObservableKind
from suragh.model.report import Verdict
from suragh.profile.scene import Scene

SECRET = observable("found-secret", ObservableKind.CREDENTIAL)
STRONG = ("collect", "dump", "move", "scan", "send")


def instants(whole: Scene) -> list[int]:
    """Every time at which anything becomes known that a judge could read."""
    times: set[int] = set()
    for profile in whole.profiles.values():
        times |= {hit.at for hit in profile.hits} | set(profile.calls_at)
    for key in whole.keys:
        times |= {posting.at for posting in key.postings} | set(key.accounts_at)
    return sorted(times)


def reported(whole: Scene, time: int) -> list[Group]:
    """The hostile groups of a report of that time, made afresh."""
    return [group for group in groups_afresh(whole, time) if verdict(group.assessment.points) is Verdict.HOSTILE]


def mostly(group: Group, own_sessions: Iterable[int]) -> bool:
    """Whether more than half of a group's sessions are among these."""
    return 2 * len(set(group.sessions) & set(own_sessions)) > len(group.sessions)


@given(operations())
@settings(max_examples=40)
def test_detected_at_is_the_earliest_report_that_holds_the_campaign(seen: list[Seen]) -> None:
    """Nobody reading the reports of all times one by one would have known it earlier, or would have had to wait."""
    whole = scene(seen)
    hostile = [finding for finding in judged(whole)[1].standing if finding.verdict is Verdict.HOSTILE]
    if hostile:
        reports = [(time, reported(whole, time)) for time in instants(whole)]
        for finding in hostile:
            first = (time for time, groups in reports if any(mostly(g, finding.group.sessions) for g in groups))
            assert finding.detected_at == next(first)


@given(operations())
@settings(max_examples=40)
def test_withdrawn_sessions_never_overlap_hostile_ones(seen: list[Seen]) -> None:
    """What is said to be over is not said to stand."""
    findings = judged(scene(seen))[1]
    held = {s for found in findings.standing if found.verdict is Verdict.HOSTILE for s in found.group.sessions}

    assert not any(held.intersection(gone.sessions) for gone in findings.gone)


@given(operations())
@settings(max_examples=30)
def test_whatever_was_hostile_stands_or_is_withdrawn(seen: list[Seen]) -> None:
    """No session that a report once called hostile is passed over in silence later."""
    whole = scene(seen)
    findings = judged(whole)[1]
    named = {s for found in findings.standing if found.verdict is Verdict.HOSTILE for s in found.group.sessions}
    named |= {session for gone in findings.gone for session in gone.sessions}

    for time in instants(whole)[::7]:
        for group in reported(whole, time):
            assert named.issuperset(group.sessions)


def operation(names: Iterable[str], rules: Sequence[str] = STRONG, start: float = 10) -> list[Seen]:
    """Accounts that share one credential; all sessions show all the rules, one a second."""
    return [
        item
        for n, name in enumerate(names)
        for item in (
            own(name, f"account of {name}"),
            *(call(name, start + 10 * n + k, rules=[act], keys=[SECRET]) for k, act in enumerate(rules)),
        )
    ]


def test_findings_stand_in_order_of_verdict_and_points() -> None:
    """A person reads the worst first."""
    small = [own("w", "lonely"), call("w", 5, rules=["scan"]), call("w", 6, rules=["probe", "send"])]
    lawful = [own("e", "tester"), call("e", 7, rules=["dump"])]
    found = scene(operation(["a", "b"]), operation(["c"], ("dump", "move", "send")), small, lawful, bystanders(3))

    standing = judged(found, [engagement(accounts=["tester"])])[1].standing

    order = [Verdict.HOSTILE, Verdict.WATCH, Verdict.AUTHORISED]
    places = [(order.index(f.verdict), -f.group.assessment.points) for f in standing]
    assert places == sorted(places)
    assert standing[0].verdict is Verdict.HOSTILE
    assert standing[-1].verdict is Verdict.AUTHORISED


def test_ordinary_work_is_no_finding() -> None:
    """Of sessions with a weak match each, and sessions with none, nothing is said but that the former are apart."""
    seen = [item for n in range(5) for item in (own(f"s{n}", f"a{n}"), call(f"s{n}", n + 1, rules=["peek"]))]

    findings = judged(scene(seen, bystanders(30)))[1]

    assert (findings.standing, findings.gone) == ((), ())
    assert [loose.profile.name for loose in findings.apart] == [f"s{n}" for n in range(5)]


def test_the_last_time_that_there_is_is_a_time_like_others() -> None:
    """What happened in the last nanosecond is found, too."""
    seen = operation(["a", "b"])
    last = [
        item if isinstance(item.fact, Ownership) else Seen(replace(item.fact, known_at=DUSK), item.found)
        for item in seen
    ]

    (usual,), (late,) = (judged(scene(items, bystanders(30)))[1].standing for items in (seen, last))

    assert late.detected_at == DUSK
    assert (late.verdict, late.group.id != "", len(late.group.sessions)) == (usual.verdict, True, 2)


def parting(names: Sequence[str]) -> list[Seen]:
    """Two accounts, hostile together, part at 500 when their key turns popular; the first alone is hostile still."""
    strong, weak = names
    return [
        *operation([strong]),
        own(weak, f"account of {weak}"),
        call(weak, 30, rules=["scan"], keys=[SECRET]),
        *crowd(SECRET, 500),
    ]


def test_a_campaign_that_lost_a_session_was_detected_with_it() -> None:
    """Most of its sessions were reported as hostile at that time, in company that left later."""
    stays, leaves = observable("stays", ObservableKind.CREDENTIAL), observable("leaves", ObservableKind.CREDENTIAL)
    seen = [
        *(own(name, f"account of {name}") for name in "abc"),
        call("c", 10, rules=["scan"], keys=[leaves]),
        *(call("a", 20 + n, rules=[act], keys=[stays, leaves]) for n, act in enumerate(STRONG)),
        *(call("b", 20 + n, rules=[act], keys=[stays, leaves]) for n, act in enumerate(STRONG)),
    ]
    findings = judged(scene(seen, crowd(leaves, 500)))[1]

    (finding,) = [found for found in findings.standing if found.verdict is Verdict.HOSTILE]

    assert [len(gone.sessions) for gone in findings.gone] == [1]
    assert len(finding.profiles) == 2
    assert finding.detected_at < at(30)


def test_a_campaign_was_not_detected_with_one_of_many_sessions() -> None:
    """One session in somebody else's campaign is not this campaign."""
    theirs, ours = observable("theirs", ObservableKind.CREDENTIAL), observable("ours", ObservableKind.CREDENTIAL)
    seen = [*(own(name, f"account of {name}") for name in "abxy"), call("a", 30, rules=["scan"], keys=[theirs, ours])]
    for number, act in enumerate(STRONG):
        seen += [call(name, 10 + number, rules=[act], keys=[theirs]) for name in "xy"]
        seen.append(call("b", 400 + number, rules=[act], keys=[ours]))

    standing = judged(scene(seen, crowd(theirs, 300)))[1].standing

    since = [
        f.detected_at for f in standing if "account of b" in f.group.accounts and "account of a" in f.group.accounts
    ]
    assert len(since) == 1
    assert since[0] >= at(400)


def gone_of(seen: list[Seen]) -> tuple[Gone, ...]:
    """What a scan withdraws."""
    return judged(scene(seen))[1].gone


def test_what_leaves_a_campaign_is_withdrawn_when_it_leaves() -> None:
    """A key that everybody has takes its bearer out of the operation, at that moment."""
    (gone,) = gone_of(parting(["z-strong", "a-weak"]))

    assert [len(gone.sessions), gone.withdrawn_at] == [1, at(500)]
    assert gone.detected_at < gone.withdrawn_at


def test_when_something_is_withdrawn_does_not_depend_on_names() -> None:
    """The same history under other names is withdrawn at the same moment."""
    (gone,) = gone_of(parting(["a-strong", "z-weak"]))

    assert gone.withdrawn_at == at(500)


def test_a_session_that_leaves_a_standing_campaign_is_withdrawn_when_it_leaves() -> None:
    """A weak session belonged by a key alone; the campaign goes on by others."""
    common = observable("soon-common", ObservableKind.CREDENTIAL)
    weak = [own("w", "account of a"), call("w", 60, rules=["peek"], keys=[common])]
    seen = [*operation(["a", "b"]), call("b", 50, rules=["scan"], keys=[common]), *weak]

    (gone,) = gone_of([*seen, *crowd(common, 500)])

    assert (len(gone.sessions), gone.withdrawn_at) == (1, at(500))


def test_what_was_worse_is_known_since_it_was_worse() -> None:
    """Two sessions that were hostile in company and are worth a look by themselves were worth one from then on."""
    seen = [
        own("a1", "amy"),
        own("a2", "amy"),
        own("b", "eve"),
        call("b", 10, rules=["move", "collect"], keys=[SECRET]),
    ]
    seen += [call("a1", 10, rules=["dump", "send"], keys=[SECRET]), call("a2", 10, rules=["scan"], keys=[SECRET])]

    findings = judged(scene(seen, crowd(SECRET, 500)))[1]

    amy = [finding for finding in findings.standing if finding.group.accounts == ("amy",)]
    assert [(finding.verdict, finding.detected_at) for finding in amy] == [(Verdict.WATCH, at(10))]
    assert findings.gone


def test_a_campaign_that_falls_apart_is_withdrawn() -> None:
    """All of it, from when it was first hostile to when its link went."""
    (gone,) = gone_of([*divided(SECRET), *crowd(SECRET, 500)])

    assert len(gone.sessions) == 3
    assert (gone.detected_at < at(30), gone.withdrawn_at) == (True, at(500))


def test_a_withdrawn_campaign_keeps_its_highest_score() -> None:
    """What got worse while it was hostile is withdrawn with the score that it had at its worst."""
    seen = [*divided(SECRET), *crowd(SECRET, 500)]
    (before,), (after,) = gone_of(seen), gone_of([*seen, call("b", 100, rules=["dump"], keys=[SECRET])])

    assert after.sessions == before.sessions
    assert after.points > before.points


def test_it_keeps_its_highest_score_though_it_grew_smaller_before() -> None:
    """A fourth account left first, and took its points along."""
    soon = observable("soon-common", ObservableKind.CREDENTIAL)
    seen = [own("d", "account of d"), call("d", 40, rules=["dump", "move"], keys=[soon]), *divided(SECRET)]
    seen += [call(name, 45, rules=["probe"], keys=[soon]) for name in "abc"]
    whole = scene([*seen, *crowd(soon, 300), *crowd(SECRET, 500)])

    worst, later = (sum(g.assessment.points for g in reported(whole, at(time))) for time in (50, 400))

    assert worst > later > 0
    assert max(gone.points for gone in judged(whole)[1].gone) == worst


def test_an_authorised_finding_holds_what_its_engagement_covers() -> None:
    """Its matches are the covered ones, since the first of them."""
    seen = [own("e", "tester"), call("e", 7, rules=["dump"]), call("e", 9, rules=["send"])]

    (finding,) = judged(scene(seen), [engagement(accounts=["tester"])])[1].standing

    assert (finding.verdict, finding.engagement, finding.detected_at) == (Verdict.AUTHORISED, "E-1", at(7))
    assert [hit.at for profile in finding.profiles for hit in profile.hits] == [at(7), at(9)]


def test_an_engagement_without_activity_is_no_finding() -> None:
    """Nothing is said of work that did not happen."""
    assert judged(scene(operation(["a"])), [engagement(accounts=["nobody"])])[1] == judged(scene(operation(["a"])))[1]


def test_a_score_of_what_is_gone_is_a_probability() -> None:
    """It grows with the points."""
    scores = [gone_score(Gone("x", (1,), points, 1, 2)) for points in (0, 5_000, 20_000)]

    assert scores == sorted(scores)
    assert all(0 <= value <= 1 for value in scores)
