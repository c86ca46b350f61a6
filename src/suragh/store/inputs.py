"""Inputs: files, folders, globs, archives and standard input as members, in a stable order, read and fetched again."""

import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from errno import EACCES
from glob import glob, has_magic
from io import RawIOBase
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Protocol, Self, cast

from msgspec import Struct

from suragh.errors import InputError
from suragh.read.reader import Member, Tally
from suragh.store.archive import Archives, listed
from suragh.store.input_codecs import MAX_FREE, Content, Raw

STANDARD_INPUT: Final = "-"

_BLOCK: Final = 1 << 20


class Inside(Struct, frozen=True):
    """Where in an archive a source lies.

    Attributes:
        way: its number in the archive, after that of an archive around it.
        size: bytes of its content, as the archive tells.
        share: bytes of the file that count as its own: a part as large as that of its content.
        free: as in `Content`.
    """

    way: tuple[int, ...]
    size: int
    share: int
    free: int


class Source(Struct, frozen=True):
    """One file of the input, or one member of an archive.

    Attributes:
        name: the path as given, or below the folder as given, `-` for standard input; then `!` and the member's name.
        path: where its bytes are.
        refused: why it is not opened; empty if it is.
        inside: which member of an archive it is; None for a file.
    """

    name: str
    path: Path
    refused: str = ""
    inside: Inside | None = None


class Inputs:
    """The sources of a scan, in order of name: a source's index is its place. Closed as a context manager."""

    def __init__(self, sources: tuple[Source, ...], spools: ExitStack) -> None:
        self.sources = sources
        self._spools = spools
        self._archives = Archives()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._archives.close()
        self._spools.close()

    @property
    def total_bytes(self) -> int:
        """Sum up the sizes of the files as they lie there, for a progress bar."""
        return sum(map(self.raw_bytes, range(len(self.sources))))

    @contextmanager
    def member(self, source: int) -> Iterator[Member]:
        """Open a source for reading; one that cannot be opened has no bytes and says why in its stream's fault."""
        with self._open(source) as stream:
            yield Member(source, stream, Tally())

    def raw_bytes(self, source: int) -> int:
        """Give the size of a source as it lies there: what its stream's `raw_position` grows to."""
        found = self.sources[source]
        if found.refused:
            return 0
        return found.inside.share if found.inside else _size(found.path)

    def locate(self, source: int, spans: Sequence[tuple[int, int]]) -> list[tuple[int, bytes]]:
        """Read bytes of a source again, and the numbers of the lines that they begin in, in one pass.

        Args:
            source: index of the source.
            spans: (offset, length) in the decompressed content, in any order, overlapping or not.

        Returns:
            For each span the number, from 1, of its first line, and its bytes; fewer where the source is now shorter.
        """
        lines, pieces = _Lines([offset for offset, _ in spans]), _Pieces(spans)
        with self._open(source) as stream:
            _pass(stream, max(lines.end, pieces.end), (lines, pieces))
        return list(zip(lines.found(), pieces.found(), strict=True))

    @contextmanager
    def _open(self, source: int) -> Iterator[Content]:
        with ExitStack() as stack:
            found = self.sources[source]
            if found.inside is None:
                yield Content(_raw(found, stack))
            else:
                yield Content(self._part(found, found.inside), found.inside.free)

    def _part(self, source: Source, inside: Inside) -> Raw:
        if source.refused:
            return _refusal(source.refused)
        try:
            return _Part(self._archives.item(source.path, inside.way).raw, inside)
        except OSError as error:
            return _refusal(error.strerror or str(error))


class _Taker(Protocol):
    def take(self, start: int, block: bytes) -> None:
        """Look at the next bytes of a content, which begin at an offset."""


def _pass(stream: Content, end: int, takers: Sequence[_Taker]) -> None:
    """Give the content up to an offset to all who look at it."""
    start = 0
    while start < end and (block := stream.read(_BLOCK)):
        for taker in takers:
            taker.take(start, block)
        start += len(block)


class _Pieces:
    """The bytes of spans, cut out of blocks that come one after another."""

    def __init__(self, spans: Sequence[tuple[int, int]]) -> None:
        self.end = max((offset + length for offset, length in spans), default=0)
        self._spans = spans
        self._parts: list[list[bytes]] = [[] for _ in spans]
        self._order = sorted(range(len(spans)), key=lambda place: spans[place])

    def take(self, start: int, block: bytes) -> None:
        self._order = [place for place in self._order if sum(self._spans[place]) > start]
        for place in self._order:
            offset, length = self._spans[place]
            if offset >= start + len(block):
                break
            part = block[max(offset - start, 0) : max(offset + length - start, 0)]
            if part:
                self._parts[place].append(part)

    def found(self) -> list[bytes]:
        return [b"".join(parts) for parts in self._parts]


