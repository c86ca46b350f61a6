"""Small files that a person hands in."""

from pathlib import Path

import pytest

from suragh.errors import SetupError
from suragh.store.files import read_file


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    """Byte by byte as it is."""
    path = tmp_path / "a"
    path.write_bytes(b"\xef\xbb\xbfa\r\n\x00")

    assert read_file(str(path)) == b"\xef\xbb\xbfa\r\n\x00"


@pytest.mark.parametrize(
    ("name", "expected"),
    [("none", "No such file or directory"), (".", "Is a directory"), ("a\0b", "embedded null"), ("loop", "symbolic")],
)
def test_what_cannot_be_read_says_which_and_why(
    name: str, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system's reason, with the name."""
    monkeypatch.chdir(tmp_path)
    Path("loop").symlink_to("loop")

    with pytest.raises(SetupError, match=expected) as caught:
        read_file(name)
    assert caught.value.where == name
