"""Autonomy: each measure says what it was made from."""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from scenes import RULES, UNDATED, at, call, hit, inspection, profile, result, scene
from suragh.judge.autonomy import GATE_AFTER, GATE_RUN, measures
from suragh.model.ids import digest
from suragh.model.report import Measure
from suragh.profile.fold import CALL, RESULT
from suragh.profile.scene import ACTIONS_KEPT, Profile, Step


def measured(*profiles: Profile, handovers: int = 0) -> dict[str, Measure]:
    """Measures by name."""
    return {measure.name: measure for measure in measures(profiles, RULES, handovers)}


def fraction(name: str, *profiles: Profile) -> tuple[float, float]:
    """What a measure was made from."""
    found = measured(*profiles)[name]
    return found.numerator, found.denominator


def test_actions_are_set_against_what_people_wrote() -> None:
    """Over all sessions; a task that an agent set is no human turn."""
    one = profile("a", calls=range(10), said=[(0, True), (5, True), (6, False)])
    two = profile("b", calls=range(4), said=[(0, False)])

    assert fraction("actions_per_human_turn", one, two) == (14, 2)
    assert measured(one, two)["actions_per_human_turn"].value == 7


def test_without_a_person_there_is_no_rate() -> None:
    """Nothing is divided by nothing: the calls stand there, the value is missing."""
    found = measured(profile("a", calls=range(3)))["actions_per_human_turn"]

    assert (found.value, found.numerator, found.denominator) == (None, 3, 0)


def test_pauses_are_those_inside_a_session() -> None:
    """The time between two sessions is no pause of either."""
    one, two = profile("a", calls=[0, 2, 6, 100]), profile("b", calls=[50_000, 50_003])

    assert measured(one, two)["median_gap"].value == 3.5
    assert fraction("fast_gaps", one, two) == (3, 4)


def test_a_pause_of_ten_seconds_is_fast() -> None:
    """Anything above is not."""
    assert fraction("fast_gaps", profile("a", calls=[0, 10, 20.001])) == (1, 2)


def test_what_only_stands_in_an_order_has_no_pause() -> None:
    """Neither calls without times, nor those that a reader put right behind what has one; calls of one instant do."""
    bare = [UNDATED + n for n in (1, 2, 9)]
    behind = replace(profile("a"), calls_at=array("q", [at(1), at(1) + 1, at(1) + 2, at(4), at(4)]))

    assert fraction("fast_gaps", profile("a", calls=bare)) == (0, 0)
    assert fraction("fast_gaps", profile("a", calls=[*bare, 5, 50])) == (0, 1)
    assert fraction("fast_gaps", behind) == (2, 2)
    assert measured(behind)["median_gap"].value == 1.5


def test_one_call_has_no_pause() -> None:
    """There is nothing to take a middle of."""
    found = measured(profile("a", calls=[1]))

    assert "median_gap" not in found
    assert (found["fast_gaps"].value, found["fast_gaps"].denominator) == (None, 0)


@pytest.mark.parametrize(
    ("spans", "most"),
    [
        ([(0, 10), (20, 30)], 1),
        ([(0, 10), (5, 30), (8, 9)], 3),
        ([(0, 10), (10, 20)], 2),
        ([(0, 10), (1, 2), (3, 4)], 2),
    ],
)
def test_sessions_in_parallel_are_those_under_way_at_one_moment(spans: list[tuple[int, int]], most: int) -> None:
    """Sessions that touch are under way together."""
    made = [profile(f"s{n}", calls=span) for n, span in enumerate(spans)]

    assert fraction("sessions_in_parallel", *made) == (most, 1)


def test_sessions_without_times_are_under_way_at_no_known_moment() -> None:
    """Of those that have some, the part that has."""
    bare, partly = profile("a", calls=[UNDATED, UNDATED + 9]), profile("b", calls=[UNDATED, 5, 9])

    assert fraction("sessions_in_parallel", bare, bare) == (0, 1)
    assert fraction("sessions_in_parallel", bare, partly, profile("c", calls=[1, 4])) == (1, 1)
    assert fraction("sessions_in_parallel", bare, partly, profile("c", calls=[1, 6])) == (2, 1)
    assert fraction("hours_active", bare) == (0, 0)
    assert fraction("hours_active", bare, partly) == (1, 1)


