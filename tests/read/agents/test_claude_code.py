"""Claude Code session files."""

import pytest
from tests.read.feeds import BASH_ID, claude, dig, lines, only, reasons, seen, tool_use

from suragh.model.fact import Call, Leaf, Rejected, Result, Turn

INJECTED = [
    "<command-name>/exit",
    "<local-command-stdout>",
    "<task-notification>x",
    "<system-reminder>x",
    "[Request interrupted by user]",
]


def result(content: object, **more: object) -> dict[str, object]:
    """A line with a result."""
    return claude("user", [{"type": "tool_result", "tool_use_id": BASH_ID, "content": content, **more}])


def test_a_call_and_its_result_are_one_action() -> None:
    """The result has its own time and texts, and says whether it failed."""
    use = claude("assistant", [{"type": "text", "text": "Listing."}, tool_use(command="ls", timeout=5)])
    back = result("a.txt", is_error=True) | {"timestamp": "2026-01-01T00:00:02Z"}

    call, outcome = seen(lines(use, back))

    assert isinstance(call, Call)
    assert isinstance(outcome, Result)
    assert (call.session, call.actor, call.tool, call.known_at) == ("s1", "", "Bash", 1_767_225_601_500_000_000)
    assert call.arguments == (Leaf("command", "ls"), Leaf("timeout", "5"))
    assert dig(use, call.at) == tool_use(command="ls", timeout=5)
    assert (outcome.action, outcome.texts, outcome.failed) == (call.action, (Leaf("", "a.txt"),), True)
    assert outcome.known_at > call.known_at


def test_a_result_in_blocks_has_their_texts_and_no_encoded_bytes() -> None:
    """Text blocks are leaves, images are not; where nothing says so, nothing failed."""
    blocks = [{"type": "image", "source": {"data": "QUJD"}}, {"type": "text", "text": "b"}]

    (outcome,) = only(Result, seen(lines(result(blocks))))

    assert (outcome.texts, outcome.failed) == ((Leaf("1.text", "b"),), None)


@pytest.mark.parametrize("text", INJECTED)
def test_injected_text_is_no_turn(text: str) -> None:
    """Alone it gives none, and beside a person's words only these count."""
    both = [{"type": "text", "text": text}, {"type": "text", "text": "go on"}]

    assert only(Turn, seen(lines(claude("user", text)))) == []
    assert [turn.text for turn in only(Turn, seen(lines(claude("user", both))))] == ["go on"]


@pytest.mark.parametrize(
    "marks",
    [{"isMeta": True}, {"isCompactSummary": True}, {"origin": {"kind": "task-notification"}}],
    ids=["meta", "summary", "origin"],
)
def test_marked_lines_are_no_turns(marks: dict[str, object]) -> None:
    """What the tool marks as its own was not written by a person."""
    assert only(Turn, seen(lines(claude("user", "go on", **marks)))) == []


def test_a_person_s_message_is_a_human_turn() -> None:
    """With or without the explicit mark of newer versions, in either form; the same line twice is one turn."""
    plain, marked = claude("user", "list files"), claude("user", "list files", origin={"kind": "human"})
    found = only(Turn, seen(lines(plain, marked, claude("user", [{"type": "text", "text": "list files"}]))))

    assert [(turn.human, turn.text) for turn in found] == [(True, "list files")] * 3
    assert len({turn.turn for turn in found}) == 1


def test_a_message_typed_while_the_agent_works_is_a_turn() -> None:
    """It may stand in an attachment only."""
    line = claude("attachment", None, attachment={"type": "queued_command", "prompt": "stop that"})
    note = claude("attachment", None, attachment={"type": "queued_command", "prompt": "<task-notification>x"})

    (turn,) = only(Turn, seen(lines(line, note)))

    assert (turn.human, dig(line, turn.at)) == (True, "stop that")


def test_a_sub_agent_in_its_own_file_is_an_actor_of_the_session() -> None:
    """Its task is a turn that no person wrote."""
    own = {"agentId": "a1", "isSidechain": True}
    task, call = seen(lines(claude("user", "look around", **own), claude("assistant", [tool_use()], **own)))

    assert isinstance(task, Turn)
    assert isinstance(call, Call)
    assert (task.human, call.session, call.actor) == (False, "s1", "a1")


def test_a_sub_agent_inlined_as_progress_is_an_actor_of_the_session() -> None:
    """Its messages stand in the file of the main agent, under `data.message`."""
    inner = claude("assistant", [tool_use()])
    task = claude("user", [{"type": "text", "text": "look around"}])
    outer = {"type": "progress", "sessionId": "s1", "timestamp": "2026-01-01T00:00:03Z", "uuid": "u"}
    records = [{**outer, "data": {"type": "agent_progress", "agentId": "a1", "message": m}} for m in (task, inner)]

    turn, call = seen(lines(*records))

    assert isinstance(turn, Turn)
    assert isinstance(call, Call)
    assert (turn.human, call.actor, call.session) == (False, "a1", "s1")
    assert call.known_at == 1_767_225_603_000_000_000
    assert dig(records[1], call.at) == tool_use()


def test_lines_that_hold_nothing_for_us_are_read() -> None:
    """Old and new kinds, other progress, and what lies beside a sub-agent's file."""
    others = [
        {"type": "summary", "summary": "x", "leafUuid": "y"},
        {"type": "file-history-snapshot", "messageId": "x", "snapshot": {}},
        {"type": "mode", "sessionId": "s1", "mode": "default"},
        {"type": "progress", "sessionId": "s1", "data": {"type": "hook_progress", "message": "text"}},
        claude("assistant", [{"type": "thinking", "thinking": "hm"}]),
    ]

    assert seen(lines(claude("user", "hello"), *others))[1:] == []
    assert seen(b'{"agentType":"general-purpose"}\n') == []


def test_a_line_without_a_time_is_rejected() -> None:
    """What it holds has no place in time."""
    assert reasons(seen(lines(claude("user", "a"), claude("user", "b", timestamp="soon")))) == [
        "timestamp is missing or no time, expected RFC 3339"
    ]


def test_a_malformed_field_does_not_lose_the_record() -> None:
    """The call is read, and what was wrong is said."""
    found = seen(lines(claude("assistant", [tool_use()], isSidechain="no")))

    assert len(only(Call, found)) == 1
    assert len(reasons(found)) == 1


def test_two_objects_on_a_line_are_both_read() -> None:
    """Each under its own offset; what a writer left half is rejected, and the next line is read."""
    one, two = lines(claude("user", "go on")).strip(), lines(claude("assistant", [tool_use()])).strip()
    half = lines(claude("user", "lost")).strip()[:-9]

    found = seen(one + two + half + b"\n" + one)

    assert [(type(fact), fact.pointer.offset) for fact in found] == [
        (Turn, 0),
        (Call, len(one)),
        (Rejected, len(one + two)),
        (Turn, len(one + two + half) + 1),
    ]
    assert reasons(found) == ["no JSON: Input data was truncated"]
