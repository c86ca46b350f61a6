"""`suragh show`: look at a report that `suragh scan --json` wrote."""

import argparse

from rich.console import Console

from suragh.errors import UsageError
from suragh.export.json_report import from_json
from suragh.export.terminal import campaign_view, summary
from suragh.model.report import Campaign, Report
from suragh.store.files import read_file
from suragh.text.printable import printable


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the command line."""
    made = commands.add_parser(
        "show",
        help="look at a report, or at one of its campaigns",
        description="Show a report that `suragh scan --json FILE` wrote: its summary, or one of its campaigns.",
    )
    made.add_argument("report", metavar="REPORT", help="the report")
    made.add_argument(
        "campaign", nargs="?", metavar="CAMPAIGN", help="number in the summary, or the beginning of an id"
    )
    made.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the summary or the campaign."""
    report = from_json(read_file(options.report), options.report)
    view = summary(report) if options.campaign is None else campaign_view(report, chosen(report, options.campaign))
    Console().print(view)
    return 0


def chosen(report: Report, name: str) -> Campaign:
    """The campaign of a number, from 1, or of the beginning of its id.

    Raises:
        UsageError: if there is none, or more than one.
    """
    if name.isdigit() and 1 <= int(name) <= len(report.campaigns):
        return report.campaigns[int(name) - 1]
    found = [campaign for campaign in report.campaigns if campaign.id.startswith(name)]
    if len(found) != 1:
        what = f"campaign is {printable(name)!r}, expected 1 to {len(report.campaigns)} or the beginning of one id"
        raise UsageError(what, hint="See `suragh show REPORT`")
    return found[0]
