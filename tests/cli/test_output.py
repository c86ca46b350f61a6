"""Where a report is written, and where it must not be."""

import io
from pathlib import Path

import pytest

from suragh.cli import output
from suragh.errors import SetupError, UsageError


@pytest.mark.parametrize("name", ["-", "new.json", "old.json"])
def test_a_file_and_standard_output_are_places(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new file, an old one, standard output: checked, nothing is made or changed yet."""
    monkeypatch.chdir(tmp_path)
    Path("old.json").write_bytes(b"old")
    output.check(name)

    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]


def test_a_folder_is_no_place(tmp_path: Path) -> None:
    """It is told before the scan begins."""
    with pytest.raises(SetupError, match="is a folder, expected a file"):
        output.check(str(tmp_path))


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    """No folder is made for a mistyped name."""
    with pytest.raises(SetupError, match="its folder does not exist"):
        output.check(str(tmp_path / "none" / "a.json"))


def test_a_place_that_may_not_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who lacks the right learns it before the scan."""
    monkeypatch.setattr("os.access", lambda _path, _mode: False)
    with pytest.raises(SetupError, match="permission denied"):
        output.check(str(tmp_path / "a.json"))


def test_an_input_is_not_written_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Under no other name of it either; a file that is no input may be."""
    monkeypatch.chdir(tmp_path)
    Path("in.jsonl").write_bytes(b"evidence")
    Path("link").symlink_to("in.jsonl")
    Path("old.json").write_bytes(b"old")

    for name in ("in.jsonl", "./in.jsonl", "link"):
        with pytest.raises(UsageError, match="is one of the inputs"):
            output.keep(name, ["none", "in.jsonl"])
    for name in ("-", "old.json", "new.json"):
        output.keep(name, ["none", "in.jsonl", "-"])


def test_a_file_is_written_whole(tmp_path: Path) -> None:
    """What was there before is gone."""
    path = tmp_path / "a.json"
    path.write_bytes(b"longer than before")
    output.write(str(path), b"new")

    assert path.read_bytes() == b"new"


def test_standard_output_gets_the_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """As they are."""
    raw = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(raw))
    output.write("-", b"\xe2\x82\xac\n")

    assert raw.getvalue() == b"\xe2\x82\xac\n"


def test_a_disk_that_fills_up_is_told_in_one_line() -> None:
    """The place, and what the system says."""
    with pytest.raises(SetupError, match="/dev/full: cannot be written: No space left on device"):
        output.write("/dev/full", b"a")
