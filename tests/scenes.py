"""Builders of small scans: facts with what was found in them, made by us, and the way from them to a scene."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from suragh.model.fact import Call, Fact, Kinship, Leaf, Ownership, Pointer, Result, Turn
from suragh.model.ids import digest
from suragh.model.instant import NS
from suragh.model.match import Inspection, Level, Match, RuleInfo
from suragh.model.observable import Observable, ObservableKind
from suragh.profile.fold import Fold
from suragh.profile.resolve import Resolver
from suragh.profile.rows import LAYOUTS, Rows, join
from suragh.profile.scene import Scene

EPOCH = 1_764_000_000 * NS


def rule(name: str, level: Level = Level.HIGH, tactic: str = "TA0043", technique: str = "T1595.001") -> RuleInfo:
    """A rule as the judge sees it."""
    return RuleInfo(id=name, name=name, title=f"Title of {name}", level=level, techniques=(technique,), tactics=(tactic,))


RULES = (
    rule("collect", Level.HIGH, "TA0009", "T1005"),
    rule("dump", Level.CRITICAL, "TA0006", "T1003"),
    rule("move", Level.HIGH, "TA0008", "T1021"),
    rule("peek", Level.LOW, "TA0007", "T1083"),
    rule("scan", Level.HIGH, "TA0043", "T1595.001"),
    rule("send", Level.HIGH, "TA0010", "T1567"),
)
CODES = {info.name: number for number, info in enumerate(RULES)}


@dataclass(frozen=True)
class Seen:
    """A fact, and what was found in it."""

    fact: Fact
    found: Inspection = Inspection((), (), 0)


def at(seconds: float) -> int:
    """A time so many seconds after the builders' beginning."""
    return EPOCH + round(seconds * NS)


def observable(value: str, kind: ObservableKind = ObservableKind.HOST) -> Observable:
    """A value seen; a credential is not shown."""
    shown = "" if kind is ObservableKind.CREDENTIAL else value
    return Observable(kind=kind, value=value, shown=shown, leaf="command", start=0, end=1)


def inspection(rules: Sequence[str] = (), keys: Sequence[Observable] = (), outline: int = 0) -> Inspection:
    """What was found: matches of rules, values seen."""
    matches = tuple(Match(rule=name, leaf="command", start=0, end=1) for name in sorted(rules))
    return Inspection(matches=matches, observables=tuple(keys), outline=outline)


def call(
    session: str, seconds: float, *, rules: Sequence[str] = (), keys: Sequence[Observable] = (), name: str = ""
) -> Seen:
    """A call of a session, with what was found in it."""
    native = name or f"{session}@{seconds}"
    fact = Call(
        session=session,
        actor="",
        action=digest("action", native),
        tool="Bash",
        arguments=(Leaf("command", native),),
        known_at=at(seconds),
        pointer=Pointer(0, round(seconds * 10), 10),
        at="",
    )
    return Seen(fact, inspection(rules, keys, outline=digest("outline", session)))


def result(
    session: str, seconds: float, *, of: str, keys: Sequence[Observable] = (), rules: Sequence[str] = ()
) -> Seen:
    """What the call named `of` returned."""
    fact = Result(
        session=session,
        action=digest("action", of),
        texts=(Leaf("", "text"),),
        failed=False,
        known_at=at(seconds),
        pointer=Pointer(0, round(seconds * 10), 10),
        at="",
    )
    return Seen(fact, inspection(rules, keys))


def turn(session: str, seconds: float, text: str = "go on", *, human: bool = True) -> Seen:
    """A message to the agent."""
    where = Pointer(0, round(seconds * 10), 10)
    name = digest("turn", session, str(seconds))
    return Seen(Turn(session=session, turn=name, human=human, text=text, known_at=at(seconds), pointer=where, at=""))


def own(session: str, account: str, seconds: float = 0) -> Seen:
    """A session's account."""
    return Seen(Ownership(session=session, account=account, basis="user.id", known_at=at(seconds)))


def child(session: str, parent: str, seconds: float = 0) -> Seen:
    """A session that another one started."""
    return Seen(Kinship(session=session, parent=parent, known_at=at(seconds)))


def fold(seen: Iterable[Seen]) -> tuple[Fold, dict[str, Rows]]:
    """Fold facts, and take the tables out."""
    made = Fold(CODES)
    for item in seen:
        made.add(item.fact, item.found)
    return made, {layout.name: made.tables[layout.name].take() for layout in LAYOUTS}


def resolver(parts: Iterable[Iterable[Seen]]) -> Resolver:
    """Read parts of a scan apart from one another, and join them."""
    folds = [fold(part) for part in parts]
    whole = Fold(CODES)
    for made, _ in folds:
        whole.sessions |= made.sessions
        for session, owner in made.owners.items():
            whole.owners[session] = min(whole.owners.get(session, owner), owner)
        for session, parent in made.parents.items():
            whole.parents[session] = min(whole.parents.get(session, parent), parent)
        for key, label in made.labels.items():
            whole.labels[key] = min(whole.labels.get(key, label), label)
    tables = {layout.name: join(layout, *(rows[layout.name] for _, rows in folds)) for layout in LAYOUTS}
    return Resolver(whole, lambda name: [tables[name]])


def scene(*parts: Iterable[Seen]) -> Scene:
    """The scene of a scan that was read in parts."""
    return resolver(parts).scene()
