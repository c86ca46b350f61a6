"""The command `suragh`: reads its arguments, runs one of its commands, turns errors into one line and an exit code."""

import argparse
import io
import sys
import traceback
from collections.abc import Sequence
from importlib.metadata import version
from typing import Final, NoReturn

from suragh.cli import completion, doctor, explain, formats, rules, scan, show
from suragh.cli.console import silence
from suragh.errors import SuraghError, UsageError
from suragh.text.printable import printable

INTERNAL: Final = 4
STOPPED: Final = 130
"""What a shell reports of a program that SIGINT ended: 128 + 2."""

UNHEARD: Final = 141
"""What a shell reports of a program that SIGPIPE ended: 128 + 13. None of our own codes would be true: who went away
did not read all of what was found."""

MESSAGE_LIMIT: Final = 2000
"""Code points of an error's one line: two long paths and what is wrong with them."""

EPILOG: Final = """examples:
  suragh scan ~/.claude/projects                 logs of agents on this machine
  suragh scan traces/ --accounts accounts.csv    say which session is whose
  suragh scan traces/ --json report.json         keep the report
  suragh show report.json                        look at it again
  suragh show report.json 1                      its first campaign, in full
  suragh explain report.json 0045620e            why a session is in it, or not
  suragh doctor                                  what works here, and whose logs

exit codes:
  0  everything was read, and no hostile campaign was found
  1  a hostile campaign was found
  2  the command line is wrong
  3  a file handed in (accounts, engagements, rules, report) cannot be used, an
     output cannot be written, or `suragh doctor` found something that does not
     work
  4  Suragh itself failed
  5  no hostile campaign was found, but some input could not be read, or there
     was none
"""


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one line, as all others are."""

    def error(self, message: str) -> NoReturn:
        """Raise instead of printing the usage and leaving."""
        raise UsageError(message, hint=f"See `{self.prog} --help`")


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    made: argparse.ArgumentParser = _Parser(
        prog="suragh",
        description="Find intrusion campaigns run by AI agents in the agents' telemetry, across\n"
        "sessions and accounts.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.add_argument("--version", action="version", version=f"suragh {version('suragh')}")
    commands = made.add_subparsers(
        dest="command", metavar="COMMAND", required=True, title="commands (`suragh COMMAND --help` tells more)"
    )
    for module in (scan, show, explain, formats, rules, doctor):
        module.add_to(commands)
    completion.add_to(commands, parser)
    for one in commands.choices.values():
        one.add_argument("--traceback", action="store_true", help="if Suragh itself fails, print where")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    _print_in_any_locale()
    try:
        options = parser().parse_args(given)
        code: int = options.run(options)
        sys.stdout.flush()
    except SuraghError as error:
        return _failed(error.message, error.exit_code)
    except BrokenPipeError:
        silence(sys.stdout)
        return UNHEARD
    except KeyboardInterrupt:
        return _failed("stopped", STOPPED)
    except Exception as error:  # noqa: BLE001 - the outermost place: whatever nobody foresaw ends here, in one line
        return _broken(error, in_full="--traceback" in given)
    return code


def _print_in_any_locale() -> None:
    """Write what a terminal's encoding lacks as an escape, in place of failing at a name in another script."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _broken(error: Exception, *, in_full: bool) -> int:
    if in_full:
        for line in "".join(traceback.format_exception(error)).splitlines():
            print(printable(line, MESSAGE_LIMIT), file=sys.stderr)
    hint = "" if in_full else "; run with --traceback to see where"
    what = ": ".join(filter(None, (type(error).__name__, printable(str(error)))))
    return _failed(f"internal error: {what}{hint}", INTERNAL)


def _failed(message: str, code: int) -> int:
    print(f"suragh: {printable(message, MESSAGE_LIMIT)}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
