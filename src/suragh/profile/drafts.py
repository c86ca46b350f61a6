"""Drafts: the keys that acts with a signal bear, gathered from the table of postings, and who else has them."""

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import pairwise, starmap
from struct import Struct
from typing import Final

import numpy as np
import numpy.typing as npt

from suragh.model.instant import DAWN
from suragh.profile.fold import NO_ACTION, RESULT, WAY, Owner
from suragh.profile.keys import TARGET_KINDS, Label
from suragh.profile.packed import Shape
from suragh.profile.rows import Rows, listed
from suragh.profile.scene import ACCOUNTS_KEPT, KEYS_KEPT, Hit, Key, Posting, Profile, make_key

NO_TIME: Final = DAWN
"""Stands for no time, where times are numbers of 64 bits: nothing is ever known then."""

ACT: Final = Shape(Posting, at="q", session="Q", role="B", action="Q")
_SHOWN: Final = Struct("<qQ")
"""When a session first showed a key, and the key."""

_SLACK: Final = 2
"""A session's keys are thinned out when it has as many times `KEYS_KEPT`: seldom, and so cheaply."""


@dataclass(slots=True)
class Draft:
    """A key while it is gathered.

    Attributes:
        key: its hash.
        acts: who showed it in acts with a signal: packed (time, session, role, action).
        first: when the first accounts first had it, ascending; at most `ACCOUNTS_KEPT` + 1.
    """

    key: int
    acts: bytes = b""
    first: "array[int]" = field(default_factory=lambda: array("q"))

    def shown(self) -> dict[int, int]:
        """When each session first showed it."""
        times: dict[int, int] = {}
        for at, session, *_ in ACT.unpack(self.acts):
            times[session] = min(times.get(session, at), at)
        return times

    def let_go(self, session: int) -> None:
        """Forget what a session showed."""
        self.acts = ACT.packed(act for act in ACT.unpack(self.acts) if act[1] != session)

    def let_popular_go(self, but: AbstractSet[int]) -> None:
        """Forget what was shown once too many accounts had it, which links nobody, but by some sessions."""
        if len(self.first) > ACCOUNTS_KEPT:
            end = self.first[ACCOUNTS_KEPT]
            self.acts = ACT.packed(act for act in ACT.unpack(self.acts) if act[0] < end or act[1] in but)

    def postings(self, same: Callable[[int], int]) -> Iterator[Posting]:
        """What it was gathered from; `same` gives, for equal numbers of sessions, the one object that all share."""
        for at, session, role, action in ACT.unpack(self.acts):
            yield Posting(at, same(session), role, action)


class Signals:
    """When each act, and each session, first had a signal. An act is of one session: replays are gone by now."""

    def __init__(self, hits: Mapping[int, Sequence[Hit]]) -> None:
        self._sessions, self._session_at, _ = _earliest(
            (session, min(own).at, session) for session, own in hits.items()
        )
        self._actions, self._action_at, self._session_of = _earliest(
            (hit.action, hit.at, session) for session, own in hits.items() for hit in own
        )

    def known(self, rows: Rows) -> npt.NDArray[np.int64]:
        """When the act of each row, or the session of a message, had its first signal; `NO_TIME` where it has none."""
        found = np.full(len(rows), NO_TIME, dtype=np.int64)
        if len(self._sessions):
            actions, sessions = rows["action"], rows["session"]
            place = _places(self._actions, actions)
            own = (self._actions[place] == actions) & (self._session_of[place] == sessions)
            found[own] = self._action_at[place[own]]
            place = _places(self._sessions, sessions)
            own = (self._sessions[place] == sessions) & (actions == NO_ACTION)
            found[own] = self._session_at[place[own]]
        return found


def _earliest(
    timed: Iterable[tuple[int, int, int]],
) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64], npt.NDArray[np.uint64]]:
    """Of rows of an id, a time and a session the first one of each id, by id."""
    rows = np.fromiter(timed, dtype=[("id", "<u8"), ("at", "<i8"), ("session", "<u8")])
    rows = rows[np.lexsort((rows["at"], rows["id"]))]
    fresh = np.ones(len(rows), dtype=bool)
    fresh[1:] = rows["id"][1:] != rows["id"][:-1]
    rows = rows[fresh]
    return np.ascontiguousarray(rows["id"]), np.ascontiguousarray(rows["at"]), np.ascontiguousarray(rows["session"])


