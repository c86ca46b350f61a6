"""Rejects: the bytes of all that could not be read, and nothing else."""

import io
import json
from base64 import b64decode
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from suragh.engine import rejects as module
from suragh.engine.rejects import Tray, write_rejects
from suragh.model.fact import Pointer, Rejected
from suragh.store.inputs import open_inputs

CONTENT = st.one_of(st.binary(max_size=400), st.text(max_size=200).map(str.encode))


def written(folder: Path, rejected: list[Rejected]) -> list[dict[str, object]]:
    """The lines that are written of rejections in the files of a folder."""
    out = io.BytesIO()
    with open_inputs([folder]) as inputs:
        write_rejects(rejected, inputs, out)
    assert out.getvalue().isascii()
    return [json.loads(line) for line in out.getvalue().splitlines()]


def bytes_of(line: dict[str, object]) -> bytes:
    """The record that a line holds."""
    if "text" in line:
        return str(line["text"]).encode()
    return b64decode(str(line["base64"]), validate=True)


@given(
    st.lists(CONTENT, min_size=1, max_size=3),
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 300)), max_size=6),
    st.sampled_from([10, 1 << 20]),
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_byte_comes_back(tmp_path: Path, contents: list[bytes], spans: list[tuple[int, int]], most: int) -> None:
    """Of text and of rubbish, short and long, forwards and backwards, up to where the file ends."""
    for number, content in enumerate(contents):
        (tmp_path / f"{number}.log").write_bytes(content)
    for path in tmp_path.iterdir():
        if int(path.stem) >= len(contents):
            path.unlink()
    places = [Pointer(at % len(contents), offset, length) for at, (offset, length) in enumerate(spans)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "TEXT_MOST", most)
        patch.setattr(module, "BLOCK", 9)
        found = written(tmp_path, [Rejected(place, f"reason {place.offset}") for place in places])

    assert [bytes_of(line) for line in found] == [
        contents[place.source][place.offset :][: place.length] for place in places
    ]
    assert [(line["offset"], line["length"], line["reason"]) for line in found] == [
        (place.offset, place.length, f"reason {place.offset}") for place in places
    ]
    assert all(line["file"] == str(tmp_path / f"{place.source}.log") for line, place in zip(found, places, strict=True))


def test_what_was_kept_apart_comes_after_what_is_here(tmp_path: Path) -> None:
    """Parts of a scan are joined in the order of their sources."""
    first, second = (Rejected(Pointer(number, 0, 1), "x") for number in (0, 1))
    with closing(Tray()) as tray, closing(Tray(tmp_path / "other")) as other:
        other.add(second)
        other.blocks.finish()
        tray.add(first)
        tray.blocks.adopt(tmp_path / "other")

        assert list(tray.all()) == [first, second]
