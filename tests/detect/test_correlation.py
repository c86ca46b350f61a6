"""Correlations, held against what the specification says, worked out the long way."""

import operator
from collections.abc import Sequence
from itertools import product

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from suragh.detect.correlation import (
    GROUPS_OF_ONE,
    Correlation,
    Manner,
    Occurrence,
    correlated,
    read_fields,
    silent,
)
from suragh.model.match import Level, RuleInfo

RELATIONS = {
    "lt": operator.lt,
    "lte": operator.le,
    "gt": operator.gt,
    "gte": operator.ge,
    "eq": operator.eq,
    "neq": operator.ne,
}
USER = {"user": ("ada",)}


def correlation(manner: str = "event_count", **keys: object) -> Correlation:
    """A correlation over rules a, b and c that matches from two on, within ten."""
    info = RuleInfo("", str(keys.pop("name", "many")), "Many", Level.HIGH, (), ())
    given = {"rules": ("a", "b", "c"), "group_by": ("user",), "window": 10, "limits": (("gte", 2),)}
    return Correlation(info=info, manner=Manner(manner), **{**given, **keys})  # type: ignore[arg-type]


def occurrences(*told: tuple[int, str, dict[str, tuple[str, ...]]]) -> list[Occurrence]:
    """Matches: when, of which rule, with which values; each in a record of its own."""
    return [Occurrence(at, rule, (0, place), values) for place, (at, rule, values) in enumerate(told)]


def fired(one: Correlation, *told: tuple[int, str, dict[str, tuple[str, ...]]]) -> list[int]:
    """When a correlation matched."""
    return [found.at for _, found in correlated([one], occurrences(*told))]


VALUES = st.lists(st.sampled_from("uvw"), max_size=2).map(tuple)
STREAMS = st.lists(
    st.tuples(st.integers(0, 25), st.sampled_from("abcx"), st.fixed_dictionaries({"user": VALUES, "host": VALUES})),
    max_size=14,
).map(lambda told: occurrences(*told))
CORRELATIONS = st.builds(
    correlation,
    st.sampled_from([manner.value for manner in Manner]),
    rules=st.permutations("abc").flatmap(lambda rules: st.integers(1, 3).map(lambda size: tuple(rules[:size]))),
    group_by=st.sampled_from([(), ("user",), ("user", "host")]),
    window=st.integers(0, 12),
    limits=st.lists(st.tuples(st.sampled_from(list(RELATIONS)), st.integers(1, 4)), min_size=1, max_size=2)
    .map(tuple)
    .filter(lambda limits: not all(RELATIONS[name](0, limit) for name, limit in limits)),
    counted=st.just(("host",)),
)


def counted(one: Correlation, seen: Sequence[Occurrence]) -> int:
    """What is counted of the matches within one window of one group."""
    match one.manner:
        case Manner.EVENT_COUNT:
            return len(seen)
        case Manner.VALUE_COUNT:
            return len({value for occurrence in seen for value in occurrence.values["host"]})
        case Manner.TEMPORAL:
            return len({occurrence.rule for occurrence in seen})
        case Manner.TEMPORAL_ORDERED:
            place = 0
            for occurrence in seen:
                place += place < len(one.rules) and occurrence.rule == one.rules[place]
            return place


def expected(one: Correlation, given: Sequence[Occurrence]) -> list[tuple[int, tuple[int, ...]]]:
    """When and where a correlation matches, by looking at every window anew."""
    read = sorted([o for o in given if o.rule in one.rules], key=lambda o: (o.at, o.place))
    found = []
    for here in read:
        for group in product(*[dict.fromkeys(here.values[field]) for field in one.group_by]):
            own = [o for o in read if all(v in o.values[f] for f, v in zip(one.group_by, group, strict=True))]
            before = [o for o in own if here.at - one.window <= o.at and (o.at, o.place) < (here.at, here.place)]
            holds = [
                all(RELATIONS[name](counted(one, seen), limit) for name, limit in one.limits)
                for seen in (before, [*before, here])
            ]
            if holds == [False, True]:
                found.append((here.at, here.place))
    return sorted(found)


def places(one: Correlation, given: Sequence[Occurrence]) -> list[tuple[int, tuple[int, ...]]]:
    """When and where a correlation matches."""
    return sorted((found.at, found.place) for _, found in correlated([one], given))


@given(CORRELATIONS, STREAMS)
def test_it_matches_when_its_condition_comes_to_hold(one: Correlation, given: list[Occurrence]) -> None:
    """Of every kind, with one limit or two, and by every grouping: as when each window is counted anew."""
    assert places(one, given) == expected(one, given)


