"""Conditions: how tests on fields combine, and how they are simplified."""

from collections.abc import Mapping
from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suragh.detect.evaluate import (
    Check,
    Condition,
    Constant,
    Every,
    Not,
    Pattern,
    Present,
    Same,
    Some,
    Span,
    Text,
    Where,
    compares,
    expression_of,
    in_network,
    shown_by,
    simplified,
)
from suragh.detect.scan_values import Expressions


class Values:
    """An event of plain values."""

    def __init__(self, values: Mapping[str, tuple[str, ...]]) -> None:
        self._values = values

    def values(self, field: str) -> tuple[str, ...]:
        """Every value of a field."""
        return self._values.get(field, ())

    def lowered(self, field: str) -> tuple[str, ...]:
        """The same in lower case."""
        return tuple(value.lower() for value in self.values(field))

    def matches(self, pattern: Pattern, value: str) -> bool:
        """Whether an expression matches a long value."""
        return Expressions().matches(pattern, value)


EVENT = Values({"a": ("Alpha", "beta"), "b": ("alpha",), "n": ("7",), "e": ("",), "ip": ("192.0.2.9",)})


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        (Text("a", Where.WHOLE, "alpha"), True),
        (Text("a", Where.WHOLE, "alpha", cased=True), False),
        (Text("a", Where.ANYWHERE, "lph"), True),
        (Text("a", Where.START, "bet"), True),
        (Text("a", Where.END, "lpha"), True),
        (Text("a", Where.END, "alp"), False),
        (Text("missing", Where.ANYWHERE, "x"), False),
        (Pattern("a", expression_of("^A.*a$"), whole=False), True),
        (Pattern("a", expression_of("lph"), whole=True), False),
        (Check("n", compares(lambda n: n < 8)), True),
        (Check("a", compares(lambda n: n < 8)), False),
        (Same("a", "b", Where.WHOLE), True),
        (Same("b", "n", Where.WHOLE), False),
        (Present("e"), True),
        (Present("e", filled=True), False),
        (Present("missing"), False),
        (Not(Present("missing")), True),
        (Every((Present("a"), Present("missing"))), False),
        (Some((Present("a"), Present("missing"))), True),
        (Constant(value=True), True),
    ],
)
def test_conditions_hold_as_sigma_has_it(condition: Condition, holds: bool) -> None:  # noqa: FBT001 - a column
    """Any value of a field satisfies a test; a missing field satisfies none."""
    assert condition.holds(EVENT) is holds


def test_networks_hold_addresses() -> None:
    """Only addresses are in a network; whatever else a text says is in none."""
    inside = in_network(ip_network("192.0.2.0/24"))

    assert inside("192.0.2.9")
    assert not inside("198.51.100.1")
    assert not inside("host")


def test_what_holds_is_shown_in_order() -> None:
    """The tests that make a condition true are given, of alternatives the first that holds, never a negation."""
    first, second = Text("a", Where.WHOLE, "alpha"), Text("b", Where.WHOLE, "alpha")
    condition = Every((Some((Text("a", Where.WHOLE, "x"), first)), Not(Present("missing")), second))

    assert shown_by(condition, EVENT) == [first, second]


def test_a_text_is_found_where_it_stands() -> None:
    """Spans count code points, whatever the case."""
    assert Text("a", Where.ANYWHERE, "straße").find("die STRAßE") == Span(4, 10)
    assert Text("a", Where.ANYWHERE, "x").find("abc") is None


LEAVES = st.sampled_from([Present("a"), Present("missing"), Constant(value=True), Constant(value=False)])
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: Every(tuple(parts))),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: Some(tuple(parts))),
        inner.map(Not),
    ),
)


@given(TREES)
def test_simplifying_changes_nothing(tree: Condition) -> None:
    """A condition and its simplified form hold together, and constants stay only alone."""
    made = simplified(tree)

    assert made.holds(EVENT) is tree.holds(EVENT)
    assert isinstance(made, Constant) or "Constant" not in repr(made)
