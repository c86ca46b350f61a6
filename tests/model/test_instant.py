"""Time: nanoseconds and RFC 3339, both ways without loss."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suragh.model.instant import DAWN, DUSK, NS, Zoneless, parse_rfc3339, rfc3339

TIMES = st.integers(DAWN + 1000, DUSK)
"""What tables of 64 bits hold: the years 1677 to 2262."""


@given(TIMES)
def test_a_time_comes_back_as_it_was(at: int) -> None:
    """To the nanosecond, over all years that tables hold."""
    assert parse_rfc3339(rfc3339(at)) == at


@given(st.lists(st.integers(0, 4_000_000_000 * NS), min_size=2))
def test_times_of_whole_seconds_sort_as_texts(times: list[int]) -> None:
    """What is written in whole seconds can be compared as it stands."""
    whole = sorted(at - at % NS for at in times)

    assert [rfc3339(at) for at in whole] == sorted(rfc3339(at) for at in whole)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (500_000_000, "1970-01-01T00:00:00.500Z"),
        (1_000, "1970-01-01T00:00:00.000001Z"),
        (1, "1970-01-01T00:00:00.000000001Z"),
        (-1, "1969-12-31T23:59:59.999999999Z"),
        (1_767_225_600 * NS, "2026-01-01T00:00:00Z"),
    ],
)
def test_as_few_digits_are_written_as_lose_nothing(at: int, expected: str) -> None:
    """None, three, six or nine."""
    assert rfc3339(at) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1970-01-01T00:00:01Z", NS),
        ("1970-01-01T01:00:01+01:00", NS),
        ("1969-12-31T19:00:01-05:00", NS),
        ("1970-01-01T00:00:01", NS),
        ("1970-01-01 00:00:01Z", NS),
        ("1970-01-01T00:00:01.5Z", 1_500_000_000),
        ("1970-01-01T01:00:01.25+01:00", 1_250_000_000),
        ("1970-01-01T00:00:00.000000001Z", 1),
        ("1970-01-01T00:00:00.0000000019Z", 1),
        ("1969-12-31T23:59:59.5Z", -500_000_000),
    ],
)
def test_what_logs_write_is_read(text: str, expected: int) -> None:
    """Zones, none, fractions of any length; what is finer than a nanosecond is cut."""
    assert parse_rfc3339(text) == expected


@given(TIMES.map(lambda at: at - at % 1000), st.integers(-14 * 60, 14 * 60))
def test_a_zone_does_not_change_the_time(at: int, minutes: int) -> None:
    """As the standard library reckons it."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at // 1000)
    sign, ahead = "-" if minutes < 0 else "+", abs(minutes)
    local = (moment + timedelta(minutes=minutes)).replace(tzinfo=None)

    assert parse_rfc3339(f"{local.isoformat()}{sign}{ahead // 60:02}:{ahead % 60:02}") == at


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2026-13-01T00:00:00Z",
        "2026-01-01T00:00:00.Z",
        "2026-01-01T25:00:00Z",
        ".",
        "0001-01-01T00:00:00Z",
        "2263-01-01T00:00:00Z",
    ],
)
def test_what_is_no_time_is_refused(text: str) -> None:
    """By the error that readers expect."""
    with pytest.raises(ValueError, match=r"."):
        parse_rfc3339(text)


@pytest.mark.parametrize(
    ("text", "is_zoneless"),
    [
        ("2026-01-01T00:00:00", True),
        ("2026-01-01 00:00:00.25", True),
        ("2026-01-01", True),
        ("2026-01-01T00:00:00Z", False),
        ("2026-01-01T00:00:00.25+02:00", False),
        ("2026-01-01T00:00:00-05:00", False),
    ],
)
def test_a_time_that_names_no_zone_says_so(text: str, *, is_zoneless: bool) -> None:
    """So that a report can say what was assumed; it is a number as any other."""
    assert isinstance(parse_rfc3339(text), Zoneless) == is_zoneless
