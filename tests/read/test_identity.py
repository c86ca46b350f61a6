"""Identities of actions and turns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suragh.model.fact import Leaf
from suragh.read.identity import action_id, is_unique, turn_id

LS = (Leaf("command", "ls"),)


@pytest.mark.parametrize(
    ("native", "unique"),
    [
        ("toolu_01AbCdEfGhJkLmNpQrStUv9x", True),
        ("toolu_vrtx_01AbCdEfGhJkLmNpQrStUv9x", True),
        ("call_9GTrrvSud4rCRtEm0rEIj2lz", True),
        ("chatcmpl-tool-0f8fad5bd9cb469fa16570867728950e", True),
        ("call_0_0562365a-aab5-4839-9e17-254a54f2aeee", True),
        ("call_1", False),
        ("call_28351b8f82c4", False),
        ("functions.execute_command:12", False),
        ("call_1764000000000000000", False),
        ("call_readconfigurationfile", False),
        ("", False),
    ],
)
def test_only_random_ids_are_unique(native: str, unique: bool) -> None:  # noqa: FBT001
    """Providers' ids are; counters, names with counters, bare times and words are not."""
    assert is_unique(native) is unique


def test_a_replayed_history_is_the_same_action() -> None:
    """A unique id names the action whatever the session; a short one only within its session."""
    native = "toolu_01AbCdEfGhJkLmNpQrStUv9x"

    assert action_id("a", native, 1, "Bash", LS) == action_id("b", native, 2, "sh", ())
    assert action_id("a", "call_1", 1, "Bash", LS) == action_id("a", "call_1", 2, "sh", ())
    assert action_id("a", "call_1", 1, "Bash", LS) != action_id("b", "call_1", 1, "Bash", LS)


@given(
    st.tuples(st.text(), st.integers(), st.text(), st.text()), st.tuples(st.text(), st.integers(), st.text(), st.text())
)
def test_without_an_id_everything_else_tells_actions_apart(
    one: tuple[str, int, str, str], other: tuple[str, int, str, str]
) -> None:
    """Two actions without ids are the same only if session, time, tool and arguments are."""
    first, second = (action_id(s, "", at, tool, (Leaf("c", text),)) for s, at, tool, text in (one, other))
    has_separator = any("\x1f" in part for part in (*one, *other) if isinstance(part, str))

    assert has_separator or (first == second) == (one == other)


def test_the_same_words_said_twice_are_two_turns() -> None:
    """Without a native id, place among equal messages counts; with one, only the id."""
    assert turn_id("s", "", "go on", 0) != turn_id("s", "", "go on", 1)
    assert turn_id("s", "m1", "go on") == turn_id("s", "m1", "go on, edited")
    assert turn_id("s", "m1", "go on") != turn_id("t", "m1", "go on")
