"""Archives: each member is a source, told by content, read and fetched again; nothing is unpacked under its name."""

import gzip
import lzma
import os
import zlib
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.store.packing import PACKS, gzipped, tarred, zipped

from suragh.store import archive, archive_item, archive_zip, input_codecs
from suragh.store.inputs import Inputs, open_inputs

MEMBERS = {"a.jsonl": b"one\ntwo\n" * 400, "b/c.log": b"", "b/d.bin": os.urandom(70_000), "z": b"\n" * 99}


def contents(inputs: Inputs) -> dict[str, tuple[bytes, str]]:
    """What each source holds, and why it breaks off; by name below the folder of the test."""
    found: dict[str, tuple[bytes, str]] = {}
    for number, source in enumerate(inputs.sources):
        with inputs.member(number) as member:
            blocks: list[bytes] = []
            while block := member.stream.read(1000):
                blocks.append(block)
            assert member.stream.raw_position <= inputs.raw_bytes(number)
            found[Path(source.name).name if "!" not in source.name else source.name.partition("!")[2]] = (
                b"".join(blocks),
                member.stream.fault,
            )
    return found


def packed(folder: Path, data: bytes, name: str = "x") -> Path:
    """A file whose name says nothing."""
    path = folder / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("kind", sorted(PACKS))
def test_each_member_is_a_source(kind: str, tmp_path: Path) -> None:
    """In the archive's order, named after it; folders and links are none. The file's bytes are shared among them."""
    path = packed(tmp_path, PACKS[kind](MEMBERS))

    with open_inputs([tmp_path]) as inputs:
        assert [source.name for source in inputs.sources] == [f"{path}!{name}" for name in MEMBERS]
        assert contents(inputs) == {name: (data, "") for name, data in MEMBERS.items()}
        assert inputs.total_bytes == path.stat().st_size


@pytest.mark.parametrize("kind", sorted(PACKS))
def test_evidence_is_fetched_out_of_members(kind: str, tmp_path: Path) -> None:
    """In any order, as often as wanted."""
    packed(tmp_path, PACKS[kind](MEMBERS))

    with open_inputs([tmp_path]) as inputs:
        for source in (2, 0, 2, 3, 0):
            data = list(MEMBERS.values())[source]
            start = 40 if source else 4
            assert inputs.locate(source, [(start, 7)]) == [(1 + data.count(b"\n", 0, start), data[start : start + 7])]


@pytest.mark.parametrize("outer", sorted(PACKS))
@pytest.mark.parametrize("inner", ["zip zstd", "tar gzip"])
def test_an_archive_may_lie_in_another(outer: str, inner: str, tmp_path: Path) -> None:
    """Its members are sources too; one more level is refused, and said."""
    nested = PACKS[inner](MEMBERS | {"deep": PACKS["zip deflate"](MEMBERS)})
    packed(tmp_path, PACKS[outer]({"first": b"1", "nested": nested, "last": b"2"}))

    with open_inputs([tmp_path]) as inputs:
        found = contents(inputs)
        expected = {f"nested!{name}": (data, "") for name, data in MEMBERS.items()}
        reason = "cannot be read: is an archive inside 2 others, expected at most one around it"
        assert found == {"first": (b"1", ""), **expected, "nested!deep": (b"", reason), "last": (b"2", "")}
        assert inputs.locate(1, [(4, 3)]) == [(2, b"two")]


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress, zstandard.ZstdCompressor().compress])
def test_members_may_be_compressed_files(pack: object, tmp_path: Path) -> None:
    """As logs that were rotated and then packed."""
    assert callable(pack)
    packed(tmp_path, tarred({"a.gz": pack(b"one\ntwo\n" * 1000)}))

    with open_inputs([tmp_path]) as inputs:
        assert contents(inputs) == {"a.gz": (b"one\ntwo\n" * 1000, "")}
        assert inputs.locate(0, [(4, 3)]) == [(2, b"two")]


