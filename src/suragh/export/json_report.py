"""The report as JSON, and back; `docs/report.md` and `docs/report.schema.json` describe it."""

import inspect
import re
from collections.abc import Mapping
from typing import Any, Final, TypeAlias

import msgspec

from suragh.errors import SetupError
from suragh.model.report import SCHEMA, Report
from suragh.text.printable import printable

Json: TypeAlias = Any
"""A JSON value of no known shape: msgspec's own schemas are such."""

INDENT: Final = 1
"""Spaces a level: a person can read it, and a file of many rows stays small."""

REASON_LIMIT: Final = 200
"""Code points of a decoder's message that are shown: it may quote the broken file."""

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
"""The dialect of the schema. Source: JSON Schema 2020-12, core, 8.1.1."""

_UNSAFE: Final = re.compile(
    "[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
"""What a terminal or an editor may obey, and JSON lets through: C1 controls, marks of direction, invisible signs,
tag characters. JSON escapes C0 by itself."""

_ATTRIBUTE: Final = re.compile(r"^ {4}(\w+): ", re.MULTILINE)
_SAME: Final = re.compile(r"^as in `(\w+)`\.")


def to_json(report: Report) -> bytes:
    """Encode a report, equal reports to equal bytes, with a line end after it."""
    try:
        packed = msgspec.json.encode(report, order="deterministic")
    except UnicodeEncodeError:
        packed = msgspec.json.encode(_without_surrogates(msgspec.to_builtins(report)), order="deterministic")
    text = msgspec.json.format(packed, indent=INDENT).decode()
    return _UNSAFE.sub(_escaped, text).encode() + b"\n"


def from_json(data: bytes, where: str) -> Report:
    """Read a report back.

    Raises:
        SetupError: if the bytes are no report of this form.
    """
    hint = "Write it anew with `suragh scan --json`"
    try:
        report = msgspec.json.decode(data, type=Report)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        what = f"is no report: {printable(str(error), REASON_LIMIT)}"
        raise SetupError(what, where=where, hint=hint) from error
    if report.schema != SCHEMA:
        found = printable(report.schema, REASON_LIMIT)
        raise SetupError(f"schema is '{found}', expected '{SCHEMA}'", where=where, hint=hint)
    return report


def schema() -> bytes:
    """Make the JSON Schema of the report from its structs and their docstrings."""
    (_,), components = msgspec.json.schema_components((Report,), ref_template="#/$defs/{name}")
    told = {name: _attributes(part.get("description", "")) for name, part in components.items()}
    defs = {name: _described(part, told) for name, part in sorted(components.items())}
    top = defs["Report"]
    top["properties"]["schema"] |= {"const": SCHEMA}
    top["required"] = ["schema", *top["required"]]
    whole = {"$schema": DIALECT, "title": f"A report of Suragh ({SCHEMA})", "$ref": "#/$defs/Report", "$defs": defs}
    return msgspec.json.format(msgspec.json.encode(whole), indent=INDENT) + b"\n"


def _described(part: Json, told: Mapping[str, Mapping[str, str]]) -> Json:
    own = told[part["title"]]
    about = inspect.cleandoc(part.get("description", "")).split("\nAttributes:")[0].strip()
    properties = {key: value | _about(own.get(key, ""), key, told) for key, value in part.get("properties", {}).items()}
    return part | {"description": about} | ({"properties": properties} if properties else {})


def _about(text: str, key: str, told: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    same = _SAME.match(text)
    meaning = told[same[1]].get(key, text) if same else text
    return {"description": meaning} if meaning else {}


def _attributes(docstring: str) -> dict[str, str]:
    """The attributes that a Google-style docstring describes, each as one line."""
    block = inspect.cleandoc(docstring).partition("\nAttributes:\n")[2]
    parts = _ATTRIBUTE.split(block)[1:]
    return {name: " ".join(text.split()) for name, text in zip(parts[::2], parts[1::2], strict=True)}


def _escaped(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def _without_surrogates(value: Json) -> Json:
    """Write lone surrogates, which UTF-8 cannot hold, as escapes in letters."""
    match value:
        case str():
            return value.encode("utf-8", "backslashreplace").decode()
        case list() | tuple():
            return [_without_surrogates(item) for item in value]
        case dict():
            return {_without_surrogates(key): _without_surrogates(item) for key, item in value.items()}
        case _:
            return value
