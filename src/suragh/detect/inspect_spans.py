"""Where in an action a match is to be shown: a real span of one of its leaves."""

from collections.abc import Callable, Sequence
from typing import Final

from suragh.detect.evaluate import Condition, Span, Test, shown_by
from suragh.detect.events import CallEvent, ResultEvent
from suragh.detect.leaf_kind import LeafKind
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


def in_call(condition: Condition, event: CallEvent) -> tuple[Leaf, Span] | None:
    """The leaf and the span that show why a condition holds on a call; None where all of its texts are empty."""

    def leaves(field: str) -> list[Leaf]:
        kinds = _KINDS.get(field)
        pairs = zip(event.leaves, event.shape.kinds, strict=True)
        return [leaf for leaf, kind in pairs if leaf.text and (kinds is None or kind in kinds)]

    return _shown(shown_by(condition, event), leaves, event.leaves)


def in_result(condition: Condition, event: ResultEvent) -> tuple[Leaf, Span] | None:
    """The same on a result."""
    filled = [leaf for leaf in event.leaves if leaf.text]
    return _shown(shown_by(condition, event), lambda _: filled, filled)


def _shown(
    tests: Sequence[Test], leaves: Callable[[str], list[Leaf]], every: Sequence[Leaf]
) -> tuple[Leaf, Span] | None:
    # a verb says little: it is shown only where nothing else is
    telling = [test for test in tests if test.field not in _NOT_SHOWN]
    ordered = sorted(telling, key=lambda test: test.field == "http.method")
    for test in ordered:
        for leaf in leaves(test.field):
            span = test.find(leaf.text)
            if span:
                return leaf, span
    rest = [leaf for test in ordered for leaf in leaves(test.field)]
    whole = next((leaf for leaf in [*rest, *every] if leaf.text), None)
    return (whole, Span(0, len(whole.text))) if whole else None
