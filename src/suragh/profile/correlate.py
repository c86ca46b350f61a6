"""What correlations match: signals made of signals, once it is known whose each session is."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TypeAlias

from suragh.detect.correlation import (
    ACCOUNT_FIELDS,
    SESSION_FIELDS,
    TARGET_FIELDS,
    Correlation,
    Occurrence,
    correlated,
    read_fields,
    silent,
)
from suragh.model.instant import DATED_FROM
from suragh.profile.scene import Hit

Acts: TypeAlias = frozenset[tuple[int, int]]
"""Sessions with their actions."""

Targets: TypeAlias = Mapping[tuple[int, int], tuple[int, tuple[str, ...]]]
"""By session and action: the systems that a call names, and when that became known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlator:
    """Correlations, and the numbers of the rules.

    Attributes:
        correlations: those that are read by others come first.
        codes: numbers of rules, by name; a rule without one is never a signal.
        context: numbers of rules that are no signals themselves.
    """

    correlations: Sequence[Correlation]
    codes: Mapping[str, int]
    context: AbstractSet[int]

    def aimed(self, hits: Mapping[int, Sequence[Hit]]) -> Acts:
        """The acts whose targets correlations read."""
        reading = read_fields(self.correlations)
        codes = {self.codes[rule] for rule, fields in reading.items() if not TARGET_FIELDS.isdisjoint(fields)}
        return frozenset((session, hit.action) for session, own in hits.items() for hit in own if hit.rule in codes)

    def apply(
        self, hits: Mapping[int, Sequence[Hit]], names: Mapping[int, tuple[str, str]], targets: Targets
    ) -> Iterator[tuple[int, list[Hit]]]:
        """Give, by session, the matches with those of correlations, and without what only these read.

        Args:
            hits: by session.
            names: id and account of each session.
            targets: of the acts that are `aimed`.
        """
        quiet = self.context | {self.codes[rule] for rule in silent(self.correlations) if rule in self.codes}
        more: dict[int, list[Hit]] = defaultdict(list)
        places: dict[tuple[int, ...], Hit] = {}
        found = correlated(self.correlations, self._occurrences(hits, names, targets, places))
        for correlation, occurrence in found:
            name, session = correlation.info.name, occurrence.place[0]
            if name in self.codes and self.codes[name] not in quiet:
                hit = places[occurrence.place]
                more[session].append(
                    Hit(occurrence.at, self.codes[name], hit.action, hit.role, hit.source, hit.offset, hit.length)
                )
        for session, own in hits.items():
            kept = [hit for hit in own if hit.rule not in quiet] + more.get(session, [])
            if kept:
                yield session, _first_each(kept)

    def _occurrences(
        self,
        hits: Mapping[int, Sequence[Hit]],
        names: Mapping[int, tuple[str, str]],
        targets: Targets,
        places: dict[tuple[int, ...], Hit],
    ) -> Iterator[Occurrence]:
        rules = {self.codes[rule]: (rule, fields) for rule, fields in read_fields(self.correlations).items()}
        for session, own in hits.items():
            for hit in own:
                # What has no time was at no known time from anything else.
                if hit.rule not in rules or session not in names or hit.at < DATED_FROM:
                    continue
                rule, fields = rules[hit.rule]
                place = (session, hit.action, hit.role, hit.rule)
                places[place] = hit
                at, aims = targets.get((session, hit.action), (hit.at, ()))
                values = {field: _value(field, *names[session], aims) for field in fields}
                aimed = not TARGET_FIELDS.isdisjoint(fields)
                yield Occurrence(max(hit.at, at) if aimed else hit.at, rule, place, values)


def _value(field: str, session: str, account: str, targets: tuple[str, ...]) -> tuple[str, ...]:
    if field in SESSION_FIELDS:
        return (session,)
    if field in ACCOUNT_FIELDS:
        return (account,)
    return targets if field in TARGET_FIELDS else ()


def _first_each(hits: Iterable[Hit]) -> list[Hit]:
    """One action may complete a correlation in several groups: it is one signal, the first."""
    first: dict[tuple[int, int, int], Hit] = {}
    for hit in sorted(hits):
        first.setdefault((hit.action, hit.rule, hit.role), hit)
    return sorted(first.values())
