"""Reading: sources gone through once. What they show is looked at and folded, and what could not be read is noted."""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias

from suragh.detect.correlation import read_fields
from suragh.detect.inspector import Detector
from suragh.detect.prepared import Prepared
from suragh.engine.period import Period
from suragh.engine.rejects import Tray
from suragh.model.evidence import RejectedView, SourceView
from suragh.model.fact import Call, Fact, Kinship, Ownership, Rejected, Result
from suragh.profile.fold import Fold
from suragh.profile.rows import LAYOUTS
from suragh.read.reader import Member, Reader
from suragh.read.registry import read
from suragh.store.inputs import Inputs
from suragh.store.labels import Labels
from suragh.store.spool import Spool

OnProgress: TypeAlias = Callable[[str, int, int], None]
"""Called with the step's name, how much of it is done, and how much there is (bytes)."""

OnRead: TypeAlias = Callable[[int], None]
"""Called with how many bytes of a source, as it lies there, are read."""

REJECTED_SHOWN: Final = 1000
"""Rejections that a report lists one by one; all are counted, by reason, too."""

PUSH_BYTES: Final = 8 << 20
"""Bytes of one table after which its rows are sorted and pushed to the spool."""

CHECK_EVERY: Final = 4096
"""Facts between two looks at the size of the tables."""

LABELS: Final = "labels"
REJECTS: Final = "rejects"
"""Files of a folder in which others find what was gathered."""


@dataclass(frozen=True, slots=True)
class Lens:
    """What facts are looked at with.

    Attributes:
        readers: in the order in which they are asked.
        detector: looks at calls and results.
        period: what is looked at at all.
    """

    readers: Sequence[Reader]
    detector: Detector
    period: Period


@dataclass(slots=True)
class Noted:
    """What reading left behind, besides what was folded: of sources in their order.

    Attributes:
        sources: what was made of each.
        rejected: the first of what could not be read.
        reasons: all of it, by reason.
        passed_over: calls, results and messages outside the period.
        zoneless: files with times that name no zone.
    """

    sources: list[SourceView] = field(default_factory=list)
    rejected: list[RejectedView] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    passed_over: int = 0
    zoneless: int = 0

    def reject(self, rejected: Rejected, file: str) -> None:
        """Note one more that could not be read."""
        self.reasons[rejected.reason] += 1
        if len(self.rejected) < REJECTED_SHOWN:
            where = rejected.pointer
            view = RejectedView(file=file, offset=where.offset, length=where.length, reason=rejected.reason)
            self.rejected.append(view)

    def close(self, file: str, member: Member) -> None:
        """Note what was made of a source."""
        tally = member.tally
        self.zoneless += tally.zoneless > 0
        self.sources.append(
            SourceView(
                file=file,
                format=tally.format,
                bytes=member.stream.position,
                records=tally.records,
                calls=tally.calls,
                rejected=tally.rejected,
            )
        )

    def join(self, later: "Noted") -> None:
        """Take in what was noted of the sources that come after."""
        self.sources += later.sources
        self.rejected += later.rejected[: REJECTED_SHOWN - len(self.rejected)]
        self.reasons.update(later.reasons)
        self.passed_over += later.passed_over
        self.zoneless += later.zoneless


@dataclass(frozen=True, slots=True)
class Gathered:
    """Where everything goes that is read.

    Attributes:
        fold: makes rows of facts.
        spools: keep the rows, by table.
        labels: keep the labels of keys.
        noted: what is no fact.
        tray: keeps where each rejection stands; None where nobody wants them all.
    """

    fold: Fold
    spools: dict[str, Spool]
    labels: Labels
    noted: Noted
    tray: Tray | None

    def reject(self, rejected: Rejected, file: str) -> None:
        """Note one more that could not be read."""
        self.noted.reject(rejected, file)
        if self.tray:
            self.tray.add(rejected)

    def push(self, least: int) -> None:
        """Move tables of more than so many bytes, and all labels, out of the fold."""
        for name, table in self.fold.tables.items():
            if table.size > least:
                self.spools[name].push(table.take())
        self.labels.take(self.fold.labels)

    def finish(self) -> None:
        """Write what is held to the files that others are to adopt."""
        self.labels.finish()
        if self.tray:
            self.tray.blocks.finish()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where what is gathered lies: in a folder for others to adopt, or else in temporary files.

    Attributes:
        folder: the folder.
        share: by how many that gather at once the memory is divided.
        rejects: whether all rejections are wanted.
    """

    folder: Path | None = None
    share: int = 1
    rejects: bool = False


def gather(ready: Prepared, place: Place, stack: ExitStack) -> Gathered:
    """Open what is gathered into, until the stack is closed."""
    folder = place.folder
    spools = {layout.name: Spool(layout, folder, place.share) for layout in LAYOUTS}
    labels = Labels(folder / LABELS if folder else None)
    tray = Tray(folder / REJECTS if folder else None) if place.rejects else None
    stack.enter_context(closing(labels))
    for spool in spools.values():
        stack.enter_context(closing(spool))
    if tray:
        stack.enter_context(closing(tray))
    return Gathered(Fold(ready.rules, read_fields(ready.correlations)), spools, labels, Noted(), tray)


def read_inputs(inputs: Inputs, lens: Lens, gathered: Gathered, on_progress: OnProgress | None) -> None:
    """Read all sources, one after another."""
    total, done = inputs.total_bytes, 0
    for number, source in enumerate(inputs.sources):

        def tell(read_so_far: int, name: str = source.name, before: int = done) -> None:
            if on_progress:
                on_progress(name, before + read_so_far, total)

        with inputs.member(number) as member:
            read_member(member, source.name, lens, gathered, tell)
        done += inputs.raw_bytes(number)
        tell(inputs.raw_bytes(number))
        gathered.push(PUSH_BYTES)
    gathered.push(0)


def read_member(member: Member, name: str, lens: Lens, gathered: Gathered, tell: OnRead) -> None:
    """Read one source: every fact of the period is folded, everything else is noted."""
    for count, seen in enumerate(read(member, lens.readers)):
        if isinstance(seen, Rejected):
            gathered.reject(seen, name)
        elif lens.period.holds(seen):
            _fold(seen, lens.detector, gathered.fold)
        else:
            gathered.noted.passed_over += not isinstance(seen, Ownership | Kinship)
        if count % CHECK_EVERY == CHECK_EVERY - 1:
            gathered.push(PUSH_BYTES)
            tell(member.stream.raw_position)
    gathered.noted.close(name, member)


def _fold(fact: Fact, detector: Detector, fold: Fold) -> None:
    if isinstance(fact, Call):
        fold.add(fact, detector.inspect_call(fact))
    elif isinstance(fact, Result):
        fold.add(fact, detector.inspect_result(fact))
    else:
        fold.add(fact)
