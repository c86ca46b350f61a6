"""`suragh doctor`: what works is said to work, and what does not is said not to."""

import re
import shutil
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace

import pytest
from tests.engine import once
from tests.engine import telemetry as t

from suragh.cli import doctor
from suragh.cli.main import main

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A home of our own, a wide terminal, and rules that are loaded."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "1000")
    for agent in doctor.find.__globals__["AGENTS"]:
        monkeypatch.delenv(agent.variable, raising=False) if agent.variable else None
    with once.loaded():
        yield


def told(capsys: Captured) -> dict[str, tuple[str, str]]:
    """What is said of each thing that was looked at: mark and words."""
    checks = capsys.readouterr().out.partition("\n\n")[0]
    rows = re.findall(r"^(ok|BROKEN) +(\w+) +(.*?) *$", checks, re.MULTILINE)
    return {name: (mark, said) for mark, name, said in rows}


def test_where_all_works_it_says_so(capsys: Captured) -> None:
    """A line each, with the versions of all that Suragh rests on."""
    assert main(["doctor"]) == 0

    found = told(capsys)
    assert list(found) == ["suragh", "machine", "libraries", "rules", "cache", "temporary"]
    assert {mark for mark, _ in found.values()} == {"ok"}
    assert f"hyperscan {version('hyperscan')}" in found["libraries"][1]
    assert f"{len(once.ready().rules)} rules" in found["rules"][1]
    assert "can be written" in found["cache"][1]


def test_logs_of_agents_are_listed(tmp_path: Path, capsys: Captured) -> None:
    """How many, how large, and whether they can be read; what cannot be read says what to do."""
    for name, content in {
        ".claude/projects/x/a.jsonl": t.data(t.claude(t.LOOK)),
        ".pi/agent/sessions/b.jsonl": b"??",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_bytes(content)
    (tmp_path / ".local/share/opencode").mkdir(parents=True)
    (tmp_path / ".local/share/opencode/opencode.db").write_bytes(b"SQLite format 3\0")

    assert main(["doctor"]) == 0
    out = capsys.readouterr().out
    assert re.search(r"Claude Code +1 file, \d\.\d kB; read as claude-code", out)
    assert re.search(r"Pi +1 file, 2 B; the newest is of no known format", out)
    assert re.search(r"OpenCode +1 file, 16 B; a database, which is not read; `opencode export", out)


def test_without_logs_it_says_so(capsys: Captured) -> None:
    """That is nothing broken."""
    assert main(["doctor"]) == 0
    assert "Agents' logs on this machine: none in the usual places" in capsys.readouterr().out


def test_a_library_that_is_old_or_missing_is_named(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    """With what is there and what is needed; extras are nobody's need."""
    wanted = ["msgspec>=99.1", "no-such-library>=2", "rich>=1", 'other>=1; extra == "x"', "jinja2"]
    monkeypatch.setattr(doctor, "requires", lambda _name: wanted)

    assert main(["doctor"]) == 3
    mark, said = told(capsys)["libraries"]
    assert mark == "BROKEN"
    assert said == (
        f"msgspec is {version('msgspec')}, expected 99.1 or later; no-such-library is missing, expected 2 or later"
    )


def broken(error: Exception) -> object:
    """An import that fails."""

    def fail(_name: str) -> object:
        raise error

    return fail


@pytest.mark.parametrize("error", [ImportError("libhs.so: cannot open"), ValueError("CPU lacks SSSE3\x1b[2J")])
def test_rules_that_cannot_be_used_are_told(
    error: Exception, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    """Whatever the reason is, it stands there, and commands no terminal."""
    monkeypatch.setattr(doctor, "import_module", broken(error))

    assert main(["doctor"]) == 3
    mark, said = told(capsys)["rules"]
    assert mark == "BROKEN"
    assert said.startswith(f"cannot be used: {type(error).__name__}: ")
    assert "\x1b" not in said


def test_rules_that_find_nothing_are_broken(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    """Rules that load and do not work would be worse than none."""
    monkeypatch.setattr(doctor, "PROBE", "ls")

    assert main(["doctor"]) == 3
    assert told(capsys)["rules"] == ("BROKEN", "find nothing in 'ls'")


def test_a_cache_that_cannot_be_written_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    """With its folder and the reason."""
    (tmp_path / "suragh").write_bytes(b"a file")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))

    assert main(["doctor"]) == 3
    assert told(capsys)["cache"] == ("BROKEN", f"{tmp_path}/suragh: cannot be used: File exists")


def test_a_cache_that_is_switched_off_is_no_fault(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    """It was asked for."""
    monkeypatch.setenv("SURAGH_CACHE", "off")

    assert main(["doctor"]) == 0
    assert told(capsys)["cache"] == ("ok", "off, by SURAGH_CACHE; each start takes seconds longer")


def test_a_full_disk_is_told(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    """A large scan would end in the middle."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=5_000_000))

    assert main(["doctor"]) == 3
    mark, said = told(capsys)["temporary"]
    assert (mark, said.endswith(": 5.0 MB free, too few for large scans")) == ("BROKEN", True)
