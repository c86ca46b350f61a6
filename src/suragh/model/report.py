"""The report: what `suragh scan` says. It is encoded as it stands; docs/report.md describes it.

The keys that `suragh.report/1` promises come first in each struct. Times are RFC 3339 texts in UTC.
Every text that came from telemetry is untrusted, here too.
"""

from enum import StrEnum
from typing import Final

from msgspec import Struct

from suragh.model.evidence import Evidence, RejectedView, SourceView

SCHEMA: Final = "suragh.report/1"


class Verdict(StrEnum):
    """What the judge says of a campaign."""

    HOSTILE = "hostile"
    WATCH = "watch"
    AUTHORISED = "authorised"


class Part(Struct, frozen=True, kw_only=True):
    """One summand of a score.

    Attributes:
        reason: why, for a person.
        points: milli-nats.
    """

    reason: str
    points: int


class Measure(Struct, frozen=True, kw_only=True):
    """One number about autonomy, with what it was made from.

    Attributes:
        name: `actions_per_human_turn`, `median_gap`, …
        value: numerator over denominator, or the quantity itself; None where nothing can be said.
        unit: `actions/turn`, `s`, `h`, `sessions`, `1`.
        numerator: what was counted above the line.
        denominator: what was counted below it; 1 for a plain quantity.
        estimated: whether it rests on a sample of the actions.
        meaning: one sentence for a person.
    """

    name: str
    value: float | None
    unit: str
    numerator: float
    denominator: float
    estimated: bool
    meaning: str


class Harm(Struct, frozen=True, kw_only=True):
    """How bad: the sum of its parts through a fixed curve. Never fed by autonomy.

    Attributes:
        score: 0 to 1.
        points: the sum, milli-nats.
        parts: the summands, largest first.
    """

    score: float
    points: int
    parts: tuple[Part, ...]


class Flow(Struct, frozen=True, kw_only=True):
    """A value that one session's tool returned and that another session then used.

    Attributes:
        read_by: the session that read it first.
        read_at: when.
        used_by: the session that used it.
        used_at: when, after `read_at`.
    """

    read_by: str
    read_at: str
    used_by: str
    used_at: str


class Link(Struct, frozen=True, kw_only=True):
    """Why sessions are taken together: one key that they share.

    Attributes:
        key: what may be shown of the key (`db-09.corp`, `cred-1`, `a task prompt`).
        kind: `host`, `credential`, `ipv4-addr`, `prompt`, `command`, `account`, …
        roles: where it was seen: `argument`, `result`.
        flow: the first time that one session read it in a result before another used it; null for none.
        accounts: how many accounts in all the telemetry have it.
        weight: milli-nats; the rarer, the heavier.
        sessions: the sessions of the campaign that share it, sorted.
        first_at: when a second session had it.
    """

    key: str
    kind: str
    roles: tuple[str, ...]
    flow: Flow | None
    accounts: int
    weight: int
    sessions: tuple[str, ...]
    first_at: str


class Near(Struct, frozen=True, kw_only=True):
    """Another account, and how much one account shares with it.

    Attributes:
        account: the other account.
        points: milli-nats, over all keys that both bear.
    """

    account: str
    points: int


class Bond(Struct, frozen=True, kw_only=True):
    """How an account of a campaign hangs together with the others.

    Attributes:
        account: the account.
        average: milli-nats that it shares with each other account of the campaign on average.
        nearest: the accounts of the campaign that it shares most with, at most five.
    """

    account: str
    average: int
    nearest: tuple[Near, ...]


class SessionView(Struct, frozen=True, kw_only=True):
    """One session.

    Attributes:
        id: session id.
        account: account; the session's own id where nothing names one.
        account_basis: what named the account: an attribute, `accounts file`, or `session` for nothing.
        parent: the session that started it; empty for none.
        first_at: first call.
        last_at: last call or result.
        actions: distinct actions.
        human_turns: distinct messages that a person wrote.
        tactics: tactic ids of its matches, in order of time.
    """

    id: str
    account: str
    account_basis: str
    parent: str
    first_at: str
    last_at: str
    actions: int
    human_turns: int
    tactics: tuple[str, ...]


class Moment(Struct, frozen=True, kw_only=True):
    """One point of the timeline: an action with a signal.

    Attributes:
        at: when it became known.
        session: session id.
        account: account.
        tactic: tactic id.
        rule: the rule's name.
        title: the rule's title.
    """

    at: str
    session: str
    account: str
    tactic: str
    rule: str
    title: str


class TechniqueCount(Struct, frozen=True, kw_only=True):
    """How often a technique was seen in a campaign.

    Attributes:
        id: ATT&CK or ATLAS id.
        name: its name there.
        tactics: tactic ids under which the rules place it.
        sessions: sessions of the campaign that show it.
        first_at: when it was first seen.
    """

    id: str
    name: str
    tactics: tuple[str, ...]
    sessions: int
    first_at: str


class Engaged(Struct, frozen=True, kw_only=True):
    """How an engagement relates to a campaign.

    Attributes:
        id: the engagement's id.
        issuer: who signed it.
        contact: whom to ask.
        covers: whether all of the campaign lies inside its accounts, targets and dates.
        beyond: what lies outside, in words; empty if it covers.
    """

    id: str
    issuer: str
    contact: str
    covers: bool
    beyond: tuple[str, ...]


