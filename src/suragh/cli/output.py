"""Where something is written: a file, or standard output."""

import os
import shutil
import sys
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Final

from suragh.cli.console import silence
from suragh.errors import SetupError, UsageError

STANDARD: Final = "-"


def check(name: str) -> None:
    """Refuse a place that nothing can be written to, before anybody waits for a scan.

    Raises:
        SetupError: if it is a folder, lies in none, or may not be written.
    """
    if name == STANDARD:
        return
    path = Path(name)
    if path.is_dir():
        raise SetupError("cannot be written: is a folder, expected a file", where=name)
    if not path.parent.is_dir():
        raise SetupError("cannot be written: its folder does not exist", where=name)
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise SetupError("cannot be written: permission denied", where=name)


def keep(name: str, inputs: Iterable[str]) -> None:
    """Refuse to write over what was read: it is the evidence.

    Raises:
        UsageError: if the place is one of the inputs.
    """
    path = Path(name)
    if name == STANDARD or not path.exists():
        return
    for other in inputs:
        if Path(other).exists() and path.samefile(other):
            raise UsageError("is one of the inputs and would be written over, expected another file", where=name)


def write(name: str, data: bytes) -> None:
    """Write a file whole.

    Raises:
        SetupError: if it cannot be written.
    """
    copy(name, BytesIO(data))


def copy(name: str, stream: BinaryIO) -> None:
    """Write all that is left in a stream to a file.

    Raises:
        SetupError: if it cannot be written.
    """
    try:
        if name == STANDARD:
            shutil.copyfileobj(stream, sys.stdout.buffer)
            sys.stdout.buffer.flush()
        else:
            with Path(name).open("wb") as file:
                shutil.copyfileobj(stream, file)
    except BrokenPipeError:
        raise
    except OSError as error:
        if name == STANDARD:
            silence(sys.stdout)
        where = "standard output" if name == STANDARD else name
        raise SetupError(f"cannot be written: {error.strerror}", where=where) from error
