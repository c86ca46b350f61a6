"""The report on a terminal: what a person reads in ten seconds, and where to look next."""

from collections.abc import Iterable, Sequence
from typing import Final

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from suragh.export import words
from suragh.export.campaign_view import campaign_view
from suragh.export.marks import bullet, facts, listed, name, safe, strip, targets, verdict_mark
from suragh.export.words import counted
from suragh.model.report import Campaign, Link, Report, Verdict, Withdrawn

__all__ = ["campaign_view", "summary"]

MOST_BLOCKS: Final = 3
"""Campaigns told at length: three blocks are a screenful, and about ten seconds."""

MOST_ROWS: Final = 20
"""Campaigns told in one line each below them."""

MOST_LINKS: Final = 3
MOST_PARTS: Final = 3
MOST_REASONS: Final = 3
MOST_NOTES: Final = 5
MOST_MEASURES: Final = 3
"""The first of each; `suragh show` tells more."""


def summary(report: Report) -> RenderableType:
    """Say what was found, why, and what could not be read."""
    told = [(at, c) for at, c in enumerate(report.campaigns, 1) if c.verdict is Verdict.HOSTILE][:MOST_BLOCKS]
    numbers = {at for at, _ in told}
    rest = [(at, c) for at, c in enumerate(report.campaigns, 1) if at not in numbers]
    parts: list[RenderableType] = [*_headline(report)]
    for number, campaign in told:
        parts += [Text(), *_block(number, campaign, report)]
    if rest:
        parts += [Text(), *_rows(rest)]
    parts += _after(report)
    return Group(*parts)


def _headline(report: Report) -> Iterable[RenderableType]:
    style = "bold red" if any(c.verdict is Verdict.HOSTILE for c in report.campaigns) else "bold"
    colon = ":" if report.campaigns else ""
    yield Text.assemble((words.headline(report).capitalize(), style), f"{colon} {words.reach(report)}.")
    yield Text(f"{counted(report.actions_read, 'action')} in {counted(len(report.sources), 'source')}.", "dim")


def _block(number: int, campaign: Campaign, report: Report) -> Iterable[RenderableType]:
    yield _title(number, campaign)
    yield facts(
        [
            ("harm", Text(f"{campaign.score:.2f}, {words.score_word(campaign.score)}")),
            ("who", _who(campaign)),
            ("targets", targets(campaign)),
            ("when", when(campaign)),
            (words.detected(campaign), caught(campaign)),
            ("tactics", strip(campaign.tactics, report.tactic_names)),
            ("harmful", _harmful(campaign)),
            ("joined by", _joined(campaign, report)),
            ("autonomy", _autonomy(campaign)),
            *(("engaged", Text(safe(words.engaged(e)))) for e in campaign.engagements),
        ]
    )


def _who(campaign: Campaign) -> Text:
    numbers = f"{counted(len(campaign.accounts), 'account')}, {counted(len(campaign.sessions), 'session')}"
    return listed(campaign.accounts, numbers)


def when(campaign: Campaign) -> Text:
    """From when to when, and how long that is."""
    first, last = words.day_clock(campaign.first_action_at), words.day_clock(campaign.last_action_at)
    return Text(safe(f"{first} to {last} UTC, {words.span(campaign)}".rstrip(", ")))


def caught(campaign: Campaign) -> Text:
    """When it was detected, and how far into its time that is."""
    at, lead = words.day_clock(campaign.detected_at), words.lead(campaign)
    return Text(safe(f"{at} UTC, {lead}".rstrip(", ")))


def _harmful(campaign: Campaign) -> Text:
    raising = [part for part in campaign.harm.parts if part.points > 0][:MOST_PARTS]
    shown = [f"{part.reason} ({part.points / words.MILLI:+.1f})" for part in raising]
    return Text(safe("; ".join(shown)))


def _joined(campaign: Campaign, report: Report) -> RenderableType:
    if not campaign.links:
        return Text("nothing: it is one session")
    lines = [_link(link, campaign, report) for link in campaign.links[:MOST_LINKS]]
    left = len(campaign.links) - len(lines)
    more = [Text(f"and {counted(left, 'lighter key')}", "dim")] if left else []
    return Group(*lines, *more)


def _link(link: Link, campaign: Campaign, report: Report) -> Text:
    own = "" if words.kind(link.kind) in link.key else f" ({words.kind(link.kind)})"
    return Text.assemble((safe(link.key), "bold"), safe(f"{own}: {words.reason(link, campaign, report)}"))


def _autonomy(campaign: Campaign) -> Text:
    shown = [f"{words.title(m.name)} {words.unitless(m)}" for m in campaign.autonomy[:MOST_MEASURES]]
    return Text(safe("; ".join(shown)))


def _rows(rest: Sequence[tuple[int, Campaign]]) -> Iterable[RenderableType]:
    for number, campaign in rest[:MOST_ROWS]:
        yield _title(number, campaign)
        yield Padding(Text(safe(_brief(campaign)), "dim"), (0, 0, 0, 2))
    if len(rest) > MOST_ROWS:
        yield Text(f"and {counted(len(rest) - MOST_ROWS, 'more campaign')}: the JSON and the page hold them", "dim")


def _title(number: int, campaign: Campaign) -> Text:
    return Text.assemble(verdict_mark(campaign.verdict), f" {number}  ", (safe(campaign.summary), "bold"))


def _brief(campaign: Campaign) -> str:
    keys = words.joined([name(link.key) for link in campaign.links[:MOST_LINKS]])
    parts = (
        f"harm {campaign.score:.2f}, {words.score_word(campaign.score)}",
        f"{words.detected(campaign)} {words.day_clock(campaign.detected_at)}",
        f"joined by {keys}" if keys else "",
    )
    return "; ".join(filter(None, parts))


def _after(report: Report) -> Iterable[RenderableType]:
    lines = [*_withdrawn(report.withdrawn), *_rejected(report), *_notes(report)]
    if lines:
        yield Text()
        yield from lines
    if report.campaigns:
        yield Text()
        yield Text("Next: `suragh show REPORT 1` for timeline, links and evidence (REPORT: the file of `--json`).")


def _withdrawn(campaigns: Sequence[Withdrawn]) -> Iterable[RenderableType]:
    if campaigns:
        sessions = len({name for c in campaigns for name in c.sessions})
        what = f"{counted(len(campaigns), 'campaign')} ({counted(sessions, 'session')})"
        yield bullet(f"Withdrawn: {what} hostile at some moment, and no longer at the end.")


def _rejected(report: Report) -> Iterable[RenderableType]:
    if not report.lines_rejected:
        return
    reasons = words.reasons_in_order(report.rejected_reasons)
    yield bullet(f"Could not be read: {counted(report.lines_rejected, 'record')} or files.", "yellow")
    for reason, times in reasons[:MOST_REASONS]:
        yield Text(safe(f"    {counted(times, 'time')}: {reason}"))
    if len(reasons) > MOST_REASONS:
        yield Text(f"    and {counted(len(reasons) - MOST_REASONS, 'more reason')}", "dim")


def _notes(report: Report) -> Iterable[RenderableType]:
    yield from (bullet(note) for note in report.notes[:MOST_NOTES])
    if len(report.notes) > MOST_NOTES:
        yield Text(f"  and {counted(len(report.notes) - MOST_NOTES, 'more note')}", "dim")