def test_active_hours_are_counted_from_the_first_to_the_last() -> None:
    """Over all sessions; an hour with many calls is one."""
    one, two = profile("a", calls=[0, 1, 2, 3600 * 5]), profile("b", calls=[3600 * 2])

    assert fraction("hours_active", one, two) == (3, 6)


def test_the_longest_run_is_between_two_human_messages() -> None:
    """Before the first and after the last count as well; a task of an agent does not end a run."""
    made = profile("a", calls=range(30), said=[(4, True), (15, False), (24.5, True)])

    assert fraction("longest_unattended_run", made) == (21, 1)
    assert fraction("longest_unattended_run", profile("b", calls=range(9))) == (9, 1)
    assert fraction("longest_unattended_run") == (0, 1)


def gated(run: int, after: int) -> Profile:
    """A session that runs for so many calls, is spoken to, and shows a new tactic so many calls later."""
    return profile(
        "a",
        calls=[*range(run), *(1000 + n for n in range(1, after + 20))],
        said=[(1000, True)],
        hits=[hit(1, "scan"), hit(1000 + after, "dump")],
    )


def test_an_approval_gate_ends_a_long_run_and_lets_a_new_tactic_begin() -> None:
    """A message after a few calls is talk, and a tactic much later has nothing to do with it."""
    assert fraction("approval_gates", gated(GATE_RUN, 3)) == (1, 1)
    assert fraction("approval_gates", gated(GATE_RUN - 1, 3)) == (0, 1)
    assert fraction("approval_gates", gated(GATE_RUN, GATE_AFTER)) == (1, 1)
    assert fraction("approval_gates", gated(GATE_RUN, GATE_AFTER + 1)) == (0, 1)


def test_a_known_tactic_passes_no_gate() -> None:
    """Another session of the operation had shown it before."""
    other = profile("b", calls=[0, 1], hits=[hit(0, "peek"), hit(1, "dump")])

    assert fraction("approval_gates", gated(GATE_RUN, 3), other) == (0, 1)


def test_a_message_at_the_end_is_no_gate() -> None:
    """Nothing followed."""
    assert fraction("approval_gates", profile("a", calls=range(30), said=[(99, True)], hits=[hit(1, "scan")])) == (0, 1)


def steps(calls: Sequence[tuple[int, int, bool]], start: int = 0) -> list[Step]:
    """Calls of (outline, text, whether it failed), one every two seconds, each with its result."""
    made = []
    for n, (outline, text, failed) in enumerate(calls):
        action = digest("action", str(start + n))
        made.append(Step(at(2 * n), action, CALL, outline, text, 2))
        made.append(Step(at(2 * n + 1), action, RESULT, 0, 0, int(failed)))
    return made


@pytest.mark.parametrize(
    ("calls", "repaired", "failed"),
    [
        pytest.param([(1, 10, True), (1, 11, False)], 1, 1, id="changed and tried again"),
        pytest.param([(1, 10, True), (1, 10, False)], 0, 1, id="only tried again"),
        pytest.param([(1, 10, True), (2, 11, False)], 0, 1, id="something else"),
        pytest.param([(1, 10, True), (2, 5, False), (1, 11, False)], 0, 1, id="not at once"),
        pytest.param([(1, 10, True), (1, 11, True), (1, 12, False)], 2, 2, id="in a loop"),
        pytest.param([(1, 10, False), (1, 11, True)], 0, 1, id="left broken"),
        pytest.param([(1, 10, False), (1, 11, False)], 0, 0, id="nothing failed"),
    ],
)
def test_a_repair_is_another_attempt_at_the_same_thing(
    calls: list[tuple[int, int, bool]], repaired: int, failed: int
) -> None:
    """Failed calls, and those that were changed and tried again at once."""
    assert fraction("repair_loops", profile("a", steps=steps(calls))) == (repaired, failed)


