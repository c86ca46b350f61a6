"""Builders for the tests of rules: rule files, calls, results, and what a detector makes of them."""

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from suragh.detect.inspector import Detector
from suragh.detect.sigma.ruleset import load_rules
from suragh.model.fact import Call, Leaf, Pointer, Result
from suragh.model.match import Match

POINTER = Pointer(0, 0, 0)
SOURCES = {"agent": {"product": "ai_agent", "category": "tool_call"}, "process": {"category": "process_creation"}}


def rule(selection: object, *, name: str = "wanted", source: str = "agent", **keys: object) -> str:
    """A rule file. A selection alone is the condition; a map with `condition` is the whole detection."""
    whole = isinstance(selection, Mapping) and "condition" in selection
    document = {
        "title": "A thing happens",
        "name": name,
        "level": "low",
        "logsource": SOURCES.get(source, {"category": source}),
        "detection": selection if whole else {"selection": selection, "condition": "selection"},
        **keys,
    }
    return yaml.safe_dump(document, sort_keys=False)


def detector(*rules: str) -> Detector:
    """A detector of these rules that looks for no observables."""
    return Detector(load_rules((f"{n}.yml", text) for n, text in enumerate(rules)), lambda *_: (), ())


def leaves(value: object, path: str = "") -> Iterator[Leaf]:
    """Every text and number of a value, as readers give them."""
    if isinstance(value, Mapping):
        items: Any = value.items()
    elif isinstance(value, list | tuple):
        items = enumerate(value)
    else:
        if value is not None:
            yield Leaf(path, value if isinstance(value, str) else str(value))
        return
    for key, inner in items:
        yield from leaves(inner, f"{path}.{key}" if path else str(key))


def call(tool: str, arguments: object) -> Call:
    """A call of a tool."""
    return Call("session", "", 1, tool, tuple(leaves(arguments)), 0, POINTER, "")


def command(text: str) -> Call:
    """A shell command."""
    return call("Bash", {"command": text})


def result(value: object, *, failed: bool | None = None) -> Result:
    """What a tool returned."""
    return Result("session", 1, tuple(leaves(value)), failed, 0, POINTER, "")


def matches(selection: object, action: Call | Result, **keys: object) -> tuple[Match, ...]:
    """The matches of one rule in one action."""
    looking = detector(rule(selection, **keys))
    return (looking.inspect_call(action) if isinstance(action, Call) else looking.inspect_result(action)).matches


def matching(selection: object, action: Call | Result, **keys: object) -> bool:
    """Whether one rule matches one action."""
    return bool(matches(selection, action, **keys))
