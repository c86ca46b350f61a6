"""The swim-lanes of the terminal."""

from io import StringIO

import msgspec
from rich.console import Console
from tests.export import builders

from suragh.export.strip import MOST_LANES, Strip
from suragh.model.report import Campaign, Moment


def drawn(campaign: Campaign, width: int = 100) -> list[str]:
    """The lines of a drawing, without the space at their ends."""
    console = Console(file=StringIO(), width=width, color_system=None)
    console.print(Strip(campaign, {}))
    assert isinstance(console.file, StringIO)
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


def test_each_account_has_a_row() -> None:
    """Rows come in order of first appearance, between the axis and the mark of detection."""
    campaign = builders.small().campaigns[0]
    lines = drawn(campaign)

    assert [line.split()[0][:7] for line in lines[1:5]] == ["user-01", "user-03", "user-02", "user-04"]
    assert lines[0].split()[:2] == ["12-01", "09:14"]
    assert lines[5].strip() == "detected 12-01 11:08"


def test_a_column_shows_the_latest_tactic() -> None:
    """Where signals fall together, the one furthest along ATT&CK's order is shown."""
    campaign = builders.campaign(accounts=1, sessions=1)
    at = campaign.timeline[0].at
    moments = [
        Moment(at=at, session="s", account=campaign.accounts[0], tactic=tactic, rule="r", title="t")
        for tactic in ("TA0010", "TA0043")
    ]
    campaign = msgspec.structs.replace(campaign, timeline=tuple(moments))
    row = drawn(campaign)[1]

    assert "F" in row
    assert "R" not in row


def test_many_accounts_share_the_last_row() -> None:
    """No more rows than a screen is high, and the last one says for how many it stands."""
    lines = drawn(builders.campaign(accounts=40, sessions=120))

    assert sum(line.startswith("user-") for line in lines) == MOST_LANES - 1
    assert any(line.startswith("17 further accounts") for line in lines)


def test_idle_time_is_cut_and_said() -> None:
    """Long gaps without anything are drawn short, and their lengths are written below."""
    assert drawn(builders.small().campaigns[0])[-1] == "┊ idle, cut short: 19 h, 18 h"


def test_an_account_without_times_does_no_harm() -> None:
    """A campaign without a single time has no drawing."""
    campaign = builders.small().campaigns[0]
    bare = msgspec.structs.replace(
        campaign, first_action_at="", detected_at="", last_action_at="", sessions_detail=(), timeline=()
    )

    assert drawn(bare) == []
