"""Items of the Responses interface."""

import msgspec
import pytest
from tests.read.feeds import OTHER_ID, only

from suragh.model.fact import Call, Fact, Leaf, Pointer, Result, Turn
from suragh.read.chat_messages import Talk
from suragh.read.gateways.response_items import Item, items
from suragh.read.told import Told


def shown(*given: object) -> list[Fact]:
    """What items show."""
    talk = Talk("s1", "", human=True, known_at=5, pointer=Pointer(0, 0, 1), told=Told(), injected=("<env",))
    return items(msgspec.convert(list(given), list[Item]), talk, "/input")


def call(kind: str, **more: object) -> dict[str, object]:
    """An item that calls."""
    return {"type": kind, "call_id": OTHER_ID} | more


@pytest.mark.parametrize(
    ("item", "tool", "arguments"),
    [
        (call("function_call", name="sh", arguments='{"cmd": "id"}'), "sh", (Leaf("cmd", "id"),)),
        (
            call("function_call", name="sh", arguments='{"command": ["ls", "a b"]}'),
            "sh",
            (Leaf("command", "ls 'a b'"),),
        ),
        (call("custom_tool_call", name="patch", input="*** Begin"), "patch", (Leaf("input", "*** Begin"),)),
        (
            call("custom_tool_call", name="exec", input='await tools.exec_command({cmd: "id"})'),
            "exec",
            (Leaf("input", 'await tools.exec_command({cmd: "id"})'), Leaf("cmd.0", "id")),
        ),
        (
            call("local_shell_call", action={"type": "exec", "command": ["id"]}),
            "local_shell",
            (Leaf("command", "id"), Leaf("type", "exec")),
        ),
        (
            call("shell_call", action={"commands": ["id", "ls"]}),
            "shell",
            (Leaf("commands.0", "id"), Leaf("commands.1", "ls")),
        ),
        (call("code_interpreter_call", code="print(1)"), "code_interpreter", (Leaf("code", "print(1)"),)),
        (call("file_search_call", queries=["keys"]), "file_search", (Leaf("0", "keys"),)),
        (call("web_search_call", action={"query": "x"}), "web_search", (Leaf("query", "x"),)),
    ],
    ids=lambda value: value.get("type") if isinstance(value, dict) else "",
)
def test_calls_of_every_kind(item: object, tool: str, arguments: tuple[Leaf, ...]) -> None:
    """Named, or after their kind; commands in words are a line, and scripts are dug through."""
    (found,) = only(Call, shown(item))

    assert (found.tool, found.arguments, found.at) == (tool, arguments, "/input/0")


@pytest.mark.parametrize(
    ("kind", "output", "texts", "failed"),
    [
        ("function_call", "ok", ["ok"], None),
        ("function_call", "Process exited with code 1\nOutput:\nno", ["Process exited with code 1\nOutput:\nno"], True),
        (
            "function_call",
            "Process exited with code 0\nOutput:\nok",
            ["Process exited with code 0\nOutput:\nok"],
            False,
        ),
        ("function_call", "cat: Exit code: 1", ["cat: Exit code: 1"], None),
        ("local_shell_call", '{"output": "no", "metadata": {"exit_code": 2}}', ["no"], True),
        (
            "custom_tool_call",
            [{"type": "input_text", "text": "Script failed\nOutput:"}],
            ["Script failed\nOutput:"],
            True,
        ),
        (
            "shell_call",
            [{"stdout": "a", "stderr": "", "outcome": {"type": "exit", "exit_code": 3}}],
            ["a", ""],
            True,
        ),
        (
            "computer_call",
            {"type": "computer_screenshot", "image_url": "data:image/png;base64,AAAA"},
            ["computer_screenshot"],
            None,
        ),
    ],
)
def test_results_join_their_call(kind: str, output: object, texts: list[str], failed: object) -> None:
    """Pictures are no text; a tool's own words say nothing about whether it failed."""
    asked, result = shown(call(kind, name="f"), call(f"{kind}_output", output=output))

    assert isinstance(asked, Call)
    assert isinstance(result, Result)
    assert (result.action, result.failed) == (asked.action, failed)
    assert [leaf.text for leaf in result.texts] == texts


def test_what_the_provider_ran_is_call_and_result_in_one() -> None:
    """An approval that is asked for is the same call, not one more."""
    request = {"type": "mcp_approval_request", "id": "mcpr_1", "name": "query", "arguments": '{"a": "b"}'}
    ran = {
        "type": "mcp_call",
        "id": "mcp_1",
        "approval_request_id": "mcpr_1",
        "name": "query",
        "arguments": '{"a": "b"}',
    }

    asked, result = shown(request, ran | {"output": "rows"})[0], shown(ran | {"output": "rows"})[1]
    failed = only(Result, shown(ran | {"error": "timed out"}))

    assert isinstance(asked, Call)
    assert isinstance(result, Result)
    assert len(only(Call, shown(request, ran))) == 2
    assert len({one.action for one in only(Call, shown(request, ran))}) == 1
    assert (result.action, result.texts, result.failed) == (asked.action, (Leaf("", "rows"),), None)
    assert [(one.failed, one.texts) for one in failed] == [(True, (Leaf("error", "timed out"),))]


def test_messages_of_users_are_turns() -> None:
    """With or without a kind; what a client put in is none, nor what a developer or a model said."""
    typed = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "go"}]}
    bare = {"role": "user", "content": "on"}
    others = [{"role": "developer", "content": "x"}, {"type": "message", "role": "assistant", "content": []}]
    injected = {"role": "user", "content": [{"type": "input_text", "text": "<env>x</env>"}]}

    turns = only(Turn, shown(typed, bare, *others, injected))

    assert [(turn.text, turn.human, turn.at) for turn in turns] == [("go", True, "/input/0"), ("on", True, "/input/1")]
