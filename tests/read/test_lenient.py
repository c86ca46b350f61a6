"""Lenient decoding: one bad value does not cost the record."""

import json
from datetime import datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from suragh.model.instant import NS, parse_rfc3339
from suragh.read.lenient import convert, decode, first_moment, moment, parsed


class Inner(Struct):
    """A struct in a list."""

    id: str | None = None


class Outer(Struct, rename="camel"):
    """A record."""

    session_id: str | None = None
    inner: list[Inner] | None = None
    one: Inner | str | None = None
    free: object = None
    named: dict[str, object] | None = None


DECODER = msgspec.json.Decoder(Outer)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda part: st.lists(part, max_size=3) | st.dictionaries(st.sampled_from(["id", "x"]), part, max_size=3),
    max_leaves=8,
)


@given(st.fixed_dictionaries({"sessionId": st.just("s"), "inner": JSON, "one": JSON, "free": JSON}))
def test_whatever_the_other_fields_hold_the_good_one_is_read(record: dict[str, object]) -> None:
    """A record with any JSON in its other fields keeps the field that is right, and says what was wrong."""
    value, fault = decode(json.dumps(record).encode(), DECODER)

    assert value is not None
    assert value.session_id == "s"
    assert value.free == record["free"]
    if not fault:
        assert msgspec.convert(record, Outer) == value


def test_an_item_that_does_not_fit_keeps_its_place() -> None:
    """Pointers count items: a bad one becomes an empty one."""
    value, fault = decode(b'{"inner": [{"id": "a"}, 3, {"id": 4}, {"id": "d"}]}', DECODER)

    assert value is not None
    assert value.inner == [Inner("a"), Inner(), Inner(), Inner("d")]
    assert "the rest of the record is read" in fault


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"{", "no JSON"),
        (b"nonsense", "no JSON"),
        (b'{"sessionId":"a"} {"sessionId":"b"}', "no JSON"),
        (b"[1]", ""),
        (b'{"free":' + b"[" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_no_record_says_why(data: bytes, reason: str) -> None:
    """No value, one line of reason, no exception."""
    value, fault = decode(data, DECODER)

    assert value is None
    assert reason in fault
    assert "\n" not in fault


def test_what_strict_decoders_refuse_is_read() -> None:
    """Lone surrogates and numbers out of range are JSON; invalid UTF-8 is read with a mark in its place, and said."""
    lone, lone_fault = decode(b'{"sessionId": "a\\ud800b"}', DECODER)
    large, large_fault = decode(b'{"sessionId": "s", "free": 1e999}', DECODER)
    broken, broken_fault = decode(b'{"sessionId": "s\xff"}', DECODER)

    assert lone is not None
    assert large is not None
    assert broken is not None
    assert (lone.session_id, lone_fault) == ("a\ud800b", "")
    assert large.session_id == "s"
    assert large_fault == ""
    assert broken.session_id == "s\N{REPLACEMENT CHARACTER}"
    assert "invalid UTF-8" in broken_fault


@pytest.mark.parametrize("field", ["inner", "one", "named"])
def test_a_lone_surrogate_in_place_of_an_object_is_a_wrong_value(field: str) -> None:
    """It costs that value, as any other wrong one; as a name it costs nothing."""
    value, fault = decode(b'{"sessionId": "s", "free": {"\\udfff": 1}, "%s": "\\ud800"}' % field.encode(), DECODER)

    assert value is not None
    assert (value.session_id, value.free, value.inner, value.named) == ("s", {"\udfff": 1}, None, None)
    assert "the rest of the record is read" in fault or field == "one"


def test_only_objects_become_structs() -> None:
    """A text is none."""
    assert convert("text", Outer) is None
    assert convert({"sessionId": 3, "one": {"id": "x"}}, Outer) == Outer(one=Inner("x"))


@pytest.mark.parametrize(
    ("value", "at"),
    [
        ("2026-01-01T00:00:01.500Z", 1_767_225_601_500_000_000),
        ("2026-01-01T02:00:01+02:00", 1_767_225_601 * NS),
        (1_767_225_601, 1_767_225_601 * NS),
        (1_767_225_601.5, 1_767_225_601_500_000_000),
        (1_767_225_601_500, 1_767_225_601_500_000_000),
        ("1767225601500000000", 1_767_225_601_500_000_000),
        ("yesterday", None),
        ("", None),
        (0, None),
        (-5, None),
        (True, None),
        (float("nan"), None),
        (10**40, None),
        (9_223_372_036, 9_223_372_036 * NS),
        (9_223_372_037, None),
        (9_223_372_036_854, 9_223_372_036_854 * 10**6),
        (9_223_372_036_855, None),
        ("20000000000", None),
        (2**63 - 1, 2**63 - 1),
        (2**63, None),
        ("2262-04-11T23:47:16.854Z", 9_223_372_036_854 * 10**6),
        ("2262-04-11T23:47:16.855Z", None),
        ("9999-12-31T23:59:59.999Z", None),
        ("0001-01-01T00:00:00.000Z", None),
        (float("inf"), None),
        ("9" * 5000, None),
        ("2026-13-01T00:00:00Z", None),
        (None, None),
    ],
)
def test_times_are_read_in_every_unit(value: object, at: int | None) -> None:
    """Text or number, seconds to nanoseconds; what is none gives none."""
    assert moment(value) == at


@given(st.datetimes(min_value=datetime(1678, 1, 1), max_value=datetime(2262, 4, 11)))  # noqa: DTZ001 - UTC is meant
def test_the_common_shape_is_read_as_every_other(time: datetime) -> None:
    """Milliseconds and `Z`, read the fast way, give what the general way gives."""
    text = f"{time.isoformat(timespec='milliseconds')}Z"

    assert moment(text) == parse_rfc3339(text)
    assert moment(text) == moment(f"{text[:-1]}000Z") == moment(f"{text[:-1]}+00:00")


@pytest.mark.parametrize(
    "text", ["2026-01-01T00:00:0x.000Z", "2026-01-01T00:00:00.0x0Z", "2026-01-01T00:00:60.000Z", "x" * 19 + ".000Z"]
)
def test_what_only_has_the_common_length_is_no_time(text: str) -> None:
    """Signs that are no digits, a sixtieth second."""
    assert moment(text) is None


def test_the_first_value_that_is_a_time_counts() -> None:
    """Others are passed over."""
    assert first_moment(None, "soon", 1_767_225_601, 5) == 1_767_225_601_000_000_000
    assert first_moment("soon") is None


@pytest.mark.parametrize(
    ("value", "at"),
    [
        (1_767_225_601.953, 1_767_225_601_953_000_000),
        (1_767_225_601.000_001, 1_767_225_601_000_001_000),
        (1_767_225_601_953.25, 1_767_225_601_953_250_000),
        (1_767_225_601_953_125.0, 1_767_225_601_953_125_000),
        (0.5, 500_000_000),
    ],
)
def test_a_float_tells_a_time_to_the_microsecond(value: float, at: int) -> None:
    """What it has beyond that is noise of the float."""
    assert moment(value) == at


def test_json_is_parsed_or_nothing() -> None:
    """As leniently as records are read."""
    assert [parsed(text) for text in ('{"a": "\\ud800"}', b"[Infinity]", "{", "[" * 9000)] == [
        {"a": "\ud800"},
        [float("inf")],
        None,
        None,
    ]
