"""Leaves: the texts and numbers inside a decoded JSON value, each with its path."""

import json
from collections.abc import Iterator
from typing import Final

import msgspec

from suragh.model.fact import Leaf
from suragh.read.lenient import parse

MAX_DEPTH: Final = 24
"""Arguments of real tools nest 6 deep at most in the traces looked at; what is deeper becomes one leaf of JSON."""

MAX_LEAVES: Final = 4096
"""A tool result of real traces has some hundred at most; what comes after becomes one leaf of JSON."""

_OPENING: Final = ("{", "[", '"')
_BOM: Final = "\ufeff"


def leaves(value: object) -> tuple[Leaf, ...]:
    """Flatten a decoded JSON value: texts as they are, numbers as text, no booleans, no nulls.

    Nothing is lost: what lies below `MAX_DEPTH` or after `MAX_LEAVES` stands in leaves of raw JSON.
    """
    if type(value) is str:
        return (Leaf("", value),)
    found: list[Leaf] = []
    if type(value) is dict:
        _gather_items(found, "", value, MAX_DEPTH)
    else:
        _gather(found, "", value, MAX_DEPTH)
    return tuple(found)


def leaves_of_json(text: str) -> tuple[Leaf, ...]:
    """Flatten what a text holds as JSON, or take it as it is where it holds none.

    Whatever an agent's own parser may take is taken: a text that hid its command here would hide it from every rule.
    """
    inner = text.strip().removeprefix(_BOM)
    if inner[:1] not in _OPENING:
        return (Leaf("", text),) if text else ()
    try:
        return leaves(msgspec.json.decode(inner))
    except (ValueError, RecursionError):
        pass
    try:
        return leaves(parse(inner))
    except (ValueError, RecursionError):
        return (Leaf("", text),)


def _gather(found: list[Leaf], path: str, value: object, depth: int) -> None:
    kind = type(value)
    if kind is str or kind is int or kind is float:
        found.append(Leaf(path, str(value)))
    elif isinstance(value, dict):
        _gather_items(found, path, value, depth)
    elif isinstance(value, list):
        _gather_items(found, path, {str(number): item for number, item in enumerate(value)}, depth)


def _gather_items(found: list[Leaf], path: str, items: dict[str, object], depth: int) -> None:
    if depth == 0:
        found.append(Leaf(path, as_json(items)))
        return
    prefix = f"{path}." if path else ""
    for key, item in items.items():
        if len(found) >= MAX_LEAVES:
            names = list(items)
            found.append(Leaf(path, as_json({name: items[name] for name in names[names.index(key) :]})))
            return
        if type(item) is str:
            found.append(Leaf(f"{prefix}{key}", item))
        else:
            _gather(found, f"{prefix}{key}", item, depth - 1)


def as_json(value: object) -> str:
    """Write a value as JSON; what is nested too deeply for that, as the lines of its names, texts and numbers."""
    try:
        return json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError):
        return "\n".join(_scalars(value))


def _scalars(value: object) -> Iterator[str]:
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            waiting.extend(part for pair in reversed(item.items()) for part in reversed(pair))
        elif isinstance(item, list):
            waiting.extend(reversed(item))
        else:
            yield str(item)
