"""Formats of one JSON object a member."""

from collections.abc import Iterator

import msgspec
from msgspec import Struct
from tests.read.feeds import member, reasons, seen_by

from suragh.model.fact import Pointer, Rejected, Turn
from suragh.read.documents import document_reader, read_document, structured
from suragh.read.reader import Seen


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
    assert reasons(seen_by(READER, b"[1]")) == ["JSON is array, expected object"]
    assert reasons(read_document(member(b'{"text": "long"}'), TAKE, "", limit=8)) == ["document is longer than 8 bytes"]


def test_a_wrong_value_costs_that_value() -> None:
    """The rest is read, and what was wrong is said."""
    turn, rejected = seen_by(READER, b'{"text": "a", "at": "soon"}')

    assert isinstance(turn, Turn)
    assert isinstance(rejected, Rejected)
    assert "Expected `int | null`" in rejected.reason


def test_documents_that_were_joined_are_all_read() -> None:
    """Each has its own place."""
    found = seen_by(READER, b'{"text": "a"}\n{"text": "b"}\n')

    assert [(turn.text, turn.pointer.offset) for turn in found if isinstance(turn, Turn)] == [("a", 0), ("b", 14)]
    assert reasons(found) == []
