"""Expressions on values: one answer whichever engine gives it."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suragh.detect.evaluate import SHORT, Pattern, Span, expression_of
from suragh.detect.scan_values import Expressions

PADDING = "~" * SHORT


def pattern(expression: str, *, whole: bool = False) -> Pattern:
    """An expression as rules have it."""
    return Pattern("f", expression_of(expression, re.ASCII), whole=whole)


@pytest.mark.parametrize(
    ("expression", "value", "matches"),
    [
        ("a.c", "-abc-", True),
        ("(?i)A.C", "-abc-", True),
        ("^abc", "-abc-", False),
        (r"a(?=b)", "-abc-", True),
        (r"a(?!b)", "-abc-", False),
        (r"(a)-\1", "a-a", True),
        (r"(?s)a.*c", "a\n\nc", True),
        (r"a.*c", "a\nc", False),
        (r"é.è", "éxè", True),
        (r"^.{3}$", "éèê", True),
        (r"\w", "é", False),
        (r"a\Z", "a\n", False),
    ],
)
def test_long_values_are_decided_like_short_ones(expression: str, value: str, matches: bool) -> None:  # noqa: FBT001
    """Padding that the expression cannot meet moves the decision to the other engine, and changes nothing."""
    anchored = expression.startswith(("^", r"a\Z"))
    long = value if anchored else f"{PADDING}\n{value}"

    assert Expressions().matches(pattern(expression), value) is matches
    assert Expressions().matches(pattern(expression), long) is matches


PIECES = ["a", "b", "ab", " ", "é", "\n", "\v", ".", "0", "-", "\u212a", "\u017f"]
EXPRESSIONS = [
    "a+b",
    "ab|b0",
    r"\ba",
    r"^a|0$",
    "a[^b]",
    "(?i)AB",
    r"\s-",
    "a.b",
    "(?i)k|s",
    r"a\s+b",
    r"a\S",
    "(?:ab){2}",
    r"\d\.",
    "b$",
]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join), st.sampled_from(EXPRESSIONS), st.booleans())
def test_both_engines_agree(text: str, expression: str, whole: bool) -> None:  # noqa: FBT001
    """On one text, made long by repeating it, whichever engine decides gives Python's answer."""
    long = text * (1 + SHORT // max(1, len(text)))
    found = pattern(expression, whole=whole)
    compiled = found.expression.compiled
    check = compiled.fullmatch if whole else compiled.search

    assert Expressions().matches(found, long) is (check(long) is not None)


def test_a_hostile_text_takes_no_time() -> None:
    """An expression whose cost in Python grows with the square of the text is decided in a moment."""
    hostile = "foo" * 40_000
    started = time.process_time()

    assert not Expressions().matches(pattern(r"foo.*bar"), f"{hostile}ba")
    assert not Expressions().matches(pattern(r"(?:foo)+.*oof\d"), f"{hostile}bar")
    assert time.process_time() - started < 2


def test_spans_are_found_in_long_texts() -> None:
    """The span of a match is exact, counted in code points."""
    text = "é" * 2_000 + "needle42" + "é" * 2_000

    assert Expressions().find(pattern(r"needle\d\d"), text) == Span(2_000, 2_008)
    assert Expressions().find(pattern("absent"), text) is None
    assert Expressions().find(pattern("b"), "abc") == Span(1, 2)
