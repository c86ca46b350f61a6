"""The report as one HTML page that needs nothing else: no network, no script, no other file."""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from msgspec import Struct

from suragh.export import words
from suragh.export.graph import Graph, graph
from suragh.export.palette import Sign, colours, sign
from suragh.export.swim import Swim, swim
from suragh.model.evidence import SourceView
from suragh.model.report import Campaign, Link, Report, TechniqueCount
from suragh.text.printable import printable

TEXT_LIMIT: Final = 4_000
"""Code points of one text that are shown: no excerpt is longer, and a hostile name shall not swell the page."""

NAME_LIMIT: Final = 120
"""Code points of a name of an account, a session, a key or a target."""

MOST_NAMES: Final = 12
"""Accounts or targets that are named in one line; the count says the rest."""

OPEN_LINKS: Final = 12
"""Links in the open table; the others are one click away."""

MOST_LINKS: Final = 150
MOST_SESSIONS: Final = 500
MOST_SOURCES: Final = 200
MOST_REJECTED: Final = 100
MOST_REASONS: Final = 20
"""Rows of each table; what is left out is counted below it. The JSON holds all of them."""

HEADLINE_MEASURES: Final = 4
"""Measures of autonomy beside the harm score; the table holds all."""


class LinkRow(Struct, frozen=True):
    """A link and why it joins, in words; `share` is its weight in percent of the heaviest."""

    link: Link
    reason: str
    share: int


class TacticGroup(Struct, frozen=True):
    """A tactic of a campaign and its techniques."""

    sign: Sign
    techniques: tuple[TechniqueCount, ...]


class FormatRow(Struct, frozen=True):
    """All sources of one format together."""

    format: str
    files: int
    bytes: int
    records: int
    calls: int
    rejected: int


class CampaignPage(Struct, frozen=True):
    """What the template needs of one campaign; `number` counts from 1 as `suragh show` does."""

    number: int
    campaign: Campaign
    swim: Swim | None
    graph: Graph | None
    links: tuple[LinkRow, ...]
    tactics: tuple[TacticGroup, ...]


def page(report: Report) -> str:
    """Make the page. Equal reports make equal pages."""
    campaigns = [_campaign(number, c, report) for number, c in enumerate(report.campaigns, 1)]
    style, script = _part("style.css"), _part("page.js")
    return (
        _environment()
        .get_template("page.html")
        .render(
            report=report,
            campaigns=campaigns,
            formats=_formats(report.sources),
            sources=_troubled_first(report.sources),
            reasons=words.reasons_in_order(report.rejected_reasons),
            style=style,
            script=script,
            policy=_policy(style, script),
        )
    )


def _campaign(number: int, campaign: Campaign, report: Report) -> CampaignPage:
    heaviest = max((link.weight for link in campaign.links), default=0)
    links = tuple(
        LinkRow(link, words.reason(link, campaign, report), 100 * max(link.weight, 0) // max(heaviest, 1))
        for link in campaign.links
    )
    return CampaignPage(
        number=number,
        campaign=campaign,
        swim=swim(campaign, report.tactic_names),
        graph=graph(campaign, report),
        links=links,
        tactics=_tactics(campaign, report),
    )


def _tactics(campaign: Campaign, report: Report) -> tuple[TacticGroup, ...]:
    ids = dict.fromkeys((*campaign.tactics, *(name for t in campaign.techniques for name in t.tactics)))
    groups = [
        TacticGroup(sign(tactic, report.tactic_names.get(tactic, "")), _under(tactic, campaign)) for tactic in ids
    ]
    return tuple(sorted(groups, key=lambda group: (group.sign.rank, group.sign.id)))


def _under(tactic: str, campaign: Campaign) -> tuple[TechniqueCount, ...]:
    return tuple(t for t in campaign.techniques if tactic in t.tactics)


def _formats(sources: tuple[SourceView, ...]) -> list[FormatRow]:
    names = sorted({source.format for source in sources})
    return [_format(name, [source for source in sources if source.format == name]) for name in names]


def _format(name: str, sources: list[SourceView]) -> FormatRow:
    return FormatRow(
        name or "not known",
        len(sources),
        sum(s.bytes for s in sources),
        sum(s.records for s in sources),
        sum(s.calls for s in sources),
        sum(s.rejected for s in sources),
    )


def _troubled_first(sources: tuple[SourceView, ...]) -> list[SourceView]:
    return sorted(sources, key=lambda source: -source.rejected)[:MOST_SOURCES]


def _policy(style: str, script: str) -> str:
    """A Content-Security-Policy that allows this page's own style and script, by hash, and nothing else.

    Source: CSP level 3, sections 2.3.1 and 6.7.3.3.
    """
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _part(name: str) -> str:
    """A file of ours as the page holds it, without the space around it: the policy hashes it to the byte."""
    return _environment().get_template(name).render(colours=colours()).strip()


def _safe(value: object) -> object:
    """Let no text through that was not made printable; Jinja calls this for all that a template shows."""
    if isinstance(value, str) and not hasattr(value, "__html__"):
        return printable(value, TEXT_LIMIT)
    return value


def _name(text: str) -> str:
    return printable(text, NAME_LIMIT)


def _tactic(tactic: str, report: Report) -> Sign:
    return sign(tactic, report.tactic_names.get(tactic, ""))


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("suragh.export"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
        finalize=_safe,
    )
    shown = (
        words.clock, words.day_clock, words.counted, words.decimal, words.nats, words.size, words.kind, words.measured,
        words.fraction, words.title, words.place, words.ways, words.score_word, words.rarity,
    )  # fmt: skip
    made.filters |= {function.__name__: function for function in shown} | {"name": _name}
    made.globals |= {
        "words": words,
        "tactic": _tactic,
        "MOST_NAMES": MOST_NAMES,
        "OPEN_LINKS": OPEN_LINKS,
        "MOST_LINKS": MOST_LINKS,
        "MOST_SESSIONS": MOST_SESSIONS,
        "MOST_REJECTED": MOST_REJECTED,
        "MOST_REASONS": MOST_REASONS,
        "HEADLINE_MEASURES": HEADLINE_MEASURES,
    }
    return made
