"""The scene: what is kept, its caps, and its cut."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenes import Seen, at, call, observable, own, scene, turn
from streams import streams
from suragh.profile.scene import ACCOUNTS_KEPT, HITS_KEPT, NEVER, SESSIONS_KEPT, Scene


@given(streams(), st.integers(min_value=0, max_value=401))
@settings(max_examples=50)
def test_a_cut_scene_is_the_scene_of_what_was_known(seen: list[Seen], seconds: int) -> None:
    """Law L2: cut at a time, as if the rest had never been seen."""
    known = [item for item in seen if item.fact.known_at <= at(seconds)]

    assert scene(seen).until(at(seconds)) == scene(known)


@given(streams(), st.randoms(use_true_random=False), st.integers(0, 60))
@settings(max_examples=50)
def test_a_scene_does_not_depend_on_order_doubles_or_parts(seen: list[Seen], chance: object, cut: int) -> None:
    """Law L1, on facts: shuffled, doubled, split in two."""
    mixed = [*seen, *seen[::2]]
    chance.shuffle(mixed)  # type: ignore[attr-defined]

    assert scene(mixed[:cut], mixed[cut:]) == scene(seen)


def crowd(accounts: int) -> Scene:
    """A scene in which so many accounts show one host, one a second, each in an action with a signal."""
    host = observable("shared.example")
    seen = [own(f"s{number}", f"a{number}") for number in range(accounts)]
    seen += [call(f"s{number}", number + 1, rules=["scan"], keys=[host]) for number in range(accounts)]
    return scene(seen)


def test_a_key_is_rare_up_to_the_limit() -> None:
    """As many accounts as are kept do not make a key popular."""
    (key,) = crowd(ACCOUNTS_KEPT).keys

    assert (key.popular_at, len(key.postings)) == (NEVER, ACCOUNTS_KEPT)


def test_a_key_turns_popular_with_one_account_more() -> None:
    """From that moment on it links nobody; before, it did."""
    (key,) = crowd(ACCOUNTS_KEPT + 10).keys

    assert key.popular_at == at(ACCOUNTS_KEPT + 1)
    assert all(posting.at < key.popular_at for posting in key.postings)


def test_a_session_keeps_the_first_matches_of_a_rule() -> None:
    """Later ones, however many, change nothing."""
    seen = [call("s", number + 1, rules=["scan"]) for number in range(20)]

    (profile,) = scene(seen).profiles.values()

    assert [hit.at for hit in profile.hits] == [at(number + 1) for number in range(HITS_KEPT)]


def test_a_key_keeps_the_first_sessions_of_an_account() -> None:
    """An account that opens many sessions does not grow a key."""
    host = observable("shared.example")
    seen = [own(f"s{number}", "one") for number in range(20)]
    seen += [call(f"s{number}", number + 1, rules=["scan"], keys=[host]) for number in range(20)]

    (key,) = scene(seen).keys

    assert len(key.postings) == SESSIONS_KEPT
    assert key.postings[-1].at == at(SESSIONS_KEPT)


def test_frequencies_count_sessions_without_a_signal() -> None:
    """Who merely uses a host makes it less rare, and is linked to nobody."""
    host = observable("shared.example")
    seen = [own(f"s{number}", f"a{number}") for number in range(3)]
    seen += [call("s0", 1, rules=["scan"], keys=[host]), call("s1", 2, keys=[host]), call("s2", 3, keys=[host])]

    found = scene(seen)

    assert [len(key.accounts_at) for key in found.keys] == [3]
    assert [len(key.postings) for key in found.keys] == [1]
    assert len(found.profiles) == 1


def test_a_profile_without_a_signal_yet_is_none() -> None:
    """A session is no node before its first match."""
    (profile,) = scene([call("s", 1), call("s", 5, rules=["scan"])]).profiles.values()

    assert profile.until(at(4)) is None
    assert replace(profile).until(at(5)) == profile


def test_a_cut_knows_no_cap_that_was_not_reached_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Law L2, on the note about capped sessions."""
    monkeypatch.setattr("suragh.profile.drafts.KEYS_KEPT", 2)
    seen = [call("s", n + 1, rules=["scan"], keys=[observable(f"h{n}.example.com")]) for n in range(5)]

    assert scene(seen).until(at(1)) == scene(seen[:1])


def test_a_cut_ends_where_the_scene_of_then_ends() -> None:
    """Law L2, where one log holds a call cut short and another, later one holds it whole."""
    seen = [call("s", 1, name="x", text="cut"), call("s", 2, name="x", rules=["scan"])]

    assert scene(seen).until(at(2)) == scene(seen)


def test_a_replay_counts_or_does_not_whatever_comes_later() -> None:
    """Law L2, where a session repeats an action of another account and later goes on by itself."""
    host = observable("shared.example")
    seen = [own("a", "amy"), own("b", "eve"), call("a", 1, rules=["scan"], keys=[host], name="x")]
    seen += [call("b", 2, rules=["scan"], keys=[host], name="x"), turn("b", 9)]

    assert scene(seen).until(at(5)) == scene(seen[:-1])
