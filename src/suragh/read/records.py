"""Records: from the bytes of a line or a document to structs, leniently, for readers that know the form of theirs."""

from collections.abc import Callable, Iterable
from typing import TypeVar

import msgspec

from suragh.model.fact import Pointer, Rejected
from suragh.read.glued import read_glued
from suragh.read.lenient import decode
from suragh.read.lists import decode_list, is_list
from suragh.read.reader import Seen, Take

T = TypeVar("T", bound=msgspec.Struct)


def structured(decoder: "msgspec.json.Decoder[T]", facts: Callable[[T, Pointer], Iterable[Seen] | None]) -> Take:
    """Make of a function on decoded records one on their bytes, for lines as for documents.

    What is no JSON is rejected, but where several values are glued together each is read; where a value of the wrong
    type was left out, the record is read and rejected as well. JSON that is no object is of another format.

    Args:
        decoder: decodes one record.
        facts: gives what a record shows; None if it is of another format.
    """

    def take(data: bytes, pointer: Pointer) -> Iterable[Seen] | None:
        record, fault = decode(data, decoder)
        if record is None:
            return (read_glued(data, pointer, take) or (Rejected(pointer, fault),)) if fault else None
        seen = facts(record, pointer)
        return (*seen, Rejected(pointer, fault)) if seen is not None and fault else seen

    return take


def structured_or_list(
    single: Take, decoder: "msgspec.json.Decoder[T]", facts: Callable[[list[T], Pointer], Iterable[Seen] | None]
) -> Take:
    """Make a function on bytes for formats whose records stand alone as well as in lists.

    Args:
        single: reads what is no list.
        decoder: decodes one record of a list.
        facts: gives what the records of a list show, of which any may be empty; None if they are of another format.
    """

    def take(data: bytes, pointer: Pointer) -> Iterable[Seen] | None:
        if not is_list(data):
            return single(data, pointer)
        records, fault = decode_list(data, decoder)
        seen = facts(records, pointer) if records else None
        rejected = (Rejected(pointer, fault),) if fault and (seen is not None or not records) else ()
        return rejected or None if seen is None else (*seen, *rejected)

    return take
