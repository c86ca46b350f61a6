"""What the parser is given."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suragh.text.shell_tree import PARSER, WINDOW, plain, sound


@given(text=st.text())
def test_bytes_stand_for_code_points(text: str) -> None:
    """One byte a code point, whatever it is, and ASCII stays where it is."""
    assert len(plain(text)) == len(text)


def test_brace_expansions_that_begin_a_word_are_hidden_from_the_grammar() -> None:
    """As a name it would take them for a group; groups, objects and expansions stay."""
    assert plain("{cat,/x} a{b,c}") == b"________ a{b,c}"
    assert plain("{ a; } '{\"a\":1,}' ${x,y}") == b"{ a; } '{\"a\":1,}' ${x,y}"


@pytest.mark.parametrize("bad", [")", "x)", "$)", "a()", "$["])
def test_wreckage_ends_a_text(bad: str) -> None:
    """What costs the grammar more than it gives is left out, what precedes it is kept."""
    good = "echo hello | cat > x; " * 300

    assert sound(good) == len(good)
    assert len(good) - WINDOW < sound(good + bad * 30_000) < len(good) + 5 * WINDOW


def test_the_grammar_is_the_one_that_the_code_was_written_for() -> None:
    """Node names are an interface: a new grammar that renames them is seen here."""
    root = PARSER.parse(b"a=1 b | c <<< d; $(e) > f").root_node
    kinds, waiting = set(), [root]
    while waiting:
        node = waiting.pop()
        kinds.add(node.type)
        waiting.extend(node.children)

    assert {
        "command", "command_name", "variable_assignment", "pipeline", "redirected_statement", "file_redirect",
        "herestring_redirect", "command_substitution",
    } <= kinds  # fmt: skip
