"""`suragh explain`: why a session is in a campaign of a report, or is not."""

import argparse
import sys
from collections.abc import Iterable, Iterator
from typing import Final

from rich.console import Group, RenderableType
from rich.text import Text

from suragh.cli import console
from suragh.errors import UsageError
from suragh.export.json_report import from_json
from suragh.export.session_view import apart_view, member_view, withdrawn_view
from suragh.model.report import Report
from suragh.store.files import read_file

STANDARD: Final = "-"

EPILOG: Final = """A report tells of the sessions of its campaigns, and of the 500 others with a
signal that come nearest to one. A session without any signal is in no report.

examples:
  suragh scan traces/ --json report.json
  suragh explain report.json 0045620e      the session whose id begins so
"""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    """Add the command to the command line."""
    made: argparse.ArgumentParser = commands.add_parser(
        "explain",
        help="say why a session is in a campaign, or is not",
        description="Say why a session is in a campaign of a report, or what it lacks, in the numbers\n"
        "that decided it.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.add_argument("report", metavar="REPORT", help="the JSON file of `suragh scan --json`; `-` is standard input")
    made.add_argument("session", metavar="SESSION", help="its id, or the beginning of its id")
    made.set_defaults(run=run)
    return made


def run(options: argparse.Namespace) -> int:
    """Print why."""
    name = options.report
    report = from_json(sys.stdin.buffer.read() if name == STANDARD else read_file(name), name)
    session = chosen(report, options.session)
    console.show(Group(*_apart(_views(report, session))))
    return 0


def chosen(report: Report, name: str) -> str:
    """The id of the session that is called so, or whose id alone begins so.

    Raises:
        UsageError: if the report tells of none, or of more than one.
    """
    known = {session for campaign in report.campaigns for session in campaign.sessions}
    known |= {apart.session.id for apart in report.apart}
    known |= {session for gone in report.withdrawn for session in gone.sessions}
    found = [name] if name in known else sorted(session for session in known if name and session.startswith(name))
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"session {name!r} begins {len(found)} ids, expected the beginning of one")
    left = report.apart_left_out
    why = "no session of that name was read, or no rule found a sign of intrusion in it"
    more = f", or it is one of {left:,} that come less near to a campaign than those that the report tells of"
    raise UsageError(f"session {name!r} is not in the report: {why}{more if left else ''}")


def _views(report: Report, session: str) -> Iterator[RenderableType]:
    for campaign in report.campaigns:
        for view in campaign.sessions_detail:
            if view.id == session:
                yield member_view(report, campaign, view)
    yield from (apart_view(report, apart) for apart in report.apart if apart.session.id == session)
    yield from (withdrawn_view(gone, session) for gone in report.withdrawn if session in gone.sessions)


def _apart(views: Iterable[RenderableType]) -> Iterator[RenderableType]:
    """Views with a line free between them: what an engagement covers of a session is told apart from the rest."""
    for number, view in enumerate(views):
        if number:
            yield Text()
        yield view
