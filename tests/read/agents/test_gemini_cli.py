"""Chats of Gemini CLI."""

import json

import pytest
from tests.read.feeds import dig, lines, only, reasons, seen
from tests.read.real import raw

from suragh.model.fact import Call, Leaf, Result, Turn
from suragh.read.agents.gemini_cli import DOCUMENT_READER, READER

SHELL = "Command: ls\nDirectory: (root)\nOutput: {}\nError: (none)\nExit Code: {}\nSignal: (none)"


def tool_call(output: object = "a.txt", **more: object) -> dict[str, object]:
    """A call with its result."""
    answer = {"functionResponse": {"id": "c1", "name": "run_shell_command", "response": {"output": output}}}
    given: dict[str, object] = {
        "id": "c1",
        "name": "run_shell_command",
        "args": {"command": "ls"},
        "status": "success",
        "timestamp": "2026-01-01T00:00:03.000Z",
        "result": [answer],
    }
    return given | more


def user(content: object = "list files", **more: object) -> dict[str, object]:
    """A person's message."""
    return {"id": "m1", "timestamp": "2026-01-01T00:00:01.000Z", "type": "user", "content": content} | more


def gemini(*calls: object, **more: object) -> dict[str, object]:
    """The agent's message."""
    given = {"id": "m2", "timestamp": "2026-01-01T00:00:02.000Z", "type": "gemini", "content": ""}
    return given | {"toolCalls": list(calls)} | more


def chat(*messages: object, **more: object) -> dict[str, object]:
    """A document."""
    head = {"sessionId": "s1", "projectHash": "ab", "startTime": "2026-01-01T00:00:00.000Z"}
    return head | {"messages": list(messages)} | more


def test_calls_results_and_turns_of_a_document() -> None:
    """However it is laid out; each has its place in it."""
    record = chat(user(), gemini(tool_call()))
    for data in (json.dumps(record), json.dumps(record, indent=2)):
        turn, call, result = seen(data.encode())

        assert isinstance(turn, Turn)
        assert isinstance(call, Call)
        assert isinstance(result, Result)
        assert (turn.session, turn.human, dig(record, turn.at)) == ("s1", True, "list files")
        assert (call.tool, call.arguments) == ("run_shell_command", (Leaf("command", "ls"),))
        assert dig(record, call.at) == tool_call()
        assert (result.action, result.failed) == (call.action, False)
        assert [leaf.text for leaf in result.texts] == ["a.txt"]
        assert call.known_at == result.known_at == turn.known_at + 2_000_000_000


@pytest.mark.parametrize(
    ("more", "failed"),
    [
        ({"output": SHELL.format("ok", 0)}, False),
        ({"output": SHELL.format("\nExit Code: 0\n", 2)}, True),
        ({"output": SHELL.format("\nExit Code: 1\n", 0)}, False),
        ({"status": "error"}, True),
        ({"status": "cancelled"}, True),
        ({"status": "executing"}, None),
    ],
)
def test_the_status_is_the_client_s(more: dict[str, object], failed: bool | None) -> None:  # noqa: FBT001
    """Its own mark, and the last of the lines that it puts around a command's output."""
    (result,) = only(Result, seen(lines(chat(gemini(tool_call(**more))))))

    assert result.failed is failed


def test_what_people_were_shown_stands_in_for_a_missing_result() -> None:
    """A call that was never answered has no result."""
    shown = tool_call(result=None, resultDisplay="a.txt")
    silent = tool_call(result=[], id="c2", status="scheduled")

    (result,) = only(Result, seen(lines(chat(gemini(shown, silent)))))

    assert (result.texts, result.at) == ((Leaf("", "a.txt"),), "/messages/0/toolCalls/0/resultDisplay")


def test_the_chat_of_a_sub_agent_has_no_human_turn() -> None:
    """Its user is another agent; blocks of text are read like a bare one."""
    (turn,) = only(Turn, seen(lines(chat(user([{"text": "look"}, {"text": "around"}]), kind="subagent"))))

    assert (turn.human, turn.text) == (False, "look\naround")


def test_a_message_without_a_time_is_rejected() -> None:
    """A call may still have one of its own."""
    found = seen(lines(chat(user(timestamp=None), gemini(tool_call(), timestamp="soon"))))

    assert reasons(found) == ["timestamp of a message is missing or no time, expected RFC 3339"]
    assert len(only(Call, found)) == 1


def test_a_chat_in_lines_is_the_same_chat() -> None:
    """A message that is written again, with its calls, is the same message; changes of the head hold nothing."""
    head = {"sessionId": "s1", "projectHash": "ab", "startTime": "2026-01-01T00:00:00.000Z", "kind": "main"}
    rows = lines(head, user(), {"$set": {"lastUpdated": "x"}}, gemini(), gemini(tool_call()), {"$rewindTo": "m2"})
    whole = seen(lines(chat(user(), gemini(tool_call()))))

    found = seen(rows)

    assert [type(fact) for fact in found] == [Turn, Call, Result]
    assert {fact.turn for fact in only(Turn, found)} == {fact.turn for fact in only(Turn, whole)}
    assert {fact.action for fact in only(Call, found)} == {fact.action for fact in only(Call, whole)}
    assert reasons(found) == []


def test_each_form_is_known_from_the_other() -> None:
    """A document cut at its end is still one."""
    document = json.dumps(chat(user())).encode()

    assert DOCUMENT_READER.sniff(document[:-20])
    assert not READER.sniff(document)
    assert READER.sniff(lines({"sessionId": "s1", "projectHash": "ab"}))


def test_a_real_chat_is_read_whole() -> None:
    """Calls with their results, and what the person said."""
    (file,) = raw("agtrace", "real-session")
    record = json.loads(file)
    found = seen(file)

    assert len(only(Call, found)) == sum(len(message.get("toolCalls", ())) for message in record["messages"]) == 5
    assert {call.action for call in only(Call, found)} == {result.action for result in only(Result, found)}
    assert [dig(record, turn.at) for turn in only(Turn, found)] == [turn.text for turn in only(Turn, found)]
    assert reasons(found) == []
