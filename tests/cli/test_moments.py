"""Times as people type them."""

from datetime import UTC, datetime

import pytest

from suragh.cli.moments import resolved

NOW = datetime(2026, 3, 10, 12, 30, 15, 999_999, UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("90m", "2026-03-10T11:00:15Z"),
        ("24h", "2026-03-09T12:30:15Z"),
        ("7d", "2026-03-03T12:30:15Z"),
        ("2w", "2026-02-24T12:30:15Z"),
        ("0m", "2026-03-10T12:30:15Z"),
    ],
)
def test_how_long_ago_is_counted_from_now(text: str, expected: str) -> None:
    """Minutes, hours, days and weeks, to the second."""
    assert resolved(text, NOW) == expected


@pytest.mark.parametrize("text", ["2026-03-10", "2026-03-10T12:00:00Z", "7 d", "d", "-7d", "7y", "", "999999w"])
def test_all_else_is_left_for_who_reads_times(text: str) -> None:
    """What is no time at all is refused there, with a reason."""
    assert resolved(text, NOW) == text


def test_no_time_is_none() -> None:
    """An option that is not given stays so."""
    assert resolved(None, NOW) is None
