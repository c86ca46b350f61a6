"""Scripts cut into tokens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suragh.read.agents.codex_tokens import Kind, tokens


def cut(script: str) -> list[tuple[str, str]]:
    """The tokens of a script, by kind and text."""
    return [(token.kind.name, token.text) for token in tokens(script)]


def test_texts_names_and_marks() -> None:
    """Comments and gaps are left out, whatever stands in them."""
    assert cut("a /* \"x */ = 'it\\'s' + \"//\" // `\n; f=>1.5") == [
        ("NAME", "a"),
        ("MARK", "="),
        ("TEXT", "'it\\'s'"),
        ("MARK", "+"),
        ("TEXT", '"//"'),
        ("MARK", ";"),
        ("NAME", "f"),
        ("MARK", "=>"),
        ("NUMBER", "1.5"),
    ]


def test_templates_are_chunks_and_holes() -> None:
    """With objects and templates inside the holes."""
    assert [kind for kind, _ in cut("`a${f({b:`c${d}`})}e`+g")] == [
        *("BACKTICK", "CHUNK", "HOLE", "NAME", "MARK", "MARK", "NAME", "MARK"),
        *("BACKTICK", "CHUNK", "HOLE", "NAME", "HOLE_END", "BACKTICK_END"),
        *("MARK", "MARK", "HOLE_END", "CHUNK", "BACKTICK_END", "MARK", "NAME"),
    ]


@pytest.mark.parametrize(
    ("script", "kinds"),
    [
        ("s.replace(/'[/\"]/g, x)", ["NAME", "MARK", "NAME", "MARK", "PATTERN", "MARK", "NAME", "MARK"]),
        ("a / b / c", ["NAME", "MARK", "NAME", "MARK", "NAME"]),
        ("(/* x */ 1)", ["MARK", "NUMBER", "MARK"]),
        ("return /x/", ["NAME", "PATTERN"]),
    ],
)
def test_a_slash_begins_a_pattern_where_a_value_is_due(script: str, kinds: list[str]) -> None:
    """A quote inside a pattern begins no text."""
    assert [kind for kind, _ in cut(script)] == kinds


@given(st.text(alphabet="ab'\"`$\\{}/*\n =+[]", max_size=60))
def test_every_script_is_cut_to_its_end(script: str) -> None:
    """Tokens stand in their order, where they say, and overlap nowhere."""
    at = 0
    for token in tokens(script):
        assert token.start >= at
        assert script.startswith(token.text, token.start)
        at = token.start + len(token.text)
    assert not [token for token in tokens(script) if token.kind is not Kind.CHUNK and not token.text]


def test_what_does_not_end_is_read_once() -> None:
    """Open texts, templates and comments of any length take time that grows with it."""
    for open_end in ('"' + '\\"' * 200_000, "`" + "\\`" * 200_000, "/*" * 200_000, "/" * 200_000, "`${" * 100_000):
        assert tokens(open_end) is not None
