"""Records: what stands in them, and that the index of rules changes nothing."""

import re
from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from suragh.detect.correlation import Correlation, Manner
from suragh.detect.evaluate import (
    KEYWORDS,
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
)
from suragh.detect.evaluate_data import Compares, InNetwork
from suragh.detect.records import DEPTH, Record, RecordMatcher, RecordRules, from_bytes, indexed, to_bytes
from suragh.detect.rule import Refused
from suragh.detect.scan_values import Expressions
from suragh.model.match import Level, RuleInfo

INFO = RuleInfo("", "r", "R", Level.LOW, (), ())


def rules(*conditions: Condition) -> RecordRules:
    """Rules named after their places."""
    return indexed([(msgspec.structs.replace(INFO, name=str(n)), one) for n, one in enumerate(conditions)])


def matching(conditions: Sequence[Condition], content: dict[str, object]) -> list[int]:
    """The places of the conditions that hold on a record, by the index."""
    matcher = RecordMatcher(rules(*conditions))
    return [int(info.name) for info in matcher.match(matcher.record(content))]


def record(content: dict[str, object]) -> Record:
    """A record."""
    return Record(content, Expressions())


FIELDS = st.sampled_from(["Image", "EventID", "data.text", KEYWORDS])
LETTERS = "aAbB .\\-é\u0130\u017f\u212aΣς"
"""Among them letters whose other cases are others' cases, too, or more than one letter."""

WORDS = st.text(LETTERS, max_size=5) | st.sampled_from(["cmd.exe", "CMD.EXE", "whoami", "192.0.2.7", "4624", "a" * 600])
NEEDLES = WORDS.map(str.lower)
SOURCES = WORDS.map(re.escape) | st.sampled_from(
    [
        r"whoami|net\s+use",
        r"(?i)CMD\.exe$",
        r"^4\d{3}$",
        r"a{3,}",
        r"(?:b|cmd)\.e",
        r"^$",
        r"\bnet\b(?!work)",
        "[ab]+x?",
    ]
)
NUMBERS = st.sampled_from([0, 4, 4624, -7, 2.5, 1e3, 1e16, 2**60, float("inf")])
CHECKS = st.builds(Compares, st.sampled_from(["lt", "lte", "gt", "gte", "eq", "neq"]), NUMBERS) | st.sampled_from(
    [InNetwork("192.0.2.0/24"), InNetwork("2001:db8::/32")]
)
TESTS = st.one_of(
    st.builds(Text, FIELDS, st.sampled_from(Where), NEEDLES),
    st.builds(Text, FIELDS, st.sampled_from(Where), WORDS, st.just(value=True)),
    st.builds(
        lambda field, source, whole, flags: Pattern(field, expression_of(source, flags), whole),
        FIELDS,
        SOURCES,
        st.booleans(),
        st.sampled_from([re.ASCII, re.ASCII | re.IGNORECASE, re.IGNORECASE | re.DOTALL, re.ASCII | re.MULTILINE]),
    ),
    st.builds(Check, FIELDS, CHECKS),
    st.builds(Same, FIELDS, FIELDS, st.sampled_from(Where)),
    st.builds(Present, FIELDS, st.booleans()),
    st.builds(Constant, st.booleans()),
)
CONDITIONS = st.recursive(
    TESTS,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(Every, st.lists(inner, min_size=1, max_size=4).map(tuple)),
        st.builds(Some, st.lists(inner, min_size=1, max_size=4).map(tuple)),
    ),
    max_leaves=8,
)
NUMERALS = st.sampled_from(["1e3", "1_000", "\u0661\u0660\u0660\u0660", " 4624 ", "+4", "4.", "4624.0", "nan", "0x4"])
VALUES = st.one_of(WORDS, NUMERALS, NUMBERS, st.booleans(), st.none(), st.lists(WORDS, max_size=2))
CONTENTS = st.dictionaries(st.sampled_from(["Image", "EventID", "other"]), VALUES, max_size=3).flatmap(
    lambda content: st.builds(lambda text: {**content, "data": {"text": text}}, VALUES) | st.just(content)
)


