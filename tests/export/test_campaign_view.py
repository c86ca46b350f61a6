"""What `suragh show` prints of one campaign."""

import msgspec
from rich.console import Console
from tests.export import builders

from suragh.export.campaign_view import MOST_EVIDENCE, MOST_LINKS, MOST_SESSIONS, campaign_view
from suragh.model.report import Campaign, Report


def shown(report: Report, campaign: Campaign, width: int = 200) -> str:
    """The view as text."""
    console = Console(width=width, color_system=None)
    with console.capture() as capture:
        console.print(campaign_view(report, campaign))
    return capture.get()


def test_all_sections_are_there_in_order() -> None:
    """From what it is to the bytes that show it."""
    report = builders.small()
    text = shown(report, report.campaigns[0])
    titles = [
        "Harm  ",
        "Autonomy  ",
        "Timeline  ",
        "Why these sessions belong",
        "Techniques",
        "Evidence  ",
        "Sessions  ",
    ]
    places = [text.index(f"\n{title}") for title in titles]

    assert places == sorted(places)


def test_evidence_leads_to_its_bytes() -> None:
    """Each piece has its file with the line, or with the offset where there are no lines, and how it was reached."""
    report = builders.small()
    text = shown(report, report.campaigns[0])

    assert "logs/otlp/traces-2025-12-01.jsonl.gz:41\n" in text.replace(" " * 2, "").replace(" \n", "\n")
    assert "logs/rollouts.tar!rollout-07.jsonl:42; inside ssh, sudo; base64 undone" in text
    assert "logs/a.binpb@17542" in text


def test_measures_show_what_they_were_made_from() -> None:
    """Value, unit, numerator and denominator stand side by side."""
    report = builders.small()
    lines = [" ".join(line.split()) for line in shown(report, report.campaigns[0]).splitlines()]

    assert "actions per human turn 38.2 actions/turn 612 / 16 Tool calls for each message that a person wrote." in lines
    assert any(line.startswith("approval gates n/a 0 / 0 ") for line in lines)


def test_what_is_left_out_is_counted() -> None:
    """Of hundreds of sessions the first are shown, and the rest are counted."""
    report = builders.large()
    campaign = report.campaigns[0]
    text = shown(report, campaign)

    assert f"and {len(campaign.sessions) - MOST_SESSIONS} more sessions: the JSON and the page hold them" in text
    assert f"and {len(campaign.links) - MOST_LINKS} lighter links: the JSON and the page hold them" in text
    assert f"the {MOST_EVIDENCE} strongest of 60 matches kept, in order of time" in text
    assert "not drawn: 7 signals" in text


def test_the_strongest_evidence_is_chosen() -> None:
    """Level comes before time in what is chosen; what is shown is in order of time."""
    report = builders.large()
    text = shown(report, report.campaigns[0])

    assert text.count("  critical, ") == MOST_EVIDENCE
    assert "  low, " not in text


def test_a_single_session_needs_no_link() -> None:
    """Where nothing was joined, the view says so."""
    report = builders.small()
    campaign = msgspec.structs.replace(report.campaigns[0], links=())

    assert "It is one session: nothing had to be joined." in shown(report, campaign)
