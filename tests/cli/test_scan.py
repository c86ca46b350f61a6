"""`suragh scan`: exit codes, outputs, broken files and bad input."""

import gzip
import io
import json
import os
import re
import tarfile
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from tests.engine import once
from tests.engine import telemetry as t
from tests.export import builders

from suragh.cli.main import main
from suragh.cli.scan import exit_code
from suragh.model.report import Report, Verdict

Captured = pytest.CaptureFixture[str]

GOOD = t.data(t.claude(t.OTHERS[0]))


@pytest.fixture(scope="module", autouse=True)
def _rules_once() -> Iterator[None]:
    with once.loaded():
        yield


def scanned(*arguments: str, folder: Path) -> tuple[int, Report]:
    """The exit code of a quiet scan, and its report."""
    path = folder / "report-of-test.json"
    code = main(["scan", *arguments, "--quiet", "--json", str(path)])
    return code, msgspec.json.decode(path.read_bytes(), type=Report)


@pytest.fixture
def quiet_work(tmp_path: Path) -> str:
    """Telemetry without any campaign."""
    return t.store(tmp_path / "in", {"a.jsonl": GOOD})[0]


@pytest.fixture
def campaign(tmp_path: Path) -> list[str]:
    """Telemetry with a campaign in it, and how to name its accounts."""
    t.store(tmp_path / "in", t.all_data())
    return [str(tmp_path / "in"), "--accounts", t.accounts(tmp_path)]


def test_all_read_and_nothing_found_is_0(quiet_work: str, capsys: Captured) -> None:
    """The summary goes to standard output, and nothing to standard error."""
    assert main(["scan", quiet_work]) == 0

    out, err = capsys.readouterr()
    assert "3 actions in 1 source" in out
    assert err == ""


def test_a_hostile_campaign_is_1(campaign: list[str], capsys: Captured) -> None:
    """The summary names its accounts."""
    assert main(["scan", *campaign]) == 1

    out, err = capsys.readouterr()
    assert "acct-a, acct-b, acct-c" in out
    assert err == ""


def test_a_hostile_campaign_wins_over_unreadable_input(campaign: list[str], tmp_path: Path, capsys: Captured) -> None:
    """1, not 5; the summary still says what could not be read."""
    t.store(tmp_path / "in", {"rubbish": b"\x00\x01rubbish"})

    assert main(["scan", *campaign]) == 1
    assert "Could not be read: 1 record" in capsys.readouterr().out


def test_unreadable_input_without_a_campaign_is_5(quiet_work: str, tmp_path: Path, capsys: Captured) -> None:
    """Nobody takes it for a clean result."""
    t.store(tmp_path / "in", {"rubbish": b"\x00\x01rubbish"})

    assert main(["scan", quiet_work, str(tmp_path / "in")]) == 5
    assert "Could not be read" in capsys.readouterr().out


@pytest.mark.parametrize("verdict", list(Verdict))
@pytest.mark.parametrize("rejected", [0, 1])
@pytest.mark.parametrize("sessions", [0, 1])
def test_the_exit_code_is_one_of_three(verdict: Verdict, rejected: int, sessions: int) -> None:
    """1 for hostile whatever else; 5 for anything unread or nothing read; else 0."""
    one = builders.campaign(accounts=1, sessions=1, verdict=verdict)
    report = msgspec.structs.replace(
        builders.nothing(), campaigns=(one,), lines_rejected=rejected, sessions_read=sessions
    )

    expected = 1 if verdict is Verdict.HOSTILE else 5 if rejected or not sessions else 0
    assert exit_code(report) == expected


@pytest.mark.parametrize("loudness", [[], ["--quiet"]])
def test_an_empty_folder_is_one_line_and_exit_5(loudness: list[str], tmp_path: Path, capsys: Captured) -> None:
    """No empty summary that looks like a clean one."""
    assert main(["scan", str(tmp_path), *loudness]) == 5
    assert capsys.readouterr() == ("", f"suragh: {tmp_path}: no file there, nothing was read\n")


@pytest.mark.parametrize("name", ["none", "no*ne"])
def test_an_unknown_folder_is_one_line_and_exit_5(name: str, tmp_path: Path, capsys: Captured) -> None:
    """A folder that is not there, and a pattern that matches nothing."""
    assert main(["scan", str(tmp_path / name)]) == 5

    out, err = capsys.readouterr()
    assert out == ""
    assert re.fullmatch(rf"suragh: {re.escape(str(tmp_path / name))}: [^\n]+\n", err)


