"""Word values: what a shell would make of quotes, escapes, braces and variables."""

import pytest

from suragh.text.shell_parse import simples
from suragh.text.shell_words import BRACE_WORDS, VARIABLE_LIMIT


def values(text: str) -> list[str]:
    """List the words of the last command after its name."""
    return [word.value for word in simples(text)[-1].words[1:]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("x 'a b' \"c d\" e\\ f", ["a b", "c d", "e f"], id="quoting"),
        pytest.param("x 'it'\\''s' \"a\"'\"'\"b\"", ["it's", 'a"b'], id="quotes inside quotes"),
        pytest.param('x "a\\"b\\$c\\\\d\\e\\\nf"', ['a"b$c\\d\\ef'], id="escapes in double quotes"),
        pytest.param("x $'a\\'b\\n'", ["a'b\n"], id="ansi-c"),
        pytest.param("x '' \"\"", ["", ""], id="empty words"),
        pytest.param("x {a,b}c {1..3} '{a,b}' {a}", ["ac", "bc", "{1..3}", "{a,b}", "{a}"], id="braces"),
        pytest.param('x $HOME ${X:-y} "$Y/z" ~/a *.txt', ["$HOME", "${X:-y}", "$Y/z", "~/a", "*.txt"],
                     id="as written"),
        pytest.param("A=1 B='c d'; x $A ${B} \"$B\"", ["1", "c", "d", "c d"], id="assignments and splitting"),
        pytest.param("A=1; for A in 2 3; do x $A; done", ["$A"], id="a loop variable is unknown"),
        pytest.param("A=$(date); x $A", ["$A"], id="an unknown value is unknown"),
        pytest.param('x "$(echo a b)" $(echo c d) $(date)', ["a b", "c", "d", "$(date)"], id="known outputs"),
        pytest.param("x C:\\Users\\bob ..\\run.exe \\\\host\\share",
                     ["C:\\Users\\bob", "..\\run.exe", "\\\\host\\share"],
                     id="windows"),
        pytest.param('x a$IFS/b "c${IFS}d"', ["a", "/b", "c d"], id="IFS"),
        pytest.param("x $((1<<2)) $1 $@", ["$((1<<2))", "$1", "$@"], id="arithmetic and parameters"),
    ],
)  # fmt: skip
def test_words_have_the_values_that_a_shell_gives_them(text: str, expected: list[str]) -> None:
    """Known things are undone, unknown ones left as written."""
    assert values(text) == expected


def test_commands_inside_values_that_are_known_are_still_seen() -> None:
    """Knowing what a substitution prints does not hide the command that prints it."""
    assert [simple.words[0].value for simple in simples("x $(echo a)")] == ["echo", "x"]


def test_growth_is_bounded() -> None:
    """Doubling variables and braces stop at their limits."""
    assert len(values("A=aaaaaaaa;" + "A=$A$A;" * 40 + "x $A")[0]) == VARIABLE_LIMIT
    assert len(values("x " + "{a,b}" * 40)) <= 2 * BRACE_WORDS


@pytest.mark.parametrize("word", ["/e't'c/x", "/et\\c/x", '/e""tc/x'])
def test_a_path_cut_by_quotes_is_a_trick(word: str) -> None:
    """Arguments hide paths in the same way as names."""
    (found,) = simples(f"cat {word}")[-1].words[1:]

    assert (found.value, found.decodings) == ("/etc/x", ("quoting",))
