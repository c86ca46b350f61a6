"""Server-sent events: the JSON values that a streamed answer carries, as logs keep it in one text.

Source: the event stream format of the HTML standard.
"""

import re
from collections.abc import Iterator
from typing import Final

import msgspec

from suragh.read.lenient import parsed

_DATA: Final = "data:"
_LINE_END: Final = re.compile(r"\r\n|\n|\r")


def values_in(body: str) -> list[object]:
    """Give the JSON values in a body: one if it is JSON, one an event if it is a stream; else none."""
    whole = value_in(body)
    return [whole] if whole is not None else [one for text in _events(body) if (one := value_in(text)) is not None]


def _events(body: str) -> Iterator[str]:
    """Yield the data of each event; an event ends at an empty line, and its data may stand on several."""
    data: list[str] = []
    for line in _LINE_END.split(body):
        if line.startswith(_DATA):
            data.append(line.removeprefix(_DATA).removeprefix(" "))
        elif not line and data:
            yield "\n".join(data)
            data = []
    if data:
        yield "\n".join(data)


def value_in(text: str) -> object:
    """Give the JSON object or list that a text holds; None if it holds none."""
    if text.lstrip()[:1] not in ("{", "["):
        return None
    try:
        return msgspec.json.decode(text)
    except (ValueError, RecursionError):
        return parsed(text)
