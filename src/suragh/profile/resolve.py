"""Resolve: from the tables of a scan to its scene. Reads each table once or twice, piece by piece."""

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from suragh.detect.correlation import Correlation
from suragh.model.instant import DATED_FROM, DAWN, DUSK
from suragh.profile.correlate import Acts, Correlator, Targets
from suragh.profile.dating import Dating
from suragh.profile.drafts import Caps, Draft, Drafter, Signals, made_keys, made_targets
from suragh.profile.fold import CALL, Fold, Owner
from suragh.profile.keys import TARGET_KINDS, Label
from suragh.profile.ledger import Ledger
from suragh.profile.packed import Packed
from suragh.profile.rows import HITS, POSTINGS, STEPS, TURNS, Layout, Rows, dated, listed
from suragh.profile.scene import (
    ACTIONS_KEPT,
    CALL_TIMES_KEPT,
    HIT,
    SAID,
    STEP,
    TIME,
    Hit,
    Profile,
    Said,
    Scene,
    first_hits,
    pack_hits,
)
from suragh.profile.turns import told_again

Pieces: TypeAlias = Callable[[str], Iterable[Rows]]
"""Gives a table, by its layout's name, in canonical pieces ordered by the first column."""

Labels: TypeAlias = Callable[[AbstractSet[int]], Mapping[int, Label]]
"""Gives the labels of keys."""

GENERATIONS: Final = 32
"""How far up the parents of a sub-agent are followed: a loop of parents ends here."""

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


