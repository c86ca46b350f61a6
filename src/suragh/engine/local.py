"""The local engine: one scan, on one machine, from paths to a report."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from suragh.detect.inspector import Detector
from suragh.detect.prepared import Prepared
from suragh.engine import rules as rulebook
from suragh.engine.evidence import Wanted, fetch
from suragh.engine.period import make_period
from suragh.engine.pool import Plan, read_in_processes
from suragh.engine.reading import Gathered, Lens, Noted, OnProgress, Place, gather, read_inputs
from suragh.engine.rejects import write_rejects
from suragh.errors import UsageError
from suragh.judge.calibration import HOSTILE_POINTS, WATCH_POINTS
from suragh.judge.campaign import Context, chosen_hits, make_apart, make_campaign, make_withdrawn
from suragh.judge.engagement import parse_engagements, split
from suragh.judge.findings import Findings, judge
from suragh.link.cluster import LINK_LEAST
from suragh.link.reasons import credential_names
from suragh.model.attack import tactics
from suragh.model.engagement import Engagement
from suragh.model.evidence import Evidence
from suragh.model.instant import DAWN, DUSK, rfc3339
from suragh.model.report import Campaign, Report, Thresholds
from suragh.profile.resolve import Resolver, Totals
from suragh.profile.scene import Hit, Profile
from suragh.read.accounts import read_accounts_file
from suragh.store.files import read_file
from suragh.store.inputs import Inputs, open_inputs


def scan(  # noqa: PLR0913 - each is a question that a person asks, all but the first by name
    paths: Sequence[str | Path],
    *,
    accounts: Sequence[str] = (),
    engagements: str | None = None,
    rules: Sequence[str] = (),
    mappings: Sequence[str] = (),
    format_name: str | None = None,
    since: str | None = None,
    until: str | None = None,
    rejects: BinaryIO | None = None,
    jobs: int = 1,
    on_progress: OnProgress | None = None,
) -> Report:
    """Read telemetry and report the campaigns in it.

    Args:
        paths: files, folders and glob patterns; `-` is standard input.
        accounts: CSV files with a session and an account column.
        engagements: a JSON or TOML file of engagements.
        rules: Sigma rule files, and folders of them, beside those that come with Suragh.
        mappings: TOML files that say how lines of JSON are to be read, see `suragh.read.mapping`.
        format_name: the reader that reads everything; None to tell each file's format by its content.
        since: what became known before is not looked at: a time of RFC 3339, or a date.
        until: what became known after is not looked at; a date stands for its end.
        rejects: where the bytes of all that could not be read are written, as lines of JSON.
        jobs: how many processes read. A program that asks for more than one must start its own work below
            `if __name__ == "__main__":`, as each of them loads it anew.
        on_progress: told how far the reading is.

    Raises:
        InputError: if a path does not exist.
        UsageError: if there is no format of that name, or no such time, or no such number of processes.
        SetupError: if an accounts, engagements, rules or mapping file cannot be used.
    """
    if jobs < 1:
        raise UsageError(f"jobs is {jobs}, expected 1 or more")
    with ExitStack() as stack:
        plan = Plan(
            mappings=tuple((read_file(name), name) for name in mappings),
            format_name=format_name,
            period=make_period(since, until),
            rejects=rejects is not None,
            jobs=jobs,
            folder=Path(stack.enter_context(TemporaryDirectory(prefix="suragh-"))),
        )
        readers = plan.readers()
        granted = parse_engagements(read_file(engagements), engagements) if engagements else ()
        owners = [fact for name in accounts for fact in read_accounts_file(BytesIO(read_file(name)), name)]
        inputs = stack.enter_context(open_inputs(paths))
        ready = rulebook.builtin(rules)
        gathered = gather(ready, Place(rejects=plan.rejects), stack)
        made = _Scan(inputs, Lens(readers, Detector(ready, context=False), plan.period), gathered, ready)
        for owner in owners:
            gathered.fold.add(owner)
        made.read(plan, on_progress)
        if rejects is not None and gathered.tray is not None:
            write_rejects(gathered.tray.all(), inputs, rejects)
        return made.report(granted)


class _Scan:
    """One scan."""

    def __init__(self, inputs: Inputs, lens: Lens, gathered: Gathered, ready: Prepared) -> None:
        self.inputs = inputs
        self.lens = lens
        self.gathered = gathered
        self.ready = ready
        self.rules = ready.rules

    def read(self, plan: Plan, on_progress: OnProgress | None) -> None:
        """Read all sources."""
        if plan.jobs > 1 and len(self.inputs.sources) > 1:
            read_in_processes(self.inputs, plan, self.ready, self.gathered, on_progress)
        else:
            read_inputs(self.inputs, self.lens, self.gathered, on_progress)

    def report(self, engagements: tuple[Engagement, ...]) -> Report:
        """Resolve, judge, and gather what the report shows."""
        fold, spools = self.gathered.fold, self.gathered.spools
        engaged = frozenset[str]().union(*(engagement.accounts for engagement in engagements))
        labels, correlations = self.gathered.labels.of, self.ready.correlations
        resolver = Resolver(fold, lambda name: spools[name].pieces(), labels, engaged, correlations)
        whole = resolver.scene()
        parts = split(whole, engagements)
        findings = judge(parts, engagements, self.rules)
        names = credential_names((finding.group.sessions for finding in findings.standing), whole.keys)
        context = Context(parts, whole, self.rules, engagements, names, fold.sessions)
        campaigns = self._campaigns(findings, context)
        return self._assemble(resolver.totals, campaigns, findings, context)

    def _campaigns(self, findings: Findings, context: Context) -> tuple[Campaign, ...]:
        chosen = [chosen_hits(finding, self.rules) for finding in findings.standing]
        wanted = [Wanted(profile, hit) for pairs in chosen for profile, hit in pairs]
        evidence = fetch(wanted, self.inputs, self.lens, self.ready)
        return tuple(
            make_campaign(finding, context, _shown(pairs, evidence))
            for finding, pairs in zip(findings.standing, chosen, strict=True)
        )

    def _assemble(
        self, totals: Totals, campaigns: tuple[Campaign, ...], findings: Findings, context: Context
    ) -> Report:
        known, noted, period = tactics(), self.gathered.noted, self.lens.period
        return Report(
            campaigns=campaigns,
            sessions_read=totals.sessions,
            actions_read=totals.actions,
            lines_rejected=noted.reasons.total(),
            withdrawn=tuple(make_withdrawn(gone, context) for gone in findings.gone),
            accounts_read=totals.accounts,
            human_turns_read=totals.human_turns,
            sessions_without_account=totals.without_account,
            first_at="" if totals.first_at is None else rfc3339(totals.first_at),
            last_at="" if totals.last_at is None else rfc3339(totals.last_at),
            since="" if period.since == DAWN else rfc3339(period.since),
            until="" if period.until == DUSK else rfc3339(period.until),
            passed_over=noted.passed_over,
            sources=tuple(noted.sources),
            rejected=tuple(noted.rejected),
            rejected_reasons=dict(noted.reasons.most_common()),
            apart=make_apart(findings.apart, context),
            apart_left_out=findings.apart_left_out,
            thresholds=Thresholds(hostile=HOSTILE_POINTS, watch=WATCH_POINTS, link=LINK_LEAST),
            notes=(*_rule_notes(self.ready), *_notes(noted, totals, context)),
            version=version("suragh"),
            rules=len(self.rules),
            ruleset=self.ready.digest,
            tactic_names={name: known[name].name for c in campaigns for name in c.tactics},
        )


def _shown(pairs: Sequence[tuple[Profile, Hit]], evidence: Mapping[tuple[int, Hit], Evidence]) -> list[Evidence]:
    """What could be fetched, in order of time."""
    ordered = sorted(pairs, key=lambda pair: (pair[1], pair[0].name))
    return [evidence[(p.session, hit)] for p, hit in ordered if (p.session, hit) in evidence]


def _rule_notes(ready: Prepared) -> Iterator[str]:
    if ready.refused:
        yield (
            f"{len(ready.refused)} rules cannot be evaluated on agents' actions and were left out"
            " (`suragh rules list --rules …` says why)"
        )


def _time_notes(noted: Noted, totals: Totals) -> Iterator[str]:
    if noted.passed_over:
        yield f"{noted.passed_over} calls, results and messages lie outside the time that was asked for: not looked at"
    if noted.zoneless:
        yield f"{noted.zoneless} files have times that name no zone; these are taken as UTC"
    if totals.undated:
        yield (
            f"{totals.undated} of {totals.actions} actions have no time: they stand at 1970 in the order in which they"
            " were logged, as known from the beginning, and say nothing about pace"
        )


def _notes(noted: Noted, totals: Totals, context: Context) -> Iterator[str]:
    yield from _time_notes(noted, totals)
    tables = [source.file for source in noted.sources if source.format == "accounts"]
    if tables:
        yield f"accounts were also taken from {', '.join(tables)}, found in the input"
    if totals.without_account:
        yield (
            f"{totals.without_account} of {totals.sessions} sessions name no account; each is taken as an account of"
            " its own (`--accounts FILE` can say more)"
        )
    unknown = [source.file for source in noted.sources if not source.format and source.bytes]
    if unknown:
        yield f"{len(unknown)} files are of no known format and were not read"
    if context.whole.capped:
        yield f"{len(context.whole.capped)} sessions show more keys than are kept; the first ones count"
    idle = {e.id for e in context.engagements} - context.split.covered.keys() - context.split.beyond.keys()
    if idle:
        yield f"engagements without any activity: {', '.join(sorted(idle))}"
