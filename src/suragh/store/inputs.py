"""Inputs: files, folders, globs and standard input as members, in a stable order, read now and fetched from later."""

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
from typing import BinaryIO, Final, Self, cast

from msgspec import Struct

from suragh.errors import UsageError
from suragh.read.reader import Member, Tally
from suragh.store.input_codecs import Content

STANDARD_INPUT: Final = "-"

_BLOCK: Final = 1 << 20


class Source(Struct, frozen=True):
    """One file of the input.

    Attributes:
        name: the path as given, or below the folder as given; `-` for standard input.
        path: where its bytes are.
        refused: why it is not opened; empty if it is.
    """

    name: str
    path: Path
    refused: str = ""


class Inputs:
    """The sources of a scan, in order of name: a source's index is its place. Closed as a context manager."""

    def __init__(self, sources: tuple[Source, ...], spools: ExitStack) -> None:
        self.sources = sources
        self._spools = spools

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._spools.close()

    @property
    def total_bytes(self) -> int:
        """Sum up the sizes of the files as they lie there, for a progress bar."""
        return sum(_size(source.path) for source in self.sources if not source.refused)

    @contextmanager
    def member(self, source: int) -> Iterator[Member]:
        """Open a source for reading; one that cannot be opened has no bytes and says why in its stream's fault."""
        with self._open(source) as stream:
            yield Member(source, stream, Tally())

    def fetch(self, source: int, spans: Sequence[tuple[int, int]]) -> list[bytes]:
        """Read bytes of a source again, in one pass.

        Args:
            source: index of the source.
            spans: (offset, length) in the decompressed content, in any order, overlapping or not.

        Returns:
            The bytes of each span; fewer where the source is now shorter.
        """
        if not spans:
            return []
        found: list[list[bytes]] = [[] for _ in spans]
        order = sorted(range(len(spans)), key=lambda place: spans[place])
        end = max(offset + length for offset, length in spans)
        for start, block in self._blocks(source, end):
            order = [place for place in order if sum(spans[place]) > start]
            for place in order:
                offset, length = spans[place]
                if offset >= start + len(block):
                    break
                part = block[max(offset - start, 0) : max(offset + length - start, 0)]
                if part:
                    found[place].append(part)
        return [b"".join(parts) for parts in found]

    def line_numbers(self, source: int, offsets: Sequence[int]) -> list[int]:
        """Give the number, from 1, of the line that each offset stands in, in one pass."""
        order = sorted(set(offsets))
        numbers: dict[int, int] = {}
        line, place = 1, 0
        for start, block in self._blocks(source, order[-1] + 1 if order else 0):
            done = 0
            while place < len(order) and order[place] < start + len(block):
                until = order[place] - start
                line += block.count(b"\n", done, until)
                done = until
                numbers[order[place]] = line
                place += 1
            line += block.count(b"\n", done)
        return [numbers.get(offset, line) for offset in offsets]

    def _blocks(self, source: int, end: int) -> Iterator[tuple[int, bytes]]:
        """Yield (offset, bytes) of a source until a given end."""
        with self._open(source) as stream:
            start = 0
            while start < end and (block := stream.read(_BLOCK)):
                yield start, block
                start += len(block)

    @contextmanager
    def _open(self, source: int) -> Iterator[Content]:
        with ExitStack() as stack:
            yield Content(_raw(self.sources[source], stack))


class _Refusal(RawIOBase):
    """A file that gives its reason in place of bytes."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def read(self, _size: int = -1, /) -> bytes:
        raise OSError(EACCES, self._reason)


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
        UsageError: if a path does not exist or a glob matches nothing.
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
    return Inputs(tuple(_once(ordered)), spools)


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
            raise UsageError("pattern matches no file", where=path)
        for match in matches:
            yield from _below(match)
    else:
        raise UsageError("does not exist, expected a file, a folder, a pattern or -", where=path)


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
    shown = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return Source(shown, Path(name), refused)


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
