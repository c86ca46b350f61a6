"""The summary: true numbers, in any width, and no command to the terminal."""

import re
from io import StringIO

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console, RenderableType
from tests.export import builders

from suragh.export import words
from suragh.export.terminal import MOST_BLOCKS, MOST_ROWS, campaign_view, summary
from suragh.model.report import Report, Verdict

COMMANDS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
PIECES = st.sampled_from(
    [
        *(
            "\x1b[31m",
            "\x1b]0;title\x07",
            "\x1b]8;;http://x\x1b\\",
            "\u202eevil",
            "\x9b2J",
            "\r",
            "\n",
            "\x08" * 9,
            "\t",
        ),
        *("[red]", "[/]", "[link=x]", ":boom:", "<script>", "y" * 3000, "\ud800", "\u200b", "漢字"),
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=5), min_size=1, max_size=4).map("".join)


def shown(view: RenderableType, width: int = 200) -> str:
    """What a terminal without colours gets."""
    console = Console(file=StringIO(), width=width, color_system=None, force_terminal=False)
    console.print(view)
    file = console.file
    assert isinstance(file, StringIO)
    return file.getvalue()


def test_the_first_lines_say_what_was_found() -> None:
    """The headline counts campaigns, accounts and sessions, out of what was read."""
    lines = shown(summary(builders.small())).splitlines()

    assert lines[:2] == [
        f"1 hostile campaign: {words.reach(builders.small())}.",
        "61,204 actions in 4 sources.",
    ]


def test_nothing_found_is_one_line() -> None:
    """No campaign, no next step."""
    text = shown(summary(builders.nothing()))

    assert text.startswith("Nothing found among 312 accounts and 2,310 sessions read.\n")
    assert "suragh show" not in text


def test_a_campaign_is_told_with_its_reasons() -> None:
    """Sizes, targets, times, the heaviest links and parts of harm stand in its block."""
    report = builders.small()
    campaign = report.campaigns[0]
    text = shown(summary(report))

    assert "HOSTILE 1  Credentials read on one host" in text
    assert "0.97, very high" in text
    assert "4 accounts, 9 sessions: user-01@tenant.example.org" in text
    assert "detected   2025-12-01 11:08 UTC, 1 h 54 min after its first action, 4 % into its time" in text
    assert "Credential Access (+4.2)" in text
    assert (
        f"{campaign.links[0].key} (host): {len(campaign.links[0].sessions)} of these 9 sessions share it; 2 of 312 "
        in text
    )
    assert "does not cover: target db-09.corp.example.com" in text
    assert "`suragh show REPORT 1`" in text


def test_what_could_not_be_read_is_counted_with_its_reasons() -> None:
    """Rejected input is said, most frequent reason first, whatever was found."""
    text = shown(summary(builders.small()))

    assert "Could not be read: 3 records or files." in text
    assert text.index("2 times: line is no JSON") < text.index("1 time: file ends inside a record")


@pytest.mark.parametrize("width", [40, 80, 200])
@pytest.mark.parametrize("name", ["small", "large", "many"])
def test_no_line_is_wider_than_the_terminal(name: str, width: int) -> None:
    """Both views fit, and hold the same numbers, at any width."""
    report: Report = getattr(builders, name)()
    for view in (summary(report), campaign_view(report, report.campaigns[0])):
        lines = shown(view, width).splitlines()
        assert max(cell_len(line) for line in lines) <= width


def test_many_campaigns_are_cut_and_counted() -> None:
    """The first are told at length, the next in a line each, and the rest are counted."""
    made = [builders.campaign(accounts=2, sessions=3, index=at) for at in range(MOST_BLOCKS + MOST_ROWS + 5)]
    text = shown(summary(builders._report(tuple(made), rejected=0)))

    assert len(re.findall(r"^HOSTILE \d+  ", text, re.MULTILINE)) == MOST_BLOCKS + MOST_ROWS
    assert text.count("\n  harmful ") == MOST_BLOCKS
    assert text.count("\n  harm 0.97, very high; detected 2025-12-0") == MOST_ROWS
    assert "and 5 more campaigns" in text


def test_a_report_without_a_hostile_campaign_names_its_others_by_their_number() -> None:
    """Numbers are those that `suragh show` takes."""
    made = [builders.campaign(accounts=2, sessions=3, index=at, verdict=Verdict.WATCH) for at in range(2)]
    text = shown(summary(builders._report(tuple(made), rejected=0)))

    assert text.startswith("2 campaigns to watch: ")
    assert "\nTO WATCH 1  Credentials read on one host" in text
    assert "\n  harm 0.55, moderate; evidence complete 2025-12-01 " in text
    assert "joined by db-09.corp.example.com, cred-1 and 203.0.113.40\n" in re.sub(" +\n", "\n", text)


@settings(max_examples=25)
@given(TEXTS)
def test_hostile_text_commands_nothing(text: str) -> None:
    """Whatever a report's texts hold, no control and no mark of direction reaches the terminal."""
    report = builders.hostile(text)

    for view in (summary(report), campaign_view(report, report.campaigns[0])):
        assert not COMMANDS.search(shown(view, 80))


@pytest.mark.parametrize(
    "markup", ["[bold red]x[/bold red]", "[/]", "[link=https://x.example.com]x[/link]", ":warning:"]
)
def test_markup_in_text_is_shown_as_it_is(markup: str) -> None:
    """Text from telemetry is never rich markup."""
    campaign = msgspec.structs.replace(builders.small().campaigns[0], summary=markup)
    report = msgspec.structs.replace(builders.small(), campaigns=(campaign,))

    assert f"HOSTILE 1  {markup}\n" in shown(summary(report))
    assert f"HOSTILE  {markup}\n" in shown(campaign_view(report, campaign))


def test_equal_reports_give_equal_texts() -> None:
    """The views do not depend on chance or on the order of a set."""
    report = builders.large()
    again = msgspec.convert(msgspec.to_builtins(report), Report)

    assert shown(summary(report)) == shown(summary(again))
    assert shown(campaign_view(report, report.campaigns[0])) == shown(campaign_view(again, again.campaigns[0]))


def test_colours_are_only_colours() -> None:
    """With and without colours the same characters are shown."""
    report = builders.small()
    coloured = Console(file=StringIO(), width=120, color_system="truecolor", force_terminal=True)
    coloured.print(summary(report))
    assert isinstance(coloured.file, StringIO)

    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured.file.getvalue()) == shown(summary(report), 120)
