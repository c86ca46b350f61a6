"""`suragh rules check` and `test`."""

from pathlib import Path

import pytest
from tests.detect.rulework import rule

from suragh.cli.main import main
from suragh.cli.rules_files import EXAMPLE_LIMIT

Captured = pytest.CaptureFixture[str]
ID = "00000000-0000-4000-8000-00000000000a"
GOOD = rule({"program": "nmap"}, id=ID, tags=["attack.t1046"], suragh={"hits": ["nmap x"], "misses": ["man nmap"]})


def written(folder: Path, **texts: str) -> str:
    """A folder of rule files, by its name."""
    for name, text in texts.items():
        (folder / f"{name}.yml").write_text(text, encoding="utf-8")
    return str(folder)


def test_mistakes_are_lines_that_editors_take(tmp_path: Path, capsys: Captured) -> None:
    """`file:line:column: error|warning: what`, and 3 if a rule cannot be used."""
    other = GOOD.replace(ID, f"{ID[:-1]}b").replace("name: wanted", "name: other")
    folder = written(tmp_path, a=GOOD, b=other.replace("program", "programs"))

    assert main(["rules", "check", folder]) == 3
    shown = capsys.readouterr()
    (line,) = shown.out.splitlines()
    place = other.splitlines().index("    program: nmap") + 1
    assert line.startswith(f"{tmp_path}/b.yml:{place}:5: error: field 'programs' is not")
    assert "2 files, 1 errors, 0 warnings" in shown.err


def test_warnings_leave_the_exit_code_alone(tmp_path: Path, capsys: Captured) -> None:
    """The rule can be used."""
    assert main(["rules", "check", written(tmp_path, a=GOOD.replace(f"id: {ID}\n", ""))]) == 0
    assert ": warning: the rule has no id" in capsys.readouterr().out
    assert main(["rules", "check", written(tmp_path, a=GOOD)]) == 0
    assert capsys.readouterr().out == ""


def test_examples_that_come_out_otherwise_are_shown(tmp_path: Path, capsys: Captured) -> None:
    """Cut short, without control characters; and 3."""
    long = f"ls \x1b[31m {'x' * 500}"
    examples = {"hits": [long, 7], "misses": ["nmap --help"]}
    folder = written(tmp_path, a=GOOD, b=rule({"program": "nmap"}, name="bad", suragh=examples), c=rule({"x": "y"}))

    assert main(["rules", "test", folder]) == 3
    shown = capsys.readouterr()
    lines = shown.out.splitlines()
    assert [line.rpartition(": ")[0].removeprefix(f"{tmp_path}/") for line in lines] == [
        "b.yml: bad does not match its hit",
        "b.yml: bad matches its miss",
        "b.yml: bad has an example that is no command, call or result",
    ]
    assert r"ls \x1b[31m xxx" in lines[0]
    assert len(lines[0]) < len(f"{tmp_path}/b.yml: bad does not match its hit: ") + EXAMPLE_LIMIT + 10
    assert "2 rules: 1 passed, 1 failed, 0 without examples; 1 refused" in shown.err


def test_suraghs_own_rules_pass(capsys: Captured) -> None:
    """They are tried if no others are named."""
    assert main(["rules", "test"]) == 0

    shown = capsys.readouterr()
    assert shown.out == ""
    assert "0 failed, 0 without examples; 0 refused" in shown.err
