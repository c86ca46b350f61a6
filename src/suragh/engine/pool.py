"""More processes: sources read side by side. What comes out is the same, since facts are a set."""

import os
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from errno import EINTR
from multiprocessing import get_context, parent_process
from multiprocessing.synchronize import Event, Lock
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from suragh.detect.inspector import Detector
from suragh.detect.prepared import Prepared, from_bytes, to_bytes
from suragh.engine.period import Period
from suragh.engine.reading import (
    LABELS,
    PUSH_BYTES,
    REJECTS,
    Gathered,
    Lens,
    Noted,
    OnProgress,
    Place,
    gather,
    read_member,
)
from suragh.profile.fold import Owner
from suragh.read.mapped import mapped_reader
from suragh.read.reader import Member, Reader, Stream
from suragh.read.registry import asked
from suragh.store.inputs import Inputs, Source

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess
    from multiprocessing.sharedctypes import Synchronized

TASK_BYTES: Final = 32 << 20
"""Bytes of files that one task holds at most, a larger file apart: tasks end in runs on disk, and many small ones would
be slow to merge."""

TASKS_EACH: Final = 4
"""Tasks that a process gets, where files are small enough: so that none is idle at the end for long."""

TASK_FILES: Final = 512
"""Files of a task: opening them costs, too."""

LARGE: Final = 16 << 20
"""Bytes of a document after which no other process may read a large one: such are held in memory whole."""

TELL_SECONDS: Final = 0.2
"""Seconds between two looks at how far the reading is."""


class Plan(Struct, frozen=True):
    """What each process must know to read as the others do.

    Attributes:
        mappings: content and name of each mapping file.
        format_name: the only format to read; None for any.
        period: what is looked at.
        rejects: whether all rejections are wanted.
        jobs: how many processes there are.
        folder: where each task leaves a folder of what it gathered.
    """

    mappings: tuple[tuple[bytes, str], ...]
    format_name: str | None
    period: Period
    rejects: bool
    jobs: int
    folder: Path

    def readers(self) -> tuple[Reader, ...]:
        """The readers to ask, in order.

        Raises:
            SetupError: if a mapping cannot be used.
            UsageError: if there is no format of that name.
        """
        return asked([mapped_reader(data, name) for data, name in self.mappings], self.format_name)


class _Done(Struct, frozen=True):
    """What a task leaves: files that are to be adopted, and the little that is sent back."""

    noted: Noted
    sessions: dict[int, str]
    owners: dict[int, Owner]
    parents: dict[int, tuple[int, int]]
    runs: dict[str, list[Path]]


@dataclass(frozen=True, slots=True)
class _Shared:
    """What processes share.

    Attributes:
        turn: who has it may read a large document.
        count: bytes read in all.
        over: set when nobody waits for more.
    """

    turn: Lock
    count: "Synchronized[int]"
    over: Event


@dataclass(frozen=True, slots=True)
class _Bench:
    """What one process works with."""

    plan: Plan
    inputs: Inputs
    ready: Prepared
    lens: Lens
    shared: _Shared


_BENCH: Final[list[_Bench]] = []
"""Of this process, if it is one that reads for another: made once, used by all of its tasks."""


def read_in_processes(
    inputs: Inputs, plan: Plan, ready: Prepared, gathered: Gathered, on_progress: OnProgress | None
) -> None:
    """Read all sources in `plan.jobs` processes.

    The main program is loaded anew in each of them: a script must start its work below `if __name__ == "__main__":`.
    """
    context = get_context("spawn")
    shared = _Shared(context.Lock(), context.Value("q", 0), context.Event())
    files = [(source.path, inputs.raw_bytes(number)) for number, source in enumerate(inputs.sources)]
    tasks = list(cut(files, plan.jobs))
    with ProcessPoolExecutor(plan.jobs, context, _begin, (plan, inputs.sources, to_bytes(ready), shared)) as pool:
        # the largest first, so that none of them is begun when all others are done
        order = sorted(range(len(tasks)), key=lambda place: -sum(map(inputs.raw_bytes, tasks[place])))
        with _deaf():
            futures = {place: pool.submit(_work, tasks[place], plan.folder / str(place)) for place in order}
        try:
            _wait(set(futures.values()), shared, inputs.total_bytes, on_progress)
        finally:
            shared.over.set()
            pool.shutdown(cancel_futures=True)
    for place in range(len(tasks)):
        _adopt(futures[place].result(), plan.folder / str(place), gathered)


