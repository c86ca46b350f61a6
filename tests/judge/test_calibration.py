"""Calibration: a curve and two thresholds."""

from hypothesis import given
from hypothesis import strategies as st

from suragh.judge.calibration import HOSTILE_POINTS, WATCH_POINTS, score, verdict
from suragh.model.report import Verdict

POINTS = st.integers(-100_000, 1_000_000)
ORDER = [None, Verdict.WATCH, Verdict.HOSTILE]


@given(POINTS, POINTS)
def test_more_points_are_never_less_probable(one: int, other: int) -> None:
    """The curve rises, within 0 and 1, and the verdict with it."""
    low, high = sorted((one, other))

    assert 0 <= score(low) <= score(high) <= 1
    assert ORDER.index(verdict(low)) <= ORDER.index(verdict(high))


def test_every_verdict_begins_at_its_threshold() -> None:
    """One point less is the verdict below."""
    assert [verdict(points) for points in (HOSTILE_POINTS, HOSTILE_POINTS - 1)] == [Verdict.HOSTILE, Verdict.WATCH]
    assert [verdict(points) for points in (WATCH_POINTS, WATCH_POINTS - 1)] == [Verdict.WATCH, None]


def test_hostile_is_more_likely_than_not() -> None:
    """Nothing is called hostile that the curve holds for improbable, and a look costs less than a call."""
    assert score(HOSTILE_POINTS) >= 0.5
    assert score(WATCH_POINTS) < score(HOSTILE_POINTS)
    assert score(0) < 0.05
