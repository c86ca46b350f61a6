"""The programs that a command must be one of for a rule to match it."""

from typing import Final

from suragh.detect import evaluate
from suragh.detect.evaluate import Condition, Text, Where
from suragh.detect.events import FIELDS

_MANY: Final = 128
"""Names beyond which trying them costs more than evaluating the rule."""


def programs_of(condition: Condition) -> tuple[str, ...] | None:
    """How the program's name must begin, of several where there are alternatives; None where it may be any."""
    found = _of(condition)
    return None if found is None or len(found) > _MANY else tuple(sorted(found))


def _of(condition: Condition) -> frozenset[str] | None:
    match condition:
        case evaluate.Every(parts):
            known = [names for part in parts if (names := _of(part)) is not None]
            return min(known, key=len, default=None)
        case evaluate.Some(parts):
            each = [_of(part) for part in parts]
            return frozenset().union(*[names or () for names in each]) if None not in each else None
        case evaluate.Not():
            return None
        case evaluate.Constant():
            return None if condition.value else frozenset()
        case Text():
            return _of_text(condition)
        case _:
            return _of_field(condition.field)


def _of_text(test: Text) -> frozenset[str] | None:
    if test.field == "program" and test.where in (Where.WHOLE, Where.START):
        return frozenset((test.needle.lower(),))
    if test.field == "Image" and test.where in (Where.WHOLE, Where.END):
        path = test.needle.lower().replace("\\", "/")
        if "/" in path:
            return frozenset((path.rpartition("/")[2].removesuffix(".exe"),))
    return _of_field(test.field)


def _of_field(field: str) -> frozenset[str] | None:
    programs = FIELDS[field].programs
    return frozenset(name.strip() for name in programs) if programs else None
