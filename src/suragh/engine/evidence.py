"""Evidence: the records that matches point to, fetched and looked at again, so that each can be shown and checked."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from io import BytesIO
from typing import Final

from msgspec import Struct

from suragh.detect.correlation import shown_by
from suragh.detect.inspector import Detector
from suragh.detect.prepared import Prepared
from suragh.engine.reading import Lens
from suragh.model.evidence import Evidence
from suragh.model.fact import Call, Leaf, Pointer, Result
from suragh.model.instant import rfc3339
from suragh.model.match import Inspection, Match, RuleInfo
from suragh.model.observable import Observable, ObservableKind
from suragh.profile.fold import CALL
from suragh.profile.scene import Hit, Profile
from suragh.read.reader import HEAD, Member, Reader, Tally
from suragh.read.registry import choose
from suragh.store.input_codecs import Content
from suragh.store.inputs import Inputs
from suragh.text.redact import LONGEST, secret_spans

AROUND: Final = 60
"""Code points shown before and after the span: enough to see what it stands in, on two lines of a terminal."""

SPAN_SHOWN: Final = 400
"""Code points of a span that are shown; the whole lies at the place that the evidence names."""

MASK: Final = "•••"


class Wanted(Struct, frozen=True):
    """A match to be shown, and whose it is."""

    profile: Profile
    hit: Hit


def fetch(
    wanted: Iterable[Wanted],
    inputs: Inputs,
    lens: Lens,
    ready: Prepared,
) -> dict[tuple[int, Hit], Evidence]:
    """The evidence for each match, by session and hit; one whose bytes have gone is left out.

    What a correlation matched is shown by the match that completed it.
    """
    show = _Shower(lens.detector, ready)
    by_source: dict[int, list[Wanted]] = defaultdict(list)
    for item in wanted:
        by_source[item.hit.source].append(item)
    found: dict[tuple[int, Hit], Evidence] = {}
    for source, items in sorted(by_source.items()):
        spans = [(item.hit.offset, item.hit.length) for item in items]
        (_, head), *located = inputs.locate(source, [(0, HEAD), *spans])
        first = head.partition(b"\n")[0]
        for item, (line, record) in zip(items, located, strict=True):
            place = _Place(inputs.sources[source].name, line, record)
            made = show.evidence(item, place, _facts(first, record, lens.readers))
            if made:
                found[(item.profile.session, item.hit)] = made
    return found


class _Place(Struct, frozen=True):
    file: str
    line: int
    record: bytes


def _facts(first: bytes, record: bytes, readers: Sequence[Reader]) -> Iterator[Call | Result]:
    """What a record shows, read alone but for the first line of its file, which may say whose session it is."""
    pointer = Pointer(0, 0, len(record))
    reader = choose(record[:HEAD], readers) or choose(first, readers)
    if reader is None:
        return
    if reader.begin is None:
        seen = reader.read(Member(0, Content(BytesIO(record)), Tally()))
    else:
        take = reader.begin()
        if first != record:
            list(take(first, Pointer(0, 0, len(first))) or ())
        seen = iter(take(record, pointer) or ())
    yield from (fact for fact in seen if isinstance(fact, Call | Result))


class _Shower:
    """Looks at facts again for the matches that are to be shown."""

    def __init__(self, detector: Detector, ready: Prepared) -> None:
        self._detector = detector
        self._rules = ready.rules
        self._shown = shown_by(ready.correlations)

    def evidence(self, wanted: Wanted, place: _Place, facts: Iterable[Call | Result]) -> Evidence | None:
        """The evidence of a match, if one of the facts shows it."""
        hit, info = wanted.hit, self._rules[wanted.hit.rule]
        kind = Call if hit.role == CALL else Result
        names = self._shown.get(info.name, (info.name,))
        for fact in facts:
            if fact.action != hit.action or not isinstance(fact, kind):
                continue
            leaves, found = _look(fact, self._detector)
            match = next((match for match in found.matches if match.rule in names), None)
            if match:
                return _evidence(wanted, place, fact.at, match, _excerpt(leaves[match.leaf], match, found), info)
        return None


def _look(fact: Call | Result, detector: Detector) -> tuple[Mapping[str, str], Inspection]:
    leaves: tuple[Leaf, ...] = fact.arguments if isinstance(fact, Call) else fact.texts
    found = detector.inspect_call(fact) if isinstance(fact, Call) else detector.inspect_result(fact)
    return {leaf.path: leaf.text for leaf in leaves}, found


def _evidence(
    wanted: Wanted, place: _Place, path: str, match: Match, excerpt: str, info: RuleInfo
) -> Evidence:  # fmt: skip
    hit = wanted.hit
    return Evidence(
        rule=info.name,
        title=info.title,
        level=str(info.level),
        techniques=info.techniques,
        tactic=next(iter(info.tactics), ""),
        session=wanted.profile.name,
        account=wanted.profile.account,
        at=rfc3339(hit.at),
        file=place.file,
        line=place.line,
        offset=hit.offset,
        length=hit.length,
        sha256=sha256(place.record).hexdigest(),
        path=path,
        leaf=match.leaf,
        start=match.start,
        end=match.end,
        via=match.via,
        decodings=match.decodings,
        excerpt=excerpt,
    )


def _excerpt(text: str, match: Match, found: Inspection) -> str:
    """The span with some text around it, secrets masked."""
    start, end = max(0, match.start - AROUND), min(len(text), min(match.end, match.start + SPAN_SHOWN) + AROUND)
    spans = [(seen.start, seen.end) for seen in found.observables if _is_secret(seen) and seen.leaf == match.leaf]
    # What stands before the excerpt may say what its first word is.
    before = max(0, start - LONGEST)
    spans += [(before + low, before + high) for low, high in secret_spans(text[before:end])]
    shown, place = [], start
    for span in sorted(spans):
        low, high = max(span[0], place), min(span[1], end)
        if low < high:
            shown += [text[place:low], MASK]
            place = high
    return ("…" if start else "") + "".join([*shown, text[place:end]]) + ("…" if end < len(text) else "")


def _is_secret(seen: Observable) -> bool:
    return seen.kind in {ObservableKind.CREDENTIAL, ObservableKind.CARD, ObservableKind.IBAN}
