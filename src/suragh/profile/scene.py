"""The scene: the sessions with a signal, the keys that may link them, and how common each key is. Can be cut at a time.

`report(S, t)` is a function of `scene.until(t)` and of nothing else.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import astuple

from suragh.model.instant import DUSK
from suragh.profile.keys import Label
from suragh.profile.packed import Packed, Shape

if TYPE_CHECKING:
    from array import array

NEVER: Final = DUSK + 1
"""After everything, the last time that there is too."""

HITS_KEPT: Final = 4
"""Matches of one rule in one session that are kept: the first ones. Later ones would change what an earlier report
had rested on (docs/decisions/0002); more than four say nothing new."""

ACTIONS_KEPT: Final = 1024
"""Actions of one session that autonomy is measured on: those with the smallest ids, which is a random sample. Exact up
to here; the error of a share is below 1.6 % beyond it (1 / (2 sqrt 1024))."""

CALL_TIMES_KEPT: Final = 65_536
"""Calls of one session whose times are kept, the first ones: half a megabyte. A longer session counts as that long."""

ACCOUNTS_KEPT: Final = 64
"""Accounts after which a key is popular and links nobody. More than a plausible swarm: the largest published campaign
had some 30 targets (Anthropic, November 2025) and 34 sessions (Check Point, April 2026)."""

SESSIONS_KEPT: Final = 8
"""Sessions of one account that a key remembers by role: the first ones. Enough to tell which sessions share it."""

KEYS_KEPT: Final = 4096
"""Keys of one session that may link, the first by time: a session that shows more is either a bulk reader or wants to
drown its trace, and is said to be capped."""


TIME: Final = Shape(int, at="q")


class Hit(Struct, frozen=True, order=True, gc=False):
    """A rule matched. `rule` is its number in the ruleset; the rest points to the bytes."""

    at: int
    rule: int
    action: int
    role: int
    source: int
    offset: int
    length: int


HIT: Final = Shape(Hit, at="q", rule="I", action="Q", role="B", source="I", offset="Q", length="Q")


class Step(Struct, frozen=True, order=True, gc=False):
    """A call (`part` 0) or a result (`part` 1) of an action."""

    at: int
    action: int
    part: int
    outline: int
    text: int
    failed: int


STEP: Final = Shape(Step, at="q", action="Q", part="B", outline="Q", text="Q", failed="B")


class Said(Struct, frozen=True, order=True, gc=False):
    """A message to the agent."""

    at: int
    turn: int
    human: bool
    claim: bool


SAID: Final = Shape(Said, at="q", turn="Q", human="?", claim="?")


class Posting(Struct, frozen=True, order=True, gc=False):
    """A session with a signal showed a key, in an action with a signal; `action` is 0 for a message."""

    at: int
    session: int
    role: int
    action: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What is kept of a session.

    Attributes:
        session: hash of its id.
        name: its id.
        account: who it belongs to.
        basis: what says so; `session` where nothing does.
        parent: hash of the session that started it; 0 for none.
        hits: in order of time; at most `HITS_KEPT` a rule and role.
        steps: in order of time; those of at most `ACTIONS_KEPT` actions.
        calls_at: times of the first `CALL_TIMES_KEPT` calls, ascending.
        said: messages in order of time; at most `ACTIONS_KEPT`.
        first_at: first call, result or message.
        last_at: the last.
    """

    session: int
    name: str
    account: str
    basis: str
    parent: int
    hits: Sequence[Hit]
    steps: Sequence[Step]
    calls_at: "array[int]"
    said: Sequence[Said]
    first_at: int
    last_at: int

    def until(self, at: int) -> "Profile | None":
        """What was known of it at a time, or None if it had no signal yet."""
        hits = self.hits[: bisect_right(self.hits, at, key=lambda hit: hit.at)]
        if not hits:
            return None
        steps = self.steps[: bisect_right(self.steps, at, key=lambda step: step.at)]
        said = self.said[: bisect_right(self.said, at, key=lambda turn: turn.at)]
        calls_at = self.calls_at[: self.calls(at)]
        last = max(row.at for part in (hits, steps, said) for row in part[-1:])
        return replace(self, hits=hits, steps=steps, calls_at=calls_at, said=said, last_at=last)

    def calls(self, at: int) -> int:
        """How many calls it had made at a time."""
        return bisect_right(self.calls_at, at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key of at least one action with a signal.

    Attributes:
        key: its hash.
        kind: what it is.
        shown: what may be shown of it.
        postings: who showed it in an action with a signal, in order of time; none at or after `popular_at`.
        accounts_at: when each further account first showed it, with or without a signal; at most `ACCOUNTS_KEPT` + 1.
    """

    key: int
    kind: str
    shown: str
    postings: tuple[Posting, ...]
    accounts_at: Sequence[int]

    @property
    def popular_at(self) -> int:
        """When one account more than `ACCOUNTS_KEPT` had it; `NEVER` if that did not happen."""
        return self.accounts_at[ACCOUNTS_KEPT] if len(self.accounts_at) > ACCOUNTS_KEPT else NEVER

    def accounts(self, at: int) -> int:
        """How many accounts had it at a time."""
        return bisect_right(self.accounts_at, at)

    def until(self, at: int) -> "Key | None":
        """What was known of it at a time, or None if nothing was."""
        postings = tuple(posting for posting in self.postings if posting.at <= at)
        if not postings:
            return None
        return replace(self, postings=postings, accounts_at=self.accounts_at[: self.accounts(at)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Everything that a report is made from.

    Attributes:
        profiles: sessions with a signal, by their hash.
        keys: by hash, ascending.
        capped: when sessions that show more keys than `KEYS_KEPT` reached that number.
        targets: by session and action, the systems that a call with a signal names, and whether only as a way in.
    """

    profiles: dict[int, Profile]
    keys: tuple[Key, ...]
    capped: dict[int, int]
    targets: dict[tuple[int, int], tuple[tuple[str, bool], ...]]

    def until(self, at: int) -> "Scene":
        """The scene as it was known at a time."""
        kept = ((session, profile.until(at)) for session, profile in self.profiles.items())
        keys = (key.until(at) for key in self.keys)
        profiles = {session: profile for session, profile in kept if profile}
        acts = {(session, hit.action) for session, profile in profiles.items() for hit in profile.hits}
        return Scene(
            profiles=profiles,
            keys=tuple(key for key in keys if key),
            capped={session: time for session, time in self.capped.items() if time <= at},
            targets={act: named for act, named in self.targets.items() if act in acts},
        )


def pack_hits(hits: Iterable[Hit]) -> Packed[Hit]:
    """The same matches, packed."""
    return Packed(HIT, HIT.packed(map(astuple, hits)))


def first_hits(hits: Iterable[Hit]) -> list[Hit]:
    """The first `HITS_KEPT` matches of each rule and role, in order of time."""
    counts: dict[tuple[int, int], int] = {}
    kept = []
    for hit in sorted(hits):
        index = (hit.rule, hit.role)
        counts[index] = counts.get(index, 0) + 1
        if counts[index] <= HITS_KEPT:
            kept.append(hit)
    return kept


def make_key(
    key: int, label: Label, postings: Iterable[Posting], accounts_at: Iterable[int], owner: Mapping[int, str]
) -> Key:
    """A key with its caps applied; `owner` gives the accounts of the sessions to which caps apply."""
    times = Packed(TIME, TIME.packed((at,) for at in sorted(accounts_at)[: ACCOUNTS_KEPT + 1]))
    end = times[ACCOUNTS_KEPT] if len(times) > ACCOUNTS_KEPT else NEVER
    kept = first_postings((posting for posting in postings if posting.at < end), owner)
    return Key(key=key, kind=label.kind, shown=label.shown, postings=kept, accounts_at=times)


def first_postings(postings: Iterable[Posting], owner: Mapping[int, str]) -> tuple[Posting, ...]:
    """The first posting of each session and role, and of those the first sessions of each account and role.

    Postings of sessions that `owner` does not name are all kept: scope is told act by act.
    """
    seen: set[tuple[int, int]] = set()
    counts: dict[tuple[str, int], int] = {}
    kept = []
    for posting in sorted(postings):
        if posting.session in owner:
            account = (owner[posting.session], posting.role)
            if (posting.session, posting.role) in seen or counts.get(account, 0) >= SESSIONS_KEPT:
                continue
            seen.add((posting.session, posting.role))
            counts[account] = counts.get(account, 0) + 1
        kept.append(posting)
    return tuple(kept)
