"""Reports of Suragh among the telemetry."""

import json

import pytest
from tests.read.feeds import claude, lines, member, seen, tool_use

from suragh.model.fact import Rejected
from suragh.model.report import SCHEMA
from suragh.read.registry import choose, read

QUOTED = {"evidence": [{"excerpt": json.dumps(claude("assistant", [tool_use()]))}] * 900}
"""What a report quotes may look like telemetry."""


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("schema", [SCHEMA, "suragh.report/2"])
def test_a_report_is_known_and_holds_nothing(schema: str, indent: int | None) -> None:
    """Longer than the head or not, on one line or many, of this version or another."""
    for more in ({}, QUOTED):
        data = json.dumps({"schema": schema, "campaigns": [more], "sessions_read": 3}, indent=indent).encode() + b"\n"
        given = member(data)

        assert list(read(given)) == []
        assert (given.tally.format, given.tally.records) == ("suragh-report", 1)
        assert given.stream.position == len(data)


@pytest.mark.parametrize(
    "data", [b'{"schema": "other/1"}', b'{"x": "suragh.report/1"}', b'{"x": {"schema": "suragh.report/1"}}', b"{"]
)
def test_what_only_speaks_of_reports_is_none(data: bytes) -> None:
    """The schema stands at the top."""
    assert choose(data) is None


@pytest.mark.parametrize("rest", [b"", b"}\n" + lines(claude("assistant", [tool_use()]))])
def test_what_only_begins_as_a_report_is_rejected(rest: bytes) -> None:
    """Cut, or with lines of a log after it: nothing is passed over in silence."""
    data = b'{"schema": "%s", "pad": "%s"' % (SCHEMA.encode(), b"x" * 70_000) + rest
    (rejected,) = seen(data)

    assert isinstance(rejected, Rejected)
    assert rejected.reason == "begins as a report of Suragh, and is none"
    assert (rejected.pointer.offset, rejected.pointer.length) == (0, len(data))


def test_a_log_that_tells_of_a_report_stays_a_log() -> None:
    """An agent that prints a report hides nothing by it, not even with a line that looks like one."""
    told = lines(claude("assistant", [tool_use(command='echo {"schema": "suragh.report/1"}')]))
    head = lines({"schema": SCHEMA}) + told
    reader = choose(head)

    assert reader is not None
    assert reader.name == "claude-code"


def reject(**more: object) -> bytes:
    """A line as `suragh scan --rejects` writes it."""
    about = {"schema": "suragh.rejects/1", "file": "a.jsonl", "offset": 0, "length": 3, "reason": "line is no JSON"}
    return json.dumps(about | {"text": "{x}"} | more).encode() + b"\n"


def test_rejects_are_known_and_hold_nothing() -> None:
    """A folder can be scanned again with the file of its rejects in it."""
    given = member(reject() + reject(text="", base64="gICA"))

    assert list(read(given)) == []
    assert (given.tally.format, given.tally.records) == ("suragh-rejects", 2)


def test_telemetry_among_rejects_is_read_or_rejected() -> None:
    """Neither a line of a log beside them nor a key beside theirs passes in silence."""
    hidden = reject(message=claude("assistant", [tool_use()]))
    found = seen(reject() + lines(claude("assistant", [tool_use()])) + hidden)

    assert [type(one).__name__ for one in found] == ["Call", "Rejected"]
    assert found[1].reason == "begins as a reject of Suragh, and is none"
