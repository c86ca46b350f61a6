"""The sweep: what it says at a time is what a report of that time says."""

from hypothesis import given, settings
from hypothesis import strategies as st

from scenes import RULES, Seen, at, bystanders, call, groups_afresh, observable, own, scene
from streams import operations, streams
from suragh.judge.calibration import verdict
from suragh.judge.group import Group
from suragh.judge.sweep import Sweep
from suragh.model.observable import ObservableKind
from suragh.model.report import Verdict
from suragh.profile.scene import Scene

SECRET = observable("found-secret", ObservableKind.CREDENTIAL)


def groups_at(whole: Scene, time: int) -> list[Group]:
    """What a report of the time holds."""
    return Sweep(whole.until(time), RULES).run().groups


def campaign(accounts: int = 3) -> list[Seen]:
    """An operation over some accounts that share one credential; each account does something else."""
    acts = ("scan", "dump", "move", "collect", "send")
    seen = [own(f"s{number}", f"a{number}") for number in range(accounts)]
    for number in range(accounts):
        rules = [acts[number % len(acts)], acts[(number + 1) % len(acts)]]
        seen.append(call(f"s{number}", 10 + number * 10, rules=rules, keys=[SECRET]))
        seen.append(call(f"s{number}", 15 + number * 10, rules=[acts[(number + 2) % len(acts)]], keys=[SECRET]))
    return seen


def instants(whole: Scene) -> list[int]:
    """Times at which a session gained a signal, and times at which a key gained an account."""
    times = {hit.at for profile in whole.profiles.values() for hit in profile.hits}
    return sorted(times.union(*(key.accounts_at for key in whole.keys)))


@given(st.one_of(streams(), operations()))
@settings(max_examples=40)
def test_the_sweep_ends_where_one_look_at_everything_ends(seen: list[Seen]) -> None:
    """Judging only what an instant touches is as good as judging everything."""
    whole = scene(seen)

    found = Sweep(whole, RULES).run().groups

    afresh = groups_afresh(whole, at(1000))
    assert [(g.id, g.accounts, g.sessions) for g in found] == [(g.id, g.accounts, g.sessions) for g in afresh]


@given(operations())
@settings(max_examples=40)
def test_each_moment_of_the_sweep_is_the_report_of_that_moment(seen: list[Seen]) -> None:
    """Whatever is said of a group is what a report of that time says, and whatever that report says was said."""
    whole = scene(seen)
    said = Sweep(whole, RULES).run().said
    for time in instants(whole):
        held = [(g.sessions, v) for g in groups_afresh(whole, time) if (v := verdict(g.assessment.points))]

        assert {(s.group.sessions, s.verdict) for s in said if s.at == time} <= set(held)
        assert set(held) <= {(s.group.sessions, s.verdict) for s in said if s.at <= time}


def test_a_campaign_is_one_group() -> None:
    """Accounts that share one rare credential in acts of their own are one operation."""
    groups = groups_at(scene(campaign(), bystanders(30)), at(1000))

    assert [group.accounts for group in groups] == [("a0", "a1", "a2")]
    assert verdict(groups[0].assessment.points) is Verdict.HOSTILE


def test_strangers_stay_apart() -> None:
    """The same acts without a shared key are as many groups as accounts."""
    seen = [item for n in range(3) for item in (own(f"s{n}", f"a{n}"), call(f"s{n}", n + 1, rules=["scan"]))]

    assert [group.accounts for group in groups_at(scene(seen), at(1000))] == [("a0",), ("a1",), ("a2",)]


def test_nothing_is_said_before_it_is_known() -> None:
    """The first statement rests on what had been seen, and no earlier one would have had enough."""
    whole = scene(campaign(), bystanders(30))

    first = next(s for s in Sweep(whole, RULES).run().said if s.verdict is Verdict.HOSTILE)

    held = [verdict(group.assessment.points) for group in groups_at(whole, first.at)]
    before = [verdict(group.assessment.points) for group in groups_at(whole, first.at - 1)]
    assert (Verdict.HOSTILE in held, Verdict.HOSTILE in before) == (True, False)


def test_what_turns_popular_is_withdrawn() -> None:
    """A link through a key that everybody has later is given up, and that is remembered."""
    crowd = [item for n in range(70) for item in (own(f"c{n}", f"c{n}"), call(f"c{n}", 500 + n, keys=[SECRET]))]
    swept = Sweep(scene(campaign(), bystanders(30), crowd), RULES).run()

    hostile = [s for s in swept.said if s.verdict is Verdict.HOSTILE and len(s.group.accounts) > 1]
    assert hostile
    assert max(len(group.accounts) for group in swept.groups) == 1
    assert all(swept.left[session] > hostile[-1].at for session in hostile[-1].group.sessions)
    assert swept.peaks[hostile[-1].group.id] >= hostile[-1].group.assessment.points
