"""`suragh scan`: read telemetry, say which campaigns are in it."""

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from importlib import import_module
from itertools import groupby
from tempfile import TemporaryFile
from typing import BinaryIO, Final

from rich.text import Text

import suragh
from suragh.cli import output
from suragh.cli.agents import offer
from suragh.cli.console import progress, show
from suragh.cli.moments import resolved
from suragh.errors import UsageError
from suragh.export.json_report import to_json
from suragh.export.terminal import summary
from suragh.model.evidence import SourceView
from suragh.model.report import Report, Verdict
from suragh.read import own_report
from suragh.text.printable import printable

HOSTILE_FOUND: Final = 1
UNREADABLE: Final = 5

MOST_PROCESSES: Final = 256
"""Processes that a scan may have: more than the cores of machines that people have."""

EPILOG: Final = """Formats are known by what a file holds, whatever its name, plain or compressed;
`suragh formats` lists them. Without a PATH, the logs of agents on this machine
are offered, and you are asked first.

A table that lies among the inputs is taken as `--accounts` would take it.
Nothing leaves this machine. Compiled rules are kept in ~/.cache/suragh, so that
the next start is faster; with SURAGH_CACHE=off in the environment they are not.

examples:
  suragh scan traces/                          a folder and all below it
  suragh scan 'logs/2026-01-*/*.jsonl.gz'      a pattern, in quotes
  zcat day.jsonl.gz | suragh scan -            standard input
  suragh scan traces/ --since 24h              what became known since yesterday
  suragh scan traces/ --json report.json --html report.html
  suragh scan traces/ --quiet --json - | jq '.campaigns[].summary'

`suragh --help` lists the exit codes.
"""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    """Add the command to the command line."""
    made: argparse.ArgumentParser = commands.add_parser(
        "scan",
        help="read telemetry and report the campaigns in it",
        description="Read telemetry of AI agents and report the intrusion campaigns in it, with the\nevidence.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.add_argument(
        "paths", nargs="*", metavar="PATH", help="file, folder (with all below it) or pattern; `-` is standard input"
    )
    made.add_argument(
        "--accounts",
        action="append",
        default=[],
        metavar="FILE",
        help="CSV that says which session belongs to which account, for logs that do not; its header names a session"
        " and an account column (`sessionId,account`); may be given more than once",
    )
    made.add_argument(
        "--engagements",
        metavar="FILE",
        help="JSON or TOML that says what was authorised: id, issuer, contact, accounts, targets, not_before, not_after"
        " of each engagement",
    )
    made.add_argument(
        "--rules",
        action="append",
        default=[],
        metavar="PATH",
        help="Sigma rule file, or folder with all below it, beside Suragh's own (docs/rules.md); `suragh rules list`"
        " says what cannot be evaluated, and why; may be given more than once",
    )
    _add_formats(made)
    _add_period(made)
    _add_outputs(made)
    made.add_argument(
        "--jobs",
        type=_processes,
        default=1,
        metavar="N",
        help="read with N processes: faster for many files on many cores, with N times the memory; 1 if not given",
    )
    made.set_defaults(run=run)
    return made


def _add_formats(made: argparse.ArgumentParser) -> None:
    made.add_argument(
        "--mapping",
        action="append",
        default=[],
        metavar="FILE",
        help="TOML that says how lines of JSON in a format of your own are to be read (docs/formats.md); `suragh"
        " formats try` shows what one gives; may be given more than once",
    )
    made.add_argument(
        "--format",
        metavar="NAME",
        help="read everything as this format, whatever it looks like; `suragh formats` lists the names",
    )


def _add_period(made: argparse.ArgumentParser) -> None:
    made.add_argument(
        "--since",
        metavar="TIME",
        help="look only at what became known from then on: a time such as 2026-01-31T12:00:00Z, a date, or how long ago"
        " (90m, 24h, 7d, 2w)",
    )
    made.add_argument(
        "--until", metavar="TIME", help="look only at what became known up to then; a date counts with its whole day"
    )


