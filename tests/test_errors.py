"""Errors: one line, one exit code, for the person at the keyboard."""

import pytest

from suragh.errors import InputError, SetupError, SuraghError, UsageError


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (SetupError("is empty"), "is empty"),
        (SetupError("is empty", where="a.csv"), "a.csv: is empty"),
        (SetupError("is empty", hint="Write one"), "is empty. Write one"),
        (SetupError("is empty", where="a.csv:3", hint="Write one"), "a.csv:3: is empty. Write one"),
    ],
)
def test_a_message_is_where_what_and_what_next(error: SuraghError, expected: str) -> None:
    """Only what is known is said; `str` says the same."""
    assert error.message == expected
    assert str(error) == expected


@pytest.mark.parametrize(("kind", "code"), [(SuraghError, 4), (UsageError, 2), (InputError, 5), (SetupError, 3)])
def test_each_kind_has_its_exit_code(kind: type[SuraghError], code: int) -> None:
    """And all are caught as one."""
    with pytest.raises(SuraghError) as caught:
        raise kind("what", where="where", hint="hint")

    assert caught.value.exit_code == code
    assert (caught.value.what, caught.value.where, caught.value.hint) == ("what", "where", "hint")
