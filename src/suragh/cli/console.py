"""What a person sees: text on a terminal, and a bar while they wait."""

import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, Literal, TextIO, TypeAlias

from rich.console import Console, RenderableType
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from suragh.errors import SetupError
from suragh.text.printable import printable

OnProgress: TypeAlias = Callable[[str, int, int], None]
"""As the engine has it; the engine is not imported for it, as `suragh show` needs none."""

STEP_LIMIT: Final = 32
"""Code points of the step's name: with bar, bytes and time it fits a terminal of 80 columns."""

COLOURS: Final[dict[str, Literal["standard", "256", "truecolor"]]] = {
    "standard": "standard",
    "256": "256",
    "truecolor": "truecolor",
}
"""What rich calls the colours that a terminal has."""


def console(*, on_stderr: bool = False) -> Console:
    """A console that takes no text for markup."""
    return Console(stderr=on_stderr, markup=False, highlight=False, emoji=False)


def show(view: RenderableType, *, on_stderr: bool = False, wrap: bool = True) -> None:
    """Print a view; without `wrap`, its lines stay whole however long they are.

    Raises:
        SetupError: if nothing can be written there.
    """
    stream = sys.stderr if on_stderr else sys.stdout
    text = rendered(view, console(on_stderr=on_stderr), wrap=wrap)
    try:
        print(text, end="", file=stream, flush=True)
    except BrokenPipeError:
        raise
    except OSError as error:
        silence(stream)
        where = "standard error" if on_stderr else "standard output"
        raise SetupError(f"cannot be written: {error.strerror}", where=where) from error


def rendered(view: RenderableType, place: Console, *, wrap: bool = True) -> str:
    """The text of a view as a console would write it.

    Python writes it, not rich, which would end a broken pipe with exit code 1: a hostile campaign.
    """
    paper = Console(
        file=io.StringIO(),
        width=place.width,
        force_terminal=place.is_terminal,
        color_system=COLOURS.get(place.color_system or ""),
        no_color=place.no_color,
        markup=False,
        highlight=False,
        emoji=False,
    )
    with paper.capture() as shown:
        paper.print(view, soft_wrap=not wrap)
    return shown.get()


def silence(stream: TextIO) -> None:
    """Let what is left in a stream that nobody takes vanish: Python would fail at it once more when it ends."""
    try:
        descriptor = stream.fileno()
    except io.UnsupportedOperation:
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)


@contextmanager
def progress(*, quiet: bool) -> Iterator[OnProgress | None]:
    """A bar on the terminal while the scan goes on; None where nobody looks."""
    # Not `Console.is_terminal`: FORCE_COLOR asks for colours, not for a bar in a log.
    if quiet or not sys.stderr.isatty():
        yield None
        return
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console(on_stderr=True), transient=True) as bar:
        task = bar.add_task("loading rules", total=None)

        def on_progress(step: str, done: int, total: int) -> None:
            # Compressed files grow while they are read.
            bar.update(task, description=_end(step), completed=min(done, total), total=total or None)

        yield on_progress


def _end(name: str) -> str:
    """The end of a name, which tells files of one folder apart."""
    shown = printable(name)
    return shown if len(shown) <= STEP_LIMIT else "…" + shown[1 - STEP_LIMIT :]
