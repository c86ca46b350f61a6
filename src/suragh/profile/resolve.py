"""Resolve: from the tables of a scan to its scene. Reads each table once or twice, piece by piece."""

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from suragh.detect.correlation import Correlation
from suragh.model.instant import DATED_FROM, DUSK
from suragh.profile.correlate import Acts, Correlator, Targets
from suragh.profile.dating import Dating
from suragh.profile.fold import CALL, NO_ACTION, RESULT, WAY, Fold
from suragh.profile.keys import TARGET_KINDS, Label
from suragh.profile.rows import HITS, POSTINGS, STEPS, TURNS, Layout, Rows, dated
from suragh.profile.scene import (
    ACTIONS_KEPT,
    CALL_TIMES_KEPT,
    KEYS_KEPT,
    Hit,
    Key,
    Posting,
    Profile,
    Said,
    Scene,
    Step,
    first_hits,
    make_key,
)
from suragh.profile.turns import told_again

Pieces: TypeAlias = Callable[[str], Iterable[Rows]]
"""Gives a table, by its layout's name, in canonical pieces ordered by the first column."""

Labels: TypeAlias = Callable[[AbstractSet[int]], Mapping[int, Label]]
"""Gives the labels of keys."""

GENERATIONS: Final = 32
"""How far up the parents of a sub-agent are followed: a loop of parents ends here."""

LISTED: Final = 1 << 14
"""Rows made into numbers of Python at a time."""

SESSION_BASIS: Final = "session"


@dataclass(slots=True)
class Totals:
    """What was read, counted once.

    Attributes:
        undated: actions without a time.
        first_at: the first time that is one; None if there is none.
        last_at: the last one.
    """

    sessions: int = 0
    actions: int = 0
    undated: int = 0
    human_turns: int = 0
    accounts: int = 0
    without_account: int = 0
    first_at: int | None = None
    last_at: int | None = None


@dataclass(slots=True)
class _Span:
    """First and last time of each session, by position in `ids`, and of all that has a time."""

    ids: npt.NDArray[np.uint64]
    first: npt.NDArray[np.int64] = field(init=False)
    last: npt.NDArray[np.int64] = field(init=False)
    dated: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        ends = np.iinfo(np.int64)
        self.first = np.full(len(self.ids), ends.max, dtype=np.int64)
        self.last = np.full(len(self.ids), ends.min, dtype=np.int64)

    def note(self, rows: Rows) -> None:
        place = np.searchsorted(self.ids, rows["session"])
        np.minimum.at(self.first, place, rows["at"])
        np.maximum.at(self.last, place, rows["at"])
        times = rows["at"][rows["at"] >= DATED_FROM]
        if len(times):
            first, last = self.dated or (DUSK, DATED_FROM)
            self.dated = min(first, int(times.min())), max(last, int(times.max()))

    def of(self, session: int) -> tuple[int, int]:
        place = int(np.searchsorted(self.ids, np.uint64(session)))
        return int(self.first[place]), int(self.last[place])


