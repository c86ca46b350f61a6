"""Builders of small scans: facts with what was found in them, made by us, and the way from them to a scene."""

from array import array
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from msgspec import structs

from suragh.detect.correlation import Correlation, read_fields
from suragh.judge.campaign import Context, make_campaign
from suragh.judge.engagement import Split, split
from suragh.judge.findings import Findings, judge
from suragh.judge.group import Group, make_group
from suragh.link.cluster import clusters
from suragh.link.graph import Graph
from suragh.link.reasons import credential_names
from suragh.model.engagement import Engagement
from suragh.model.fact import Call, Fact, Kinship, Leaf, Ownership, Pointer, Result, Turn
from suragh.model.ids import digest
from suragh.model.instant import NS
from suragh.model.match import Inspection, Level, Match, RuleInfo
from suragh.model.observable import Observable, ObservableKind
from suragh.model.report import Campaign
from suragh.profile.fold import CALL, FAILED, NOTHING, Fold
from suragh.profile.resolve import Resolver
from suragh.profile.rows import LAYOUTS, Rows, join
from suragh.profile.scene import ACCOUNTS_KEPT, Hit, Key, Posting, Profile, Said, Scene, Step
from suragh.read.identity import turn_id

EPOCH = 1_764_000_000 * NS


def rule(name: str, level: Level = Level.HIGH, tactic: str = "TA0043", technique: str = "T1595.001") -> RuleInfo:
    """A rule as the judge sees it."""
    return RuleInfo(
        id=name, name=name, title=f"Title of {name}", level=level, techniques=(technique,), tactics=(tactic,)
    )


RULES = (
    rule("collect", Level.HIGH, "TA0009", "T1005"),
    rule("count", Level.INFORMATIONAL, "TA0007", "T1083"),
    rule("dump", Level.CRITICAL, "TA0006", "T1003"),
    rule("hand-over", Level.LOW, "TA0042", "T1683"),
    rule("move", Level.HIGH, "TA0008", "T1021"),
    rule("peek", Level.LOW, "TA0007", "T1083"),
    rule("probe", Level.MEDIUM, "TA0007", "T1046"),
    rule("scan", Level.HIGH, "TA0043", "T1595.001"),
    rule("send", Level.HIGH, "TA0010", "T1567"),
)
CODES = {info.name: number for number, info in enumerate(RULES)}


@dataclass(frozen=True)
class Seen:
    """A fact, and what was found in it."""

    fact: Fact
    found: Inspection = NOTHING


def at(seconds: float) -> int:
    """A time so many seconds after the builders' beginning."""
    return EPOCH + round(seconds * NS)


UNDATED = -EPOCH / NS
"""Seconds at which no time is known: from here on only the order of things is."""


def observable(value: str, kind: ObservableKind = ObservableKind.HOST) -> Observable:
    """A value seen; a credential is not shown."""
    shown = "" if kind is ObservableKind.CREDENTIAL else value
    return Observable(kind=kind, value=value, shown=shown, leaf="command", start=0, end=1)


def inspection(
    rules: Sequence[str] = (), keys: Sequence[Observable] = (), outline: int = 0, end: int = 1
) -> Inspection:
    """What was found: matches of rules, values seen."""
    matches = tuple(Match(rule=name, leaf="command", start=0, end=end) for name in sorted(rules))
    return Inspection(matches=matches, observables=tuple(keys), outline=outline)


def call(
    session: str,
    seconds: float,
    *,
    rules: Sequence[str] = (),
    keys: Sequence[Observable] = (),
    name: str = "",
    text: str = "",
) -> Seen:
    """A call of a session, with what was found in it; its matches span the whole text."""
    native = name or f"{session}@{seconds}"
    text = text or native
    fact = Call(
        session=session,
        actor="",
        action=digest("action", native),
        tool="Bash",
        arguments=(Leaf("command", text),),
        known_at=at(seconds),
        pointer=Pointer(0, round(seconds * 10), 10),
        at="",
    )
    return Seen(fact, inspection(rules, keys, outline=digest("outline", session), end=len(text)))


def remote(
    session: str, seconds: float, box: Observable, *, rules: Sequence[str] = (), keys: Sequence[Observable] = ()
) -> Seen:
    """A call by way of a box: its matches and the other values stand in what runs there."""
    made = call(session, seconds, rules=rules, text="ssh box 'a command'")
    inner = tuple(structs.replace(seen, start=9, end=10) for seen in keys)
    matches = tuple(structs.replace(match, start=8, via=("ssh",)) for match in made.found.matches)
    seen = (structs.replace(box, start=4, end=7), *inner)
    return Seen(made.fact, structs.replace(made.found, matches=matches, observables=seen))


