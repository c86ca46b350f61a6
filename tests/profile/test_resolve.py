"""Resolve: from the tables of a scan to its scene, each thing counted once."""

from array import array
from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given, settings
from msgspec import structs

from scenes import Seen, at, call, child, fold, observable, own, resolver, result, scene, turn
from streams import streams
from suragh.model.observable import ObservableKind
from suragh.profile.fold import CALL, RESULT, Fold
from suragh.profile.resolve import Resolver, Totals
from suragh.profile.rows import LAYOUTS, Rows
from suragh.profile.scene import HITS_KEPT, Profile, Scene

HOST = observable("db.example.com")
TASK = "please look through the service in our test system and keep going until every open point on it is done"
SECRET = observable("hunter2", ObservableKind.CREDENTIAL)


def profiles(found: Scene) -> dict[str, Profile]:
    """Profiles by the name of their session."""
    return {profile.name: profile for profile in found.profiles.values()}


def totals(*seen: Seen) -> Totals:
    """What a scan counts."""
    made = resolver([seen])
    made.scene()
    return made.totals


def cut_by_first_column(rows: Rows, pieces: int) -> Iterable[Rows]:
    """A table in pieces, rows with one value of the first column together."""
    column = (rows.dtype.names or ())[0]
    for values in np.array_split(np.unique(rows[column]), pieces):
        yield rows[np.isin(rows[column], values)]


@given(streams())
@settings(max_examples=40)
def test_pieces_give_the_scene_of_the_whole(seen: list[Seen]) -> None:
    """However a table is cut, as long as one value of its first column is in one piece."""
    made, tables = fold(seen)

    found = Resolver(made, lambda name: cut_by_first_column(tables[name], 4), lambda _: made.labels).scene()

    assert found == scene(seen)


def test_an_empty_scan_has_an_empty_scene() -> None:
    """Nothing read, nothing counted, no time."""
    made = Resolver(Fold(()), lambda name: [fold([])[1][name]], lambda _: {})

    assert made.scene() == Scene(profiles={}, keys=(), capped={}, targets={})
    assert made.totals == Totals()


def test_everything_is_counted_once() -> None:
    """Doubles of calls and messages count once; a task from an agent is no human turn."""
    seen = (own("s", "amy"), call("s", 2), call("s", 2), call("t", 3), turn("s", 1), turn("s", 1))

    assert totals(*seen, turn("t", 9, human=False)) == Totals(
        sessions=2, actions=2, human_turns=1, accounts=2, without_account=1, first_at=at(1), last_at=at(9)
    )


def test_a_session_that_is_only_named_was_not_read() -> None:
    """A table of accounts may name sessions of which there is no record."""
    assert totals(own("s", "amy"), own("ghost", "eve"), call("s", 2)).sessions == 1


def test_a_session_without_account_falls_back_on_itself_and_is_counted() -> None:
    """It is its own account, and says that nothing named one."""
    seen = (call("s", 1, rules=["scan"]), call("t", 2, rules=["scan"]), own("t", "amy"))

    found = profiles(scene(seen))

    assert (found["s"].account, found["s"].basis) == ("s", "session")
    assert (found["t"].account, found["t"].basis) == ("amy", "user.id")
    assert totals(*seen).without_account == 1


def test_a_sub_agent_takes_its_parents_account() -> None:
    """Over generations; an account of its own comes first."""
    seen = [own("top", "amy"), own("owned", "eve"), child("mid", "top"), child("leaf", "mid"), child("owned", "top")]
    seen += [call(name, n + 1, rules=["scan"]) for n, name in enumerate(("mid", "leaf", "owned"))]

    found = profiles(scene(seen))

    assert [found[name].account for name in ("mid", "leaf", "owned")] == ["amy", "amy", "eve"]
    assert found["leaf"].parent == found["mid"].session
    assert totals(*seen).without_account == 0


def test_sub_agents_of_an_unknown_parent_stay_together() -> None:
    """Where no account is named, the family's top session stands for it."""
    seen = [child("one", "top"), child("two", "top"), *(call(s, 1, rules=["scan"]) for s in ("one", "two"))]

    assert {profile.account for profile in scene(seen).profiles.values()} == {"top"}


