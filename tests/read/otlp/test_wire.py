"""Attributes of OTLP."""

import msgspec
import pytest
from tests.read import feeds

from suragh.model.fact import Leaf
from suragh.read.otlp.wire import KeyValue, as_json, as_leaves, as_plain, attributes, place_of, text_of, value_of

PAIRS = msgspec.convert(
    feeds.attributes(a="text", n=3, yes=True, map={"command": "id", "more": [1, "x"]}, json='{"command": "ls"}'),
    list[KeyValue],
)


def test_values_of_every_kind_are_given_as_json_would_have_them() -> None:
    """Texts, numbers, lists and maps, which OTLP wraps."""
    found = attributes(PAIRS)

    assert as_plain(found["map"]) == {"command": "id", "more": ["1", "x"]}  # type: ignore[arg-type]
    assert msgspec.json.decode(as_json(found["map"])) == {"command": "id", "more": ["1", "x"]}
    assert as_leaves(found["json"]) == (Leaf("command", "ls"),)
    assert as_leaves(found["map"])[0] == Leaf("command", "id")
    assert as_leaves(None) == ()


def test_the_first_name_that_is_there_counts() -> None:
    """New names stand before old ones."""
    found = attributes(PAIRS)

    assert text_of(found, "missing", "n", "a") == "3"
    assert text_of(found, "missing") == ""
    assert value_of(found, "missing", "a") == found["a"]


def test_a_span_s_own_attributes_stand_over_those_of_its_sender() -> None:
    """The sender's are there where it has none."""
    sender = attributes(msgspec.convert(feeds.attributes(a="sender", s="sender"), list[KeyValue]))
    found = attributes(PAIRS, sender)

    assert (text_of(found, "a"), text_of(found, "s")) == ("text", "sender")


@pytest.mark.parametrize("key", ["a", "map"])
def test_the_place_of_an_attribute_is_a_pointer(key: str) -> None:
    """It leads to the attribute's value."""
    given = feeds.attributes(n=3, a="text", map={"x": 1})
    pairs = msgspec.convert(given, list[KeyValue])

    found = feeds.dig({"attributes": given}, place_of(pairs, key))

    assert found == next(pair["value"] for pair in given if pair["key"] == key)
