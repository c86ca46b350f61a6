"""Inputs: what paths name, in a stable order, to be read now and fetched from later."""

import gzip
import io
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suragh.errors import UsageError
from suragh.store.inputs import Inputs, open_inputs


def names(inputs: Inputs, root: Path) -> list[str]:
    """The names of all sources, below a folder."""
    return [source.name.removeprefix(f"{root}/") for source in inputs.sources]


def content(inputs: Inputs, source: int) -> tuple[bytes, str]:
    """What a source holds, and why it breaks off."""
    with inputs.member(source) as member:
        blocks: list[bytes] = []
        while block := member.stream.read(1000):
            blocks.append(block)
        assert member.source == source
        return b"".join(blocks), member.stream.fault


def tree(root: Path, *files: str) -> Path:
    """Files that hold their own names."""
    for name in files:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name, encoding="utf-8")
    return root


def test_a_folder_is_all_files_below_it_in_order(tmp_path: Path) -> None:
    """Hidden ones and empty ones too; the order does not hang on how paths are given."""
    tree(tmp_path, "b.jsonl", "a/z.jsonl", "a/.hidden", ".x/y", "c")
    (tmp_path / "c").write_bytes(b"")

    with (
        open_inputs([tmp_path]) as whole,
        open_inputs([str(tmp_path / "c"), tmp_path / "a", tmp_path / "b.jsonl", tmp_path / ".x"]) as parts,
    ):
        assert names(whole, tmp_path) == [".x/y", "a/.hidden", "a/z.jsonl", "b.jsonl", "c"]
        assert names(parts, tmp_path) == names(whole, tmp_path)
        assert content(whole, 2) == (b"a/z.jsonl", "")
        assert content(whole, 4) == (b"", "")
        assert whole.total_bytes == sum(len(name) for name in (".x/y", "a/.hidden", "a/z.jsonl", "b.jsonl"))


def test_names_are_as_the_path_was_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A relative path gives relative names."""
    monkeypatch.chdir(tree(tmp_path, "logs/a.jsonl"))

    with open_inputs(["logs"]) as inputs:
        assert [source.name for source in inputs.sources] == ["logs/a.jsonl"]


def test_a_file_that_several_paths_name_is_one_source(tmp_path: Path) -> None:
    """By the file itself: a path, a pattern, a folder and a link."""
    tree(tmp_path, "a.jsonl", "b.txt")
    (tmp_path / "link.jsonl").symlink_to(tmp_path / "a.jsonl")

    with open_inputs([tmp_path / "a.jsonl", tmp_path, f"{tmp_path}/*.jsonl", f"{tmp_path}/./a.jsonl"]) as inputs:
        assert [Path(source.name).name for source in inputs.sources] == ["a.jsonl", "b.txt"]


def test_patterns_reach_below(tmp_path: Path) -> None:
    """`**` goes through folders."""
    tree(tmp_path, "a/b/c.jsonl", "a/d.jsonl", "e.txt")

    with open_inputs([f"{tmp_path}/**/*.jsonl"]) as inputs:
        assert names(inputs, tmp_path) == ["a/b/c.jsonl", "a/d.jsonl"]


def test_a_name_with_pattern_signs_is_a_name_where_it_exists(tmp_path: Path) -> None:
    """A file called `[1].jsonl` is found."""
    tree(tmp_path, "[1].jsonl")

    with open_inputs([tmp_path / "[1].jsonl"]) as inputs:
        assert names(inputs, tmp_path) == ["[1].jsonl"]


def test_loops_of_links_end(tmp_path: Path) -> None:
    """A folder that holds itself is read once; a link that leads nowhere says so."""
    tree(tmp_path, "a/x")
    (tmp_path / "a" / "self").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")

    with open_inputs([tmp_path]) as inputs:
        assert names(inputs, tmp_path) == ["a/x", "gone"]
        assert content(inputs, 1) == (b"", "cannot be read: No such file or directory")


@pytest.mark.parametrize("kind", ["pipe", "socket", "device"])
def test_what_is_no_file_is_refused_without_waiting(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening a pipe would wait for a writer for ever."""
    monkeypatch.chdir(tmp_path)
    place = Path("special")
    if kind == "pipe":
        os.mkfifo(place)
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(str(place))
    else:
        place = Path("/dev/zero")

    with open_inputs([place]) as inputs:
        assert content(inputs, 0) == (b"", f"cannot be read: is a {kind}, expected a file or a folder")


