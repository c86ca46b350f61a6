"""`suragh rules list`, `match` and `navigator`."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.detect.rulework import rule
from tests.export import builders

from suragh.cli.main import main
from suragh.export.json_report import to_json

Captured = pytest.CaptureFixture[str]
ID = "00000000-0000-4000-8000-00000000000a"


def written(path: Path, *texts: str) -> str:
    """A rule file, by its name."""
    path.write_text("---\n".join(texts), encoding="utf-8")
    return str(path)


@pytest.fixture
def rules(tmp_path: Path) -> str:
    """Two rules that can be evaluated on records, and one that cannot."""
    return written(
        tmp_path / "r.yml",
        rule({"user": "admin"}, id=ID, level="high", source="login"),
        rule({"user|startswith": "adm"}, name="other", source="vpn"),
        rule({"user|expand": "%admins%"}, name="unusable", source="login"),
    )


@pytest.fixture
def events(tmp_path: Path) -> str:
    """Three records, the second of which is none."""
    path = tmp_path / "log.jsonl"
    path.write_text('{"user": "Admin"}\nnonsense\n{"user": "adm\x1b[31m"}\n'.replace("\x1b", "\\u001b"))
    return str(path)


def test_a_match_is_a_line(rules: str, events: str, capsys: Captured) -> None:
    """Line, rule by its id or else its name, level; what was not read or not evaluated is on standard error."""
    code = main(["rules", "match", events, "--rules", rules])

    shown = capsys.readouterr()
    lines = [json.loads(line) for line in shown.out.splitlines()]
    assert [(one["line"], one["rule"], one["level"]) for one in lines] == [
        (1, ID, "high"),
        (1, "other", "low"),
        (3, "other", "low"),
    ]
    assert code == 5
    assert f"{events}:2: no JSON" in shown.err
    assert "unusable is refused: placeholder" in shown.err
    assert "3 records, 2 rules: 3 matches; 1 lines not read, 1 rules refused" in shown.err


def test_a_log_source_chooses_rules(rules: str, events: str, capsys: Captured) -> None:
    """And no others are told of."""
    main(["rules", "match", events, "--rules", rules, "--logsource", "category=vpn"])

    shown = capsys.readouterr()
    assert {json.loads(line)["rule"] for line in shown.out.splitlines()} == {"other"}
    assert "refused:" not in shown.err


def test_a_clean_log_has_exit_code_0(tmp_path: Path, rules: str, capsys: Captured) -> None:
    """Whether something matches or not."""
    path = tmp_path / "clean.jsonl"
    path.write_text('{"user": "ada"}\n')

    assert main(["rules", "match", str(path), "--rules", rules]) == 0
    assert capsys.readouterr().out == ""


def test_kept_rules_need_no_parser(rules: str, events: str) -> None:
    """The second time they come from the cache, and what parses rules is not even loaded."""
    words = ["rules", "match", events, "--rules", rules]
    program = f"""
import sys
from suragh.cli.main import main
main({words!r})
print(sorted({{'sigma', 'yaml', 'pyparsing'}} & sys.modules.keys()))
"""

    def ran() -> list[str]:
        shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
        return shown.splitlines()

    first, second = ran(), ran()
    assert first[:-1] == second[:-1]
    assert (first[-1], second[-1]) == ("['pyparsing', 'sigma', 'yaml']", "[]")


def test_every_rule_is_listed(tmp_path: Path, capsys: Captured) -> None:
    """With level, name and techniques; then what is refused, with the reason; control characters are shown as such."""
    own = written(
        tmp_path / "r.yml",
        rule({"program": "x"}, title="Bad \x1b[31m title", tags=["attack.t1046"]),
        rule({"x": "y"}, name="foreign"),
    )
    assert main(["rules", "list", "--rules", own]) == 0

    shown = capsys.readouterr()
    assert r"low            wanted  Bad \x1b[31m title  T1046" in shown.out.splitlines()
    *_, last = shown.out.splitlines()
    assert last.startswith(f"refused        {own}  foreign  field 'x'")
    assert "1 refused" in shown.err


def test_the_list_is_lines_of_json_too(tmp_path: Path, capsys: Captured) -> None:
    """A refused rule is one with a reason."""
    own = written(tmp_path / "r.yml", rule({"program": "x"}), rule({"x": "y"}, name="foreign"))
    assert main(["rules", "list", "--json", "--rules", own]) == 0

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {one["name"] for one in lines} >= {"wanted", "foreign", "hash-cracking"}
    assert [one["name"] for one in lines if "reason" in one] == ["foreign"]


def test_a_layer_is_written(tmp_path: Path, capsys: Captured) -> None:
    """To a file or to standard output, with a report or without."""
    report, out = tmp_path / "report.json", tmp_path / "layer.json"
    report.write_bytes(to_json(builders.small()))

    assert main(["rules", "navigator", str(report), "--output", str(out)]) == 0
    assert capsys.readouterr().out == ""
    assert main(["rules", "navigator"]) == 0
    seen, covered = json.loads(out.read_text()), json.loads(capsys.readouterr().out)
    assert (seen["name"], covered["name"]) == ("Suragh: campaigns", "Suragh: rules")
