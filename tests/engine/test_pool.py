"""More processes: the same report to the byte, whatever was in the files and however they were shared out."""

import io
import json
import os
import signal
import subprocess
import sys
import tarfile
from contextlib import ExitStack
from itertools import chain, groupby
from multiprocessing import get_context
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine import once
from tests.engine import telemetry as t

import suragh
from suragh.engine import pool
from suragh.engine.period import Period
from suragh.engine.pool import TASK_BYTES, TASK_FILES, Plan, cut
from suragh.engine.reading import Lens, Place, gather
from suragh.export.json_report import to_json
from suragh.model.report import Report
from suragh.store.inputs import open_inputs

RUBBISH = {
    "a-broken.jsonl": b'{"type": "assistant", "sessionId": "s", "timestamp": 5}\n{"no json\n' * 30,
    "m-unknown.bin": bytes(range(256)) * 4,
    "z-empty.jsonl": b"",
}


def packed(files: dict[str, bytes]) -> bytes:
    """These files as a compressed archive."""
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w:gz") as archive:
        for name, content in files.items():
            about = tarfile.TarInfo(name)
            about.size = len(content)
            archive.addfile(about, io.BytesIO(content))
    return whole.getvalue()


def scanned(folder: Path, jobs: int) -> tuple[Report, bytes, list[tuple[str, int, int]]]:
    """A report by so many processes, its rejects, and what was told meanwhile."""
    told: list[tuple[str, int, int]] = []
    rejects = io.BytesIO()
    with once.loaded():
        report = suragh.scan(
            [folder / "in"],
            accounts=[t.accounts(folder)],
            since="2026-01-01T00:20:00Z",
            rejects=rejects,
            jobs=jobs,
            on_progress=lambda *progress: told.append(progress),
        )
    return report, rejects.getvalue(), told


def test_any_number_of_processes_gives_one_report(tmp_path: Path) -> None:
    """A campaign over three formats, a table of accounts among the input, doubles, rubbish; limits and rejects, too."""
    files = t.all_data() | RUBBISH | {"who.csv": t.ACCOUNTS}
    files |= {"copy.jsonl": files["look.jsonl"] * 2, "more.tar.gz": packed(t.all_data(["read.jsonl", "work.jsonl"]))}
    t.store(tmp_path / "in", files)
    plain, plain_rejects, _ = scanned(tmp_path, 1)
    report, rejects, told = scanned(tmp_path, 3)

    assert plain.campaigns[0].accounts == ("acct-a", "acct-b", "acct-c")
    assert plain.passed_over > 0
    assert len(plain_rejects.splitlines()) == plain.lines_rejected > 2
    assert to_json(report) == to_json(plain)
    assert rejects == plain_rejects
    assert told[-1][1] == told[-1][2] == sum(map(len, files.values()))


def test_what_goes_wrong_in_a_process_ends_the_scan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A report on a part would be taken for one on the whole."""
    t.store(tmp_path / "in", t.all_data())
    monkeypatch.setattr(pool, "to_bytes", lambda _ready: b"no rules")

    with pytest.raises(Exception, match=r"process pool|usable"):
        scanned(tmp_path, 2)


@given(st.lists(st.tuples(st.sampled_from("aabcd"), st.integers(0, 2 * TASK_BYTES)), max_size=60), st.integers(1, 8))
def test_tasks_hold_each_source_once_and_in_order(made: list[tuple[str, int]], jobs: int) -> None:
    """None is empty; one that holds more than one file is no larger than a task may be; no archive is cut."""
    files = [(Path(name), size) for name, size in made]
    tasks = list(cut(files, jobs))

    assert list(chain.from_iterable(tasks)) == list(range(len(files)))
    assert all(tasks)
    for task in tasks:
        assert task.start == 0 or files[task.start][0] != files[task.start - 1][0]
        *before, last = (list(group) for _, group in groupby(files[task.start : task.stop], key=lambda file: file[0]))
        assert not before or sum(size for group in before for _, size in group) + last[0][1] <= TASK_BYTES


def test_many_small_files_are_several_tasks() -> None:
    """However small, so that no process is without work."""
    tasks = list(cut([(Path(str(number)), 1) for number in range(5 * TASK_FILES)], 4))

    assert len(tasks) >= 5
    assert max(map(len, tasks)) <= TASK_FILES


INTERRUPTED = """
import os, signal, sys
import suragh

def told(_step, done, _total):
    os.killpg(0, signal.SIGINT)

if __name__ == "__main__":
    try:
        suragh.scan(sys.argv[1:], jobs=2, on_progress=told)
    except KeyboardInterrupt:
        print("stopped")
"""


def test_an_interrupt_ends_all_processes_without_a_word(tmp_path: Path) -> None:
    """Only the first process hears of it, even while the others are being started; none is left."""
    (tmp_path / "main.py").write_text(INTERRUPTED, encoding="utf-8")
    places = t.store(tmp_path / "in", t.all_data())
    command = [sys.executable, str(tmp_path / "main.py"), *places]
    done = subprocess.run(command, capture_output=True, text=True, check=False, start_new_session=True, timeout=60)

    assert (done.returncode, done.stdout, done.stderr) == (0, "stopped\n", "")


KILLED = """
import os, signal, sys
import suragh

def told(_step, done, _total):
    os.kill(os.getpid(), signal.SIGKILL)

if __name__ == "__main__":
    suragh.scan(sys.argv[1:], jobs=2, on_progress=told)
"""


def test_no_process_outlives_one_that_was_killed(tmp_path: Path) -> None:
    """Standard output, which all of them hold, is closed: none of them is left."""
    (tmp_path / "main.py").write_text(KILLED, encoding="utf-8")
    command = [sys.executable, str(tmp_path / "main.py"), *t.store(tmp_path / "in", t.all_data())]
    environ = os.environ | {"TMPDIR": str(tmp_path)}  # who is killed cleans nothing up
    done = subprocess.run(command, capture_output=True, check=False, env=environ, timeout=60)

    assert done.returncode == -signal.SIGKILL


def test_a_large_document_is_read_by_one_process_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small documents and all formats of lines are read without waiting."""
    taken: list[str] = []

    class Turn:
        def __enter__(self) -> None:
            taken.append("taken")

        def __exit__(self, *_: object) -> None:
            taken.append("given back")

    monkeypatch.setattr(pool, "LARGE", 5000)
    report = json.dumps({"schema": "suragh.report/1", "pad": "x" * 1_200_000}).encode()
    files = {"a.jsonl": t.data(t.claude(t.LOOK)) * 300, "b.json": report, "c.json": report[:60] + b'"}'}
    context = get_context("spawn")
    shared = pool._Shared(Turn(), context.Value("q", 0), context.Event())  # type: ignore[arg-type]
    plan = Plan((), None, Period(), rejects=False, jobs=2, folder=tmp_path)
    waited = []
    with open_inputs(t.store(tmp_path, files)) as inputs, ExitStack() as stack:
        bench = pool._Bench(plan, inputs, once.ready(), Lens(plan.readers(), once.detector(), plan.period), shared)
        gathered = gather(once.ready(), Place(), stack)
        for number in range(len(files)):
            pool._read(number, bench, gathered)
            waited.append(len(taken))
            taken.clear()
        read_bytes = shared.count.value
        shared.over.set()
        with pytest.raises(InterruptedError):
            pool._read(0, bench, gathered)

    assert waited == [0, 2, 0]
    assert read_bytes == sum(map(len, files.values()))
    assert [source.file for source in gathered.noted.sources[:3]] == [str(tmp_path / name) for name in files]