@pytest.mark.parametrize("kind", ["zip deflate", "tar", "tar gnu"])
def test_names_are_only_names(kind: str, tmp_path: Path) -> None:
    """Whatever they say, nothing is written, and nothing but the archive is read."""
    evil = {"../../up": b"1", "/etc/passwd": b"2", "a\x1b[31m\n": b"3", "x" * 300: b"4", "C:\\up": b"5"}
    packed(tmp_path, PACKS[kind](evil))
    before = sorted(tmp_path.parent.rglob("*"))

    with open_inputs([tmp_path]) as inputs:
        assert contents(inputs) == {name: (data, "") for name, data in evil.items()}
    assert sorted(tmp_path.parent.rglob("*")) == before


@pytest.mark.parametrize("kind", ["zip stored", "zip deflate", "tar", "tar gzip"])
def test_an_archive_that_is_cut_says_so(kind: str, tmp_path: Path) -> None:
    """What is whole before that is read, where the members can be told."""
    data = PACKS[kind](MEMBERS)
    packed(tmp_path, data[: len(data) // 2])

    with open_inputs([tmp_path]) as inputs:
        found = contents(inputs)
        faults = [fault for _, fault in found.values() if fault]
        assert faults
        assert ("a.jsonl" in found) == ("tar" in kind)
        assert all("cut" in fault or "breaks off" in fault for fault in faults)


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (zipped({"a": b"text"}, flags=1), "is encrypted"),
        (zipped({"a": b"text"}, 97), "is compressed by method 97 of zip"),
        (zipped({"a": b"text"}, 0).replace(b"text", b"tent"), "does not have the size and checksum"),
        (zipped({"a": b"text"}).replace(b"PK\x03\x04", b"PK\x03\x05").join([b"PK\x03\x04", b""]), "is not where the"),
    ],
)
def test_members_that_cannot_be_opened_say_why(data: bytes, fault: str, tmp_path: Path) -> None:
    """Each is a source that breaks off."""
    packed(tmp_path, data)

    with open_inputs([tmp_path]) as inputs:
        (found,) = contents(inputs).values()
        assert fault in found[1]


def test_a_zip_that_would_grow_too_much_is_left_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By what its directory tells; a member that is longer than told is left off there."""
    monkeypatch.setattr(archive_zip, "MAX_FREE", 1 << 16)
    packed(tmp_path, zipped({str(number): bytes(1 << 19) for number in range(40)}, 12), "a")
    data = zipped({"a": bytes(0x5432)})
    packed(tmp_path, data.replace((0x5432).to_bytes(4, "little"), (1 << 10).to_bytes(4, "little")), "b")

    with open_inputs([tmp_path / "a"]) as inputs:
        found = contents(inputs)
        assert 1 < len(found) < 40
        assert found["a"] == (b"", "cannot be read: zip archive grows more than 1000 times, the rest is left off")
    with open_inputs([tmp_path / "b"]) as inputs:
        ((size, fault),) = ((len(data), fault) for data, fault in contents(inputs).values())
        assert size <= 1 << 10
        assert "is longer than the 1024 bytes that its archive tells" in fault


def test_members_of_a_zip_may_not_lie_over_one_another(tmp_path: Path) -> None:
    """Such an archive gives the same bytes again and again."""
    data = zipped({"a": os.urandom(50_000)}, 0)
    start = data.rindex(b"PK\x01\x02")
    end = data.rindex(b"PK\x05\x06")
    directory = data[start:end] * 50
    tail = data[end : end + 12] + len(directory).to_bytes(4, "little") + data[end + 16 :]
    packed(tmp_path, data[:start] + directory + tail)

    with open_inputs([tmp_path]) as inputs:
        assert len(inputs.sources) == 2
        assert "together take more than the file" in inputs.sources[-1].refused


def test_a_compressed_tar_that_grows_too_much_is_left_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The stream around the members is held to the same measure as a single file."""
    monkeypatch.setattr(input_codecs, "MAX_FREE", 1 << 16)
    packed(tmp_path, zstandard.ZstdCompressor().compress(tarred({"a": b"small", "b": bytes(1 << 24)})))

    with open_inputs([tmp_path]) as inputs:
        found = contents(inputs)
        assert found["a"] == (b"small", "")
        assert "grows more than 1000 times" in found["x"][1]


