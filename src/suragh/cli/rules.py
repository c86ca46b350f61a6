"""`suragh rules`: its acts and their options. What they do is loaded only when one runs: it takes long to load."""

import argparse
from functools import partial
from importlib import import_module
from typing import Final, TypeAlias

from suragh.cli import output
from suragh.errors import UsageError

LOGSOURCE_KEYS: Final = ("category", "product", "service")

EPILOG: Final = """examples:
  suragh rules list                            the rules that come with Suragh
  suragh rules list --rules sigma/rules        others too, and what is refused
  suragh rules check sigma/rules               mistakes, with line and column
  suragh rules test my-rules                   the examples in the rules' files
  suragh rules match events.jsonl --rules sigma/rules \\
      --logsource category=process_creation,product=windows
  suragh rules navigator report.json --output layer.json
"""

_MODULES: Final = dict.fromkeys(("check", "test"), "suragh.cli.rules_files")
"""Where the acts are that parse rules: what parses them takes long to load."""

_Acts: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 - it has no public name
_RULES: Final = "rule file, or folder with all below it"


def add_to(commands: _Acts) -> argparse.ArgumentParser:
    """Add the command to the command line."""
    made: argparse.ArgumentParser = commands.add_parser(
        "rules",
        help="list, check, test and try detection rules",
        description="Look after Sigma rules: those that come with Suragh, and anyone's.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    acts = made.add_subparsers(dest="act", metavar="ACT", required=True, title="what to do")
    _add_list(acts)
    _add_check(acts)
    _add_test(acts)
    _add_match(acts)
    _add_navigator(acts)
    return made


def _act(acts: _Acts, name: str, says: str, tells: str) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = acts.add_parser(name, help=says, description=tells, allow_abbrev=False)
    made.set_defaults(run=partial(_run, name))
    return made


def _run(name: str, options: argparse.Namespace) -> int:
    return int(import_module(_MODULES.get(name, "suragh.cli.rules_acts")).ACTS[name](options))


def _add_rules(made: argparse.ArgumentParser) -> None:
    made.add_argument(
        "--rules",
        action="append",
        default=[],
        metavar="PATH",
        help=f"{_RULES}, beside Suragh's own; may be given more than once",
    )


def _add_list(acts: _Acts) -> None:
    tells = "List the rules, then those that cannot be evaluated on agents' actions, with the reason."
    made = _act(acts, "list", "list the rules, and what cannot be evaluated", tells)
    _add_rules(made)
    made.add_argument("--json", action="store_true", help="one JSON object a line")


def _add_check(acts: _Acts) -> None:
    tells = "Look for mistakes in rule files. Each is one line, `file:line:column: error|warning: what`; exit code 3 if"
    made = _act(acts, "check", "look for mistakes, with line and column", f"{tells} a rule cannot be used.")
    made.add_argument("rules", nargs="+", metavar="PATH", help=_RULES)


def _add_test(acts: _Acts) -> None:
    tells = "Try each rule on the examples in its file (key `suragh`: `hits` and `misses`; docs/rules.md); exit code 3"
    made = _act(acts, "test", "try each rule on the examples in its file", f"{tells} if one comes out otherwise.")
    made.add_argument("rules", nargs="*", metavar="PATH", help=f"{_RULES}; Suragh's own if not given")


def _add_match(acts: _Acts) -> None:
    tells = (
        "Evaluate rules on records that bear Sigma's field names already, one JSON object a line. A match is one line"
        ' of JSON: "line" (from 1), "rule" (its id, else its name), "level", "title".'
    )
    made = _act(acts, "match", "evaluate rules on records of any log", tells)
    made.add_argument("events", metavar="EVENTS", help="lines of JSON, plain or compressed; `-` is standard input")
    made.add_argument("--rules", action="append", required=True, metavar="PATH", help=_RULES)
    made.add_argument(
        "--logsource",
        default="",
        metavar="KEY=VALUE[,…]",
        help="only rules of this log source (keys: category, product, service); all rules are tried if not given",
    )


def _add_navigator(acts: _Acts) -> None:
    tells = (
        "Write a layer for the ATT&CK Navigator: the techniques that the rules cover and, with a report, those that its"
        " campaigns showed."
    )
    made = _act(acts, "navigator", "write a layer for the ATT&CK Navigator", tells)
    made.add_argument("report", nargs="?", metavar="REPORT", help="JSON of `suragh scan`; `-` is standard input")
    _add_rules(made)
    made.add_argument("--output", default=output.STANDARD, metavar="FILE", help="standard output if not given")


def logsource(text: str) -> dict[str, str]:
    """Read `category=process_creation,product=windows`.

    Raises:
        UsageError: if it is anything else.
    """
    found: dict[str, str] = {}
    for part in filter(None, text.split(",")):
        key, _, value = part.partition("=")
        if not value or key not in LOGSOURCE_KEYS:
            raise UsageError(f"--logsource has {part!r}, expected one of {', '.join(LOGSOURCE_KEYS)} and its value")
        found[key] = value
    return found
