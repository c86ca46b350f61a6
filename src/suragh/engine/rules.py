"""The rules, ready for use: from the cache where they are there, else parsed and compiled, and put there."""

import os
from importlib import import_module
from importlib.metadata import version

from suragh.detect.prepared import Prepared, from_bytes, identity, prepared, to_bytes
from suragh.detect.rule import Ruleset, builtin_files
from suragh.store.cache import Cache, open_cache


def builtin() -> Prepared:
    """The rules that come with Suragh, by way of the user's cache."""
    return ready(builtin_files(), open_cache(os.environ))


def ready(sources: tuple[tuple[str, str], ...], cache: Cache | None) -> Prepared:
    """The rules of (name of file, YAML text) pairs, ready for use.

    Raises:
        SetupError: if a file is not as Sigma wants it, or two rules have one name or one id.
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
