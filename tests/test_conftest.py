"""The option `--no-skips`, tried on a small suite of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

RUNS = "def test_that_runs():\n    pass\n"
FAILS_AS_KNOWN = "import pytest\n@pytest.mark.xfail(reason='known')\ndef test_that_fails():\n    assert False\n"
SKIPS = "import pytest\n@pytest.mark.skip(reason='no traces at hand')\ndef test_skipped():\n    pass\n"
SKIPS_ITSELF = "import pytest\npytest.skip('no traces at hand', allow_module_level=True)\n"


def run(folder: Path, suite: str) -> subprocess.CompletedProcess[str]:
    """Run pytest with the option, on a folder that has our conftest and nothing else of this project."""
    (folder / "conftest.py").write_text(Path(__file__).with_name("conftest.py").read_text(encoding="utf-8"))
    (folder / "test_that_runs.py").write_text(RUNS)
    (folder / "test_it.py").write_text(suite)
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--no-skips", str(folder)]
    env = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, env=env)


@pytest.mark.parametrize("suite", [SKIPS, SKIPS_ITSELF], ids=["one test", "a whole file"])
def test_a_skip_is_a_failure(tmp_path: Path, suite: str) -> None:
    """The run fails, and shows the reason of the skip."""
    result = run(tmp_path, suite)

    assert result.returncode != 0
    assert "no traces at hand (skips are failures here: --no-skips)" in result.stdout


def test_nothing_else_is_a_failure(tmp_path: Path) -> None:
    """Tests that pass, and those that are expected to fail, do not fail the run."""
    result = run(tmp_path, FAILS_AS_KNOWN)

    assert result.returncode == 0, result.stdout
    assert "1 passed, 1 xfailed" in result.stdout
