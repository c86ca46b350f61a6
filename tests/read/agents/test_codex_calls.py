"""What Codex's tools are asked and what they give, wherever it stands."""

import pytest

from suragh.model.fact import Leaf
from suragh.read.agents.codex_calls import SCRIPT_TOOL, arguments, returned, scripted

SCRIPT = 'const found = await tools.exec_command({cmd: "id"}); text(found)'


@pytest.mark.parametrize(
    ("kind", "tool", "given", "found"),
    [
        (
            "function_call",
            "shell",
            '{"command": ["ls", "-l", "a b"], "timeout": 5}',
            [("command", "ls -l 'a b'"), ("timeout", "5")],
        ),
        ("local_shell_call", "", {"command": ["id"]}, [("command", "id")]),
        ("custom_tool_call", "apply_patch", '{"a": 1}', [("input", '{"a": 1}')]),
        ("custom_tool_call", SCRIPT_TOOL, SCRIPT, [("input", SCRIPT), ("cmd.0", "id")]),
        ("function_call", "f", None, []),
    ],
)
def test_arguments_are_what_the_tool_gets(kind: str, tool: str, given: object, found: list[tuple[str, str]]) -> None:
    """Words are the line that a shell reads; free input is a text, and a script's commands stand beside it."""
    assert [(leaf.path, leaf.text) for leaf in arguments(kind, tool, given)] == found


def test_a_script_shows_its_commands() -> None:
    """Each under its number."""
    assert scripted(SCRIPT) == (Leaf("cmd.0", "id"),)
    assert scripted("text(1)") == ()


@pytest.mark.parametrize(
    ("output", "failed"),
    [
        ("Process exited with code 3\nOutput:\na", True),
        ("Exit code: 0\nWall time: 1 s\nOutput:\nExit code: 1", False),
        ('{"output": "a", "metadata": {"exit_code": 1}}', True),
        ("Script failed\nWall time 0.1 seconds\nOutput:\nb", True),
        ("Command blocked by a hook", True),
        ("Exit code: 1", None),
        ([{"stdout": "a", "outcome": {"type": "exit", "exit_code": 2}}], True),
        ([{"type": "input_text", "text": "Script completed\nOutput:\nb"}], False),
        ("", None),
    ],
)
def test_only_what_codex_itself_says_tells_of_failure(output: object, *, failed: bool | None) -> None:
    """Its lines stand before the output; what the tool printed says nothing."""
    assert returned(output)[1] is failed


def test_texts_are_without_pictures_and_status() -> None:
    """Encoded bytes are no text, and exit codes are told apart."""
    given = [{"type": "input_image", "image_url": "data:AAAA"}, {"stdout": "a", "outcome": {"exit_code": 0}}]

    assert returned(given) == ((Leaf("1.stdout", "a"),), False)
