"""Conditions as functions: they say what the trees of tests say."""

import re

from hypothesis import example, given
from hypothesis import strategies as st

from suragh.detect.decide import decider
from suragh.detect.evaluate import Condition, Constant, Every, Not, Pattern, Present, Some, Text, Where, expression_of
from suragh.detect.events import CommandEvent, Setting
from suragh.detect.scan_values import Expressions
from suragh.model.command import Command

FIELDS = st.sampled_from(["CommandLine", "program", "args", "stdin", "writes", ""])
NEEDLES = st.sampled_from(["a", "ab", "abc", "b c", "x", "s", "k", "", "\u017f"])
SOURCES = st.sampled_from([r"ab", r"(?i)AB+c", r"a|x", r"(?:ab|bc)\b", r"s", r"\w+c$", r".", r"(?i)sK"])
VALUES = st.sampled_from(["a", "ab", "abc", "AB", "b c", "x", "\u017f", "\u212a", "\u017f\u212a", "", "ab " * 300])

TEXTS = st.builds(Text, FIELDS, st.sampled_from(Where), NEEDLES, st.just(value=False))
CASED = st.builds(Text, FIELDS, st.sampled_from(Where), NEEDLES, st.just(value=True))
PATTERNS = st.builds(
    lambda field, source, whole, flags: Pattern(field, expression_of(source, flags), whole),
    FIELDS,
    SOURCES,
    st.booleans(),
    st.sampled_from([re.ASCII, re.IGNORECASE, re.DOTALL]),
)
TESTS = TEXTS | CASED | PATTERNS | st.builds(Present, FIELDS, st.booleans()) | st.builds(Constant, st.booleans())


def _groups(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    parts = st.lists(inner, min_size=1, max_size=5).map(tuple)
    return st.builds(Every, parts) | st.builds(Some, parts) | st.builds(Not, inner)


CONDITIONS = st.recursive(TESTS, _groups, max_leaves=12)
EVENTS = st.lists(VALUES, min_size=1, max_size=4).flatmap(
    lambda argv: st.builds(
        lambda stdin, writes: CommandEvent(
            Command(argv[0].lower(), tuple(argv), " ".join(argv), 0, 1, stdin=stdin, writes=tuple(writes)),
            Setting("Bash"),
            Expressions(),
        ),
        VALUES,
        st.lists(VALUES, max_size=2),
    )
)


@given(CONDITIONS, EVENTS)
@example(
    Some((Pattern("args", expression_of("s", re.IGNORECASE), whole=False),)),
    CommandEvent(Command("x", ("x", "\u017f"), "x \u017f", 0, 1), Setting("Bash"), Expressions()),
)
def test_a_function_decides_as_the_tree(condition: Condition, event: CommandEvent) -> None:
    """Whatever a condition holds on, its function does, and nothing else: also beyond ASCII and on long values."""
    assert decider(condition)(event) is condition.holds(event)
