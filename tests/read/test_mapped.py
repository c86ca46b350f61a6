"""Lines in a format of their own, read as a mapping says."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.read.feeds import member, only
from tests.read.fuzz import ODD, changed, is_sound, ways, written

from suragh.model.fact import Call, Kinship, Leaf, Ownership, Rejected, Result, Turn
from suragh.read.mapped import mapped_reader
from suragh.read.reader import Seen
from suragh.read.registry import asked, read

FLAT = b"""
name = "acme"
time = "ts"
session = "sid"
account = "user"
agent = "agent"
parent = "parent"

[call]
tool = "tool.name"
arguments = "tool.args"
id = "tool.id"

[result]
text = "tool.out"
id = "tool.id"
failed = "tool.exit"

[human]
text = "content"
when = { role = "user" }
"""
LISTS = b"""
name = "lists"
time = "ts"
session = "sid"
when = { kind = "log" }

[call]
each = "a.calls"
tool = "name"
arguments = { command = "cmd", cwd = "dir" }

[result]
each = "a.calls"
text = "out"
"""
RECORD: dict[str, object] = {
    "ts": "2026-01-01T00:00:01Z",
    "sid": "s1",
    "user": "u1",
    "role": "user",
    "content": [{"type": "text", "text": "go on"}, "now"],
    "tool": {"name": "bash", "args": '{"command": "id"}', "id": "c1", "out": "uid=0", "exit": 0},
}


def seen(mapping: bytes, *records: object) -> list[Seen]:
    """What lines of JSON give, each record once."""
    data = "".join(f"{record if isinstance(record, str) else json.dumps(record)}\n" for record in records)
    return list(read(member(data.encode("utf-8", "surrogatepass")), asked([mapped_reader(mapping, "m.toml")], None)))


def test_one_record_may_show_everything() -> None:
    """Account, call, result and turn, at the record's time."""
    found = seen(FLAT, RECORD)

    (call,), (result,), (turn,), (owner,) = (only(kind, found) for kind in (Call, Result, Turn, Ownership))
    assert (call.session, call.actor, call.tool, call.arguments) == ("s1", "", "bash", (Leaf("command", "id"),))
    assert (result.action, result.texts, result.failed) == (call.action, (Leaf("", "uid=0"),), False)
    assert (turn.human, turn.text) == (True, "go on\nnow")
    assert (owner.account, owner.basis) == ("u1", "user")
    assert len({fact.known_at for fact in (call, result, turn, owner)}) == 1
    assert not only(Rejected, found)


def test_a_result_on_its_own_line_finds_its_call_by_id() -> None:
    """And says whether the tool failed: a number other than 0 does."""
    asked_for = RECORD | {"tool": {"name": "bash", "args": {"command": "id"}, "id": "c1"}}
    found = seen(FLAT, asked_for, RECORD | {"tool": {"id": "c1", "out": ["no"], "exit": 2}})

    (call,), (result,) = only(Call, found), only(Result, found)
    assert call.action == result.action
    assert (result.texts, result.failed) == ((Leaf("0", "no"),), True)


def test_items_of_a_list_are_read_each() -> None:
    """With the record's session and time; a result without an id belongs to the call beside it."""
    calls = [{"name": "sh", "cmd": "id", "dir": "/", "out": "uid=0"}, {"name": "sh", "cmd": "ls", "out": ""}, 7]
    found = seen(LISTS, {"kind": "log", "ts": 1767225600, "sid": 5, "a": {"calls": calls}})

    assert [call.arguments for call in only(Call, found)] == [
        (Leaf("command", "id"), Leaf("cwd", "/")),
        (Leaf("command", "ls"),),
    ]
    assert [call.at for call in only(Call, found)] == ["/a/calls/0", "/a/calls/1"]
    assert [result.action for result in only(Result, found)] == [call.action for call in only(Call, found)]
    assert {call.session for call in only(Call, found)} == {"5"}


def test_what_is_said_to_a_sub_agent_is_no_person() -> None:
    """Its task is a turn, but no human one; the parent is told."""
    found = seen(FLAT, RECORD | {"agent": "worker", "parent": "s0"})

    assert [turn.human for turn in only(Turn, found)] == [False]
    assert [(kin.session, kin.parent) for kin in only(Kinship, found)] == [("s1", "s0")]


def test_messages_of_one_moment_stay_apart() -> None:
    """Without ids, a message is its text at its time."""
    found = seen(FLAT, RECORD, RECORD | {"content": "stop"}, RECORD)

    assert len({turn.turn for turn in only(Turn, found)}) == 2


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (RECORD | {"ts": "soon"}, "time is missing: no time at ts"),
        (RECORD | {"sid": None}, "line is of no known format"),
        ({"type": "other"}, "line is of no known format"),
        (RECORD | {"tool": {"out": "uid=0"}}, "result has no call's id, and no call stands beside it"),
        ('{"ts": ', "no JSON"),
        ("[1]", "line is of no known format"),
    ],
)
def test_what_cannot_be_read_is_said(record: object, reason: str) -> None:
    """Once a line, and the lines after it are read."""
    found = seen(FLAT, RECORD, record, RECORD)

    assert [rejected.reason.partition(":")[0] for rejected in only(Rejected, found)] == [reason.partition(":")[0]]
    assert len(only(Call, found)) == 2


def test_lines_of_known_formats_among_them_are_read_too() -> None:
    """A mapping takes only what it is about."""
    prompt = {"type": "user", "sessionId": "s9", "timestamp": "2026-01-01T00:00:02Z", "uuid": "u-1"}
    found = seen(FLAT, RECORD, prompt | {"message": {"role": "user", "content": "hello"}})

    assert [turn.session for turn in only(Turn, found)] == ["s1", "s9"]
    assert not only(Rejected, found)


def test_a_first_line_that_is_cut_by_the_look_at_the_head_is_known() -> None:
    """A line may be longer than what is looked at."""
    found = seen(FLAT, RECORD | {"padding": "x" * 100_000})

    assert len(only(Call, found)) == 1


@given(data=st.data(), odd=ODD)
def test_whatever_stands_in_a_record_is_read_or_rejected(data: st.DataObject, odd: object) -> None:
    """Facts are sound, and the records around the broken one are read."""
    mapping, record = data.draw(
        st.sampled_from(
            [
                (FLAT, RECORD),
                (LISTS, {"kind": "log", "ts": 5, "sid": "s", "a": {"calls": [{"name": "x", "cmd": "y", "out": "z"}]}}),
            ]
        )
    )
    way = data.draw(st.sampled_from([way for way in ways(record) if way]))
    found = seen(mapping, record, written(changed(record, way, odd)), record)

    assert all(is_sound(one) for one in found)
    assert len(only(Call, found)) >= 2
