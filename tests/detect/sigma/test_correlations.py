"""Correlation documents: what they become, and which are refused."""

from collections.abc import Callable
from itertools import permutations

import pytest
from tests.detect.correlated_rules import correlation

from suragh.detect.correlation import Correlation, Manner
from suragh.detect.rule import Refused
from suragh.detect.sigma.correlations import Book, ParsedCorrelation, tied
from suragh.detect.sigma.lines import RuleError
from suragh.detect.sigma.parse import parse
from suragh.model.instant import NS

ID = "00000000-0000-4000-8000-00000000000a"
NAMES = {"wanted": "wanted", ID: "wanted", "other": "other"}


def tie(*texts: str, fields: Callable[[str], bool] = bool) -> tuple[tuple[Correlation, ...], tuple[Refused, ...]]:
    """Correlations tied to two rules, `wanted` (which has an id, too) and `other`."""
    parsed = [one for number, text in enumerate(texts) for one in parse(f"{number}.yml", text)]
    found = [(one, one.info) for one in parsed if isinstance(one, ParsedCorrelation)]
    assert len(found) == len(parsed)
    return tied(found, Book(NAMES, fields))


def one(text: str) -> Correlation:
    """The one correlation of a text."""
    (made,), refused = tie(text)
    assert not refused
    return made


def refusal(*texts: str, fields: Callable[[str], bool] = bool) -> str:
    """Why the last of some correlations is refused, which the others are not."""
    made, (refused,) = tie(*texts, fields=fields)
    assert len(made) == len(texts) - 1
    return refused.reason


@pytest.mark.parametrize(
    ("kind", "condition", "limits"),
    [
        ("event_count", {"gt": 3}, (("gt", 3),)),
        ("event_count", {"gte": 3, "lte": 5}, (("gte", 3), ("lte", 5))),
        ("event_count", {"eq": 3}, (("eq", 3),)),
        ("value_count", {"field": "host", "gte": 3}, (("gte", 3),)),
        ("temporal", None, (("gte", 2),)),
        ("temporal", {"gte": 1}, (("gte", 1),)),
        ("temporal_ordered", None, (("gte", 2),)),
    ],
)
def test_each_type_has_its_count(kind: str, condition: object, limits: tuple[tuple[str, int], ...]) -> None:
    """As the file says; of `temporal` types without a condition all rules are wanted."""
    made = one(correlation(rules=("wanted", "other"), type=kind, condition=condition))

    assert (made.manner, made.limits) == (Manner(kind), limits)
    assert made.counted == (("host",) if kind == "value_count" else ())


def test_rules_are_meant_by_id_or_name() -> None:
    """A rule that is named twice is one; group and aliases follow."""
    made = one(
        correlation(
            rules=(ID, "other", "wanted"), **{"group-by": ["who"]}, aliases={"who": {ID: "user", "other": "account"}}
        )
    )

    assert made.rules == ("wanted", "other")
    assert (made.field("who", "wanted"), made.field("who", "other")) == ("user", "account")
    assert made.fields("other") == ("account",)


@pytest.mark.parametrize(("span", "seconds"), [("90s", 90), ("10m", 600), ("2h", 7_200), ("1d", 86_400)])
def test_a_span_is_its_seconds(span: str, seconds: int) -> None:
    """In nanoseconds, as all times."""
    assert one(correlation(timespan=span)).window == seconds * NS


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_those_that_are_read_come_first(order: tuple[int, ...]) -> None:
    """However the files stand."""
    texts = [
        correlation("inner", rules=("wanted",)),
        correlation("middle", rules=("inner", "other")),
        correlation("outer", rules=("middle", "inner")),
    ]
    made, refused = tie(*[texts[place] for place in order])

    assert [one.info.name for one in made] == ["inner", "middle", "outer"]
    assert refused == ()


def test_circles_are_refused() -> None:
    """Each by its name, whatever else reads them; the others stay."""
    made, refused = tie(
        correlation("a", rules=("b",)),
        correlation("b", rules=("c",)),
        correlation("c", rules=("a", "wanted")),
        correlation("self", rules=("self",)),
        correlation("outer", rules=("a",)),
        correlation("good"),
    )

    assert [one.info.name for one in made] == ["good"]
    assert sorted(one.name for one in refused) == ["a", "b", "c", "outer", "self"]
    assert all("is not there or cannot be evaluated" in one.reason for one in refused)


@pytest.mark.parametrize("condition", [{"lt": 3}, {"lte": 3}, {"neq": 2}, {"eq": 0}, {"gte": 0}, {"lte": 5, "neq": 1}])
def test_what_holds_where_nothing_happened_is_refused(condition: object) -> None:
    """There is no moment at which it comes to hold, and no match to show."""
    assert "holds where nothing matched" in refusal(correlation(condition=condition))


def test_what_no_rule_gives_is_refused() -> None:
    """A rule that is not there, a field that is not known; by name."""
    assert "'gone'" in refusal(correlation(rules=("gone",)))
    assert "'gone'" in refusal(correlation(**{"group-by": ["who"]}, aliases={"who": {"gone": "user"}}))
    assert "'host'" in refusal(correlation(**{"group-by": ["host"]}), fields="user".__eq__)
    counting = correlation(type="value_count", condition={"field": "host", "gte": 2})
    assert "'host'" in refusal(counting, fields="user".__eq__)


def test_of_a_correlation_only_what_it_groups_by_is_known() -> None:
    """Its matches rest on several events, so that no other field has one value."""
    inner = correlation("inner", **{"group-by": ["user"]})

    made, _ = tie(inner, correlation("outer", rules=("inner",), **{"group-by": ["user"]}))
    assert len(made) == 2
    assert "'host'" in refusal(inner, correlation("outer", rules=("inner",), **{"group-by": ["host"]}))


@pytest.mark.parametrize("second", ["x", True, None, [2]])
def test_a_second_limit_that_is_no_number_is_refused(second: object) -> None:
    """What parses correlations looks at one only."""
    assert "expected a number" in refusal(correlation(condition={"gte": 2, "lte": second}))


def test_types_that_are_not_evaluated_are_refused() -> None:
    """By name, never taken for another type."""
    summing = correlation(type="value_sum", condition={"field": "bytes", "gte": 5})
    assert "value_sum" in refusal(summing)

    in_words = correlation(rules=("wanted", "other"), type="temporal", condition="wanted and not other")
    assert "in words" in refusal(in_words)


@pytest.mark.parametrize(
    "keys",
    [
        {"timespan": "1x"},
        {"timespan": "0s"},
        {"timespan": None},
        {"type": "nonsense"},
        {"condition": {"gte": "x"}},
        {"condition": {"gte": 2, "nonsense": 3}},
        {"condition": None},
        {"rules": None},
        {"type": "value_count"},
        {"group-by": 5},
    ],
)
def test_a_mistake_has_its_place(keys: dict[str, object]) -> None:
    """That of the correlation in the file."""
    with pytest.raises(RuleError) as caught:
        list(parse("c.yml", correlation(**keys)))

    assert caught.value.where == "c.yml:3:1"
