"""Plain shell texts: read without the grammar, and as the grammar reads them."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from suragh.text.shell_parse import grammar_simples
from suragh.text.shell_plain import PLAIN_LIMIT, plain_simples

WORDS = st.sampled_from([
    "ls", "git", "status", "curl", "echo", "test", "-la", "--max=5", "-", "--", "/etc/hosts", "./run.sh", "~/x", "a.b",
    "2", "12", "C=d", "@x", "%y", "+z", ",", ":", "done", "if", "export", "https://example.com/a?b=c", "''", '""',
    "'one two'", '"three four"', "'a|b'", '"x && y"', "2>&1", "2>/dev/null", ">/dev/null", "a,b", "x:y@z", "-n1",
])  # fmt: skip
SIGNS = st.sampled_from([" && ", " || ", "; ", " | ", " ", "  ", " ; "])
TEXTS = st.lists(st.tuples(WORDS, SIGNS), min_size=1, max_size=12).map(
    lambda pairs: "".join(word + sign for word, sign in pairs)
)


@given(TEXTS)
@example("a | b | c && d")
@example("a - 2>&1")
@example("a 2>&1 | b")
def test_it_agrees_with_the_grammar(text: str) -> None:
    """Whatever is read without the grammar is what the grammar reads."""
    found = plain_simples(text)
    assert found is None or found == grammar_simples(text)


@pytest.mark.parametrize(
    "text",
    ["ls -la", "cd /srv && git status", "ps aux | grep 'a b' | wc -l", 'echo "x y"; make test 2>&1', "  ls  "],
)
def test_ordinary_texts_are_plain(text: str) -> None:
    """What agents run most is read without the grammar, as it would read it."""
    found = plain_simples(text)
    assert found is not None
    assert found == grammar_simples(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A=1 ls",
        "if a; then b; fi",
        "echo $HOME",
        "echo `id`",
        "ls > out.txt",
        "cat <<< x",
        "wh''oami",
        "a &",
        "a\nb",
        "a &&",
        "'ls' -l",
        "x" * (PLAIN_LIMIT + 1),
    ],
)
def test_what_is_not_plain_is_left_to_the_grammar(text: str) -> None:
    """Anything beyond words, closed quotes and operators is not read here."""
    assert plain_simples(text) is None
