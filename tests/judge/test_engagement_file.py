"""Engagements as people write them: what is read, and what is refused in one line."""

import json
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suragh.errors import SetupError
from suragh.judge.engagement import parse_engagements
from suragh.model.engagement import Engagement
from suragh.model.instant import parse_rfc3339

ROW: Final = {
    "id": "E-1",
    "issuer": "Example Security",
    "contact": "soc@example.com",
    "accounts": ["tester-1", "tester-2"],
    "targets": ["Shop.Example.com.", "198.51.100.0/24"],
    "not_before": "2026-01-01T00:00:00Z",
    "not_after": "2026-01-31T23:59:59Z",
}
TOML: Final = """
[[engagements]]
id = "E-1"
issuer = "Example Security"
contact = "soc@example.com"
accounts = ["tester-1", "tester-2"]
targets = ["Shop.Example.com.", "198.51.100.0/24"]
not_before = "2026-01-01T00:00:00Z"
not_after = "2026-01-31T23:59:59Z"
"""
PARSED: Final = Engagement(
    id="E-1",
    issuer="Example Security",
    contact="soc@example.com",
    accounts=frozenset({"tester-1", "tester-2"}),
    targets=("shop.example.com", "198.51.100.0/24"),
    not_before=parse_rfc3339("2026-01-01T00:00:00Z"),
    not_after=parse_rfc3339("2026-01-31T23:59:59Z"),
)


def as_json(*rows: object, key: str = "engagements") -> bytes:
    """A file of these rows."""
    return json.dumps({key: rows}).encode()


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(as_json(ROW), id="json"),
        pytest.param(as_json(ROW, key="authorisations"), id="json, the other word"),
        pytest.param(b"\n  " + as_json(ROW), id="json after blanks"),
        pytest.param(as_json({**ROW, "note": "unknown fields are others' business"}), id="json with more"),
        pytest.param(TOML.encode(), id="toml"),
        pytest.param(TOML.replace("engagements", "authorisations").encode(), id="toml, the other word"),
    ],
)
def test_a_file_is_json_or_toml(data: bytes) -> None:
    """Under either word; targets are compared in lower case without the root's dot."""
    assert parse_engagements(data, "e") == (PARSED,)


def without(field: str) -> dict[str, object]:
    """A row that lacks a field."""
    return {name: value for name, value in ROW.items() if name != field}


BROKEN: Final = [
    *(pytest.param(as_json(without(field)), field, id=f"no {field}") for field in ROW),
    *(pytest.param(as_json({**ROW, field: 7}), field, id=f"{field} is a number") for field in ROW),
    pytest.param(as_json({**ROW, "accounts": "tester-1"}), "accounts", id="accounts is a text"),
    pytest.param(as_json({**ROW, "targets": [1]}), "targets", id="targets of numbers"),
    pytest.param(as_json({**ROW, "not_before": "tomorrow"}), "not_before", id="no time"),
    pytest.param(as_json({**ROW, "not_after": "2025-12-31T00:00:00Z"}), "not_after", id="ends before it begins"),
    pytest.param(TOML.replace("not_after", "until").encode(), "not_after", id="toml without a field"),
    pytest.param(TOML.replace('"E-1"', "1").encode(), "id", id="toml, id is a number"),
]


@pytest.mark.parametrize(("data", "field"), BROKEN)
def test_a_broken_file_is_one_line_that_names_file_and_field(data: bytes, field: str) -> None:
    """So that the person who wrote it can mend it without reading code."""
    with pytest.raises(SetupError) as caught:
        parse_engagements(data, "lab/engagements.json")

    message = caught.value.message
    assert message.startswith("lab/engagements.json: ")
    assert field in message
    assert "\n" not in message


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"{}", id="nothing in it"),
        pytest.param(b'{"engagements": []}', id="an empty list"),
        pytest.param(b'{"engagements": [', id="cut off"),
        pytest.param(b"id = ", id="broken toml"),
        pytest.param(b"[1, 2]", id="a bare list"),
        pytest.param(b"\xff\xfe\x00", id="not text"),
        pytest.param(b'{"engagements": [{"id": "\xff"}]}', id="json, not UTF-8"),
    ],
)
def test_a_file_without_engagements_is_refused(data: bytes) -> None:
    """Whoever hands one in means something by it: a silent nothing would judge lawful work as hostile."""
    with pytest.raises(SetupError) as caught:
        parse_engagements(data, "e.json")

    assert caught.value.message.startswith("e.json: ")
    assert "\n" not in caught.value.message


@given(st.binary())
def test_any_bytes_are_engagements_or_refused(data: bytes) -> None:
    """No other error leaves."""
    try:
        found = parse_engagements(data, "e")
    except SetupError:
        return
    assert found


def test_an_id_stands_for_one_engagement() -> None:
    """Two rows of one id are refused, or are one."""
    data = as_json(ROW, {**ROW, "not_before": "2026-03-01T00:00:00Z", "not_after": "2026-03-31T00:00:00Z"})
    try:
        rows = parse_engagements(data, "e")
    except SetupError:
        return
    assert len({row.id for row in rows}) == len(rows)
