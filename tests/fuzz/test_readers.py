"""Fuzzing of readers: whatever stands in a log, what comes out is sound facts and rejections."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine import once
from tests.fuzz.damage import CORPUS, check, check_bytes, check_reader, contents, damaged
from tests.read.feeds import member

from suragh.model.fact import Rejected
from suragh.read import lenient
from suragh.read.reader import Reader
from suragh.read.registry import ALL, choose, read


@pytest.mark.parametrize("reader", ALL, ids=lambda reader: reader.name)
def test_the_corpus_holds_each_format(reader: Reader) -> None:
    """A sound log that its reader knows and reads whole."""
    data = CORPUS[reader.name]
    found = list(read(member(data)))
    chosen = choose(data)

    assert chosen is not None
    assert chosen.name == reader.name
    assert not [one for one in found if isinstance(one, Rejected)]


@given(data=contents())
def test_whatever_a_file_holds_nothing_escapes(data: bytes) -> None:
    """By the reader that knows it, and in front of the rules."""
    check_bytes(data, once.detector())


@pytest.mark.parametrize("reader", ALL, ids=lambda reader: reader.name)
@given(data=st.data())
def test_a_reader_takes_whatever_it_is_made_to_read(reader: Reader, data: st.DataObject) -> None:
    """As with `--format`: its own log, damaged, or another's."""
    check_reader(reader, data.draw(damaged(CORPUS[reader.name]) if not reader.begin else contents()))


def test_a_planted_fault_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The generators reach the code: a decoder that lets its errors out does not stay hidden."""
    escaping = lenient._MISFIT
    monkeypatch.setattr(lenient, "_MISFIT", ())

    @settings(report_multiple_bugs=False, database=None)
    @given(data=contents())
    def hunt(data: bytes) -> None:
        check_bytes(data, once.detector())

    with pytest.raises(escaping):
        hunt()


def test_an_unsound_fact_is_found() -> None:
    """A rejection too many is no sound reading."""
    with pytest.raises(AssertionError):
        check([], 1, once.detector())
