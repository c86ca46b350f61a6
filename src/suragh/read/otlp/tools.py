"""Tool calls in OTLP: which spans and log records are one, what was asked for, what came back.

Source: OpenTelemetry semantic conventions for GenAI and MCP, v1.41.1; OpenInference 0.1.42; Traceloop 0.5.1.
"""

from typing import Final

from msgspec import Struct

from suragh.model.fact import Fact, Leaf
from suragh.read.acts import answered
from suragh.read.identity import is_unique
from suragh.read.otlp.who import Context, Who, origin_of
from suragh.read.otlp.wire import Attributes, as_leaves, text_of, value_of

_OPERATION: Final = "execute_tool"
_MCP_CALL: Final = "tools/call"
_KINDS: Final = (("openinference.span.kind", "TOOL"), ("traceloop.span.kind", "tool"))
_TOOL_KEYS: Final = ("gen_ai.tool.name", "tool_name", "tool.name", "traceloop.entity.name")
_CALL_ID_KEYS: Final = ("gen_ai.tool.call.id", "tool_use_id", "tool_call.id", "call_id")
_ARGUMENT_KEYS: Final = (
    "gen_ai.tool.call.arguments",
    "tool_input",
    "tool_parameters",
    "mcp.request.argument",
    "traceloop.entity.input",
    "input.value",
)
_RESULT_KEYS: Final = ("gen_ai.tool.call.result", "mcp.response.value", "traceloop.entity.output", "output.value")
_ERROR_KEYS: Final = ("error.type", "rpc.response.status_code")
_FAILED_WORDS: Final = {"true": False, "1": False, "false": True, "0": True}
"""What `success` may say, and whether that is a failure."""


class Outcome(Struct, frozen=True, gc=False):
    """What a tool returned, as in `Result`."""

    texts: tuple[Leaf, ...]
    failed: bool | None


class Tried(Struct, frozen=True, gc=False):
    """A tool call as a span or a log record has it.

    Attributes:
        call_id: the native id; empty if there is none.
        tool: as in `Call`.
        arguments: as in `Call`.
        outcome: what came back; None where nothing says.
    """

    call_id: str
    tool: str
    arguments: tuple[Leaf, ...]
    outcome: Outcome | None = None


def is_tool(name: str, found: Attributes) -> bool:
    """Whether a span or an event of this name and these attributes is a tool's execution."""
    operation = text_of(found, "gen_ai.operation.name")
    if operation:
        return operation == _OPERATION
    if "mcp.method.name" in found:
        return text_of(found, "mcp.method.name") == _MCP_CALL
    return name.startswith(_OPERATION + " ") or any(text_of(found, key) == kind for key, kind in _KINDS if key in found)


def facts_of_tool(tried: Tried, them: Who, context: Context) -> list[Fact]:
    """Give a call, and its result where something is known of it."""
    call = origin_of(them, context).call(tried.call_id, tried.tool, tried.arguments, context.at)
    outcome = tried.outcome
    if outcome is None:
        return [call]
    return [call, answered(call, outcome.texts, context.at, context.known_at, failed=outcome.failed)]


def tool_named(name: str, found: Attributes) -> str:
    """Give the tool's name; the name of a span ends in it."""
    return text_of(found, *_TOOL_KEYS) or name.rpartition(" ")[2]


def call_id_of(trace: str, found: Attributes) -> str:
    """Give the id of a call: its own, or that of its request to an MCP server, which both ends of it have."""
    own = text_of(found, *_CALL_ID_KEYS)
    if own:
        return own
    given = text_of(found, "tool.id") if "tool.id" in found else ""
    if given and is_unique(given):
        return given
    request = text_of(found, "jsonrpc.request.id", "mcp.request.id")
    return f"mcp.{trace}.{text_of(found, *_TOOL_KEYS)}.{request}" if trace and request else ""


def arguments_of(found: Attributes) -> tuple[Leaf, ...]:
    """Give the arguments of a call; a command that stands in an attribute of its own is the whole one."""
    command = text_of(found, "full_command")
    given = value_of(found, *_ARGUMENT_KEYS)
    if given is None:
        return (Leaf("command", command),) if command else ()
    return as_leaves(given)


def outcome_of(found: Attributes) -> Outcome | None:
    """Give what attributes say of a tool's outcome."""
    texts = as_leaves(value_of(found, *_RESULT_KEYS))
    error = text_of(found, *_ERROR_KEYS)
    failed = True if error else failed_by(found)
    if failed and not texts:
        message = text_of(found, "error", "error.message") or error
        texts = (Leaf("", message),) if message else ()
    return Outcome(texts, failed) if texts or failed is not None else None


def failed_by(found: Attributes) -> bool | None:
    """Read `success`, which may be a text; None where it says nothing."""
    return _FAILED_WORDS.get(text_of(found, "success").lower()) if "success" in found else None
