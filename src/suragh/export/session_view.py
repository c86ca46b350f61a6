"""One session on a terminal: why it is in a campaign, or what it lacks. What `suragh explain` prints."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from rich.console import Group, RenderableType
from rich.text import Text

from suragh.export import words
from suragh.export.marks import facts, heading, listed, name, safe, table
from suragh.export.words import counted, nats
from suragh.model.report import (
    Apart,
    Bond,
    Campaign,
    Harm,
    Link,
    Moment,
    Near,
    Report,
    SessionView,
    Thresholds,
    Verdict,
    Withdrawn,
)

MOST_LINKS: Final = 10
MOST_SIGNALS: Final = 10
"""Rows of each section: a screen in all. What is left out is counted; the JSON holds it."""


def member_view(report: Report, campaign: Campaign, session: SessionView) -> RenderableType:
    """Say why a session is in a campaign."""
    accounts = {view.id: view.account for view in campaign.sessions_detail}
    signals = [moment for moment in campaign.timeline if moment.session == session.id]
    bond = next((bond for bond in campaign.bonds if bond.account == session.account), None)
    others = [view.id for view in campaign.sessions_detail if view.id != session.id]
    return Group(
        _title(session, f"is in campaign {_number(report, campaign)}, {words.VERDICTS[campaign.verdict]}."),
        _about(session),
        *_harm(campaign.harm, report.thresholds, _judged(len(others)), campaign.verdict),
        *_signals(signals),
        *_bond(bond, report.thresholds),
        *_links([link for link in campaign.links if session.id in link.sessions], session.id, accounts, report),
    )


def apart_view(report: Report, apart: Apart) -> RenderableType:
    """Say why a session is in no campaign."""
    session = apart.session
    accounts = {view.id: view.account for campaign in report.campaigns for view in campaign.sessions_detail}
    accounts |= {other.session.id: other.session.account for other in report.apart}
    others = [other for other in apart.together if other != session.id]
    return Group(
        _title(session, "is in no campaign."),
        _about(session),
        *_harm(apart.harm, report.thresholds, _judged(len(others))),
        *_signals(apart.signals),
        *_nearest(apart, report),
        *_links(apart.links, session.id, accounts, report),
    )


def withdrawn_view(withdrawn: Withdrawn, session: str) -> RenderableType:
    """Say of a session that it was in a campaign, and no longer is."""
    since, until = words.clock(withdrawn.detected_at), words.clock(withdrawn.withdrawn_at)
    return Text.assemble(
        (name(session), "bold"),
        safe(
            f" was in a hostile campaign (score {withdrawn.score:.2f}) from {since} to {until} UTC, and no longer is."
        ),
        " What was known later took that back.",
    )


def _title(session: SessionView, what: str) -> Text:
    return Text.assemble(("Session ", "bold"), (name(session.id), "bold"), f" {what}")


def _number(report: Report, campaign: Campaign) -> str:
    return f"{report.campaigns.index(campaign) + 1} ({name(campaign.id)})"


def _about(session: SessionView) -> RenderableType:
    basis = "nothing names one: the session stands for it" if session.account_basis == "session" else "by "
    basis += "" if session.account_basis == "session" else session.account_basis
    first, last = words.clock(session.first_at), words.clock(session.last_at)
    rows = [
        ("account", Text(f"{name(session.account)} ({safe(basis)})")),
        ("when", Text(safe(f"{first} to {last} UTC"))),
        ("what", Text(f"{counted(session.actions, 'action')}, {counted(session.human_turns, 'human turn')}")),
    ]
    return facts([*rows, ("parent", Text(name(session.parent)))] if session.parent else rows)


def _judged(others: int) -> str:
    return f"judged with {counted(others, 'other session')}" if others else "judged alone"


def _harm(
    harm: Harm, thresholds: Thresholds, judged: str, verdict: Verdict | None = None
) -> Iterable[RenderableType]:  # fmt: skip
    yield heading("Harm", f"{harm.score:.2f}; {nats(harm.points)} nats; {judged}")
    rows = table("weight", "why")
    for part in harm.parts:
        rows.add_row(f"{part.points / words.MILLI:+.1f}", Text(safe(part.reason)))
    yield rows
    if verdict is Verdict.AUTHORISED:
        yield Text("An engagement covers it: how bad it would be decides nothing.")
        return
    yield Text("; ".join((_against(harm.points, thresholds.hostile, "hostile"),
                          _against(harm.points, thresholds.watch, "to watch"))) + ".")  # fmt: skip


def _against(points: int, threshold: int, what: str) -> str:
    """A figure against its threshold: `hostile from 11.0 nats on: 1.4 short`."""
    by = f"{nats(points - threshold)} above" if points >= threshold else f"{nats(threshold - points)} short"
    return f"{what} from {nats(threshold)} nats on: {by}"


def _signals(signals: Sequence[Moment]) -> Iterable[RenderableType]:
    yield heading("Its own signals", "" if signals else "none is listed in the report")
    for moment in signals[:MOST_SIGNALS]:
        yield Text.assemble((f"{safe(words.clock(moment.at))}  ", "dim"), safe(moment.title))
    if len(signals) > MOST_SIGNALS:
        yield Text(f"and {counted(len(signals) - MOST_SIGNALS, 'more signal')}", "dim")


def _bond(bond: Bond | None, thresholds: Thresholds) -> Iterable[RenderableType]:
    yield heading("Its account and the others", _joining(thresholds))
    if bond is None:
        yield Text("The campaign has one account: nothing had to be joined.")
        return
    yield Text(f"{nats(bond.average)} nats with each other account of the campaign on average.")
    yield _near(bond.nearest)


def _joining(thresholds: Thresholds) -> str:
    return f"groups of accounts that share {nats(thresholds.link)} nats on average are taken together"


def _near(nearest: Sequence[Near]) -> RenderableType:
    rows = table("weight", "account")
    for near in nearest:
        rows.add_row(nats(near.points), Text(name(near.account)))
    return rows


def _nearest(apart: Apart, report: Report) -> Iterable[RenderableType]:
    yield heading("Its account and others", _joining(report.thresholds))
    if not apart.nearest:
        yield Text("It shares nothing that is rare with any other account.")
        return
    yield _near(apart.nearest)
    campaign = next((campaign for campaign in report.campaigns if campaign.id == apart.campaign), None)
    if campaign is None:
        return
    number = _number(report, campaign)
    if apart.session.account in campaign.accounts:
        yield Text(f"Its account is in campaign {number}, with other sessions.")
    else:
        against = _against(apart.average, report.thresholds.link, "together")
        yield Text(f"Campaign {number} is nearest: {nats(apart.average)} nats on average; {against}.")
    if not apart.belongs:
        yield Text(
            "It bears no key that is shared there and did nothing more than weak, or its account hardly ever does more."
        )


def _links(
    links: Sequence[Link], session: str, accounts: Mapping[str, str], report: Report
) -> Iterable[RenderableType]:  # fmt: skip
    yield heading("The keys that it shares", "" if links else "none that is rare")
    if not links:
        return
    rows = table("weight", "key", "with")
    for link in links[:MOST_LINKS]:
        key = Text.assemble((name(link.key), "bold"), (f"\n{safe(words.kind(link.kind))}", "dim"))
        rows.add_row(nats(link.weight), key, _with(link, session, accounts, report))
    yield rows
    if len(links) > MOST_LINKS:
        yield Text(f"and {counted(len(links) - MOST_LINKS, 'lighter key')}", "dim")


def _with(link: Link, session: str, accounts: Mapping[str, str], report: Report) -> Text:
    others = [other for other in link.sessions if other != session]
    named = [f"{other} ({accounts[other]})" if accounts.get(other, other) != other else other for other in others]
    rare = "" if link.kind == "account" else f"; {words.rarity(link, report)}"
    return Text.assemble(listed(named), safe(f"{rare}{_flow(link, session)}"))


def _flow(link: Link, session: str) -> str:
    """How the value went, as far as this session had part in it."""
    flow = link.flow
    if flow is None or session not in {flow.read_by, flow.used_by}:
        return ""
    read, used = ("here", "there") if session == flow.read_by else ("there", "here")
    return f"; read {read} in a result at {words.clock(flow.read_at)}, used {used} at {words.clock(flow.used_at)}"
