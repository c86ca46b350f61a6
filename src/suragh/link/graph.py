"""The graph: which accounts share which keys, kept up to date event by event.

Two accounts are alike by the sum of the weights of the keys that actions with a signal of both bear. The graph holds
what is known at one time; `suragh.judge.sweep` moves it forward. Fed with all events up to a time, in any order, it is
the same graph.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from suragh.link.weights import FLOW, READ_ONLY, cap, trust, weight
from suragh.model.instant import DATED_FROM
from suragh.profile.fold import RESULT
from suragh.profile.scene import NEVER, Key, Posting

THOUSAND: Final = 1000


@dataclass(slots=True)
class KeyState:
    """What is known of a key by now.

    Attributes:
        key: the whole key.
        trust: thousandths of its rarity that count.
        having: accounts that have it.
        read: when each account first got it in a result of an action with a signal.
        used: when each account first asked for it in such an action.
    """

    key: Key
    trust: int
    having: int = 0
    read: dict[str, int] = field(default_factory=dict)
    used: dict[str, int] = field(default_factory=dict)

    def weight(self) -> int:
        """Milli-nats that sharing it says."""
        return weight(self.trust, self.having) if self.having else 0

    def factor(self, one: str, other: str) -> int:
        """Thousandths of its weight that it counts between two accounts, by how they came to share it."""
        if self._flow(one, other) or self._flow(other, one):
            return FLOW
        return THOUSAND if one in self.used or other in self.used else READ_ONLY

    def _flow(self, reader: str, user: str) -> bool:
        # Whoever used it before it was read had it from elsewhere.
        # What has no time may have come after.
        return reader in self.read and user in self.used and DATED_FROM <= self.read[reader] < self.used[user]

    def flows_to(self, user: str, accounts: Iterable[str]) -> bool:
        """Whether it went in this way from any of these accounts to one."""
        return any(self._flow(reader, user) for reader in accounts if reader != user)

    def flows_among(self, accounts: Iterable[str]) -> bool:
        """Whether it went in this way between any two of these accounts."""
        mine = set(accounts)
        readers = sorted((at, account) for account, at in self.read.items() if account in mine)[:2]
        return any(self._flow(reader, user) for _, reader in readers for user in mine if user != reader)


class Graph:
    """Accounts and the keys that they share, as known by now."""

    def __init__(self, keys: Iterable[Key]) -> None:
        self.keys = {key.key: KeyState(key, trust(key.kind, key.shown)) for key in keys}
        self._keys_of: dict[str, set[int]] = defaultdict(set)
        self._accounts_of: dict[int, set[str]] = defaultdict(set)
        self._alike: dict[str, dict[str, int]] = {}

    def see_account_of(self, key: int) -> set[str]:
        """Note that one more account has a key. Returns the accounts whose links moved."""
        state = self.keys[key]
        before = state.weight()
        state.having += 1
        return self._stale(key) if state.weight() != before else set()

    def see_posting(self, key: int, account: str, posting: Posting) -> set[str]:
        """Note that an account showed a key in an action with a signal. Returns the accounts whose links moved."""
        state = self.keys[key]
        first = state.read if posting.role == RESULT else state.used
        if first.get(account, NEVER) <= posting.at:
            return set()
        first[account] = posting.at
        self._accounts_of[key].add(account)
        self._keys_of[account].add(key)
        return self._stale(key)

    def _stale(self, key: int) -> set[str]:
        moved = self._accounts_of[key]
        if len(moved) < 2:  # noqa: PLR2004 - a link has two ends
            return set()
        for account in moved:
            self._alike.pop(account, None)
        return set(moved)

    def alike(self, account: str) -> dict[str, int]:
        """Milli-nats that each other account shares with this one."""
        found = self._alike.get(account)
        if found is None:
            found = self._alike[account] = self._measure(account)
        return found

    def _measure(self, account: str) -> dict[str, int]:
        sums: dict[str, dict[tuple[str, int], int]] = defaultdict(lambda: defaultdict(int))
        for key in self._keys_of[account]:
            state = self.keys[key]
            if len(self._accounts_of[key]) < 2:  # noqa: PLR2004 - as above
                continue
            points = state.weight()
            if not points:
                continue
            for other in self._accounts_of[key]:
                if other != account:
                    sums[other][(state.key.kind, state.trust)] += points * state.factor(account, other) // THOUSAND
        return {
            other: sum(min(cap(trusted), points) for (_, trusted), points in kinds.items())
            for other, kinds in sums.items()
        }

    def neighbourhood(self, account: str, least: int) -> list[str]:
        """The accounts that are reached from one over likenesses of at least so much, sorted."""
        reached, todo = {account}, [account]
        while todo:
            fresh = [
                other for other, points in self.alike(todo.pop()).items() if points >= least and other not in reached
            ]
            reached.update(fresh)
            todo.extend(fresh)
        return sorted(reached)

    def shared_keys(self, accounts: Iterable[str]) -> Iterator[KeyState]:
        """Keys that at least two of these accounts bear, and that are rare, by hash."""
        counts: dict[int, int] = defaultdict(int)
        for account in accounts:
            for key in self._keys_of[account]:
                counts[key] += 1
        for key in sorted(counts):
            if counts[key] > 1 and self.keys[key].weight():
                yield self.keys[key]
