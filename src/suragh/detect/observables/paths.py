r"""Paths: files that may tell one actor from another; what every system has is left out.

A path counts if it stands under a place where people and programs put their own files (`/home`, `/tmp`, `/opt`,
`C:\Users`), or if it is a written file of a rare kind and name. Routes of web applications look like paths and are
not: so the first folder decides.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from suragh.detect.observables import tables
from suragh.detect.observables.hosts import CACHE, Hit
from suragh.model.observable import ObservableKind

_PATH: Final = re.compile(
    r"[~/](?<![^\s\"'`=:(<>|@,;\[{][~/])(?:(?<=~)[a-z0-9_.-]{0,32}|"
    r"(?:home|users|root|tmp|var/(?:tmp|www|lib|opt|log|backups)|opt|srv|mnt|media|data|etc|workspaces?|volumes|private/(?:tmp|var)|dev/shm))"
    r"/[^\s\"'`<>|;&(){}\[\],:*?$!\\=#^]{2,400}"
)
_CONTEXT_LINE: Final = re.compile(r"(\.[A-Za-z0-9]{1,5})-[0-9]+(?:-[^/]*/*)?$")
"""What `grep` writes behind a file's name before a line of context."""

_WINDOWS: Final = re.compile(
    r"[a-z](?<![a-z0-9_$%\\/.-][a-z]):\\{1,2}(?![nrt]\\|\\)[^\s\"'`<>|;&(){}\[\],:*?\\/]{1,120}(?:\\{1,2}[^\s\"'`<>|;&(){}\[\],:*?\\/]{1,120}){0,20}"
)
_HOME: Final = re.compile(r"(~[A-Za-z0-9_.-]*|/root|/(?:home|users|Users)/[^/]+)(?:/(.*))?", re.IGNORECASE)

_WRITTEN: Final = re.compile(
    r"[>\s](?:(?<=>)[ \t]?|tee[ \t]+(?:-a[ \t]+)?|-o[anxgs]?[ \t]+|--?out(?:put|file|put-?file)?[ =]|-w[ \t]+)"
    rf"[\"']?((?:\./)?[a-z0-9_][a-z0-9_./-]{{0,120}}\.({'|'.join(sorted(tables.LOOT_KINDS))}))(?![a-z0-9_./-])"
)
"""Redirects, `tee`, and the options by which programs are told where to write."""


def find_paths(text: str, low: str) -> Iterator[Hit]:
    """Find absolute paths and paths in a home."""
    for match in _PATH.finditer(low):
        start, end = match.span()
        value = _absolute(text[start:end])
        if value:
            yield ObservableKind.PATH, value, value, start, start + len(text[start:end].rstrip(".-/@%+~"))


@lru_cache(CACHE)
def _absolute(written: str) -> str:
    """Resolve a path by its text alone; empty if it is one that every system has, or no file below a folder."""
    value = _resolved(_CONTEXT_LINE.sub(r"\1", written).rstrip(".-@%+~"))
    low = value.lower()
    if value.split("/", 2)[:2] != written.split("/", 2)[:2]:
        # `/tmp/../api` has left the folder that made it count.
        return ""
    if not tables.WELL_KNOWN_INNER.isdisjoint(low.split("/")):
        return ""
    if low.startswith(tables.WELL_KNOWN_FOLDERS) or (low.startswith("/etc/") and low[5:] in tables.WELL_KNOWN_ETC):
        return ""
    home = _HOME.fullmatch(value)
    if home:
        rest = (home[2] or "").lower()
        owner = home[1].lower().rpartition("/")[2]
        common = owner.startswith("~") or owner in tables.COMMON_HOMES
        return "" if common and (not rest or rest in tables.WELL_KNOWN_HOME) else value
    return value if value.count("/") > 1 else ""


def _resolved(written: str) -> str:
    parts: list[str] = []
    for part in written.split("/"):
        if part == ".." and parts and parts[-1] not in {"", "~"}:
            parts.pop()
        elif part not in {"", ".", ".."} or not parts:
            parts.append(part)
    return "/".join(parts)


def find_windows_paths(_text: str, low: str) -> Iterator[Hit]:
    """Find Windows paths with a drive; the value is in small letters, as the file system compares them."""
    for match in _WINDOWS.finditer(low):
        value = _windows(match[0])
        if value:
            yield ObservableKind.PATH, value, value, match.start(), match.end()


@lru_cache(CACHE)
def _windows(written: str) -> str:
    value = written.replace("\\\\", "\\").rstrip("\\.")
    if value.count("\\") < 2 or "%" in value or value[2:].startswith(tables.SYSTEM_WINDOWS):  # noqa: PLR2004 - a file below a folder
        return ""
    return value


def find_written(text: str, low: str) -> Iterator[Hit]:
    """Find the relative files that a command writes, if their kind and name are rare."""
    for match in _WRITTEN.finditer(low):
        start, end = match.span(1)
        value = _relative(text[start:end])
        if value:
            yield ObservableKind.PATH, value, value, start, end


@lru_cache(CACHE)
def _relative(written: str) -> str:
    value = _resolved(written).removeprefix("./")
    stem = value.rpartition("/")[2].lower().partition(".")[0]
    return "" if stem.rstrip("0123456789-_") in tables.PLAIN_STEMS else value
