"""Texts that a regular expression matches, by going through what Python has parsed it into."""

import re
from collections.abc import Callable, Iterable, Iterator
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, Final

Choose = Callable[[int], int]

_TRIES: Final = 12
_MORE: Final = 3
"""Repeats beyond the fewest that are tried."""

_ANY: Final = "q7 _-/\\.\"'"
_CATEGORIES: Final = {
    ops.CATEGORY_DIGIT: "0739",
    ops.CATEGORY_NOT_DIGIT: "qZ-",
    ops.CATEGORY_SPACE: " ",
    ops.CATEGORY_NOT_SPACE: "q7-",
    ops.CATEGORY_WORD: "qZ7_",
    ops.CATEGORY_NOT_WORD: " -/",
}


def sample(source: str, flags: int, choose: Choose) -> Iterator[str]:
    """Some texts in which an expression is found; what looks around is tried, not solved."""
    tree = parser.parse(source, flags)
    expression = re.compile(source, flags)
    for _ in range(_TRIES):
        found = "".join(_of(tree, choose, {}))
        if expression.search(found):
            yield found


def _of(tree: Iterable[Any], choose: Choose, groups: dict[int, str]) -> Iterator[str]:
    for op, value in tree:
        yield _one(op, value, choose, groups)


def _one(op: Any, value: Any, choose: Choose, groups: dict[int, str]) -> str:  # noqa: ANN401, C901, PLR0911 - a table
    match op:
        case ops.LITERAL:
            return chr(value)
        case ops.NOT_LITERAL:
            return next(char for char in _ANY if ord(char) != value)
        case ops.ANY:
            return _ANY[choose(len(_ANY))]
        case ops.IN:
            return _member(value, choose)
        case ops.BRANCH:
            return "".join(_of(value[1][choose(len(value[1]))], choose, groups))
        case ops.SUBPATTERN:
            found = "".join(_of(value[3], choose, groups))
            groups[value[0]] = found
            return found
        case ops.ATOMIC_GROUP:
            return "".join(_of(value, choose, groups))
        case ops.MAX_REPEAT | ops.MIN_REPEAT | ops.POSSESSIVE_REPEAT:
            least, most, inner = value
            times = least + choose(min(int(most) - least, _MORE) + 1)
            return "".join("".join(_of(inner, choose, groups)) for _ in range(times))
        case ops.GROUPREF:
            return groups.get(value, "")
        case _:
            return ""


def _member(items: list[tuple[Any, Any]], choose: Choose) -> str:
    negated = items[0][0] is ops.NEGATE
    chars = [char for op, value in items for char in _members(op, value)]
    if negated:
        chars = [char for char in _ANY + "wxyzWXYZ#" if char not in chars]
    return chars[choose(len(chars))]


def _members(op: Any, value: Any) -> Iterable[str]:  # noqa: ANN401
    match op:
        case ops.LITERAL:
            return chr(value)
        case ops.RANGE:
            low, high = value
            return [chr(code) for code in range(low, min(high, low + 128) + 1)]
        case ops.CATEGORY:
            return _CATEGORIES[value]
        case _:
            return ""
