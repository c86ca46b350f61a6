"""Credentials by form: tokens and private keys. Every token is made up, and put together so that none looks real."""

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.detect.observables_found import found, values

from suragh.model.observable import ObservableKind as Kind

BODY = "q7Wz3Kt9Lp2Xv8Rn5Mc4Jh6Gd1Fs0BaYeUiTo"
TOKENS = (
    "AKIA" + "Q7WZ3KT2LP5XV6RN",
    "ghp_" + BODY[:36],
    "github_pat_" + BODY[:22],
    "glpat-" + BODY[:20],
    "xoxb-" + "271828182845-" + BODY[:24],
    "sk-ant-" + BODY[:32],
    "sk_live_" + BODY[:24],
    "AIza" + BODY[:35],
    "npm_" + BODY[:36],
    "hf_" + BODY[:34],
    "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiI3In0." + BODY[:32],
)


@pytest.mark.parametrize("token", TOKENS)
@pytest.mark.parametrize("around", ["{}", 'key = "{}"', "x={}&y", "Authorization: Bearer {}\n"])
def test_tokens_of_a_published_form_are_found(token: str, around: str) -> None:
    """A token is found whole wherever it stands, once, and not shown."""
    text = around.format(token)
    seen = [one for one in found(text) if one.kind is Kind.CREDENTIAL]

    assert [(one.value, one.shown, text[one.start : one.end]) for one in seen] == [(token, "", token)]


@pytest.mark.parametrize(
    "text",
    [
        "AKIAIOSFODNN7" + "EXAMPLE",
        "ghp_" + "x" * 36,
        "sk-project-loot-2026-folder-name",
        "xAKIAQ7WZ3KT2LP5XV6RN",
        "eyJub3RoaW5n.x.y",
    ],
)
def test_examples_and_words_are_no_tokens(text: str) -> None:
    """The issuers' examples, runs, names of folders and longer words are left out."""
    assert values(text, Kind.CREDENTIAL) == set()


KEYS = st.binary(min_size=120, max_size=900).map(lambda body: b64encode(body).decode())


def pem(body: str, end: str = "\n", label: str = "OPENSSH ") -> str:
    """A private key as RFC 7468 lays it out."""
    lines = end.join(body[i : i + 64] for i in range(0, len(body), 64))
    return f"-----BEGIN {label}PRIVATE KEY-----{end}{lines}{end}-----END {label}PRIVATE KEY-----{end}"


@given(body=KEYS)
def test_a_private_key_is_one_value_in_every_layout(body: str) -> None:
    """Line ends, escapes, and a cut behind the beginning make no difference; the key is not in the value."""
    plain = values(pem(body), Kind.CREDENTIAL)

    assert len(plain) == (len(set(body[:6])) > 1)
    assert values(pem(body, "\\n"), Kind.CREDENTIAL) == plain
    assert values("cat id\n" + pem(body, "\r\n"), Kind.CREDENTIAL) == plain
    assert not any(body[:20] in value for value in plain)
    if len(body) > 400:
        assert values(pem(body)[:400], Kind.CREDENTIAL) == plain


@given(one=KEYS, other=KEYS)
def test_two_keys_are_two_values(one: str, other: str) -> None:
    """Keys that differ at the beginning differ."""
    assert (values(pem(one), Kind.CREDENTIAL) == values(pem(other), Kind.CREDENTIAL)) == (one[:256] == other[:256])
