"""Records in a list."""

import msgspec
import pytest

from suragh.read.lists import decode_list, first_of, is_list


class One(msgspec.Struct):
    """A record."""

    a: str | None = None


DECODER = msgspec.json.Decoder(One)


@pytest.mark.parametrize(
    ("data", "values", "fault"),
    [
        (b'[{"a": "x"}, {"a": "y"}]', ["x", "y"], ""),
        (b" []\n", [], ""),
        (b'[{"a": 5}, {"a": "y"}]', [None, "y"], "Expected `str | null`, got `int` - at `$.a`; the rest"),
        (b'[7, {"a": "y"}]', [None, "y"], "item 0 of the list is no object"),
        (b'[{"a": "x", "b": NaN}]', ["x"], ""),
        (b'[{"a": "\\ud800"}]', ["\ud800"], ""),
        (b'[{"a": "\xff"}]', ["\ufffd"], ""),
        (b'[{"a": "x"}', [], "no JSON: "),
        (b"[" * 5000, [], "no JSON: "),
    ],
)
def test_each_record_is_read_as_far_as_it_is_good(data: bytes, values: list[str | None], fault: str) -> None:
    """In its place, and what was wrong first is said."""
    found, wrong = decode_list(data, DECODER)

    assert [one.a for one in found] == values
    assert wrong.startswith(fault)


def test_a_list_is_known_by_its_start() -> None:
    """And looked at from its first record on."""
    assert [is_list(data) for data in (b' [{"a"', b'{"a": []}', b"")] == [True, False, False]
    assert [first_of(data) for data in (b' [{"a"', b'{"a": []}')] == [b'{"a"', b'{"a": []}']
