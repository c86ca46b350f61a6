"""Memories: bounded, and without any say in what is found."""

from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from rulebook import builtin_rules
from suragh.detect.inspector import Detector
from suragh.detect.memory import LEAF_LIMIT, Memory, size_of
from suragh.detect.observables.triggers import TRIGGERS
from suragh.detect.prepared import Prepared, prepared
from suragh.model.fact import Call, Leaf, Pointer

TEXTS = st.sampled_from([
    "ls", "curl http://192.0.2.7/a", "ssh ops@198.51.100.4 id", "echo 192.0.2.9 # " + "x" * LEAF_LIMIT, "GET", "",
])  # fmt: skip
PATHS = st.sampled_from(["command", "url", "note"])


def call(*leaves: Leaf) -> Call:
    """A call with these arguments."""
    return Call("s", "", 1, "tool", leaves, 0, Pointer(0, 0, 1), "")


def test_a_memory_starts_anew_when_it_is_full() -> None:
    """Never more values than its limit; what was kept last is there."""
    memory: Memory[int, str] = Memory(3)
    for number in range(10):
        memory.keep(number, str(number))
        assert memory.get(number) == str(number)
    assert sum(memory.get(number) is not None for number in range(10)) <= 3


def test_the_size_of_a_call_is_that_of_its_texts() -> None:
    """Code points of all arguments together."""
    assert size_of(call(Leaf("a", "four"), Leaf("b", "é"))) == 5
    assert size_of(call()) == 0


@cache
def ready() -> Prepared:
    """The built-in rules, prepared once."""
    return prepared(builtin_rules(), TRIGGERS)


@settings(max_examples=12)
@given(st.lists(st.lists(st.builds(Leaf, PATHS, TEXTS), max_size=3), min_size=1, max_size=8))
def test_what_came_before_changes_nothing(many: list[list[Leaf]]) -> None:
    """Two detectors that see calls in opposite order find the same in each, and the second time too."""
    calls = [call(*leaves) for leaves in many]
    one, other = Detector(ready()), Detector(ready())
    first = [one.inspect_call(made) for made in calls]
    assert [other.inspect_call(made) for made in reversed(calls)] == first[::-1]
    assert [one.inspect_call(made) for made in calls] == first
