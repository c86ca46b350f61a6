"""A cache on disk for what takes long to make and can be made again: nothing is lost when it is lost.

An entry is used only if it is whole and nobody but the user could have written it. Whatever else is found there is
passed over, and whatever the file system refuses is done without.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from stat import S_ISDIR, S_ISREG, S_IWGRP, S_IWOTH
from tempfile import mkstemp
from typing import Final

SWITCH: Final = "SURAGH_CACHE"
"""The environment variable that turns the cache off with the value `off`."""

KEPT: Final = 4
"""Entries that are kept: a machine has one or two versions and sets of rules in use. Each is some 5 MB."""

LARGEST: Final = 256 << 20
"""Bytes beyond which a file is not read: fifty times what the rules that come with Suragh take."""

ABANDONED: Final = 3600
"""Seconds after which a file that was being written is taken as left behind; writing one takes milliseconds."""

_MAGIC: Final = b"suragh\x00\x01"
_LENGTH: Final = 8
_DIGEST: Final = sha256().digest_size
_ENTRY: Final = ".entry"
_UNDER_WAY: Final = ".part"


class Cache:
    """Entries in a folder that only the user can write."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def folder(self) -> Path:
        """Where the entries lie."""
        return self._folder

    def fault(self) -> str:
        """Say why nothing can be kept there; empty if it can."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not _ours(os.lstat(self._folder)):
                return "others can write there"
            number, name = mkstemp(suffix=_UNDER_WAY, dir=self._folder)
            os.close(number)
            Path(name).unlink()
        except OSError as error:
            return error.strerror or str(error)
        return ""

    def get(self, key: str) -> bytes | None:
        """The content that was put in under a key; None if there is none that can be trusted.

        Args:
            key: letters and digits.
        """
        path = self._folder / f"{key}{_ENTRY}"
        try:
            if not _ours(os.lstat(self._folder)):
                return None
            with _opened(path) as number:
                content = _content(_whole(number))
                if content is not None:
                    # the time of the last use decides which entries go first
                    os.utime(number)
        except OSError:
            return None
        return content

    def put(self, key: str, content: bytes) -> None:
        """Keep a content under a key, in place of what is there, and let the entries go that were not used for longest.

        Args:
            key: letters and digits.
            content: what `get` is to return.
        """
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if _ours(os.lstat(self._folder)):
                self._write(self._folder / f"{key}{_ENTRY}", content)
                self._clear()

    def _write(self, path: Path, content: bytes) -> None:
        number, name = mkstemp(suffix=_UNDER_WAY, dir=self._folder)
        try:
            with os.fdopen(number, "wb") as stream:
                stream.write(_header(content))
                stream.write(content)
            # who reads at this moment sees the old entry or the new one, never a part
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise

    def _clear(self) -> None:
        entries = sorted(_dated(self._folder.glob(f"*{_ENTRY}")), reverse=True)
        newest = max((time for time, _ in entries), default=0)
        left = [item for item in _dated(self._folder.glob(f"*{_UNDER_WAY}")) if item[0] < newest - ABANDONED]
        for _, path in [*entries[KEPT:], *left]:
            path.unlink(missing_ok=True)


def open_cache(environ: Mapping[str, str]) -> Cache | None:
    """The user's cache, by what the environment says; None where it is off or there is no place for it.

    Source: XDG Base Directory Specification 0.8: `XDG_CACHE_HOME`, if absolute, else `~/.cache`.
    """
    if environ.get(SWITCH, "").lower() == "off":
        return None
    named, home = environ.get("XDG_CACHE_HOME", ""), environ.get("HOME", "")
    if Path(named).is_absolute():
        return Cache(Path(named) / "suragh")
    return Cache(Path(home) / ".cache" / "suragh") if Path(home).is_absolute() else None


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    # a pipe put in an entry's place must not hold us up
    number = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        yield number
    finally:
        os.close(number)


def _whole(number: int) -> bytes:
    """All of an open file; nothing if it is too large or somebody else could have written it."""
    state = os.fstat(number)
    if not _ours(state) or not S_ISREG(state.st_mode) or state.st_size > LARGEST:
        return b""
    with open(number, "rb", closefd=False) as stream:
        return stream.read()


def _header(content: bytes) -> bytes:
    return _MAGIC + len(content).to_bytes(_LENGTH, "big") + sha256(content).digest()


def _content(data: bytes) -> bytes | None:
    """What follows the header, if it is what the header says."""
    size = len(_MAGIC) + _LENGTH + _DIGEST
    content = data[size:]
    return content if len(data) >= size and data[:size] == _header(content) else None


def _ours(state: os.stat_result) -> bool:
    """Whether only the user whom this process runs as can write a file or folder."""
    kind = S_ISREG(state.st_mode) or S_ISDIR(state.st_mode)
    return kind and state.st_uid == os.geteuid() and not state.st_mode & (S_IWGRP | S_IWOTH)


def _dated(paths: Iterator[Path]) -> Iterator[tuple[float, Path]]:
    for path in paths:
        # another process may be clearing up, too
        with suppress(OSError):
            yield path.lstat().st_mtime, path
