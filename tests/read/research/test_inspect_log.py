"""Logs of Inspect."""

import json

import pytest
from tests.read.feeds import OTHER_ID, dig, lines, member, only, reasons, seen

from suragh.model.fact import Call, Leaf, Result, Turn
from suragh.read.registry import choose, read

ASKED = {"id": OTHER_ID, "function": "bash", "arguments": {"cmd": "id"}, "type": "function"}
USER = {"id": "m1", "role": "user", "content": "look around", "source": "input"}
SAID = {"id": "m2", "role": "assistant", "content": "", "source": "generate", "tool_calls": [ASKED]}
BACK = {"id": "m3", "role": "tool", "content": "uid=0", "tool_call_id": OTHER_ID, "function": "bash"}
BEGAN = 1_767_225_600_000_000_000


def at(second: int) -> str:
    """A time."""
    return f"2026-01-01T00:00:{second:02}+00:00"


def event(kind: str, second: int, **more: object) -> dict[str, object]:
    """An event."""
    return {"event": kind, "uuid": f"e{second}", "span_id": "s0", "timestamp": at(second)} | more


def answered(second: int, **more: object) -> dict[str, object]:
    """A model's answer with a call."""
    output = {"choices": [{"message": SAID, "stop_reason": "tool_calls"}]}
    return event("model", second, input=[USER], output=output, completed=at(second + 1)) | more


def ran(second: int, **more: object) -> dict[str, object]:
    """A tool's run."""
    given = {"id": OTHER_ID, "function": "bash", "arguments": {"cmd": "id"}, "result": "uid=0", "events": []}
    return event("tool", second, **given, completed=at(second + 2)) | more


def sample(*events: object, **more: object) -> dict[str, object]:
    """A sample, as an archive holds it."""
    given: dict[str, object] = {
        "id": 1,
        "epoch": 1,
        "input": "look around",
        "target": "x",
        "messages": [],
        "uuid": "u1",
        "started_at": at(0),
        "completed_at": at(50),
        "attachments": {},
    }
    return given | {"events": list(events)} | more


def log(*samples: object, **more: object) -> dict[str, object]:
    """A log, whole."""
    head = {"eval_id": "x", "created": at(0), "task": "t", "model": "m"}
    return {"version": 2, "status": "success", "eval": head, "plan": {}} | more | {"samples": list(samples)}


def facts(record: object) -> list[object]:
    """All that a document yields."""
    return list(seen(json.dumps(record).encode()))


@pytest.mark.parametrize("is_whole", [True, False])
def test_events_show_calls_results_and_turns(is_whole: bool) -> None:  # noqa: FBT001
    """A call when the model has answered, its result when the tool has ended; final messages repeat them."""
    one = sample(answered(1), ran(3), messages=[USER, SAID, BACK])
    record = log(one) if is_whole else one

    turn, call, result = facts(record)

    assert isinstance(turn, Turn)
    assert isinstance(call, Call)
    assert isinstance(result, Result)
    assert (turn.session, turn.text, turn.human) == ("u1", "look around", True)
    assert (call.tool, call.arguments, call.actor) == ("bash", (Leaf("cmd", "id"),), "")
    assert (result.action, result.texts, result.failed) == (call.action, (Leaf("", "uid=0"),), False)
    assert [fact.known_at - BEGAN for fact in (turn, call, result)] == [1_000_000_000, 2_000_000_000, 5_000_000_000]
    assert [dig(record, fact.at) for fact in (turn, call, result)] == [USER, ASKED, "uid=0"]


def test_messages_that_events_share_are_read_by_reference() -> None:
    """Each once, at the first event that has it, whatever the order of ranges; ranges may point at nothing."""
    second = SAID | {"id": "m4", "tool_calls": [ASKED | {"id": "call_z1B2c3D4e5F6g7H8i9J0k1L2"}]}
    pool = {"messages": [USER, SAID, BACK, second]}
    events = [
        answered(1, input=[], input_refs=[[2, 4]], output=None),
        answered(3, input=[], input_refs=[[0, 1], [1, 9], [-3, 1]], output=None),
    ]
    record = sample(*events, events_data=pool)

    found = facts(record)

    assert [(type(fact), fact.known_at - BEGAN) for fact in found if isinstance(fact, Turn | Call | Result)] == [
        (Result, 1_000_000_000),
        (Call, 1_000_000_000),
        (Turn, 3_000_000_000),
        (Call, 3_000_000_000),
    ]
    assert dig(record, only(Call, found)[1].at) == ASKED


def test_texts_that_were_moved_away_are_put_back() -> None:
    """In messages, arguments and results; what is attached nowhere stays as it is."""
    attached = {"h1": "look around the whole host", "h2": "cat /etc/passwd", "h3": "root:x:0:0"}
    call = ASKED | {"arguments": {"cmd": "attachment://h2", "other": "attachment://h9"}}
    record = sample(
        answered(
            1,
            input=[USER | {"content": "attachment://h1"}],
            output={"choices": [{"message": SAID | {"tool_calls": [call]}}]},
        ),
        ran(3, result="attachment://h3"),
        attachments=attached,
    )

    turn, asked, result = facts(record)

    assert isinstance(turn, Turn)
    assert isinstance(asked, Call)
    assert isinstance(result, Result)
    assert turn.text == attached["h1"]
    assert [leaf.text for leaf in asked.arguments] == [attached["h2"], "attachment://h9"]
    assert result.texts[0].text == attached["h3"]


