"""`suragh explain`: the session that is meant, and what is said of it."""

import io
from pathlib import Path

import msgspec
import pytest
from tests.export import builders

from suragh.cli.explain import chosen
from suragh.cli.main import main
from suragh.errors import UsageError
from suragh.export.json_report import to_json

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def saved(tmp_path: Path) -> str:
    """The small report in a file."""
    path = tmp_path / "report.json"
    path.write_bytes(to_json(builders.small()))
    return str(path)


def test_each_session_of_the_report_is_explained(saved: str, capsys: Captured) -> None:
    """By its id or the beginning of it, whether it is in a campaign, was in one, or is in none."""
    report = builders.small()
    for name, what in {
        report.campaigns[0].sessions[3]: "is in campaign 1",
        report.campaigns[0].sessions[0][:8]: "is in campaign 1",
        report.apart[0].session.id[:9]: "is in no campaign.",
        "s-2": "was in a hostile campaign",
    }.items():
        assert main(["explain", saved, name]) == 0

        out, err = capsys.readouterr()
        assert err == ""
        assert what in out


def test_a_session_in_two_places_is_told_of_twice(tmp_path: Path, capsys: Captured) -> None:
    """What an engagement covers of it, and what lies beyond."""
    report = builders.small()
    twice = msgspec.structs.replace(report.apart[0], session=report.campaigns[0].sessions_detail[0])
    path = tmp_path / "report.json"
    path.write_bytes(to_json(msgspec.structs.replace(report, apart=(twice,))))

    assert main(["explain", str(path), twice.session.id]) == 0
    out = capsys.readouterr().out
    assert out.index("is in campaign 1") < out.index("is in no campaign.")


def test_a_report_comes_from_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    """As with `suragh show`."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(to_json(builders.small()))))

    assert main(["explain", "-", "s-1"]) == 0
    assert "was in a hostile campaign" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("s-", "session 's-' begins 3 ids, expected the beginning of one"),
        ("", "session '' is not in the report"),
        ("nobody", "no session of that name was read, or no rule found a sign of intrusion in it, or it is one of 12"),
    ],
)
def test_a_session_that_is_none_or_several_is_refused(name: str, why: str) -> None:
    """It says why nothing can be told."""
    with pytest.raises(UsageError, match=why):
        chosen(builders.small(), name)


def test_whose_report_is_whole_says_no_more_than_it_knows() -> None:
    """Where nothing was left out, it cannot be one of those."""
    report = msgspec.structs.replace(builders.small(), apart_left_out=0)

    with pytest.raises(UsageError, match=r"no rule found a sign of intrusion in it$"):
        chosen(report, "nobody")


def test_a_name_that_begins_another_is_itself() -> None:
    """An id is meant before what it begins."""
    report = builders.small()
    gone = msgspec.structs.replace(report.withdrawn[0], sessions=("s-1", "s-11"))

    assert chosen(msgspec.structs.replace(report, withdrawn=(gone,)), "s-1") == "s-1"
