"""Archives for tests: what the standard library does not write."""

import bz2
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Mapping

import zstandard

ZSTD = 93
COMPRESS: dict[int, Callable[[bytes], bytes]] = {
    0: bytes,
    8: lambda data: zlib.compress(data)[2:-4],
    12: bz2.compress,
    ZSTD: zstandard.ZstdCompressor().compress,
}


def zipped(
    members: Mapping[str, bytes], method: int = 8, *, wide: bool = False, flags: int = 1 << 11, before: bytes = b""
) -> bytes:
    """A zip archive of any method, with 64-bit fields if wanted, behind what may stand before it."""
    parts, directory, offset = [], b"", 0
    for name, data in members.items():
        packed, encoded = COMPRESS.get(method, bytes)(data), name.encode()
        crc, sizes = zlib.crc32(data), (len(packed), len(data))
        local = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, flags, method, 0, 33, crc, *sizes, len(encoded), 0)
        extra = struct.pack("<2H3Q", 1, 24, len(data), len(packed), offset) if wide else b""
        shown = (*(2 * [0xFFFFFFFF] if wide else sizes), len(encoded), len(extra), 0, 0, 0, 0)
        start = 0xFFFFFFFF if wide else offset
        directory += struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, flags, method, 0, 33, crc, *shown, start)
        directory += encoded + extra
        parts.append(local + encoded + packed)
        offset += len(parts[-1])
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0, 0, len(directory), 0xFFFFFFFF if wide else offset, 0)
    if wide:
        record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, len(directory), offset)
        end = record + struct.pack("<4sLQL", b"PK\x06\x07", 0, offset + len(directory), 1) + end
    return before + b"".join(parts) + directory + end


def lzma_zipped(members: Mapping[str, bytes]) -> bytes:
    """A zip archive in LZMA, as Python writes it."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in members.items():
            # without a name of its own it would hold the time of day
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_LZMA)
    return file.getvalue()


def tarred(members: Mapping[str, bytes], form: int = tarfile.PAX_FORMAT) -> bytes:
    """A tar archive, a folder and a link in it too."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=form) as archive:
        folder = tarfile.TarInfo("folder/")
        folder.type = tarfile.DIRTYPE
        archive.addfile(folder)
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return file.getvalue()


PACKS: dict[str, Callable[[Mapping[str, bytes]], bytes]] = {
    "zip stored": lambda members: zipped(members, 0),
    "zip deflate": zipped,
    "zip bzip2": lambda members: zipped(members, 12),
    "zip lzma": lzma_zipped,
    "zip zstd": lambda members: zipped(members, ZSTD),
    "zip wide": lambda members: zipped(members, wide=True),
    "zip behind a program": lambda members: zipped(members, before=b"PK\x03\x04 no member"),
    "tar": tarred,
    "tar ustar": lambda members: tarred(members, tarfile.USTAR_FORMAT),
    "tar gnu": lambda members: tarred(members, tarfile.GNU_FORMAT),
    "tar gzip": lambda members: gzipped(tarred(members)),
    "tar xz": lambda members: lzma.compress(tarred(members)),
    "tar bzip2": lambda members: bz2.compress(tarred(members)),
    "tar zstd": lambda members: COMPRESS[ZSTD](tarred(members)),
    "zip in gzip": lambda members: gzipped(zipped(members)),
}
"""Every kind of archive that is read."""


def gzipped(data: bytes) -> bytes:
    """The same for the same data: no time in it."""
    packer = zlib.compressobj(wbits=31)
    return packer.compress(data) + packer.flush()
