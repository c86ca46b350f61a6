"""The README is true: what it shows is printed, what it says to type works."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from suragh.cli.main import parser

ROOT: Final = Path(__file__).parent.parent
README: Final = ROOT / "README.md"
WIDTH: Final = "100"
SHOWN: Final = re.compile(r"(?<=<!-- scan -->\n```text\n).*?(?=```\n<!-- /scan -->)", re.DOTALL)
HOSTILE_FOUND: Final = 1


def blocks(language: str) -> list[str]:
    """The README's code blocks in one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python at the top of the project, as wide as the README is."""
    env = os.environ | {"COLUMNS": WIDTH, "NO_COLOR": "1"}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


def test_the_scan_prints_what_the_readme_shows(pytestconfig: pytest.Config) -> None:
    """The block is the output, letter by letter; `--update-readme` renews it."""
    result = run("-m", "suragh.cli.main", "scan", "examples/traces")
    printed = "".join(f"{line.rstrip()}\n" for line in result.stdout.splitlines())
    text = README.read_text(encoding="utf-8")
    if pytestconfig.getoption("--update-readme"):
        README.write_text(SHOWN.sub(lambda _: printed, text), encoding="utf-8")
        text = README.read_text(encoding="utf-8")

    assert SHOWN.findall(text) == [printed]
    assert (result.returncode, result.stderr) == (HOSTILE_FOUND, "")


@pytest.mark.parametrize("line", [line for block in blocks("sh") for line in block.splitlines() if "suragh" in line])
def test_every_command_shown_is_one(line: str) -> None:
    """The command line takes what the README says to type."""
    words = line.partition("#")[0].split()

    parser().parse_args(words[1:])


def test_every_exit_code_is_named() -> None:
    """The table has the codes that `--help` has, in its words."""
    rows = re.findall(r"^ {2}(\d) {2}(.+(?:\n {5}.+)*)", parser().epilog or "", re.MULTILINE)
    helped = [(code, " ".join(words.split())) for code, words in rows]
    shown = re.findall(r"^\| (\d) \| (.+) \|$", README.read_text(encoding="utf-8"), re.MULTILINE)

    assert len(helped) > 1
    assert shown == helped


def test_the_python_example_runs() -> None:
    """It runs as it stands and prints the hostile campaign."""
    (example,) = blocks("python")
    result = run("-c", example)

    assert result.stderr == ""
    assert result.stdout.startswith("hostile")
