"""Drafts: what is gathered of keys, and what is let go."""

from array import array
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from suragh.profile.drafts import ACT, NO_TIME, Caps, Draft, Signals
from suragh.profile.fold import CALL, NO_ACTION
from suragh.profile.rows import POSTINGS, Rows
from suragh.profile.scene import ACCOUNTS_KEPT, Hit

Act = tuple[int, int, int, int]
"""Time, session, role, action."""

ACTS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 2), st.integers(0, 2), st.integers(1, 4)), min_size=1)
ACTIONS = st.integers(1, 2**64 - 1)


def draft(key: int, acts: Iterable[Act]) -> Draft:
    """A key that was shown so."""
    return Draft(key, ACT.packed(acts))


def acts(found: Draft) -> list[Act]:
    """How a key was shown."""
    return [(p.at, p.session, p.role, p.action) for p in found.postings(lambda session: session)]


@given(shown=st.lists(ACTS, max_size=20), engaged=st.frozensets(st.integers(0, 2)))
def test_each_session_keeps_its_first_keys(shown: list[list[Act]], engaged: frozenset[int]) -> None:
    """As if all had been sorted by time and hash; what is engaged loses nothing, and is capped all the same."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("suragh.profile.drafts.KEYS_KEPT", 3)
        caps = Caps(engaged)
        for key, own in enumerate(shown):
            caps.add(draft(key, own))
        last = caps.settle()
    first = {
        session: sorted((min(at for at, by, *_ in own if by == session), key) for key, own in found)
        for session in range(3)
        for found in [[(key, own) for key, own in enumerate(shown) if any(by == session for _, by, *_ in own)]]
    }

    assert last == {session: found[2] for session, found in first.items() if len(found) > 3}
    for session, found in first.items():
        kept = {key for _, key in (found if session in engaged else found[:3])}
        assert {key for key, own in caps.drafts.items() if any(by == session for _, by, *_ in acts(own))} == kept


def test_keys_that_no_session_keeps_do_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A session that shows thousands of keys holds few of them at any time, not only at the end."""
    monkeypatch.setattr("suragh.profile.drafts.KEYS_KEPT", 3)
    caps = Caps(frozenset())

    for key in range(100):
        caps.add(draft(key, [(key, 7, CALL, 1)]))
        assert len(caps.drafts) < 6


def test_what_is_popular_is_let_go_and_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """It links nobody from then on, but is one of the keys that a session shows; of who is engaged all is kept."""
    monkeypatch.setattr("suragh.profile.drafts.KEYS_KEPT", 1)
    times = range(ACCOUNTS_KEPT + 1)
    popular = Draft(1, ACT.packed((at, 7 + at, CALL, at) for at in times), array("q", times))
    late = draft(2, [(ACCOUNTS_KEPT + 9, 7 + ACCOUNTS_KEPT, CALL, 5)])
    known = acts(popular)

    kept = {}
    for engaged in (frozenset[int](), frozenset((7 + ACCOUNTS_KEPT,))):
        caps = Caps(engaged)
        caps.add(replace(popular))
        caps.add(replace(late))
        assert caps.settle() == {7 + ACCOUNTS_KEPT: (ACCOUNTS_KEPT, 1)}
        kept[bool(engaged)] = {found.key: acts(found) for found in caps.take()}

    assert kept == {False: {1: known[:-1]}, True: {1: known, 2: acts(late)}}


@given(ACTS)
def test_a_draft_gives_what_was_put_in(shown: list[Act]) -> None:
    """In the same order, and without a session that was let go."""
    made = draft(1, shown)

    assert acts(made) == shown
    made.let_go(2)
    assert acts(made) == [act for act in shown if act[1] != 2]


def postings(shown: Iterable[tuple[int, int]]) -> Rows:
    """Rows of these sessions and actions."""
    return np.array([(1, session, action, 0, CALL) for session, action in shown], dtype=POSTINGS.dtype)


@given(st.dictionaries(ACTIONS, st.tuples(st.integers(0, 4), st.lists(st.integers(-5, 5), min_size=1, max_size=3))))
def test_an_act_has_its_first_signal(signals: dict[int, tuple[int, list[int]]]) -> None:
    """A message has that of its session; who shows another session's act has none by it."""
    hits: dict[int, list[Hit]] = {}
    for action, (session, times) in signals.items():
        hits.setdefault(session, []).extend(Hit(at, 0, action, CALL, 0, 0, 0) for at in times)
    own = [(session, action) for action, (session, _) in signals.items()]
    others = [(session + 1, action) for session, action in own]
    told = [(session, NO_ACTION) for session in range(6)]

    known = Signals(hits).known(postings([*own, *others, *told])).tolist()

    assert known[: len(own)] == [min(times) for _, times in signals.values()]
    assert known[len(own) : -len(told)] == [NO_TIME] * len(own)
    assert known[-len(told) :] == [min(hit.at for hit in hits[s]) if s in hits else NO_TIME for s in range(6)]
