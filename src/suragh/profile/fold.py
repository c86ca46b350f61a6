"""Fold: from facts and what was found in them to rows. Each fact is folded on its own, so that order means nothing."""

from collections.abc import Callable, Container, Mapping, Sequence
from typing import Final

from msgspec import Struct

from suragh.model.fact import Call, Fact, Kinship, Ownership, Result, Turn
from suragh.model.ids import digest
from suragh.model.match import Inspection, Level, Match, RuleInfo
from suragh.model.observable import Observable, ObservableKind
from suragh.profile.keys import COMMAND, PROMPT, Label, claims_authorisation, command_key, prompt_keys
from suragh.profile.rows import HITS, LAYOUTS, POSTINGS, STEPS, TURNS, Table

CALL: Final = 0
RESULT: Final = 1
WAY: Final = 2
"""Parts of an action, and the roles of a key: asked for, returned, or only on the way in. `ssh box 'nmap db'` acts on
db by way of box."""

FAILED: Final = {False: 0, True: 1, None: 2}

KEY_CACHE: Final = 200_000
"""Observables whose key is remembered; then the memory starts anew. Some 30 MB."""

NO_ACTION: Final = 0
"""Stands for the action of a key that a message bears."""

NOTHING: Final = Inspection((), (), 0)


class Owner(Struct, frozen=True, order=True, gc=False):
    """Who a session belongs to. The earliest counts, ties by account."""

    at: int
    account: str
    basis: str


class Fold:
    """What a scan gathers: four tables, the ids and accounts of sessions, and the labels of keys.

    Whoever reads much takes the tables' rows and the labels out from time to time.

    A rule's number in the table of hits is its place among `rules`. Matches of informational rules are context, no
    signals: they are not kept, unless correlations read them.
    """

    def __init__(self, rules: Sequence[RuleInfo], read: Container[str] = frozenset()) -> None:
        self.rule_codes = {
            info.name: number
            for number, info in enumerate(rules)
            if info.level is not Level.INFORMATIONAL or info.name in read
        }
        self.context_codes = frozenset(
            self.rule_codes[info.name]
            for info in rules
            if info.level is Level.INFORMATIONAL and info.name in self.rule_codes
        )
        self.tables = {layout.name: Table(layout) for layout in LAYOUTS}
        self.sessions: dict[int, str] = {}
        self.owners: dict[int, Owner] = {}
        self.parents: dict[int, tuple[int, int]] = {}
        self.labels: dict[int, Label] = {}
        self._ids: dict[str, int] = {}
        self._keys: dict[tuple[ObservableKind, str], int] = {}

    def add(self, fact: Fact, found: Inspection = NOTHING) -> None:
        """Fold one fact; `found` is what was found in a call or a result."""
        match fact:
            case Call():
                self._call(fact, found)
            case Result():
                self._result(fact, found)
            case Turn():
                self._turn(fact)
            case Ownership():
                self._own(fact)
            case Kinship():
                session, parent = self._session(fact.session), self._session(fact.parent)
                known = (fact.known_at, parent)
                self.parents[session] = min(self.parents.get(session, known), known)

    def join(
        self, sessions: Mapping[int, str], owners: Mapping[int, Owner], parents: Mapping[int, tuple[int, int]]
    ) -> None:
        """Take in what another fold knows of sessions; its rows and labels go to where these are kept."""
        self.sessions.update(sessions)
        for session, owner in owners.items():
            self.owners[session] = min(self.owners.get(session, owner), owner)
        for session, known in parents.items():
            self.parents[session] = min(self.parents.get(session, known), known)

    def rest(self) -> None:
        """Let go of what only makes folding fast: some 50 MB of a large scan."""
        self._ids.clear()
        self._keys.clear()

    def _session(self, name: str) -> int:
        known = self._ids.get(name)
        if known is None:
            known = self._ids[name] = digest("session", name)
            self.sessions[known] = name
        return known

    def _call(self, call: Call, found: Inspection) -> None:
        session = self._session(call.session)
        text = digest("text", *(leaf.text for leaf in call.arguments))
        self.tables[STEPS.name].add(call.action, session, call.known_at, CALL, found.outline, text, FAILED[None])
        signals = self._signals(found)
        self._hits(call, session, signals, CALL)
        way = _way(signals)
        add = self.tables[POSTINGS.name].add
        for seen in found.observables:
            add(self._key(seen), session, call.action, call.known_at, WAY if way and way(seen) else CALL)
        texts = {leaf.path: leaf.text for leaf in call.arguments} if signals else {}
        for match in signals:
            key = command_key(texts[match.leaf][match.start : match.end])
            if key is not None:
                self.tables[POSTINGS.name].add(key, session, call.action, call.known_at, CALL)
                self.labels[key] = COMMAND

    def _result(self, result: Result, found: Inspection) -> None:
        session = self._session(result.session)
        failed = FAILED[result.failed]
        self.tables[STEPS.name].add(result.action, session, result.known_at, RESULT, 0, 0, failed)
        self._hits(result, session, self._signals(found), RESULT)
        add = self.tables[POSTINGS.name].add
        for seen in found.observables:
            add(self._key(seen), session, result.action, result.known_at, RESULT)

    def _turn(self, turn: Turn) -> None:
        session = self._session(turn.session)
        claim = claims_authorisation(turn.text)
        where, text = turn.pointer, digest("text", turn.text)
        self.tables[TURNS.name].add(
            turn.turn, session, turn.known_at, turn.human, claim, where.source, where.offset, where.length, text
        )
        for key in prompt_keys(turn.text):
            self.tables[POSTINGS.name].add(key, session, NO_ACTION, turn.known_at, CALL)
            self.labels[key] = PROMPT

    def _own(self, fact: Ownership) -> None:
        session = self._session(fact.session)
        owner = Owner(fact.known_at, fact.account, fact.basis)
        self.owners[session] = min(self.owners.get(session, owner), owner)

    def _hits(self, fact: Call | Result, session: int, signals: Sequence[Match], role: int) -> None:
        table, where = self.tables[HITS.name], fact.pointer
        for code in {self.rule_codes[match.rule] for match in signals}:
            table.add(session, fact.action, fact.known_at, code, role, where.source, where.offset, where.length)

    def _signals(self, found: Inspection) -> list[Match]:
        return [match for match in found.matches if match.rule in self.rule_codes]

    def _key(self, seen: Observable) -> int:
        index = (seen.kind, seen.value)
        key = self._keys.get(index)
        if key is None:
            if len(self._keys) >= KEY_CACHE:
                self._keys.clear()
            key = self._keys[index] = digest(seen.kind, seen.value)
            label = Label(seen.kind, seen.shown)
            self.labels[key] = min(self.labels.get(key, label), label)
        return key


def _way(signals: Sequence[Match]) -> Callable[[Observable], bool] | None:
    """Says which values stand outside all that matched behind a way in; None where something else matched, too.

    A match on the way in itself is nothing else: a container engine may be open to everybody, and still be no more than
    where the work is done from.
    """
    spans = [(match.leaf, match.start, match.end) for match in signals if match.via]
    if not spans or not all(match.via or _encloses(match, spans) for match in signals):
        return None

    def outside(seen: Observable) -> bool:
        return not any(seen.leaf == leaf and start <= seen.start and seen.end <= end for leaf, start, end in spans)

    return outside


def _encloses(match: Match, spans: Sequence[tuple[str, int, int]]) -> bool:
    return any(match.leaf == leaf and match.start <= start and end <= match.end for leaf, start, end in spans)