@contextmanager
def _deaf() -> Iterator[None]:
    """Let processes that are started meanwhile not hear an interrupt before they know what to do then."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def cut(files: Sequence[tuple[Path, int]], jobs: int) -> Iterator[range]:
    """Cut sources into tasks: ranges of neighbours, so that the order of sources is that of the tasks.

    Of each source its file and its size are given. What lies in one archive stays together: each process would have to
    decompress it from its start.
    """
    most = min(TASK_BYTES, max(1, sum(size for _, size in files) // (jobs * TASKS_EACH)))
    start = held = 0
    for place, (path, size) in enumerate(files):
        is_full = held + size > most or place - start >= TASK_FILES
        if is_full and place > start and path != files[place - 1][0]:
            yield range(start, place)
            start, held = place, 0
        held += size
    if start < len(files):
        yield range(start, len(files))


def _wait(pending: set[Future[_Done]], shared: _Shared, total: int, on_progress: OnProgress | None) -> None:
    while pending:
        finished, pending = wait(pending, TELL_SECONDS, FIRST_COMPLETED)
        for future in finished:
            # whatever went wrong there ends the scan
            future.result()
        if on_progress:
            on_progress("reading", min(shared.count.value, total), total)


def _adopt(done: _Done, folder: Path, gathered: Gathered) -> None:
    gathered.noted.join(done.noted)
    gathered.fold.join(done.sessions, done.owners, done.parents)
    for name, runs in done.runs.items():
        gathered.spools[name].adopt(runs)
    gathered.labels.adopt(folder / LABELS)
    if gathered.tray:
        gathered.tray.blocks.adopt(folder / REJECTS)


def _begin(plan: Plan, sources: tuple[Source, ...], rules: bytes, shared: _Shared) -> None:
    """Set a process up."""
    # who interrupts the scan interrupts all of its processes; only the first one says so
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    Thread(target=_follow, args=(parent_process(),), daemon=True).start()
    ready = from_bytes(rules)
    if ready is None:
        raise RuntimeError("rules that one process made are of no use to another")
    lens = Lens(plan.readers(), Detector(ready, context=False), plan.period)
    _BENCH.append(_Bench(plan, Inputs(sources, ExitStack()), ready, lens, shared))


def _follow(parent: "BaseProcess | None") -> None:
    """End this process when the one that it reads for has been killed: nobody else would end it."""
    if parent is not None:
        parent.join()
        os._exit(1)


def _work(task: range, folder: Path) -> _Done:
    """Read some sources and leave what they gave in a folder."""
    (bench,) = _BENCH
    folder.mkdir()
    place = Place(folder=folder, share=bench.plan.jobs, rejects=bench.plan.rejects)
    with ExitStack() as stack:
        gathered = gather(bench.ready, place, stack)
        for number in task:
            _read(number, bench, gathered)
        gathered.push(0)
        gathered.finish()
        fold, runs = gathered.fold, {name: spool.runs() for name, spool in gathered.spools.items()}
        return _Done(gathered.noted, fold.sessions, fold.owners, fold.parents, runs)


def _read(number: int, bench: _Bench, gathered: Gathered) -> None:
    done = 0

    def tell(so_far: int) -> None:
        nonlocal done
        if bench.shared.over.is_set():
            raise InterruptedError(EINTR, "nobody waits for what is read")
        with bench.shared.count.get_lock():
            bench.shared.count.value += so_far - done
        done = so_far

    with bench.inputs.member(number) as member, ExitStack() as stack:
        stream = _InTurn(member, bench, stack)
        own = Member(member.source, stream, member.tally)
        read_member(own, bench.inputs.sources[number].name, bench.lens, gathered, tell)
    tell(bench.inputs.raw_bytes(number))
    gathered.push(PUSH_BYTES)


class _InTurn:
    """A stream of which a large document is read only while no other process reads one."""

    def __init__(self, member: Member, bench: _Bench, stack: ExitStack) -> None:
        self._stream: Stream = member.stream
        self._tally = member.tally
        self._documents = {reader.name for reader in bench.lens.readers if reader.begin is None}
        self._turn = bench.shared.turn
        self._stack = stack
        self._has_turn = False

    def read(self, size: int, /) -> bytes:
        if not self._has_turn and self.position > LARGE and self._tally.format in self._documents:
            self._stack.enter_context(self._turn)
            self._has_turn = True
        return self._stream.read(size)

    def head(self, size: int, /) -> bytes:
        return self._stream.head(size)

    @property
    def fault(self) -> str:
        return self._stream.fault

    @property
    def position(self) -> int:
        return self._stream.position

    @property
    def raw_position(self) -> int:
        return self._stream.raw_position
