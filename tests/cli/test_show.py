"""`suragh show`: a report again, whole or one campaign of it."""

import io
import re
from pathlib import Path

import msgspec
import pytest
from tests.export import builders

from suragh.cli.main import main
from suragh.cli.show import chosen
from suragh.errors import UsageError
from suragh.export.json_report import to_json
from suragh.model.report import Report

Captured = pytest.CaptureFixture[str]

IDS = ("00aa11", "00aa22", "13bb33")


def three() -> Report:
    """A report of three campaigns."""
    one = builders.small()
    made = [msgspec.structs.replace(one.campaigns[0], id=name, summary=f"summary of {name}") for name in IDS]
    return msgspec.structs.replace(one, campaigns=tuple(made))


@pytest.fixture
def saved(tmp_path: Path) -> str:
    """A report in a file."""
    path = tmp_path / "report.json"
    path.write_bytes(to_json(three()))
    return str(path)


def test_a_report_is_shown(saved: str, capsys: Captured) -> None:
    """Without a campaign, the summary names all of them."""
    assert main(["show", saved]) == 0

    out, err = capsys.readouterr()
    assert err == ""
    assert all(f"summary of {name}" in out for name in IDS)


@pytest.mark.parametrize(("name", "expected"), [("1", 0), ("3", 2), ("00aa2", 1), ("13bb33", 2), ("13", 2)])
def test_a_campaign_is_chosen_by_number_or_id(name: str, expected: int) -> None:
    """A number counts from 1; what is no number in range begins an id."""
    assert chosen(three(), name).id == IDS[expected]


@pytest.mark.parametrize(
    ("name", "why"), [("00", "begins 2 ids"), ("0", "begins 2 ids"), ("9", "is none"), ("", "is none")]
)
def test_a_campaign_that_is_none_or_several_is_refused(name: str, why: str) -> None:
    """What names no single campaign says why, and what would."""
    with pytest.raises(UsageError, match=rf"campaign '{name}' {why}, expected 1 to 3 or the beginning of one id"):
        chosen(three(), name)


@pytest.mark.parametrize("name", ["²", "9" * 5000, "-1", "1.0", "\x1b[2J"])
def test_what_looks_like_a_number_and_is_none_is_refused(name: str, saved: str, capsys: Captured) -> None:
    """Odd digits, endless ones and escapes are one line, exit 2."""
    assert main(["show", saved, "--", name]) == 2

    err = capsys.readouterr().err
    assert err.startswith("suragh: campaign ")
    assert err.count("\n") == 1
    assert "\x1b" not in err


def test_an_empty_report_says_that_it_holds_none() -> None:
    """Nobody is told to choose 1 to 0."""
    with pytest.raises(UsageError, match="the report holds none"):
        chosen(builders.nothing(), "1")


def test_a_campaign_is_shown(saved: str, capsys: Captured) -> None:
    """With a campaign, that one alone."""
    assert main(["show", saved, "2"]) == 0

    out = capsys.readouterr().out
    assert "summary of 00aa22" in out
    assert "summary of 13bb33" not in out


def test_standard_input_is_read(saved: str, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    """`-` takes the report of a scan before it in the pipe."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(Path(saved).read_bytes())))

    assert main(["show", "-"]) == 0
    assert "summary of 00aa11" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "is no report: "),
        (b"\x00\xff\x1b[2J", "is no report: "),
        (b"[" * 100_000, "is no report: "),
        (b'{"campaigns": []}', "is no report: "),
        (b'{"schema": "other/1"}', "is no report: "),
        (to_json(three())[:-40], "is no report: "),
        (to_json(three()).replace(b"suragh.report/1", b"suragh.report/9"), "schema is 'suragh.report/9', expected"),
    ],
)
def test_what_is_no_report_is_one_line_and_exit_3(data: bytes, expected: str, tmp_path: Path, capsys: Captured) -> None:
    """The line names the file, what is wrong, and how to get one."""
    path = tmp_path / "report.json"
    path.write_bytes(data)

    assert main(["show", str(path)]) == 3

    out, err = capsys.readouterr()
    assert out == ""
    assert re.fullmatch(rf"suragh: {re.escape(str(path))}: {re.escape(expected)}[ -~…]*\n", err)


def test_a_report_that_is_not_there_is_one_line_and_exit_3(tmp_path: Path, capsys: Captured) -> None:
    """A missing file and a folder say what they are."""
    assert main(["show", str(tmp_path / "none.json")]) == 3
    assert main(["show", str(tmp_path)]) == 3

    assert re.fullmatch(r"suragh: .*No such file.*\nsuragh: .*[Ii]s a directory.*\n", capsys.readouterr().err)
