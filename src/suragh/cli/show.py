"""`suragh show`: look at a report that `suragh scan --json` wrote."""

import argparse
import sys
from typing import Final

from suragh.cli import console
from suragh.errors import UsageError
from suragh.export.json_report import from_json
from suragh.export.terminal import campaign_view, summary
from suragh.model.report import Campaign, Report
from suragh.store.files import read_file

STANDARD: Final = "-"

MOST_DIGITS: Final = 6
"""Digits of a number of a campaign; the ids have sixteen."""

EPILOG: Final = """examples:
  suragh show report.json                  the summary
  suragh show report.json 1                the first campaign, in full
  suragh show report.json 3fa9             the campaign whose id begins so
  suragh show report.json 1 | less -R      page by page
"""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    """Add the command to the command line."""
    made: argparse.ArgumentParser = commands.add_parser(
        "show",
        help="look at a report, or at one of its campaigns",
        description="Show a report that `suragh scan --json FILE` wrote: its summary, or one of its\ncampaigns.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.add_argument("report", metavar="REPORT", help="the JSON file; `-` is standard input")
    made.add_argument(
        "campaign",
        nargs="?",
        metavar="CAMPAIGN",
        help="its number in the summary, from 1, or the beginning of its id; without it, the summary is shown",
    )
    made.set_defaults(run=run)
    return made


def run(options: argparse.Namespace) -> int:
    """Print the summary or the campaign."""
    name = options.report
    report = from_json(sys.stdin.buffer.read() if name == STANDARD else read_file(name), name)
    chosen_view = (
        summary(report) if options.campaign is None else campaign_view(report, chosen(report, options.campaign))
    )
    console.show(chosen_view)
    return 0


def chosen(report: Report, name: str) -> Campaign:
    """The campaign of a number, from 1, or of the beginning of its id.

    Raises:
        UsageError: if there is none, or more than one.
    """
    count = len(report.campaigns)
    if name.isdecimal() and len(name) <= MOST_DIGITS and 1 <= int(name) <= count:
        return report.campaigns[int(name) - 1]
    found = [campaign for campaign in report.campaigns if name and campaign.id.startswith(name)]
    if len(found) == 1:
        return found[0]
    if not count:
        raise UsageError(f"campaign is {name!r}, but the report holds none")
    numbers = "1" if count == 1 else f"1 to {count}"
    what = f"begins {len(found)} ids" if found else "is none"
    hint = "`suragh show REPORT` lists them"
    raise UsageError(f"campaign {name!r} {what}, expected {numbers} or the beginning of one id", hint=hint)
