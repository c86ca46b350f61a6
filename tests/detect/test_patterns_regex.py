"""Plain texts of expressions."""

import re

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from suragh.detect.patterns_regex import Choice, Piece, Sequence, held, required_texts


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("abc", Piece("abc")),
        (r"\babc\s", Piece("abc", opens=True, closes=True)),
        ("^abc$", Piece("abc", opens=True, closes=True)),
        (r"a\.b", Piece("a.b")),
        ("ab+c", Sequence((Piece("a"), Piece("b"), Piece("c")))),
        ("ab?c", Sequence((Piece("a"), Piece("c")))),
        ("ab{2,}", Sequence((Piece("a"), Piece("b")))),
        ("ab{0,2}", Piece("a")),
        ("a|b", Choice((Piece("a"), Piece("b")), ("a", "b"))),
        ("x(?:a|b)", Sequence((Piece("x"), Choice((Piece("a"), Piece("b")), ("a", "b"))))),
        ("(?i)abc", Piece("abc")),
        ("(?!no)abc", Piece("abc")),
        ("[a]b[cd]", Sequence((Piece("ab"),)).parts[0]),
        (r"[\]a]\x41\t", Piece("A\t")),
        (r"(?P<n>a)(?P=n)\1", Piece("a")),
        (".*", Sequence(())),
        ("(?:a)?", Sequence(())),
    ],
)
def test_what_every_match_holds(expression: str, expected: object) -> None:
    """Runs of plain characters, alternatives, edges; optional parts are left out."""
    assert required_texts(expression) == expected


ATOMS = st.sampled_from(
    [
        "a",
        "b",
        r"\.",
        "[ab]",
        "[^a]",
        r"\d",
        r"\s",
        ".",
        "(?:a|b0)",
        "(a)",
        r"\b",
        "^",
        "$",
        "(?=a)",
        "(?:ab)?",
        r"\x61",
        " ",
    ]
)
REPEATS = st.sampled_from(["", "", "", "+", "*", "?", "{2}", "{0,1}", "{1,}", "+?"])
EXPRESSIONS = st.lists(st.lists(st.tuples(ATOMS, REPEATS), min_size=1, max_size=5), min_size=1, max_size=3).map(
    lambda sides: "|".join(
        "".join(a + ("" if a in ("^", "$", r"\b", "(?=a)") else r) for a, r in side) for side in sides
    )
)
TEXTS = st.text(st.sampled_from("ab0. \n"), max_size=12)


@given(EXPRESSIONS, TEXTS)
def test_a_text_that_matches_holds_what_is_required(expression: str, text: str) -> None:
    """Whatever an expression matches passes the check: it only ever says no where there is no match."""
    try:
        compiled = re.compile(expression)
    except re.error:
        reject()
    if compiled.search(text):
        assert held(required_texts(expression), text.lower())