def result(
    session: str,
    seconds: float,
    *,
    of: str,
    keys: Sequence[Observable] = (),
    rules: Sequence[str] = (),
    failed: bool | None = False,
) -> Seen:
    """What the call named `of` returned."""
    fact = Result(
        session=session,
        action=digest("action", of),
        texts=(Leaf("", "text"),),
        failed=failed,
        known_at=at(seconds),
        pointer=Pointer(0, round(seconds * 10), 10),
        at="",
    )
    return Seen(fact, inspection(rules, keys))


def turn(session: str, seconds: float, text: str = "go on", *, human: bool = True) -> Seen:
    """A message to the agent."""
    where = Pointer(0, round(seconds * 10), 10)
    name = turn_id(session, str(seconds), text)
    return Seen(Turn(session=session, turn=name, human=human, text=text, known_at=at(seconds), pointer=where, at=""))


def own(session: str, account: str, seconds: float = 0) -> Seen:
    """A session's account."""
    return Seen(Ownership(session=session, account=account, basis="user.id", known_at=at(seconds)))


def child(session: str, parent: str, seconds: float = 0) -> Seen:
    """A session that another one started."""
    return Seen(Kinship(session=session, parent=parent, known_at=at(seconds)))


def bare(seen: Seen, nth: int) -> Seen:
    """The same as a log shows it that has no times, as the nth of its records."""
    return Seen(structs.replace(seen.fact, known_at=nth), seen.found)


def fold(
    seen: Iterable[Seen], rules: Sequence[RuleInfo] = RULES, read: Container[str] = frozenset()
) -> tuple[Fold, dict[str, Rows]]:
    """Fold facts, and take the tables out; `read` are the names of rules that correlations read."""
    made = Fold(rules, read)
    for item in seen:
        made.add(item.fact, item.found)
    return made, {layout.name: made.tables[layout.name].take() for layout in LAYOUTS}


def resolver(
    parts: Iterable[Iterable[Seen]],
    engaged: Iterable[str] = (),
    rules: Sequence[RuleInfo] = RULES,
    correlations: Sequence[Correlation] = (),
) -> Resolver:
    """Read parts of a scan apart from one another, and join them; `engaged` are the accounts of engagements."""
    known = (*rules, *[one.info for one in correlations])
    read = read_fields(correlations)
    folds = [fold(part, known, read) for part in parts]
    whole = Fold(known, read)
    for made, _ in folds:
        whole.join(made.sessions, made.owners, made.parents)
        for known, label in made.labels.items():
            whole.labels[known] = min(whole.labels.get(known, label), label)
    tables = {layout.name: join(layout, *(rows[layout.name] for _, rows in folds)) for layout in LAYOUTS}
    return Resolver(whole, lambda name: [tables[name]], lambda _: whole.labels, frozenset(engaged), correlations)


def scene(
    *parts: Iterable[Seen],
    engaged: Iterable[str] = (),
    rules: Sequence[RuleInfo] = RULES,
    correlations: Sequence[Correlation] = (),
) -> Scene:
    """The scene of a scan that was read in parts."""
    return resolver(parts, engaged, rules, correlations).scene()


def hit(seconds: float, name: str, *, action: str = "", role: int = CALL) -> Hit:
    """A match of a rule, in the call or the result of an action; one action an instant unless it is named."""
    number = digest("action", action or str(seconds))
    return Hit(at(seconds), CODES[name], number, role, 0, round(seconds * 10), 10)


def profile(
    name: str,
    *,
    hits: Iterable[Hit] = (),
    calls: Iterable[float] = (),
    steps: Iterable[Step] = (),
    said: Iterable[tuple[float, bool]] = (),
    account: str = "",
) -> Profile:
    """What is kept of a session, without a scan; `said` holds (seconds, whether a person wrote it).

    Unless steps are given, each call is one of its own; unless calls are given, they are those of the steps.
    """
    known, done = tuple(sorted(hits)), sorted(steps)
    asked = sorted(at(seconds) for seconds in calls) or [step.at for step in done if step.part == CALL]
    calls_at = array("q", asked)
    told = tuple(Said(at(seconds), number, human, claim=False) for number, (seconds, human) in enumerate(said))
    times = [*calls_at, *(found.at for found in known), *(message.at for message in told)] or [at(0)]
    return Profile(
        session=digest("session", name),
        name=name,
        account=account or name,
        basis="user.id",
        parent=0,
        hits=known,
        steps=tuple(done or (Step(time, n, CALL, n, n, FAILED[None]) for n, time in enumerate(calls_at))),
        calls_at=calls_at,
        said=told,
        first_at=min(times),
        last_at=max(times),
    )


