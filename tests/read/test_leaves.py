"""Leaves: nothing that is text or number is lost."""

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suragh.model.fact import Leaf
from suragh.read.leaves import MAX_DEPTH, MAX_LEAVES, leaves, leaves_of_json

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=30,
)


def scalars(value: object) -> Iterator[str]:
    """Every text and number, as text."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from scalars(item)
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        yield str(value)


def test_paths_are_names_and_indices() -> None:
    """Texts and numbers stand under their path; booleans and nulls are left out."""
    value = {"edits": [{"new": "a"}, {"new": "b"}], "n": 3, "x": 1.5, "ok": True, "none": None}

    assert leaves(value) == (
        Leaf("edits.0.new", "a"),
        Leaf("edits.1.new", "b"),
        Leaf("n", "3"),
        Leaf("x", "1.5"),
    )


@given(JSON)
def test_every_text_and_number_is_a_leaf(value: object) -> None:
    """In order, each once, for any JSON value."""
    assert [leaf.text for leaf in leaves(value)] == list(scalars(value))


def test_what_is_too_deep_is_one_leaf_of_json() -> None:
    """A value nested deeper than allowed keeps its text."""
    value: object = {"secret": "s3"}
    for _ in range(MAX_DEPTH + 3):
        value = [value]

    (leaf,) = leaves(value)

    assert "s3" in leaf.text


def test_what_is_too_much_is_one_leaf_of_json() -> None:
    """Items after the last allowed one stand in one leaf of JSON."""
    found = leaves([f"item-{number}" for number in range(MAX_LEAVES + 10)])

    assert len(found) == MAX_LEAVES + 1
    assert list(json.loads(found[-1].text).values()) == [f"item-{MAX_LEAVES + number}" for number in range(10)]


def test_a_text_that_is_no_json_is_taken_as_it_is() -> None:
    """A bare command is its own leaf, and so is broken JSON; a JSON text is decoded."""
    assert leaves_of_json("ls -la") == (Leaf("", "ls -la"),)
    assert leaves_of_json('{"a": ') == (Leaf("", '{"a": '),)
    assert leaves_of_json('"ls"') == (Leaf("", "ls"),)
    assert leaves_of_json('{"cmd":"ls"}') == (Leaf("cmd", "ls"),)
    assert leaves_of_json("[" * 100_000) == (Leaf("", "[" * 100_000),)
    assert leaves_of_json("") == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"command": "id # \\ud800"}', [Leaf("command", "id # \ud800")]),
        ('{"command": "id # \ud800"}', [Leaf("command", "id # \ud800")]),
        ('{"command": "id\n# \x01"}', [Leaf("command", "id\n# \x01")]),
        ('{"timeout": NaN, "limit": -Infinity, "command": "id"}', [Leaf("command", "id")]),
        (' \t\r\n{"command": "id"}\n ', [Leaf("command", "id")]),
        ('\ufeff{"command": "id"}', [Leaf("command", "id")]),
        ('{"command": "id", "timeout": 1e999}', [Leaf("command", "id")]),
        ('{"command": "id", "timeout": ' + "9" * 5000 + "}", [Leaf("command", "id")]),
        ('{"command": "id", "\\ud800": 1}', [Leaf("command", "id")]),
        ('{"command": "id", "pad": ' + "[" * 500 + "]" * 500 + "}", [Leaf("command", "id")]),
    ],
)
def test_what_a_strict_decoder_refuses_hides_no_command(text: str, found: list[Leaf]) -> None:
    """Surrogates, control characters, numbers that are none, blanks around: an agent's own parser takes them."""
    assert set(found) <= set(leaves_of_json(text))


def test_what_is_too_deep_to_be_written_keeps_its_texts() -> None:
    """Where Python's encoder gives up, names and texts stand in lines."""
    value: object = {"command": "id"}
    for _ in range(5000):
        value = [value]

    assert leaves(value) == (Leaf(".".join(["0"] * MAX_DEPTH), "0\ncommand\nid"),)
