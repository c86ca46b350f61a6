"""Here-documents, wherever the grammar loses track of them."""

import pytest

from suragh.text.shell_parse import simples


def documents(text: str) -> list[tuple[str, str]]:
    """List each command's words and here-document."""
    return [
        (" ".join(word.value for word in simple.words), simple.stdin.text if simple.stdin else "")
        for simple in simples(text)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a <<E\nx\nE\nb", [("a", "x\n"), ("b", "")], id="plain"),
        pytest.param("a <<'E' 2>&1 | b\nx | y\nE\nc", [("a", "x | y\n"), ("b", ""), ("c", "")], id="pipe after it"),
        pytest.param("a <<E > f && b\nx\nE", [("a", "x\n"), ("b", "")], id="redirect and list after it"),
        pytest.param("a <<E; b <<F\nx\nE\ny\nF\nc", [("a", "x\n"), ("b", "y\n"), ("c", "")], id="two on a line"),
        pytest.param("a <<-E\n\tx\n\tE\nb", [("a", "\tx\n"), ("b", "")], id="tabs"),
        pytest.param("a <<EOF\nx\nnever ended", [("a", "x\nnever ended")], id="unfinished"),
        pytest.param('a "$(b <<E\nit\'s "x"\nE\n)"', [("b", 'it\'s "x"\n'), ('a $(b <<E\nit\'s "x"\nE\n)', "")],
                     id="inside quotes"),
        pytest.param("a $((1<<2)); b '<<E'", [("a $((1<<2))", ""), ("b <<E", "")], id="no document"),
        pytest.param("a <<E\nEE\nE E\nE\nb", [("a", "EE\nE E\n"), ("b", "")], id="only the exact line ends it"),
    ],
)  # fmt: skip
def test_documents_go_to_their_commands(text: str, expected: list[tuple[str, str]]) -> None:
    """The body is standard input, and nothing of it is taken for commands."""
    assert documents(text) == expected


def test_substitutions_in_an_unquoted_document_are_commands() -> None:
    """`$(id)` runs in `<<E`, and does not in `<<'E'`."""
    assert [simple.words[0].value for simple in simples("cat <<E\n$(id)\nE")] == ["cat", "id"]
    assert [simple.words[0].value for simple in simples("cat <<'E'\n$(id)\nE")] == ["cat"]


def test_a_document_points_back_at_its_body() -> None:
    """The pieces of the body are its place in the text."""
    text = "é; cat <<E | sh\nid é\nE\n"
    stdin = simples(text)[1].stdin

    assert stdin is not None
    ((_, start, end),) = stdin.pieces
    assert text[start:end] == stdin.text == "id é\n"
