"""The rules, ready for use: from the cache where they are there, else parsed and compiled, and put there."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Final, TypeVar

from suragh.detect import records
from suragh.detect.prepared import Prepared, from_bytes, identity, prepared, to_bytes
from suragh.detect.records import RecordRules
from suragh.detect.rule import Ruleset, builtin_files
from suragh.errors import SetupError
from suragh.store.cache import Cache, open_cache
from suragh.store.files import read_file

_ENDINGS: Final = (".yml", ".yaml")
_Ready = TypeVar("_Ready", Prepared, RecordRules)


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
    return _kept(cache, identity(sources, version("suragh")), from_bytes, to_bytes, partial(_made, sources))


def of_records(sources: tuple[tuple[str, str], ...], wanted: Mapping[str, str], cache: Cache | None) -> RecordRules:
    """The same for rules on records, as far as they are of a wanted log source.

    Raises:
        SetupError: if a file is not as Sigma wants it.
    """
    named = "\n".join([version("suragh"), "records", *[f"{key}={value}" for key, value in sorted(wanted.items())]])
    return _kept(
        cache,
        identity(sources, named),
        records.from_bytes,
        records.to_bytes,
        partial(_made_for_records, sources, wanted),
    )


def _kept(
    cache: Cache | None,
    key: str,
    reads: Callable[[bytes], _Ready | None],
    writes: Callable[[_Ready], bytes],
    make: Callable[[], _Ready],
) -> _Ready:
    kept = None if cache is None else cache.get(key)
    found = None if kept is None else reads(kept)
    if found is None:
        found = make()
        if cache is not None:
            cache.put(key, writes(found))
    return found


# Loaded in the functions below and not above: only they parse rules, and what parses them (pySigma, pyparsing, YAML)
# takes as long to load as a small scan takes.


def _made(sources: tuple[tuple[str, str], ...]) -> Prepared:
    ruleset: Ruleset = import_module("suragh.detect.sigma.ruleset").load_rules(sources)
    return prepared(ruleset)


def _made_for_records(sources: tuple[tuple[str, str], ...], wanted: Mapping[str, str]) -> RecordRules:
    found: RecordRules = import_module("suragh.detect.sigma.record_rules").record_rules(sources, wanted)
    return found