def test_a_folder_without_telemetry_is_one_line_and_exit_5(tmp_path: Path, capsys: Captured) -> None:
    """The line says why nothing was read."""
    t.store(tmp_path, {"a.txt": b"hello\n", "b": b"", "c.md": b"# c\n"})

    assert main(["scan", str(tmp_path)]) == 5

    out, err = capsys.readouterr()
    assert out == ""
    assert err == f"suragh: {tmp_path}: no session of an agent in 3 files: format is not known (2)\n"


@pytest.mark.parametrize("kind", ["json", "html"])
def test_standard_output_carries_the_report_alone(
    kind: str, campaign: list[str], capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    """The summary goes to standard error instead; what the file would hold is what standard output holds."""
    assert main(["scan", *campaign, f"--{kind}", "-"]) == 1

    out, err = capsysbinary.readouterr()
    assert b"hostile campaign" in err
    if kind == "json":
        assert json.loads(out)["sessions_read"] == t.SESSIONS
    else:
        assert out.lower().startswith(b"<!doctype html>")
        assert out.rstrip().endswith(b"</html>")


def test_quiet_prints_nothing(campaign: list[str], tmp_path: Path, capsys: Captured) -> None:
    """The exit code and the files say it all."""
    page = tmp_path / "page.html"

    assert main(["scan", *campaign, "--quiet", "--html", str(page)]) == 1
    assert capsys.readouterr() == ("", "")
    assert page.read_bytes().lower().startswith(b"<!doctype html>")


def test_verbose_tells_files_by_format_and_rejections(quiet_work: str, tmp_path: Path, capsys: Captured) -> None:
    """Which file was read as what, how much it held, and where what was not read lies."""
    t.store(tmp_path / "in", {"b.jsonl": GOOD + b"no json\n", "c": b"rubbish"})

    assert main(["scan", str(tmp_path / "in"), "--verbose"]) == 5

    out = capsys.readouterr().out
    assert "claude-code: 2 files, 13 records, 6 calls, 1 rejected\n" in out
    assert f"  {quiet_work}  6 records, 3 calls, 0 rejected\n" in out
    assert f"rejected: {tmp_path}/in/b.jsonl at byte {len(GOOD):,}: no JSON" in out
    assert f"rejected: {tmp_path}/in/c at byte 0: format is not known\n" in out


@pytest.mark.parametrize("kind", ["json", "html"])
def test_an_unwritable_place_is_one_line_and_exit_3(
    kind: str, quiet_work: str, tmp_path: Path, capsys: Captured
) -> None:
    """It is told before anything is read."""
    place = str(tmp_path / "none" / "report")

    assert main(["scan", quiet_work, f"--{kind}", place]) == 3
    assert capsys.readouterr() == ("", f"suragh: {place}: cannot be written: its folder does not exist\n")


def test_a_full_disk_is_one_line_and_exit_3(quiet_work: str, capsys: Captured) -> None:
    """What only shows at the end is told at the end."""
    assert main(["scan", quiet_work, "--quiet", "--json", "/dev/full"]) == 3
    assert capsys.readouterr() == ("", "suragh: /dev/full: cannot be written: No space left on device\n")


def test_the_evidence_is_not_written_over(quiet_work: str, capsys: Captured) -> None:
    """A report cannot take the place of what it speaks of."""
    assert main(["scan", quiet_work, "--json", quiet_work]) == 2
    assert Path(quiet_work).read_bytes() == GOOD
    assert "is one of the inputs" in capsys.readouterr().err


def test_an_archive_is_evidence_too(quiet_work: str, tmp_path: Path, capsys: Captured) -> None:
    """Its members have its name before theirs."""
    place = tmp_path / "logs!.tar"
    with tarfile.open(place, "w") as archive:
        archive.add(quiet_work, "a.jsonl")
    data = place.read_bytes()

    assert main(["scan", str(place), "--json", str(place)]) == 2
    assert place.read_bytes() == data
    assert "is one of the inputs" in capsys.readouterr().err


def test_a_report_of_before_may_be_written_over(quiet_work: str) -> None:
    """Who scans a folder twice, with the report in it, is not stopped; the old report is known and passed over."""
    folder = Path(quiet_work).parent

    assert scanned(str(folder), folder=folder)[0] == 0
    code, report = scanned(str(folder), folder=folder)
    assert (code, report.lines_rejected) == (0, 0)


def test_two_reports_need_two_places(quiet_work: str, capsys: Captured) -> None:
    """Standard output holds one."""
    assert main(["scan", quiet_work, "--json", "-", "--html", "-"]) == 2
    assert capsys.readouterr() == ("", "suragh: --json and --html name one place, expected one each\n")


def test_standard_input_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also compressed; its name is `-`."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(gzip.compress(GOOD))))

    code, report = scanned("-", folder=tmp_path)
    assert (code, report.actions_read, [source.file for source in report.sources]) == (0, 3, ["-"])


ENGAGEMENT = {
    "id": "E-1",
    "issuer": "Red Team Lead",
    "contact": "lead@example.com",
    "accounts": ["acct-a", "acct-b", "acct-c"],
    "targets": ["example.com", "192.0.2.0/24", "203.0.113.0/24", "temp.sh"],
    "not_before": "2026-01-01T00:00:00Z",
    "not_after": "2026-02-01T00:00:00Z",
}


def engagements(**more: object) -> bytes:
    """A file of one engagement, with other fields."""
    row = {key: value for key, value in (ENGAGEMENT | more).items() if value is not None}
    return json.dumps({"engagements": [row]}).encode()


@pytest.mark.parametrize(
    ("option", "data", "expected"),
    [
        ("--accounts", b"", "accounts file is empty, expected a header such as sessionId,account"),
        ("--accounts", b"a,b\n1,2\n", ":1: header names no session or no account column, expected"),
        ("--accounts", b"session,account\na\n", ":2: row has 1 cells, expected 2"),
        ("--accounts", b"session,account\n\na,\n", ":3: row has an empty session or account"),
        ("--accounts", b"session,account\n\xff,b\n", ":2: row is not UTF-8"),
        ("--accounts", b"\x1f\x8b\x08\x00\x1b[2J", ":1: header names no session"),
        ("--engagements", b"", "the file holds no engagement, expected"),
        ("--engagements", b"{}", "the file holds no engagement, expected"),
        ("--engagements", b"{\x1b[2J", "no engagements can be read"),
        ("--engagements", b"x = [\n\x1b", "no engagements can be read"),
        ("--engagements", b"\xff\xfe", "no engagements can be read"),
        ("--engagements", engagements(issuer=None), "issuer"),
        ("--engagements", engagements(accounts="acct-a"), "accounts"),
        ("--engagements", engagements(not_after="soon"), "not_after is 'soon', expected a time such as 2026-"),
        ("--engagements", engagements(not_after="2025-01-01T00:00:00Z"), "not_after is before not_before"),
    ],
)
def test_a_broken_hand_in_is_one_line_and_exit_3(
    option: str, data: bytes, expected: str, quiet_work: str, tmp_path: Path, capsys: Captured
) -> None:
    """The line names the file, and says what is and what was expected."""
    path = tmp_path / "handed-in"
    path.write_bytes(data)

    assert main(["scan", quiet_work, option, str(path)]) == 3

    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"suragh: {path}")
    assert expected in err
    assert err.count("\n") == 1
    assert "\x1b" not in err


