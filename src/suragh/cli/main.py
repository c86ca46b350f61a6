"""The command `suragh`: reads its arguments, runs one of its commands, turns errors into one line and an exit code."""

import argparse
import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import Final

from suragh.cli import scan, show
from suragh.errors import SuraghError, UsageError

EXITS: Final = """exit codes:
  0  everything was read, and no hostile campaign was found
  1  a hostile campaign was found
  2  the command line is wrong
  3  a file handed in (engagements, accounts, report) cannot be used
  4  Suragh itself failed
  5  no hostile campaign was found, but some input could not be read
"""


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one line, as all others are."""

    def error(self, message: str) -> "None":  # type: ignore[override]
        """Raise instead of printing the usage and leaving."""
        raise UsageError(message, hint=f"See `{self.prog} --help`")


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    made: argparse.ArgumentParser = _Parser(
        prog="suragh",
        description="Find intrusion campaigns run by AI agents in the agents' telemetry, across sessions and accounts.",
        epilog=EXITS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("--version", action="version", version=f"suragh {version('suragh')}")
    commands = made.add_subparsers(dest="command", metavar="COMMAND", required=True)
    scan.add_to(commands)
    show.add_to(commands)
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    try:
        options = parser().parse_args(arguments)
        code: int = options.run(options)
    except SuraghError as error:
        print(f"suragh: {error.message}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        # Whoever read our output has seen enough; nothing more can be said to them.
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        print("suragh: stopped", file=sys.stderr)
        return 130
    return code


if __name__ == "__main__":
    sys.exit(main())
