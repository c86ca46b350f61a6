"""What Suragh itself wrote, reports and rejects: side files of the folder that is scanned, without telemetry."""

import re
from typing import Final

import msgspec
from msgspec import Struct

from suragh.model.fact import Pointer, Rejected
from suragh.model.report import SCHEMA
from suragh.read.documents import side_reader
from suragh.read.probe import shape
from suragh.read.reader import Take, line_reader

_FAMILY: Final = SCHEMA.partition("/")[0] + "/"
"""Reports of other versions are reports too."""


REJECTS_SCHEMA: Final = "suragh.rejects/1"
"""The form of the lines that `suragh scan --rejects` writes."""

_REJECTS: Final = re.compile(rb'\{"schema": ?"' + re.escape(REJECTS_SCHEMA.encode()) + b'"')


class _Top(Struct):
    schema: str


class _Reject(Struct, forbid_unknown_fields=True):
    """A line that holds nothing else: telemetry that is written beside these keys must not pass unread."""

    schema: str
    file: str
    offset: int
    length: int
    reason: str
    text: str = ""
    base64: str = ""


def _sniff(head: bytes) -> bool:
    top = shape(head) if _FAMILY.encode() in head else None
    return top is not None and top.texts.get("schema", "").startswith(_FAMILY)


def _is_report(data: bytes) -> bool:
    try:
        return msgspec.json.decode(data, type=_Top).schema.startswith(_FAMILY)
    except (ValueError, RecursionError):
        return False


def _is_reject(line: bytes) -> bool:
    return _REJECTS.match(line) is not None


def _begin_rejects() -> Take:
    decoder = msgspec.json.Decoder(_Reject)

    def take(line: bytes, pointer: Pointer) -> tuple[Rejected, ...] | None:
        if not _is_reject(line):
            return None
        try:
            decoder.decode(line)
        except (ValueError, RecursionError):
            return (Rejected(pointer, "begins as a reject of Suragh, and is none"),)
        return ()

    return take


REJECTS_READER: Final = line_reader(
    _is_reject,
    _begin_rejects,
    name="suragh-rejects",
    title="rejects of Suragh",
    cannot_know=("What the bytes in it would have told: they could not be read.",),
    about="What `suragh scan --rejects` wrote: known by its content, each line a record, and holding nothing.",
)

READER: Final = side_reader(
    _sniff,
    _is_report,
    name="suragh-report",
    title="report of Suragh",
    cannot_know=("Anything: what it tells was read from telemetry, which is to be scanned itself.",),
    about=(
        "What `suragh scan --json` wrote: known by its content, counted as one record, and holding nothing, so that a "
        "folder can be scanned again with the report in it."
    ),
)
