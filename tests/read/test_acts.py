"""What session logs make facts of."""

import pytest

from suragh.model.fact import Leaf, Pointer
from suragh.read.acts import Origin, answered, nameless, said

ORIGIN = Origin("s1", "a1", 5, Pointer(7, 0, 9))
ID_OF_CALL = "call_FumxhaAZBOGLqsFyGnNAP8fW"


def test_a_call_and_its_result_meet_by_their_id() -> None:
    """In one record or in two, with an id that is unique or that counts in its session."""
    for call_id in (ID_OF_CALL, "c1"):
        call = ORIGIN.call(call_id, "bash", (Leaf("command", "id"),), "/a")
        apart = Origin("s1", "", 9, ORIGIN.pointer).result(call_id, (Leaf("", "0"),), "/b", failed=False)

        assert (call.actor, call.action) == ("a1", apart.action)
        assert answered(call, apart.texts, "/b", 9, failed=False).action == call.action


def test_a_call_without_an_id_has_a_result_in_its_own_record() -> None:
    """Another call at another time is another action."""
    call = ORIGIN.call(None, None, (), "")
    later = Origin("s1", "a1", 6, ORIGIN.pointer).call(None, None, (), "")

    assert answered(call, (), "", 6, failed=None).action == call.action != later.action


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("go", "go"),
        ([{"text": "a"}, {"type": "image", "data": "QUJD"}, {"type": "text", "text": "b"}], "a\nb"),
        (["a", 1, None], "a"),
        ({"text": "a"}, "a"),
        (None, ""),
    ],
)
def test_what_is_said_is_the_text_of_a_message(content: object, text: str) -> None:
    """In either form, and nothing of what is no text."""
    assert said(content) == text


def test_a_nameless_session_is_named_after_how_it_begins() -> None:
    """The same beginning gives the same name, in one client."""
    assert nameless("pi", "a", "b") == nameless("pi", "a", "b")
    assert len({nameless("pi", "a"), nameless("pi", "b"), nameless("cursor", "a")}) == 3
