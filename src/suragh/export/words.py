"""Words and numbers for people: what the terminal and the page say in the same way."""

from collections.abc import Mapping, Sequence
from typing import Final

from suragh.model.evidence import Evidence
from suragh.model.instant import NS, parse_rfc3339
from suragh.model.report import Campaign, Engaged, Flow, Link, Measure, Report, Verdict

MILLI: Final = 1000
"""Milli-nats in a nat."""

VERDICTS: Final = {
    Verdict.HOSTILE: "hostile",
    Verdict.WATCH: "to watch",
    Verdict.AUTHORISED: "authorised",
}

_SCORES: Final = ((0.9, "very high"), (0.7, "high"), (0.4, "moderate"), (0.0, "low"))
"""Words for a harm score, from above. They only help to read: verdicts do not come from them."""

_KINDS: Final = {
    "ipv4-addr": "IPv4 address",
    "ipv6-addr": "IPv6 address",
    "cidr": "address range",
    "domain-name": "domain",
    "url": "URL",
    "email-addr": "e-mail address",
    "user-account": "user name",
    "file-path": "file path",
    "file-hash": "file hash",
    "mac-addr": "MAC address",
    "ssid": "Wi-Fi name",
    "payment-card": "card number",
    "iban": "IBAN",
    "transaction-id": "transaction id",
}

_ROLES: Final = {
    "argument": "what the agent asked for",
    "result": "what a tool returned",
    "way": "the way to where it acted",
}

_UNITS: Final = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))

_BYTES: Final = ((10**9, "GB"), (10**6, "MB"), (10**3, "kB"))

_PLURALS: Final = {"identity": "identities", "match": "matches", "reply": "replies"}


def counted(number: int, noun: str) -> str:
    """`1 session`, `1,204 sessions`."""
    word = noun if number == 1 else _PLURALS.get(noun, f"{noun}s")
    return f"{number:,} {word}"