def test_an_agent_that_a_tool_started_is_an_actor() -> None:
    """By its span, whose parents are a tool's; the main agent may have a span too. Old logs nest events."""
    spans = [
        event("span_begin", 0, id="s0", type="agent", name="react"),
        event("span_begin", 0, id="s1", parent_id="s0", type="tool", name="ask"),
        event("span_begin", 0, id="s2", parent_id="s1", type="agent", name="scout"),
        event("span_begin", 0, id="s3", parent_id="s2", type="solver", name="generate"),
    ]
    other = {"id": "call_z1B2c3D4e5F6g7H8i9J0k1L2"}
    nested = ran(
        5, **(other | {"function": "ask", "result": "done", "events": [ran(6, id="call_y1B2c3D4e5F6g7H8i9J0k1L2")]})
    )

    calls = only(Call, facts(sample(*spans, ran(3, span_id="s3"), nested)))

    assert [(call.tool, call.actor) for call in calls] == [("bash", "scout"), ("ask", ""), ("bash", "ask")]


@pytest.mark.parametrize(("source", "human"), [("input", True), ("operator", True), ("generate", False), (None, False)])
def test_who_wrote_a_message_of_the_user(source: object, human: object) -> None:
    """A task of the data set, an operator at the keyboard, or a solver that goes on by itself."""
    (turn,) = only(Turn, facts(sample(messages=[USER | {"source": source}])))

    assert turn.human == human


def test_what_a_person_is_asked_meanwhile_is_a_turn() -> None:
    """In an event of its own."""
    (turn,) = only(Turn, facts(sample(event("input", 3, input="yes, go on", input_ansi="yes"))))

    assert (turn.text, turn.human, turn.known_at - BEGAN) == ("yes, go on", True, 3_000_000_000)


def test_failures() -> None:
    """An error stands beside the result; a tool that has not ended has none."""
    failed = ran(1, result="", error={"type": "timeout", "message": "too slow"})
    pending = ran(1, result="", pending=True)
    message = BACK | {"error": {"type": "timeout", "message": "too slow"}}

    assert [one.failed for one in only(Result, facts(sample(failed)))] == [True]
    assert only(Result, facts(sample(failed)))[0].texts[-1] == Leaf("error.message", "too slow")
    assert only(Result, facts(sample(pending))) == []
    assert [one.failed for one in only(Result, facts(sample(messages=[message])))] == [True]


def test_samples_without_events_are_known_when_they_end() -> None:
    """Old ones have no `uuid` either: what they are says which they are."""
    old = sample(uuid=None, messages=[USER, SAID, BACK])
    old.pop("events")
    records = [old, old | {"epoch": 2}]

    found = facts(log(*records))

    assert {one.known_at - BEGAN for one in only(Call, found)} == {50_000_000_000}
    assert len({one.session for one in only(Call, found)}) == 2
    assert {one.session for one in only(Call, facts(old))} <= {one.session for one in only(Call, found)}


def test_tools_of_the_provider_are_call_and_result_in_one() -> None:
    """They stand in the content of an answer."""
    used = {"type": "tool_use", "id": "ws_1", "name": "web_search", "arguments": '{"q":"x"}', "result": "found"}

    found = facts(sample(messages=[SAID | {"content": [used], "tool_calls": []}]))

    (call,), (result,) = only(Call, found), only(Result, found)
    assert (call.tool, call.arguments, result.texts) == ("web_search", (Leaf("q", "x"),), (Leaf("", "found"),))
    assert result.action == call.action


def test_events_that_are_nested_without_end_are_read() -> None:
    """No deeper than JSON itself may be."""
    inner: dict[str, object] = ran(1)
    for _ in range(200):
        inner = event("subtask", 1, name="deeper", events=[inner])

    (call,) = only(Call, facts(sample(inner)))

    assert call.actor == "deeper"


def test_the_header_of_an_archive_holds_nothing() -> None:
    """Nor does the start of its journal, nor what sums samples up: read, and known for what they are."""
    whole = log()
    header = {key: value for key, value in whole.items() if key != "samples"}
    start = {key: whole[key] for key in ("version", "eval", "plan")}
    summary = [{"id": 1, "epoch": 1, "input": "look around", "target": "x", "uuid": "u1"}]
    reduced = [{"scorer": "includes", "samples": [{"value": 1.0, "sample_id": 1}]}]
    for record, name in (
        (header, "inspect"),
        (start, "inspect"),
        (summary, "inspect-summary"),
        (reduced, "inspect-summary"),
    ):
        given = member(json.dumps(record, indent=1).encode())

        assert list(read(given)) == []
        assert (given.tally.format, given.tally.records) == (name, 1)


@pytest.mark.parametrize(
    "data",
    [
        json.dumps([{"id": 1, "epoch": 1, "input": "x", "target": "x", "events": [ran(1)]}]).encode(),
        json.dumps([{"scorer": "x", "samples": []}]).encode()[:-1],
        lines([{"scorer": "x", "samples": []}], USER),
    ],
)
def test_what_only_begins_as_a_summary_is_rejected(data: bytes) -> None:
    """It may hide telemetry."""
    assert reasons(seen(data)) == ["begins as a summary of an Inspect log, and is none"]


def test_a_log_is_known_by_its_head() -> None:
    """Cut in the middle, and whatever else has samples or an epoch is none."""
    for record in (log(sample(answered(1), ran(3))), sample(answered(1), ran(3))):
        reader = choose(json.dumps(record).encode()[:300])

        assert reader is not None
        assert reader.name == "inspect"
    assert choose(b'{"samples": [], "epoch": 1}') is None
