"""Where in an action a match is to be shown: a real span of one of its leaves."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, TypeAlias

from suragh.detect.evaluate import Condition, Pattern, Span, shown_by
from suragh.detect.events import CallEvent, ResultEvent
from suragh.detect.leaf_kind import LeafKind
from suragh.detect.scan_values import Expressions
from suragh.model.fact import Leaf

_KINDS: Final = {
    "path": (LeafKind.PATH, LeafKind.PATCH),
    "content": (LeafKind.CONTENT, LeafKind.BODY, LeafKind.PATCH),
    "code": (LeafKind.CODE,),
    "http.url": (LeafKind.URL,),
    "http.host": (LeafKind.URL,),
    "http.path": (LeafKind.URL,),
    "http.query": (LeafKind.URL,),
    "http.body": (LeafKind.BODY, LeafKind.CONTENT),
    "http.header": (LeafKind.HEADER,),
    "http.method": (LeafKind.METHOD,),
}
"""Kinds of leaf that a field of a call is read from."""

_NOT_SHOWN: Final = frozenset(("tool", "operation", "failed"))
"""Fields that stand in no leaf."""


def in_call(condition: Condition, event: CallEvent, expressions: Expressions) -> tuple[Leaf, Span] | None:
    """The leaf and the span that show why a condition holds on a call; None where all of its texts are empty."""

    def leaves(field: str) -> list[Leaf]:
        kinds = _KINDS.get(field)
        pairs = zip(event.leaves, event.shape.kinds, strict=True)
        return [leaf for leaf, kind in pairs if leaf.text and (kinds is None or kind in kinds)]

    return _shown(_finders(condition, event, expressions), leaves, event.leaves)


def in_result(condition: Condition, event: ResultEvent, expressions: Expressions) -> tuple[Leaf, Span] | None:
    """The same on a result."""
    filled = [leaf for leaf in event.leaves if leaf.text]
    return _shown(_finders(condition, event, expressions), lambda _: filled, filled)


_Find: TypeAlias = tuple[str, Callable[[str], Span | None]]


def _finders(condition: Condition, event: CallEvent | ResultEvent, expressions: Expressions) -> list[_Find]:
    """The field of each test that holds, and what finds its value in a text; a verb, which says little, comes last."""
    tests = [test for test in shown_by(condition, event) if test.field not in _NOT_SHOWN]
    tests.sort(key=lambda test: test.field == "http.method")
    return [(test.field, partial(expressions.find, test) if isinstance(test, Pattern) else test.find) for test in tests]


def _shown(
    finders: Sequence[_Find], leaves: Callable[[str], list[Leaf]], every: Sequence[Leaf]
) -> tuple[Leaf, Span] | None:
    for field, find in finders:
        for leaf in leaves(field):
            span = find(leaf.text)
            if span:
                return leaf, span
    rest = [leaf for field, _ in finders for leaf in leaves(field)]
    whole = next((leaf for leaf in [*rest, *every] if leaf.text), None)
    return (whole, Span(0, len(whole.text))) if whole else None
