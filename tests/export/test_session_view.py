"""What `suragh explain` prints of one session: the numbers that decided it."""

import msgspec
import pytest
from hypothesis import given, settings
from rich.cells import cell_len
from rich.console import Console, RenderableType
from tests.export import builders
from tests.export.test_terminal import COMMANDS, TEXTS

from suragh.export.session_view import MOST_LINKS, MOST_SIGNALS, apart_view, member_view, withdrawn_view
from suragh.model.report import Apart, Campaign, Report, Verdict


def shown(view: RenderableType, width: int = 200) -> str:
    """A view as text, each run of blanks as one."""
    console = Console(width=width, color_system=None)
    with console.capture() as capture:
        console.print(view)
    return capture.get()


def told(view: RenderableType) -> str:
    """A view as text, each run of blanks as one."""
    return "\n".join(" ".join(line.split()) for line in shown(view).splitlines())


def member(campaign: Campaign, at: int = 0) -> str:
    """What is told of a session of the small report's campaign, or of another one in its place."""
    report = msgspec.structs.replace(builders.small(), campaigns=(campaign,))
    return told(member_view(report, campaign, campaign.sessions_detail[at]))


def alone(apart: Apart, report: Report | None = None) -> str:
    """What is told of a session in no campaign."""
    return told(apart_view(report or builders.small(), apart))


def test_a_member_is_told_by_harm_signals_account_and_keys() -> None:
    """The campaign's harm against both thresholds; the session's own signals and keys, with whom it shares them."""
    campaign = builders.small().campaigns[0]
    session = campaign.sessions_detail[0]
    text = member(campaign)
    own = [link for link in campaign.links if session.id in link.sessions]
    others = [name for name in own[0].sessions if name != session.id]

    assert text.startswith(f"Session {session.id} is in campaign 1 ({campaign.id}), hostile.\n")
    assert f"account {session.account} (by {session.account_basis})" in text
    assert "Harm 0.97; 8.0 nats; judged with 8 other sessions" in text
    assert "\n+4.2 Credential Access\n" in text
    assert "hostile from 11.0 nats on: 3.0 short; to watch from 6.5 nats on: 1.5 above." in text
    assert text.count("  ") == 0
    assert all(moment.title in text for moment in campaign.timeline if moment.session == session.id)
    assert "groups of accounts that share 2.2 nats on average are taken together" in text
    assert "3.1 nats with each other account of the campaign on average." in text
    assert all(f"\n{link.weight / 1000:.1f} {link.key} " in text for link in own)
    assert f"{others[0]} (" in text


def test_a_flow_is_told_from_where_the_session_stands() -> None:
    """Who read the value sees that it was used there; who used it, that it was read there."""
    campaign = builders.small().campaigns[0]
    flow = next(link.flow for link in campaign.links if link.flow)
    places = {view.id: at for at, view in enumerate(campaign.sessions_detail)}

    assert "read here in a result at " in member(campaign, places[flow.read_by])
    assert "read there in a result at " in member(campaign, places[flow.used_by])


def test_a_campaign_of_one_account_had_nothing_to_join() -> None:
    """And an authorised one is not measured against thresholds."""
    one = builders.campaign(accounts=1, sessions=1, verdict=Verdict.AUTHORISED)
    text = member(one)

    assert "judged alone" in text
    assert "The campaign has one account: nothing had to be joined." in text
    assert "An engagement covers it: how bad it would be decides nothing." in text
    assert "The keys that it shares none that is rare" in text
    assert "short" not in text


def test_a_session_apart_is_told_by_what_it_lacks() -> None:
    """How far it is from each threshold, and from the nearest campaign."""
    report = builders.small()
    text = alone(report.apart[0])

    assert text.startswith(f"Session {report.apart[0].session.id} is in no campaign.\n")
    assert "hostile from 11.0 nats on: 5.6 short; to watch from 6.5 nats on: 1.1 short." in text
    assert f"Campaign 1 ({report.campaigns[0].id}) is nearest: 0.4 nats on average; " in text
    assert "together from 2.2 nats on: 1.8 short." in text
    assert f"0.6 {report.campaigns[0].accounts[0]}" in text
    assert "bears no key" not in text


def test_a_session_of_a_campaigns_account_is_told_to_be_one() -> None:
    """Its account is in the campaign, the session is not, and why."""
    report = builders.small()
    session = msgspec.structs.replace(report.apart[0].session, account=report.campaigns[0].accounts[0])
    text = alone(msgspec.structs.replace(report.apart[0], session=session, belongs=False))

    assert f"Its account is in campaign 1 ({report.campaigns[0].id}), with other sessions." in text
    assert "It bears no key that is shared there and did nothing more than weak, or its account hardly" in text


def test_a_session_that_shares_nothing_says_so() -> None:
    """There is no nearest campaign to speak of."""
    report = builders.nothing()
    text = alone(report.apart[0], report)

    assert "It shares nothing that is rare with any other account." in text
    assert "nearest" not in text


def test_a_withdrawn_campaign_is_told_with_both_moments() -> None:
    """Since when, and until when."""
    gone = builders.small().withdrawn[0]
    text = told(withdrawn_view(gone, "s-1"))

    assert text.startswith(
        "s-1 was in a hostile campaign (score 0.91) from 2025-12-02 08:40:00 to 2025-12-02 09:30:00 UTC"
    )


def test_what_is_left_out_is_counted() -> None:
    """Of many signals and keys the first are shown."""
    campaign = builders.large().campaigns[0]
    session = campaign.sessions_detail[0]
    moment = msgspec.structs.replace(campaign.timeline[0], session=session.id)
    link = msgspec.structs.replace(campaign.links[0], sessions=(session.id, campaign.sessions_detail[1].id))
    many = msgspec.structs.replace(campaign, timeline=(moment,) * (MOST_SIGNALS + 3), links=(link,) * (MOST_LINKS + 2))
    text = member(many)

    assert "and 3 more signals" in text
    assert "and 2 lighter keys" in text


@pytest.mark.parametrize("width", [40, 80, 200])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    """All views fit."""
    report = builders.large()
    campaign = report.campaigns[0]
    for view in (member_view(report, campaign, campaign.sessions_detail[0]), apart_view(report, report.apart[0])):
        assert max(cell_len(line) for line in shown(view, width).splitlines()) <= width


@settings(max_examples=25)
@given(TEXTS)
def test_hostile_text_commands_nothing(text: str) -> None:
    """Whatever a report's texts hold, no control and no mark of direction reaches the terminal."""
    report = builders.hostile(text)
    campaign = report.campaigns[0]
    views = (
        member_view(report, campaign, campaign.sessions_detail[0]),
        apart_view(report, report.apart[0]),
        withdrawn_view(report.withdrawn[0], text),
    )

    assert not any(COMMANDS.search(shown(view, 80)) for view in views)
