"""Codex calls: what Codex's tools are asked and what they give, alike in its rollouts, requests and telemetry."""

import re
import shlex
from typing import Final

from suragh.model.fact import Leaf
from suragh.read.agents.codex_script import commands
from suragh.read.chat_messages import block_texts
from suragh.read.leaves import leaves, leaves_of_json

SCRIPT_TOOL: Final = "exec"
"""The tool of the code mode, whose input is a script."""

_FREE_FORM: Final = "custom_tool_call"
_OUTPUT_START: Final = "\nOutput:"
_EXIT: Final = re.compile(r"(?:Process exited with code|Exit code:) (-?\d+)")
_SCRIPT_END: Final = re.compile(r"Script (completed|failed)")
_BLOCKED: Final = "Command blocked by "
_PICTURE: Final = "image_url"
"""Where encoded bytes stand in an output."""


def arguments(kind: str, tool: str, given: object) -> tuple[Leaf, ...]:
    """Give the arguments of a call.

    Args:
        kind: the type of its item.
        tool: as in `Call`.
        given: JSON in a text, a value, or of a tool with free input a text.
    """
    if kind == _FREE_FORM and isinstance(given, str):
        return (Leaf("input", given), *(scripted(given) if tool == SCRIPT_TOOL else ()))
    return _joined_argv(leaves_of_json(given) if isinstance(given, str) else leaves(given))


def scripted(script: str) -> tuple[Leaf, ...]:
    """Give the shell commands that a script of the code mode holds, as leaves that stand beside it."""
    return tuple(Leaf(f"cmd.{number}", text) for number, text in enumerate(commands(script)))


def returned(output: object) -> tuple[tuple[Leaf, ...], bool | None]:
    """Give the texts of an output, and whether the call failed; None where nothing says."""
    if isinstance(output, str):
        texts = leaves_of_json(output)
        code = next((leaf.text for leaf in texts if leaf.path == "metadata.exit_code"), None)
        if code is not None:
            return tuple(leaf for leaf in texts if not leaf.path.startswith("metadata.")), code != "0"
        return (Leaf("", output),) if output else (), _failed(output)
    texts = block_texts(output)
    codes = [leaf.text for leaf in texts if leaf.path.endswith("outcome.exit_code")]
    kept = tuple(leaf for leaf in texts if ".outcome." not in leaf.path and not leaf.path.endswith(_PICTURE))
    return kept, any(code != "0" for code in codes) if codes else _failed(texts[0].text if texts else "")


def _joined_argv(found: tuple[Leaf, ...]) -> tuple[Leaf, ...]:
    """Join a command that is given as a list of words into the line that a shell would read."""
    words = [leaf.text for leaf in found if leaf.path.startswith("command.")]
    if not words:
        return found
    rest = tuple(leaf for leaf in found if not leaf.path.startswith("command."))
    return (Leaf("command", shlex.join(words)), *rest)


def _failed(text: str) -> bool | None:
    """Read the status off the lines that Codex puts before a tool's output, and off nothing that the tool wrote."""
    if text.startswith(_BLOCKED):
        return True
    lines = text.partition(_OUTPUT_START)[0] if _OUTPUT_START in text else ""
    code = _EXIT.search(lines)
    if code is not None:
        return code[1] != "0"
    ended = _SCRIPT_END.match(lines)
    return None if ended is None else ended[1] == "failed"
