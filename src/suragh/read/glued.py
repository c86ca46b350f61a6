"""Glued records: JSON values that stand on one line, where a writer left the line end out or two wrote at once."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from suragh.model.fact import Pointer, Rejected
from suragh.read.reader import Seen, Take

MAX_GLUED: Final = 1024
"""Values of one line that are read; two have been seen. What comes after is rejected as one."""

_TOKEN: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|[{}\[\]]', re.DOTALL)
"""A text, or a bracket; a text that does not end goes to the end, for else each quote in it would be tried."""

_OPENING: Final = b"{["
_QUOTE: Final = ord('"')
_FOREIGN: Final = "value on a line with others is of another format"


def read_glued(data: bytes, pointer: Pointer, take: Take) -> list[Seen]:
    """Read each value of a line that is no JSON as a whole, under its own offset; nothing if it has only one part."""
    spans = list(islice(_spans(data), MAX_GLUED + 1))
    if len(spans) == 1:
        return []
    found: list[Seen] = []
    for start, end in spans[:MAX_GLUED]:
        place = Pointer(pointer.source, pointer.offset + start, end - start)
        seen = take(data[start:end], place)
        found += (Rejected(place, _FOREIGN),) if seen is None else seen
    for start, _ in spans[MAX_GLUED:]:
        rest = Pointer(pointer.source, pointer.offset + start, len(data) - start)
        found.append(Rejected(rest, f"line has more than {MAX_GLUED} values"))
    return found


def _spans(data: bytes) -> Iterator[tuple[int, int]]:
    """Cut before and after each object and list at the top; what this remembers does not grow with what they hold."""
    start = depth = 0
    for token in _TOKEN.finditer(data):
        first = data[token.start()]
        if first == _QUOTE:
            continue
        if first in _OPENING:
            if depth == 0:
                yield from _span(data, start, token.start())
                start = token.start()
            depth += 1
        else:
            depth = max(depth - 1, 0)
            if depth == 0:
                yield from _span(data, start, token.end())
                start = token.end()
    yield from _span(data, start, len(data))


def _span(data: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    part = data[start:end]
    inner = part.strip()
    if inner:
        start += part.index(inner[:1])
        yield start, start + len(inner)
