"""Anchors: what a text must hold before a rule is worth a look."""

import pytest

from suragh.detect.evaluate import Condition, Constant, Every, Not, Pattern, Some, Text, Where, expression_of
from suragh.detect.events import Kind
from suragh.detect.patterns import anchor_of, telling


def anchor(condition: Condition, kind: Kind = Kind.COMMAND) -> set[str] | None:
    """The expressions of an anchor."""
    found = anchor_of(condition, kind)
    return None if found is None else {probe.expression for probe in found}


def text(field: str, needle: str, where: Where = Where.WHOLE) -> Text:
    """A test for a text."""
    return Text(field, where, needle)


def searching(expression: str) -> Pattern:
    """A test for an expression anywhere in a word."""
    return Pattern("args", expression_of(expression), whole=False)


EDGE = "[^a-z0-9_]"


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        pytest.param(text("program", "id"), {f"{EDGE}id{EDGE}"}, id="short names have edges"),
        pytest.param(text("program", "mimikatz"), {"mimikatz"}, id="long ones need none"),
        pytest.param(text("Image", "\\net.exe", Where.END), {f"{EDGE}net{EDGE}"}, id="the last part of a path"),
        pytest.param(
            Every((text("program", "id"), text("args", "mimikatz"))), {"mimikatz"}, id="the most telling part"
        ),
        pytest.param(
            Every((text("program", "nmap"), text("args", "password"))),
            {f"{EDGE}nmap{EDGE}"},
            id="common words tell little",
        ),
        pytest.param(Some((text("program", "aaaaaaa"), text("args", "bbbbbbb"))), {"aaaaaaa", "bbbbbbb"}, id="either"),
        pytest.param(Some((text("program", "aaaaaaa"), text("tool", "x"))), None, id="one alternative needs nothing"),
        pytest.param(Not(text("program", "aaaaaaa")), None, id="a negation"),
        pytest.param(Constant(value=False), set(), id="never"),
        pytest.param(text("CommandLine", "aaaaaaa bbbb", Where.ANYWHERE), {"aaaaaaa"}, id="words, not spaces"),
        pytest.param(text("args", "d"), {f"{EDGE}d{EDGE}"}, id="short, with edges"),
        pytest.param(text("args", "-", Where.ANYWHERE), None, id="too short"),
        pytest.param(text("via", "sudo"), {"sudo"}, id="a way in"),
        pytest.param(searching(r"^x\d{3}needle"), {"needle"}, id="an expression's text"),
        pytest.param(searching(r"^[0-9a-f]{32}$"), {"[0-9a-f]{32}"}, id="no text in it"),
        pytest.param(searching("."), None, id="anything"),
        pytest.param(text("args", "ß-straße"), {"(?:ß|SS)\\-stra(?:ß|SS)e"}, id="letters beyond ASCII in any case"),
    ],
)
def test_the_anchor_of_a_condition(condition: Condition, expected: set[str] | None) -> None:
    """One of these stands in every text that the condition can match."""
    assert anchor(condition) == expected


def test_web_fields_of_a_command_need_a_client() -> None:
    """A command without curl, wget or HTTPie has no request, so that its name anchors what nothing else does."""
    found = anchor(text("http.method", "delete"))

    assert found is not None
    assert f"{EDGE}curl" in found
    assert anchor(text("http.method", "delete"), Kind.REQUEST) is None


def test_the_telling_of_an_anchor_is_its_weakest() -> None:
    """Alternatives tell as much as the one that tells least; no anchor tells nothing."""
    assert telling(anchor_of(Some((text("program", "abcdefgh"), text("program", "id"))), Kind.COMMAND)) == 3
    assert telling(None) == 0
