"""From bytes to records."""

from collections.abc import Iterator

import msgspec
import pytest
from msgspec import Struct
from tests.read.feeds import only, reasons

from suragh.model.fact import Pointer, Turn
from suragh.read.reader import Seen, Take
from suragh.read.records import structured, structured_or_list


class Note(Struct):
    """A record made up here."""

    text: str | None = None
    at: int | None = None


DECODER = msgspec.json.Decoder(Note)


def facts(note: Note, pointer: Pointer) -> Iterator[Seen] | None:
    """Give one turn of a note, or nothing if it is none."""
    if note.text is None:
        return None
    return iter([Turn("s", 1, bool(note.text), note.text, note.at or 0, pointer, "/text")])


def facts_of_list(notes: list[Note], pointer: Pointer) -> list[Seen] | None:
    """Give the turns of the notes in a list."""
    found = [fact for note in notes for fact in facts(note, pointer) or ()]
    return found or None


SINGLE = structured(DECODER, facts)
EITHER = structured_or_list(SINGLE, DECODER, facts_of_list)


def taken(take: Take, data: bytes) -> tuple[list[tuple[str, int]], list[str]] | None:
    """The texts and places of what is read, and what was wrong."""
    found = take(data, Pointer(7, 100, len(data)))
    if found is None:
        return None
    found = list(found)
    return [(turn.text, turn.pointer.offset) for turn in only(Turn, found)], reasons(found)


@pytest.mark.parametrize("take", [SINGLE, EITHER], ids=["single", "either"])
def test_a_wrong_value_costs_that_value(take: Take) -> None:
    """The rest is read, and what was wrong is said."""
    fault = "Expected `int | null`, got `str` - at `$.at`; the rest of the record is read"

    assert taken(take, b'{"text": "a", "at": "soon"}') == ([("a", 100)], [fault])


@pytest.mark.parametrize("take", [SINGLE, EITHER], ids=["single", "either"])
def test_records_that_were_glued_are_all_read(take: Take) -> None:
    """Each has its own place."""
    assert taken(take, b'{"text": "a"}{"text": "b"}') == ([("a", 100), ("b", 113)], [])


@pytest.mark.parametrize("take", [SINGLE, EITHER], ids=["single", "either"])
@pytest.mark.parametrize("data", [b'{"other": 1}', b"5", b'"a"', b"null", b"[1]", b"[]", b'[{"other": 1}]'])
def test_what_is_of_another_format_is_passed_on(data: bytes, take: Take) -> None:
    """Good JSON that is no record of this one: another reader may know it."""
    assert taken(take, data) is None


@pytest.mark.parametrize("take", [SINGLE, EITHER], ids=["single", "either"])
@pytest.mark.parametrize("data", [b'{"text": "a', b'[{"text": "a"', b"{text}"])
def test_what_is_no_json_is_rejected(data: bytes, take: Take) -> None:
    """With what is wrong, and without being passed on: no reader knows it better."""
    found = taken(take, data)

    assert found is not None
    assert found[0] == []
    assert [reason[:8] for reason in found[1]] == ["no JSON:"]


def test_a_list_is_read_where_records_may_stand_in_one() -> None:
    """With what is wrong in it; elsewhere it is passed on."""
    data = b'[{"text": "a"}, 7, {"text": "b"}]'

    assert taken(EITHER, data) == ([("a", 100), ("b", 100)], ["item 1 of the list is no object"])
    assert taken(SINGLE, data) is None
