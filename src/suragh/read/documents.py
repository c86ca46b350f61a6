"""Documents: formats that hold one JSON value a member, which may stand on many lines."""

from collections.abc import Callable, Iterator
from typing import Unpack

from suragh.model.fact import Pointer, Rejected
from suragh.read.framing import BOM, MAX_DOCUMENT, document
from suragh.read.reader import Member, Reader, Seen, Take, Words


def document_reader(recognise: Callable[[bytes], bool], begin: Callable[[], Take], **words: Unpack[Words]) -> Reader:
    """Make a reader of a format that has one document a member: the record is the member.

    Args:
        recognise: whether the first bytes of a member, perhaps cut in the middle of a value, are of this format.
        begin: starts reading one member; what it gives is handed the whole document.
        words: as in `Reader`.
    """
    foreign = f"document is no {words['title']}"

    def read(member: Member) -> Iterator[Seen]:
        return read_document(member, begin(), foreign)

    return Reader(sniff=recognise, read=read, **words)


def side_reader(recognise: Callable[[bytes], bool], is_side: Callable[[bytes], bool], **words: Unpack[Words]) -> Reader:
    """Make a reader of files that lie beside telemetry and hold none: they are passed over.

    What only begins as one may hide telemetry, and is rejected.

    Args:
        recognise: as in `document_reader`.
        is_side: whether a whole document is of this format and holds nothing more.
        words: as in `Reader`.
    """
    title = words["title"]

    def take(data: bytes, _pointer: Pointer) -> tuple[()] | None:
        return () if is_side(data) else None

    def read(member: Member) -> Iterator[Seen]:
        return read_document(member, take, f"begins as a {title}, and is none")

    return Reader(sniff=recognise, read=read, **words)


def read_document(member: Member, take: Take, foreign: str, limit: int = MAX_DOCUMENT) -> Iterator[Seen]:
    """Yield what a member gives as one document; one that `take` refuses is rejected with `foreign` as its reason."""
    data, size = document(member.stream, limit)
    member.tally.records += 1
    if size > limit:
        yield Rejected(Pointer(member.source, 0, size), f"document is longer than {limit} bytes")
        return
    start = len(BOM) if data.startswith(BOM) else 0
    pointer = Pointer(member.source, start, size - start)
    found = take(data[start:] if start else data, pointer)
    if found is None:
        yield Rejected(pointer, foreign)
    else:
        yield from found
