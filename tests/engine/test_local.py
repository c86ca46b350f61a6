"""A scan, end to end: counted once, whatever the order, honest about when, and silent about secrets."""

import gzip
import io
import json
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console
from tests.engine import once
from tests.engine import telemetry as t

import suragh
from suragh.export.json_report import to_json
from suragh.export.page import page
from suragh.export.terminal import campaign_view, summary
from suragh.model.instant import DAWN, parse_rfc3339
from suragh.model.report import Campaign, Report, Verdict

SHARED = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module", autouse=True)
def _rules_once() -> Iterator[None]:
    with once.loaded():
        yield


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the scans of this file lie."""
    return tmp_path_factory.mktemp("scans")


_COUNT = iter(range(10**9))


def scan(files: dict[str, bytes], folder: Path, table: bytes = t.ACCOUNTS) -> Report:
    """The report on some files, whose accounts a table names."""
    place = folder / str(next(_COUNT))
    paths = t.store(place / "in", files)
    return suragh.scan(paths, accounts=[t.accounts(place, table)])


@pytest.fixture(scope="module")
def whole(folder: Path) -> Report:
    """The report on all of the telemetry, once, in order."""
    return scan(t.all_data(), folder)


def placeless(report: Report) -> bytes:
    """A report as JSON without where its records happened to lie."""
    campaigns = tuple(
        msgspec.structs.replace(
            one, evidence=tuple(msgspec.structs.replace(e, file="", line=0, offset=0) for e in one.evidence)
        )
        for one in report.campaigns
    )
    return to_json(msgspec.structs.replace(report, campaigns=campaigns, sources=()))


def hostile(report: Report) -> list[Campaign]:
    """The hostile campaigns."""
    return [one for one in report.campaigns if one.verdict is Verdict.HOSTILE]


def test_a_campaign_over_three_accounts_and_formats_is_one(whole: Report) -> None:
    """Its accounts, sessions and first and last action are those of the telemetry; nobody else is in it."""
    [one] = whole.campaigns

    assert (one.verdict, one.accounts, one.sessions) == (
        Verdict.HOSTILE,
        ("acct-a", "acct-b", "acct-c"),
        ("look", "read", "use"),
    )
    assert parse_rfc3339(one.first_action_at) == t.LOOK.at(0)
    assert t.USE.at(3) <= parse_rfc3339(one.last_action_at) <= t.USE.at(3) + t.LATER
    assert {"db-09.example.com", "files-02.example.com"} <= set(one.targets)


def test_sessions_and_actions_are_counted(whole: Report) -> None:
    """As many as the telemetry holds, though each request of a chat log repeats those before."""
    assert (whole.sessions_read, whole.actions_read, whole.accounts_read) == (t.SESSIONS, t.ACTIONS, t.SESSIONS)
    assert (whole.lines_rejected, whole.rejected, whole.withdrawn) == (0, (), ())
    assert whole.sessions_without_account == 0
    assert whole.first_at == "2026-01-01T00:00:00Z"
    assert [len(source.file) > 0 and source.rejected for source in whole.sources] == [0, 0, 0, 0]


def test_a_scan_without_accounts_says_what_was_used_instead(folder: Path) -> None:
    """A session that nobody names is an account of its own, and the report says how many are."""
    place = folder / str(next(_COUNT))
    report = suragh.scan(t.store(place, {"look.jsonl": t.data(t.claude(t.LOOK))}))

    assert (report.sessions_without_account, report.accounts_read) == (1, 1)
    assert any("1 of 1 sessions name no account" in note for note in report.notes)


def test_a_table_among_the_inputs_names_accounts_and_is_told(whole: Report, folder: Path) -> None:
    """The same campaign; a note says that a table was found."""
    place = folder / str(next(_COUNT))
    report = suragh.scan(t.store(place, t.all_data() | {"who.csv": t.ACCOUNTS}))

    assert [(one.id, one.accounts) for one in report.campaigns] == [(one.id, one.accounts) for one in whole.campaigns]
    assert any("who.csv" in note for note in report.notes)


@pytest.mark.parametrize("name", list(t.feeds()))
def test_a_file_twice_counts_once(name: str, whole: Report, folder: Path) -> None:
    """Under another name, compressed: every number and every word but the sources is the same."""
    files = t.all_data()
    report = scan(files | {f"copy-of-{name}.gz": gzip.compress(files[name])}, folder)

    assert placeless(report) == placeless(whole)


@pytest.mark.parametrize("name", list(t.feeds()))
def test_a_line_delivered_twice_counts_once(name: str, whole: Report, folder: Path) -> None:
    """At-least-once delivery changes nothing."""
    lines = t.feeds()[name]
    doubled = b"".join(line.data * (1 + number % 3) for number, line in enumerate(lines))
    report = scan(t.all_data() | {name: doubled}, folder)

    assert placeless(report) == placeless(whole)


def test_a_replayed_history_counts_once(whole: Report, folder: Path) -> None:
    """A resumed session whose file repeats the one before it adds a session, and no action."""
    replayed = t.data(t.claude(t.LOOK)).replace(b'"sessionId": "look"', b'"sessionId": "look-again"')
    assert b"look-again" in replayed
    later = t.Session("look-again", "acct-a", 50 * t.HOUR, (t.Step("ls -la", "notes.md"),))
    report = scan(
        t.all_data() | {"again.jsonl": replayed + t.data(t.claude(later))}, folder, t.ACCOUNTS + b"look-again,acct-a\n"
    )

    assert report.actions_read == whole.actions_read + 1
    assert report.sessions_read == whole.sessions_read + 1
    assert [one.harm.points for one in report.campaigns] == [one.harm.points for one in whole.campaigns]


@SHARED
@given(data=st.data())
def test_the_order_of_lines_and_files_means_nothing(data: st.DataObject, whole: Report, folder: Path) -> None:
    """Lines in any order, in files of any names, in any number: the same report, byte by byte."""
    feeds = t.feeds()
    rollout = feeds.pop("read.jsonl")  # its first line alone names the session
    lines = data.draw(st.permutations([line.data for part in feeds.values() for line in part]))
    cuts = sorted(data.draw(st.sets(st.integers(1, len(lines) - 1), max_size=6)))
    parts = [lines[low:high] for low, high in zip([0, *cuts], [*cuts, len(lines)], strict=True)]
    contents = [t.data(rollout), *(b"".join(part) for part in parts)]
    names = data.draw(st.permutations([f"{number}.log" for number in range(len(contents))]))

    assert placeless(scan(dict(zip(names, contents, strict=True)), folder)) == placeless(whole)


def known(until: int, folder: Path) -> Report:
    """The report of who knows only what was known at a time."""
    return scan(t.all_data(until=until), folder)


def test_detected_at_is_the_first_moment_at_which_it_is_so(whole: Report, folder: Path) -> None:
    """What was known then is hostile already; one nanosecond before, it was not."""
    [one] = hostile(whole)
    at = parse_rfc3339(one.detected_at)
    [then] = hostile(known(at, folder))

    assert (then.id, then.detected_at) == (one.id, one.detected_at)
    assert set(then.sessions) <= set(one.sessions)
    assert hostile(known(at - 1, folder)) == []


def test_at_every_moment_the_report_is_that_of_what_was_known(whole: Report, folder: Path) -> None:
    """A campaign that is hostile at a time was detected at or before it, and the moment never moves afterwards."""
    [one] = hostile(whole)
    at = parse_rfc3339(one.detected_at)
    times = sorted({line.known_at for part in t.feeds().values() for line in part if line.known_at >= t.LOOK.at(0)})
    for moment in times:
        found = hostile(known(moment, folder))
        assert bool(found) is (moment >= at)
        assert [then.detected_at for then in found] == [one.detected_at] * len(found)


def rendered(report: Report) -> dict[str, str]:
    """All that a report says, in every form in which it is said."""
    screen = Console(file=io.StringIO(), width=200)
    screen.print(summary(report))
    for one in report.campaigns:
        screen.print(campaign_view(report, one))
    assert isinstance(screen.file, io.StringIO)
    return {"json": to_json(report).decode(), "page": page(report), "terminal": screen.file.getvalue()}


def test_a_credential_is_never_shown(whole: Report) -> None:
    """Neither in the JSON nor on the page nor on a terminal, whether it stood in a command or in a result."""
    texts = rendered(whole)

    assert all("db-09.example.com" in text for text in texts.values())
    for secret in (t.PASSWORD, "Vx-81-kestrel"):
        assert [form for form, text in texts.items() if secret in text] == []


def test_what_one_account_read_and_another_used_joins_them(whole: Report) -> None:
    """A password read in a result of an attack, then typed by another account, is a link with a flow."""
    [one] = hostile(whole)
    link = next(link for link in one.links if link.kind == "credential")

    assert link.sessions == ("read", "use")
    assert link.flow is not None
    assert (link.flow.read_by, link.flow.used_by) == ("read", "use")


def test_nothing_hides_in_arguments(folder: Path) -> None:
    """The campaign stays what it is where its telemetry carries texts that no rule reads."""
    report = scan(t.all_data() | {"use.jsonl": _padded(" and more")}, folder)

    assert [one.sessions for one in hostile(report)] == [("look", "read", "use")]


@pytest.mark.parametrize("trick", ["\ud800", "\x01"])
def test_a_sign_that_one_decoder_refuses_hides_nothing(trick: str, folder: Path) -> None:
    """A lone surrogate in the arguments, or a raw control character, does not take a command away from the rules."""
    report = scan(t.all_data() | {"use.jsonl": _padded(trick).replace(b"\\\\u0001", b"\\u0001")}, folder)

    assert [one.sessions for one in hostile(report)] == [("look", "read", "use")]


def _padded(text: str) -> bytes:
    steps = tuple(t.Step(f"{step.command} # {text}", step.result) for step in t.USE.steps)
    return t.data(t.otlp(t.Session(t.USE.name, t.USE.account, t.USE.start, steps)))


ODD = (None, True, 0, -1, 1.5, 10**30, "", "x" * 5000, "\x00", [], {}, [[]], [None], {"a": {}}, "18446744073709551615")


def places(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The way to each part of a JSON value."""
    if path:
        yield path
    if isinstance(value, dict):
        for key, item in value.items():
            yield from places(item, (*path, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from places(item, (*path, number))


def changed(line: bytes, path: tuple[str | int, ...], value: object) -> bytes:
    """A line of JSON with one part exchanged."""
    whole = json.loads(line)
    inner = whole
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return json.dumps(whole).encode() + b"\n"


@SHARED
@given(data=st.data())
def test_no_value_of_a_wrong_kind_breaks_a_scan(data: st.DataObject, folder: Path) -> None:
    """One part of one line is something else: everything else is read, and the report can be written."""
    name = data.draw(st.sampled_from(sorted(t.feeds())))
    lines = [line.data for line in t.feeds()[name]]
    number = data.draw(st.integers(0, min(len(lines) - 1, 7)))
    path = data.draw(st.sampled_from(list(places(json.loads(lines[number])))))
    lines[number] = changed(lines[number], path, data.draw(st.sampled_from(ODD)))
    report = scan(t.all_data() | {name: b"".join(lines)}, folder)

    assert rendered(report)["json"]
    assert report.actions_read >= t.ACTIONS - max(len(one.steps) for one in (t.LOOK, t.READ, t.USE))
    assert len({item.offset for item in report.rejected}) <= 1


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("look.jsonl", ("message", "content", 0)),
        ("read.jsonl", ("payload",)),
        ("use.jsonl", ("resourceSpans", 0)),
        ("work.jsonl", ("response", "body", "choices")),
    ],
)
def test_a_lone_surrogate_in_place_of_an_object_breaks_nothing(
    name: str, path: tuple[str | int, ...], folder: Path
) -> None:
    """It is a wrong value as any other."""
    lines = [line.data for line in t.feeds()[name]]
    lines[1] = changed(lines[1], path, "\ud800")

    assert scan(t.all_data() | {name: b"".join(lines)}, folder).lines_rejected <= 1


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00Z", "1600-01-01T00:00:00.000Z", "9999-12-31T23:59:59Z"])
def test_a_time_out_of_all_range_breaks_nothing(time: str, folder: Path) -> None:
    """The record is rejected, and the rest is read."""
    lines = [line.data for line in t.claude(t.LOOK)]
    lines[0] = changed(lines[0], ("timestamp",), time)
    report = scan({"look.jsonl": b"".join(lines)}, folder)

    assert report.lines_rejected == 1
    assert report.actions_read == len(t.LOOK.steps) - 1


