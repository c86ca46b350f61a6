"""The graph: what two accounts share, as known by now."""

from itertools import combinations, product

from hypothesis import given
from hypothesis import strategies as st

from scenes import UNDATED, at, key
from suragh.link.graph import Graph
from suragh.model.ids import digest
from suragh.profile.fold import CALL, RESULT
from suragh.profile.scene import ACCOUNTS_KEPT, Key, Posting

ACCOUNTS = ("ann", "ben", "cyd")
VALUES = ("k0", "k1", "k2")
KINDS = {"k0": "host", "k1": "credential", "k2": "host"}

Event = tuple[str, str, Posting | None]
"""A key's value, an account, and what it posted; None for an account that merely has the key."""


@st.composite
def events(draw: st.DrawFn) -> list[Event]:
    """Accounts that have keys, and show them at times in roles."""
    times = st.integers(1, 5)
    shown = draw(
        st.lists(st.tuples(st.sampled_from(VALUES), st.sampled_from(ACCOUNTS), times, st.sampled_from([CALL, RESULT])))
    )
    made: list[Event] = [(v, a, Posting(at(t), digest("session", a), role)) for v, a, t, role in shown]
    return made + [(value, account, None) for value, account in sorted({(v, a) for v, a, *_ in shown})]


def graph_of(fed: list[Event], *, look: bool = False) -> Graph:
    """A graph fed with these; `look` asks after every event, so that anything remembered has to be renewed."""
    graph = Graph([key(value, [], kind=KINDS[value]) for value in VALUES])
    for value, account, posting in fed:
        number = digest(KINDS[value], value)
        if posting is None:
            graph.see_account_of(number)
        else:
            graph.see_posting(number, account, posting)
        if look:
            likenesses(graph)
    return graph


def likenesses(graph: Graph) -> dict[str, dict[str, int]]:
    """All that the graph says."""
    return {account: graph.alike(account) for account in ACCOUNTS}


@given(events(), st.data())
def test_the_order_of_events_means_nothing(fed: list[Event], data: st.DataObject) -> None:
    """Fed one by one in any order and looked at in between, it is the graph that is fed at once."""
    mixed = data.draw(st.permutations(fed))

    assert likenesses(graph_of(mixed, look=True)) == likenesses(graph_of(fed))


@given(events())
def test_likeness_is_mutual(fed: list[Event]) -> None:
    """Whatever one shares with the other, the other shares with the one."""
    found = likenesses(graph_of(fed))

    assert all(found[one].get(other) == found[other].get(one) for one, other in product(ACCOUNTS, ACCOUNTS))


@given(events(), events())
def test_whose_likeness_moved_is_said(fed: list[Event], more: list[Event]) -> None:
    """An account that no call names has the likeness that it had."""
    graph = graph_of(fed)
    before, moved = likenesses(graph), set()
    for value, account, posting in more:
        number = digest(KINDS[value], value)
        moved |= graph.see_account_of(number) if posting is None else graph.see_posting(number, account, posting)

    after = likenesses(graph)
    assert {account for account in ACCOUNTS if before[account] != after[account]} <= moved


def fed_key(known: Key) -> Graph:
    """A graph of one key; each session is an account of its name's hash."""
    graph = Graph([known])
    for _ in known.accounts_at:
        graph.see_account_of(known.key)
    for posting in known.postings:
        graph.see_posting(known.key, str(posting.session), posting)
    return graph


def of(session: str) -> str:
    """The account of a session in `fed_key`."""
    return str(digest("session", session))


def test_a_popular_key_says_nothing() -> None:
    """One account more than are kept, and nobody is alike by it any longer."""
    postings = [(1.0, "a", CALL), (2.0, "b", CALL)]
    rare = key("k", postings, accounts_at=range(ACCOUNTS_KEPT))
    popular = key("k", postings, accounts_at=range(ACCOUNTS_KEPT + 1))

    assert fed_key(rare).alike(of("a"))[of("b")] > 0
    assert fed_key(popular).alike(of("a")) == {}
    assert list(fed_key(popular).shared_keys([of("a"), of("b")])) == []


def test_the_rarer_key_is_the_stronger_link() -> None:
    """What two have makes them more alike than what twenty have."""
    postings = [(1.0, "a", CALL), (2.0, "b", CALL)]
    few, many = key("k", postings), key("k", postings, accounts_at=range(20))

    assert fed_key(few).alike(of("a"))[of("b")] > fed_key(many).alike(of("a"))[of("b")]


