"""The grammar's tree read as simple commands."""

import pytest

from suragh.text.shell_parse import SIMPLE_LIMIT, simples


def shown(text: str) -> list[str]:
    """List the simple commands as joined words."""
    return [" ".join(word.value for word in simple.words) for simple in simples(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("if a; then (b", ["a", "b"], id="unfinished"),
        pytest.param("a -x 'b c", ["a -x b c"], id="cut inside single quotes"),
        pytest.param('a | b "$X y; z', ["a", "b $X y; z"], id="cut inside double quotes"),
        pytest.param("a; $(b 'c", ["a", "b c"], id="cut inside a substitution"),
        pytest.param("for i in 1 2; do a $i; b", ["a $i", "b"], id="cut inside a loop"),
        pytest.param("); cat x; ls )", ["cat x", "ls"], id="stray signs"),
        pytest.param("A=1 2>&1 | head -5", ["A=1", "head -5"], id="an assignment in a pipe"),
        pytest.param("a &\nb\r\nc", ["a", "b", "c"], id="line ends"),
        pytest.param("declare -x A=1; unset B", ["declare -x A=1", "unset B"], id="declarations"),
    ],
)
def test_what_the_grammar_cannot_place_still_gives_commands(text: str, expected: list[str]) -> None:
    """Broken texts lose as little as possible."""
    assert shown(text) == expected


def test_offsets_are_code_points_whatever_the_bytes() -> None:
    """Characters of two to four bytes, and surrogates, count as one."""
    text = "é \U0001d4b3 \ud800; ls ñ"
    words = simples(text)[-1].words

    assert [text[word.start : word.end] for word in words] == ["ls", "ñ"]


def test_a_pipe_joins_left_and_right() -> None:
    """Each right side knows its left; a list does not."""
    first, second, third = simples("a | b; c")

    assert second.left is first
    assert first.left is third.left is None


def test_substitutions_do_not_inherit_redirects_and_pipes() -> None:
    """`a | b $(c) > f`: c neither reads from a nor writes to f."""
    (found,) = [simple for simple in simples("a | b $(c) > f") if simple.via]

    assert (found.left, found.writes, found.via) == (None, (), ("$()",))


def test_commands_of_one_text_are_bounded() -> None:
    """No more than the limit are taken."""
    assert len(simples("a;" * (SIMPLE_LIMIT + 10))) == SIMPLE_LIMIT


def test_redirects_after_an_assignment_alone_are_kept() -> None:
    """`A=1 > f` makes f, whatever else it does not do."""
    (found,) = simples("A=1 > f")

    assert (found.assigns, found.writes) == (True, ("f",))