@given(CORRELATIONS, STREAMS.flatmap(lambda given: st.tuples(st.just(given), st.permutations(given))))
def test_the_order_in_which_matches_are_told_changes_nothing(
    one: Correlation, given: tuple[list[Occurrence], list[Occurrence]]
) -> None:
    """Only their times and places do."""
    assert places(one, given[0]) == places(one, given[1])


@given(CORRELATIONS, STREAMS, st.integers(0, 26))
def test_what_comes_later_changes_nothing(one: Correlation, given: list[Occurrence], cut: int) -> None:
    """Cut at any time, what is found is what of the whole is found until then."""
    whole = [place for place in places(one, given) if place[0] < cut]

    assert places(one, [occurrence for occurrence in given if occurrence.at < cut]) == whole


def test_it_matches_once_while_it_holds() -> None:
    """And again when it had ceased to hold."""
    told = [(at, "a", USER) for at in (0, 1, 2, 3, 40, 41)]

    assert fired(correlation(), *told) == [1, 41]


@pytest.mark.parametrize(("apart", "times"), [(10, [10]), (11, [])])
def test_the_window_holds_what_lies_as_far_apart_as_it_is_long(apart: int, times: list[int]) -> None:
    """And no more."""
    assert fired(correlation(), (0, "a", USER), (apart, "a", USER)) == times


def test_a_range_is_left_at_its_upper_end() -> None:
    """`gte` with `lte` holds between: it matches when the count comes into the range from below."""
    one = correlation(limits=(("gte", 2), ("lte", 3)))

    assert fired(one, *[(at, "a", USER) for at in range(6)]) == [1]


def test_groups_are_counted_apart() -> None:
    """By all fields together; a match without one of them counts nowhere."""
    one = correlation(group_by=("user", "host"))
    ada, bob = {"user": ("ada",), "host": ("h",)}, {"user": ("bob",), "host": ("h",)}

    assert fired(one, (0, "a", ada), (1, "a", bob), (2, "a", USER), (3, "a", bob)) == [3]


def test_a_field_may_be_called_otherwise_in_each_rule() -> None:
    """By an alias."""
    one = correlation("temporal", rules=("a", "b"), group_by=("who",), aliases={"who": {"a": "source", "b": "target"}})

    assert fired(one, (0, "a", {"source": ("x",)}), (1, "b", {"target": ("x",)})) == [1]
    assert fired(one, (0, "a", {"source": ("x",)}), (1, "b", {"target": ("y",)})) == []
    assert read_fields([one]) == {"a": ("source",), "b": ("target",)}


def test_several_fields_are_counted_together() -> None:
    """Pairs of values differ if one of them does."""
    one = correlation("value_count", counted=("host", "port"), group_by=(), limits=(("gte", 3),))
    told = [(0, "h", "1"), (1, "h", "2"), (2, "h", "1"), (3, "i", "1")]

    assert fired(one, *[(at, "a", {"host": (host,), "port": (port,)}) for at, host, port in told]) == [3]


def test_the_order_of_rules_matters_where_it_is_asked_for() -> None:
    """And only there."""
    backwards = [(0, "b", USER), (1, "a", USER)]
    keys = {"rules": ("a", "b"), "limits": (("gte", 2),)}

    assert fired(correlation("temporal", **keys), *backwards) == [1]
    assert fired(correlation("temporal_ordered", **keys), *backwards) == []
    assert fired(correlation("temporal_ordered", **keys), *backwards, (2, "b", USER)) == [2]


def test_one_correlation_reads_another() -> None:
    """What the inner one found is a match of its own, known by what it groups by."""
    inner = correlation(name="inner", rules=("a",), group_by=("user",))
    outer = correlation("temporal_ordered", name="outer", rules=("inner", "b"), group_by=("user",))
    told = [(0, "a", USER), (1, "b", USER), (2, "a", USER), (3, "b", {"user": ("bob",)}), (4, "b", USER)]

    found = correlated([inner, outer], occurrences(*told))
    assert [(one.info.name, occurrence.at) for one, occurrence in found] == [("inner", 2), ("outer", 4)]


def test_what_only_correlations_read_is_no_signal() -> None:
    """Unless one of them generates it."""
    inner = correlation(name="inner", rules=("a", "b"))
    outer = correlation(name="outer", rules=("inner",))

    assert silent([inner, outer]) == {"a", "b", "inner"}
    assert silent([msgspec.structs.replace(inner, generate=True), outer]) == {"inner"}
    assert silent([]) == frozenset()


def test_a_match_with_thousands_of_values_counts_in_few_groups() -> None:
    """Whoever writes the telemetry writes the values: it must not fill the memory."""
    values = tuple(map(str, range(5_000)))
    one = correlation(group_by=("user", "host"), limits=(("gte", 1),))

    assert len(fired(one, (0, "a", {"user": values, "host": values}))) == GROUPS_OF_ONE
