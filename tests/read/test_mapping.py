"""Mapping files: what they may say, and what is said of one that cannot be used."""

import pathlib
import re
from typing import Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from suragh.errors import SetupError
from suragh.read.mapping import MAX_STEPS, Mapping, Path, parse_mapping

PAGE: Final = pathlib.Path(__file__).parents[2] / "docs" / "formats.md"
TOP = 'name = "acme"\ntime = "ts"\nsession = "sid"\n'
CALL = '[call]\ntool = "tool"\n'

PLAIN = st.recursive(
    st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "a.b", "0"]), inner),
    max_leaves=12,
)


def path(*ways: str) -> Path:
    """A path as written."""
    return Path(tuple(tuple(way.split(".")) for way in ways))


@pytest.mark.parametrize(
    ("way", "value", "found"),
    [
        ("a.b", {"a": {"b": 1}}, 1),
        ("a.b", {"a.b": 1}, 1),
        ("a.b.c", {"a": {"b.c": 1}}, 1),
        ("a.b.c", {"a.b": {"x": 0}, "a": {"b": {"c": 1}}}, 1),
        ("a.1", {"a": [0, 5]}, 5),
        ("a.2", {"a": [0, 5]}, None),
        ("a.x", {"a": [0, 5]}, None),
        ("a.b", {"a": "text"}, None),
        ("a", {"a": None}, None),
        ("a", {"a": False}, False),
    ],
)
def test_a_path_leads_through_keys_and_positions(way: str, value: object, found: object) -> None:
    """Keys may hold dots themselves; null is nothing."""
    assert path(way).find(value) == found


def test_the_first_way_that_leads_to_something_counts() -> None:
    """Logs move their fields from version to version."""
    assert path("old", "new").find({"new": 2}) == 2
    assert path("old", "new").find({"old": 1, "new": 2}) == 1


@given(value=PLAIN, steps=st.lists(st.sampled_from(["a", "b", "0", "²"]), min_size=1, max_size=MAX_STEPS))
def test_a_path_finds_a_part_or_nothing(value: object, steps: list[str]) -> None:
    """Whatever the value is, nothing is raised, and what is found was there."""
    found = path(".".join(steps)).find(value)

    assert found is None or repr(found) in repr(value)


def test_the_documented_file_is_understood() -> None:
    """What docs/formats.md shows can be copied."""
    (example,) = re.findall(r"^```toml\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)

    mapping = parse_mapping(example.encode(), "acme.toml")

    assert None not in (mapping.call, mapping.result, mapping.human)


def test_a_whole_file_is_understood() -> None:
    """Every field there is."""
    mapping = parse_mapping(
        b"""
name = "acme"
title = "Acme log"
time = ["ts", "meta.time"]
session = "sid"
account = "user.email"
agent = "agent"
parent = "parent"
when = { v = [1, 2] }

[call]
each = "calls"
tool = "name"
arguments = { command = "cmd", cwd = ["dir", "cwd"] }
id = "id"

[result]
text = "out"
id = "id"
failed = "status"
failed_values = ["error"]
when = { kind = "result" }

[human]
text = "content"
when = { role = "user" }
""",
        "acme.toml",
    )

    assert (mapping.name, mapping.title, str(mapping.time)) == ("acme", "Acme log", "ts or meta.time")
    assert mapping.call is not None
    assert [name for name, _ in mapping.call.arguments] == ["command", "cwd"]
    assert mapping.whole.holds({"v": 2})
    assert not mapping.whole.holds({"v": True})
    assert mapping.result is not None
    assert [mapping.result.has_failed({"status": s}) for s in ("error", "fine", None)] == [True, False, None]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "acme.toml: Object missing required field `name`"),
        (TOP, r"acme.toml: nothing is mapped, expected \[call\], \[result\] or \[human\]"),
        (TOP + "[call\n", "acme.toml:4: no TOML"),
        (TOP + CALL + "\nmystery = 1\n", "acme.toml:7: Object contains unknown field `mystery` in `call`"),
        ("mystery = 1\n" + TOP + CALL, "acme.toml:1: Object contains unknown field `mystery`"),
        (TOP + "[call]\nid = 'x'\n", "acme.toml:4: Object missing required field `tool` in `call`"),
        (TOP + "[call]\n# a note\ntool = 7\n", "acme.toml:6: Expected `str | array`, got `int` in `call.tool`"),
        (TOP + "[call]\ntool = 'a..b'\n", "acme.toml:5: Expected keys joined by dots"),
        (TOP + "[call]\ntool = ''\n", "acme.toml:5: Expected keys joined by dots"),
        (TOP + CALL + f"id = '{'.'.join('abcdefghi')}'\n", "acme.toml:6: Expected keys joined by dots"),
        ('name = "Acme Log"\n' + TOP[14:] + CALL, "acme.toml:1: Expected a short name"),
        (TOP + "# \udcff\n", "acme.toml:4: no UTF-8"),
    ],
)
def test_a_broken_mapping_is_one_clear_line(text: str, message: str) -> None:
    """It names the file, and the line where there is one to name."""
    with pytest.raises(SetupError, match=f"^{message}"):
        parse_mapping(text.encode("utf-8", "surrogateescape"), "acme.toml")


def outcome(data: bytes) -> object:
    """The mapping in a file, or what is wrong with it."""
    try:
        return parse_mapping(data, "acme.toml")
    except SetupError as error:
        return error


@given(data=st.binary(max_size=80).map(lambda noise: TOP.encode() + noise))
@example(data=b"a = " + b"[" * 5000)
def test_no_other_error_is_raised(data: bytes) -> None:
    """Whatever the file holds."""
    assert isinstance(outcome(data), Mapping | SetupError)