def key(
    value: str,
    postings: Iterable[tuple[float, str, int]],
    *,
    kind: str = "host",
    accounts_at: Iterable[float] = (),
    shown: str | None = None,
) -> Key:
    """A key that sessions show at times in roles; `accounts_at` as in the noun, one account a posting if not given."""
    made = tuple(sorted(Posting(at(seconds), digest("session", session), role) for seconds, session, role in postings))
    times = sorted(at(seconds) for seconds in accounts_at) or [posting.at for posting in made]
    return Key(
        key=digest(kind, value),
        kind=kind,
        shown=value if shown is None else shown,
        postings=made,
        accounts_at=tuple(times),
    )


def bystanders(number: int, seconds: float = 1, first: int = 0) -> list[Seen]:
    """So many accounts that do ordinary things, all at one moment."""
    return [
        item
        for n in range(first, first + number)
        for item in (own(f"o{n}", f"other{n}"), call(f"o{n}", seconds, name=f"o{n}"))
    ]


def crowd(shared: Observable, seconds: float, number: int = ACCOUNTS_KEPT + 1) -> list[Seen]:
    """Accounts that all show one value at one moment, none in an action with a signal."""
    return [
        item
        for n in range(number)
        for item in (own(f"c{n}", f"crowd{n}"), call(f"c{n}", seconds, keys=[shared], name=f"c{n}{shared.value}"))
    ]


def divided(shared: Observable) -> list[Seen]:
    """An operation of three accounts that share one value: hostile together, none of them by itself."""
    acts = {"a": ("dump", "send"), "b": ("scan", "collect"), "c": ("move", "probe")}
    return [
        item
        for n, (name, rules) in enumerate(acts.items())
        for item in (
            own(name, f"account of {name}"),
            *(call(name, 10 * n + k + 1, rules=[act], keys=[shared]) for k, act in enumerate(rules)),
        )
    ]


def judged(
    found: Scene, engagements: Sequence[Engagement] = (), rules: Sequence[RuleInfo] = RULES
) -> tuple[Split, Findings]:
    """Take out of a scene what was authorised, and judge the rest."""
    parts = split(found, engagements)
    return parts, judge(parts, engagements, rules)


def groups_afresh(whole: Scene, time: int) -> list[Group]:
    """The groups of a time, in order of their first account: made of all that was known then, without a sweep."""
    cut = whole.until(time)
    graph = Graph(cut.keys)
    for known in cut.keys:
        for _ in known.accounts_at:
            graph.see_account_of(known.key)
        for posting in known.postings:
            graph.see_posting(known.key, cut.profiles[posting.session].account, posting)
    profiles: dict[str, list[Profile]] = {}
    for found in cut.profiles.values():
        profiles.setdefault(found.account, []).append(found)
    together = {cluster for account in profiles for cluster in clusters(graph, account)}
    groups = (make_group(cluster, profiles, graph, RULES, time) for cluster in sorted(together))
    return [group for group in groups if group]


def context(found: Scene, engagements: Sequence[Engagement] = ()) -> tuple[Context, Findings]:
    """What campaigns are made with, and what they are made from."""
    parts, findings = judged(found, engagements)
    names = credential_names((finding.group.sessions for finding in findings.standing), found.keys)
    sessions = {number: seen.name for number, seen in found.profiles.items()}
    made = Context(
        split=parts, whole=found, rules=RULES, engagements=tuple(engagements), names=names, sessions=sessions
    )
    return made, findings


def campaigns(found: Scene, engagements: Sequence[Engagement] = ()) -> list[Campaign]:
    """The campaigns of a scene as the report shows them, without fetched evidence."""
    made, findings = context(found, engagements)
    return [make_campaign(finding, made, ()) for finding in findings.standing]


def engagement(
    *targets: str, accounts: Iterable[str], name: str = "E-1", start: float = 0, end: float = 10_000
) -> Engagement:
    """Authorised work."""
    return Engagement(
        id=name,
        issuer="Example Security",
        contact="soc@example.com",
        accounts=frozenset(accounts),
        targets=targets,
        not_before=at(start),
        not_after=at(end),
    )
