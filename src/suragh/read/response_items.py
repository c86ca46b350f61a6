"""Response items: what models are told and answer in the Responses interface, a list of items of many types."""

import re
import shlex
from collections.abc import Iterable
from typing import Final

from suragh.model.fact import Fact, Leaf
from suragh.read.chat_messages import (
    Asked,
    Course,
    Message,
    Returned,
    Scene,
    add_call,
    add_message,
    add_result,
    block_texts,
)
from suragh.read.codex_script import commands
from suragh.read.leaves import leaves, leaves_of_json

_SCRIPT_TOOL: Final = "exec"
_OUTPUT_START: Final = "\nOutput:"
_EXIT: Final = re.compile(r"(?:Process exited with code|Exit code:) (-?\d+)")
_SCRIPT_END: Final = re.compile(r"Script (completed|failed)")
_BLOCKED: Final = "Command blocked by "
_PICTURE: Final = "image_url"
"""Where encoded bytes stand in an output."""

_APPROVAL: Final = "mcp_approval_request"


class Item(Message, gc=False):
    """One item: a message, a call, or what a call gave."""

    type: str | None = None
    call_id: str | None = None
    approval_request_id: str | None = None
    name: str | None = None
    arguments: object = None
    input: object = None
    action: object = None
    operation: object = None
    code: object = None
    queries: object = None
    output: object = None
    outputs: object = None
    results: object = None


def items(given: Iterable[Item], scene: Scene, at: str, course: Course | None = None) -> list[Fact]:
    """Give what items show: turns of users, calls, and results.

    Args:
        given: in their order.
        scene: what they have in common.
        at: JSON Pointer of the list inside the record.
        course: what the history said before these; nothing if it is left out.
    """
    found: list[Fact] = []
    course = course or Course()
    for number, item in enumerate(given):
        kind, place = item.type or "message", f"{at}/{number}"
        if kind == "message":
            add_message(found, item, scene, (place, course))
        elif kind.endswith("_call") or kind == _APPROVAL:
            _call(found, item, scene, (place, course))
        elif kind.endswith("_call_output"):
            texts, failed = _output(item.output)
            add_result(found, Returned(course.result(_call_id(item)), texts, failed), scene, place)
    return found


def _call_id(item: Item) -> str:
    return item.call_id or item.approval_request_id or item.id or ""


def _call(found: list[Fact], item: Item, scene: Scene, place: tuple[str, Course]) -> None:
    """Add a call, and its result where the provider ran it and the item holds both."""
    kind = item.type or ""
    at, course = place
    tool = item.name or kind.removesuffix("_call")
    # What was approved before it ran has its id from the request for that: it is no second use of the id.
    call_id = item.approval_request_id or course.call(_call_id(item))
    add_call(found, Asked(call_id, tool, _arguments(item)), scene, at)
    given = next((value for value in (item.output, item.outputs, item.results) if value is not None), None)
    error = item.error if isinstance(item.error, str | dict) else None
    if given is not None or error:
        texts = block_texts(given) + (leaves({"error": error}) if error else ())
        add_result(found, Returned(call_id, texts, bool(error) or None), scene, at)


def _arguments(item: Item) -> tuple[Leaf, ...]:
    values = (item.arguments, item.input, item.action, item.operation, item.code, item.queries)
    given = next((value for value in values if value is not None), None)
    if item.type == "custom_tool_call" and isinstance(given, str):
        scripted = commands(given) if item.name == _SCRIPT_TOOL else ()
        return (Leaf("input", given), *(Leaf(f"cmd.{number}", text) for number, text in enumerate(scripted)))
    if item.code is not None and given is item.code:
        return leaves({"code": given})
    return _joined_argv(leaves_of_json(given) if isinstance(given, str) else leaves(given))


def _joined_argv(found: tuple[Leaf, ...]) -> tuple[Leaf, ...]:
    """Join a command that is given as a list of words into the line that a shell would read."""
    words = [leaf.text for leaf in found if leaf.path.startswith("command.")]
    if not words:
        return found
    rest = tuple(leaf for leaf in found if not leaf.path.startswith("command."))
    return (Leaf("command", shlex.join(words)), *rest)


def _output(output: object) -> tuple[tuple[Leaf, ...], bool | None]:
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
