"""The local engine: one scan, in one process, from paths to a report."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Final, TypeAlias

from msgspec import Struct

from suragh.detect.inspector import Detector
from suragh.detect.prepared import Prepared
from suragh.engine import rules
from suragh.engine.evidence import Wanted, fetch
from suragh.judge.campaign import Context, chosen_hits, make_campaign, make_withdrawn
from suragh.judge.engagement import parse_engagements, split
from suragh.judge.findings import Findings, judge
from suragh.link.reasons import credential_names
from suragh.model.attack import tactics
from suragh.model.engagement import Engagement
from suragh.model.fact import Call, Ownership, Rejected, Result
from suragh.model.instant import rfc3339
from suragh.model.report import Campaign, Evidence, RejectedView, Report, SourceView
from suragh.profile.fold import Fold
from suragh.profile.resolve import Resolver, Totals
from suragh.profile.rows import LAYOUTS
from suragh.profile.scene import Hit, Profile
from suragh.read.accounts import read_accounts_file
from suragh.read.mapped import mapped_reader
from suragh.read.reader import Member, Reader
from suragh.read.registry import asked, read
from suragh.store.files import read_file
from suragh.store.inputs import Inputs, open_inputs
from suragh.store.labels import Labels
from suragh.store.spool import Spool

OnProgress: TypeAlias = Callable[[str, int, int], None]
"""Called with the step's name, how much of it is done, and how much there is (bytes)."""

REJECTED_SHOWN: Final = 1000
"""Rejections that a report lists one by one; all are counted, by reason, too."""

PUSH_BYTES: Final = 8 << 20
"""Bytes of one table after which its rows are sorted and pushed to the spool."""

CHECK_EVERY: Final = 4096
"""Facts between two looks at the size of the tables."""


class Scanned(Struct, frozen=True):
    """What the reading left behind, besides the rows."""

    sources: tuple[SourceView, ...]
    rejected: tuple[RejectedView, ...]
    reasons: dict[str, int]


def scan(
    paths: Sequence[str | Path],
    *,
    accounts: Sequence[str] = (),
    engagements: str | None = None,
    mappings: Sequence[str] = (),
    format_name: str | None = None,
    on_progress: OnProgress | None = None,
) -> Report:
    """Read telemetry and report the campaigns in it.

    Args:
        paths: files, folders and glob patterns; `-` is standard input.
        accounts: CSV files with a session and an account column.
        engagements: a JSON or TOML file of engagements.
        mappings: TOML files that say how lines of JSON are to be read, see `suragh.read.mapping`.
        format_name: the reader that reads everything; None to tell each file's format by its content.
        on_progress: told how far the reading is.

    Raises:
        InputError: if a path does not exist.
        UsageError: if there is no format of that name.
        SetupError: if an accounts, engagements or mapping file cannot be used.
    """
    readers = asked([mapped_reader(read_file(name), name) for name in mappings], format_name)
    granted = parse_engagements(read_file(engagements), engagements) if engagements else ()
    owners = [fact for name in accounts for fact in read_accounts_file(BytesIO(read_file(name)), name)]
    with ExitStack() as stack:
        inputs = stack.enter_context(open_inputs(paths))
        kept = Kept(
            {layout.name: stack.enter_context(closing(Spool(layout))) for layout in LAYOUTS},
            stack.enter_context(closing(Labels())),
        )
        return _Scan(inputs, kept, readers, rules.builtin(), on_progress).report(owners, granted)


@dataclass(frozen=True, slots=True)
class Kept:
    """Where the rows and labels of a scan are kept."""

    spools: dict[str, Spool]
    labels: Labels


class _Rejections:
    """What could not be read: the first of it one by one, all of it by reason."""

    def __init__(self) -> None:
        self.shown: list[RejectedView] = []
        self.reasons: Counter[str] = Counter()

    def note(self, rejected: Rejected, file: str) -> None:
        """Count one more."""
        self.reasons[rejected.reason] += 1
        if len(self.shown) < REJECTED_SHOWN:
            where = rejected.pointer
            view = RejectedView(file=file, offset=where.offset, length=where.length, reason=rejected.reason)
            self.shown.append(view)


def _view(name: str, member: Member) -> SourceView:
    tally = member.tally
    return SourceView(
        file=name,
        format=tally.format,
        bytes=member.stream.position,
        records=tally.records,
        calls=tally.calls,
        rejected=tally.rejected,
    )


