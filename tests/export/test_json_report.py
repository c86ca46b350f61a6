"""The report as JSON: round trips, what is refused, the schema, and what no terminal must be given."""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.export import builders

from suragh.errors import SetupError, SuraghError, UsageError
from suragh.export.json_report import from_json, schema, to_json
from suragh.model.report import Report, Verdict

REPORTS = pytest.mark.parametrize(
    "report",
    [builders.small(), builders.nothing(), builders.large(), builders.many()],
    ids=["small", "nothing", "large", "many"],
)
GUIDE = Path(__file__).parents[2] / "docs" / "report.md"
PUBLISHED = Path(__file__).parents[2] / "docs" / "report.schema.json"
PROMISED = (
    "id",
    "verdict",
    "score",
    "accounts",
    "sessions",
    "targets",
    "first_action_at",
    "detected_at",
    "last_action_at",
)


@REPORTS
def test_a_report_comes_back_as_it_was(report: Report) -> None:
    """Reading what was written gives an equal report, and writing that gives equal bytes."""
    again = from_json(to_json(report), "report.json")

    assert again == report
    assert to_json(again) == to_json(report)


@REPORTS
def test_a_report_fits_its_schema(report: Report) -> None:
    """The published schema describes what is written."""
    validator = jsonschema.Draft202012Validator(json.loads(schema()))

    assert [error.message for error in validator.iter_errors(json.loads(to_json(report)))] == []


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        pytest.param(("schema",), "suragh.report/2", id="another schema"),
        pytest.param(("sessions_read",), "9", id="a number as a text"),
        pytest.param(("campaigns", 0, "verdict"), "guilty", id="an unknown verdict"),
    ],
)
def test_the_schema_refuses_what_is_no_report(path: tuple[str | int, ...], wrong: str) -> None:
    """A schema that lets everything through describes nothing."""
    document = json.loads(to_json(builders.small()))
    place = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = wrong

    assert not jsonschema.Draft202012Validator(json.loads(schema())).is_valid(document)


def test_the_schema_asks_for_its_own_name() -> None:
    """`schema` has a default in Python, and is required in JSON all the same."""
    document = json.loads(to_json(builders.small()))
    del document["schema"]

    assert not jsonschema.Draft202012Validator(json.loads(schema())).is_valid(document)


def test_the_published_schema_is_the_one_that_is_made() -> None:
    """`docs/report.schema.json` holds what `schema()` gives."""
    assert PUBLISHED.read_bytes() == schema()


def test_every_key_of_the_schema_is_described() -> None:
    """No key stands without its meaning, and none merely points to another one."""
    parts = json.loads(schema())["$defs"].values()
    told = [about.get("description", "") for part in parts for about in part.get("properties", {}).values()]

    assert len(told) > 100
    assert all(told)
    assert not [text for text in told if text.startswith("as in")]


def test_the_documentation_tells_every_key() -> None:
    """`docs/report.md` has a table for each object, by its place, with all of its keys in order and nothing else."""
    parts = json.loads(schema())["$defs"]
    sections = re.split(r"^## ", GUIDE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    told = {}
    for section in sections:
        heading, _, body = section.partition("\n")
        place = re.search("`(.*)`", heading)
        if place or heading == "The report":
            rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| [^|]+ \|$", body, re.MULTILINE)
            told[_named(parts, place[1] if place else "")] = rows

    assert told == {name: list(part["properties"]) for name, part in parts.items() if "properties" in part}


def _named(parts: dict[str, Any], place: str) -> str:
    """The object that stands at a place such as `campaigns[].harm`."""
    name = "Report"
    for key in filter(None, place.replace("[]", "").split(".")):
        about = parts[name]["properties"][key]
        about = about.get("items", about)
        # What may be null is one of several.
        name = next(part for part in [about, *about.get("anyOf", [])] if "$ref" in part)["$ref"].rsplit("/", 1)[1]
    return name


@pytest.mark.parametrize("error", [UsageError, SetupError, SuraghError])
def test_the_documentation_tells_the_exit_codes(error: type[SuraghError]) -> None:
    """Each deliberate error has its code in the table."""
    assert f"\n| {error.exit_code} | " in GUIDE.read_text(encoding="utf-8")


@REPORTS
def test_the_promised_keys_are_there(report: Report) -> None:
    """What `suragh.report/1` promises to scorers and other programs, with its types and ranges."""
    document = json.loads(to_json(report))

    assert document["schema"] == "suragh.report/1"
    assert all(type(document[name]) is int for name in ("sessions_read", "actions_read", "lines_rejected"))
    for campaign in [*document["campaigns"], *document["withdrawn"]]:
        assert set(PROMISED) <= set(campaign)
        assert campaign["verdict"] in list(Verdict)
        assert 0 <= campaign["score"] <= 1
        assert all(datetime.fromisoformat(campaign[name]).tzinfo for name in PROMISED if name.endswith("_at"))


def test_it_is_indented_by_one_space() -> None:
    """A person can read it, and it ends with a line end."""
    text = to_json(builders.small()).decode()

    assert text.startswith('{\n "schema": "suragh.report/1",\n "campaigns": [\n  {\n   "id": ')
    assert text.endswith("}\n")


def test_the_order_of_reasons_does_not_matter() -> None:
    """Equal reports give equal bytes, whatever order their tables were filled in."""
    report = builders.small()
    turned = msgspec.structs.replace(report, rejected_reasons=dict(reversed(report.rejected_reasons.items())))

    assert turned == report
    assert to_json(turned) == to_json(report)


@given(st.text(st.characters(categories=["Cc", "Cf", "Cs", "Lu", "Zl", "Zp"]), max_size=20))
def test_no_byte_can_command_a_terminal(text: str) -> None:
    """Controls, marks of direction and lone surrogates are written as escapes; nothing else is lost."""
    written = to_json(builders.hostile(text)).decode()

    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]", written)
    shown = text.encode("utf-8", "backslashreplace").decode()
    assert json.loads(written)["campaigns"][0]["summary"] == shown


@pytest.mark.parametrize(
    ("data", "what"),
    [
        pytest.param(b"", "is no report: Input data was truncated", id="empty"),
        pytest.param(b"[" * 100_000, "is no report", id="very deep"),
        pytest.param(b"\xff\xfe{", "is no report", id="no UTF-8"),
        pytest.param(b"{}", "is no report: Object missing required field `campaigns`", id="another document"),
        pytest.param(to_json(builders.small())[:-400], "is no report", id="cut off"),
        pytest.param(
            to_json(builders.small()).replace(b"suragh.report/1", b"suragh.report/9", 1),
            "schema is 'suragh.report/9', expected 'suragh.report/1'",
            id="a later schema",
        ),
        pytest.param(
            to_json(builders.small()).replace(b'"hostile"', b'"\\u001b[31mguilty"', 1),
            "is no report: Invalid enum value",
            id="an escape in a verdict",
        ),
    ],
)
def test_what_is_no_report_is_one_clear_line(data: bytes, what: str) -> None:
    """A broken file is a matter of set-up: where it is, what is wrong, what to do."""
    with pytest.raises(SetupError) as raised:
        from_json(data, "r.json")

    assert raised.value.message.startswith(f"r.json: {what}")
    assert "suragh scan --json" in raised.value.hint
    assert raised.value.message.isprintable()
