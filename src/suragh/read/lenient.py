"""Lenient decoding: JSON into typed structs, where a value of the wrong type costs that value and not the record."""

import json
import re
from datetime import UTC, datetime
from types import UnionType
from typing import Final, TypeGuard, TypeVar, Union, get_args, get_origin

import msgspec

from suragh.model.instant import DAWN, DUSK, NS, parse_rfc3339

T = TypeVar("T", bound=msgspec.Struct)

_INDEX: Final = re.compile(r"\[\d+\]")
_COMMON_LENGTH: Final = len("2026-01-01T00:00:00.000Z")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DAY: Final = 24 * 60 * 60
_MICROSECOND: Final = 1000
_EPOCH_UNITS: Final = ((10**11, NS), (10**14, 10**6), (10**17, 10**3))
"""Below 10^11 a number counts seconds (until the year 5138), below 10^14 milliseconds, below 10^17 microseconds."""


_MISFIT: Final = (msgspec.ValidationError, UnicodeEncodeError, RecursionError)
"""What `msgspec.convert` raises of a wrong value: the second for a lone surrogate in place of an object."""

_MAX_DIGITS: Final = 4000
"""Digits of a whole number that Python makes of a text without being told to (it refuses from 4,300 on)."""


def decode(data: bytes, decoder: "msgspec.json.Decoder[T]") -> tuple[T | None, str]:
    """Decode one record.

    Returns:
        The value, or None if there is none; and what was wrong, empty if nothing was. Both where a part was lost;
        neither where the JSON is good and no object, and so no record of any format.
    """
    try:
        return decoder.decode(data), ""
    except UnicodeDecodeError as error:
        repaired = data.decode("utf-8", "replace").encode()
        value, _ = decode(repaired, decoder)
        return value, _repaired(error)
    except msgspec.DecodeError as error:
        return _salvaged(data, decoder, str(error))
    except RecursionError:
        return None, "JSON is nested too deeply"


def decode_object(data: bytes) -> tuple[dict[str, object] | None, str]:
    """Decode one record whose form is not known before; returns as `decode` does."""
    try:
        value = msgspec.json.decode(data)
    except UnicodeDecodeError as error:
        found, _ = decode_object(data.decode("utf-8", "replace").encode())
        return found, _repaired(error)
    except msgspec.DecodeError as error:
        try:
            value = parse(data)
        except (ValueError, RecursionError):
            return None, f"no JSON: {_INDEX.sub('[]', str(error))}"
    except RecursionError:
        return None, "JSON is nested too deeply"
    return (value if isinstance(value, dict) else None), ""


def _repaired(error: UnicodeDecodeError) -> str:
    return f"invalid UTF-8 ({error.reason}), expected UTF-8; read with U+FFFD in its place"


def convert(value: object, kind: type[T]) -> T | None:
    """Make a struct of a decoded object, leaving out the values that do not fit; None if it is no object."""
    try:
        return msgspec.convert(value, kind)
    except _MISFIT:
        return _mended(value, kind)


def parse(text: str | bytes) -> object:
    """Decode JSON as the standard library does, which takes what strict decoders refuse.

    That is lone surrogates, raw control characters, NaN, infinities, and numbers of any length.

    Raises:
        ValueError: if it is no JSON.
        RecursionError: if it is nested too deeply: some hundred levels.
    """
    return json.loads(text, strict=False, parse_int=_whole_number)


def parsed(text: str | bytes) -> object:
    """Decode as `parse` does; None if it is no JSON."""
    try:
        return parse(text)
    except (ValueError, RecursionError):
        return None


def moment(value: object) -> int | None:
    """Read a time: RFC 3339 text, or seconds, milli-, micro- or nanoseconds since 1970; None if it is none."""
    try:
        if isinstance(value, str):
            return _epoch(int(value)) if value.isdecimal() else _rfc3339(value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return _epoch(value)
    except (ValueError, OverflowError):
        return None
    return None


def first_moment(*values: object) -> int | None:
    """Give the first of some values that is a time; None if none is."""
    return next((at for value in values if (at := moment(value)) is not None), None)


def _rfc3339(text: str) -> int | None:
    """Read RFC 3339, with the shape that nearly all logs have, milliseconds and `Z`, at a fifth of the cost."""
    if len(text) != _COMMON_LENGTH or text[19] != "." or text[23] != "Z":
        return parse_rfc3339(text)
    since = datetime.fromisoformat(text) - _EPOCH
    at = (since.days * _DAY + since.seconds) * NS + since.microseconds * 1000
    return at if DAWN < at <= DUSK else None


def _epoch(number: float) -> int | None:
    if number <= 0:
        return None
    unit = next((unit for below, unit in _EPOCH_UNITS if number < below), 1)
    # A float of seconds since 1970 is good to a microsecond: what it has beyond that is noise.
    at = number * unit if isinstance(number, int) else round(number * unit / _MICROSECOND) * _MICROSECOND
    return at if at <= DUSK else None


def _salvaged(data: bytes, decoder: "msgspec.json.Decoder[T]", fault: str) -> tuple[T | None, str]:
    """Decode leniently, and mend."""
    try:
        value = parse(data)
    except (ValueError, RecursionError):
        return None, f"no JSON: {_INDEX.sub('[]', fault)}"
    if not isinstance(value, dict):
        return None, ""
    mended = convert(value, decoder.type)
    wrong = "" if _fits(value, decoder.type) else f"{_INDEX.sub('[]', fault)}; the rest of the record is read"
    return mended, wrong


def _fits(value: object, kind: type[msgspec.Struct]) -> bool:
    try:
        msgspec.convert(value, kind)
    except _MISFIT:
        return False
    return True


def _whole_number(digits: str) -> int | str:
    return int(digits) if len(digits) <= _MAX_DIGITS else digits


def _mended(value: object, kind: type[T]) -> T | None:
    if not isinstance(value, dict):
        return None
    kept = {
        field.name: _mended_as(value[field.encode_name], field.type)
        for field in msgspec.structs.fields(kind)
        if field.encode_name in value
    }
    return kind(**{name: item for name, item in kept.items() if item is not msgspec.UNSET})


def _mended_as(value: object, kind: object) -> object:
    """Make of a value what fits a type; UNSET if nothing does."""
    try:
        return msgspec.convert(value, kind)
    except _MISFIT:
        pass
    if get_origin(kind) is list:
        return _mended_list(value, get_args(kind)[0]) if isinstance(value, list) else msgspec.UNSET
    if _is_struct(kind):
        return _mended(value, kind) or msgspec.UNSET
    parts = get_args(kind) if get_origin(kind) in (UnionType, Union) else ()
    tries = (_mended_as(value, part) for part in parts)
    return next((found for found in tries if found is not msgspec.UNSET), msgspec.UNSET)


def _mended_list(values: list[object], kind: object) -> list[object]:
    """Mend each item; a struct that cannot be mended keeps its place, empty, because pointers count the items."""
    items = [_mended_as(value, kind) for value in values]
    if _is_struct(kind):
        return [kind() if item is msgspec.UNSET else item for item in items]
    return [item for item in items if item is not msgspec.UNSET]


def _is_struct(kind: object) -> TypeGuard[type[msgspec.Struct]]:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)
