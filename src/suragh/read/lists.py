"""Lists: records that stand in one JSON list, as batches of a logger and documents of some programs do."""

import json
from typing import Final, TypeVar

import msgspec

from suragh.read.leaves import as_json
from suragh.read.lenient import decode, parse

T = TypeVar("T", bound=msgspec.Struct)

_LIST: Final = msgspec.json.Decoder(list[msgspec.Raw])


def is_list(data: bytes) -> bool:
    """Whether JSON, perhaps cut at its end, is a list."""
    return data.lstrip().startswith(b"[")


def first_of(data: bytes) -> bytes:
    """Give a list from its first record on, and what is no list as it is."""
    return data.lstrip().removeprefix(b"[") if is_list(data) else data


def decode_list(data: bytes, decoder: "msgspec.json.Decoder[T]") -> tuple[list[T], str]:
    """Decode the records of a list.

    Returns:
        The records, in their places: what is no record there is an empty one. And what was wrong first, empty if
        nothing was; without records, the list is none.
    """
    found, wrong = [], ""
    try:
        parts = _parts(data)
    except (ValueError, RecursionError) as error:
        return [], f"no JSON: {error}"
    for number, part in enumerate(parts):
        record, fault = decode(part, decoder)
        found.append(decoder.type() if record is None else record)
        wrong = wrong or fault or (f"item {number} of the list is no object" if record is None else "")
    return found, wrong


def _parts(data: bytes) -> list[bytes]:
    """Cut a list into its records, as leniently as single ones are read."""
    try:
        return [bytes(part) for part in _LIST.decode(data)]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        given = parse(data.decode("utf-8", "replace"))
    return [_written(part) for part in given] if isinstance(given, list) else []


def _written(part: object) -> bytes:
    try:
        return json.dumps(part).encode()
    except RecursionError:
        return as_json(part).encode("utf-8", "replace")
