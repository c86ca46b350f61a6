"""Telemetry that attacks who looks at it: nothing of it reaches a terminal, the page or the JSON raw."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.engine import once
from tests.engine import telemetry as t

from suragh.cli.main import main

Captured = pytest.CaptureFixture[str]


@pytest.fixture(scope="module", autouse=True)
def _rules_once() -> Iterator[None]:
    with once.loaded():
        yield


EVIL = (
    "\x1b[2J\x1b]0;owned\x07\x1b]8;;https://example.com\x1b\\x\x9b31m\x90q\x85\u202eabc\u2066\u200b\U000e0041\r\x08\x00"
    "<script>alert(1)</script><img src=x onerror=alert(1)>\"'`[bold red]x[/] &lt;b&gt; {{7*7}}"
)
SURROGATE = "\ud800"
RAW = ("\x1b", "\x07", "\x08", "\x9b", "\x90", "\x85", "\u202e", "\u2066", "\u200b", "\U000e0041", "\x00", "\ud800")


def evil(session: t.Session, text: str = EVIL) -> t.Session:
    """A session in which every name and text is hostile, and still an attack."""
    steps = tuple(
        t.Step(f"{step.command} # {text}\n{step.command} '{text}'", f"{step.result}\n{text}") for step in session.steps
    )
    return replace(session, name=f"{session.name}{text}", account=f"{session.account}{text}", steps=steps)


@pytest.fixture(scope="module")
def evil_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A campaign whose telemetry attacks who looks at it: tool and file names, commands, results, ids, accounts."""
    folder = tmp_path_factory.mktemp("evil")
    name = "a\x1b[2J\x9b\u202e<script>alert(1)<|script>[red]b.jsonl"
    files = {
        name: t.data(t.claude(evil(t.LOOK, EVIL + SURROGATE), tool=EVIL)),
        f"otlp-{name}": t.data([line for one in (t.READ, t.USE) for line in t.otlp(evil(one))]),
        f"rejected-{name}": b'{"type": "user", "sessionId": "s", "timestamp": "'
        + json.dumps(EVIL).encode()[1:-1]
        + b'"',
        f"accounts-{name}": b"session,account\n",
    }
    t.store(folder, files)
    (folder / f"work-{name}").write_bytes(t.all_data(["work.jsonl"])["work.jsonl"])
    return folder


def test_nothing_in_telemetry_reaches_the_terminal_raw(evil_files: Path, tmp_path: Path, capsys: Captured) -> None:
    """Escapes, bells, C1 controls, marks of direction and invisible signs are shown as letters, in every view."""
    report = tmp_path / "report.json"
    assert main(["scan", str(evil_files), "--verbose", "--json", str(report)]) == 1
    assert main(["show", str(report)]) == 0
    assert main(["show", str(report), "1"]) == 0
    assert main(["explain", str(report), "look"]) == 0

    out, err = capsys.readouterr()
    assert "\\x1b[2J" in out
    assert [char for char in RAW if char in out + err] == []
    assert "\r" not in out + err


def test_nothing_in_telemetry_reaches_the_page_raw(evil_files: Path, tmp_path: Path) -> None:
    """No tag of an attacker is a tag, and no sign that turns or hides text stays."""
    path = tmp_path / "page.html"
    assert main(["scan", str(evil_files), "--quiet", "--html", str(path)]) == 1

    page = path.read_bytes().decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert [char for char in RAW if char in page] == []


def test_nothing_in_telemetry_is_raw_in_the_json(evil_files: Path, capsys: Captured) -> None:
    """A report that is printed with `cat` obeys nobody, and is still JSON that holds what was said."""
    assert main(["scan", str(evil_files), "--quiet", "--json", "-"]) == 1

    out = capsys.readouterr().out
    assert [char for char in RAW if char in out] == []
    accounts = [name for one in json.loads(out)["campaigns"] for name in one["accounts"]]
    assert any("\x1b[2J" in name and "<script>" in name for name in accounts)