class Resolver:
    """One reading of the tables.

    `engaged` names the accounts of engagements: of these every match is kept, and the systems that each act names, so
    that what is authorised can be told apart from what is not.
    """

    def __init__(
        self,
        fold: Fold,
        pieces: Pieces,
        labels: Labels,
        engaged: AbstractSet[str] = frozenset(),
        correlations: Sequence[Correlation] = (),
    ) -> None:
        self.fold = fold
        self._tables = pieces
        self.labels = labels
        self.engaged = engaged
        self.correlator = Correlator(correlations=correlations, codes=fold.rule_codes, context=fold.context_codes)
        self.totals = Totals()
        self._dating = Dating()
        self._span = _Span(np.array(sorted(fold.sessions), dtype=np.uint64))
        self._replayed: set[tuple[int, int]] = set()
        self._steps: dict[int, list[Step]] = defaultdict(list)
        self._calls_at: dict[int, array[int]] = defaultdict(lambda: array("q"))
        self._said: dict[int, list[Said]] = defaultdict(list)
        self._hits: dict[int, list[Hit]] = defaultdict(list)

    def _pieces(self, layout: Layout) -> Iterator[Rows]:
        """Give a table in pieces; what has no time has that of the same act in another log, once steps were read."""
        return (self._dating.settle(layout, piece) for piece in self._tables(layout.name))

    def scene(self) -> Scene:
        """Read everything and give the scene; `totals` is filled by then."""
        signal = self._signal_sessions()
        self._read_steps(signal)
        self._read_turns(signal)
        self._read_hits()
        owners = self._owners()
        self._correlate(owners)
        caps = _Caps(frozenset(session for session in self._hits if owners[session][0] in self.engaged))
        for draft in self._drafts(owners):
            caps.add(draft)
        drafts = list(caps.drafts.values())
        labels = self.labels({draft.key for draft in drafts})
        profiles = {session: self._profile(session, owners) for session in sorted(self._hits)}
        last = caps.last()
        keys = self._keys(drafts, labels, owners, last)
        capped = {session: at for session, (at, _) in last.items()}
        return Scene(profiles=profiles, keys=keys, capped=capped, targets=self._targets(drafts, labels, owners))

    def _signal_sessions(self) -> npt.NDArray[np.uint64]:
        found = [np.unique(piece["session"]) for piece in self._tables(HITS.name)]
        return np.concatenate(found) if found else np.empty(0, dtype=np.uint64)

    def _read_steps(self, signal: npt.NDArray[np.uint64]) -> None:
        seen: dict[int, set[int]] = defaultdict(set)
        for piece in self._tables(STEPS.name):
            self._dating.learn(piece)
            rows = self._dating.settle(STEPS, self._own(dated(STEPS, piece), "action"))
            self._span.note(rows)
            calls_at = rows["at"][rows["part"] == CALL]
            self.totals.actions += len(calls_at)
            self.totals.undated += int((calls_at < DATED_FROM).sum())
            for action, session, at, part, outline, text, failed in rows[np.isin(rows["session"], signal)].tolist():
                if part == CALL:
                    self._calls_at[session].append(at)
                kept = seen[session]
                if action in kept or len(kept) < ACTIONS_KEPT:
                    kept.add(action)
                    self._steps[session].append(Step(at, action, part, outline, text, failed))

    def _own(self, piece: Rows, column: str) -> Rows:
        """The piece without replays: what several sessions show belongs to the one that showed it first."""
        names, sessions = piece[column], piece["session"]
        mixed = np.unique(names[1:][(names[1:] == names[:-1]) & (sessions[1:] != sessions[:-1])])
        if not len(mixed):
            return piece
        doubtful = np.isin(names, mixed)
        first: dict[int, tuple[bool, int, int]] = {}
        for name, session, at, *_ in piece[doubtful].tolist():
            shown = (at < DATED_FROM, at, session)
            first[name] = min(first.get(name, shown), shown)
        drop = np.zeros(len(piece), dtype=bool)
        for index in np.flatnonzero(doubtful).tolist():
            name, session = int(names[index]), int(sessions[index])
            if first[name][-1] != session:
                drop[index] = True
                self._replayed.add((session, name))
        return piece[~drop]

    def _read_turns(self, signal: npt.NDArray[np.uint64]) -> None:
        again = told_again(lambda: self._pieces(TURNS))
        for piece in self._pieces(TURNS):
            rows = self._own(piece, "turn")
            self._span.note(rows)
            rows = rows[~np.isin(rows["turn"], again)]
            self.totals.human_turns += int(rows["human"].sum())
            for turn, session, at, human, claim, *_ in rows[np.isin(rows["session"], signal)].tolist():
                if len(self._said[session]) < ACTIONS_KEPT:
                    self._said[session].append(Said(at, turn, bool(human), bool(claim)))

    def _read_hits(self) -> None:
        for piece in self._pieces(HITS):
            for session, action, at, rule, role, source, offset, length in piece.tolist():
                if (session, action) not in self._replayed:
                    self._hits[session].append(Hit(at, rule, action, role, source, offset, length))

    def _correlate(self, owners: Mapping[int, tuple[str, str]]) -> None:
        aimed = self.correlator.aimed(self._hits)
        names = {session: (self.fold.sessions[session], owners[session][0]) for session in self._hits}
        self._hits = self.correlator.apply(self._hits, names, self._aims(aimed) if aimed else {})

    def _aims(self, acts: Acts) -> Targets:
        """The systems that calls name, with the time of the call."""
        actions = np.array(sorted({action for _, action in acts}), dtype=np.uint64)
        keys: dict[tuple[int, int], list[int]] = defaultdict(list)
        known: dict[tuple[int, int], int] = {}
        for piece in self._pieces(POSTINGS):
            rows = piece[np.isin(piece["action"], actions) & (piece["role"] == CALL)]
            for key, session, action, at, _ in rows.tolist():
                if (session, action) in acts:
                    keys[session, action].append(key)
                    known[session, action] = max(at, known.get((session, action), at))
        labels = self.labels({key for own in keys.values() for key in own})
        named = {key: label.shown or f"{key:016x}" for key, label in labels.items() if label.kind in TARGET_KINDS}
        return {
            act: (known[act], tuple(sorted(named[key] for key in own if key in named))) for act, own in keys.items()
        }

    def _owners(self) -> dict[int, tuple[str, str]]:
        """Account and basis of every session that was read; a sub-agent's is its parent's."""
        read = self._span.last >= self._span.first
        found = {int(session): self._owner(int(session)) for session in self._span.ids[read]}
        self.totals.sessions = len(found)
        self.totals.accounts = len({account for account, _ in found.values()})
        self.totals.without_account = sum(basis == SESSION_BASIS for _, basis in found.values())
        self.totals.first_at, self.totals.last_at = self._span.dated or (None, None)
        return found

    def _owner(self, session: int) -> tuple[str, str]:
        for _ in range(GENERATIONS):
            owner = self.fold.owners.get(session)
            if owner:
                return owner.account, owner.basis
            parent = self.fold.parents.get(session)
            if parent is None:
                break
            session = parent[1]
        return self.fold.sessions[session], SESSION_BASIS

    def _profile(self, session: int, owners: Mapping[int, tuple[str, str]]) -> Profile:
        account, basis = owners[session]
        first, last = self._span.of(session)
        hits = tuple(sorted(self._hits[session]))
        kept = hits if account in self.engaged else first_hits(hits)
        return Profile(
            session=session,
            name=self.fold.sessions[session],
            account=account,
            basis=basis,
            parent=self.fold.parents.get(session, (0, 0))[1],
            hits=kept,
            steps=tuple(sorted(self._steps.get(session, ()))),
            calls_at=array("q", sorted(self._calls_at[session])[:CALL_TIMES_KEPT]),
            said=tuple(sorted(self._said.get(session, ()))),
            first_at=first,
            last_at=max(last, kept[-1].at),
        )

    def _drafts(self, owners: Mapping[int, tuple[str, str]]) -> "Iterator[_Draft]":
        """The keys that an action with a signal bears, or a message of a session with one, and who else has them."""
        signal_at = {session: min(hits).at for session, hits in self._hits.items()}
        acted_at: dict[tuple[int, int], int] = {}
        for session, hits in self._hits.items():
            for hit in hits:
                index = (session, hit.action)
                acted_at[index] = min(acted_at.get(index, hit.at), hit.at)
            acted_at[(session, NO_ACTION)] = signal_at[session]
        actions = np.array(sorted({action for _, action in acted_at}), dtype=np.uint64)
        sessions = np.array(sorted(signal_at), dtype=np.uint64)
        for piece in self._pieces(POSTINGS):
            bearing = np.isin(piece["action"], actions) & np.isin(piece["session"], sessions)
            wanted = np.isin(piece["key"], np.unique(piece["key"][bearing]))
            yield from self._gathered(piece[wanted], acted_at, owners)

    def _gathered(
        self, rows: Rows, acted_at: Mapping[tuple[int, int], int], owners: Mapping[int, tuple[str, str]]
    ) -> "Iterator[_Draft]":
        draft = _Draft(0)
        for key, session, action, at, role in _listed(rows):
            if session not in owners or (session, action) in self._replayed:
                continue
            if key != draft.key:
                if draft.acts:
                    yield draft
                draft = _Draft(key)
            # A replayed message is its session's from the first thing on that is the session's own.
            shown_at = at if action != NO_ACTION else max(at, self._span.of(session)[0])
            draft.seen(owners[session][0], shown_at)
            known = acted_at.get((session, action))
            if known is not None:
                # A key links from the moment at which its action, or its message's session, has a signal.
                draft.acts.append((max(shown_at, known), session, role, action))
        if draft.acts:
            yield draft

    def _keys(
        self,
        drafts: "list[_Draft]",
        labels: Mapping[int, Label],
        owners: Mapping[int, tuple[str, str]],
        last: Mapping[int, tuple[int, int]],
    ) -> tuple[Key, ...]:
        capped = {session: owners[session][0] for session in self._hits if owners[session][0] not in self.engaged}
        keys = (
            make_key(
                draft.key,
                labels[draft.key],
                (p for p in draft.postings() if p.session not in last or (p.at, draft.key) <= last[p.session]),
                draft.first.values(),
                capped,
            )
            for draft in drafts
        )
        return tuple(key for key in keys if key.postings)

    def _targets(
        self, drafts: "list[_Draft]", labels: Mapping[int, Label], owners: Mapping[int, tuple[str, str]]
    ) -> dict[tuple[int, int], tuple[tuple[str, bool], ...]]:
        if not self.engaged:
            return {}
        found: dict[tuple[int, int], set[tuple[str, bool]]] = defaultdict(set)
        for draft in drafts:
            label = labels[draft.key]
            if label.kind in TARGET_KINDS and label.shown:
                for _, session, role, action in draft.acts:
                    if role != RESULT and owners[session][0] in self.engaged:
                        found[(session, action)].add((label.shown, role == WAY))
        return {act: tuple(sorted(names)) for act, names in found.items()}


