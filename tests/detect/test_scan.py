"""The one scan."""

import hyperscan
from hypothesis import given
from hypothesis import strategies as st

from suragh.detect.patterns import Probe
from suragh.detect.scan import NOTHING, Scanner, Seen, compiled
from suragh.detect.scan_tricks import Trick

FLAGS = hyperscan.HS_FLAG_CASELESS | hyperscan.HS_FLAG_SINGLEMATCH


def scanner(*expressions: str, tricks: tuple[Trick, ...] = ()) -> Scanner:
    """A scanner for some expressions."""
    probes = [Probe(expression, 1, FLAGS) for expression in expressions]
    return Scanner(compiled(probes, tricks), len(probes), tricks)


def test_probes_and_triggers_are_told_apart() -> None:
    """Each probe counts once, however often it stands there."""
    made = scanner("alpha", "beta", tricks=(Trick(4, "gamma"), Trick(8, "delta")))

    assert made.scan("ALPHA alpha gamma") == Seen({0}, 4)
    assert made.scan("nothing") is NOTHING
    assert made.scan("") is NOTHING


def test_words_have_edges_at_the_ends_of_a_text() -> None:
    """The first and the last word are words too."""
    assert scanner("[^a-z]id[^a-z]").scan("id").probes == {0}


def test_what_cannot_be_compiled_is_always_there() -> None:
    """A pattern that Hyperscan refuses lets every text through: the condition decides, and nothing is lost."""
    assert scanner("alpha", "(").scan("beta").probes == {1}


def test_no_patterns_see_nothing() -> None:
    """A scanner without patterns scans nothing."""
    assert scanner().scan("text") is NOTHING


@given(st.text(max_size=30))
def test_any_text_is_scanned(text: str) -> None:
    """Lone surrogates and null bytes are text like any other."""
    assert scanner("needle").scan(f"{text}\ud800needle\x00").probes == {0}
