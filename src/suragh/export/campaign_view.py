"""One campaign on a terminal: what `suragh show` prints."""

from collections.abc import Iterable, Sequence
from typing import Final

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from suragh.export import words
from suragh.export.marks import (
    bullet,
    facts,
    heading,
    letter,
    letters,
    listed,
    name,
    safe,
    strip,
    table,
    targets,
    verdict_mark,
)
from suragh.export.palette import sign
from suragh.export.strip import Strip
from suragh.export.words import counted
from suragh.model.evidence import Evidence
from suragh.model.match import Level
from suragh.model.report import Campaign, Report

MOST_LINKS: Final = 15
MOST_EVIDENCE: Final = 12
MOST_SESSIONS: Final = 25
"""Rows of each section: a few screens in all. What is left out is counted; the JSON and the page hold it."""

EXCERPT_LIMIT: Final = 300
"""Code points of an excerpt: four lines of a narrow terminal."""


def campaign_view(report: Report, campaign: Campaign) -> RenderableType:
    """Tell all that matters of a campaign, for a terminal of any width."""
    return Group(
        *_head(campaign),
        *_notes(campaign),
        *_harm(campaign),
        *_autonomy(campaign),
        *_timeline(campaign, report),
        *_links(campaign, report),
        *_techniques(campaign, report),
        *_evidence(campaign),
        *_sessions(campaign),
    )


def _head(campaign: Campaign) -> Iterable[RenderableType]:
    yield Text.assemble(verdict_mark(campaign.verdict), "  ", (safe(campaign.summary), "bold"))
    yield Text(words.sentence(campaign))
    first, last = words.clock(campaign.first_action_at), words.clock(campaign.last_action_at)
    yield facts(
        [
            ("id", Text(name(campaign.id))),
            ("accounts", listed(campaign.accounts, str(len(campaign.accounts)))),
            ("targets", targets(campaign)),
            ("when", Text(safe(f"{first} to {last} UTC"))),
            (words.detected(campaign), Text(safe(f"{words.clock(campaign.detected_at)} UTC, {words.lead(campaign)}"))),
            *(("engaged", Text(safe(words.engaged(e)))) for e in campaign.engagements),
        ]
    )


def _notes(campaign: Campaign) -> Iterable[RenderableType]:
    yield from (bullet(note, "yellow") for note in campaign.notes)


def _harm(campaign: Campaign) -> Iterable[RenderableType]:
    harm = campaign.harm
    yield heading("Harm", f"{harm.score:.2f}, {words.score_word(harm.score)}; {words.nats(harm.points)} nats from")
    rows = table("weight", "why")
    for part in harm.parts:
        rows.add_row(f"{part.points / words.MILLI:+.1f}", Text(safe(part.reason)))
    yield rows


def _autonomy(campaign: Campaign) -> Iterable[RenderableType]:
    if not campaign.autonomy:
        return
    yield heading("Autonomy", "who ran it; it never raises harm")
    rows = table("measure", "value", "made from", "meaning")
    for m in campaign.autonomy:
        cells = (words.title(m.name), words.measured(m), words.fraction(m), m.meaning)
        rows.add_row(*(Text(safe(cell)) for cell in cells))
    yield rows


def _timeline(campaign: Campaign, report: Report) -> Iterable[RenderableType]:
    yield heading("Timeline", "UTC; a letter is the latest tactic of its time, a line a session")
    yield Strip(campaign, report.tactic_names)
    yield strip(campaign.tactics, report.tactic_names)
    if campaign.timeline_left_out:
        yield Text(f"not drawn: {counted(campaign.timeline_left_out, 'signal')}", "dim")


def _links(campaign: Campaign, report: Report) -> Iterable[RenderableType]:
    yield heading("Why these sessions belong together", "what joins most accounts by the rarest key comes first")
    if not campaign.links:
        yield Text("It is one session: nothing had to be joined.")
        return
    rows = table("weight", "key", "why it joins")
    for link in campaign.links[:MOST_LINKS]:
        own = "" if words.kind(link.kind) in link.key else f"\n{words.kind(link.kind)}"
        why = f"{words.reason(link, campaign, report)}; first shared {words.day_clock(link.first_at)}"
        key = Text.assemble((name(link.key), "bold"), (safe(own.strip()) and f"\n{safe(own.strip())}", "dim"))
        rows.add_row(words.nats(link.weight), key, Text(safe(why)))
    yield rows
    yield from _left_out(len(campaign.links) - MOST_LINKS, "lighter link")


def _techniques(campaign: Campaign, report: Report) -> Iterable[RenderableType]:
    yield heading("Techniques")
    rows = table("", "technique", "name", "sessions", "first seen")
    for t in campaign.techniques:
        marks = [letter(sign(tactic, report.tactic_names.get(tactic, ""))) for tactic in t.tactics]
        seen = words.day_clock(t.first_at)
        rows.add_row(Text.assemble(*marks), Text(name(t.id)), Text(safe(t.name)), str(t.sessions), Text(safe(seen)))
    yield rows


def _evidence(campaign: Campaign) -> Iterable[RenderableType]:
    shown = _strongest(campaign.evidence)
    about = f"the {len(shown)} strongest of {counted(len(campaign.evidence), 'match')} kept, in order of time"
    yield heading("Evidence", about)
    for evidence in shown:
        yield from _piece(evidence)


def _strongest(evidence: Sequence[Evidence]) -> list[Evidence]:
    ranks = {str(level): at for at, level in enumerate(Level)}
    order = sorted(range(len(evidence)), key=lambda at: (-ranks.get(evidence[at].level, -1), at))
    return [evidence[at] for at in sorted(order[:MOST_EVIDENCE])]


def _piece(evidence: Evidence) -> Iterable[RenderableType]:
    about = f"{evidence.level}, {', '.join(evidence.techniques)}, {words.clock(evidence.at)}"
    yield Text.assemble(letter(sign(evidence.tactic)), " ", (safe(evidence.title), "bold"), safe(f"  {about}"))
    ways = words.ways(evidence)
    lines = [
        Text(safe(evidence.excerpt, EXCERPT_LIMIT), "cyan"),
        Text(safe(f"{words.place(evidence)}{f'; {ways}' if ways else ''}"), "dim"),
        Text(f"{name(evidence.account)}, session {name(evidence.session)}", "dim"),
    ]
    yield Padding(Group(*lines), (0, 0, 0, 2))


def _sessions(campaign: Campaign) -> Iterable[RenderableType]:
    yield heading("Sessions", counted(len(campaign.sessions_detail), "session"))
    rows = table("session", "account", "from", "actions", "turns", "tactics")
    for s in campaign.sessions_detail[:MOST_SESSIONS]:
        seen = words.day_clock(s.first_at)[5:]
        cells = (Text(name(s.id)), Text(name(s.account)), Text(safe(seen)))
        rows.add_row(*cells, str(s.actions), str(s.human_turns), letters(s.tactics))
    yield rows
    yield from _left_out(len(campaign.sessions_detail) - MOST_SESSIONS, "more session")


def _left_out(number: int, noun: str) -> Iterable[RenderableType]:
    if number > 0:
        yield Text(f"and {counted(number, noun)}: the JSON and the page hold them", "dim")
