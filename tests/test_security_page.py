"""The page on security: what it says is held by a test, is."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/.]+?)(?:::(\w+))?`", PAGE)))


@pytest.mark.parametrize(("file", "test"), NAMED)
def test_a_test_that_is_named_is_there(file: str, test: str) -> None:
    """A renamed test must not leave a promise that nothing holds."""
    place = ROOT / file

    assert place.exists()
    if test:
        assert f"def {test}(" in place.read_text(encoding="utf-8")


def test_every_row_names_one() -> None:
    """No defence is claimed without a test."""
    rows = [line for line in PAGE.splitlines() if line.startswith("| ") and "held by" not in line]

    assert [row for row in rows if "`tests/" not in row] == []
    assert len(NAMED) > 20
