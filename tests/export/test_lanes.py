"""Swim-lanes: nothing is lost when accounts share one."""

from hypothesis import given
from hypothesis import strategies as st
from tests.export import builders

from suragh.export.lanes import lanes


@given(accounts=st.integers(1, 12), sessions=st.integers(1, 30), most=st.integers(1, 15))
def test_every_session_and_signal_is_in_one_lane(accounts: int, sessions: int, most: int) -> None:
    """However few lanes there are, they hold everything, once."""
    campaign = builders.campaign(accounts=accounts, sessions=sessions)
    made = lanes(campaign, most)

    assert len(made) == min(len(campaign.accounts), most)
    assert sorted(s.id for lane in made for s in lane.sessions) == sorted(campaign.sessions)
    assert sum(len(lane.moments) for lane in made) == len(campaign.timeline)


def test_the_last_lane_says_for_how_many_it_stands() -> None:
    """Accounts come in order of first appearance; the rest are counted."""
    made = lanes(builders.campaign(accounts=5, sessions=20), 3)

    assert [lane.name for lane in made][2] == "3 further accounts"
    assert made[0].sessions[0].first_at <= made[1].sessions[0].first_at