def test_a_file_that_is_gone_when_it_is_read_says_so(tmp_path: Path) -> None:
    """Between finding and reading, files may go; evidence from it is then empty."""
    tree(tmp_path, "a")
    with open_inputs([tmp_path]) as inputs:
        (tmp_path / "a").unlink()

        assert content(inputs, 0) == (b"", "cannot be read: No such file or directory")
        assert inputs.locate(0, [(0, 1)]) == [(1, b"")]
        assert inputs.total_bytes == 0


@pytest.mark.parametrize("path", ["missing.jsonl", "missing/*.jsonl"])
def test_a_path_that_names_nothing_is_a_mistake(path: str, tmp_path: Path) -> None:
    """Of the person who typed it."""
    with pytest.raises(UsageError, match="missing"):
        open_inputs([tmp_path, tmp_path / path])


def test_standard_input_can_be_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is kept until the inputs are closed; compressed or not."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(gzip.compress(b"one\ntwo\n"))))

    with open_inputs(["-"]) as inputs:
        spool = inputs.sources[0].path
        assert inputs.sources[0].name == "-"
        assert content(inputs, 0) == content(inputs, 0) == (b"one\ntwo\n", "")
        assert inputs.locate(0, [(4, 3)]) == [(2, b"two")]
    assert not spool.exists()


@given(
    data=st.binary(max_size=60).map(lambda noise: b"-" + noise.replace(b"x", b"\n")),
    pack=st.sampled_from([bytes, gzip.compress]),
    spans=st.lists(st.tuples(st.integers(0, 70), st.integers(0, 20)), max_size=6),
)
def test_bytes_and_line_numbers_are_found_again(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, pack: Callable[[bytes], bytes], spans: list[tuple[int, int]]
) -> None:
    """For spans in any order, overlapping or beyond the end, in plain and in compressed files."""
    path = tmp_path_factory.mktemp("fetch") / "a"
    path.write_bytes(pack(data))
    records = [data[offset : offset + length] for offset, length in spans]
    numbers = [1 + data.count(b"\n", 0, offset) for offset, _ in spans]

    with open_inputs([path]) as inputs:
        assert inputs.locate(0, spans) == list(zip(numbers, records, strict=True))


def test_spans_over_the_seams_of_blocks_are_whole(tmp_path: Path) -> None:
    """A file is read in blocks of a megabyte."""
    data = b"".join(b"%07d\n" % number for number in range(300_000))
    (tmp_path / "plain").write_bytes(data)
    (tmp_path / "packed").write_bytes(gzip.compress(data, 1))
    spans = [((1 << 20) - 3, 9), (0, 4), ((2 << 20) - 1, 2), (len(data) - 2, 2), (5, 1 << 21)]
    records = [data[offset : offset + length] for offset, length in spans]

    with open_inputs([tmp_path]) as inputs:
        for source in range(2):
            assert [record for _, record in inputs.locate(source, spans)] == records
            places = [(8 * 299_999, 0), (0, 0), (1 << 20, 0)]
            assert [line for line, _ in inputs.locate(source, places)] == [300_000, 1, (1 << 17) + 1]


def test_progress_ends_at_the_size_of_the_files(tmp_path: Path) -> None:
    """As they lie there, compressed or not; what is refused adds nothing."""
    (tmp_path / "a.gz").write_bytes(gzip.compress(bytes(range(256)) * 4000))
    (tmp_path / "b").write_bytes(b"plain")
    (tmp_path / "c").symlink_to(tmp_path / "nowhere")

    with open_inputs([tmp_path]) as inputs:
        ends: list[int] = []
        for source in range(3):
            with inputs.member(source) as member:
                while member.stream.read(100_000):
                    assert 0 < member.stream.raw_position <= inputs.raw_bytes(source)
                ends.append(member.stream.raw_position)
        assert ends == [inputs.raw_bytes(source) for source in range(3)] == [(tmp_path / "a.gz").stat().st_size, 5, 0]
        assert inputs.total_bytes == sum(ends)
