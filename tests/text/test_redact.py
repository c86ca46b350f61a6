"""Redaction: every form in which a secret is handed over or returned, and what stays readable."""

import pytest

from suragh.text.redact import secret_spans


def masked(text: str) -> str:
    """The text with every secret's characters struck out."""
    hidden = {place for low, high in secret_spans(text) for place in range(low, high)}
    return "".join("*" if place in hidden else char for place, char in enumerate(text))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("curl -H 'Authorization: Bearer Kx7mQ9' http://h/", "curl -H 'Authorization: Bearer ******' http://h/"),
        ("Cookie: sid=a1; theme=dark", "Cookie: ******************"),
        ("curl -H 'X-Api-Key: Kx7mQ9' http://h/", "curl -H 'X-Api-Key: ******' http://h/"),
        ("curl -b 'session=Kx7' http://h/", "curl -b '***********' http://h/"),
        ("curl -u alice:Kx7mQ9 http://h/", "curl -u alice:****** http://h/"),
        ('{"db_password": "Kx7mQ9", "host": "db"}', '{"db_password": "******", "host": "db"}'),
        ("DB_PASSWORD=Kx7mQ9 ./run", "DB_PASSWORD=****** ./run"),
        (r"net use \\h\C$ Kx7mQ9 /user:admin", r"net use \\h\C$ ****** /user:admin"),
        ("net user eve Kx7mQ9 /add", "net user eve ****** /add"),
    ],
)
def test_a_secret_is_struck_out_and_its_surroundings_stay(text: str, shown: str) -> None:
    """A reader still sees what was done, and to whom."""
    assert masked(text) == shown


@pytest.mark.parametrize("text", ["ls -la /srv", "net use", "git log --author=alice", "tokenize the input, then stop"])
def test_ordinary_text_stays(text: str) -> None:
    """Nothing is struck out where nothing opens a door."""
    assert masked(text) == text
