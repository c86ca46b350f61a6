"""Archives: what members an archive has, and how one is opened again. What is an archive is told by content.

Nothing is unpacked under a member's name. An archive inside another is copied to a nameless temporary file, one at a
time.
"""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import BinaryIO, Final

from msgspec import Struct

from suragh.store.archive_item import Archive, Item
from suragh.store.archive_tar import BLOCK, TarArchive, is_tar
from suragh.store.archive_zip import ZipArchive, is_zip
from suragh.store.input_codecs import Content

SIGN: Final = "!"
"""Stands in a source's name between an archive and its member."""

MAX_NESTED: Final = 1 << 30
"""Bytes of an archive inside another, which goes to a temporary file."""

MAX_ALL_NESTED: Final = 1 << 32
"""Bytes of all archives inside one file together: each is unpacked anew whenever it is looked at."""

MAX_DEPTH: Final = 2
"""Archives around a member: exports hold one archive a day, and nobody packs further."""

_COPIED: Final = 1 << 20


class Listed(Struct, frozen=True):
    """A member, or why members are missing.

    Attributes:
        name: the archive's name, `SIGN`, the member's; as often as there are archives around it.
        way: the member's number in the archive, after those of the archives around it.
        size: bytes of its content, as the archive tells.
        refused: why it cannot be opened; empty if it can.
    """

    name: str
    way: tuple[int, ...]
    size: int
    refused: str


class _Allowance:
    """Bytes that may still be unpacked out of one file."""

    def __init__(self) -> None:
        self.left = MAX_ALL_NESTED


def listed(path: Path, name: str) -> list[Listed] | None:
    """List the members of a file, in their order; None if it is no archive, or cannot be opened."""
    with ExitStack() as stack:
        try:
            archive = _archive(stack.enter_context(path.open("rb")), stack)
        except OSError:
            return None
        if archive is None:
            return None
        if isinstance(archive, str):
            return [Listed(name, (), 0, archive)]
        return list(_members(archive, name, (), _Allowance()))


def _members(archive: Archive, around: str, way: tuple[int, ...], allowance: _Allowance) -> Iterator[Listed]:
    for number in count():
        item = archive.at(number)
        if item is None:
            break
        name, place = f"{around}{SIGN}{item.name}", (*way, number)
        content = Content(item.raw)
        if item.refused or not _is_archive(content):
            yield Listed(name, place, item.size, item.refused)
        elif len(place) == MAX_DEPTH:
            yield Listed(name, place, 0, f"is an archive inside {MAX_DEPTH} others, expected at most one around it")
        else:
            yield from _inner(content, name, place, allowance)
    if archive.fault:
        yield Listed(around, way, 0, archive.fault)


def _inner(content: Content, name: str, way: tuple[int, ...], allowance: _Allowance) -> Iterator[Listed]:
    with ExitStack() as stack:
        nested = _nested(content, stack)
        allowance.left -= content.position
        if isinstance(nested, str):
            yield Listed(name, way, 0, nested)
        elif allowance.left < 0:
            yield Listed(name, way, 0, f"archives inside this one hold more than {MAX_ALL_NESTED} bytes together")
        else:
            yield from _members(nested, name, way, allowance)


def _is_archive(content: Content) -> bool:
    head = content.head(BLOCK)
    return is_zip(head) or is_tar(head)


def _archive(file: BinaryIO, stack: ExitStack) -> Archive | str | None:
    """Open the archive in a file; None if there is none, or why it cannot be opened."""
    content = Content(file)
    head = content.head(BLOCK)
    if is_tar(head):
        return TarArchive(lambda: _again(file))
    if not is_zip(head):
        return None
    return _nested(content, stack) if content.is_compressed else ZipArchive(file)


def _again(file: BinaryIO) -> Content:
    file.seek(0)
    return Content(file)


def _nested(content: Content, stack: ExitStack) -> Archive | str:
    """Copy an archive out of what is around it, and open it; or say why it cannot be opened."""
    spool = stack.enter_context(tempfile.TemporaryFile(prefix="suragh-"))  # noqa: SIM115 - the stack closes it
    while block := content.read(_COPIED):
        spool.write(block)
        if content.position > MAX_NESTED:
            return f"is an archive of more than {MAX_NESTED} bytes inside another, expected a smaller one"
    if content.fault:
        return f"archive inside another cannot be unpacked: {content.fault}"
    spool.seek(0)
    found = _archive(spool, stack)
    return "archive has gone" if found is None else found


class _Open(Struct, frozen=True):
    path: Path
    way: tuple[int, ...]
    archive: Archive
    stack: ExitStack


class Archives:
    """The archives that are open: one, and at most one inside it, as long as members of them are asked for."""

    def __init__(self) -> None:
        self._open: list[_Open] = []

    def item(self, path: Path, way: tuple[int, ...]) -> Item:
        """Open a member again.

        Raises:
            OSError: if it is not there any more.
        """
        item = self._archive(path, way[:-1]).at(way[-1])
        if item is None:
            raise OSError("archive has changed")
        return item

    def close(self) -> None:
        """Let go of all of them."""
        self._close_from(0)

    def _close_from(self, depth: int) -> None:
        while len(self._open) > depth:
            self._open.pop().stack.close()

    def _archive(self, path: Path, way: tuple[int, ...]) -> Archive:
        depth = len(way)
        if len(self._open) > depth and (self._open[depth].path, self._open[depth].way) == (path, way):
            return self._open[depth].archive
        self._close_from(depth)
        with ExitStack() as stack:
            found = (
                _nested(Content(self.item(path, way).raw), stack)
                if way
                else _archive(stack.enter_context(path.open("rb")), stack)
            )
            if found is None or isinstance(found, str):
                raise OSError("archive has changed")
            self._open.append(_Open(path, way, found, stack.pop_all()))
        return found
