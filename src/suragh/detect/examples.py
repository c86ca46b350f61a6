"""A rule's own examples: what it must match, and what it must not."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from suragh.detect.inspector import Detector
from suragh.detect.rule import Rule
from suragh.model.fact import Call, Pointer, Result
from suragh.model.match import Inspection
from suragh.read.leaves import leaves

_NOWHERE: Final = Pointer(0, 0, 0)
_SHELL: Final = "Bash"


class Verdict(Struct, frozen=True):
    """What came of a rule's examples.

    Attributes:
        rule: its name.
        file: the file that it stands in.
        missed: hits that it did not match.
        wrong: misses that it matched.
        bad: examples that are neither a command, a call nor a result.
        tried: how many examples it has.
    """

    rule: str
    file: str
    missed: tuple[Any, ...]
    wrong: tuple[Any, ...]
    bad: tuple[Any, ...]
    tried: int

    @property
    def passed(self) -> bool:
        """Whether every example came out as the rule says."""
        return not (self.missed or self.wrong or self.bad)


def tried(rules: Sequence[Rule], detector: Detector) -> Iterator[Verdict]:
    """Look at each rule's examples with all rules at once: none may stand in another's way."""
    for rule in rules:
        hits, misses = _sorted(rule.hits, rule, detector), _sorted(rule.misses, rule, detector)
        yield Verdict(
            rule=rule.info.name,
            file=rule.file,
            missed=hits.unmatched,
            wrong=misses.matched,
            bad=hits.bad + misses.bad,
            tried=len(rule.hits) + len(rule.misses),
        )


class _Sorted(Struct, frozen=True):
    """Examples by what came of them."""

    matched: tuple[Any, ...]
    unmatched: tuple[Any, ...]
    bad: tuple[Any, ...]


def _sorted(examples: Sequence[Any], rule: Rule, detector: Detector) -> _Sorted:
    matched: list[Any] = []
    unmatched: list[Any] = []
    bad: list[Any] = []
    for example in examples:
        action = _action(example)
        if action is None:
            bad.append(example)
        elif any(match.rule == rule.info.name for match in inspect(detector, action).matches):
            matched.append(example)
        else:
            unmatched.append(example)
    return _Sorted(tuple(matched), tuple(unmatched), tuple(bad))


def inspect(detector: Detector, action: Call | Result) -> Inspection:
    """Look at a call or a result."""
    return detector.inspect_call(action) if isinstance(action, Call) else detector.inspect_result(action)


def _action(example: object) -> Call | Result | None:
    """A shell text, a map of `tool` and `arguments`, or a map of `result` and perhaps `failed`."""
    if isinstance(example, str):
        return call_of(_SHELL, {"command": example})
    if isinstance(example, Mapping) and "result" in example:
        return result_of(example["result"], failed=example.get("failed"))
    if isinstance(example, Mapping) and "arguments" in example:
        return call_of(str(example.get("tool", _SHELL)), example["arguments"])
    return None


def call_of(tool: str, arguments: object) -> Call:
    """A call that stands in no telemetry."""
    return Call("", "", 1, tool, leaves(arguments), 0, _NOWHERE, "")


def result_of(value: object, *, failed: bool | None = None) -> Result:
    """A result that stands in no telemetry."""
    return Result("", 1, leaves(value), failed, 0, _NOWHERE, "")
