"""What a person sees: views without markup, and a bar only where somebody looks."""

import io
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from rich.text import Text

from suragh.cli import console
from suragh.errors import SetupError

Captured = pytest.CaptureFixture[str]


class Terminal(io.StringIO):
    """A stream that is a terminal."""

    def isatty(self) -> bool:
        """It is."""
        return True


class Full(io.StringIO):
    """A stream on a full disk."""

    def write(self, text: str) -> int:
        """Refuse whatever needs room."""
        if text:
            raise OSError(28, "No space left on device")
        return 0


class Gone(io.StringIO):
    """A pipe that nobody reads."""

    def write(self, text: str) -> int:
        """Refuse whatever should be heard."""
        if text:
            raise BrokenPipeError
        return 0


def test_a_text_is_no_markup(capsys: Captured) -> None:
    """Brackets and colons of telemetry stay what they are."""
    console.show(Text("[bold]a[/] :smile: [link=https://example.com]b[/link]"))

    assert capsys.readouterr() == ("[bold]a[/] :smile: [link=https://example.com]b[/link]\n", "")


def test_a_view_can_go_to_standard_error(capsys: Captured) -> None:
    """Where standard output carries the report."""
    console.show(Text("a"), on_stderr=True)

    assert capsys.readouterr() == ("", "a\n")


def test_a_full_disk_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a set-up that a person can mend."""
    monkeypatch.setattr("sys.stdout", Full())

    with pytest.raises(SetupError, match="standard output: cannot be written: No space left on device"):
        console.show(Text("a"))


def test_a_reader_who_went_away_ends_nothing_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rich would exit with 1, which means a hostile campaign; the command decides instead."""
    monkeypatch.setattr("sys.stdout", Gone())

    with pytest.raises(BrokenPipeError):
        console.show(Text("a"))


@pytest.mark.parametrize("force", [False, True])
def test_no_bar_where_nobody_looks(force: bool, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:  # noqa: FBT001
    """A log gets no bar, not even one that wants colours."""
    if force:
        monkeypatch.setenv("FORCE_COLOR", "1")
    with console.progress(quiet=False) as on_progress:
        assert on_progress is None

    assert capsys.readouterr() == ("", "")


def test_no_bar_for_who_wants_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of a quiet scan stays as it was."""
    screen = Terminal()
    monkeypatch.setattr("sys.stderr", screen)
    with console.progress(quiet=True) as on_progress:
        assert on_progress is None

    assert screen.getvalue() == ""


def test_a_bar_names_the_file_and_obeys_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The end of a long name is shown, and neither escapes nor markup in it mean anything."""
    screen = Terminal()
    monkeypatch.setattr("sys.stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    name = "long/" * 20 + "\x1b[2J\u202e[red]end.jsonl"
    with console.progress(quiet=False) as on_progress:
        assert on_progress is not None
        on_progress(name, 10, 100)
        on_progress(name, 150, 100)

    shown = screen.getvalue()
    assert "[red]end.jsonl" in shown
    assert "\x1b[2J" not in shown
    assert "\u202e" not in shown


PROGRAM = """
from rich.text import Text
from suragh.cli import console
console.show(Text("a", "bold red on blue"))
"""


@pytest.mark.parametrize(("no_color", "expected"), [("", True), ("1", False)])
def test_no_color_is_obeyed(no_color: str, expected: bool) -> None:  # noqa: FBT001
    """Colours on a terminal, and none for who sets NO_COLOR. Source: no-color.org."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "NO_COLOR": no_color}
    if not no_color:
        del environment["NO_COLOR"]
    subprocess.run([sys.executable, "-c", PROGRAM], stdout=theirs, env=environment, check=True)
    os.close(theirs)
    shown = os.read(ours, 4096)
    os.close(ours)

    assert b"a" in shown
    assert (b"31" in shown) is expected
    assert (b"44" in shown) is expected


def test_what_is_left_in_a_silenced_stream_vanishes(tmp_path: Path) -> None:
    """Nothing is written any more, and closing it does not fail."""
    path = tmp_path / "out"
    with path.open("w", encoding="utf-8") as stream:
        stream.write("left")
        console.silence(stream)

    assert path.read_text(encoding="utf-8") == ""


def test_a_stream_without_descriptor_needs_no_silence() -> None:
    """A captured stream cannot fail at the end."""
    stream = io.StringIO()
    console.silence(stream)

    assert stream.write("a") == 1
