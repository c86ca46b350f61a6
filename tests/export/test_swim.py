"""The swim-lane drawing of the page: all that it draws lies inside it, and nothing overlaps."""

from itertools import pairwise

import msgspec
import pytest
from tests.export import builders

from suragh.export.swim import MOST_BARS, MOST_LANES, TILE, WIDTH, Swim, swim
from suragh.model.report import Campaign

CAMPAIGNS = pytest.mark.parametrize(
    "campaign",
    [
        builders.campaign(accounts=1, sessions=1),
        builders.campaign(accounts=4, sessions=9),
        builders.large().campaigns[0],
    ],
    ids=["one session", "small", "large"],
)


def drawing(campaign: Campaign) -> Swim:
    """The drawing of a campaign that has times."""
    made = swim(campaign, {})
    assert made is not None
    return made


@CAMPAIGNS
def test_everything_lies_inside(campaign: Campaign) -> None:
    """Tiles, bars, ticks and the line of detection lie in the drawing, each in its own row."""
    made = drawing(campaign)

    for row in made.rows:
        assert all(row.y < y and y + TILE <= row.y + row.height for cell in row.cells for _, y in cell.tiles)
        assert all(0 <= cell.x <= WIDTH - TILE for cell in row.cells)
        assert all(row.y < bar.y < row.y + row.height for bar in row.bars)
        assert all(bar.x >= 0 and bar.x + bar.width <= WIDTH for bar in row.bars)
    assert made.rows[-1].y + made.rows[-1].height <= made.height
    assert made.detected is not None
    assert 0 <= made.detected <= WIDTH


@CAMPAIGNS
def test_every_session_has_a_bar(campaign: Campaign) -> None:
    """No session is left out, however many run side by side."""
    made = drawing(campaign)

    assert sum(len(row.bars) for row in made.rows) == len(campaign.sessions)
    assert all(len({bar.y for bar in row.bars}) <= MOST_BARS for row in made.rows)


@CAMPAIGNS
def test_labels_do_not_run_into_one_another(campaign: Campaign) -> None:
    """Ticks keep the room that a label takes."""
    places = [tick.x for tick in drawing(campaign).ticks]

    assert all(b - a >= 90 for a, b in pairwise(places))
    assert places[0] >= 0


def test_many_accounts_share_the_last_lane() -> None:
    """The drawing stays a screen high."""
    assert len(drawing(builders.campaign(accounts=60, sessions=90)).rows) == MOST_LANES


def test_a_tile_tells_its_signals() -> None:
    """The tip has times, tactics with their counts, and the rules' titles."""
    row = drawing(builders.campaign(accounts=1, sessions=1)).rows[0]

    assert row.cells[0].tip.startswith("2025-12-01 09:16:00 ")
    assert "Reconnaissance 1" in row.cells[0].tip
    assert "Scans a host for known holes" in row.cells[0].tip


def test_without_times_there_is_no_drawing() -> None:
    """A report written by hand may hold no time at all."""
    bare = msgspec.structs.replace(
        builders.small().campaigns[0],
        first_action_at="",
        detected_at="",
        last_action_at="",
        sessions_detail=(),
        timeline=(),
    )

    assert swim(bare, {}) is None