class _Doings:
    """What the sessions with a signal did and were told, while it is gathered."""

    def __init__(self, sessions: npt.NDArray[np.uint64]) -> None:
        self.steps = Ledger(STEP, sessions)
        self.calls = Ledger(TIME, sessions)
        self.said = Ledger(SAID, sessions)

    def settle(self) -> None:
        for ledger in (self.steps, self.calls, self.said):
            ledger.settle()

    def calls_at(self, session: int) -> "array[int]":
        return array("q", self.calls.of(session)[:CALL_TIMES_KEPT].data)


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
        self._hits: dict[int, Packed[Hit]] = {}

    def _pieces(self, layout: Layout) -> Iterator[Rows]:
        """Give a table in pieces; what has no time has that of the same act in another log, once steps were read."""
        return (self._dating.settle(layout, piece) for piece in self._tables(layout.name))

    def scene(self) -> Scene:
        """Read everything and give the scene; `totals` is filled by then."""
        self.fold.rest()
        doings = _Doings(self._signal_sessions())
        self._read_steps(doings)
        self._read_turns(doings.said)
        doings.settle()
        self._read_hits()
        owners = self._owners()
        self._correlate(owners)
        caps = Caps(frozenset(session for session in self._hits if owners[session].account in self.engaged))
        drafter = Drafter(
            signals=Signals(self._hits),
            owners=owners,
            replayed=self._replayed,
            began=lambda session: self._span.of(session)[0],
        )
        for draft in drafter.drafts(self._pieces(POSTINGS)):
            caps.add(draft)
        last = caps.settle()
        profiles = {session: self._profile(session, owners[session], doings) for session in sorted(self._hits)}
        return self._scene(profiles, caps.take(), last)

    def _signal_sessions(self) -> npt.NDArray[np.uint64]:
        found = [np.unique(piece["session"]) for piece in self._tables(HITS.name)]
        return np.concatenate(found) if found else np.empty(0, dtype=np.uint64)

    def _read_steps(self, doings: _Doings) -> None:
        for piece in self._tables(STEPS.name):
            self._dating.learn(piece)
            rows = self._dating.settle(STEPS, self._own(dated(STEPS, piece), "action"))
            self._span.note(rows)
            calls = rows[rows["part"] == CALL]
            self.totals.actions += len(calls)
            self.totals.undated += int((calls["at"] < DATED_FROM).sum())
            doings.calls.add(calls)
            doings.steps.add_first(rows, ACTIONS_KEPT, "action")

    def _own(self, piece: Rows, column: str) -> Rows:
        """The piece without replays: what several sessions show belongs to the one that showed it first."""
        names, sessions = piece[column], piece["session"]
        mixed = np.unique(names[1:][(names[1:] == names[:-1]) & (sessions[1:] != sessions[:-1])])
        if not len(mixed):
            return piece
        doubtful = np.isin(names, mixed)
        first: dict[int, tuple[bool, int, int]] = {}
        for name, session, at, *_ in listed(piece[doubtful]):
            shown = (at < DATED_FROM, at, session)
            first[name] = min(first.get(name, shown), shown)
        drop = np.zeros(len(piece), dtype=bool)
        for index in np.flatnonzero(doubtful).tolist():
            name, session = int(names[index]), int(sessions[index])
            if first[name][-1] != session:
                drop[index] = True
                self._replayed.add((session, name))
        return piece[~drop]

    def _read_turns(self, said: Ledger[Said]) -> None:
        again = told_again(lambda: self._pieces(TURNS))
        for piece in self._pieces(TURNS):
            rows = self._own(piece, "turn")
            self._span.note(rows)
            rows = rows[~np.isin(rows["turn"], again)]
            self.totals.human_turns += int(rows["human"].sum())
            said.add_first(rows, ACTIONS_KEPT, "turn")

    def _read_hits(self) -> None:
        found: dict[int, bytearray] = defaultdict(bytearray)
        for piece in self._pieces(HITS):
            for session, action, at, rule, role, source, offset, length in listed(piece):
                if (session, action) not in self._replayed:
                    found[session] += HIT.pack(at, rule, action, role, source, offset, length)
        self._hits = {session: Packed(HIT, bytes(found.pop(session))) for session in sorted(found)}

    def _correlate(self, owners: Mapping[int, Owner]) -> None:
        aimed = self.correlator.aimed(self._hits)
        names = {session: (self.fold.sessions[session], owners[session].account) for session in self._hits}
        kept = self.correlator.apply(self._hits, names, self._aims(aimed) if aimed else {})
        self._hits = {session: pack_hits(own) for session, own in kept}

    def _aims(self, acts: Acts) -> Targets:
        """The systems that calls name, with the time of the call."""
        actions = np.array(sorted({action for _, action in acts}), dtype=np.uint64)
        keys: dict[tuple[int, int], list[int]] = defaultdict(list)
        known: dict[tuple[int, int], int] = {}
        for piece in self._pieces(POSTINGS):
            rows = piece[np.isin(piece["action"], actions) & (piece["role"] == CALL)]
            for key, session, action, at, _ in listed(rows):
                if (session, action) in acts:
                    keys[session, action].append(key)
                    known[session, action] = max(at, known.get((session, action), at))
        labels = self.labels({key for own in keys.values() for key in own})
        named = {key: label.shown or f"{key:016x}" for key, label in labels.items() if label.kind in TARGET_KINDS}
        return {
            act: (known[act], tuple(sorted(named[key] for key in own if key in named))) for act, own in keys.items()
        }

    def _owners(self) -> dict[int, Owner]:
        """Who every session that was read belongs to; a sub-agent belongs to whom its parent does."""
        read = set(self._span.ids[self._span.last >= self._span.first].tolist())
        found = {session: self._owner(session) for session in self.fold.sessions if session in read}
        self.totals.sessions = len(found)
        self.totals.accounts = len({owner.account for owner in found.values()})
        self.totals.without_account = sum(owner.basis == SESSION_BASIS for owner in found.values())
        self.totals.first_at, self.totals.last_at = self._span.dated or (None, None)
        return found

    def _owner(self, session: int) -> Owner:
        for _ in range(GENERATIONS):
            owner = self.fold.owners.get(session)
            if owner:
                return owner
            parent = self.fold.parents.get(session)
            if parent is None:
                break
            session = parent[1]
        return Owner(DAWN, self.fold.sessions[session], SESSION_BASIS)

    def _profile(self, session: int, owner: Owner, doings: _Doings) -> Profile:
        first, last = self._span.of(session)
        hits = self._hits.pop(session)
        kept = hits if owner.account in self.engaged else pack_hits(first_hits(hits))
        return Profile(
            session=session,
            name=self.fold.sessions[session],
            account=owner.account,
            basis=owner.basis,
            parent=self.fold.parents.get(session, (0, 0))[1],
            hits=kept,
            steps=doings.steps.of(session),
            calls_at=doings.calls_at(session),
            said=doings.said.of(session),
            first_at=first,
            last_at=max(last, kept[-1].at),
        )

    def _scene(self, profiles: dict[int, Profile], drafts: list[Draft], last: Mapping[int, tuple[int, int]]) -> Scene:
        labels = self.labels({draft.key for draft in drafts})
        engaged = {session for session, profile in profiles.items() if profile.account in self.engaged}
        targets = made_targets(drafts, labels, engaged)
        keys = made_keys(drafts, labels, last, profiles, self.engaged)
        return Scene(profiles=profiles, keys=keys, capped={s: at for s, (at, _) in last.items()}, targets=targets)
