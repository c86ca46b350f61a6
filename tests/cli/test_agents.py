"""Agents' logs: found where they are kept, known by what they hold, and scanned only after a yes."""

import io
from pathlib import Path

import pytest
from tests.engine import telemetry as t

from suragh.cli.agents import AGENTS, find, offer
from suragh.errors import UsageError

LOGS = {
    "Claude Code": ".claude/projects/-srv-app/one.jsonl",
    "Codex": ".codex/sessions/2026/01/02/rollout-1.jsonl",
    "Copilot CLI": ".copilot/session-state/one/events.jsonl",
    "Cursor": ".cursor/projects/app/agent-transcripts/one/one.jsonl",
    "Gemini CLI": ".gemini/tmp/ab12/chats/session-one.json",
    "OpenCode": ".local/share/opencode/opencode.db",
    "Pi": ".pi/agent/sessions/--app--/one.jsonl",
}
CLAUDE = t.data(t.claude(t.LOOK))
CODEX = t.data(t.codex(t.READ))


class Terminal(io.StringIO):
    """What a person types, or reads."""

    def isatty(self) -> bool:
        """A person is there."""
        return True


def home(folder: Path, files: dict[str, bytes]) -> dict[str, str]:
    """A home folder with these files, as the environment names it."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return {"HOME": str(folder)}


def test_every_agent_is_looked_for_where_it_writes(tmp_path: Path) -> None:
    """With the number of files, their size, and a pattern that names them, whatever signs the home's name holds."""
    environ = home(tmp_path / "a [home]*", dict.fromkeys(LOGS.values(), b"12345"))
    found = {one.agent.name: one for one in find(environ)}

    assert list(found) == list(LOGS) == [agent.name for agent in AGENTS]
    assert {(one.files, one.size, len(one.patterns)) for one in found.values()} == {(1, 5, 1)}


@pytest.mark.parametrize(
    ("variable", "name"),
    [
        ("CLAUDE_CONFIG_DIR", "projects/x/one.jsonl"),
        ("CODEX_HOME", "archived_sessions/one.jsonl.zst"),
        ("COPILOT_HOME", "session-state/one.jsonl"),
        ("GEMINI_CLI_HOME", ".gemini/tmp/x/chats/one.jsonl"),
        ("PI_CODING_AGENT_DIR", "sessions/x/one.jsonl"),
        ("XDG_DATA_HOME", "opencode/opencode.db"),
    ],
)
def test_a_variable_moves_the_place(variable: str, name: str, tmp_path: Path) -> None:
    """What the agent goes by, we go by: what lies in the usual place is then another's."""
    environ = home(tmp_path / "home", dict.fromkeys(LOGS.values(), b"x"))
    home(tmp_path / "else", {name: b"abc", f"{name}.txt": b"no log"})
    agent = next(agent.name for agent in AGENTS if agent.variable == variable)
    found = {one.agent.name: one for one in find(environ | {variable: str(tmp_path / "else")})}

    assert (found[agent].files, found[agent].size) == (1, 3)


def test_the_newest_log_tells_the_format(tmp_path: Path) -> None:
    """By its content; what no reader knows is said to be so."""
    environ = home(tmp_path, {LOGS["Claude Code"]: CLAUDE, LOGS["Codex"]: CODEX, LOGS["Pi"]: b"rubbish"})

    assert {one.agent.name: one.format for one in find(environ)} == {
        "Claude Code": "claude-code",
        "Codex": "codex",
        "Pi": "",
    }


def test_nothing_is_found_without_a_home(tmp_path: Path) -> None:
    """Neither there nor in an empty one; folders and pipes are no logs."""
    (tmp_path / ".claude" / "projects" / "x.jsonl").mkdir(parents=True)

    assert list(find({})) == []
    assert list(find({"HOME": str(tmp_path)})) == []


@pytest.mark.parametrize(
    ("answer", "agreed"), [("y\n", True), ("YES\n", True), ("\n", False), ("n\n", False), ("", False)]
)
def test_logs_are_offered_and_a_yes_is_needed(
    answer: str,
    agreed: bool,  # noqa: FBT001
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever only presses return scans nothing; what no reader knows is not offered."""
    asked = Terminal()
    monkeypatch.setattr("sys.stdin", Terminal(answer))
    monkeypatch.setattr("sys.stderr", asked)
    environ = home(tmp_path, {LOGS["Claude Code"]: CLAUDE, LOGS["Pi"]: b"rubbish"})

    assert offer(environ) == ([f"{tmp_path}/.claude/projects/**/*.jsonl"] if agreed else [])
    assert asked.getvalue().startswith("Claude Code: 1 file, ")
    assert "Pi" not in asked.getvalue()
    assert asked.getvalue().endswith("Scan these? [y/N] ")


@pytest.mark.parametrize("stream", ["sys.stdin", "sys.stderr"])
def test_nobody_is_asked_without_a_terminal(stream: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A script gets one line on how to use it."""
    monkeypatch.setattr("sys.stdin", Terminal("y\n"))
    monkeypatch.setattr("sys.stderr", Terminal())
    monkeypatch.setattr(stream, io.StringIO("y\n"))

    with pytest.raises(UsageError, match="PATH is missing, expected a file, a folder, a pattern or -"):
        offer(home(tmp_path, {LOGS["Claude Code"]: CLAUDE}))


def test_where_there_is_nothing_to_offer_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is asked about nothing."""
    monkeypatch.setattr("sys.stdin", Terminal("y\n"))
    monkeypatch.setattr("sys.stderr", Terminal())

    with pytest.raises(UsageError, match="PATH is missing, and no agent's logs are in the usual places"):
        offer({"HOME": str(tmp_path)})
