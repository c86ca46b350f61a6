"""Codex rollouts."""

import pytest
from tests.read.feeds import OTHER_ID, codex, codex_meta, dig, lines, only, reasons, seen

from suragh.model.fact import Call, Kinship, Leaf, Result, Turn
from suragh.read.identity import turn_at


def call(arguments: str = '{"cmd":"ls"}', **more: object) -> dict[str, object]:
    """A line with a function call."""
    given = {"type": "function_call", "name": "exec_command", "arguments": arguments, "call_id": OTHER_ID}
    return codex("response_item", 2, **(given | more))


def output(text: object, kind: str = "function_call_output") -> dict[str, object]:
    """A line with an output."""
    return codex("response_item", 3, type=kind, call_id=OTHER_ID, output=text)


def test_a_call_and_its_output_are_one_action() -> None:
    """The session is that of the first line."""
    record = output("Chunk ID: 1\nWall time: 0.1 seconds\nProcess exited with code 2\nOutput:\na.txt")

    found = seen(lines(codex_meta(), call(), record))

    (asked,), (result,) = only(Call, found), only(Result, found)
    assert (asked.session, asked.tool, asked.arguments) == ("u1", "exec_command", (Leaf("cmd", "ls"),))
    assert (result.action, result.failed) == (asked.action, True)
    assert dig(record, result.at) == result.texts[0].text


@pytest.mark.parametrize(
    ("text", "failed"),
    [
        ("Process exited with code 0\nOutput:\nok", False),
        ("Exit code: 1\nWall time: 0 seconds\nOutput:\n", True),
        ([{"type": "input_text", "text": "Script completed\nWall time 0.1 seconds\nOutput:\n"}], False),
        ([{"type": "input_text", "text": "Script failed\nWall time 0.1 seconds\nOutput:\n"}], True),
        ('{"output":"Success","metadata":{"exit_code":0}}', False),
        ("Command blocked by PreToolUse hook: held. Command: x", True),
        ("Script running with cell ID 4", None),
        ("Wall time: 1 second\nOutput:\nProcess exited with code 1", None),
        ("Plan updated", None),
    ],
)
def test_the_status_is_read_off_codex_s_own_lines(text: object, failed: bool | None) -> None:  # noqa: FBT001
    """What the tool itself printed is no status."""
    (result,) = only(Result, seen(lines(codex_meta(), output(text))))

    assert result.failed is failed


def test_shell_commands_are_dug_out_of_scripts() -> None:
    """The script stays, and each command in it stands beside it."""
    script = 'const r = await tools.exec_command({cmd:"id"}); text(r.output)'
    line = codex("response_item", type="custom_tool_call", name="exec", input=script, call_id=OTHER_ID)

    (asked,) = only(Call, seen(lines(codex_meta(), line)))

    assert asked.arguments == (Leaf("input", script), Leaf("cmd.0", "id"))


def test_a_command_in_words_is_joined() -> None:
    """Older versions give the words of the command line."""
    (asked,) = only(Call, seen(lines(codex_meta(), call('{"command":["bash","-lc","ls -l"],"workdir":"/w"}'))))

    assert asked.arguments == (Leaf("command", "bash -lc 'ls -l'"), Leaf("workdir", "/w"))


def test_only_events_are_human_turns() -> None:
    """The same words in a response item, injected context and a compaction's replay are none."""
    message = codex("response_item", type="message", role="user", content=[{"type": "input_text", "text": "go"}])
    replay = codex("compacted", message="", replacement_history=[{"type": "message", "role": "user"}])
    said = codex("event_msg", type="user_message", message="go", client_id="0562365a-aab5-4839-9e17-254a54f2aeee")

    turns = only(Turn, seen(lines(codex_meta(), message, said, replay)))

    assert [(turn.human, turn.text) for turn in turns] == [(True, "go")]


def test_a_version_that_writes_both_kinds_of_event_is_counted_once() -> None:
    """Newer versions write `item_completed`; where both stand in a file, the first kind counts."""
    item = {"type": "UserMessage", "id": "i1", "content": [{"type": "text", "text": "go"}]}
    new = codex("event_msg", type="item_completed", item=item)
    old = codex("event_msg", type="user_message", message="go")

    assert [turn.text for turn in only(Turn, seen(lines(codex_meta(), new)))] == ["go"]
    assert [turn.text for turn in only(Turn, seen(lines(codex_meta(), old, new)))] == ["go"]


def test_a_sub_agent_is_tied_to_its_parent() -> None:
    """What stands in the role of its user is the parent's task; without an id of the parent there is no tie."""
    spawned = codex_meta("child") | {
        "payload": {"id": "child", "source": {"subagent": {"thread_spawn": {"parent_thread_id": "u1"}}}}
    }
    review = codex_meta("child") | {"payload": {"id": "child", "source": {"subagent": "review"}}}
    said = codex("event_msg", type="user_message", message="review it")

    found, other = seen(lines(spawned, said)), seen(lines(review, said))

    assert [(k.session, k.parent) for k in only(Kinship, found)] == [("child", "u1")]
    assert only(Kinship, other) == []
    assert [turn.human for turn in only(Turn, [*found, *other])] == [False, False]


def test_the_history_of_a_fork_stays_with_the_fork() -> None:
    """Its calls have the ids that they had, so they are the same actions."""
    older = codex_meta("old")
    fork = codex("session_meta", 5, id="new", timestamp="2026-01-02T00:00:00Z", source="cli", forked_from_id="old")

    before, after = only(Call, seen(lines(older, call()))), only(Call, seen(lines(fork, older, call())))

    assert [c.session for c in after] == ["new"]
    assert before[0].action == after[0].action


def test_joined_rollouts_are_two_sessions_and_a_resumed_one_is_one() -> None:
    """A later start with another id begins another session; the same id is a mark of resuming."""
    second = codex("session_meta", 9, id="u2", timestamp="2026-01-03T00:00:00Z", source="cli")

    found = only(Call, seen(lines(codex_meta(), call(), codex_meta(), call(), second, call())))

    assert [c.session for c in found] == ["u1", "u1", "u2"]


def test_a_rollout_without_its_start_is_read() -> None:
    """Its lines are one session, and the same one each time."""
    one, again = only(Call, seen(lines(call(), call()))), only(Call, seen(lines(call())))

    assert {c.session for c in one} == {c.session for c in again}
    assert reasons(seen(lines(call()))) == []


def test_a_line_with_a_bad_time_is_rejected() -> None:
    """The rest is read."""
    assert reasons(seen(lines(codex_meta(), call() | {"timestamp": "x"}))) == [
        "timestamp is no time, expected RFC 3339"
    ]


def test_two_lines_glued_are_both_read() -> None:
    """Each under its own offset."""
    one, two = lines(codex_meta()).strip(), lines(call()).strip()

    (asked,) = only(Call, seen(one + two + b"\n"))

    assert (asked.session, asked.pointer.offset, asked.pointer.length) == ("u1", len(one), len(two))


def test_a_message_without_an_id_is_known_by_its_text_and_time() -> None:
    """As in what the same agent sends as telemetry; the same words later are another message."""
    said = [codex("event_msg", second, type="user_message", message="go") for second in (1, 2, 30)]

    turns = only(Turn, seen(lines(codex_meta(), *said)))

    assert turns[0].turn == turns[1].turn == turn_at("u1", turns[0].known_at, "go") != turns[2].turn
