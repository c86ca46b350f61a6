"""Accounts: tables that say which session belongs to which account, for logs that name none."""

import csv
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from suragh.errors import SetupError
from suragh.model.fact import Ownership, Pointer, Rejected
from suragh.model.instant import DAWN
from suragh.read.framing import Overlong, Readable, frames
from suragh.read.probe import first_lines
from suragh.read.reader import Member, Reader, Seen

BASIS: Final = "accounts file"

SESSION_COLUMNS: Final = (
    "sessionid",
    "session_id",
    "session.id",
    "session",
    "conversation_id",
    "conversationid",
    "conversation.id",
    "gen_ai.conversation.id",
    "thread_id",
)
"""Headers, in lower case, of the column of sessions; the first one that is there counts."""

ACCOUNT_COLUMNS: Final = (
    "account",
    "account_id",
    "accountid",
    "account_uuid",
    "enduser.id",
    "user_id",
    "userid",
    "user.id",
    "user",
    "user.email",
    "email",
)
"""Headers, in lower case, of the column of accounts; the first one that is there counts."""

_DELIMITERS: Final = (",", ";", "\t")
_MAX_HEADER: Final = 4096
"""Bytes of a header line; a table of two columns is far below it."""


class _Columns(Struct, frozen=True):
    delimiter: str
    width: int
    session: int
    account: int


def read_accounts_file(stream: Readable, where: str) -> tuple[Ownership, ...]:
    """Read a table that a person handed in.

    Raises:
        SetupError: if it has no such header, or a row is broken; `where` and the line say which.
    """
    columns: _Columns | None = None
    found: list[Ownership] = []
    for number, frame in _numbered(stream):
        if columns is None:
            columns = None if isinstance(frame, Overlong) else _columns(frame[1])
            if columns is None:
                what = "header names no session or no account column, expected for example sessionId,account"
                raise SetupError(what, where=f"{where}:{number}")
            continue
        row = "row is too long" if isinstance(frame, Overlong) else _row(frame[1], columns)
        if isinstance(row, str):
            raise SetupError(row, where=f"{where}:{number}")
        found.append(row)
    if columns is None:
        raise SetupError("accounts file is empty, expected a header such as sessionId,account", where=where)
    return tuple(found)


def _numbered(stream: Readable) -> Iterator[tuple[int, tuple[int, bytes] | Overlong]]:
    """Number the lines from 1, those that are blank too."""
    counted = _CountingLines(stream)
    for frame in frames(counted):
        offset = frame.offset if isinstance(frame, Overlong) else frame[0]
        yield counted.line_at(offset), frame


class _CountingLines:
    """A stream that keeps the offsets of its line ends; for tables that a person wrote, which are small."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self._ends: list[int] = []
        self._position = 0

    def read(self, size: int, /) -> bytes:
        block = self._stream.read(size)
        self._ends.extend(self._position + place for place, byte in enumerate(block) if byte == ord("\n"))
        self._position += len(block)
        return block

    def line_at(self, offset: int) -> int:
        return 1 + sum(1 for end in self._ends if end < offset)


def _columns(header: bytes) -> _Columns | None:
    """Find the two columns in a header; None if it has not both."""
    if len(header) > _MAX_HEADER or header.lstrip()[:1] in (b"{", b"["):
        return None
    text = header.decode("utf-8", "replace")
    for delimiter in _DELIMITERS:
        names = [name.strip().lower() for name in _cells(text, delimiter)]
        session = next((names.index(name) for name in SESSION_COLUMNS if name in names), None)
        account = next((names.index(name) for name in ACCOUNT_COLUMNS if name in names), None)
        if session is not None and account is not None:
            return _Columns(delimiter, len(names), session, account)
    return None


def _cells(text: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([text], delimiter=delimiter), [])
    except csv.Error:
        return []


def _row(line: bytes, columns: _Columns) -> Ownership | str:
    """Read a row, or say what is wrong with it."""
    try:
        cells = _cells(line.decode(), columns.delimiter)
    except UnicodeDecodeError:
        return "row is not UTF-8"
    if len(cells) != columns.width:
        return f"row has {len(cells)} cells, expected {columns.width}"
    session, account = cells[columns.session].strip(), cells[columns.account].strip()
    if not session or not account:
        return "row has an empty session or account"
    return Ownership(session, account, BASIS, DAWN)


def _sniff(head: bytes) -> bool:
    lines = first_lines(head)
    return bool(lines) and _columns(lines[0].rstrip(b"\r")) is not None


def _read(member: Member) -> Iterator[Seen]:
    columns: _Columns | None = None
    for frame in frames(member.stream):
        member.tally.records += 1
        if isinstance(frame, Overlong):
            yield Rejected(Pointer(member.source, frame.offset, frame.length), "row is too long")
            continue
        offset, line = frame
        if columns is None:
            columns = _columns(line)
            continue
        row = _row(line, columns)
        yield Rejected(Pointer(member.source, offset, len(line)), row) if isinstance(row, str) else row


NOTES: Final = (
    (
        "Broken rows",
        "in the input are rejected; in a table handed in with `--accounts`, one stops the run with file and line.",
    ),
)

READER: Final = Reader(
    name="accounts",
    title="table of sessions and accounts",
    cannot_know=("When a session came to belong to an account: a table counts from the beginning of time.",),
    about=(
        "A CSV (comma, semicolon or tab) whose header has a column of sessions (`sessionId`, `session_id`, `session`, "
        "`conversation_id`, `gen_ai.conversation.id`, …) and one of accounts (`account`, `account_id`, `user`, "
        "`user_id`, `enduser.id`, …)."
    ),
    notes=NOTES,
    sniff=_sniff,
    read=_read,
)
