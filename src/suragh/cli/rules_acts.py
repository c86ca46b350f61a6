"""What `suragh rules` does: one function an act, each with its exit code."""

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Final

import msgspec
from rich.text import Text

from suragh.cli import output
from suragh.cli.console import show
from suragh.cli.rules import logsource
from suragh.detect import ruleset
from suragh.detect.examples import Verdict, tried
from suragh.detect.inspector import Detector
from suragh.detect.rule import Refused, builtin_files
from suragh.detect.sigma_check import Severity, check
from suragh.engine.match import Matching, Unread
from suragh.engine.rules import builtin, rule_files
from suragh.export.json_report import from_json
from suragh.export.navigator import layer
from suragh.model.match import RuleInfo
from suragh.model.report import Report
from suragh.store.files import read_file
from suragh.text.printable import printable

FAULTY: Final = 3
"""As for every file that a person wrote and that cannot be used."""

UNREADABLE: Final = 5

EXAMPLE_LIMIT: Final = 100
"""Code points shown of an example."""

WIDTH: Final = len("informational")


def run_list(options: argparse.Namespace) -> int:
    """Print every rule, then every refused one with the reason."""
    ready = builtin(options.rules)
    if options.json:
        for one in (*ready.rules, *ready.refused):
            _json_line(one)
    else:
        _print([*map(_of_rule, ready.rules), *map(_of_refused, ready.refused)])
    _say(f"{len(ready.rules):,} rules, {len(ready.refused):,} refused")
    return 0


def _of_rule(rule: RuleInfo) -> str:
    shown = "".join(f"  {technique}" for technique in rule.techniques)
    return f"{rule.level:{WIDTH}}  {printable(rule.name)}  {printable(rule.title)}{shown}"


def _of_refused(refused: Refused) -> str:
    return f"{'refused':{WIDTH}}  {printable(refused.file)}  {printable(refused.name)}  {printable(refused.reason)}"


def run_check(options: argparse.Namespace) -> int:
    """Print each problem; 3 where one keeps a rule from being used."""
    sources = rule_files(options.rules)
    problems = list(check(sources))
    _print([f"{printable(str(one.spot))}: {one.severity}: {printable(one.text)}" for one in problems])
    counts = Counter(one.severity for one in problems)
    _say(f"{len(sources):,} files, {counts[Severity.ERROR]:,} errors, {counts[Severity.WARNING]:,} warnings")
    return FAULTY if counts[Severity.ERROR] else 0


def run_test(options: argparse.Namespace) -> int:
    """Try the examples; 3 where one did not come out as its rule says."""
    rules = ruleset.load_rules(rule_files(options.rules) or builtin_files())
    verdicts = list(tried(rules.rules, Detector(rules)))
    _print([line for one in verdicts for line in _failures(one)])
    failed, without = sum(not one.passed for one in verdicts), sum(not one.tried for one in verdicts)
    _say(
        f"{len(verdicts):,} rules: {len(verdicts) - failed - without:,} passed, {failed:,} failed,"
        f" {without:,} without examples; {len(rules.refused):,} refused"
    )
    return FAULTY if failed else 0


def _failures(verdict: Verdict) -> Iterator[str]:
    place = f"{printable(verdict.file)}: {printable(verdict.rule)}"
    kinds = (
        ("does not match its hit", verdict.missed),
        ("matches its miss", verdict.wrong),
        ("has an example that is no command, call or result", verdict.bad),
    )
    for words, examples in kinds:
        yield from (f"{place} {words}: {printable(str(example), EXAMPLE_LIMIT)}" for example in examples)


def run_match(options: argparse.Namespace) -> int:
    """Write each match as a line of JSON; 5 where a line could not be read."""
    matching = Matching(options.rules, logsource(options.logsource))
    unread = matches = 0
    for found in matching.of([options.events]):
        if isinstance(found, Unread):
            unread += 1
            _say(f"{found.file}:{found.line}: {found.rejected.reason}")
        else:
            matches += 1
            rule = found.rule
            _json_line({"line": found.line, "rule": rule.id or rule.name, "level": rule.level, "title": rule.title})
    sys.stdout.flush()
    for refused in matching.refused:
        _say(f"{refused.file}: {refused.name} is refused: {refused.reason}")
    if matching.undated:
        _say(f"{matching.undated:,} matches have no time: correlations did not count them")
    _say(
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


def _print(lines: list[str]) -> None:
    if lines:
        show(Text("\n".join(lines)), wrap=False)


def _say(text: str) -> None:
    print(f"suragh: {printable(text)}", file=sys.stderr)


ACTS: Final[Mapping[str, Callable[[argparse.Namespace], int]]] = {
    "list": run_list,
    "check": run_check,
    "test": run_test,
    "match": run_match,
    "navigator": run_navigator,
}