def joined(words: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def instant(text: str) -> int | None:
    """Nanoseconds of a report's time; None for an empty or a broken one, or one outside the calendar."""
    try:
        return parse_rfc3339(text)
    except (ValueError, OverflowError):
        return None


def clock(text: str) -> str:
    """`2025-12-01 10:04:09`: a time to the second; the text itself if it is none."""
    return f"{text[:10]} {text[11:19]}" if instant(text) is not None else text


def day_clock(text: str) -> str:
    """`2025-12-01 10:04`: a time to the minute."""
    return clock(text)[:16] if instant(text) is not None else text


def lasting(nanoseconds: int, parts: int = 2) -> str:
    """`2 d 8 h`, `36 min`, `4 s`: a duration in its largest units, `parts` at most."""
    seconds = abs(nanoseconds) // NS
    words: list[str] = []
    for unit_seconds, unit in _UNITS:
        number, seconds = divmod(seconds, unit_seconds)
        if number or words:
            words.append(f"{number} {unit}" if number else "")
    return " ".join(filter(None, words[:parts])) or "0 s"


def span(campaign: Campaign) -> str:
    """How long a campaign lasted."""
    first, last = instant(campaign.first_action_at), instant(campaign.last_action_at)
    return lasting(last - first) if first is not None and last is not None else ""


def lead(campaign: Campaign) -> str:
    """How far into its time a campaign was detected: `1 h 36 min after its first action, 3 % into its time`."""
    marks = [instant(t) for t in (campaign.first_action_at, campaign.detected_at, campaign.last_action_at)]
    first, found, last = marks
    if first is None or found is None or last is None:
        return ""
    if found > last:
        return f"{lasting(found - last)} after its last action"
    share = f", {100 * (found - first) / (last - first):.0f} % into its time" if last > first else ""
    return f"{lasting(found - first)} after its first action{share}"


def detected(campaign: Campaign) -> str:
    """What `detected_at` is called for this verdict."""
    return "detected" if campaign.verdict is Verdict.HOSTILE else "evidence complete"


def score_word(score: float) -> str:
    """How bad, in a word."""
    return next((word for floor, word in _SCORES if score >= floor), _SCORES[-1][1])


def decimal(value: float) -> str:
    """A number short enough to read: three significant digits below a thousand, none after the point above."""
    if abs(value) >= MILLI:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value else "0"


def nats(milli: int) -> str:
    """Milli-nats as nats: `5.7`."""
    return f"{milli / MILLI:.1f}"


def size(number: int) -> str:
    """`4.2 MB`."""
    return next((f"{number / unit:.1f} {name}" for unit, name in _BYTES if number >= unit), f"{number} B")


def kind(name: str) -> str:
    """A key's kind in words."""
    return _KINDS.get(name, name.replace("-", " "))


def measured(measure: Measure) -> str:
    """A measure's value with its unit: `38.2 actions/turn`, `94 %`, `≈ 4 s`, `312 actions, no turn`, `n/a`."""
    if measure.value is None:
        above, over, below = measure.unit.partition("/")
        return f"{decimal(measure.numerator)} {above}, no {below}" if over else "n/a"
    about = "≈ " if measure.estimated else ""
    if measure.unit == "1":
        return f"{about}{_share(measure.value)}"
    unit = measure.unit.removesuffix("s") if measure.value == 1 and len(measure.unit) > 1 else measure.unit
    return f"{about}{decimal(measure.value)} {unit}"


def unitless(measure: Measure) -> str:
    """A measure's value beside its name, which says the unit where that is a ratio of two things."""
    if measure.value is None or "/" not in measure.unit:
        return measured(measure)
    return f"{'≈ ' if measure.estimated else ''}{decimal(measure.value)}"


def _share(value: float) -> str:
    return f"{100 * value:.0f} %" if 0 <= value <= 1 else decimal(value)


def fraction(measure: Measure) -> str:
    """What a measure was made from: `1,204 / 31`; empty for a plain quantity."""
    if measure.denominator == 1:
        return ""
    return f"{decimal(measure.numerator)} / {decimal(measure.denominator)}"


def title(name: str) -> str:
    """A measure's name in words: `actions per human turn`."""
    return name.replace("_", " ")


def rarity(link: Link, report: Report) -> str:
    """How rare a key is: `4 of 312 accounts have it`."""
    verb = "has" if link.accounts == 1 else "have"
    return f"{link.accounts:,} of {counted(report.accounts_read, 'account')} {verb} it"


def sharing(link: Link, campaign: Campaign) -> str:
    """Who shares a key here: `5 of these 14 sessions share it`."""
    number, all_of_them = len(link.sessions), len(campaign.sessions)
    if number == all_of_them:
        return f"all {counted(number, 'session')} share it"
    verb = "shares" if number == 1 else "share"
    return f"{number:,} of these {counted(all_of_them, 'session')} {verb} it"


def seen(link: Link, campaign: Campaign) -> str:
    """Where a key was seen, and how it went from a result of one session into an argument of another."""
    if link.flow:
        return _flowed(link.flow, {view.id: view.account for view in campaign.sessions_detail})
    roles = [_ROLES.get(role, role) for role in link.roles]
    return f"seen in {joined(roles)}" if roles else ""


def _flowed(flow: Flow, accounts: Mapping[str, str]) -> str:
    reader, user = accounts.get(flow.read_by, flow.read_by), accounts.get(flow.used_by, flow.used_by)
    read, used = instant(flow.read_at), instant(flow.used_at)
    later = f"{lasting(used - read)} later" if read is not None and used is not None else "later"
    whose = "another session of it" if user == reader else user
    return f"{reader} read it in a result, {whose} used it {later}"


def reason(link: Link, campaign: Campaign, report: Report) -> str:
    """Why a key joins sessions, in one sentence without the key itself."""
    if link.kind == "account":
        return f"{len(link.sessions):,} of these {counted(len(campaign.sessions), 'session')} belong to this account"
    return "; ".join(filter(None, (sharing(link, campaign), rarity(link, report), seen(link, campaign))))


def place(evidence: Evidence) -> str:
    """`traces.jsonl:41`, or `traces.bin@9120` where there are no lines."""
    return f"{evidence.file}:{evidence.line}" if evidence.line else f"{evidence.file}@{evidence.offset}"


def ways(evidence: Evidence) -> str:
    """How the text was reached: `inside ssh, sudo; base64 undone`."""
    inside = f"inside {', '.join(evidence.via)}" if evidence.via else ""
    undone = f"{', '.join(evidence.decodings)} undone" if evidence.decodings else ""
    return "; ".join(filter(None, (inside, undone)))


def headline(report: Report) -> str:
    """The first line: `1 hostile campaign, 2 campaigns to watch`, or `nothing found`."""
    hostile, watch, authorised = (sum(c.verdict is v for c in report.campaigns) for v in Verdict)
    parts = (
        counted(hostile, "hostile campaign") if hostile else "",
        f"{counted(watch, 'campaign')} to watch" if watch else "",
        counted(authorised, "authorised campaign") if authorised else "",
    )
    return ", ".join(filter(None, parts)) or "nothing found"


def reach(report: Report) -> str:
    """How far the campaigns reach (the hostile ones, if there are any), out of what was read."""
    hostile = [c for c in report.campaigns if c.verdict is Verdict.HOSTILE]
    chosen = hostile or report.campaigns
    read = f"{counted(report.accounts_read, 'account')} and {counted(report.sessions_read, 'session')} read"
    if not chosen:
        return f"among {read}"
    accounts = len({name for c in chosen for name in c.accounts})
    sessions = len({name for c in chosen for name in c.sessions})
    kind_of = "hostile campaigns" if hostile else "these campaigns"
    return f"{counted(accounts, 'account')} and {counted(sessions, 'session')} in {kind_of}, out of {read}"


def sentence(campaign: Campaign) -> str:
    """A campaign's sizes and times in one plain sentence."""
    who = f"{counted(len(campaign.sessions), 'session')} of {counted(len(campaign.accounts), 'account')}"
    what = f", acting on {counted(len(campaign.targets), 'target')}" if campaign.targets else ""
    lasted = span(campaign)
    when = f", over {lasted}" if lasted else ""
    return f"{who}{what}{when}."


def reasons_in_order(counts: dict[str, int]) -> list[tuple[str, int]]:
    """Reasons for rejection, most frequent first, ties by text."""
    return sorted(counts.items(), key=lambda row: (-row[1], row[0]))


def short(text: str, limit: int) -> str:
    """A name with its middle left out where it is long: ids differ at both ends."""
    if len(text) <= limit:
        return text
    tail = (limit - 1) // 2
    return f"{text[: limit - 1 - tail]}…{text[len(text) - tail :]}"


def engaged(engagement: Engaged) -> str:
    """What an engagement says of a campaign: `ENG-7 of Example Corp (soc@example.com) does not cover: …`."""
    who = f"{engagement.id} of {engagement.issuer} ({engagement.contact})"
    if engagement.covers:
        return f"{who} covers all of it"
    return f"{who} does not cover: {'; '.join(engagement.beyond)}"
