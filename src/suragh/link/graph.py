"""The graph: which accounts share which keys, kept up to date event by event.

Two accounts are alike by the sum of the weights of the keys that actions with a signal of both bear. The graph holds
what is known at one time; `suragh.judge.sweep` moves it forward. Fed with all events up to a time, in any order, it is
the same graph.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from suragh.link.weights import FLOW, KIND_CAP, rarity, trust
from suragh.profile.fold import CALL, RESULT
from suragh.profile.scene import ACCOUNTS_KEPT, Key, Posting

THOUSAND: Final = 1000


@dataclass(slots=True)
class KeyState:
    """What is known of a key by now.

    Attributes:
        key: the whole key.
        having: accounts that have it.
        first: by account and role, when the account first showed it in an action with a signal.
    """

    key: Key
    having: int = 0
    first: dict[tuple[str, int], int] = field(default_factory=dict)

    @property
    def popular(self) -> bool:
        """Whether too many accounts have it."""
        return self.having > ACCOUNTS_KEPT

    def weight(self) -> int:
        """Milli-nats that sharing it says."""
        if self.popular or not self.having:
            return 0
        return trust(self.key.kind, self.key.shown) * rarity(self.having) // THOUSAND

    def flows(self, one: str, other: str) -> bool:
        """Whether one account read it in a result before the other used it in an argument, either way round."""
        return self._flow(one, other) or self._flow(other, one)

    def _flow(self, reader: str, user: str) -> bool:
        read, used = self.first.get((reader, RESULT)), self.first.get((user, CALL))
        # Whoever used it before it was read had it from elsewhere.
        return read is not None and used is not None and read < used


class Graph:
    """Accounts and the keys that they share, as known by now."""

    def __init__(self, keys: Iterable[Key]) -> None:
        self.keys = {key.key: KeyState(key) for key in keys}
        self._keys_of: dict[str, set[int]] = defaultdict(set)
        self._accounts_of: dict[int, set[str]] = defaultdict(set)
        self._alike: dict[str, dict[str, int]] = {}

    def see_account_of(self, key: int) -> set[str]:
        """Note that one more account has a key. Returns the accounts whose links moved."""
        state = self.keys[key]
        state.having += 1
        if state.having > ACCOUNTS_KEPT + 1:
            return set()
        return self._stale(key)

    def see_posting(self, key: int, account: str, posting: Posting) -> set[str]:
        """Note that an account showed a key in an action with a signal. Returns the accounts whose links moved."""
        state = self.keys[key]
        index = (account, posting.role)
        if index in state.first and state.first[index] <= posting.at:
            return set()
        state.first[index] = posting.at
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
        sums: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for key in self._keys_of[account]:
            state = self.keys[key]
            if len(self._accounts_of[key]) < 2:  # noqa: PLR2004 - as above
                continue
            weight = state.weight()
            if not weight:
                continue
            for other in self._accounts_of[key]:
                if other != account:
                    more = FLOW if state.flows(account, other) else THOUSAND
                    sums[other][state.key.kind] += weight * more // THOUSAND
        return {other: sum(min(KIND_CAP, points) for points in kinds.values()) for other, kinds in sums.items()}

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