class Campaign(Struct, frozen=True, kw_only=True):
    """Sessions judged to be one operation.

    Attributes:
        id: hash of its first signal; stays while that signal stays.
        verdict: hostile, watch or authorised.
        score: `harm.score`.
        accounts: sorted.
        sessions: sorted.
        targets: systems that it acts on, most acted on first.
        first_action_at: first action of any of its sessions.
        detected_at: earliest moment at which the report of what was known then holds this campaign as hostile;
            for other verdicts, when it first had its verdict's evidence.
        last_action_at: last action of any of its sessions.
        summary: one line for a person.
        harm: how bad.
        autonomy: who ran it: measures, never a part of harm.
        tactics: tactic ids in ATT&CK's order.
        techniques: what was seen, in order of tactic and id.
        links: why its sessions belong together; first what joins the most accounts by the rarest keys.
        bonds: how its accounts hang together, one each; none for a single account.
        sessions_detail: one view a session, in order of time.
        evidence: the strongest matches, in order of time.
        timeline: signals in order of time.
        timeline_left_out: how many signals the timeline leaves out.
        engagements: engagements that name any of its accounts.
        notes: what else a reader must know (claims of authorisation, caps reached).
    """

    id: str
    verdict: Verdict
    score: float
    accounts: tuple[str, ...]
    sessions: tuple[str, ...]
    targets: tuple[str, ...]
    first_action_at: str
    detected_at: str
    last_action_at: str
    summary: str
    harm: Harm
    autonomy: tuple[Measure, ...]
    tactics: tuple[str, ...]
    techniques: tuple[TechniqueCount, ...]
    links: tuple[Link, ...]
    bonds: tuple[Bond, ...]
    sessions_detail: tuple[SessionView, ...]
    evidence: tuple[Evidence, ...]
    timeline: tuple[Moment, ...]
    timeline_left_out: int
    engagements: tuple[Engaged, ...]
    notes: tuple[str, ...]


class Withdrawn(Struct, frozen=True, kw_only=True):
    """A campaign that was hostile at some moment and is not at the end.

    Attributes:
        id: as in `Campaign`.
        verdict: what it was: hostile.
        score: its highest score while it was.
        accounts: sorted.
        sessions: sorted.
        targets: as in `Campaign`.
        first_action_at: first action of its sessions.
        detected_at: when it was first hostile.
        last_action_at: last action of its sessions.
        withdrawn_at: when it no longer was.
    """

    id: str
    verdict: Verdict
    score: float
    accounts: tuple[str, ...]
    sessions: tuple[str, ...]
    targets: tuple[str, ...]
    first_action_at: str
    detected_at: str
    last_action_at: str
    withdrawn_at: str


class Apart(Struct, frozen=True, kw_only=True):
    """A session with a signal that is in no campaign, and what it lacks.

    Attributes:
        session: the session.
        harm: how bad the sessions are that were judged together with it.
        together: these sessions, sorted, at most eight; none where it was judged alone.
        signals: its first signals, at most five.
        links: the heaviest keys that other accounts have, too, at most five, with at most eight sessions each.
        nearest: the accounts that its account shares most with, at most five.
        campaign: id of the campaign that its account is in, or else shares most with; empty for none.
        average: milli-nats that its account shares with each other account of that campaign on average.
        belongs: whether it would count to that campaign: it bears a key that is shared there, or did something more
            than weak; and its account mostly does, or used a credential that another had read.
    """

    session: SessionView
    harm: Harm
    together: tuple[str, ...]
    signals: tuple[Moment, ...]
    links: tuple[Link, ...]
    nearest: tuple[Near, ...]
    campaign: str
    average: int
    belongs: bool


class Thresholds(Struct, frozen=True, kw_only=True):
    """From where on something is said, in milli-nats.

    Attributes:
        hostile: harm of a hostile campaign.
        watch: harm of a campaign to watch.
        link: what two groups of accounts share on average if they are taken together.
    """

    hostile: int
    watch: int
    link: int


class Report(Struct, frozen=True, kw_only=True):
    """All that one scan says.

    Attributes:
        schema: `suragh.report/1`.
        campaigns: hostile first, then watch, then authorised; by score within.
        sessions_read: distinct sessions.
        actions_read: distinct actions.
        lines_rejected: records and files that could not be read, all of them.
        withdrawn: what was hostile and no longer is.
        accounts_read: distinct accounts.
        human_turns_read: distinct messages that a person wrote.
        sessions_without_account: sessions for which nothing names an account.
        first_at: first time in the telemetry; empty if there is none.
        last_at: last time in the telemetry.
        since: what became known before was not looked at; empty for no such limit.
        until: what became known after was not looked at; empty for no such limit.
        passed_over: calls, results and messages outside `since` and `until`, doubles counted.
        sources: what was read, in order of name.
        rejected: the first 1,000 of what could not be read.
        rejected_reasons: how often each reason came up.
        apart: sessions with a signal that are in no campaign, at most 500: those that come nearest to one.
        apart_left_out: how many such sessions `apart` leaves out.
        thresholds: from where on something is said.
        notes: what a reader must know: fall-backs taken, caps reached, tables found in the input.
        version: version of Suragh.
        rules: how many rules were used.
        ruleset: SHA-256 over the rules used.
        tactic_names: name of each tactic id used in the report.
    """

    schema: str = SCHEMA
    campaigns: tuple[Campaign, ...]
    sessions_read: int
    actions_read: int
    lines_rejected: int
    withdrawn: tuple[Withdrawn, ...]
    accounts_read: int
    human_turns_read: int
    sessions_without_account: int
    first_at: str
    last_at: str
    since: str
    until: str
    passed_over: int
    sources: tuple[SourceView, ...]
    rejected: tuple[RejectedView, ...]
    rejected_reasons: dict[str, int]
    apart: tuple[Apart, ...]
    apart_left_out: int
    thresholds: Thresholds
    notes: tuple[str, ...]
    version: str
    rules: int
    ruleset: str
    tactic_names: dict[str, str]
