"""Tar: headers old and new, read in bounded memory."""

import io
import tarfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.store.packing import tarred

from suragh.store.archive_tar import BLOCK, MAX_HEADER, TarArchive, is_tar
from suragh.store.input_codecs import Content

LONG = "a" * 90 + "/" + "b" * 90 + "/" + "c" * 200


def members(data: bytes) -> tuple[dict[str, bytes], str]:
    """What an archive holds, and why it breaks off."""
    archive = TarArchive(lambda: Content(io.BytesIO(data)))
    found: dict[str, bytes] = {}
    number = 0
    while item := archive.at(number):
        found[item.name] = item.refused.encode() or item.raw.read(1 << 20)
        number += 1
    return found, archive.fault


def header(name: str, size: bytes, kind: bytes = b"0") -> bytes:
    """A header as a program of the seventies wrote it."""
    block = bytearray(BLOCK)
    block[: len(name)] = name.encode()
    block[124 : 124 + len(size)] = size
    block[156:157] = kind
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
def test_long_names_are_whole(form: int) -> None:
    """They stand in headers of their own."""
    assert members(tarred({LONG: b"1", "short": b"2"}, form)) == ({LONG: b"1", "short": b"2"}, "")


def test_a_name_may_be_split_in_two() -> None:
    """As POSIX has it since 1988."""
    name = "d" * 120 + "/" + "e" * 60

    assert members(tarred({name: b"1"}, tarfile.USTAR_FORMAT)) == ({name: b"1"}, "")


@pytest.mark.parametrize("size", [b"00000000003\0", b"3 ", b"\x80" + bytes(10) + b"\x03"])
def test_sizes_are_octal_or_wide(size: bytes) -> None:
    """However they are padded."""
    assert members(header("a", size) + b"one".ljust(BLOCK, b"\0")) == ({"a": b"one"}, "")


def test_archives_joined_are_one() -> None:
    """What comes after an archive's end is read too: a reader that stops there could be led past something."""
    assert members(tarred({"a": b"1"}) + tarred({"b": b"2"})) == ({"a": b"1", "b": b"2"}, "")


def test_what_holds_no_content_is_passed_over() -> None:
    """Folders, links, devices, and headers of kinds that nobody knows, with what they carry."""
    data = b"".join(header("x", b"7", kind) for kind in (b"1", b"2", b"3", b"5"))
    unknown = header("y", b"3", b"V") + b"vol".ljust(BLOCK, b"\0")

    assert members(data + unknown + header("a", b"1") + b"1".ljust(BLOCK, b"\0")) == ({"a": b"1"}, "")


def test_a_sparse_file_is_refused() -> None:
    """Its content has holes that would have to be filled; what comes after it is read."""
    more_map = bytearray(BLOCK)
    sparse = bytearray(header("s", b"3", b"S"))
    sparse[482] = 1
    sparse[148:156] = b" " * 8
    sparse[148:156] = b"%06o\0 " % sum(sparse)
    after = header("a", b"1") + b"1".ljust(BLOCK, b"\0")

    found, fault = members(bytes(sparse) + bytes(more_map) + b"one".ljust(BLOCK, b"\0") + after)

    assert found == {"s": b"is a sparse file in a tar archive, expected a whole one", "a": b"1"}
    assert not fault


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (header("a", b"%o" % (MAX_HEADER + 1), b"x"), "a name is longer than"),
        (header("a", b"5", b"x") + b"99 a=".ljust(BLOCK, b"\0"), ""),
        (header("a", b"5", b"x") + b"0 a=b".ljust(BLOCK, b"\0"), "a pax header is none"),
        (header("a", b"5", b"x") + b"x".ljust(BLOCK, b"\0"), "a pax header is none"),
        (header("a", b"10", b"x") + b"8 size=x".ljust(BLOCK, b"\0"), "a size is no number"),
        (header("a", b"9x"), "a size is no number"),
        (header("a", b"\xff" * 12), "a size is no number"),
        (b"x" * BLOCK, "what comes next is no header"),
        (b"x" * 100, "it is cut"),
        (header("a", b"7") + b"1", "it is cut"),
    ],
)
def test_what_is_wrong_is_said(data: bytes, fault: str) -> None:
    """After the members before it."""
    good = header("good", b"1") + b"1".ljust(BLOCK, b"\0")
    found, said = members(good + data)

    assert found["good"] == b"1"
    assert fault in said
    assert bool(fault) == bool(said)


@given(data=st.binary(max_size=2 * BLOCK))
def test_what_is_no_archive_is_not_taken_for_one(data: bytes) -> None:
    """A checksum over the first block says so."""
    assert not is_tar(data)


def test_an_archive_is_known_by_its_first_header() -> None:
    """Whatever program wrote it."""
    assert is_tar(header("a", b"1"))
    assert is_tar(tarred({"a": b"1"}))
    assert not is_tar(header("a", b"1")[:-1])
