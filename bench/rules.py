"""How much the one scan saves: the detector against trying every rule's expressions on every text with `re`.

Run `python bench/rules.py [FILE]`: each line of the file is taken as a shell command; without one, the rules' own
examples are taken. Prints the time a text of both, and their ratio. Ratios, not times, are comparable between
machines.
"""

import re
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from suragh.detect.evaluate import Condition, Every, Not, Pattern, Some, Text
from suragh.detect.inspector import Detector
from suragh.detect.rule import Ruleset, builtin_files
from suragh.detect.ruleset import load_rules
from suragh.model.fact import Call, Leaf, Pointer

ROUNDS = 3


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


def naive(ruleset: Ruleset) -> Callable[[str], int]:
    """A search for each expression of each rule, one after the other."""
    wanted = {source for rule in ruleset.rules for made in rule.conditions.values() for source in expressions(made)}
    compiled = [re.compile(source, re.IGNORECASE) for source in sorted(wanted)]
    return lambda text: sum(pattern.search(text) is not None for pattern in compiled)


def looking(ruleset: Ruleset) -> Callable[[str], int]:
    """The detector, without observables."""
    detector = Detector(ruleset, lambda *_: (), ())
    pointer = Pointer(0, 0, 0)

    def look(text: str) -> int:
        return len(detector.inspect_call(Call("", "", 0, "", (Leaf("command", text),), 0, pointer, "")).matches)

    return look


def best(work: Callable[[str], int], texts: Sequence[str]) -> float:
    """Seconds a text, the best of some rounds after one to warm up."""
    times = []
    for _ in range(ROUNDS + 1):
        started = time.perf_counter()
        for text in texts:
            work(text)
        times.append(time.perf_counter() - started)
    return min(times[1:]) / len(texts)


def main() -> None:
    """Measure and print."""
    ruleset = load_rules(builtin_files())
    examples = [example for rule in ruleset.rules for example in (*rule.hits, *rule.misses) if isinstance(example, str)]
    texts = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines() if len(sys.argv) > 1 else examples
    texts = [text for text in texts if text]
    one, other = best(looking(ruleset), texts), best(naive(ruleset), texts[:: max(1, len(texts) // 200)])
    print(f"{len(ruleset.rules)} rules, {len(texts)} texts of {sum(map(len, texts)) / len(texts):.0f} characters")
    print(f"one scan: {one * 1e6:.1f} us a text; every expression with re: {other * 1e6:.1f} us")
    print(f"ratio: {other / one:.1f}")


if __name__ == "__main__":
    main()
