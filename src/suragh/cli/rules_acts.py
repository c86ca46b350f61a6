"""What `suragh rules` does with rules that are ready for use: one function an act, each with its exit code."""

import argparse
import sys
from collections.abc import Callable, Mapping
from typing import Final

import msgspec
from rich.text import Text

from suragh.cli import output
from suragh.cli.console import show
from suragh.cli.rules import logsource
from suragh.detect.rule import Refused
from suragh.engine.match import Matching, Unread
from suragh.engine.rules import builtin
from suragh.export.json_report import from_json
from suragh.export.navigator import layer
from suragh.model.match import RuleInfo
from suragh.model.report import Report
from suragh.store.files import read_file
from suragh.text.printable import printable

UNREADABLE: Final = 5

WIDTH: Final = len("informational")


def run_list(options: argparse.Namespace) -> int:
    """Print every rule, then every refused one with the reason."""
    ready = builtin(options.rules)
    if options.json:
        for one in (*ready.rules, *ready.refused):
            _json_line(one)
    else:
        print_lines([*map(_of_rule, ready.rules), *map(_of_refused, ready.refused)])
    say(f"{len(ready.rules):,} rules, {len(ready.refused):,} refused")
    return 0


def _of_rule(rule: RuleInfo) -> str:
    shown = "".join(f"  {technique}" for technique in rule.techniques)
    return f"{rule.level:{WIDTH}}  {printable(rule.name)}  {printable(rule.title)}{shown}"


def _of_refused(refused: Refused) -> str:
    return f"{'refused':{WIDTH}}  {printable(refused.file)}  {printable(refused.name)}  {printable(refused.reason)}"


def run_match(options: argparse.Namespace) -> int:
    """Write each match as a line of JSON; 5 where a line could not be read."""
    matching = Matching(options.rules, logsource(options.logsource))
    unread = matches = 0
    for found in matching.of([options.events]):
        if isinstance(found, Unread):
            unread += 1
            say(f"{found.file}:{found.line}: {found.rejected.reason}")
        else:
            matches += 1
            rule = found.rule
            _json_line({"line": found.line, "rule": rule.id or rule.name, "level": rule.level, "title": rule.title})
    sys.stdout.flush()
    for refused in matching.refused:
        say(f"{refused.file}: {refused.name} is refused: {refused.reason}")
    if matching.undated:
        say(f"{matching.undated:,} matches have no time: correlations did not count them")
    say(
        f"{matching.records:,} records, {matching.rules:,} rules: {matches:,} matches; {unread:,} lines not read,"
        f" {len(matching.refused):,} rules refused"
    )
    return UNREADABLE if unread else 0


def run_navigator(options: argparse.Namespace) -> int:
    """Write a layer."""
    output.check(options.output)
    report = None if options.report is None else _report(options.report)
    made = layer(builtin(options.rules).rules, report)
    output.write(options.output, msgspec.json.format(msgspec.json.encode(made)) + b"\n")
    return 0


def _report(name: str) -> Report:
    return from_json(sys.stdin.buffer.read() if name == output.STANDARD else read_file(name), name)


def _json_line(value: object) -> None:
    sys.stdout.write(msgspec.json.encode(value).decode() + "\n")


def print_lines(lines: list[str]) -> None:
    """Print lines as they are, however long."""
    if lines:
        show(Text("\n".join(lines)), wrap=False)


def say(text: str) -> None:
    """Tell a person something on standard error."""
    print(f"suragh: {printable(text)}", file=sys.stderr)


ACTS: Final[Mapping[str, Callable[[argparse.Namespace], int]]] = {
    "list": run_list,
    "match": run_match,
    "navigator": run_navigator,
}
