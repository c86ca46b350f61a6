"""`suragh scan`: read telemetry, say which campaigns are in it."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from suragh.engine.local import OnProgress, scan
from suragh.errors import SetupError
from suragh.export.json_report import to_json
from suragh.export.page import page
from suragh.export.terminal import summary
from suragh.model.report import Report, Verdict
from suragh.text.printable import printable

STANDARD: Final = "-"

HOSTILE_FOUND: Final = 1
UNREADABLE: Final = 5


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the command line."""
    made = commands.add_parser(
        "scan",
        help="read telemetry and report the campaigns in it",
        description="Read agent telemetry and report the campaigns in it. Formats are known by their content.",
    )
    made.add_argument("paths", nargs="+", metavar="PATH", help="file, folder or pattern; `-` reads standard input")
    made.add_argument(
        "--accounts", action="append", default=[], metavar="FILE", help="CSV with a session and an account column"
    )
    made.add_argument(
        "--engagements", metavar="FILE", help="JSON or TOML: who was authorised to act on which targets, and when"
    )
    made.add_argument("--json", metavar="FILE", help="write the report as JSON; `-` writes it to standard output")
    made.add_argument("--html", metavar="FILE", help="write the report as one self-contained page")
    loudness = made.add_mutually_exclusive_group()
    loudness.add_argument("-q", "--quiet", action="store_true", help="print nothing but errors")
    loudness.add_argument(
        "-v", "--verbose", action="store_true", help="also print what was read, file by file, and what was not"
    )
    made.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Scan, write what was asked for, print the summary, and choose the exit code."""
    with _progress(quiet=options.quiet) as on_progress:
        report = scan(
            options.paths, accounts=options.accounts, engagements=options.engagements, on_progress=on_progress
        )
    if options.json:
        _write(options.json, to_json(report))
    if options.html:
        _write(options.html, page(report).encode())
    if not options.quiet:
        # With `--json -` standard output is the report's alone.
        console = Console(stderr=STANDARD in {options.json, options.html})
        console.print(summary(report))
        if options.verbose:
            _print_sources(report, console)
    return exit_code(report)


def exit_code(report: Report) -> int:
    """1 for a hostile campaign, else 5 for anything unread (no input at all, too), else 0."""
    if any(campaign.verdict is Verdict.HOSTILE for campaign in report.campaigns):
        return HOSTILE_FOUND
    return UNREADABLE if report.lines_rejected or not report.sessions_read else 0


def _write(name: str, data: bytes) -> None:
    if name == STANDARD:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        Path(name).write_bytes(data)
    except OSError as error:
        raise SetupError(f"cannot be written: {error.strerror}", where=name) from error


def _print_sources(report: Report, console: Console) -> None:
    for source in report.sources:
        made = (
            f"{source.format or 'not read'}: {source.records} records, {source.calls} calls, {source.rejected} rejected"
        )
        console.print(f"{printable(source.file)}  {made}", markup=False, highlight=False)
    for item in report.rejected:
        console.print(
            f"{printable(item.file)} at byte {item.offset}: {printable(item.reason)}", markup=False, highlight=False
        )


@contextmanager
def _progress(*, quiet: bool) -> Iterator[OnProgress | None]:
    """A bar on the terminal while the scan goes on; None where nobody looks."""
    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("reading")

        def on_progress(step: str, done: int, total: int) -> None:
            bar.update(task, description=step, completed=done, total=total or None)

        yield on_progress
