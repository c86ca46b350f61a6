"""`suragh completion`: scripts that shells take, and that know every command."""

import shutil
import subprocess
from pathlib import Path

import pytest

from suragh.cli.completion import SHELLS
from suragh.cli.main import main

Captured = pytest.CaptureFixture[str]

ASK = """source "$1"
COMP_WORDS=("${@:2}") COMP_CWORD=$(($# - 2)) COMP_LINE="${*:2}"
$(complete -p suragh | sed 's/.*-F \\([^ ]*\\) .*/\\1/') suragh "${@: -1}" "${@: -2:1}"
printf '%s\\n' "${COMPREPLY[@]}"
"""


def script(shell: str, capsysbinary: pytest.CaptureFixture[bytes]) -> str:
    """What is printed for a shell."""
    assert main(["completion", shell]) == 0
    return capsysbinary.readouterr().out.decode()


@pytest.mark.parametrize("shell", SHELLS)
def test_a_script_names_every_command_and_option(shell: str, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """For each shell; and where a value is a file, files are offered."""
    made = script(shell, capsysbinary)

    for word in ("scan", "show", "explain", "formats", "rules", "doctor", "completion", "engagements", "since"):
        assert word in made
    assert {"bash": "_shtab_compgen_files", "zsh": "_files", "fish": "__fish_complete_path"}[shell] in made


@pytest.mark.parametrize("shell", [name for name in SHELLS if shutil.which(name)])
def test_a_script_is_one_to_its_shell(shell: str, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """The shell itself finds nothing wrong with it, where it is on this machine."""
    path = tmp_path / "script"
    path.write_text(script(shell, capsysbinary), encoding="utf-8")

    subprocess.run([str(shutil.which(shell)), "-n", str(path)], check=True)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["suragh", "sc"], ["scan"]),
        (["suragh", "do"], ["doctor"]),
        (["suragh", "scan", "--eng"], ["--engagements"]),
        (["suragh", "completion", "z"], ["zsh"]),
        (["suragh", "scan", "--accounts", "who"], ["who.csv"]),
        (["suragh", "show", "rep"], ["report.json"]),
    ],
)
def test_bash_completes_commands_options_and_files(
    words: list[str], expected: list[str], tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    """As a person would see it after a tab."""
    for name in ("who.csv", "report.json", "other.txt"):
        (tmp_path / name).touch()
    path = tmp_path / "script"
    path.write_text(script("bash", capsysbinary), encoding="utf-8")
    command = ["bash", "--norc", "-c", ASK, "bash", str(path), *words]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)

    assert done.stdout.split() == expected


def test_another_shell_is_refused(capsys: Captured) -> None:
    """With the names of those that there are."""
    assert main(["completion", "csh"]) == 2
    assert "'bash', 'zsh', 'fish'" in capsys.readouterr().err.replace("bash, zsh, fish", "'bash', 'zsh', 'fish'")
