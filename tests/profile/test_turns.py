"""Turns that several formats show: counted once, whatever names each gives them."""

from collections.abc import Iterable

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scenes import Seen, at, bare, call, fold, resolver, scene, turn
from suragh.model.fact import Turn
from suragh.model.instant import NS
from suragh.profile.rows import Rows
from suragh.profile.turns import told_again
from suragh.read.identity import turn_at, turn_id, turn_of_prompt

NAMES = ("named", "prompted", "counted", "timed")


def said(way: str, nth: int, text: str = "go on", session: str = "s") -> Seen:
    """What a person said for the nth time, a minute after the last, as one kind of format names it."""
    made = turn(session, 60 * nth, text)
    assert isinstance(made.fact, Turn)
    name = {
        "named": turn_id(session, f"m{text}{nth}", text),
        "prompted": turn_of_prompt(session, f"p{text}{nth}"),
        "counted": turn_id(session, "", text, nth),
        "timed": turn_at(session, at(60 * nth) + NS, text),
    }[way]
    return Seen(Turn(session, name, True, text, made.fact.known_at, made.fact.pointer, ""))  # noqa: FBT003


def humans(seen: Iterable[Seen]) -> int:
    """How many human turns a scan counts."""
    made = resolver([tuple(seen)])
    made.scene()
    return int(made.totals.human_turns)


def test_the_kind_of_name_that_shows_most_counts() -> None:
    """A format may have only a part; what another session says, or what is said in other words, is another's."""
    whole = [said("named", nth) for nth in range(3)]
    part = [said("timed", nth) for nth in (1, 2)]
    other = [said("timed", 0, "stop"), said("timed", 1, session="t")]

    assert humans([*whole, *part, *other]) == 5
    assert humans([*part, said("named", 2)]) == 2


@given(
    st.lists(st.tuples(st.sampled_from(NAMES), st.integers(0, 4)), min_size=1, max_size=20),
    st.randoms(use_true_random=False),
)
def test_order_and_doubles_do_not_matter(given_turns: list[tuple[str, int]], chance: object) -> None:
    """As many are counted as one kind of name shows."""
    shuffled = given_turns * 2
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    most = max(len({nth for way, nth in given_turns if way == name}) for name in NAMES)

    assert humans(said(way, nth) for way, nth in shuffled) == most


def test_what_has_a_time_counts_before_what_has_none() -> None:
    """A log without times that counts messages adds nothing to one with times, and pulls nothing to the beginning."""
    counted = [bare(said("counted", nth), nth + 1) for nth in range(3)]
    seen = [call("s", 0, rules=["scan"]), *[said("named", nth) for nth in range(2)], *counted]
    (profile,) = scene(seen).profiles.values()

    assert [turn.at for turn in profile.said] == [3, at(0), at(60)]


def test_sessions_whose_names_are_of_one_kind_are_left_alone() -> None:
    """Nothing is told again where only one format tells."""
    _, tables = fold([said("named", nth) for nth in range(3)] + [said("timed", 0, session="t")])

    def pieces() -> list[Rows]:
        return [tables["turns"]]

    assert told_again(pieces).tolist() == []
    assert told_again(list).dtype == np.uint64


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.integers(0, 4)), min_size=1, max_size=20), st.integers(0, 4))
def test_what_comes_later_changes_nothing(told: list[tuple[str, int]], last: int) -> None:
    """The turns that count at a time are those of a scan that never saw the rest."""
    seen = [call("s", 0, rules=["scan"]), *[said(way, nth) for way, nth in told]]
    (whole,) = scene(seen).until(at(60 * last)).profiles.values()
    (known,) = scene([one for one in seen if one.fact.known_at <= at(60 * last)]).profiles.values()

    assert whole.said == known.said
