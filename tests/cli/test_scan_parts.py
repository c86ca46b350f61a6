"""`suragh scan` of a part: a time, what was offered, and apart from it all that could not be read."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cli.test_scan import GOOD, scanned
from tests.engine import once
from tests.engine import telemetry as t

from suragh.cli.main import main
from suragh.model.instant import rfc3339

Captured = pytest.CaptureFixture[str]


@pytest.fixture(scope="module", autouse=True)
def _rules_once() -> Iterator[None]:
    with once.loaded():
        yield


@pytest.fixture
def quiet_work(tmp_path: Path) -> str:
    """Telemetry without any campaign."""
    return t.store(tmp_path / "in", {"a.jsonl": GOOD})[0]


def test_a_period_is_a_scan_of_what_lies_in_it(tmp_path: Path, capsys: Captured) -> None:
    """Lines of other times may as well not be there; the summary says how much was passed over."""
    whole, later = t.claude(t.LOOK), [line for line in t.claude(t.LOOK) if line.known_at >= t.LOOK.at(1)]
    place = t.store(tmp_path / "whole", {"a.jsonl": t.data(whole)})[0]
    part = t.store(tmp_path / "part", {"a.jsonl": t.data(later)})[0]
    _, found = scanned(place, "--since", rfc3339(t.LOOK.at(1)), folder=tmp_path)
    _, expected = scanned(part, folder=tmp_path)

    assert (found.since, found.until, found.passed_over) == (rfc3339(t.LOOK.at(1)), "", len(whole) - len(later))
    assert (found.actions_read, found.first_at, found.apart[0].harm) == (
        expected.actions_read,
        expected.first_at,
        expected.apart[0].harm,
    )
    assert main(["scan", place, "--since", rfc3339(t.LOOK.at(1))]) == 0
    assert f"{found.passed_over} calls, results and messages lie outside the time" in capsys.readouterr().out


def test_a_period_without_anything_says_so(quiet_work: str, capsys: Captured) -> None:
    """Nobody takes it for a clean result of all there is."""
    assert main(["scan", quiet_work, "--until", "2001-01-01"]) == 5
    assert capsys.readouterr() == (
        "",
        f"suragh: {quiet_work}: no session of an agent in the time asked for; 6 acts lie outside it\n",
    )


@pytest.mark.parametrize("value", ["0", "-1", "x", "1.5", "9999"])
def test_a_number_of_processes_is_a_number(value: str, quiet_work: str, capsys: Captured) -> None:
    """What is none is told before anything is read."""
    assert main(["scan", quiet_work, f"--jobs={value}"]) == 2
    assert capsys.readouterr().err == f"suragh: --jobs is {value!r}, expected a number from 1 to 256\n"


def test_all_rejects_are_written(quiet_work: str, tmp_path: Path) -> None:
    """More than the report lists, with every byte; scanned again they are known and hold nothing."""
    broken = [b'{"type": "assistant", "n": %d' % number for number in range(1200)]
    Path(quiet_work).write_bytes(GOOD + b"\n".join(broken))
    place = Path(quiet_work).parent / "rejects.jsonl"
    code, report = scanned(quiet_work, "--rejects", str(place), folder=tmp_path)
    lines = [json.loads(line) for line in place.read_bytes().splitlines()]

    assert (code, report.lines_rejected, len(report.rejected)) == (5, 1200, 1000)
    assert [line["text"].encode() for line in lines] == broken
    assert {line["file"] for line in lines} == {quiet_work}
    assert [line["offset"] for line in lines[:2]] == [len(GOOD), len(GOOD) + len(broken[0]) + 1]

    again, _ = scanned(str(place), folder=tmp_path)
    assert again == 5
    assert main(["scan", str(place.parent), "--quiet", "--rejects", str(place)]) == 5
    assert len(place.read_bytes().splitlines()) == 1200


def test_rejects_go_to_standard_output(quiet_work: str, capsys: Captured) -> None:
    """Which then carries nothing else."""
    Path(quiet_work).write_bytes(GOOD + b"{broken")
    assert main(["scan", quiet_work, "--rejects", "-"]) == 5

    out, err = capsys.readouterr()
    assert json.loads(out)["text"] == "{broken"
    assert "3 actions in 1 source" in err


def test_without_a_path_nothing_is_scanned_unasked(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    """A no is no result, and a yes is a scan of what was offered."""
    monkeypatch.setattr("suragh.cli.scan.offer", lambda _environ: [])

    assert main(["scan"]) == 5
    assert capsys.readouterr() == ("", "suragh: nothing was read\n")


def test_a_yes_scans_what_was_offered(
    quiet_work: str, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:  # fmt: skip
    """As if the paths had been typed."""
    monkeypatch.setattr("suragh.cli.scan.offer", lambda _environ: [quiet_work])

    assert main(["scan"]) == 0
    assert "3 actions in 1 source" in capsys.readouterr().out
