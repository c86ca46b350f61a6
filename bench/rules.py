"""What rules cost: the one scan against trying every expression, and many rules against few.

    python bench/rules.py [FILE]                          each line is a shell command; the rules' examples if not given
    python bench/rules.py TELEMETRY --rules SIGMA         the commands of telemetry, with rules of anyone's beside ours

Prints the time a text of the detector without observables, and of a search for each expression with `re`; with
`--rules` also what a hundred of those rules and all of them cost, on agents' commands and on records of processes.
Ratios, not times, are comparable between machines.
"""

import argparse
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path

from suragh.detect.evaluate import Condition, Every, Not, Pattern, Some, Text
from suragh.detect.inspector import Detector
from suragh.detect.leaf_kind import LeafKind, shape_of
from suragh.detect.records import RecordMatcher, RecordRules, indexed
from suragh.detect.rule import Rule, Ruleset, builtin_files
from suragh.detect.sigma.record_rules import record_rules
from suragh.detect.sigma.ruleset import load_rules
from suragh.engine.rules import rule_files
from suragh.model.fact import Call, Leaf, Pointer
from suragh.read.registry import read
from suragh.store.inputs import open_inputs
from suragh.text.shell import commands

ROUNDS = 3
FEW = 100
MOST = 5_000
"""Texts that are looked at: enough to show each rule's cost."""

Looks = Callable[[str], int]


def expressions(condition: Condition) -> Iterable[str]:
    """Every text and expression that a condition asks for, as one for `re`."""
    match condition:
        case Every(parts) | Some(parts):
            for part in parts:
                yield from expressions(part)
        case Not(part):
            yield from expressions(part)
        case Text():
            yield re.escape(condition.needle)
        case Pattern():
            yield condition.expression.pattern
        case _:
            return


def naive(ruleset: Ruleset) -> Looks:
    """A search for each expression of each rule, one after the other."""
    wanted = {source for rule in ruleset.rules for made in rule.conditions.values() for source in expressions(made)}
    compiled = [re.compile(source, re.IGNORECASE) for source in sorted(wanted)]
    return lambda text: sum(pattern.search(text) is not None for pattern in compiled)


def looking(rules: Sequence[Rule]) -> Looks:
    """The detector, without observables."""
    ordered = sorted(rules, key=lambda rule: rule.info.name)
    detector = Detector(Ruleset(tuple(ordered), (), (), ""), lambda *_: (), ())
    pointer = Pointer(0, 0, 0)

    def look(text: str) -> int:
        return len(detector.inspect_call(Call("", "", 0, "", (Leaf("command", text),), 0, pointer, "")).matches)

    return look


def matching(rules: RecordRules) -> Looks:
    """The commands of a text as records of processes."""
    matcher = RecordMatcher(rules)

    def look(text: str) -> int:
        found = ({"Image": one.argv[0], "CommandLine": one.line} for one in commands(text) if one.argv)
        return sum(len(matcher.match(matcher.record(record))) for record in found)

    return look


def first(rules: RecordRules, count: int) -> RecordRules:
    """So many of the rules, chosen by their ids."""
    chosen = sorted(rules.rules, key=lambda rule: sha256(rule.info.id.encode()).digest())[:count]
    return indexed([(rule.info, rule.condition) for rule in chosen], (), ())


def best(work: Sequence[Looks], texts: Sequence[str]) -> list[float]:
    """Seconds of processor time a text, the best of some rounds; what is compared takes turns."""
    times: list[list[float]] = [[] for _ in work]
    for number in range(ROUNDS + 1):
        # other texts each time: the detector remembers those that it saw
        varied = [text + " " * number for text in texts]
        for look, taken in zip(work, times, strict=True):
            started = time.process_time()
            for text in varied:
                look(text)
            taken.append(time.process_time() - started)
    return [min(taken[1:]) / len(texts) for taken in times]


def asked(path: str) -> Iterator[str]:
    """The shell commands of telemetry."""
    with open_inputs([path]) as inputs:
        for source in range(len(inputs.sources)):
            with inputs.member(source) as member:
                for fact in read(member):
                    if isinstance(fact, Call):
                        kinds = zip(fact.arguments, shape_of(fact).kinds, strict=True)
                        yield from (leaf.text for leaf, kind in kinds if kind is LeafKind.COMMAND)


def compare(texts: Sequence[str], rules: list[str], own: Ruleset) -> None:
    """Few of anyone's rules against all of them."""
    others = load_rules(rule_files(rules)).rules
    chosen = sorted(others, key=lambda rule: sha256(rule.info.id.encode()).digest())
    few, many = best([looking([*own.rules, *chosen[:FEW]]), looking([*own.rules, *chosen])], texts)
    print(f"on agents' commands, beside our own: {FEW} rules {few * 1e6:.0f} us a text, {len(chosen)} rules", end="")
    print(f" {many * 1e6:.0f} us; ratio {many / few:.2f}")
    found = record_rules(rule_files(rules), {})
    few, many = best([matching(first(found, FEW)), matching(first(found, 3000))], texts)
    print(f"on records of processes: {FEW} rules {few * 1e6:.0f} us a text, 3000 rules {many * 1e6:.0f} us", end="")
    print(f"; ratio {many / few:.2f}")


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("texts", nargs="?")
    arguments.add_argument("--rules", action="append", default=[])
    options = arguments.parse_args()
    own = load_rules(builtin_files())
    if options.texts and options.rules:
        texts = list(asked(options.texts))
    elif options.texts:
        texts = Path(options.texts).read_text(encoding="utf-8").splitlines()
    else:
        texts = [example for rule in own.rules for example in (*rule.hits, *rule.misses) if isinstance(example, str)]
    texts = [text for text in texts if text][:MOST]
    (one,) = best([looking(own.rules)], texts)
    (other,) = best([naive(own)], texts[:: max(1, len(texts) // 200)])
    print(f"{len(own.rules)} rules, {len(texts)} texts of {sum(map(len, texts)) / len(texts):.0f} characters")
    print(
        f"one scan: {one * 1e6:.1f} us a text; every expression with re: {other * 1e6:.1f} us; ratio {other / one:.1f}"
    )
    if options.rules:
        compare(texts, options.rules, own)


if __name__ == "__main__":
    main()
