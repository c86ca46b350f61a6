"""Exchanges: what logs of requests to models and of their answers have in common, whoever answers.

A log has the two bodies in `request` and `response`, often with the path, the headers and a time beside them.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Final, TypeAlias, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from suragh.model.fact import Call, Fact, Result, Turn
from suragh.model.ids import digest
from suragh.model.instant import DUSK, NS
from suragh.read.probe import Shape, shape

B = TypeVar("B", bound=Struct)

Headers: TypeAlias = dict[str, object] | None

MAX_REMEMBERED: Final = 1 << 14
"""Answers whose session is remembered, some 4 MB: a conversation goes on from its last answer, or soon after."""


class Timed(Struct, gc=False):
    """A record to which the log adds when it was made."""

    time: object = None
    timestamp: object = None


class Envelope(Struct, gc=False):
    """What a log may keep of a request or an answer over HTTP: around its body, or beside what is in the body."""

    path: str | None = None
    url: str | None = None
    headers: dict[str, object] | None = None


def top_of(line: bytes) -> Shape | None:
    """Look at the top of a line, perhaps cut at its end, that has a request or an answer there; None if it has none."""
    if b'"request"' not in line and b'"response"' not in line:
        return None
    top = shape(line)
    return top if top is not None and {"request", "response"} & top.texts.keys() else None


def unwrapped(side: B, body: B | str | None) -> tuple[B, str]:
    """Give the body of a request or an answer, which may stand bare in its place, and its JSON Pointer there."""
    return (side, "") if body is None or isinstance(body, str) else (body, "/body")


def side_of(response: B | str | None, nothing: B) -> tuple[B, str]:
    """Give an answer, `nothing` where there is none, and its text where it is a bare one."""
    return (nothing, response) if isinstance(response, str) else (nothing if response is None else response, "")


def answered_in(side: B, body: B | str | None, stream: str, put: Callable[[str], B]) -> tuple[B, str, bool]:
    """Give what was answered, the JSON Pointer of it in the answer, and whether it was put together from a stream.

    Args:
        side: the answer; an empty one if it is a bare text.
        body: its body.
        stream: the answer if it is a bare text.
        put: puts together what a stream of events carries.
    """
    if isinstance(body, str):
        return put(body), "/body", True
    return (put(stream), "", True) if stream else (*unwrapped(side, body), False)


def lowered(headers: Headers) -> Headers:
    """Give headers under their names in small letters, as `header` looks them up."""
    return {key.lower(): value for key, value in headers.items()} if headers else headers


def header(headers: Headers, name: str) -> str:
    """Give one of the lowered headers by its name in small letters; empty if there is none."""
    value = headers.get(name) if headers else None
    return value if isinstance(value, str) else ""


def sent_at(headers: Headers) -> int | None:
    """Read the time at which an answer was sent, to the second, off the header `date` of the lowered ones.

    Source: RFC 9110, section 6.6.1.
    """
    sent = header(headers, "date")
    if not sent:
        return None
    try:
        date = parsedate_to_datetime(sent)
        at = int(date.astimezone(UTC).timestamp()) * NS
    except (ValueError, OverflowError):
        return None
    return at if 0 < at <= DUSK else None


def session_like(account: str, first: str) -> str:
    """Name the session of requests without one: those of an account that begin with the same message are one."""
    return f"chat-{digest('session', account, first):016x}"


def id_text(value: str | int | None) -> str:
    """Give an id as text; empty for none."""
    return "" if value is None else str(value)


class Chain:
    """Sessions by the ids of answers, for requests that say which answer they go on from; bounded."""

    def __init__(self) -> None:
        self._sessions: dict[str, str] = {}

    def of(self, answer: str) -> str:
        """Give the session that an answer is of; empty if that is not known."""
        return self._sessions.get(answer, "")

    def add(self, answer: str, session: str) -> None:
        """Remember the session of an answer."""
        if len(self._sessions) >= MAX_REMEMBERED:
            self._sessions.clear()
        if answer:
            self._sessions[answer] = session


def placed(facts: Iterable[Fact], at: str) -> Iterator[Fact]:
    """Give facts under one JSON Pointer: that of the text in which a streamed answer stands."""
    for fact in facts:
        yield replace(fact, at=at) if isinstance(fact, Call | Result | Turn) else fact