class _Lines:
    """The numbers of lines, counted in blocks that come one after another."""

    def __init__(self, offsets: Sequence[int]) -> None:
        self.end = max(offsets, default=-1) + 1
        self._offsets = offsets
        self._waiting = sorted(set(offsets), reverse=True)
        self._numbers: dict[int, int] = {}
        self._line = 1

    def take(self, start: int, block: bytes) -> None:
        done = 0
        while self._waiting and self._waiting[-1] < start + len(block):
            offset = self._waiting.pop()
            self._line += block.count(b"\n", done, offset - start)
            done = offset - start
            self._numbers[offset] = self._line
        self._line += block.count(b"\n", done)

    def found(self) -> list[int]:
        return [self._numbers.get(offset, self._line) for offset in self._offsets]


class _Refusal(RawIOBase):
    """A file that gives its reason in place of bytes."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def read(self, _size: int = -1, /) -> bytes:
        raise OSError(EACCES, self._reason)


class _Part:
    """The content of a member, whose bytes are counted as those of its share of the file."""

    def __init__(self, raw: Raw, inside: Inside) -> None:
        self._raw = raw
        self._inside = inside

    def read(self, size: int, /) -> bytes:
        return self._raw.read(size)

    def tell(self) -> int:
        return self._inside.share * self._raw.tell() // max(self._inside.size, 1)


def _raw(source: Source, stack: ExitStack) -> BinaryIO:
    if source.refused:
        return _refusal(source.refused)
    try:
        return stack.enter_context(source.path.open("rb"))
    except OSError as error:
        return _refusal(error.strerror or str(error))


def _refusal(reason: str) -> BinaryIO:
    return cast("BinaryIO", _Refusal(reason))


def open_inputs(paths: Sequence[str | Path]) -> Inputs:
    """Find every file that the paths name: files, folders and all below them, globs, and `-` for standard input.

    Raises:
        InputError: if a path does not exist or a glob matches nothing.
    """
    spools = ExitStack()
    try:
        found: dict[str, Source] = {}
        for path in paths:
            for source in _named(str(path), spools):
                found.setdefault(source.name, source)
    except BaseException:
        spools.close()
        raise
    ordered = sorted(found.values(), key=lambda source: source.name)
    return Inputs(tuple(one for source in _once(ordered) for one in _with_members(source)), spools)


def _with_members(source: Source) -> Iterator[Source]:
    """Yield a file, or the members of the archive that it is, and why some are missing."""
    members = None if source.refused else listed(source.path, source.name)
    if members is None:
        yield source
        return
    all_bytes, whole = _size(source.path), max(sum(member.size for member in members), 1)
    done = 0
    for member in members:
        share = all_bytes * (done + member.size) // whole - all_bytes * done // whole
        inside = Inside(member.way, member.size, share, MAX_FREE * member.size // whole)
        done += member.size
        yield Source(_shown(member.name), source.path, member.refused, inside)


def _once(sources: list[Source]) -> Iterator[Source]:
    """Leave out a file that another name has already named."""
    seen: set[tuple[int, int]] = set()
    for source in sources:
        identity = _identity(source.path)
        if identity is None or identity not in seen:
            yield source
        if identity is not None:
            seen.add(identity)


def _named(path: str, spools: ExitStack) -> Iterator[Source]:
    if path == STANDARD_INPUT:
        yield Source(STANDARD_INPUT, _spooled(spools))
    elif Path(path).exists() or Path(path).is_symlink():
        yield from _below(path)
    elif has_magic(path):
        # pathlib's own glob takes no absolute pattern.
        matches = sorted(glob(path, recursive=True, include_hidden=True))  # noqa: PTH207
        if not matches:
            raise InputError("pattern matches no file", where=path)
        for match in matches:
            yield from _below(match)
    else:
        raise InputError("does not exist, expected a file, a folder, a pattern or -", where=path)


def _below(top: str) -> Iterator[Source]:
    """Yield a file, or the files of a folder; a folder inside itself, by a link, is not entered again."""
    waiting: list[tuple[str, frozenset[tuple[int, int]]]] = [(top, frozenset())]
    while waiting:
        name, above = waiting.pop()
        path = Path(name)
        try:
            status = path.stat()
            children = sorted(entry.name for entry in path.iterdir()) if stat.S_ISDIR(status.st_mode) else None
        except OSError as error:
            yield _source(name, error.strerror or str(error))
            continue
        identity = status.st_dev, status.st_ino
        if children is None:
            kind = _kind(status.st_mode)
            yield _source(name, f"is {kind}, expected a file or a folder" if kind else "")
        elif identity not in above:
            waiting.extend((f"{name.rstrip('/')}/{child}", above | {identity}) for child in children)


def _source(name: str, refused: str) -> Source:
    return Source(_shown(name), Path(name), refused)


def _shown(name: str) -> str:
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _kind(mode: int) -> str:
    """Name what is no regular file: opening it could wait for ever, or never end."""
    if stat.S_ISREG(mode):
        return ""
    return "a pipe" if stat.S_ISFIFO(mode) else "a socket" if stat.S_ISSOCK(mode) else "a device"


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _spooled(spools: ExitStack) -> Path:
    """Copy standard input to a temporary file: it is read again for evidence."""
    spool = spools.enter_context(tempfile.NamedTemporaryFile(prefix="suragh-"))  # noqa: SIM115 - `spools` closes it
    shutil.copyfileobj(sys.stdin.buffer, spool, _BLOCK)
    spool.flush()
    return Path(spool.name)
