"""Zip: the directory is read in bounded memory, and what it says is checked."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.store.packing import ZSTD, lzma_zipped, zipped

from suragh.store.archive_zip import ZipArchive, is_zip

NAMES = st.text(st.characters(exclude_characters="/", codec="utf-8"), min_size=1, max_size=8)


def members(data: bytes) -> tuple[dict[str, bytes], str]:
    """What an archive holds, and why it breaks off."""
    archive = ZipArchive(io.BytesIO(data))
    found: dict[str, bytes] = {}
    number = 0
    while item := archive.at(number):
        blocks: list[bytes] = []
        while block := item.raw.read(100):
            blocks.append(block)
        found[item.name] = b"".join(blocks)
        number += 1
    return found, archive.fault


@given(
    content=st.dictionaries(NAMES, st.binary(max_size=500), max_size=5),
    method=st.sampled_from([0, 8, 12, ZSTD]),
    wide=st.booleans(),
    before=st.binary(max_size=40),
)
def test_what_was_packed_comes_out(content: dict[str, bytes], method: int, wide: bool, before: bytes) -> None:  # noqa: FBT001
    """By any method, with wide fields or without, behind anything."""
    assert members(zipped(content, method, wide=wide, before=before)) == (content, "")


@given(content=st.dictionaries(st.sampled_from("abc"), st.binary(max_size=500)))
def test_lzma_comes_out(content: dict[str, bytes]) -> None:
    """It has a header of its own in a zip archive."""
    assert members(lzma_zipped(content)) == (content, "")


def test_what_the_standard_library_writes_is_read() -> None:
    """Folders are no members; a comment stands at the end; names without a mark are of code page 437."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.mkdir("folder")
        archive.writestr("folder/a", b"text" * 1000)
        archive.comment = b"PK\x05\x06" + b"c" * 300

    assert members(file.getvalue()) == ({"folder/a": b"text" * 1000}, "")
    assert list(members(zipped({"\u00e9": b"1"}, flags=0))[0]) == ["\u251c\u2310"]


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"PK\x05\x06", "its directory is missing at the end"),
        (b"PK\x03\x04", "its directory is missing at the end"),
        (zipped({"a": b"1"})[:-4], "its directory is missing at the end"),
        (zipped({"a": b"1"})[40:], "its directory begins before the file"),
        (zipped({"a": b"1"}).replace(b"PK\x01\x02", b"PK\x01\x03"), "its directory breaks off"),
        (zipped({"a": b"1"}, wide=True).replace(b"PK\x06\x06", b"PK\x06\x05"), "its wide end record is not where"),
    ],
)
def test_what_is_wrong_is_said(data: bytes, fault: str) -> None:
    """In one line."""
    found, said = members(data)

    assert not found
    assert said.startswith(f"zip archive is broken: {fault}")


def test_an_archive_is_known_by_its_first_bytes() -> None:
    """Those of a member, or of the end of one that has none."""
    assert is_zip(zipped({"a": b"1"}))
    assert is_zip(zipped({}))
    assert not is_zip(b"PK")
