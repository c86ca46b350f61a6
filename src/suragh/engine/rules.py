"""The rules, ready for use: from the cache where they are there, else parsed and compiled, and put there."""

import os
from collections.abc import Iterator, Sequence
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Final

from suragh.detect.prepared import Prepared, from_bytes, identity, prepared, to_bytes
from suragh.detect.rule import Ruleset, builtin_files
from suragh.errors import SetupError
from suragh.store.cache import Cache, open_cache
from suragh.store.files import read_file

_ENDINGS: Final = (".yml", ".yaml")


def builtin(others: Sequence[str] = ()) -> Prepared:
    """The rules that come with Suragh, and those of other files and folders, by way of the user's cache.

    Raises:
        SetupError: if a file cannot be read or is not as Sigma wants it, or a folder holds none.
    """
    return ready((*builtin_files(), *rule_files(others)), open_cache(os.environ))


def rule_files(paths: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Read rule files, and all below folders: (name, YAML text), in order of name.

    Raises:
        SetupError: if one cannot be read, or a folder holds none.
    """
    names = {name: None for path in paths for name in sorted(_below(path))}
    return tuple([(name, _text(name)) for name in names])


def _below(path: str) -> Iterator[str]:
    if not Path(path).is_dir():
        yield path
        return
    found = [str(file) for file in Path(path).rglob("*") if file.suffix in _ENDINGS and file.is_file()]
    if not found:
        raise SetupError(f"holds no rule, expected files that end in {' or '.join(_ENDINGS)}", where=path)
    yield from found


def _text(name: str) -> str:
    try:
        return read_file(name).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SetupError(f"is not UTF-8 at byte {error.start}", where=name) from error


def ready(sources: tuple[tuple[str, str], ...], cache: Cache | None) -> Prepared:
    """The rules of (name of file, YAML text) pairs, ready for use.

    Raises:
        SetupError: if a file is not as Sigma wants it.
    """
    if cache is None:
        return _made(sources)
    key = identity(sources, version("suragh"))
    kept = cache.get(key)
    found = None if kept is None else from_bytes(kept)
    if found is None:
        found = _made(sources)
        cache.put(key, to_bytes(found))
    return found


def _made(sources: tuple[tuple[str, str], ...]) -> Prepared:
    # Loaded here and not above: only this path parses rules, and what parses them (pySigma, pyparsing, YAML) takes as
    # long to load as a small scan takes.
    ruleset: Ruleset = import_module("suragh.detect.ruleset").load_rules(sources)
    return prepared(ruleset)
