"""Clusters: average linkage that neither chains nor depends on order."""

from collections.abc import Mapping
from itertools import permutations

from hypothesis import example, given
from hypothesis import strategies as st

from scenes import key
from suragh.link.cluster import LINK_LEAST, agglomerate, clusters
from suragh.link.graph import Graph
from suragh.profile.fold import CALL

Alike = dict[str, dict[str, int]]


def symmetric(pairs: Mapping[tuple[str, str], int]) -> Alike:
    """Likenesses both ways round."""
    made: Alike = {}
    for (one, other), points in pairs.items():
        made.setdefault(one, {})[other] = points
        made.setdefault(other, {})[one] = points
    return made


@st.composite
def likenesses(draw: st.DrawFn, most: int = 7) -> tuple[list[str], Alike]:
    """Some accounts and whole-number likenesses, few enough values that ties are common."""
    names = [f"a{number}" for number in range(draw(st.integers(2, most)))]
    values = st.integers(0, draw(st.sampled_from([2, 6, 5000])))
    pairs = {(one, other): draw(values) for one in names for other in names if one < other}
    return names, symmetric({pair: points for pair, points in pairs.items() if points})


def average(one: tuple[str, ...], other: tuple[str, ...], alike: Alike) -> float:
    """Mean likeness of two groups."""
    return sum(alike.get(a, {}).get(b, 0) for a in one for b in other) / (len(one) * len(other))


@given(likenesses(), st.data(), st.integers(1, 4))
def test_the_order_in_which_likenesses_came_means_nothing(
    drawn: tuple[list[str], Alike], data: st.DataObject, least: int
) -> None:
    """Tables filled in another order are the same tables."""
    names, alike = drawn
    mixed = {
        name: dict(data.draw(st.permutations(list(alike[name].items()))))
        for name in data.draw(st.permutations(list(alike)))
    }

    assert agglomerate(names, mixed, least) == agglomerate(names, alike, least)


@given(likenesses(4), st.integers(1, 4))
@example((["a", "b", "c"], symmetric({("a", "c"): 1, ("b", "c"): 1})), 1)
def test_the_order_of_names_means_nothing(drawn: tuple[list[str], Alike], least: int) -> None:
    """Ties go by name, whoever comes first."""
    names, alike = drawn

    found = [agglomerate(order, alike, least) for order in permutations(names)]

    assert found == [found[0]] * len(found)


@given(likenesses(), st.integers(1, 4))
def test_every_account_is_in_one_cluster(drawn: tuple[list[str], Alike], least: int) -> None:
    """Clusters are sorted parts of the whole."""
    names, alike = drawn

    found = agglomerate(names, alike, least)

    assert sorted(name for group in found for name in group) == names
    assert found == sorted(tuple(sorted(group)) for group in found)


@given(likenesses(), st.integers(1, 4))
def test_it_goes_on_until_no_two_groups_share_enough(drawn: tuple[list[str], Alike], least: int) -> None:
    """Average linkage is reducible: what is left apart stays apart."""
    names, alike = drawn
    found = agglomerate(names, alike, least)

    assert all(average(one, other, alike) < least for one in found for other in found if one < other)


def test_a_chain_is_not_merged() -> None:
    """A shares with B and B with C, but A nothing with C: the average over all pairs keeps the ends apart."""
    links = {(f"a{number}", f"a{number + 1}"): 1_000 for number in range(7)}

    found = agglomerate([f"a{number}" for number in range(8)], symmetric(links), 900)

    assert max(len(group) for group in found) == 2


def test_one_shared_host_does_not_merge_two_campaigns() -> None:
    """Two tight groups with one bridge are two groups."""
    tight = {("a", "b"): 9, ("a", "c"): 9, ("b", "c"): 9, ("x", "y"): 9, ("x", "z"): 9, ("y", "z"): 9, ("c", "x"): 9}

    assert agglomerate(list("abcxyz"), symmetric(tight), 5) == [("a", "b", "c"), ("x", "y", "z")]


def test_ties_go_by_name() -> None:
    """Of two equal merges the first pair by name is made."""
    assert agglomerate(list("abc"), symmetric({("a", "b"): 8, ("b", "c"): 8}), 5) == [("a", "b"), ("c",)]


def test_likenesses_with_strangers_do_not_count() -> None:
    """Accounts outside the names are not looked at."""
    assert agglomerate(["a", "b"], {"a": {"b": 8, "stranger": 99}, "b": {"a": 8}}, 5) == [("a", "b")]


def shared(points: int) -> Graph:
    """A graph in which two accounts share so many credentials, and a third shares nothing."""
    keys = [key(f"k{n}", [(1, "s1", CALL), (2, "s2", CALL)], kind="credential") for n in range(points)]
    graph = Graph(keys)
    for known in keys:
        for posting, account in zip(known.postings, ("one", "two"), strict=True):
            graph.see_account_of(known.key)
            graph.see_posting(known.key, account, posting)
    return graph


def test_clusters_are_of_the_accounts_that_share_enough() -> None:
    """A rare credential joins two accounts; who shares nothing stays alone."""
    graph = shared(1)

    assert graph.alike("one")["two"] >= LINK_LEAST
    assert clusters(graph, "one") == clusters(graph, "two") == [("one", "two")]
    assert clusters(graph, "three") == [("three",)]
