"""Tables of sessions and accounts."""

from io import BytesIO

import pytest
from tests.read.feeds import member, only, reasons, seen

from suragh.errors import SetupError
from suragh.model.fact import Ownership
from suragh.model.instant import DAWN
from suragh.read.accounts import read_accounts_file


@pytest.mark.parametrize(
    "table",
    [
        "sessionId,account\ns1,acct-1\n",
        "\ufeffaccount;note;Session_ID\r\nacct-1;x;s1\r\n",
        'gen_ai.conversation.id\tenduser.id\n"s1"\tacct-1',
        "user,session\n acct-1 , s1 \n",
    ],
)
def test_tables_of_every_kind_are_read(table: str) -> None:
    """By their header, with any of the usual separators; they count from the beginning of time."""
    expected = Ownership("s1", "acct-1", "accounts file", DAWN)

    assert seen(table.encode()) == [expected]
    assert read_accounts_file(BytesIO(table.encode()), "t.csv") == (expected,)


def test_broken_rows_in_the_input_are_rejected() -> None:
    """The good ones are read."""
    found = seen(b"sessionId,account\ns1\ns2,acct-2\n,acct-3\ns4,\xff\n")

    assert [own.session for own in only(Ownership, found)] == ["s2"]
    assert reasons(found) == [
        "row has 1 cells, expected 2",
        "row has an empty session or account",
        "row is not UTF-8",
    ]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (b"sessionId,account\ns1,a\n\ns2\n", "t.csv:4: row has 1 cells, expected 2"),
        (b"name,colour\n", "t.csv:1: header names no session or no account column"),
        (b"", "t.csv: accounts file is empty"),
    ],
)
def test_a_broken_table_that_was_handed_in_is_an_error_of_set_up(table: bytes, message: str) -> None:
    """With file and line."""
    with pytest.raises(SetupError) as caught:
        read_accounts_file(BytesIO(table), "t.csv")

    assert caught.value.message.startswith(message)


def test_other_tables_are_not_taken_for_it() -> None:
    """A table needs both columns."""
    given = member(b"session,colour\ns1,red\n")

    assert reasons(seen(b"session,colour\ns1,red\n")) == ["format is not known"]
    assert given.tally.records == 0
