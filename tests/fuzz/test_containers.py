"""Fuzzing of archives: whatever they say, what comes out is sound facts and rejections, and nothing is written."""

from pathlib import Path

import pytest
from hypothesis import given
from tests.engine import once
from tests.fuzz.damage import archives
from tests.fuzz.run import check_file


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the archive lies, alone."""
    return tmp_path_factory.mktemp("archives")


@given(data=archives())
def test_whatever_an_archive_holds_nothing_escapes(data: bytes, folder: Path) -> None:
    """Nor is anything found beside it afterwards, or above."""
    path = folder / "archive"
    path.write_bytes(data)

    check_file(path, once.detector())

    assert list(folder.iterdir()) == [path]
    assert not (folder.parent / "b").exists()
