"""Small parts of the terminal views."""

from rich.console import Console

from suragh.export.marks import letters, listed, strip, verdict_mark
from suragh.model.report import Verdict


def test_a_long_list_is_cut_and_counted() -> None:
    """Four names, and how many more there are."""
    assert listed(["a", "b", "c", "d", "e", "f"], "6 accounts").plain == "6 accounts: a, b, c, d and 2 more"
    assert listed(["a"]).plain == "a"


def test_a_strip_names_its_tactics() -> None:
    """Letter and name of each, in the order given; a name of the report stands for an unknown id."""
    console = Console(width=60, color_system=None)
    with console.capture() as capture:
        console.print(strip(["TA0043", "TA9999"], {"TA9999": "New Things"}))

    assert capture.get().rstrip() == "R Reconnaissance  ? New Things"
    assert letters(["TA0043", "TA0010"]).plain == "RF"


def test_verdicts_can_be_told_apart_without_colours() -> None:
    """Each has a word of its own."""
    assert {verdict_mark(verdict).plain for verdict in Verdict} == {"HOSTILE", "TO WATCH", "AUTHORISED"}
