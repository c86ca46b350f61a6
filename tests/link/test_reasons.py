"""Reasons: links that a person can read."""

from collections.abc import Iterable, Sequence

from hypothesis import given, settings

from scenes import UNDATED, Seen, at, hit, key, profile, scene
from streams import streams
from suragh.link.reasons import ACCOUNT_WEIGHT, credential_names, links
from suragh.link.weights import rarity, trust
from suragh.model.instant import rfc3339
from suragh.model.observable import ObservableKind
from suragh.model.report import Flow, Link
from suragh.profile.fold import CALL, RESULT
from suragh.profile.scene import ACCOUNTS_KEPT, Key, Profile, Scene


def whole(keys: Iterable[Key], profiles: Iterable[Profile]) -> Scene:
    """A scene of these."""
    return Scene(
        profiles={known.session: known for known in profiles},
        keys=tuple(sorted(keys, key=lambda known: known.key)),
        capped={},
        targets={},
    )


def sessions(*names: str, account: str = "") -> list[Profile]:
    """Sessions with a signal each."""
    return [profile(name, hits=[hit(n + 1, "scan")], account=account) for n, name in enumerate(names)]


def reasons(keys: Sequence[Key], profiles: Sequence[Profile], names: dict[int, str] | None = None) -> list[Link]:
    """The links of these sessions."""
    return list(links(profiles, whole(keys, profiles), names or {}))


def test_a_link_says_what_is_shared_by_whom_and_since_when() -> None:
    """Every field of a link comes from the postings of the campaign's own sessions."""
    shared = key(
        "db.example.com",
        [(1, "b", RESULT), (4, "a", CALL), (9, "b", CALL), (2, "stranger", CALL)],
        accounts_at=(1, 2, 4, 5),
    )

    (link,) = reasons([shared], sessions("a", "b"))

    assert link == Link(
        key="db.example.com",
        kind="host",
        roles=("argument", "result"),
        flow=Flow(read_by="b", read_at=rfc3339(at(1)), used_by="a", used_at=rfc3339(at(4))),
        accounts=4,
        weight=trust("host", "") * rarity(4) // 1000,
        sessions=("a", "b"),
        first_at=rfc3339(at(4)),
    )


def test_a_key_of_one_session_is_no_link() -> None:
    """What a session shares with outsiders says nothing about the campaign."""
    assert reasons([key("k", [(1, "a", CALL), (2, "a", RESULT), (3, "stranger", CALL)])], sessions("a", "b")) == []


def test_a_popular_key_is_no_link() -> None:
    """It did not bring them together, so it is not shown as a reason."""
    shared = key("k", [(1, "a", CALL), (2, "b", CALL)], accounts_at=range(ACCOUNTS_KEPT + 1))

    assert reasons([shared], sessions("a", "b")) == []


def test_the_heaviest_link_stands_first() -> None:
    """A credential of two before a host of two before a host of many before a common account."""
    both = [(1.0, "a", CALL), (2.0, "b", CALL)]
    keys = [
        key("common.example", both, accounts_at=range(12)),
        key("rare.example", both),
        key("secret", both, kind="credential", shown=""),
    ]

    found = reasons(keys, sessions("a", "b", account="one"))

    assert [link.kind for link in found] == ["credential", "host", "host", "account"]
    assert [link.weight for link in found] == sorted((link.weight for link in found), reverse=True)


def test_sessions_of_one_account_are_linked_by_it() -> None:
    """The account is a reason of a low, fixed weight; an account with one session is none."""
    found = reasons([], [*sessions("a", "b", account="one"), *sessions("c")])

    assert [(link.key, link.kind, link.weight, link.sessions) for link in found] == [
        ("one", "account", ACCOUNT_WEIGHT, ("a", "b"))
    ]
    assert found[0].first_at == rfc3339(at(2))


def test_a_flow_needs_two_sessions() -> None:
    """A session that uses what it read itself tells nothing of the other."""
    own = key("k", [(1, "a", RESULT), (2, "a", CALL), (3, "b", RESULT)])

    assert [link.flow for link in reasons([own], sessions("a", "b"))] == [None]


def test_a_flow_is_read_before_it_is_used() -> None:
    """At one instant, used before, or read at no known time, it is company."""
    orders = [(2, 1), (2, 2), (UNDATED + 1, 2), (UNDATED + 1, UNDATED + 2)]
    for postings in ([(read, "a", RESULT), (used, "b", CALL)] for read, used in orders):
        assert [link.flow for link in reasons([key("k", postings)], sessions("a", "b"))] == [None]


def test_a_flow_names_the_first_who_read_it() -> None:
    """And the first who used it after that."""
    shared = key("k", [(3, "b", RESULT), (1, "a", RESULT), (5, "c", CALL), (9, "b", CALL)])

    (link,) = reasons([shared], sessions("a", "b", "c"))

    assert link.flow == Flow(read_by="a", read_at=rfc3339(at(1)), used_by="c", used_at=rfc3339(at(5)))


def test_what_joins_accounts_stands_before_what_joins_sessions() -> None:
    """A credential within one account is heavier, but it is not why the accounts belong together."""
    inside = key("secret", [(1, "a", CALL), (2, "b", CALL)], kind="credential", shown="", accounts_at=[1])
    across = key("db.example.com", [(1, "a", CALL), (2, "c", CALL)])

    found = reasons([inside, across], [*sessions("a", "b", account="one"), *sessions("c")])

    assert [link.kind for link in found] == ["host", "credential", "account"]
    assert found[1].weight > found[0].weight


def test_a_credential_is_named_by_its_number() -> None:
    """Its value stands nowhere; without a number it is `a credential`."""
    secret = key("hunter2", [(1, "a", CALL), (2, "b", CALL)], kind="credential", shown="")

    assert [link.key for link in reasons([secret], sessions("a", "b"), {secret.key: "cred-1"})] == ["cred-1"]
    assert [link.key for link in reasons([secret], sessions("a", "b"))] == ["a credential"]


def test_credentials_are_numbered_by_first_sighting() -> None:
    """In order of time, over all groups; those that only others bear have no number."""
    keys = [
        key("third", [(9, "a", CALL)], kind="credential", shown=""),
        key("first", [(1, "stranger", RESULT), (7, "b", CALL)], kind="credential", shown=""),
        key("second", [(5, "b", CALL), (6, "a", CALL)], kind="credential", shown=""),
        key("others", [(0, "stranger", CALL)], kind="credential", shown=""),
        key("host.example", [(0, "a", CALL)]),
    ]
    a, b = (found.session for found in sessions("a", "b"))

    names = credential_names([[a], [b]], keys)

    assert [names.get(known.key) for known in keys] == ["cred-3", "cred-1", "cred-2", None, None]


@given(streams())
@settings(max_examples=30)
def test_no_link_shows_a_credential(seen: list[Seen]) -> None:
    """Whatever a scan holds, the value of a credential is in no link."""
    found = scene(seen)
    profiles = list(found.profiles.values())

    shown = [link.key for link in links(profiles, found, {}) if link.kind == ObservableKind.CREDENTIAL]

    assert set(shown) <= {"a credential"}
    assert all(len(link.sessions) > 1 for link in links(profiles, found, {}))
