"""Loosened expressions match the texts that values were taken from."""

import re
import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suragh.detect.patterns_loose import NotPlainError, loosened


def passes(expression: str, text: str, *, cased: bool = False) -> bool:
    """Whether a loosened expression lets a text through."""
    return re.search(loosened(expression, cased=cased), text.lower(), re.ASCII | re.DOTALL) is not None


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        pytest.param(r"^curl -d @/etc/x$", 'sudo curl   -d "@/etc/x" | sh', id="anchors, spaces, quotes"),
        pytest.param(r"--data=a b", "tool --data='a b'", id="a quote after ="),
        pytest.param(r'say "hi"', r"tool -c \"say \\\"hi\\\"\"", id="escaped quotes"),
        pytest.param(r"a\\b", r"a\\\\b", id="doubled backslashes"),
        pytest.param(r"p=\$x", 'p="$x"', id="a quote before $"),
        pytest.param(r"a\s*b\s+c", "ab \\\n c", id="a continued line"),
        pytest.param(r"[ -]a[]x]", "'a]", id="classes with plain brackets and dashes"),
        pytest.param(r"[^'\"]+x", "''x", id="negated classes let quotes through"),
        pytest.param(r"a{0,3000}b", "b", id="far repeats"),
        pytest.param(r"(?i)\S*foo(?P<n>x)", "FOOX", id="inline flags and names"),
    ],
)
def test_what_a_shell_undoes_is_allowed_for(expression: str, text: str) -> None:
    """Quotes, escapes and spaces of the raw text do not hide a value."""
    assert passes(expression, text)


@pytest.mark.parametrize("expression", [r"(a)\1", "(?P<n>a)(?P=n)", "(a)(?(1)b|c)"])
def test_back_references_are_not_taken(expression: str) -> None:
    """They say what was matched before, which presence alone cannot."""
    with pytest.raises(NotPlainError):
        loosened(expression)


WORDS = st.lists(st.text(st.sampled_from("abc-=/:@.' $\""), min_size=1, max_size=6), min_size=1, max_size=4)


@given(WORDS)
def test_a_quoted_line_passes_for_its_words(words: list[str]) -> None:
    """The line that a shell would take apart to some words passes for the words joined by spaces."""
    assert passes(re.escape(" ".join(words)), shlex.join(words))


MEMBERS = ["a", "B", "A-Z", "a-f", "!-Z", "A-z", "0-9", r"\d", r"\x41", r"\x20-\x7e", r"\]", "é"]
CLASSES = st.lists(st.sampled_from(MEMBERS), min_size=1, max_size=3).map("".join)


@given(st.booleans(), CLASSES, st.text(st.sampled_from("aBcZz[_ 4é-]"), max_size=4), st.booleans())
def test_small_letters_pass_for_what_matched(negated: bool, inner: str, text: str, cased: bool) -> None:  # noqa: FBT001
    """A class matches in small letters whatever it matched, whether it tells capital letters apart or not."""
    expression = f"[{'^' * negated}{inner}]x"
    flags = re.ASCII if cased else re.ASCII | re.IGNORECASE

    if re.search(expression, f"{text}x", flags):
        assert passes(expression, f"{text}x", cased=cased)