class _Scan:
    """One scan under way."""

    def __init__(
        self,
        inputs: Inputs,
        kept: Kept,
        readers: tuple[Reader, ...],
        ready: Prepared,
        on_progress: OnProgress | None,
    ) -> None:
        self.inputs = inputs
        self.kept = kept
        self.readers = readers
        self.ruleset = ready.digest
        self.rules = ready.rules
        self.detector = Detector(ready)
        self.fold = Fold(self.rules)
        self.on_progress = on_progress

    def report(self, owners: Sequence[Ownership], engagements: tuple[Engagement, ...]) -> Report:
        """Read, resolve, judge, and gather what the report shows."""
        for owner in owners:
            self.fold.add(owner)
        scanned = self._read()
        engaged = frozenset[str]().union(*(engagement.accounts for engagement in engagements))
        resolver = Resolver(self.fold, lambda name: self.kept.spools[name].pieces(), self.kept.labels.of, engaged)
        whole = resolver.scene()
        parts = split(whole, engagements)
        findings = judge(parts, engagements, self.rules)
        names = credential_names((finding.group.sessions for finding in findings.standing), whole.keys)
        context = Context(parts, whole, self.rules, engagements, names, self.fold.sessions)
        campaigns = self._campaigns(findings, context)
        return self._assemble(scanned, resolver.totals, campaigns, findings, context)

    def _read(self) -> Scanned:
        sources: list[SourceView] = []
        rejections = _Rejections()
        total, done = self.inputs.total_bytes, 0
        for number, source in enumerate(self.inputs.sources):
            with self.inputs.member(number) as member:
                for count, seen in enumerate(read(member, self.readers)):
                    if isinstance(seen, Rejected):
                        rejections.note(seen, source.name)
                    elif isinstance(seen, Call):
                        self.fold.add(seen, self.detector.inspect_call(seen))
                    elif isinstance(seen, Result):
                        self.fold.add(seen, self.detector.inspect_result(seen))
                    else:
                        self.fold.add(seen)
                    if count % CHECK_EVERY == CHECK_EVERY - 1:
                        self._push(PUSH_BYTES)
                        self._tell(source.name, done + member.stream.raw_position, total)
                sources.append(_view(source.name, member))
            done += self.inputs.raw_bytes(number)
            self._tell(source.name, done, total)
            self._push(PUSH_BYTES)
        self._push(0)
        return Scanned(tuple(sources), tuple(rejections.shown), dict(rejections.reasons.most_common()))

    def _push(self, least: int) -> None:
        for name, table in self.fold.tables.items():
            if table.size > least:
                self.kept.spools[name].push(table.take())
        self.kept.labels.take(self.fold.labels)

    def _tell(self, step: str, done: int, total: int) -> None:
        if self.on_progress:
            self.on_progress(step, done, total)

    def _campaigns(self, findings: Findings, context: Context) -> tuple[Campaign, ...]:
        chosen = [chosen_hits(finding, self.rules) for finding in findings.standing]
        wanted = [Wanted(profile, hit) for pairs in chosen for profile, hit in pairs]
        evidence = fetch(wanted, self.inputs, self.readers, self.detector, self.rules)
        return tuple(
            make_campaign(finding, context, _shown(pairs, evidence))
            for finding, pairs in zip(findings.standing, chosen, strict=True)
        )

    def _assemble(
        self,
        scanned: Scanned,
        totals: Totals,
        campaigns: tuple[Campaign, ...],
        findings: Findings,
        context: Context,
    ) -> Report:
        known = tactics()
        return Report(
            campaigns=campaigns,
            sessions_read=totals.sessions,
            actions_read=totals.actions,
            lines_rejected=sum(scanned.reasons.values()),
            withdrawn=tuple(make_withdrawn(gone, context) for gone in findings.gone),
            accounts_read=totals.accounts,
            human_turns_read=totals.human_turns,
            sessions_without_account=totals.without_account,
            first_at="" if totals.first_at is None else rfc3339(totals.first_at),
            last_at="" if totals.last_at is None else rfc3339(totals.last_at),
            sources=scanned.sources,
            rejected=scanned.rejected,
            rejected_reasons=scanned.reasons,
            notes=tuple(_notes(scanned, totals, context)),
            version=version("suragh"),
            rules=len(self.rules),
            ruleset=self.ruleset,
            tactic_names={name: known[name].name for c in campaigns for name in c.tactics},
        )


def _shown(pairs: Sequence[tuple[Profile, Hit]], evidence: Mapping[tuple[int, Hit], Evidence]) -> list[Evidence]:
    """What could be fetched, in order of time."""
    ordered = sorted(pairs, key=lambda pair: (pair[1], pair[0].name))
    return [evidence[(p.session, hit)] for p, hit in ordered if (p.session, hit) in evidence]


def _notes(scanned: Scanned, totals: Totals, context: Context) -> Iterator[str]:
    tables = [source.file for source in scanned.sources if source.format == "accounts"]
    if tables:
        yield f"accounts were also taken from {', '.join(tables)}, found in the input"
    if totals.without_account:
        yield (
            f"{totals.without_account} of {totals.sessions} sessions name no account; each is taken as an account of"
            " its own (`--accounts FILE` can say more)"
        )
    unknown = [source.file for source in scanned.sources if not source.format and source.bytes]
    if unknown:
        yield f"{len(unknown)} files are of no known format and were not read"
    if context.whole.capped:
        yield f"{len(context.whole.capped)} sessions show more keys than are kept; the first ones count"
    idle = {e.id for e in context.engagements} - context.split.covered.keys() - context.split.beyond.keys()
    if idle:
        yield f"engagements without any activity: {', '.join(sorted(idle))}"
