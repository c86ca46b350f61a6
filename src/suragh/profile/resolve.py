"""Resolve: from the tables of a scan to its scene. Reads each table once, piece by piece."""

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from suragh.profile.fold import CALL, Fold
from suragh.profile.keys import KIND_OF_CODE, Label
from suragh.profile.rows import HITS, POSTINGS, STEPS, TURNS, Rows
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

Pieces: TypeAlias = Callable[[str], Iterable[Rows]]
"""Gives a table, by its layout's name, in canonical pieces ordered by the first column."""

GENERATIONS: Final = 32
"""How far up the parents of a sub-agent are followed: a loop of parents ends here."""

SESSION_BASIS: Final = "session"


@dataclass(slots=True)
class Totals:
    """What was read, counted once."""

    sessions: int = 0
    actions: int = 0
    human_turns: int = 0
    accounts: int = 0
    without_account: int = 0
    first_at: int | None = None
    last_at: int | None = None


@dataclass(slots=True)
class _Span:
    """First and last time of each session, by position in `ids`."""

    ids: npt.NDArray[np.uint64]
    first: npt.NDArray[np.int64] = field(init=False)
    last: npt.NDArray[np.int64] = field(init=False)

    def __post_init__(self) -> None:
        ends = np.iinfo(np.int64)
        self.first = np.full(len(self.ids), ends.max, dtype=np.int64)
        self.last = np.full(len(self.ids), ends.min, dtype=np.int64)

    def note(self, rows: Rows) -> None:
        place = np.searchsorted(self.ids, rows["session"])
        np.minimum.at(self.first, place, rows["at"])
        np.maximum.at(self.last, place, rows["at"])

    def at(self, session: int) -> int:
        return int(np.searchsorted(self.ids, np.uint64(session)))