@pytest.mark.parametrize("option", ["--accounts", "--engagements"])
def test_a_missing_hand_in_is_one_line_and_exit_3(
    option: str, quiet_work: str, tmp_path: Path, capsys: Captured
) -> None:
    """As any file that cannot be read."""
    path = str(tmp_path / "none")

    assert main(["scan", quiet_work, option, path]) == 3
    assert capsys.readouterr() == ("", f"suragh: {path}: cannot be read: No such file or directory\n")


def test_an_engagement_that_covers_all_leaves_nothing_hostile(campaign: list[str], tmp_path: Path) -> None:
    """Inside its accounts, targets and dates the same actions are authorised."""
    path = tmp_path / "engagements.json"
    path.write_bytes(engagements())
    code, report = scanned(*campaign, "--engagements", str(path), folder=tmp_path)

    assert code == 0
    assert [(c.verdict, c.accounts) for c in report.campaigns] == [(Verdict.AUTHORISED, ("acct-a", "acct-b", "acct-c"))]


def test_an_engagement_that_ended_covers_nothing(campaign: list[str], tmp_path: Path) -> None:
    """Outside its dates the campaign is hostile as before."""
    path = tmp_path / "engagements.json"
    path.write_bytes(engagements(not_after="2026-01-01T00:00:01Z"))

    assert scanned(*campaign, "--engagements", str(path), folder=tmp_path)[0] == 1