@given(st.lists(CONDITIONS, min_size=1, max_size=5), CONTENTS)
@example([Check("Image", Compares("eq", 1_000))], {"Image": "1_000"})
@example([Check("Image", Compares("eq", 10**16))], {"Image": 1e16})
@example([Text("Image", Where.ANYWHERE, "kk")], {"Image": "\u212a\u212a"})
def test_the_index_changes_nothing(conditions: list[Condition], content: dict[str, object]) -> None:
    """Whatever a condition holds on is found, and nothing else: letters beyond ASCII and odd numbers among it."""
    expected = [place for place, one in enumerate(conditions) if one.holds(record(content))]

    assert matching(conditions, content) == expected


def test_fields_of_nested_maps_have_names_on_the_way() -> None:
    """Lists give many values; a key with a dot is the same as a way."""
    nested = record({"a": {"b": {"c": "x"}, "d": [1, "y", {"e": "z"}]}, "a.b.c": "w"})

    assert nested["a.b.c"] == ("x", "w")
    assert nested["a.d"] == ("1", "y")
    assert nested["a.d.e"] == ("z",)
    assert nested["gone"] == ()
    assert set(nested[KEYWORDS]) == {"x", "1", "y", "z", "w"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (None, ""),
        (7, "7"),
        (7.0, "7"),
        (1e16, "10000000000000000"),
        (0.5, "0.5"),
        (1e-7, "0.0000001"),
        (-0.0, "0"),
        (float("inf"), "inf"),
    ],
)
def test_values_are_texts(value: object, text: str) -> None:
    """As a rule writes them; a value that is null is there, and empty."""
    assert record({"f": value})["f"] == (text,)


def test_what_is_nested_too_deeply_is_left_out() -> None:
    """And all else is read: a record cannot break its own reading."""
    deep: object = "x"
    for _ in range(10_000):
        deep = {"k": deep}
    content: dict[str, object] = {"deep": deep, "f": "y", "k": {"k": "z"}}

    assert record(content)[KEYWORDS] == ("y", "z")
    level: object = "in"
    for _ in range(DEPTH - 1):
        level = {"k": level}
    assert record({"k": level})[KEYWORDS] == ("in",)


def test_matches_come_in_the_order_of_the_rules() -> None:
    """However their texts stand in a record."""
    conditions = [Text("a", Where.WHOLE, word) for word in ("three", "one", "two")]
    every = [*conditions, Some(tuple(conditions)), Not(Present("gone"))]

    assert matching(every, {"a": ["one", "two", "three"]}) == [0, 1, 2, 3, 4]


def test_bytes_hold_all_of_it() -> None:
    """Rules, correlations, refusals and the database come back equal, and match as before."""
    condition = Every((Text("Image", Where.END, "\\cmd.exe"), Check("EventID", Compares("eq", 1))))
    many = Correlation(
        info=INFO, manner=Manner.EVENT_COUNT, rules=("r",), group_by=("u",), window=5, limits=(("gte", 2),)
    )
    made = indexed([(INFO, condition)], [many], [Refused("x", "x.yml", "no")])
    found = from_bytes(to_bytes(made))

    assert found == made
    assert found is not None
    assert found.rules[0].condition == condition
    matcher = RecordMatcher(found)
    assert matcher.match(matcher.record({"Image": r"C:\CMD.exe", "EventID": 1})) == [INFO]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xc1",
        msgspec.msgpack.encode([1, 2]),
        to_bytes(rules(Constant(value=True)))[:-1],
        to_bytes(msgspec.structs.replace(rules(Constant(value=True)), database=(b"no database", 1))),
    ],
)
def test_other_bytes_are_none(data: bytes) -> None:
    """Cut off, of another shape, or with a database that Hyperscan does not take."""
    assert from_bytes(data) is None


def test_no_rules_are_rules_too() -> None:
    """They match nothing."""
    assert matching([], {"a": "b"}) == []
