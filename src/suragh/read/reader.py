"""Readers: one a telemetry format. Bytes go in, facts and rejections come out."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final, NotRequired, Protocol, TypeAlias, TypedDict, Unpack

from msgspec import Struct

from suragh.model.fact import Fact, Pointer, Rejected
from suragh.read.framing import MAX_LINE, Overlong, frames
from suragh.read.probe import first_lines

Seen: TypeAlias = Fact | Rejected

Take: TypeAlias = Callable[[bytes, Pointer], Iterable[Seen] | None]
"""Reads one line of a stream, in order; None says that the line belongs to another format."""

HEAD: Final = 64 * 1024
"""Bytes of the start by which a format is recognised: a first line that holds a system prompt has 20 to 60 KB."""


class Stream(Protocol):
    """The decompressed content of a member, from its first byte on."""

    def read(self, size: int, /) -> bytes:
        """Give at most `size` bytes; none at the end, or where the content breaks off."""

    def head(self, size: int, /) -> bytes:
        """Give the first bytes without taking them; only before the first `read`."""

    @property
    def fault(self) -> str:
        """Say why the content broke off; empty if it did not, or has not yet."""

    @property
    def position(self) -> int:
        """Count the bytes read so far."""

    @property
    def raw_position(self) -> int:
        """Count the bytes of the file, compressed as it lies there, that were taken so far."""


class Tally:
    """What was made of one member so far.

    Attributes:
        format: name of the reader; empty until one is chosen, and where none knew it.
        records: records seen.
        calls: calls read, doubles counted.
        rejected: rejections.
        zoneless: facts whose time names no zone.
    """

    __slots__ = ("calls", "format", "records", "rejected", "zoneless")

    def __init__(self) -> None:
        self.format = ""
        self.records = 0
        self.calls = 0
        self.rejected = 0
        self.zoneless = 0


class Member(Struct, frozen=True):
    """One file, or one member of an archive, open for reading.

    Attributes:
        source: index in the scan's table of sources.
        stream: its content.
        tally: filled while it is read.
    """

    source: int
    stream: Stream
    tally: Tally


class Reader(Struct, frozen=True, kw_only=True):
    """One telemetry format.

    Attributes:
        name: short name (`claude-code`).
        title: name for a person.
        cannot_know: what the format does not record, one sentence each.
        about: what writes it and where, one sentence of Markdown; empty if the title says it.
        notes: pairs of a word and what becomes of it, a sentence or more of Markdown (`Calls`, "`tool_use` blocks.").
        sniff: whether the first bytes of a member are of this format; never by name.
        read: yields the facts of a member, and what it could not read.
        begin: starts reading a stream line by line; None for formats that are not lines.
    """

    name: str
    title: str
    cannot_know: tuple[str, ...]
    about: str = ""
    notes: tuple[tuple[str, str], ...] = ()
    sniff: Callable[[bytes], bool]
    read: Callable[[Member], Iterator[Seen]]
    begin: Callable[[], Take] | None = None


class Words(TypedDict):
    """What a reader says of itself, as in `Reader`."""

    name: str
    title: str
    cannot_know: tuple[str, ...]
    about: NotRequired[str]
    notes: NotRequired[tuple[tuple[str, str], ...]]


def line_reader(recognise: Callable[[bytes], bool], begin: Callable[[], Take], **words: Unpack[Words]) -> Reader:
    """Make a reader of a format that has one record a line.

    Args:
        recognise: whether a line, perhaps cut at its end, is of this format.
        begin: as in `Reader`.
        words: as in `Reader`.
    """
    title = words["title"]

    def read(member: Member) -> Iterator[Seen]:
        return read_lines(member, begin(), f"line is no {title} record")

    def sniff(head: bytes) -> bool:
        return any(map(recognise, first_lines(head)))

    return Reader(sniff=sniff, read=read, begin=begin, **words)


def read_lines(member: Member, take: Take, foreign: str) -> Iterator[Seen]:
    """Yield what each line of a member gives; a line that `take` refuses is rejected with `foreign` as its reason."""
    source, tally = member.source, member.tally
    for frame in frames(member.stream):
        tally.records += 1
        if isinstance(frame, Overlong):
            pointer = Pointer(source, frame.offset, frame.length)
            yield Rejected(pointer, f"line is longer than {MAX_LINE} bytes")
            continue
        offset, data = frame
        pointer = Pointer(source, offset, len(data))
        found = take(data, pointer)
        if found is None:
            yield Rejected(pointer, foreign)
        else:
            yield from found
