"""Expressions that a text can make run for hours: told, and decided by an engine that none can."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.detect import rulework
from tests.detect.rulework import matching, rule

from suragh.detect.inspector import Detector
from suragh.detect.patience import linear, may_run_long
from suragh.detect.sigma.ruleset import load_rules


@pytest.mark.parametrize(
    ("expression", "long"),
    [
        ("abc", False),
        ("^a+b*$", False),
        (r"[+*]{3}a\*b\+c\?*", False),
        ("(?:ab|cd)*x", False),
        ("a{2,5}(?:b{1,3}){2}", False),
        ("(?i)a*b*", False),
        ("(a+)+$", True),
        ("(?:a|a)*$", True),
        ("(a?){30}", True),
        ("(?:a{1,40}){1,40}", True),
        (r"(?:\w+\s?)*x", True),
        ("a*a*a*b", True),
        ("x|a*a*a*b", True),
        ("(?=(a+)+$)x", True),
    ],
)
def test_expressions_that_may_run_long_are_told(expression: str, long: bool) -> None:  # noqa: FBT001
    """By their repeats: how many have no bound, and whether they hold one another."""
    re.compile(expression)

    assert may_run_long(expression) is long


EXPRESSIONS = st.from_regex(r"\^?(?:(?:[ab.]|\(a\|b\)|\[^a\]|\\w|\(\?:ab\))[*+?]?){1,5}\$?", fullmatch=True)
FLAGS = st.sampled_from([re.ASCII, re.ASCII | re.IGNORECASE, re.ASCII | re.DOTALL, re.ASCII | re.MULTILINE])


@given(EXPRESSIONS, FLAGS, st.text("abAB\n ", max_size=12), st.booleans())
def test_both_engines_agree(expression: str, flags: int, value: str, whole: bool) -> None:  # noqa: FBT001
    """What one matches the other does."""
    ours = re.compile(expression, flags)
    theirs = linear(ours, whole=whole)

    assert theirs is not None
    assert bool(theirs(value)) is bool(ours.fullmatch(value) if whole else ours.search(value))


def test_what_looks_around_is_no_matter_for_the_other_engine() -> None:
    """It is told, so that such a rule can be refused."""
    assert linear(re.compile("(?=a)(a+)+"), whole=False) is None


@pytest.mark.parametrize("length", [40, 400, 4_000])
def test_a_rule_made_to_explode_does_not(length: int) -> None:
    """Without another engine the shortest of these would take hours."""
    text = "x" + "a" * length

    assert matching({"CommandLine|re": "^x(a+)+$"}, rulework.command(text))
    assert not matching({"CommandLine|re": "^x(a+)+$"}, rulework.command(f"{text} b"))
    assert not matching({"CommandLine|re": "x(a+)+(b|c)$"}, rulework.command(f"{text} d"))


def test_a_rule_that_cannot_be_made_safe_is_refused() -> None:
    """By name, with the expression."""
    (refused,) = load_rules([("r.yml", rule({"CommandLine|re": "(?=x)(a+)+$"}))]).refused

    assert "(?=x)(a+)+$" in refused.reason


def test_wildcards_of_anyone_s_rules_are_bounded() -> None:
    """Stars between the same letter again and again match in many ways."""
    looking = Detector(load_rules([("r.yml", rule({"CommandLine": "x*a*a*a*a*a*ab"}))]), lambda *_: (), ())

    assert not looking.inspect_call(rulework.command("x" + "a" * 500)).matches
