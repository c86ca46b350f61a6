"""What `suragh rules` does with the files of rules, which it parses: one function an act, each with its exit code."""

import argparse
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from suragh.cli.rules_acts import print_lines, say
from suragh.detect.examples import Verdict, tried
from suragh.detect.inspector import Detector
from suragh.detect.rule import builtin_files
from suragh.detect.sigma import ruleset
from suragh.detect.sigma.check import Severity, check
from suragh.engine.rules import rule_files
from suragh.text.printable import printable

FAULTY: Final = 3
"""As for every file that a person wrote and that cannot be used."""

EXAMPLE_LIMIT: Final = 100
"""Code points shown of an example."""


def run_check(options: argparse.Namespace) -> int:
    """Print each problem; 3 where one keeps a rule from being used."""
    sources = rule_files(options.rules)
    problems = list(check(sources))
    print_lines([f"{printable(str(one.spot))}: {one.severity}: {printable(one.text)}" for one in problems])
    counts = Counter(one.severity for one in problems)
    say(f"{len(sources):,} files, {counts[Severity.ERROR]:,} errors, {counts[Severity.WARNING]:,} warnings")
    return FAULTY if counts[Severity.ERROR] else 0


def run_test(options: argparse.Namespace) -> int:
    """Try the examples; 3 where one did not come out as its rule says."""
    rules = ruleset.load_rules(rule_files(options.rules) or builtin_files())
    verdicts = list(tried(rules.rules, Detector(rules)))
    print_lines([line for one in verdicts for line in _failures(one)])
    failed, without = sum(not one.passed for one in verdicts), sum(not one.tried for one in verdicts)
    say(
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


ACTS: Final[Mapping[str, Callable[[argparse.Namespace], int]]] = {"check": run_check, "test": run_test}