def _listed(rows: Rows) -> Iterator[tuple[int, ...]]:
    """Give rows as numbers of Python, some at a time: these take ten times as much memory."""
    for start in range(0, len(rows), LISTED):
        yield from rows[start : start + LISTED].tolist()


@dataclass(slots=True)
class _Draft:
    """A key while it is gathered: who had it first, and the acts with a signal: (time, session, role, action)."""

    key: int
    acts: list[tuple[int, int, int, int]] = field(default_factory=list)
    first: dict[str, int] = field(default_factory=dict)

    def seen(self, account: str, at: int) -> None:
        self.first[account] = min(self.first.get(account, at), at)

    def postings(self) -> Iterator[Posting]:
        return (Posting(at, session, role, action) for at, session, role, action in self.acts)


class _Caps:
    """Drafts, of which each session keeps its first `KEYS_KEPT`: what no session keeps is let go at once.

    The sessions of accounts with an engagement let nothing go: it must be known of each act what it was aimed at.
    """

    def __init__(self, engaged: AbstractSet[int]) -> None:
        self.drafts: dict[int, _Draft] = {}
        self._engaged = engaged
        self._kept: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self._over: set[int] = set()

    def add(self, draft: _Draft) -> None:
        self.drafts[draft.key] = draft
        times: dict[int, int] = {}
        for at, session, *_ in draft.acts:
            times[session] = min(times.get(session, at), at)
        for session, at in times.items():
            kept = self._kept[session]
            # negative, since the heap's first is its least, and the latest is what goes
            heappush(kept, (-at, -draft.key))
            if len(kept) > KEYS_KEPT:
                self._over.add(session)
                self._let_go(session, -heappop(kept)[1])

    def _let_go(self, session: int, key: int) -> None:
        if session in self._engaged:
            return
        draft = self.drafts[key]
        draft.acts = [act for act in draft.acts if act[1] != session]
        if not draft.acts:
            del self.drafts[key]

    def last(self) -> dict[int, tuple[int, int]]:
        """Time and hash of the last key that counts, of sessions that show more keys than are kept."""
        return {session: (-self._kept[session][0][0], -self._kept[session][0][1]) for session in self._over}