def _places(ids: npt.NDArray[np.uint64], wanted: npt.NDArray[np.uint64]) -> npt.NDArray[np.intp]:
    """Where ids would stand among sorted ones, at most at the end."""
    return np.minimum(np.searchsorted(ids, wanted), len(ids) - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafter:
    """What tells which rows of the table of postings count, and from when on.

    Attributes:
        signals: when acts had their first signal.
        owners: of every session that was read.
        replayed: acts, by session, that are another session's.
        began: gives when a session did the first thing of its own.
    """

    signals: Signals
    owners: Mapping[int, Owner]
    replayed: AbstractSet[tuple[int, int]]
    began: Callable[[int], int]

    def drafts(self, pieces: Iterable[Rows]) -> Iterator[Draft]:
        """The keys that an act with a signal bears, or a message of a session with one, and who else has them."""
        for piece in pieces:
            known = self.signals.known(piece)
            wanted = np.isin(piece["key"], np.unique(piece["key"][known > NO_TIME]))
            yield from self._gathered(piece[wanted], known[wanted])

    def _gathered(self, rows: Rows, known: npt.NDArray[np.int64]) -> Iterator[Draft]:
        edges = [0, *(np.flatnonzero(rows["key"][1:] != rows["key"][:-1]) + 1).tolist(), len(rows)]
        for start, end in pairwise(edges):
            draft = self._draft(rows[start:end], known[start:end])
            if draft.acts:
                yield draft

    def _draft(self, rows: Rows, known: npt.NDArray[np.int64]) -> Draft:
        draft, acts, first = Draft(0), bytearray(), dict[str, int]()
        for (key, session, action, at, role), signal_at in zip(listed(rows), listed(known), strict=True):
            draft.key = key
            if session not in self.owners or (session, action) in self.replayed:
                continue
            # A replayed message is its session's from the first thing on that is the session's own.
            shown_at = at if action != NO_ACTION else max(at, self.began(session))
            account = self.owners[session].account
            first[account] = min(first.get(account, shown_at), shown_at)
            if signal_at > NO_TIME:
                # A key links from the moment at which its action, or its message's session, has a signal.
                acts += ACT.pack(max(shown_at, signal_at), session, role, action)
        draft.acts = bytes(acts)
        draft.first = array("q", sorted(first.values())[: ACCOUNTS_KEPT + 1])
        return draft


class Caps:
    """Drafts, of which each session keeps its first `KEYS_KEPT`: what no session keeps is let go soon.

    The sessions of accounts with an engagement let nothing go: it must be known of each act what it was aimed at.
    """

    def __init__(self, engaged: AbstractSet[int]) -> None:
        self.drafts: dict[int, Draft] = {}
        self._engaged = engaged
        self._shown: dict[int, bytearray] = defaultdict(bytearray)
        self._over: set[int] = set()

    def add(self, draft: Draft) -> None:
        """Take a draft in. A key that is popular, too, counts among those that its sessions show."""
        shown_at = draft.shown()
        draft.let_popular_go(self._engaged)
        if draft.acts:
            self.drafts[draft.key] = draft
        for session, at in shown_at.items():
            shown = self._shown[session]
            shown += _SHOWN.pack(at, draft.key)
            if len(shown) >= _SLACK * KEYS_KEPT * _SHOWN.size:
                self._thin(session)

    def _thin(self, session: int) -> None:
        """Keep a session's first keys, by time and hash."""
        shown = sorted(_SHOWN.iter_unpack(self._shown[session]))
        self._shown[session] = bytearray().join(starmap(_SHOWN.pack, shown[:KEYS_KEPT]))
        if len(shown) > KEYS_KEPT:
            self._over.add(session)
            if session not in self._engaged:
                for _, key in shown[KEYS_KEPT:]:
                    self._let_go(session, key)

    def _let_go(self, session: int, key: int) -> None:
        draft = self.drafts.get(key)
        if draft:
            draft.let_go(session)
            if not draft.acts:
                del self.drafts[key]

    def take(self) -> list[Draft]:
        """Give the drafts, in their order, and keep none."""
        drafts = list(self.drafts.values())
        self.drafts.clear()
        return drafts

    def settle(self) -> dict[int, tuple[int, int]]:
        """Let the last ones go; gives time and hash of the last key that counts, of sessions that show more."""
        for session, shown in self._shown.items():
            if len(shown) > KEYS_KEPT * _SHOWN.size:
                self._thin(session)
        ends = {session: self._shown[session][-_SHOWN.size :] for session in sorted(self._over)}
        self._shown.clear()
        return {session: (at, key) for session, end in ends.items() for at, key in _SHOWN.iter_unpack(end)}


def made_keys(
    drafts: list[Draft],
    labels: Mapping[int, Label],
    last: Mapping[int, tuple[int, int]],
    profiles: Mapping[int, Profile],
    engaged: AbstractSet[str],
) -> tuple[Key, ...]:
    """Make drafts into keys, in their order; the list is empty then, as memory need not hold both.

    Args:
        drafts: what was gathered.
        labels: of the drafts.
        last: as `Caps.settle` gives it.
        profiles: of all sessions with a signal.
        engaged: accounts to which caps do not apply.
    """
    owner = {session: own.account for session, own in profiles.items() if own.account not in engaged}
    made = []
    drafts.reverse()
    while drafts:
        draft = drafts.pop()
        postings = draft.postings(lambda session: profiles[session].session)
        kept = (p for p in postings if p.session not in last or (p.at, draft.key) <= last[p.session])
        made.append(make_key(draft.key, labels[draft.key], kept, draft.first, owner))
    return tuple(key for key in made if key.postings)


def made_targets(
    drafts: Iterable[Draft], labels: Mapping[int, Label], sessions: AbstractSet[int]
) -> dict[tuple[int, int], tuple[tuple[str, bool], ...]]:
    """The systems that acts of these sessions name, and whether only as a way in."""
    if not sessions:
        return {}
    found: dict[tuple[int, int], set[tuple[str, bool]]] = defaultdict(set)
    for draft in drafts:
        label = labels[draft.key]
        if label.kind in TARGET_KINDS and label.shown:
            for _, session, role, action in ACT.unpack(draft.acts):
                if role != RESULT and session in sessions:
                    found[(session, action)].add((label.shown, role == WAY))
    return {act: tuple(sorted(names)) for act, names in found.items()}
