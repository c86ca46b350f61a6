"""Damage: the corpus, changed in every way that a hostile or broken program might, and what must hold of it."""

import json
from pathlib import Path
from typing import Final

from hypothesis import strategies as st
from tests.read.feeds import member
from tests.read.fuzz import ODD, changed, is_sound, ways, written
from tests.store.packing import PACKS

from suragh.detect.inspector import Detector
from suragh.model.fact import Call, Ownership, Rejected, Result
from suragh.read.accounts import BASIS
from suragh.read.reader import Reader, Seen
from suragh.read.registry import ALL, read

CORPUS: Final = {path.stem: path.read_bytes() for path in sorted((Path(__file__).parent / "corpus").iterdir())}
"""A small log of each format, by the name of its reader."""

LINES: Final = [line for reader in ALL if reader.begin for line in CORPUS[reader.name].splitlines()]
"""Every line of every format of lines."""

NOISE: Final = st.one_of(
    st.binary(max_size=12),
    st.sampled_from(
        [b"\0" * 40, b"\xff\xfe", b"\xef\xbb\xbf", b"\r\n", b"\n\n", b"{" * 300, b"[" * 5000, b'"', b"\\u"]
    ),
    st.sampled_from(LINES),
)


@st.composite
def odd_json(draw: st.DrawFn, data: bytes) -> bytes:
    """JSON in which what lies in one or two places is something else."""
    record = json.loads(data)
    for _ in range(draw(st.integers(1, 2))):
        places = [way for way in ways(record) if way]
        if places:
            record = changed(record, draw(st.sampled_from(places)), draw(ODD))
    return written(record).encode("utf-8", "surrogatepass")


@st.composite
def cut_up(draw: st.DrawFn, data: bytes) -> bytes:
    """Bytes of which some are others, are missing, come twice or have something between them."""
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(data)))
        end = draw(st.integers(start, min(len(data), start + 200)))
        middle = draw(st.one_of(NOISE, st.just(b""), st.just(data[start:end] * 2)))
        data = data[:start] + middle + data[end:]
    return data


def _is_json(data: bytes) -> bool:
    return data[:1] in (b"{", b"[")


def damaged(data: bytes) -> st.SearchStrategy[bytes]:
    """Some bytes, sound or damaged."""
    ways_to = [st.just(data), cut_up(data)]
    return st.one_of(*ways_to, odd_json(data)) if _is_json(data) else st.one_of(*ways_to)


@st.composite
def logs(draw: st.DrawFn, most: int = 12) -> bytes:
    """Lines of all formats, mixed, sound and damaged."""
    chosen = draw(st.lists(st.sampled_from(LINES), min_size=1, max_size=most))
    return b"\n".join(draw(damaged(line)) for line in chosen)


@st.composite
def contents(draw: st.DrawFn) -> bytes:
    """What a file may hold: lines of all formats, or the whole of one."""
    name = draw(st.sampled_from(sorted(CORPUS)))
    data = CORPUS[name]
    whole = damaged(data) if name not in _OF_LINES else cut_up(data)
    return draw(st.one_of(logs(), whole))


_OF_LINES: Final = {reader.name for reader in ALL if reader.begin}


@st.composite
def archives(draw: st.DrawFn) -> bytes:
    """An archive of any kind, its members and itself sound or damaged, perhaps in another one."""
    data = draw(contents())
    for _ in range(draw(st.integers(1, 3))):
        pack = PACKS[draw(st.sampled_from(sorted(PACKS)))]
        names = st.sampled_from(["a", "../b", "/c", "d/e", "f\x1b[1m"])
        data = pack({draw(names): data, "last": LINES[0] + b"\n"})
        data = draw(st.one_of(st.just(data), cut_up(data)))
    return data


def check(found: list[Seen], rejections: int, detector: Detector) -> None:
    """Hold all that a reader gave to what it promises, and show each call and result to the rules."""
    rejected = [one for one in found if isinstance(one, Rejected)]
    assert len(rejected) == rejections
    assert [one for one in found if not _is_sound(one)] == []
    for one in found:
        if isinstance(one, Call):
            detector.inspect_call(one)
        elif isinstance(one, Result):
            detector.inspect_result(one)


def _is_sound(one: Seen) -> bool:
    return is_sound(one) or (isinstance(one, Ownership) and one.basis == BASIS)


def check_bytes(data: bytes, detector: Detector) -> int:
    """Read bytes whatever their format, and hold what comes out to its promises; gives the number of records."""
    given = member(data)
    check(list(read(given)), given.tally.rejected, detector)
    return given.tally.records


def check_reader(reader: Reader, data: bytes) -> None:
    """Force bytes on a reader, which may reject them and nothing else."""
    assert [one for one in reader.read(member(data)) if not _is_sound(one)] == []
