"""Conditions as plain data."""

import re
from ipaddress import ip_network

import msgspec
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
    Text,
    Where,
    expression_of,
    in_network,
)
from suragh.detect.evaluate_data import Compares, InNetwork, from_data, to_data

FIELDS = st.sampled_from(["", "program", "http.host"])
WHERES = st.sampled_from(Where)
FLAGS = st.sampled_from([re.ASCII, re.IGNORECASE, re.IGNORECASE | re.DOTALL, re.ASCII | re.MULTILINE, re.RegexFlag(0)])
SOURCES = st.one_of(st.text().map(re.escape), st.sampled_from(["(?i)a.b", "^x$|y", r"\bé+"]))
NUMBERS = st.one_of(st.integers(-(2**40), 2**40), st.floats(allow_nan=False))
CHECKS = st.one_of(
    st.builds(Compares, st.sampled_from(["lt", "lte", "gt", "gte", "eq", "neq"]), NUMBERS),
    st.ip_addresses().map(lambda address: InNetwork(str(ip_network(address)))),
)
TESTS = st.one_of(
    st.builds(Text, FIELDS, WHERES, st.text(), st.booleans()),
    st.builds(
        lambda field, *made: Pattern(field, expression_of(*made[:2]), made[2]), FIELDS, SOURCES, FLAGS, st.booleans()
    ),
    st.builds(Check, FIELDS, CHECKS),
    st.builds(Same, FIELDS, FIELDS, WHERES),
    st.builds(Present, FIELDS, st.booleans()),
    st.builds(Constant, st.booleans()),
)
CONDITIONS = st.recursive(
    TESTS,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(Every, st.lists(inner).map(tuple)),
        st.builds(Some, st.lists(inner).map(tuple)),
    ),
    max_leaves=8,
)


@given(CONDITIONS)
def test_a_condition_comes_back_as_it_was(condition: Condition) -> None:
    """Through bytes, with every kind of test; equal conditions decide equally, as they are data through and through."""
    written = msgspec.msgpack.encode(to_data(condition))

    assert from_data(msgspec.msgpack.decode(written)) == condition


@pytest.mark.parametrize(
    ("relation", "passed"),
    [("lt", "7"), ("lte", "7 8.0"), ("gt", "9"), ("gte", "8.0 9"), ("eq", "8.0"), ("neq", "7 9")],
)
def test_numbers_are_compared(relation: str, passed: str) -> None:
    """The value stands on the left; what is no number fails, whatever is asked."""
    check = Compares(relation, 8)

    assert [value for value in ("7", "8.0", "9", "", "x") if check(value)] == passed.split()


@given(st.ip_addresses(), st.ip_addresses())
def test_addresses_are_looked_for_in_a_network(address: object, other: object) -> None:
    """As without the way through data; what is no address is in none."""
    network = ip_network(str(other)).supernet(16)
    check = InNetwork(str(network))

    assert check(str(address)) == in_network(network)(str(address))
    assert check(str(other))
    assert not check("example.com")


def test_a_function_that_says_nothing_of_itself_is_refused() -> None:
    """It could not be told what it asks; nothing is kept in its place."""
    with pytest.raises(TypeError, match="expected one that is data"):
        to_data(Check("failed", str.isdigit))


@pytest.mark.parametrize("data", [[], ["Every thing"], ["Text", "program"], ["Check"]])
def test_what_is_no_condition_is_refused(data: list[object]) -> None:
    """Data of another shape is not made into anything."""
    with pytest.raises(ValueError, match="no kind of condition"):
        from_data(data)
