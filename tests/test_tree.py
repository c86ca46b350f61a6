"""The shape of the project: what no linter checks, held for every file that git would take."""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parent.parent
SOURCE: Final = ROOT / "src" / "suragh"
MOST_LINES_OF_A_FILE: Final = 400
MOST_LINES_OF_A_FUNCTION: Final = 60
MACHINE: Final = re.compile(r"(?<![\w.])/(?:wor[k]|far[m])/[\w.]|(?:pyp[i]|npmj[s]|pythonhoste[d])\.or[g]")
"""Folders of the machine that somebody happens to build on, and hosts that packages come from."""

UNOWNED: Final = re.compile(r"\b(?:TOD[O]|FIXM[E]|XX[X]|HAC[K])\b(?!\(#\d+\))")
"""`TODO(#12)` names its issue."""

ENTRY: Final = re.compile(r"^### `?(?P<name>\w+)`?$", re.MULTILINE)


@cache
def taken() -> tuple[Path, ...]:
    """Every file that git has or would add."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return tuple(path for name in out.split("\0") if name and (path := ROOT / name).is_file())


def python(*folders: str) -> list[Path]:
    """Every Python file below some folders of the project."""
    return [path for path in taken() if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in folders]


def texts() -> Iterator[tuple[Path, str]]:
    """Every file that is text, but the telemetry that examples and tests hold."""
    for path in taken():
        if "traces" not in path.parts:
            try:
                yield path, path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue


def places(pattern: re.Pattern[str]) -> list[str]:
    """Where a pattern stands in the project, as `file:line text`."""
    return [
        f"{path.relative_to(ROOT)}:{number} {line.strip()[:80]}"
        for path, text in texts()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def has_code(path: Path) -> bool:
    """Whether a module does anything: tables and structs without a function have nothing to test."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return any(isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) for node in ast.walk(tree))


def test_the_tree_is_seen() -> None:
    """The tests below look at something."""
    assert len(python("src")) > 10
    assert SOURCE / "errors.py" in taken()


def test_every_module_has_its_test_file() -> None:
    """src/suragh/read/otlp.py is tested in tests/read/test_otlp.py."""
    expected = {
        path: ROOT / "tests" / path.relative_to(SOURCE).parent / f"test_{path.stem.strip('_')}.py"
        for path in python("src")
        if path.name != "__init__.py" and has_code(path)
    }
    missing = [str(test.relative_to(ROOT)) for test in expected.values() if not test.is_file()]

    assert missing == []


def test_files_are_short() -> None:
    """No Python file of the project has more than 400 lines."""
    lengths = {
        str(p.relative_to(ROOT)): len(p.read_text(encoding="utf-8").splitlines()) for p in taken() if p.suffix == ".py"
    }

    assert {name: length for name, length in lengths.items() if length > MOST_LINES_OF_A_FILE} == {}


def test_functions_are_short() -> None:
    """No function of the source has more than 60 lines."""
    lengths = {
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path in python("src", "bench", "examples")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    }

    assert {name: length for name, length in lengths.items() if length > MOST_LINES_OF_A_FUNCTION} == {}


def test_imports_are_absolute_and_at_the_top() -> None:
    """No relative import, and none inside a function."""
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in python("src")
        for outer in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for node in (ast.walk(outer) if isinstance(outer, (ast.FunctionDef, ast.AsyncFunctionDef)) else [outer])
        if (isinstance(node, ast.ImportFrom) and node.level)
        or (isinstance(node, (ast.Import, ast.ImportFrom)) and node is not outer)
    ]

    assert found == []


def test_nothing_names_the_machine_it_was_written_on() -> None:
    """No file names a folder of somebody's machine, or the host of a package registry."""
    assert places(MACHINE) == []


def test_every_promise_to_do_something_names_its_issue() -> None:
    """What is left to do stands in an issue."""
    assert places(UNOWNED) == []


@pytest.mark.parametrize("path", sorted((SOURCE / "model").glob("*.py")), ids=lambda path: path.stem)
def test_every_noun_is_explained(path: Path) -> None:
    """docs/concepts.md has an entry for each public class of the model."""
    entries = set(ENTRY.findall((ROOT / "docs" / "concepts.md").read_text(encoding="utf-8")))
    nouns = {
        node.name
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    }

    assert nouns - entries == set()


@pytest.mark.parametrize("name", ["test", "check", "fuzz", "suragh", "venv", "lock"])
def test_scripts_can_be_run(name: str) -> None:
    """Each script is executable and says in its second line what it does."""
    path = ROOT / "scripts" / name

    assert path.stat().st_mode & 0o111
    assert re.match(r"# [A-Z].+", path.read_text(encoding="utf-8").splitlines()[1])


def test_data_is_packaged() -> None:
    """Whatever lies in the source beside Python goes into what `pip install .` installs."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    patterns = project["tool"]["setuptools"]["package-data"]["suragh"]
    packaged = {path for pattern in patterns for path in SOURCE.glob(pattern)}

    assert [str(p) for p in taken() if p.is_relative_to(SOURCE) and p.suffix != ".py" and p not in packaged] == []


def test_links_between_documents_lead_somewhere() -> None:
    """A relative link in a Markdown file names a file that there is."""
    dead = [
        f"{path.relative_to(ROOT)}: {target}"
        for path, text in texts()
        if path.suffix == ".md"
        for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", text)
        if not (path.parent / target).exists()
    ]

    assert dead == []
