"""Outputs that can be known without running anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suragh.text.shell_output import CHAIN, decoded_base64, decoded_hex, output, script_text
from suragh.text.shell_parse import simples
from suragh.text.shell_types import Feed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("echo -n a 'b c'", "a b c", id="echo"),
        pytest.param("echo -e 'a\\tb'", "a\tb", id="echo -e"),
        pytest.param("echo 'a\\tb'", "a\\tb", id="echo without -e"),
        pytest.param("printf 'a\\n'", "a\n", id="printf"),
        pytest.param("printf '%s-%s%%' a b", "a-b%", id="printf with a form"),
        pytest.param("printf '%b' '\\x69\\x64'", "id", id="printf %b"),
        pytest.param("cat <<E\nx\nE\n", "x\n", id="cat of a document"),
        pytest.param("echo aWQ= | base64 -d", "id", id="base64"),
        pytest.param("echo aWQ | base64 -di", "id", id="base64 without padding"),
        pytest.param("echo =QWa | rev | base64 -d", "id", id="reversed"),
        pytest.param("xxd -r -p <<< 6964", "id", id="hex"),
        pytest.param("echo aWQ= | tee f | openssl enc -base64 -d -A", "id", id="openssl"),
        pytest.param("base64 -d f", None, id="a file is unknown"),
        pytest.param("echo x | base64", None, id="encoding is of no interest"),
        pytest.param("cat f", None, id="so is cat of a file"),
        pytest.param("curl http://example.com", None, id="so is a download"),
        pytest.param("echo /////w== | base64 -d", None, id="bytes that are no text"),
    ],
)
def test_known_outputs_are_known(text: str, expected: str | None) -> None:
    """The printed text, or None where only running would tell."""
    found = output(simples(text)[-1])

    assert (found.text if found else None) == expected


def test_a_long_chain_is_given_up() -> None:
    """Only so many stages are followed to the left."""
    assert output(simples("echo x" + " | cat" * (CHAIN - 1))[-1]) is not None
    assert output(simples("echo x" + " | cat" * (CHAIN + 2))[-1]) is None


@given(raw=st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    """Bytes are a script or nothing; what is ASCII and visible is a script."""
    text = script_text(raw)

    if raw and all(32 <= byte < 127 for byte in raw):
        assert text == raw.decode()
    assert decoded_hex(Feed(raw.hex(), ((0, 0, 2 * len(raw)),))) is None or text


@given(text=st.text(max_size=40))
def test_any_text_is_decoded_or_refused(text: str) -> None:
    """No text makes a decoder raise, and what it gives is never empty."""
    for decode in (decoded_base64, decoded_hex):
        found = decode(Feed(text, ((0, 0, len(text)),)))
        assert found is None or found.text
