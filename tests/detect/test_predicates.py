"""Predicates put together: what they say, and what they do not ask."""

from collections.abc import Callable, Iterable

from hypothesis import given
from hypothesis import strategies as st

from suragh.detect.predicates import every, some


def constant(*, said: bool) -> Callable[[object], bool]:
    """A predicate that always says the same."""
    return lambda _: said


def refused(_: object) -> bool:
    """A predicate that must not be asked."""
    raise AssertionError


def parts(said: Iterable[bool]) -> list[Callable[[object], bool]]:
    """One predicate for each."""
    return [constant(said=one) for one in said]


@given(st.lists(st.booleans()))
def test_they_say_what_all_and_any_say(said: list[bool]) -> None:
    """Of none as well."""
    assert every(parts(said))("x") is all(said)
    assert some(parts(said))("x") is any(said)


def test_what_need_not_be_asked_is_not() -> None:
    """The first that decides is the last that is asked."""
    assert not every([*parts([True, False]), refused])("x")
    assert some([*parts([False, True]), refused])("x")
