"""`suragh formats`: what is read, and what a mapping gives."""

import json
from pathlib import Path

import pytest

from suragh.cli.main import main
from suragh.read.registry import READERS

MAPPING = 'name = "acme"\ntime = "ts"\nsession = "sid"\n[call]\ntool = "tool"\narguments = "args"\n'
RECORD = {"ts": "2026-01-01T00:00:01Z", "sid": "s1", "tool": "bash", "args": {"command": "echo \x1b[31m"}}


def files(folder: Path, *records: object) -> list[str]:
    """A mapping and a log, by name."""
    (folder / "acme.toml").write_text(MAPPING, encoding="utf-8")
    (folder / "day.jsonl").write_text("".join(f"{json.dumps(one)}\n" for one in records), encoding="utf-8")
    return [str(folder / "acme.toml"), str(folder / "day.jsonl")]


def test_every_format_is_listed_with_what_it_cannot_know(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the name that `--format` takes."""
    monkeypatch.setenv("COLUMNS", "1000")

    assert main(["formats"]) == 0

    shown = capsys.readouterr().out
    assert [line.partition(":")[0] for line in shown.splitlines() if line and not line.startswith(" ")] == [
        reader.name for reader in READERS
    ]
    assert all(line.replace("`", "") in shown for reader in READERS for line in reader.cannot_know)


def test_a_mapping_is_tried(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Facts one by one, without their terminal escapes, then counts and what was not read."""
    code = main(["formats", "try", *files(tmp_path, RECORD, {"sid": "s1", "tool": "x"}, RECORD)])

    shown = capsys.readouterr().out
    assert code == 0
    assert r"call      2026-01-01T00:00:01Z  s1  bash(command=echo \x1b[31m)" in shown
    assert f"rejected  byte {len(json.dumps(RECORD)) + 1}: time is missing: no time at ts" in shown
    assert "2 calls, 0 results, 0 turns, 0 accounts named, 0 sub-agents, 1 rejected" in shown


def test_only_as_many_facts_are_shown_as_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All are counted."""
    main(["formats", "try", *files(tmp_path, *[RECORD] * 5), "--facts", "2"])

    shown = capsys.readouterr().out
    assert shown.count("bash(") == 2
    assert "5 calls" in shown


def test_a_mapping_that_gives_nothing_has_its_exit_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """That of input that could not be read."""
    assert main(["formats", "try", *files(tmp_path, {"a": 1})]) == 5
    assert "line is no acme record" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["formats", "try", "gone.toml", "gone.jsonl"], 3, "gone.toml: cannot be read: No such file or directory"),
        (["formats", "nope"], 2, "invalid choice"),
        (["formats", "try", "a", "b", "--facts", "x"], 2, "--facts is 'x', expected a number"),
    ],
)
def test_mistakes_are_one_line(
    words: list[str], code: int, message: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """On standard error."""
    assert tmp_path.exists()
    assert main(words) == code
    assert message in capsys.readouterr().err


def test_a_mapping_is_used_by_a_scan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Under its name."""
    mapping, log = files(tmp_path, RECORD)

    assert main(["scan", log, "--mapping", mapping, "--verbose"]) == 0
    assert "acme: 1 file, 1 records, 1 calls, 0 rejected" in capsys.readouterr().out


def test_a_format_can_be_forced(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Then nothing is read as anything else; a name that is none is a mistake of the person at the keyboard."""
    mapping, log = files(tmp_path, RECORD)

    assert main(["scan", log, "--mapping", mapping, "--format", "codex"]) == 5
    assert "line is no Codex rollout record (1)" in capsys.readouterr().err
    assert main(["scan", log, "--mapping", mapping, "--format", "nope"]) == 2
    assert "format is 'nope', expected one of acme, otlp-json, " in capsys.readouterr().err


def test_a_mapping_needs_a_name_of_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Else nobody could tell which format a file had."""
    mapping, log = files(tmp_path, RECORD)
    Path(mapping).write_text(MAPPING.replace("acme", "codex"), encoding="utf-8")

    assert main(["scan", log, "--mapping", mapping]) == 3
    assert "name of a mapping is 'codex', which another format has" in capsys.readouterr().err


def test_an_input_that_is_not_there_was_not_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever watches exit codes must see it."""
    assert main(["scan", str(tmp_path / "gone")]) == 5
    assert "does not exist" in capsys.readouterr().err