def test_calls_made_at_once_are_no_calls_in_between() -> None:
    """Agents ask for several tools in one message: the last of them failed, and was repaired next."""
    tries = steps([(1, 10, False), (2, 20, True), (2, 21, False)])
    at_once = [replace_time(step, at(2)) if step.at < at(2) else step for step in tries]

    assert fraction("repair_loops", profile("a", steps=at_once)) == (1, 1)


def replace_time(step: Step, time: int) -> Step:
    """The same step at another time."""
    return structs.replace(step, at=time)


def test_a_session_of_results_alone_is_measured() -> None:
    """Its calls are in a log that was not handed in: nothing failed that can be seen, and nothing breaks."""
    seen = [result("s", 2, of="x", rules=["dump"])]

    assert fraction("repair_loops", *scene(seen).profiles.values()) == (0, 0)


def test_repairs_are_read_off_a_scan() -> None:
    """A failed result with its call, and the next call of the same outline."""
    seen = [
        call("s", 1, rules=["scan"], name="x"),
        result("s", 2, of="x", failed=True),
        call("s", 3, name="y"),
        result("s", 4, of="y", failed=None),
    ]

    assert fraction("repair_loops", *scene(seen).profiles.values()) == (1, 1)


def test_another_session_repairs_nothing() -> None:
    """The next call is that of the same session."""
    one = profile("a", steps=steps([(1, 10, True)]))
    two = profile("b", steps=steps([(1, 11, False)], start=50))

    assert fraction("repair_loops", one, two) == (0, 1)


def test_hand_overs_are_as_counted() -> None:
    """So many sessions wrote notes."""
    found = measured(profile("a", calls=[1]), handovers=3)["handover_documents"]

    assert (found.value, found.denominator) == (3, 1)


def test_only_what_rests_on_a_sample_is_estimated() -> None:
    """A long session's calls are all counted, but not all are kept."""
    short = profile("a", calls=range(ACTIONS_KEPT))
    long = replace(short, calls_at=array("q", map(at, range(ACTIONS_KEPT + 1))))

    assert [name for name, found in measured(short).items() if found.estimated] == []
    assert [name for name, found in measured(short, long).items() if found.estimated] == ["repair_loops"]


def test_an_estimate_is_near_what_it_estimates(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every failed call was repaired at once, and a sample of the actions has to say so."""
    monkeypatch.setattr("suragh.profile.resolve.ACTIONS_KEPT", 200)
    seen = [call("s", 0, rules=["scan"], name="start")]
    tries = []
    for n in range(1000):
        tries += [call("s", 4 * n + 1, name=f"x{n}"), result("s", 4 * n + 2, of=f"x{n}", failed=n % 2 == 0)]
    seen += [replace(item, found=inspection(outline=n // 4 + 1)) for n, item in enumerate(tries)]

    repaired, failed = fraction("repair_loops", *scene(seen).profiles.values())

    assert repaired / failed > 0.9


SESSIONS = st.lists(
    st.builds(
        lambda calls, said, hits: (calls, said, hits),
        st.lists(st.integers(0, 9000), min_size=1, max_size=40),
        st.lists(st.tuples(st.integers(0, 9000), st.booleans()), max_size=6),
        st.lists(st.tuples(st.integers(0, 9000), st.sampled_from(["scan", "dump", "peek"])), max_size=5),
    ),
    max_size=4,
)


@given(SESSIONS)
def test_every_measure_is_its_fraction(
    drawn: Iterable[tuple[list[int], list[tuple[int, bool]], list[tuple[int, str]]]],
) -> None:
    """Shares lie between 0 and 1, nothing is negative, and each is explained in one sentence."""
    made = [
        profile(f"s{n}", calls=calls, said=said, hits=[hit(*one) for one in hits])
        for n, (calls, said, hits) in enumerate(drawn)
    ]

    for name, found in measured(*made).items():
        assert found.value == (found.numerator / found.denominator if found.denominator else None), name
        assert found.numerator >= 0
        assert found.unit != "1" or found.value is None or found.value <= 1
        assert found.meaning.endswith(".")
