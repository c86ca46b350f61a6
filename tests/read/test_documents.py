"""Formats of one JSON object a member."""

from collections.abc import Iterator

import msgspec
from msgspec import Struct
from tests.read.feeds import member, reasons, seen_by

from suragh.model.fact import Pointer, Turn
from suragh.read.documents import document_reader, read_document, side_reader
from suragh.read.reader import Seen
from suragh.read.records import structured


class Note(Struct):
    """A document made up here."""

    text: str | None = None
    at: int | None = None


def facts(note: Note, pointer: Pointer) -> Iterator[Seen] | None:
    """Give one turn of a note, or nothing if it is none."""
    if note.text is None:
        return None
    return iter([Turn("s", 1, bool(note.text), note.text, note.at or 0, pointer, "/text")])


TAKE = structured(msgspec.json.Decoder(Note), facts)
READER = document_reader(
    recognise=lambda head: b'"text"' in head,
    begin=lambda: TAKE,
    name="note",
    title="note of a test",
    cannot_know=("All else.",),
)


def test_the_record_is_the_member() -> None:
    """However many lines it stands on, and without the byte order mark."""
    (turn,) = seen_by(READER, b'\xef\xbb\xbf{\n "text":\n "a"\n}\n')

    assert isinstance(turn, Turn)
    assert (turn.text, turn.pointer) == ("a", Pointer(7, 3, 18))


def test_what_a_document_is_not_is_said() -> None:
    """Cut, foreign, of wrong type, or longer than allowed: rejected, and never raised."""
    assert reasons(seen_by(READER, b'{"text": "a')) == ["no JSON: Input data was truncated"]
    assert reasons(seen_by(READER, b'{"other": 1}')) == ["document is no note of a test"]
    assert reasons(seen_by(READER, b"[1]")) == ["document is no note of a test"]
    assert reasons(read_document(member(b'{"text": "long"}'), TAKE, "", limit=8)) == ["document is longer than 8 bytes"]


def test_what_lies_beside_telemetry_is_passed_over() -> None:
    """What only begins so may hide telemetry, and is rejected."""
    beside = side_reader(
        lambda head: b'"text"' in head, lambda data: data.endswith(b"}"), name="n", title="note", cannot_know=("All.",)
    )

    assert seen_by(beside, b'{"text": 1}') == []
    assert reasons(seen_by(beside, b'{"text": 1} and more')) == ["begins as a note, and is none"]
