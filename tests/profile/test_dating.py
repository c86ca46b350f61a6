"""Acts that one log shows without a time, and another with one."""

from collections.abc import Hashable, Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenes import Seen, at, bare, call, observable, own, resolver, result, scene, turn
from streams import operations, streams
from suragh.model.fact import Call, Result, Turn
from suragh.model.instant import DATED_FROM
from suragh.profile.dating import Dating
from suragh.profile.fold import CALL, RESULT, WAY
from suragh.profile.rows import POSTINGS, STEPS, Table

HOST = observable("db.example.com")


def copies(seen: Iterable[Seen]) -> list[Seen]:
    """What a log without times shows of the same acts and messages."""
    acts = [item for item in seen if isinstance(item.fact, Call | Result | Turn)]
    return [bare(item, nth) for nth, item in enumerate(acts, 1)]


@given(st.one_of(streams(), operations()), st.data())
@settings(max_examples=60)
def test_a_copy_without_times_changes_nothing(seen: list[Seen], data: st.DataObject) -> None:
    """Whatever part of the acts it shows."""
    shown = data.draw(st.lists(st.sampled_from(seen), max_size=len(seen)))

    assert scene(seen, copies(shown)) == scene(seen)


def same(item: Seen) -> Hashable:
    """What a fact is about: the same in each log that shows it."""
    fact = item.fact
    if isinstance(fact, Call | Result):
        return type(fact), fact.action
    return (fact.session, fact.text) if isinstance(fact, Turn) else None


def learnt_at(seen: Iterable[Seen], item: Seen) -> int:
    """When a fact became known, as far as any log tells."""
    fact = item.fact
    if fact.known_at >= DATED_FROM or not isinstance(fact, Call | Result):
        return fact.known_at
    acts = [
        one.fact for one in seen if isinstance(one.fact, Call | Result) and one.fact.action == fact.action
    ]  # fmt: skip
    dated = [one for one in acts if one.known_at >= DATED_FROM]
    alike = [one.known_at for one in dated if type(one) is type(fact)]
    return min(alike or [one.known_at for one in dated], default=fact.known_at)


@given(st.one_of(streams(), operations()), st.data(), st.integers(0, 400))
@settings(max_examples=60)
def test_a_cut_is_as_if_the_rest_had_never_been_seen(seen: list[Seen], data: st.DataObject, seconds: int) -> None:
    """Law L2: acts without a time are known from the beginning, or since a log with times shows them."""
    things = sorted({same(item) for item in seen} - {None}, key=str)
    without = data.draw(st.sets(st.sampled_from(things))) if things else set()
    mixed = [bare(item, nth) if same(item) in without else item for nth, item in enumerate(seen, 1)]
    end = at(seconds)
    known = [item for item in mixed if learnt_at(mixed, item) <= end]

    assert scene(mixed).until(end) == scene(known).until(end)


def test_an_act_has_the_time_that_any_log_tells() -> None:
    """Of its own part, else of the other one; without any, none."""
    steps, keys, dating = Table(STEPS), Table(POSTINGS), Dating()
    shown = [(1, 5, CALL), (1, at(2), CALL), (1, at(4), RESULT), (2, 6, CALL), (2, at(3), RESULT), (3, 7, CALL)]
    for action, time, part in shown:
        steps.add(action, 9, time, part, 0, 0, 2)
    for action, role in ((1, CALL), (1, RESULT), (1, WAY), (2, CALL), (2, RESULT), (3, CALL)):
        keys.add(8, 9, action, action, role)

    dating.learn(steps.take())
    settled = dating.settle(POSTINGS, keys.take())

    assert settled[["action", "role", "at"]].tolist() == [
        (1, CALL, at(2)),
        (1, RESULT, at(4)),
        (1, WAY, at(2)),
        (2, CALL, at(3)),
        (2, RESULT, at(3)),
        (3, CALL, 3),
    ]


def test_what_has_times_is_left_alone() -> None:
    """The rows themselves, not a copy."""
    table = Table(STEPS)
    table.add(1, 9, at(1), CALL, 0, 0, 2)
    rows, dating = table.take(), Dating()

    dating.learn(rows)

    assert dating.settle(STEPS, rows) is rows
    assert not len(dating.settle(STEPS, rows[:0]))


def test_a_session_with_times_has_what_another_shows_without() -> None:
    """A gateway's log without times may name the session otherwise: the act is that of the log with times."""
    asked = call("named", 5, rules=["dump"], keys=[HOST], name="a")
    elsewhere = bare(call("other", 0, rules=["dump"], keys=[HOST], name="a"), 1)

    found = scene([own("named", "x"), own("other", "y"), asked, elsewhere])

    assert [profile.name for profile in found.profiles.values()] == ["named"]
    assert found == scene([own("named", "x"), asked])


@pytest.mark.parametrize("parts", [1, 2])
def test_what_has_no_time_is_counted(parts: int) -> None:
    """Calls, each once; and the times of the telemetry are those that are times."""
    seen = [call("s", 5), bare(call("s", 6), 2), bare(call("s", 5), 3), bare(call("s", 7), 4), bare(turn("s", 1), 1)]
    made = resolver([seen[number::parts] for number in range(parts)])

    made.scene()

    assert (made.totals.actions, made.totals.undated) == (3, 2)
    assert (made.totals.first_at, made.totals.last_at) == (at(5), at(5))


def test_telemetry_without_times_has_no_first_and_no_last() -> None:
    """All of it is read all the same."""
    made = resolver([[bare(call("s", 6, rules=["dump"]), 1), bare(result("s", 7, of="s@6"), 2)]])

    (profile,) = made.scene().profiles.values()

    assert (list(profile.calls_at), profile.first_at, profile.last_at) == ([1], 1, 2)
    assert (made.totals.first_at, made.totals.last_at) == (None, None)
