"""Lenient decoding: JSON into typed structs, where a value of the wrong type costs that value and not the record."""

import json
import re
from functools import cache
from typing import Final, TypeVar

import msgspec

from suragh.model.instant import NS, parse_rfc3339

T = TypeVar("T", bound=msgspec.Struct)

_INDEX: Final = re.compile(r"\[\d+\]")
_EPOCH_UNITS: Final = ((10**11, NS), (10**14, 10**6), (10**17, 10**3))
"""Below 10^11 a number counts seconds (until the year 5138), below 10^14 milliseconds, below 10^17 microseconds."""


def decode(data: bytes, decoder: "msgspec.json.Decoder[T]") -> tuple[T | None, str]:
    """Decode one record.

    Returns:
        The value, or None if there is none; and what was wrong, empty if nothing was. Both where a part was lost.
    """
    try:
        return decoder.decode(data), ""
    except UnicodeDecodeError as error:
        repaired = data.decode("utf-8", "replace").encode()
        value, _ = decode(repaired, decoder)
        return value, f"invalid UTF-8 ({error.reason}), expected UTF-8; read with U+FFFD in its place"
    except msgspec.DecodeError as error:
        return _salvaged(data, decoder, str(error))
    except RecursionError:
        return None, "JSON is nested too deeply"


def convert(value: object, kind: type[T]) -> T | None:
    """Make a struct of a decoded object, leaving out the values that do not fit; None if it is no object."""
    try:
        return msgspec.convert(value, kind)
    except (msgspec.ValidationError, RecursionError):
        return _mended(value, kind)


def moment(value: object) -> int | None:
    """Read a time: RFC 3339 text, or seconds, milli-, micro- or nanoseconds since 1970; None if it is none."""
    try:
        if isinstance(value, str):
            return parse_rfc3339(value) if not value.isdecimal() else _epoch(int(value))
        if isinstance(value, int | float) and not isinstance(value, bool):
            return _epoch(value)
    except (ValueError, OverflowError):
        return None
    return None


def _epoch(number: float) -> int | None:
    if number <= 0:
        return None
    for below, unit in _EPOCH_UNITS:
        if number < below:
            return int(number * unit)
    return int(number) if number < 2**63 else None


def _salvaged(data: bytes, decoder: "msgspec.json.Decoder[T]", fault: str) -> tuple[T | None, str]:
    """Decode with the standard library, which takes lone surrogates and numbers out of range, and mend."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return None, f"no JSON: {_INDEX.sub('[]', fault)}"
    if not isinstance(value, dict):
        return None, f"JSON is {_json_type(value)}, expected object"
    mended = convert(value, decoder.type)
    wrong = "" if _fits(value, decoder.type) else f"{_INDEX.sub('[]', fault)}; the rest of the record is read"
    return mended, wrong


def _fits(value: object, kind: type[msgspec.Struct]) -> bool:
    try:
        msgspec.convert(value, kind)
    except (msgspec.ValidationError, RecursionError):
        return False
    return True


def _json_type(value: object) -> str:
    return {list: "array", str: "string", bool: "boolean", type(None): "null"}.get(type(value), "number")


def _mended(value: object, kind: type[T]) -> T | None:
    if not isinstance(value, dict):
        return None
    kept: dict[str, object] = {}
    for name, (written, own, parts) in _fields(kind).items():
        if written in value:
            kept[name] = _mended_field(value[written], own, parts)
    return kind(**{name: item for name, item in kept.items() if item is not msgspec.UNSET})


def _mended_field(value: object, own: object, parts: tuple[type[msgspec.Struct], ...]) -> object:
    try:
        return msgspec.convert(value, own)
    except (msgspec.ValidationError, RecursionError):
        pass
    if isinstance(value, dict):
        return next((_mended(value, part) for part in parts), msgspec.UNSET)
    if isinstance(value, list) and parts:
        # An item that is no object keeps its place: pointers count the items.
        return [_mended(item, parts[0]) or parts[0]() for item in value]
    return msgspec.UNSET


@cache
def _fields(kind: type[msgspec.Struct]) -> dict[str, tuple[str, object, tuple[type[msgspec.Struct], ...]]]:
    """Each field's name in JSON, its type, and the structs in it."""
    return {
        field.name: (field.encode_name, field.type, tuple(_structs(field.type)))
        for field in msgspec.structs.fields(kind)
    }


def _structs(kind: object) -> list[type[msgspec.Struct]]:
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return [kind]
    return [found for part in getattr(kind, "__args__", ()) for found in _structs(part)]
