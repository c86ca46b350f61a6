"""Dating: acts that one log shows without a time, and another with one.

An act without a time is taken as known from the beginning, as nothing tells when it became known. Where a record with a
time shows the same act, this time holds, for all that was seen of it: what knows no time never makes anything earlier.
"""

import numpy as np

from suragh.model.instant import DATED_FROM
from suragh.profile.fold import CALL, RESULT
from suragh.profile.rows import STEPS, Layout, Rows, dated


class Dating:
    """The times of acts that are also shown without one."""

    def __init__(self) -> None:
        self._times: dict[int, dict[int, int]] = {}

    def learn(self, steps: Rows) -> None:
        """Take in a piece of the table of steps, which has all rows of its actions."""
        bare = steps["at"] < DATED_FROM
        if not bare.any():
            return
        known = steps[~bare & np.isin(steps["action"], steps["action"][bare])]
        for action, at, part in known[["action", "at", "part"]].tolist():
            parts = self._times.setdefault(action, {})
            parts[part] = min(parts.get(part, at), at)

    def settle(self, layout: Layout, rows: Rows) -> Rows:
        """Make one row of those of one identity, and give acts without a time theirs, as far as it was learnt."""
        rows = dated(layout, rows)
        if not self._times or "action" not in layout.identity:
            return rows
        bare = np.flatnonzero(rows["at"] < DATED_FROM)
        bare = bare[np.isin(rows["action"][bare], np.fromiter(self._times, dtype=np.uint64))]
        if len(bare):
            rows, part = rows.copy(), "part" if layout is STEPS else "role"
            acts = zip(rows["action"][bare].tolist(), rows[part][bare].tolist(), strict=True)
            rows["at"][bare] = [self._time(*act) for act in acts]
        return rows

    def _time(self, action: int, role: int) -> int:
        """Give the time of the call or result that a row is of, else that of the other one."""
        parts = self._times[action]
        own, other = (RESULT, CALL) if role == RESULT else (CALL, RESULT)
        return parts[own] if own in parts else parts[other]