class Resolver:
    """One reading of the tables."""

    def __init__(self, fold: Fold, pieces: Pieces) -> None:
        self.fold = fold
        self.pieces = pieces
        self.totals = Totals()
        self._span = _Span(np.array(sorted(fold.sessions), dtype=np.uint64))
        self._replayed: set[tuple[int, int]] = set()
        self._steps: dict[int, list[Step]] = defaultdict(list)
        self._calls_at: dict[int, array[int]] = defaultdict(lambda: array("q"))
        self._said: dict[int, list[Said]] = defaultdict(list)
        self._hits: dict[int, tuple[Hit, ...]] = {}

    def scene(self) -> Scene:
        """Read everything and give the scene; `totals` is filled by then."""
        signal = self._signal_sessions()
        self._read_steps(signal)
        self._read_turns(signal)
        self._read_hits()
        owners = self._owners()
        profiles = {session: self._profile(session, owners) for session in sorted(self._hits) if self._hits[session]}
        keys, capped = self._read_keys(profiles, owners)
        return Scene(profiles=profiles, keys=keys, capped=capped)

    def _signal_sessions(self) -> npt.NDArray[np.uint64]:
        found = [np.unique(piece["session"]) for piece in self.pieces(HITS.name)]
        return np.concatenate(found) if found else np.empty(0, dtype=np.uint64)

    def _read_steps(self, signal: npt.NDArray[np.uint64]) -> None:
        seen: dict[int, set[int]] = defaultdict(set)
        for piece in self.pieces(STEPS.name):
            rows = self._own_steps(piece)
            self._span.note(rows)
            calls = rows[rows["part"] == CALL]
            self.totals.actions += len(calls)
            for action, session, at, part, outline, text, failed in rows[np.isin(rows["session"], signal)].tolist():
                if part == CALL:
                    self._calls_at[session].append(at)
                kept = seen[session]
                if action in kept or len(kept) < ACTIONS_KEPT:
                    kept.add(action)
                    self._steps[session].append(Step(at, action, part, outline, text, failed))

    def _own_steps(self, piece: Rows) -> Rows:
        """The piece without replays: an action that several sessions show belongs to the one that showed it first."""
        actions, sessions = piece["action"], piece["session"]
        mixed = np.unique(actions[1:][(actions[1:] == actions[:-1]) & (sessions[1:] != sessions[:-1])])
        if not len(mixed):
            return piece
        doubtful = np.isin(actions, mixed)
        first: dict[int, tuple[int, int]] = {}
        for action, session, at, *_ in piece[doubtful].tolist():
            first[action] = min(first.get(action, (at, session)), (at, session))
        drop = np.zeros(len(piece), dtype=bool)
        for index in np.flatnonzero(doubtful).tolist():
            action, session = int(actions[index]), int(sessions[index])
            if first[action][1] != session:
                drop[index] = True
                self._replayed.add((session, action))
        return piece[~drop]

    def _read_turns(self, signal: npt.NDArray[np.uint64]) -> None:
        for piece in self.pieces(TURNS.name):
            self._span.note(piece)
            self.totals.human_turns += int(piece["human"].sum())
            for session, turn, at, human, claim, *_ in piece[np.isin(piece["session"], signal)].tolist():
                if len(self._said[session]) < ACTIONS_KEPT:
                    self._said[session].append(Said(at, turn, bool(human), bool(claim)))

    def _read_hits(self) -> None:
        for piece in self.pieces(HITS.name):
            by_session: dict[int, list[Hit]] = defaultdict(list)
            for session, action, at, rule, role, source, offset, length in piece.tolist():
                if (session, action) not in self._replayed:
                    by_session[session].append(Hit(at, rule, action, role, source, offset, length))
            self._hits.update({session: first_hits(hits) for session, hits in by_session.items()})

    def _owners(self) -> dict[int, tuple[str, str]]:
        """Account and basis of every session that was read; a sub-agent's is its parent's."""
        read = self._span.last >= self._span.first
        found = {int(session): self._owner(int(session)) for session in self._span.ids[read]}
        self.totals.sessions = len(found)
        self.totals.accounts = len({account for account, _ in found.values()})
        self.totals.without_account = sum(basis == SESSION_BASIS for _, basis in found.values())
        if read.any():
            self.totals.first_at = int(self._span.first[read].min())
            self.totals.last_at = int(self._span.last[read].max())
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
        place = self._span.at(session)
        return Profile(
            session=session,
            name=self.fold.sessions[session],
            account=account,
            basis=basis,
            parent=self.fold.parents.get(session, (0, 0))[1],
            hits=self._hits[session],
            steps=tuple(sorted(self._steps.get(session, ()))),
            calls_at=array("q", sorted(self._calls_at[session])[:CALL_TIMES_KEPT]),
            said=tuple(sorted(self._said.get(session, ()))),
            first_at=int(self._span.first[place]),
            last_at=int(self._span.last[place]),
        )

    def _read_keys(
        self, profiles: Mapping[int, Profile], owners: Mapping[int, tuple[str, str]]
    ) -> tuple[tuple[Key, ...], frozenset[int]]:
        drafts = [draft for piece in self.pieces(POSTINGS.name) for draft in self._drafts(piece, profiles, owners)]
        counts: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for draft in drafts:
            for posting in draft.postings:
                counts[posting.session].append((posting.at, draft.key))
        last = {
            session: sorted(set(found))[KEYS_KEPT - 1] for session, found in counts.items() if len(found) > KEYS_KEPT
        }
        owner = {session: profile.account for session, profile in profiles.items()}
        keys = (
            make_key(
                draft.key,
                draft.label,
                (p for p in draft.postings if p.session not in last or (p.at, draft.key) <= last[p.session]),
                draft.accounts_at,
                owner,
            )
            for draft in drafts
        )
        return tuple(key for key in keys if key.postings), frozenset(last)

    def _drafts(
        self, piece: Rows, profiles: Mapping[int, Profile], owners: Mapping[int, tuple[str, str]]
    ) -> "Iterator[_Draft]":
        """The keys of one piece that an action with a signal bears."""
        of_signal = np.isin(piece["session"], np.array(sorted(profiles), dtype=np.uint64)) & (piece["signal"] == 1)
        wanted = np.isin(piece["key"], np.unique(piece["key"][of_signal]))
        grouped: dict[int, _Draft] = {}
        for key, session, at, role, kind, signal in piece[wanted].tolist():
            draft = grouped.get(key)
            if draft is None:
                draft = grouped[key] = _Draft(key, self.fold.labels.get(key, Label(KIND_OF_CODE[kind], "")))
            if session not in owners:
                # It showed nothing but replays of another session's actions.
                continue
            account = owners[session][0]
            draft.first[account] = min(draft.first.get(account, at), at)
            if signal and session in profiles:
                # A prompt is known before its session has a signal, and links from then on only.
                known_at = max(at, profiles[session].hits[0].at)
                draft.postings.append(Posting(known_at, session, role))
        yield from grouped.values()


@dataclass(slots=True)
class _Draft:
    """A key while its postings are gathered."""

    key: int
    label: Label
    postings: list[Posting] = field(default_factory=list)
    first: dict[str, int] = field(default_factory=dict)

    @property
    def accounts_at(self) -> list[int]:
        return list(self.first.values())
