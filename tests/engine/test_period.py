"""Periods: which facts are looked at, and what people may type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenes import call, child, own, result, turn
from suragh.engine.period import Period, make_period
from suragh.errors import UsageError
from suragh.model.instant import DAWN, DUSK, parse_rfc3339

TIMES = st.integers(min_value=DAWN + 1, max_value=DUSK)


@given(TIMES, TIMES, st.integers(0, 100).map(float))
def test_acts_and_messages_are_looked_at_between_both_ends(since: int, until: int, seconds: float) -> None:
    """Both ends count; calls, results and messages alike."""
    for seen in (call("s", seconds), result("s", seconds, of="x"), turn("s", seconds)):
        at = seen.fact.known_at

        assert Period(since, until).holds(seen.fact) == (since <= at <= until)
        assert Period(at, at).holds(seen.fact)
        assert not Period(at + 1).holds(seen.fact)
        assert not Period(until=at - 1).holds(seen.fact)


def test_whose_a_session_is_holds_for_what_comes_after() -> None:
    """Readers tell an owner once, at the first record that names it: a later beginning must not lose it."""
    for seen in (own("s", "a"), child("s", "p")):
        at = seen.fact.known_at

        assert Period(since=at + 1).holds(seen.fact)
        assert not Period(until=at - 1).holds(seen.fact)


def test_no_end_is_no_limit() -> None:
    """Whatever a record's time is, it is looked at."""
    assert make_period(None, None) == Period(DAWN, DUSK)


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        ("2026-03-10T07:52:00Z", "2026-03-10T07:52:00.5Z", ("2026-03-10T07:52:00Z", "2026-03-10T07:52:00.5Z")),
        ("2026-03-10", "2026-03-11", ("2026-03-10T00:00:00Z", "2026-03-11T23:59:59.999999999Z")),
        ("2026-03-10T09:00:00+05:00", "2026-03-10", ("2026-03-10T04:00:00Z", "2026-03-10T23:59:59.999999999Z")),
    ],
)
def test_a_date_is_a_whole_day(since: str, until: str, expected: tuple[str, str]) -> None:
    """With a zone or without, with a time of day or without."""
    made = make_period(since, until)

    assert (made.since, made.until) == tuple(map(parse_rfc3339, expected))


@pytest.mark.parametrize(
    ("since", "until", "why"),
    [
        ("yesterday", None, "since is 'yesterday', expected a time such as"),
        (None, "2026-13-01", "until is '2026-13-01', expected a time such as"),
        (None, "0001-01-01", "until is '0001-01-01', expected a time such as"),
        ("2026-03-11", "2026-03-10", "until is '2026-03-10', expected a time not before since, '2026-03-11'"),
    ],
)
def test_what_is_no_period_is_refused(since: str | None, until: str | None, why: str) -> None:
    """It says which end is wrong."""
    with pytest.raises(UsageError, match=why):
        make_period(since, until)
