"""Probes: what the first bytes of a member say about it, even where they are cut in the middle of a value."""

import re
from functools import lru_cache
from typing import Final

import msgspec
from msgspec import Struct

from suragh.read.framing import BOM

MAX_PROBED: Final = 16
"""Lines looked at: a log may start with lines that are damaged, or that every format of its family has."""

_TOKEN: Final = re.compile(rb'"((?:[^"\\]++|\\.)*+)(?:"\s*+(:?))?|[{}\[\]]', re.DOTALL)
"""A text, or a bracket; a text that does not end goes to the end, for else each quote in it would be tried."""

_INNER: Final = 2
"""Depth of the keys one level below the top."""


class Shape(Struct, frozen=True):
    """The top of a JSON object.

    Attributes:
        texts: each key at the top, with its value where that is a text, else empty.
        inner: the keys one level below.
    """

    texts: dict[str, str]
    inner: frozenset[str]


@lru_cache(maxsize=1)
def first_lines(head: bytes) -> tuple[bytes, ...]:
    """Give the first lines that are not blank; the last one may be cut."""
    lines = head.removeprefix(BOM).split(b"\n", 4 * MAX_PROBED)
    return tuple(line for line in lines if line.strip())[:MAX_PROBED]


@lru_cache(maxsize=MAX_PROBED + 2)
def shape(data: bytes) -> Shape | None:
    """Look at the top of a JSON object, whole or cut at its end; None if it does not start as one.

    Remembered for the head of a member and its first lines: every reader asks for the same ones.
    """
    if not data.removeprefix(BOM).lstrip().startswith(b"{"):
        return None
    whole = _whole(data)
    return whole if whole is not None else _scanned(data)


def _whole(data: bytes) -> Shape | None:
    try:
        top = msgspec.json.decode(data, type=dict[str, object])
    except (ValueError, RecursionError):
        return None
    inner = [value for value in top.values() if isinstance(value, dict)]
    texts = {key: value if isinstance(value, str) else "" for key, value in top.items()}
    return Shape(texts, frozenset(key for value in inner for key in value))


def _scanned(data: bytes) -> Shape:
    texts: dict[str, str] = {}
    inner: set[str] = set()
    depth, key = 0, ""
    for token in _TOKEN.finditer(data):
        first = token.group()[:1]
        if first in b"{[":
            depth += 1
        elif first in b"}]":
            depth -= 1
            if depth <= 0:
                break
        elif depth <= _INNER and token.group(2) is not None:
            key = _note(_text(token.group(1)), key, (depth, bool(token.group(2))), (texts, inner))
    return Shape(texts, frozenset(inner))


def _note(text: str, key: str, place: tuple[int, bool], kept: tuple[dict[str, str], set[str]]) -> str:
    """Keep a text as a key or as the value of the key before it; give the key that is open now."""
    depth, is_key = place
    texts, inner = kept
    if depth > 1:
        if is_key:
            inner.add(text)
        return key
    if is_key:
        texts[text] = ""
        return text
    texts[key] = text
    return key


def _text(raw: bytes) -> str:
    try:
        return msgspec.json.decode(b'"' + raw + b'"', type=str)
    except ValueError:
        return raw.decode("utf-8", "replace")
