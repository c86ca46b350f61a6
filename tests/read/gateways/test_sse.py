"""Server-sent events."""

import pytest

from suragh.read.gateways.sse import value_in, values_in


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_each_event_gives_its_value(end: str) -> None:
    """Whatever ends a line; comments, names of events and the last mark are no values."""
    events = [": ping", "event: a", 'data: {"n": 1}', "", 'data:{"n":', "data: 2}", "", "data: [DONE]", ""]

    assert values_in(end.join(events)) == [{"n": 1}, {"n": 2}]


def test_a_stream_that_breaks_off_gives_what_is_there() -> None:
    """The last event needs no empty line; what was cut inside is no JSON."""
    assert values_in('data: {"n": 1}') == [{"n": 1}]
    assert values_in('data: {"n": 1}\n\ndata: {"n"') == [{"n": 1}]


def test_a_body_that_is_json_is_one_value() -> None:
    """Some logs keep answers that were no stream as text too; line ends inside texts cut nothing."""
    assert values_in('{"a": "x\u2028data: 1"}') == [{"a": "x\u2028data: 1"}]
    assert values_in('data: {"a": "x\u2028y"}\n\n') == [{"a": "x\u2028y"}]


@pytest.mark.parametrize("body", ["", "hello", "data: hello", "[" * 5000, "<html>"])
def test_what_is_neither_gives_nothing(body: str) -> None:
    """Error pages, and JSON that is nested too deeply."""
    assert values_in(body) == []


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ('{"a": 1}', {"a": 1}),
        (" [1]", [1]),
        ('{"a": "\\ud800"}', {"a": "\ud800"}),
        ("7", None),
        ("", None),
        ("{", None),
    ],
)
def test_an_object_or_a_list_in_a_text(text: str, held: object) -> None:
    """As leniently as records are read; a bare number or word is none."""
    assert value_in(text) == held
