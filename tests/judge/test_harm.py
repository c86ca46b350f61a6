"""Harm: what raises it, what does not, and that autonomy never does."""

from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from scenes import CODES, RULES, at, hit, profile
from suragh.judge.calibration import WATCH_POINTS
from suragh.judge.harm import LEVEL_POINTS, SWARM_CAP, SWARM_POINTS, WEAK_LEVELS, assess
from suragh.model.instant import NS
from suragh.model.match import Level, RuleInfo
from suragh.profile.fold import CALL, RESULT
from suragh.profile.scene import Hit, Profile

END = at(1_000_000)
NAMES = sorted(CODES)


def points(profiles: Iterable[Profile], *, flows: bool = False, rules: tuple[RuleInfo, ...] = RULES) -> int:
    """The sum at the end."""
    return assess(list(profiles), rules, END, flows=flows).points


def session(*rules: str, name: str = "s", calls: int = 0) -> Profile:
    """A session of one account whose calls matched these rules, one each, and so many calls in all."""
    return profile(
        name,
        account="one",
        hits=[hit(n + 1, rule) for n, rule in enumerate(rules)],
        calls=range(1, max(calls, len(rules)) + 1),
    )


Hits = list[list[Hit]]


@st.composite
def hits(draw: st.DrawFn) -> Hits:
    """The matches of up to four sessions, in calls and in results, of few actions."""
    one = st.builds(
        lambda seconds, rule, action, role: hit(seconds, rule, action=action, role=role),
        st.integers(1, 50),
        st.sampled_from(NAMES),
        st.sampled_from("xyz"),
        st.sampled_from([CALL, CALL, RESULT]),
    )
    return draw(st.lists(st.lists(one, max_size=8), min_size=1, max_size=4))


def sessions(found: Hits, calls: int = 30) -> list[Profile]:
    """Sessions with these matches and so many calls each, up to a last signal that says nothing."""
    end = hit(1000, "count")
    return [profile(f"s{n}", hits=[*own, end], calls=range(1000 - calls, 1000)) for n, own in enumerate(found)]


@given(hits(), st.sampled_from(NAMES), st.integers(0, 3), st.sampled_from([CALL, RESULT]), st.integers(1, 500))
def test_a_match_never_lowers_the_sum(found: Hits, rule: str, place: int, role: int, calls: int) -> None:
    """At equal length, one more match is as bad or worse."""
    more = [list(own) for own in found]
    more[place % len(more)].append(hit(60, rule, action="x", role=role))

    assert points(sessions(more, calls)) >= points(sessions(found, calls))


@given(hits(), st.integers(1, 300), st.integers(1, 300))
def test_calls_without_a_signal_never_raise_it(found: Hits, one: int, other: int) -> None:
    """Ordinary work around the same matches makes them weaker, if anything."""
    few, many = sorted((one, other))

    assert points(sessions(found, many)) <= points(sessions(found, few))


@given(found=hits(), calls=st.integers(1, 3000), flows=st.booleans())
def test_the_parts_add_up(found: Hits, calls: int, *, flows: bool) -> None:
    """The sum is that of the parts, the largest first; nothing empty is shown."""
    assessment = assess(sessions(found, calls), RULES, END, flows=flows)

    sizes = [abs(part.points) for part in assessment.parts]
    assert sum(part.points for part in assessment.parts) == assessment.points
    assert sizes == sorted(sizes, reverse=True)
    assert all(sizes)


@given(hits(), st.data())
def test_the_order_of_sessions_means_nothing(found: Hits, data: st.DataObject) -> None:
    """The same sessions give the same assessment, to the word."""
    made = sessions(found)

    assert assess(data.draw(st.permutations(made)), RULES, END, flows=False) == assess(made, RULES, END, flows=False)


@given(hits(), st.integers(1, 60))
def test_what_comes_later_was_not_known_before(found: Hits, seconds: int) -> None:
    """Assessed at a time, a session is as bad as if it had ended then."""
    made = sessions(found)
    cut = [known for whole in made if (known := whole.until(at(seconds)))]
    silent = sum(whole.calls(at(seconds)) for whole in made if not whole.until(at(seconds)))

    if not silent:
        assert assess(made, RULES, at(seconds), flows=False) == assess(cut, RULES, at(seconds), flows=False)


@given(hits(), st.lists(st.tuples(st.integers(1, 9999), st.booleans()), max_size=9), st.integers(1, 90))
def test_autonomy_is_no_part_of_it(found: Hits, said: list[tuple[int, bool]], gap: int) -> None:
    """As many calls with the same matches are as bad whoever ran them: fast or slow, with a person or without."""
    fast = [profile(f"s{n}", hits=own, calls=range(60)) for n, own in enumerate(found)]
    slow = [
        profile(f"s{n}", hits=[later(one, gap) for one in own], calls=[n * gap for n in range(60)], said=said)
        for n, own in enumerate(found)
    ]

    assert assess(slow, RULES, END, flows=False) == assess(fast, RULES, END, flows=False)


def later(found: Hit, gap: int) -> Hit:
    """The same match where every second takes so many."""
    return structs.replace(found, at=at((found.at - at(0)) / NS * gap))


def test_levels_are_in_order() -> None:
    """What Sigma calls worse counts for more."""
    assert [*LEVEL_POINTS] == [*Level]
    assert sorted(LEVEL_POINTS.values()) == list(LEVEL_POINTS.values())
    assert len(set(LEVEL_POINTS.values())) == len(Level)