def test_standard_input_is_scanned(whole: Report, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All formats joined in one stream; evidence is found in it again."""
    joined = b"".join(t.all_data().values())
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(joined)))
    report = suragh.scan(["-"], accounts=[t.accounts(folder)])

    assert placeless(report) == placeless(whole)
    assert {e.file for one in report.campaigns for e in one.evidence} == {"-"}


def test_progress_is_told_and_grows(folder: Path) -> None:
    """Each step names a source; what is done never shrinks and ends at all there is."""
    told: list[tuple[str, int, int]] = []
    paths = t.store(folder / "progress", t.all_data())
    suragh.scan(paths, on_progress=lambda step, done, total: told.append((step, done, total)))

    assert [step for step, _, _ in told] == sorted(paths)
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)
    assert told[-1][1] == told[-1][2] == sum(len(content) for content in t.all_data().values())


def test_progress_of_compressed_files_ends_at_all_there_is(folder: Path) -> None:
    """A bar that reaches its end when the work does."""
    told: list[tuple[int, int]] = []
    [path] = t.store(folder / "packed", {"a.gz": gzip.compress(t.all_data()["work.jsonl"])})
    suragh.scan([path], on_progress=lambda _step, done, total: told.append((done, total)))

    assert told[-1][0] == told[-1][1]


def test_no_telemetry_is_a_report_too(tmp_path: Path) -> None:
    """Of nothing: no times, no campaigns, no failure."""
    report = suragh.scan([tmp_path])

    assert (report.sessions_read, report.actions_read, report.campaigns) == (0, 0, ())
    assert (report.first_at, report.last_at, report.sources) == ("", "", ())
    assert report.rules > 100


def test_a_missing_path_is_an_error_of_the_caller(tmp_path: Path) -> None:
    """Nothing is scanned by half."""
    with pytest.raises(suragh.UsageError, match="does not exist"):
        suragh.scan([tmp_path / "none"])


@pytest.mark.parametrize("argument", ["accounts", "engagements"])
def test_a_missing_hand_in_is_a_set_up_error(argument: str, tmp_path: Path) -> None:
    """Before anything is read."""
    name = str(tmp_path / "none")
    given: dict[str, object] = {"accounts": [name]} if argument == "accounts" else {"engagements": name}
    with pytest.raises(suragh.SetupError, match="No such file"):
        suragh.scan([tmp_path], **given)  # type: ignore[arg-type]


def test_a_report_comes_back_from_json_as_it_was(whole: Report) -> None:
    """The same objects in Python and in the file."""
    assert msgspec.json.decode(to_json(whole), type=Report) == whole


def test_what_was_handed_in_was_always_known(folder: Path) -> None:
    """A table of accounts counts from the beginning of time: cut at any time, sessions keep their accounts."""
    report = known(t.LOOK.at(0), folder)

    assert t.LOOK.at(0) > DAWN
    assert report.sessions_without_account == 0