def test_bombs_inside_members_share_what_is_free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many they are: compressed twice, none may grow beyond its part of the file."""
    monkeypatch.setattr("suragh.store.inputs.MAX_FREE", 1 << 20)
    bomb = lzma.compress(bytes(1 << 23))
    packed(tmp_path, gzipped(tarred({str(number): bomb for number in range(20)})))

    with open_inputs([tmp_path]) as inputs:
        found = contents(inputs)
        assert sum(len(data) for data, _ in found.values()) < 20 << 21
        assert all("grows more than" in fault for _, fault in found.values())


def test_members_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """More than a number are left off, and that is said."""
    for module in ("archive_tar", "archive_zip"):
        monkeypatch.setattr(f"suragh.store.{module}.MAX_MEMBERS", 3)
    members = {str(number): b"1" for number in range(5)}
    packed(tmp_path, tarred(members), "a")
    packed(tmp_path, zipped(members), "b")

    with open_inputs([tmp_path]) as inputs:
        assert [source.refused for source in inputs.sources] == ["", "", "", archive_item.TOO_MANY] * 2


def test_archives_inside_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each by itself, and all together."""
    nested = tarred({"a": b"1"})
    packed(tmp_path, tarred({"n1": nested, "n2": nested, "n3": nested}))

    monkeypatch.setattr(archive, "MAX_ALL_NESTED", 2 * len(nested))
    with open_inputs([tmp_path]) as inputs:
        assert [bool(source.refused) for source in inputs.sources] == [False, False, True]
    monkeypatch.setattr(archive, "MAX_NESTED", len(nested) - 1)
    with open_inputs([tmp_path]) as inputs:
        assert ["expected a smaller one" in source.refused for source in inputs.sources] == [True] * 3


def test_an_archive_that_changed_meanwhile_says_so(tmp_path: Path) -> None:
    """Between listing and reading."""
    path = packed(tmp_path, zipped(MEMBERS))

    with open_inputs([tmp_path]) as inputs:
        path.write_bytes(b"gone")
        assert {fault for _, fault in contents(inputs).values()} == {"cannot be read: archive has changed"}


def test_two_members_at_once_do_not_mix(tmp_path: Path) -> None:
    """A stream that was moved on in between breaks off; it never gives another member's bytes."""
    packed(tmp_path, tarred(MEMBERS))

    with open_inputs([tmp_path]) as inputs, inputs.member(0) as first:
        assert first.stream.read(3) == b"one"
        with inputs.member(2) as second:
            assert second.stream.read(5) == MEMBERS["b/d.bin"][:5]
        assert first.stream.read(5000) == b""
        assert "archive was read further in between" in first.stream.fault


@settings(max_examples=60)
@given(
    kind=st.sampled_from(sorted(PACKS)),
    place=st.floats(0, 1),
    noise=st.binary(max_size=12),
    skip=st.integers(0, 12),
)
def test_damage_anywhere_is_no_exception(
    kind: str, place: float, noise: bytes, skip: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """What is read of an archive with other bytes in it ends, and is said to break off or is part of what was there."""
    data = PACKS[kind]({"a": b"one\ntwo\n", "n": zipped({"b": b"three"})})
    at = int(place * len(data))
    path = packed(tmp_path_factory.mktemp("damage"), data[:at] + noise + data[at + skip :])

    with open_inputs([path]) as inputs:
        found = contents(inputs)
        assert all(isinstance(text, bytes) for text, _ in found.values())
        assert inputs.total_bytes <= path.stat().st_size
        for number in range(len(inputs.sources)):
            assert len(inputs.locate(number, [(0, 3)])) == 1


def test_checksums_are_those_of_the_content() -> None:
    """The builder of these tests writes what the format says."""
    assert zlib.crc32(b"text").to_bytes(4, "little") in zipped({"a": b"text"})
