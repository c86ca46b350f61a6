"""`suragh rules`: its command line."""

import pytest

from suragh.cli.main import main
from suragh.cli.rules import logsource
from suragh.errors import UsageError

Captured = pytest.CaptureFixture[str]


def test_a_log_source_is_read() -> None:
    """Keys with their values; none is any."""
    assert logsource("") == {}
    assert logsource("category=process_creation,product=windows") == {
        "category": "process_creation",
        "product": "windows",
    }
    assert logsource("service=a=b") == {"service": "a=b"}


@pytest.mark.parametrize("text", ["category", "category=", "=x", "kind=x", "category=x;product=y,z"])
def test_another_one_is_a_mistake(text: str) -> None:
    """That names the part that is wrong."""
    with pytest.raises(UsageError, match="--logsource has"):
        logsource(text)


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["rules"], 2, "ACT"),
        (["rules", "nonsense"], 2, "invalid choice"),
        (["rules", "match", "x.jsonl"], 2, "--rules"),
        (["rules", "match", "x.jsonl", "--rules", "gone.yml"], 3, "gone.yml: cannot be read"),
        (["rules", "check", "gone.yml"], 3, "gone.yml: cannot be read"),
        (["rules", "navigator", "gone.json"], 3, "gone.json: cannot be read"),
    ],
)
def test_mistakes_are_told(words: list[str], code: int, told: str, capsys: Captured) -> None:
    """On standard error, with their exit code."""
    assert main(words) == code

    shown = capsys.readouterr()
    assert told in shown.err
    assert shown.out == ""


def test_help_has_examples(capsys: Captured) -> None:
    """One of each act."""
    with pytest.raises(SystemExit, match="0"):
        main(["rules", "--help"])

    shown = capsys.readouterr().out
    assert all(f"suragh rules {act}" in shown for act in ("list", "check", "test", "match", "navigator"))