def test_an_informational_match_adds_nothing() -> None:
    """Not in points, not as a further tactic, not as a part."""
    assert points([session("count")]) == 0
    assert assess([session("scan", "count")], RULES, END, flows=False) == assess(
        [session("scan")], RULES, END, flows=False
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_match_in_a_result_alone_adds_nothing(name: str) -> None:
    """Reading about an attack is none: the act itself has to have matched."""
    read = profile("s", hits=[hit(1, "scan"), hit(2, name, action="read", role=RESULT)], calls=range(9))

    assert points([read]) == points([profile("s", hits=[hit(1, "scan")], calls=range(9))])


def test_a_match_in_the_result_of_an_act_adds_to_it() -> None:
    """It shows that the act worked, and says less than an act of its own."""
    act = hit(1, "scan", action="x")
    worked = profile("s", hits=[act, hit(2, "dump", action="x", role=RESULT)], calls=range(9))
    acted = profile("s", hits=[act, hit(2, "dump", action="x")], calls=range(9))

    assert points([session("scan", calls=9)]) < points([worked]) < points([acted])


def test_the_second_session_adds_less_than_the_first_and_more_than_the_third() -> None:
    """Each doubling says as much as the one before."""
    sums = [points([session("probe", name=f"s{n}") for n in range(number)]) for number in range(1, 6)]
    steps = [after - before for before, after in pairwise(sums)]

    assert sums[0] > steps[0] > steps[1] > 0
    assert sums[3] - sums[1] == pytest.approx(steps[0], abs=2)


def test_a_hundred_scans_are_still_scanning() -> None:
    """One tactic adds so much and no more; another tactic adds to it."""
    many = [
        points([profile(f"s{n}", hits=[hit(1, "scan")], account="one") for n in range(number)])
        for number in (500, 1000)
    ]
    scans = [session("scan", name=f"s{n}") for n in range(30)]

    assert many[0] == many[1]
    assert points([*scans, session("dump", name="other")]) > points([*scans, session("scan", name="other")])


def test_a_chain_says_more_than_its_acts() -> None:
    """Two tactics in one operation are worse than the two acts apart."""
    chain = points([session("scan", "dump")])

    assert chain > points([session("scan")]) + points([session("dump")])


def test_weak_acts_make_no_chain() -> None:
    """Rules of level low meet ordinary work by chance: a tactic of theirs alone is no step."""
    weak = points([session("scan", "peek")])

    assert weak == points([session("scan")]) + points([session("peek")])
    assert Level.LOW in WEAK_LEVELS


def swarm(rule: str, accounts: int) -> list[Profile]:
    """Twelve sessions of so many accounts, each with one match."""
    return [profile(f"s{n}", hits=[hit(1, rule)], account=f"a{n % accounts}") for n in range(12)]


@pytest.mark.parametrize(("rule", "accounts", "more"), [("scan", 2, False), ("scan", 3, True), ("peek", 12, False)])
def test_one_thing_from_several_accounts_adds(rule: str, accounts: int, *, more: bool) -> None:
    """Two may be a tester and a scanner of one house, and what is weak is done by many."""
    assert (points(swarm(rule, accounts)) > points(swarm(rule, 1))) == more


def test_a_larger_swarm_adds_more() -> None:
    """By its doublings, whatever the length of its sessions, and no more than makes it worth a look."""
    alone, *sums = [points(swarm("scan", accounts)) for accounts in (1, 3, 6, 12)]

    assert sums[0] - alone == pytest.approx(SWARM_POINTS * 1.585, abs=1)
    assert sums[1] - sums[0] == SWARM_POINTS
    assert sums[2] - alone == SWARM_CAP == WATCH_POINTS


def test_a_flow_between_accounts_adds() -> None:
    """What one read and another used is more than two acts."""
    made = [session("dump"), session("move", name="t")]

    assert points(made, flows=True) > points(made)


def ended(name: str, calls: int) -> Profile:
    """A session whose last call of so many matched."""
    return profile("s", hits=[hit(calls, name)], calls=range(1, calls + 1))


@given(hits(), st.integers(1, 2_000))
def test_what_comes_after_the_last_signal_makes_nothing_better(found: Hits, more: int) -> None:
    """Nobody gets away with it by working honestly for an hour afterwards."""
    made = [profile(f"s{n}", hits=own, calls=range(51)) for n, own in enumerate(found)]
    idle = [profile(f"s{n}", hits=own, calls=range(51 + more)) for n, own in enumerate(found)]

    if any(found):
        assert assess(made, RULES, END, flows=False) == assess(idle, RULES, END, flows=False)


def test_ordinary_length_costs_nothing() -> None:
    """A short session is not thinned out; a very long one is, and says so."""
    short, long = ended("scan", 5), ended("scan", 5_000)

    assert points([short]) == points([ended("scan", 2)])
    assert 0 < points([long]) < points([short])
    assert any("calls" in part.reason and part.points < 0 for part in assess([long], RULES, END, flows=False).parts)


def test_a_rule_without_a_tactic_is_no_step_of_a_chain() -> None:
    """What is under no tactic chains with nothing."""
    bare = RuleInfo(id="x", name="bare", title="Bare", level=Level.HIGH, techniques=(), tactics=())
    rules = (*RULES, bare)
    act = Hit(at(5), len(RULES), 77, CALL, 0, 1, 1)

    both = points([profile("s", hits=[hit(1, "scan"), act], calls=range(9))], rules=rules)

    assert both == points([session("scan")]) + points([profile("s", hits=[act], calls=range(9))], rules=rules)


def test_a_rule_without_a_tactic_counts() -> None:
    """Under no name."""
    bare = RuleInfo(id="x", name="bare", title="Bare", level=Level.HIGH, techniques=(), tactics=())
    found = assess([profile("s", hits=[Hit(at(5), 0, 77, CALL, 0, 1, 1)], calls=range(9))], (bare,), END, flows=False)

    assert [part.reason for part in found.parts] == ["other"]
    assert found.points > 0
