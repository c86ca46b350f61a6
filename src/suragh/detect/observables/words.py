"""The word lists behind observables, read once from `data/observables.txt`: sections of words, in any order."""

from functools import cache
from importlib.resources import files


def words(section: str) -> frozenset[str]:
    """Give the words of a section.

    Raises:
        KeyError: if there is no such section.
    """
    return _sections()[section]


@cache
def _sections() -> dict[str, frozenset[str]]:
    text = files("suragh.detect").joinpath("data", "observables.txt").read_text(encoding="utf-8")
    found: dict[str, frozenset[str]] = {}
    for block in text.split("\n[")[1:]:
        name, _, rest = block.partition("]")
        lines = (line for line in rest.splitlines() if not line.startswith("#"))
        found[name] = frozenset(word for line in lines for word in line.split())
    return found
