"""Response items: what models are told and answer in the Responses interface, a list of items of many types."""

from collections.abc import Iterable
from typing import Final

from suragh.model.fact import Fact, Leaf
from suragh.read.agents.codex_calls import arguments, returned
from suragh.read.chat_messages import (
    Asked,
    Course,
    Message,
    Returned,
    Talk,
    add_call,
    add_message,
    add_result,
    block_texts,
)
from suragh.read.leaves import leaves

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


def items(given: Iterable[Item], talk: Talk, at: str, course: Course | None = None) -> list[Fact]:
    """Give what items show: turns of users, calls, and results.

    Args:
        given: in their order.
        talk: what they have in common.
        at: JSON Pointer of the list inside the record.
        course: what the history said before these; nothing if it is left out.
    """
    found: list[Fact] = []
    course = course or Course()
    for number, item in enumerate(given):
        kind, place = item.type or "message", f"{at}/{number}"
        if kind == "message":
            add_message(found, item, talk, (place, course))
        elif kind.endswith("_call") or kind == _APPROVAL:
            _call(found, item, talk, (place, course))
        elif kind.endswith("_call_output"):
            texts, failed = returned(item.output)
            add_result(found, Returned(course.result(_call_id(item)), texts, failed), talk, place)
    return found


def _call_id(item: Item) -> str:
    return item.call_id or item.approval_request_id or item.id or ""


def _call(found: list[Fact], item: Item, talk: Talk, place: tuple[str, Course]) -> None:
    """Add a call, and its result where the provider ran it and the item holds both."""
    kind = item.type or ""
    at, course = place
    tool = item.name or kind.removesuffix("_call")
    # What was approved before it ran has its id from the request for that: it is no second use of the id.
    call_id = item.approval_request_id or course.call(_call_id(item))
    add_call(found, Asked(call_id, tool, _arguments(item)), talk, at)
    given = next((value for value in (item.output, item.outputs, item.results) if value is not None), None)
    error = item.error if isinstance(item.error, str | dict) else None
    if given is not None or error:
        texts = block_texts(given) + (leaves({"error": error}) if error else ())
        add_result(found, Returned(call_id, texts, bool(error) or None), talk, at)


def _arguments(item: Item) -> tuple[Leaf, ...]:
    values = (item.arguments, item.input, item.action, item.operation, item.code, item.queries)
    given = next((value for value in values if value is not None), None)
    if item.code is not None and given is item.code:
        return leaves({"code": given})
    return arguments(item.type or "", item.name or "", given)