def _processes(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_PROCESSES:
        raise UsageError(f"--jobs is {text!r}, expected a number from 1 to {MOST_PROCESSES}")
    return int(text)


def _add_outputs(made: argparse.ArgumentParser) -> None:
    made.add_argument(
        "--json",
        metavar="FILE",
        help="write the report as JSON, for programs and for `suragh show`; `-` is standard output, which then carries"
        " nothing else",
    )
    made.add_argument(
        "--html", metavar="FILE", help="write the report as one page that needs no other file; `-` is standard output"
    )
    made.add_argument(
        "--rejects",
        metavar="FILE",
        help="write the bytes of all that could not be read, with file, offset and reason, as lines of JSON",
    )
    loudness = made.add_mutually_exclusive_group()
    loudness.add_argument("-q", "--quiet", action="store_true", help="print nothing but errors")
    loudness.add_argument(
        "-v", "--verbose", action="store_true", help="also print which files were read as what, and what was not read"
    )


def run(options: argparse.Namespace) -> int:
    """Scan, write what was asked for, print the summary, and choose the exit code."""
    wanted = _outputs(options)
    paths = options.paths or offer(os.environ)
    if not paths:
        print("suragh: nothing was read", file=sys.stderr)
        return UNREADABLE
    with ExitStack() as stack:
        rejects = stack.enter_context(TemporaryFile(prefix="suragh-")) if options.rejects else None
        report = _scanned(paths, options, rejects)
        _write(wanted, options, report, rejects)
    if not report.sessions_read:
        print(f"suragh: {_nothing(paths, report)}", file=sys.stderr)
    on_stderr = output.STANDARD in wanted
    if report.sessions_read and not options.quiet:
        show(summary(report), on_stderr=on_stderr)
    if options.verbose:
        show(_inputs(report), on_stderr=on_stderr, wrap=False)
    return exit_code(report)


def _scanned(paths: list[str], options: argparse.Namespace, rejects: BinaryIO | None) -> Report:
    now = datetime.now(UTC)  # noqa: TID251 - `24h` means before now, and only who types it has a clock
    with progress(quiet=options.quiet) as on_progress:
        # loads the engine only now: neither `--version` nor `suragh show` needs it, and it takes longest to load
        return suragh.scan(
            paths,
            accounts=options.accounts,
            engagements=options.engagements,
            rules=options.rules,
            mappings=options.mapping,
            format_name=options.format,
            since=resolved(options.since, now),
            until=resolved(options.until, now),
            rejects=rejects,
            jobs=options.jobs,
            on_progress=on_progress,
        )


def exit_code(report: Report) -> int:
    """1 for a hostile campaign, else 5 for anything unread (no session at all, too), else 0."""
    if any(campaign.verdict is Verdict.HOSTILE for campaign in report.campaigns):
        return HOSTILE_FOUND
    return UNREADABLE if report.lines_rejected or not report.sessions_read else 0


def _outputs(options: argparse.Namespace) -> list[str]:
    wanted = {
        name: getattr(options, name) for name in ("json", "html", "rejects") if getattr(options, name) is not None
    }
    if len(set(wanted.values())) < len(wanted):
        names = " and ".join(f"--{name}" for name in wanted)
        raise UsageError(f"{names} name one place, expected one each")
    for name in wanted.values():
        output.check(name)
    return list(wanted.values())


def _write(wanted: list[str], options: argparse.Namespace, report: Report, rejects: BinaryIO | None) -> None:
    handed_in = [*options.accounts, *options.mapping, *filter(None, [options.engagements])]
    for name in wanted:
        output.keep(name, [*handed_in, *_telemetry(report)])
    if rejects is not None:
        rejects.seek(0)
        output.copy(options.rejects, rejects)
    if options.json is not None:
        output.write(options.json, to_json(report))
    if options.html is not None:
        # few scans need the page, and what fills its template is slow to load
        page = import_module("suragh.export.page").page
        output.write(options.html, page(report).encode("utf-8", "backslashreplace"))


def _nothing(paths: list[str], report: Report) -> str:
    """Say in one line that no telemetry was read, and why."""
    where = ", ".join(printable(path) for path in paths)
    if not report.sources:
        return f"{where}: no file there, nothing was read"
    if report.passed_over:
        return f"{where}: no session of an agent in the time asked for; {report.passed_over:,} acts lie outside it"
    reasons = "; ".join(f"{printable(reason)} ({times:,})" for reason, times in report.rejected_reasons.items())
    return f"{where}: no session of an agent in {_files(len(report.sources))}" + (f": {reasons}" if reasons else "")


def _inputs(report: Report) -> Text:
    """Which files were read as what, by format; and what was not read."""
    return Text("\n".join(["", *_by_format(report), *_rejected(report)]))


def _by_format(report: Report) -> Iterator[str]:
    ordered = sorted(report.sources, key=lambda source: (not source.format, source.format, source.file))
    for name, group in groupby(ordered, key=lambda source: source.format):
        sources = list(group)
        yield f"{name or 'not read'}: {_files(len(sources))}, {_counts(sources)}"
        yield from (f"  {printable(source.file)}  {_counts([source])}" for source in sources)


def _counts(sources: list[SourceView]) -> str:
    records, calls = sum(s.records for s in sources), sum(s.calls for s in sources)
    return f"{records:,} records, {calls:,} calls, {sum(s.rejected for s in sources):,} rejected"


def _rejected(report: Report) -> Iterator[str]:
    for item in report.rejected:
        yield f"rejected: {printable(item.file)} at byte {item.offset:,}: {printable(item.reason)}"
    if report.lines_rejected > len(report.rejected):
        yield f"and {report.lines_rejected - len(report.rejected):,} more"


def _files(count: int) -> str:
    return f"{count:,} file" + ("" if count == 1 else "s")


def _telemetry(report: Report) -> list[str]:
    """The files that hold telemetry: these are never written over. What Suragh wrote before may be."""
    own = {"", own_report.READER.name, own_report.REJECTS_READER.name}
    return [name for source in report.sources if source.format not in own for name in _around(source.file)]


def _around(name: str) -> Iterator[str]:
    """A source's own name, and those of the archives that it may lie in."""
    places = [place for place, sign in enumerate(name) if sign == "!"]
    yield from (name[:place] for place in (*places, len(name)))
