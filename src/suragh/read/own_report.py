"""Reports that Suragh itself wrote: a side file of the folder that is scanned, without telemetry."""

from collections.abc import Iterator
from typing import Final

import msgspec
from msgspec import Struct

from suragh.model.fact import Pointer, Rejected
from suragh.model.report import SCHEMA
from suragh.read.framing import document
from suragh.read.probe import shape
from suragh.read.reader import Member, Reader, Seen

_FAMILY: Final = SCHEMA.partition("/")[0] + "/"
"""Reports of other versions are reports too."""


class _Top(Struct):
    schema: str


def _sniff(head: bytes) -> bool:
    top = shape(head) if _FAMILY.encode() in head else None
    return top is not None and top.texts.get("schema", "").startswith(_FAMILY)


def _read(member: Member) -> Iterator[Seen]:
    """Pass over a report; what only begins as one may hide telemetry, and is rejected."""
    data, size = document(member.stream)
    member.tally.records += 1
    if not _is_report(data):
        yield Rejected(Pointer(member.source, 0, size), "begins as a report of Suragh, and is none")


def _is_report(data: bytes) -> bool:
    try:
        return msgspec.json.decode(data, type=_Top).schema.startswith(_FAMILY)
    except (ValueError, RecursionError):
        return False


READER: Final = Reader(
    name="suragh-report",
    title="report of Suragh",
    cannot_know=("Anything: what it tells was read from telemetry, which is to be scanned itself.",),
    about=(
        "What `suragh scan --json` wrote: known by its content, counted as one record, and holding nothing, so that a "
        "folder can be scanned again with the report in it."
    ),
    sniff=_sniff,
    read=_read,
)