def test_a_loop_of_parents_ends() -> None:
    """Forged kinship harms nobody else and stops no scan."""
    seen = [child("a", "b"), child("b", "a"), child("c", "c"), *(call(s, 1, rules=["scan"]) for s in "abc")]

    assert all(profile.basis == "session" for profile in scene(seen).profiles.values())


def resumed(first: str, second: str) -> list[Seen]:
    """A session, and one that carries its history along, later, and goes on."""
    return [
        *(own(name, f"account of {name}") for name in (first, second)),
        *(call(first, n, rules=["scan"], keys=[HOST], name=f"act {n}") for n in (10, 11)),
        result(first, 12, of="act 10", rules=["dump"]),
        *(call(second, n + 50, rules=["scan"], keys=[HOST], name=f"act {n}") for n in (10, 11)),
        result(second, 62, of="act 10", rules=["dump"]),
        call(second, 90, rules=["move"], name="new"),
    ]


@pytest.mark.parametrize(("first", "second"), [("a", "b"), ("b", "a")])
def test_a_replayed_action_counts_once_for_who_showed_it_first(first: str, second: str) -> None:
    """Neither its match nor its call counts for the session that repeats it, under whatever names."""
    seen = resumed(first, second)

    found = profiles(scene(seen))

    assert [hit.at for hit in found[first].hits] == [at(10), at(11), at(12)]
    assert [hit.at for hit in found[second].hits] == [at(90)]
    assert list(found[first].calls_at) == [at(10), at(11)]
    assert list(found[second].calls_at) == [at(90)]
    assert totals(*seen).actions == 3


def test_a_replayed_action_makes_no_key_more_common() -> None:
    """What it shows is shown by the session that showed it first, and links nobody to the one that repeats it."""
    found = scene(resumed("a", "b"))

    (host,) = found.keys
    assert {posting.session for posting in host.postings} == {profiles(found)["a"].session}
    assert len(host.accounts_at) == 1


def test_a_replayed_prompt_is_known_from_the_sessions_first_own_act() -> None:
    """A history that is carried along was not written at that time by whoever carries it."""
    first = turn("a", 1, TASK)
    again = Seen(structs.replace(first.fact, session="b"))

    keys = scene([own("a", "amy"), own("b", "eve"), first, again, call("a", 5, rules=["scan"]), call("b", 50)]).keys

    assert {key.kind for key in keys} == {"prompt"}
    assert {key.accounts_at for key in keys} == {(at(1), at(50))}


def test_of_an_engaged_account_every_match_is_kept() -> None:
    """What is in scope is told act by act; of others the first matches are enough."""
    seen = [own("s", "amy"), *(call("s", n + 1, rules=["scan"], keys=[HOST]) for n in range(20))]

    engaged, other = scene(seen, engaged=["amy"]), scene(seen, engaged=["eve"])

    assert len(profiles(engaged)["s"].hits) == len(engaged.targets) == 20
    assert len(profiles(other)["s"].hits) == HITS_KEPT
    assert other.targets == {}


def test_a_session_of_replays_alone_has_no_signal() -> None:
    """It is not a node, and what it repeats makes no key more common."""
    seen = [
        own("a", "amy"),
        own("b", "eve"),
        call("a", 1, rules=["scan"], keys=[HOST], name="act"),
        call("b", 9, rules=["scan"], keys=[HOST], name="act"),
    ]

    found = scene(seen)

    assert set(profiles(found)) == {"a"}
    assert [len(key.accounts_at) for key in found.keys] == [1]


def test_a_replayed_message_counts_once() -> None:
    """A history that is carried into another session was said once."""
    said = turn("a", 1, "go on")
    again = Seen(structs.replace(said.fact, session="b"))

    assert totals(said, again, call("a", 2), call("b", 3)).human_turns == 1


def test_a_scene_keeps_who_acted_when() -> None:
    """Steps, calls and messages are in order of time, and the ends are those of all of them."""
    seen = [turn("s", 1), call("s", 5, name="x"), result("s", 7, of="x"), call("s", 6, rules=["scan"], name="y")]

    (found,) = scene(seen).profiles.values()

    assert [(step.at, step.part) for step in found.steps] == [(at(5), CALL), (at(6), CALL), (at(7), RESULT)]
    assert found.calls_at == array("q", [at(5), at(6)])
    assert [message.at for message in found.said] == [at(1)]
    assert (found.first_at, found.last_at) == (at(1), at(7))


