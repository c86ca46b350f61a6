"""`suragh scan`: read telemetry, say which campaigns are in it."""

import argparse
import sys
from collections.abc import Iterator
from importlib import import_module
from itertools import groupby
from typing import Final

from rich.text import Text

import suragh
from suragh.cli import output
from suragh.cli.console import progress, show
from suragh.errors import UsageError
from suragh.export.json_report import to_json
from suragh.export.terminal import summary
from suragh.model.report import Report, SourceView, Verdict
from suragh.read import own_report
from suragh.read.registry import READERS
from suragh.text.printable import printable

HOSTILE_FOUND: Final = 1
UNREADABLE: Final = 5

EPILOG: Final = """Formats, known by what a file holds whatever its name, plain or compressed
(gzip, zstd, xz):
{formats}

A table that lies among the inputs is taken as `--accounts` would take it.
Nothing leaves this machine. Compiled rules are kept in ~/.cache/suragh, so that
the next start is faster; with SURAGH_CACHE=off in the environment they are not.

examples:
  suragh scan traces/                          a folder and all below it
  suragh scan 'logs/2026-01-*/*.jsonl.gz'      a pattern, in quotes
  zcat day.jsonl.gz | suragh scan -            standard input
  suragh scan traces/ --json report.json --html report.html
  suragh scan traces/ --quiet --json - | jq '.campaigns[].summary'

`suragh --help` lists the exit codes.
"""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    """Add the command to the command line."""
    titles = "\n".join(f"  {reader.title}" for reader in READERS)
    made: argparse.ArgumentParser = commands.add_parser(
        "scan",
        help="read telemetry and report the campaigns in it",
        description="Read telemetry of AI agents and report the intrusion campaigns in it, with the\nevidence.",
        epilog=EPILOG.format(formats=titles),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.add_argument(
        "paths", nargs="+", metavar="PATH", help="file, folder (with all below it) or pattern; `-` is standard input"
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
    _add_formats(made)
    _add_outputs(made)
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
    loudness = made.add_mutually_exclusive_group()
    loudness.add_argument("-q", "--quiet", action="store_true", help="print nothing but errors")
    loudness.add_argument(
        "-v", "--verbose", action="store_true", help="also print which files were read as what, and what was not read"
    )


def run(options: argparse.Namespace) -> int:
    """Scan, write what was asked for, print the summary, and choose the exit code."""
    wanted = _outputs(options)
    with progress(quiet=options.quiet) as on_progress:
        # loads the engine only now: neither `--version` nor `suragh show` needs it, and it takes longest to load
        report = suragh.scan(
            options.paths,
            accounts=options.accounts,
            engagements=options.engagements,
            mappings=options.mapping,
            format_name=options.format,
            on_progress=on_progress,
        )
    _write(wanted, options, report)
    if not report.sessions_read:
        print(f"suragh: {_nothing(options.paths, report)}", file=sys.stderr)
    on_stderr = output.STANDARD in wanted
    if report.sessions_read and not options.quiet:
        show(summary(report), on_stderr=on_stderr)
    if options.verbose:
        show(_inputs(report), on_stderr=on_stderr, wrap=False)
    return exit_code(report)


def exit_code(report: Report) -> int:
    """1 for a hostile campaign, else 5 for anything unread (no session at all, too), else 0."""
    if any(campaign.verdict is Verdict.HOSTILE for campaign in report.campaigns):
        return HOSTILE_FOUND
    return UNREADABLE if report.lines_rejected or not report.sessions_read else 0


def _outputs(options: argparse.Namespace) -> list[str]:
    wanted = [name for name in (options.json, options.html) if name is not None]
    if len(set(wanted)) < len(wanted):
        raise UsageError("--json and --html name one place, expected two")
    for name in wanted:
        output.check(name)
    return wanted


def _write(wanted: list[str], options: argparse.Namespace, report: Report) -> None:
    handed_in = [*options.accounts, *options.mapping, *filter(None, [options.engagements])]
    for name in wanted:
        output.keep(name, [*handed_in, *_telemetry(report)])
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
    """The files that hold telemetry: these are never written over. An older report may be."""
    return [source.file for source in report.sources if source.format not in {"", own_report.READER.name}]