def test_a_flow_is_read_before_it_is_used() -> None:
    """Reading before using is a stronger link; using before reading, or at once, is company."""
    flow = key("k", [(1, "reader", RESULT), (2, "user", CALL)])
    company = key("k", [(2, "reader", RESULT), (1, "user", CALL)])
    at_once = key("k", [(2, "reader", RESULT), (2, "user", CALL)])
    graphs = [fed_key(known) for known in (flow, company, at_once)]

    flows = [graph.keys[flow.key].flows_among([of("reader"), of("user")]) for graph in graphs]
    points = [graph.alike(of("reader"))[of("user")] for graph in graphs]
    assert flows == [True, False, False]
    assert points[0] > points[1] == points[2]


def test_what_was_read_without_a_time_is_no_flow() -> None:
    """It may have been read after the use."""
    readers = (UNDATED + 1, UNDATED + 1, 3)
    users = (UNDATED + 2, 2, UNDATED + 2)
    graphs = [fed_key(key("k", [(r, "a", RESULT), (u, "b", CALL)])) for r, u in zip(readers, users, strict=True)]

    assert [graph.keys.popitem()[1].flows_among([of("a"), of("b")]) for graph in graphs] == [False] * 3


def test_what_both_only_read_says_less() -> None:
    """A public page says it to everybody; what an agent asks for is its own choice."""
    both_read = fed_key(key("k", [(1, "a", RESULT), (2, "b", RESULT)]))
    one_asked = fed_key(key("k", [(1, "a", CALL), (2, "b", RESULT)]))

    assert 0 < both_read.alike(of("a"))[of("b")] < one_asked.alike(of("a"))[of("b")]


def test_a_flow_may_go_from_the_second_reader_to_the_first() -> None:
    """The first who read it is the one who uses it, after another has read it, too."""
    state = fed_key(key("k", [(1, "a", RESULT), (2, "b", RESULT), (3, "a", CALL)])).keys.popitem()[1]

    assert state.flows_among([of("a"), of("b")])


@given(events(), st.lists(st.sampled_from(ACCOUNTS), unique=True))
def test_a_flow_among_accounts_is_one_between_two_of_them(fed: list[Event], some: list[str]) -> None:
    """Found without asking every pair, whoever else there is."""
    for state in graph_of(fed).keys.values():
        assert state.flows_among(some) == any(state.flows_among(pair) for pair in combinations(some, 2))


def test_nobody_flows_to_himself() -> None:
    """An account that uses what it read tells nothing of others."""
    state = fed_key(key("k", [(1, "a", RESULT), (2, "a", CALL), (3, "b", RESULT)])).keys.popitem()[1]

    assert not state.flows_among([of("a"), of("b")])
    assert not state.flows_among([of("a")])


def test_who_used_it_before_had_it_from_elsewhere() -> None:
    """An account that knew the value before it was read took it from nobody here."""
    state = fed_key(key("k", [(1, "user", CALL), (2, "reader", RESULT), (3, "user", CALL)])).keys.popitem()[1]

    assert not state.flows_among([of("reader"), of("user")])


def test_one_kind_of_key_says_only_so_much() -> None:
    """Forty shared paths are no forty reasons, but a key of another kind is one more."""
    postings = [(1.0, "a", CALL), (2.0, "b", CALL)]

    def points(hosts: int, credentials: int = 0) -> int:
        keys = [key(f"h{n}", postings) for n in range(hosts)]
        keys += [key(f"c{n}", postings, kind="credential") for n in range(credentials)]
        graph = Graph(keys)
        for known in keys:
            for posting in known.postings:
                graph.see_account_of(known.key)
                graph.see_posting(known.key, str(posting.session), posting)
        return graph.alike(of("a")).get(of("b"), 0)

    assert 0 < points(1) < points(2)
    assert points(40) == points(80)
    assert points(40, 1) > points(40)


def test_a_neighbourhood_is_reached_over_strong_links() -> None:
    """A friend's friend is near; a weak link leads nowhere."""
    keys = [key("ab", [(1, "a", CALL), (2, "b", CALL)]), key("bc", [(1, "b", CALL), (2, "c", CALL)])]
    graph = Graph(keys)
    for known in keys:
        for posting in known.postings:
            graph.see_account_of(known.key)
            graph.see_posting(known.key, str(posting.session), posting)
    link = graph.alike(of("a"))[of("b")]

    assert graph.neighbourhood(of("a"), link) == sorted(map(of, "abc"))
    assert graph.neighbourhood(of("a"), link + 1) == [of("a")]


def test_shared_keys_are_borne_by_two_of_the_accounts() -> None:
    """A key that one of them shares with an outsider is no reason among them."""
    graph = fed_key(key("k", [(1, "a", CALL), (2, "b", CALL)]))

    assert [state.key.shown for state in graph.shared_keys([of("a"), of("b")])] == ["k"]
    assert list(graph.shared_keys([of("a"), of("c")])) == []


def test_a_key_that_nobody_has_yet_weighs_nothing() -> None:
    """Before its first account is counted there is no rarity."""
    known = key("k", [(1, "a", CALL)])

    assert Graph([known]).keys[known.key].weight() == 0
