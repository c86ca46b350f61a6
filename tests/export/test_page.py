"""The page: whole, closed, deterministic, and deaf to what hostile text asks of it."""

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from html import unescape
from html.parser import HTMLParser

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.export import builders

from suragh.export.page import MOST_SESSIONS, page
from suragh.model.report import Report, Verdict

NAMES = pytest.mark.parametrize("name", ["small", "nothing", "large", "many"])
VOID = frozenset({"meta", "br", "hr", "img", "input", "link"})
LOADS = frozenset({"src", "href", "srcset", "action", "data", "poster", "xlink:href", "formaction", "ping", "style"})


class Reader(HTMLParser):
    """Reads a page as a browser would: tags that must close, attributes, text."""

    def __init__(self) -> None:
        super().__init__()
        self.stack: list[str] = []
        self.wrong: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember what must close."""
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.stack.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Compare with what is open."""
        if not self.stack or self.stack.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data: str) -> None:
        """Keep what a person reads."""
        if self.stack and self.stack[-1] not in {"style", "script"}:
            self.text.append(data)


def read(text: str) -> Reader:
    """Read a page to its end."""
    reader = Reader()
    reader.feed(text)
    reader.close()
    return reader


@cache
def built(name: str) -> tuple[Report, str, Reader]:
    """A report of the builders, its page, and what a browser reads there; made once."""
    report: Report = getattr(builders, name)()
    made = page(report)
    return report, made, read(made)


def words(report: Report) -> str:
    """All that a person reads on the page, with single spaces."""
    return " ".join(" ".join(read(page(report)).text).split())


@NAMES
def test_all_tags_close_in_order(name: str) -> None:
    """The page is well-formed."""
    *_, reader = built(name)

    assert reader.wrong == []
    assert reader.stack == []


@NAMES
def test_it_loads_nothing(name: str) -> None:
    """No attribute fetches or styles; links go to places on the page."""
    *_, reader = built(name)
    loads = [value for _, attribute, value in reader.attributes if attribute in LOADS]

    assert [value for value in loads if not re.fullmatch(r"#c\d+", value)] == []
    assert not {"img", "link", "iframe", "object", "embed", "base", "form"} & set(reader.tags)


def test_links_lead_somewhere() -> None:
    """Each campaign of the overview has its place on the page."""
    attributes = built("many")[2].attributes
    places = {value for _, name, value in attributes if name == "id"}

    assert {value[1:] for _, name, value in attributes if name == "href"} == places
    assert len(places) == 20


def test_the_policy_allows_only_its_own_style_and_script() -> None:
    """The Content-Security-Policy forbids all but the two parts that it names by hash."""
    text = page(builders.small())
    policy = next(value for _, name, value in read(text).attributes if name == "content" and "default-src" in value)
    style, script = (re.findall(f"<{tag}>(.*?)</{tag}>", text, re.DOTALL) for tag in ("style", "script"))
    hashes = [b64encode(sha256(part.encode()).digest()).decode() for part in (*style, *script)]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert re.findall(r"sha256-([^']+)'", policy) == hashes
    assert len(hashes) == 2


def test_nothing_on_the_page_needs_an_inline_style_or_handler() -> None:
    """What the policy would forbid is not there."""
    names = {name for _, name, _ in built("large")[2].attributes}

    assert not [name for name in names if name == "style" or name.startswith("on")]


@NAMES
def test_equal_reports_make_equal_pages(name: str) -> None:
    """Nothing on the page comes from a clock, chance or the order of a set."""
    report, made, _ = built(name)

    assert made == page(msgspec.convert(msgspec.to_builtins(report), Report))


def test_the_campaign_is_told_in_full() -> None:
    """Numbers, reasons and what is needed to check the evidence stand on the page."""
    report = builders.small()
    campaign = report.campaigns[0]
    text = words(report)

    assert "1 hostile campaign" in text
    assert "4 accounts and 9 sessions in hostile campaigns, out of 312 accounts and 2,310 sessions read." in text
    for evidence in campaign.evidence:
        assert evidence.sha256 in text
        assert evidence.excerpt in text
    for link in campaign.links:
        assert f"{link.accounts} of 312 accounts have it" in text
    for measure in campaign.autonomy:
        assert measure.meaning in text
    for part in campaign.harm.parts:
        assert part.reason in text
    for session in campaign.sessions_detail:
        assert session.id in text
    assert "target db-09.corp.example.com; acts after 2025-12-01T12:00:00Z" in text
    assert report.ruleset in text


def test_nothing_found_is_said_plainly() -> None:
    """An empty report is a page, too, and holds no campaign."""
    text = words(builders.nothing())

    assert "Nothing found Among 312 accounts and 2,310 sessions read." in text
    assert "Campaign 1" not in text


def test_a_large_campaign_stays_small_enough_to_mail() -> None:
    """200 sessions with 60 pieces of evidence, and twenty campaigns, each stay below 3 MB."""
    assert len(built("large")[1].encode()) < 3_000_000
    assert len(built("many")[1].encode()) < 3_000_000


def test_what_is_left_out_is_counted() -> None:
    """A table that stops says how much it leaves out."""
    report = builders._report((builders.campaign(accounts=50, sessions=MOST_SESSIONS + 7, keys=200),), rejected=2500)
    text = words(report)

    assert "Not shown: 7 sessions; the JSON report holds all." in text
    assert "Not shown: 50 links; the JSON report holds all." in text
    assert "Not shown: 2,400 places; the JSON report holds all." in text
    assert "Not drawn: 7 signals." in text
    assert "21 further accounts" in text


PIECES = st.sampled_from(
    [
        *("<script>alert(1)</script>", "</pre>", "\"'><img src=x onerror=alert(1)>", "{{ 7 * 7 }}", "{% raw %}"),
        *("&lt;", "]]>", "-->", "\x1b[31m", "\x1b]0;title\x07", "\u202eevil\u202c", "\u200b", "\x9b2J", "x" * 5000),
        *("[red]", "\ud800", "javascript:alert(1)", "\n", "\x00"),
    ]
)


@settings(max_examples=25)
@given(st.lists(PIECES | st.text(min_size=1, max_size=5), min_size=1, max_size=4).map("".join))
def test_hostile_text_stays_text(text: str) -> None:
    """Whatever a report's texts hold, the page has the same tags and attributes, and no sign that commands."""
    made = page(builders.hostile(text))
    reader, plain = read(made), _plain()

    assert reader.wrong == []
    assert reader.stack == []
    assert reader.tags == plain.tags
    assert [(tag, name) for tag, name, _ in reader.attributes] == [(tag, name) for tag, name, _ in plain.attributes]
    assert not re.search(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", unescape(made)
    )


@cache
def _plain() -> Reader:
    return read(page(builders.hostile("plain")))


def test_a_template_in_a_text_is_not_run() -> None:
    """Text from telemetry is data to the template."""
    made = page(builders.hostile("{{ 7 * 191 }}"))

    assert "1337" not in made
    assert "{{ 7 * 191 }}" in made


@pytest.mark.parametrize("verdict", list(Verdict))
def test_every_verdict_has_its_words(verdict: Verdict) -> None:
    """The three verdicts are told apart in words, not only by colour."""
    made = words(builders._report((builders.campaign(accounts=2, sessions=3, verdict=verdict),), rejected=0))

    assert {"hostile": "hostile", "watch": "to watch", "authorised": "authorised"}[verdict] + " Campaign 1" in made