def test_only_keys_of_actions_with_a_signal_are_kept() -> None:
    """A session with a signal shows other values as well: they link nobody."""
    seen = [call("s", 1, rules=["scan"], keys=[HOST]), call("s", 2, keys=[observable("docs.example.org")])]

    assert [key.shown for key in scene(seen).keys] == ["db.example.com"]


def test_a_prompt_links_from_the_first_signal_on() -> None:
    """It was known before, but its session was no node."""
    keys = scene([turn("s", 1, TASK), call("s", 9, rules=["scan"]), turn("quiet", 2, TASK)]).keys

    assert {key.kind for key in keys} == {"prompt"}
    assert {posting.at for key in keys for posting in key.postings} == {at(9)}
    assert {key.accounts_at for key in keys} == {(at(1), at(2))}


def test_a_caps_calls_and_actions(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first calls by time, the smallest actions by id, and neither grows with the session."""
    monkeypatch.setattr("suragh.profile.resolve.CALL_TIMES_KEPT", 5)
    monkeypatch.setattr("suragh.profile.resolve.ACTIONS_KEPT", 3)
    seen = [call("s", n + 1, rules=["scan"], name=f"x{n}") for n in range(20)]
    seen += [turn("s", n + 0.5) for n in range(20)]

    (found,) = scene(seen).profiles.values()

    assert list(found.calls_at) == [at(n + 1) for n in range(5)]
    assert len(found.steps) == 3
    assert len(found.said) == 3


def bulk_reader(number: int, *, at_once: bool) -> list[Seen]:
    """A session that shows so many hosts, each in a call and in its result."""
    hosts = [observable(f"h{n}.example.com") for n in range(number)]
    return [
        item
        for n, host in enumerate(hosts)
        for item in (
            call("s", n + 1, rules=["scan"], keys=[host], name=f"x{n}"),
            result("s", n + 1 if at_once else n + 1.5, of=f"x{n}", rules=["scan"], keys=[host]),
        )
    ]


def test_a_session_keeps_its_first_keys_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who shows too many is capped, by time."""
    monkeypatch.setattr("suragh.profile.drafts.KEYS_KEPT", 4)

    found = scene([call("s", n + 1, rules=["scan"], keys=[observable(f"h{n}.example.com")]) for n in range(9)])

    assert {key.shown for key in found.keys} == {f"h{n}.example.com" for n in range(4)}
    assert list(found.capped) == list(found.profiles)


def test_a_cap_stands_a_call_and_its_result_at_one_instant(monkeypatch: pytest.MonkeyPatch) -> None:
    """A span carries both: the same key twice at one time is one key."""
    monkeypatch.setattr("suragh.profile.drafts.KEYS_KEPT", 4)

    assert len(scene(bulk_reader(3, at_once=True)).keys) == 3


def test_a_cap_counts_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """A session with no more keys than are kept is not capped, in however many roles it shows them."""
    monkeypatch.setattr("suragh.profile.drafts.KEYS_KEPT", 4)

    found = scene(bulk_reader(4, at_once=False))

    assert (len(found.keys), found.capped) == (4, {})


def test_what_an_action_with_a_signal_returned_is_a_key() -> None:
    """A dump is the signal; the credential that it returns is what the next account uses."""
    seen = [
        own("a", "amy"),
        own("b", "eve"),
        call("a", 1, rules=["dump"], name="x"),
        result("a", 2, of="x", keys=[SECRET]),
        call("b", 9, rules=["move"], keys=[SECRET]),
    ]

    (key,) = scene(seen).keys

    assert [(posting.at, posting.role) for posting in key.postings] == [(at(2), RESULT), (at(9), CALL)]


def test_layouts_are_read_by_name() -> None:
    """A resolver asks for every table that a fold fills."""
    asked: list[str] = []
    made, tables = fold([call("s", 1, rules=["scan"])])

    def pieces(name: str) -> list[Rows]:
        asked.append(name)
        return [tables[name]]

    Resolver(made, pieces, lambda _: made.labels).scene()

    assert set(asked) == {layout.name for layout in LAYOUTS}
