"""Real session logs, where somebody has them: outside this repository, named by `SURAGH_SHARED`."""

import os
import tarfile
from pathlib import Path

import pytest


def sample(name: str) -> bytes:
    """A file of `samples`."""
    return _folder("samples").joinpath(name).read_bytes()


def raw(archive: str, part: str = "") -> list[bytes]:
    """The files of an archive of `eval/data/raw` in whose names something stands."""
    with tarfile.open(_folder("eval/data/raw") / f"{archive}.tar.xz") as tar:
        opened = [tar.extractfile(member) for member in tar if member.isfile() and part in member.name]
        return [file.read() for file in opened if file is not None]


def _folder(name: str) -> Path:
    folder = Path(os.environ.get("SURAGH_SHARED", "/nonexistent"), name)
    if not folder.is_dir():
        pytest.skip(f"SURAGH_SHARED names no folder with {name}")
    return folder
