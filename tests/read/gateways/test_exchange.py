"""What logs of requests and answers have in common."""

import pytest

from suragh.model.fact import Call, Ownership, Pointer
from suragh.read.gateways.exchange import (
    MAX_REMEMBERED,
    Chain,
    Envelope,
    answered_in,
    header,
    id_text,
    lowered,
    placed,
    sent_at,
    session_like,
    side_of,
    top_of,
)


def test_headers_have_no_case() -> None:
    """And a value that is no text counts as none."""
    headers = lowered({"Session-ID": "s1", "other": 5})

    assert [header(headers, name) for name in ("session-id", "other", "missing")] == ["s1", "", ""]
    assert header(lowered(None), "session-id") == ""


@pytest.mark.parametrize(
    ("date", "at"),
    [
        ("Thu, 01 Jan 2026 00:00:01 GMT", 1_767_225_601_000_000_000),
        ("Thu, 01 Jan 2026 02:00:01 +0200", 1_767_225_601_000_000_000),
        ("yesterday", None),
        ("", None),
        ("Fri, 31 Dec 9999 23:59:59 -2300", None),
        ("Fri, 31 Dec 9999 23:59:59 GMT", None),
        ("Wed, 01 Jan 1930 00:00:01 GMT", None),
    ],
)
def test_the_date_of_an_answer(date: str, at: int | None) -> None:
    """To the second; what is no date is none."""
    assert sent_at(lowered({"Date": date})) == at


def test_requests_that_begin_alike_are_one_session_of_their_account() -> None:
    """Neither other accounts nor other beginnings share it."""
    assert len({session_like("a", "x"), session_like("a", "x"), session_like("b", "x"), session_like("a", "y")}) == 3


def test_ids_are_text() -> None:
    """Numbers too; nothing is the empty text."""
    assert [id_text(value) for value in ("a", 7, None)] == ["a", "7", ""]


def test_answers_remember_their_session() -> None:
    """As many as are held; an answer without an id is not remembered."""
    chain = Chain()
    chain.add("r1", "s1")
    chain.add("", "s2")

    assert [chain.of("r1"), chain.of("r2"), chain.of("")] == ["s1", "", ""]
    for number in range(MAX_REMEMBERED):
        chain.add(f"n{number}", "s")
    assert [chain.of("r1"), chain.of(f"n{MAX_REMEMBERED - 1}")] == ["", "s"]


def test_facts_of_a_text_point_at_the_text() -> None:
    """What has no place stays as it is."""
    call, owner = Call("s", "", 1, "t", (), 5, Pointer(0, 0, 9), "/body/0"), Ownership("s", "a", "user", 5)

    found = list(placed([call, owner], "/body"))

    assert [getattr(fact, "at", "") for fact in found] == ["/body", ""]
    assert found[1] == owner


class Side(Envelope):
    """A request or an answer of an interface made up here."""

    said: str | None = None
    body: "Side | str | None" = None


NOTHING = Side()


def put(stream: str) -> Side:
    """Put together what a stream carries."""
    return Side(said=stream.upper())


@pytest.mark.parametrize(
    ("response", "said", "at", "streamed"),
    [
        (Side(said="a"), "a", "", False),
        (Side(body=Side(said="b")), "b", "/body", False),
        (Side(body="c"), "C", "/body", True),
        ("d", "D", "", True),
        ("", None, "", False),
        (None, None, "", False),
    ],
)
def test_an_answer_is_found_in_whatever_form_it_is_kept(
    response: Side | str | None, said: str | None, at: str, *, streamed: bool
) -> None:
    """Bare or wrapped, as JSON or as a stream of events; where there is none, nothing was said."""
    side, stream = side_of(response, NOTHING)

    answered = answered_in(side, side.body, stream, put)

    assert (answered[0].said, *answered[1:]) == (said, at, streamed)


def test_a_pair_has_a_request_or_an_answer_at_its_top() -> None:
    """Where a text only tells of one, the line is none."""
    lines = [b'{"request": {}}', b'{"response": "x', b'{"text": "\\"request\\"", "a": {"request": 1}}', b"[]"]

    assert [top is not None for top in map(top_of, lines)] == [True, True, False, False]
