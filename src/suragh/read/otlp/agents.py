"""Events that coding agents send as log records under their own names: Claude Code, Codex, Gemini CLI.

Source: Claude Code 2.1.330, Codex 0.169.0, as they send; Gemini CLI 0.61.0, as its documentation has it.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from msgspec import Struct

from suragh.model.fact import Fact, Leaf
from suragh.read.agents.claude_code import INJECTED
from suragh.read.agents.codex_calls import SCRIPT_TOOL, returned, scripted
from suragh.read.identity import turn_at, turn_id, turn_of_prompt
from suragh.read.lenient import moment
from suragh.read.otlp.spans import REDACTED
from suragh.read.otlp.tools import Outcome, Tried, facts_of_tool, failed_by
from suragh.read.otlp.who import Context, Who, origin_of
from suragh.read.otlp.wire import Attributes, KeyValue, as_leaves, place_of, text_of, value_of

_REFUSED: Final = frozenset({"reject", "denied", "abort"})
"""Words of a decision that a call must not run."""

_FIRST_WORD: Final = "bash_command"
"""Claude Code's name for the first word of a command that it also gives whole."""

_WHOLE: Final = "full_command"


class Event(Struct, frozen=True, gc=False):
    """An event of a coding agent.

    Attributes:
        found: its attributes, over those of its sender.
        pairs: the same as they were sent.
        them: session and actor.
        context: what is known beside it.
    """

    found: Attributes
    pairs: Sequence[KeyValue] | None
    them: Who
    context: Context


def _said(event: Event, key: str) -> list[Fact]:
    """Read a prompt; by what it is identified differs from agent to agent, and from version to version."""
    found, them, context = event.found, event.them, event.context
    text = text_of(found, key)
    if text.startswith(INJECTED):
        return []
    text = "" if text in REDACTED else text
    turn = _turn(found, them.session, text, context.known_at)
    place = context.at + place_of(event.pairs, key)
    return [origin_of(them, context).turn(turn, text, place, human=not them.actor)]


def _turn(found: Attributes, session: str, text: str, known_at: int) -> int:
    own, prompt = text_of(found, "message.uuid"), text_of(found, "prompt.id", "prompt_id")
    if own:
        return turn_id(session, own, text)
    if prompt:
        return turn_of_prompt(session, prompt)
    return turn_at(session, moment(text_of(found, "event.timestamp")) or known_at, text)


def _claude_prompt(event: Event) -> list[Fact]:
    return _said(event, "prompt" if "prompt" in event.found else "prompt_text")


def _claude_decision(event: Event) -> list[Fact]:
    """A call is known from the decision on it, before it runs; of one that is refused nothing more is sent."""
    return _tried(event, _claude_arguments(event.found), _refusal(event.found))


def _claude_result(event: Event) -> list[Fact]:
    found = event.found
    return _tried(event, _claude_arguments(found), _outcome(found, "error", "error_type"))


def _claude_arguments(found: Attributes) -> tuple[Leaf, ...]:
    """Give a call's arguments as the tool had them: of a long command only `tool_parameters` has all."""
    parameters = as_leaves(value_of(found, "tool_parameters"))
    whole = tuple(Leaf("command", leaf.text) for leaf in parameters if leaf.path == _WHOLE)
    given = as_leaves(value_of(found, "tool_input"))
    rest = given or tuple(leaf for leaf in parameters if leaf.path not in (_WHOLE, _FIRST_WORD))
    return whole + tuple(leaf for leaf in rest if not (whole and leaf.path == "command"))


def _codex_prompt(event: Event) -> list[Fact]:
    return _said(event, "prompt")


def _codex_decision(event: Event) -> list[Fact]:
    """Read a refusal; a call that may run is sent once more, with its arguments, when it has run."""
    refusal = _refusal(event.found)
    return [] if refusal is None else _tried(event, (), refusal)


def _codex_result(event: Event) -> list[Fact]:
    found = event.found
    arguments = as_leaves(value_of(found, "arguments"))
    if text_of(found, "tool_name") == SCRIPT_TOOL:
        arguments += scripted(text_of(found, "arguments"))
    texts, failed = returned(text_of(found, "output"))
    # `success` says that the tool itself worked, whatever the exit status of what it ran.
    said = failed_by(found)
    return _tried(event, arguments, Outcome(texts, said if said or failed is None else failed))


def _gemini_prompt(event: Event) -> list[Fact]:
    return _said(event, "prompt")


def _gemini_call(event: Event) -> list[Fact]:
    found = event.found
    outcome = _refusal(found) or _outcome(found, "error", "error_type")
    return _tried(event, as_leaves(value_of(found, "function_args")), outcome)


def _tried(event: Event, arguments: tuple[Leaf, ...], outcome: Outcome | None) -> list[Fact]:
    found = event.found
    call_id = text_of(found, "tool_use_id", "call_id")
    tool = text_of(found, "tool_name", "function_name")
    return facts_of_tool(Tried(call_id, tool, arguments, outcome), event.them, event.context)


def _refusal(found: Attributes) -> Outcome | None:
    return Outcome((), failed=True) if text_of(found, "decision").lower() in _REFUSED else None


def _outcome(found: Attributes, *error_keys: str) -> Outcome | None:
    failed = failed_by(found)
    error = text_of(found, *error_keys)
    return None if failed is None and not error else Outcome((Leaf("", error),) if error else (), failed)


AGENTS: Final[Mapping[str, Mapping[str, Callable[[Event], list[Fact]]]]] = {
    "claude_code": {"user_prompt": _claude_prompt, "tool_decision": _claude_decision, "tool_result": _claude_result},
    "codex": {"user_prompt": _codex_prompt, "tool_decision": _codex_decision, "tool_result": _codex_result},
    "gemini_cli": {"user_prompt": _gemini_prompt, "tool_call": _gemini_call},
}
"""What reads the events that tell of prompts and tools, by agent and by the rest of the event's name."""