LINES = GOOD.splitlines(keepends=True)
BROKEN = {
    "a line that is no JSON": (LINES[0] + b"no json at all\n" + b"".join(LINES[1:]), len(LINES[0]), "no JSON"),
    "a cut line": (GOOD + LINES[0][:50], len(GOOD), "no JSON"),
    "a line of another kind": (GOOD + b"[1, 2]\n", len(GOOD), "line is of no known format"),
    "a line of no known format": (GOOD + b'{"a": 1}\n', len(GOOD), "line is of no known format"),
    "invalid UTF-8": (GOOD + LINES[0].replace(b"pytest", b"py\xfftest"), len(GOOD), "invalid UTF-8"),
    "a time that is none": (GOOD + re.sub(rb"2026-[^\"]*Z", b"soon", LINES[0]), len(GOOD), "timestamp"),
    "nesting without end": (GOOD + b"[" * 200_000 + b"\n", len(GOOD), ""),
    "zeros": (GOOD + b"\x00" * 1000 + b"\n", len(GOOD), "no JSON"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_line_is_counted_and_the_rest_is_read(what: str, tmp_path: Path) -> None:
    """One rejection with file, offset and reason; all other actions are there."""
    content, offset, reason = BROKEN[what]
    [name] = t.store(tmp_path / "in", {"a.jsonl": content})
    code, report = scanned(name, folder=tmp_path)

    assert (code, report.lines_rejected, report.actions_read) == (5, 1, 3)
    [rejected] = report.rejected
    assert (rejected.file, rejected.offset) == (name, offset)
    assert reason in rejected.reason
    assert report.rejected_reasons == {rejected.reason: 1}
    assert report.sources[0].rejected == 1


PACKED = gzip.compress(GOOD * 200)
FILES = {
    "binary rubbish": (bytes(range(256)) * 20, "format is not known"),
    "a gzip that breaks off": (PACKED[: len(PACKED) // 2], "gzip stream breaks off"),
    "a gzip of nothing known": (gzip.compress(b"hello"), "format is not known"),
    "a gzip header alone": (b"\x1f\x8b\x08\x00", "gzip stream breaks off"),
    "a zstd of rubbish": (b"\x28\xb5\x2f\xfdrubbish", "zstd stream breaks off"),
    "an xz of rubbish": (b"\xfd7zXZ\x00rubbish", "xz stream breaks off"),
}


@pytest.mark.parametrize("what", FILES)
def test_a_broken_file_is_counted_and_the_others_are_read(what: str, tmp_path: Path) -> None:
    """The file is named with the reason; its neighbours give all their actions."""
    content, reason = FILES[what]
    t.store(tmp_path / "in", {"a.jsonl": GOOD, "broken": content, "z.jsonl": t.data(t.claude(t.OTHERS[1]))})
    code, report = scanned(str(tmp_path / "in"), folder=tmp_path)

    assert code == 5
    assert report.actions_read == 6
    found = [item for item in report.rejected if reason in item.reason]
    assert [Path(item.file).name for item in found] == ["broken"]
    assert report.lines_rejected == len(report.rejected)


def test_an_empty_file_is_no_failure(tmp_path: Path) -> None:
    """It is listed, holds nothing, and is not counted as unread."""
    t.store(tmp_path / "in", {"a.jsonl": GOOD, "empty": b"", "blank": b"\n \n"})
    code, report = scanned(str(tmp_path / "in"), folder=tmp_path)

    assert (code, report.lines_rejected, len(report.sources)) == (0, 0, 3)


def test_what_is_no_file_is_counted_and_never_waited_for(tmp_path: Path) -> None:
    """A pipe, a link to itself and a dangling link are named with the reason; a loop of folders ends."""
    t.store(tmp_path / "in", {"a.jsonl": GOOD})
    os.mkfifo(tmp_path / "in" / "pipe")
    (tmp_path / "in" / "loop").symlink_to("loop")
    (tmp_path / "in" / "dangling").symlink_to("nothing")
    (tmp_path / "in" / "folder").symlink_to(tmp_path / "in")
    code, report = scanned(str(tmp_path / "in"), folder=tmp_path)

    assert (code, report.actions_read) == (5, 3)
    reasons = {Path(item.file).name: item.reason for item in report.rejected}
    assert set(reasons) == {"pipe", "loop", "dangling"}
    assert "is a pipe" in reasons["pipe"]
