"""Records of every format, as who writes it would, made by the builders of each reader's own test."""

import json
from collections.abc import Mapping
from typing import Final

from tests.read.agents import test_copilot_cli, test_cursor, test_gemini_cli, test_opencode, test_pi
from tests.read.agents import test_hooks as test_agent_hooks
from tests.read.feeds import attributes, chat, chat_call, claude, codex, codex_meta, request, span, tool_span, tool_use
from tests.read.gateways import test_anthropic_messages, test_litellm, test_mcp_jsonrpc, test_openai_responses
from tests.read.otlp import test_attributes as test_otlp_attributes
from tests.read.otlp import test_protobuf_form as test_otlp_protobuf
from tests.read.otlp_feeds import claude_log, log, logs
from tests.read.research import (
    test_agentdojo,
    test_apex,
    test_cochise,
    test_inspect_log,
    test_swe_agent,
    test_tau_bench,
)

_CALLS: Final = [
    {"role": "assistant", "parts": [{"type": "tool_call", "id": "c9", "name": "f", "arguments": {"a": "id"}}]}
]
_SAID: Final = [{"role": "user", "parts": [{"type": "text", "content": "look"}]}, *_CALLS]
_ANSWERED: Final = [
    *_SAID,
    {"role": "tool", "parts": [{"type": "tool_call_response", "id": "c9", "response": {"a": "b"}}]},
]
_CHAT: Final = {"gen_ai__operation__name": "chat", "gen_ai__conversation__id": "c1"}
_EVENTS: Final = [
    {"name": "gen_ai.user.message", "attributes": attributes(content="go on")},
    {"name": "gen_ai.assistant.message", "attributes": attributes(tool_calls='[{"id": "c8", "function": {}}]')},
    {"name": "tool.output", "attributes": attributes(output={"stdout": "x"})},
]
_PROGRESS: Final = {
    "type": "progress",
    "sessionId": "s1",
    "timestamp": "2026-01-01T00:00:03Z",
    "data": {"type": "agent_progress", "agentId": "a1", "message": claude("assistant", [tool_use()])},
}
_SOURCE: Final = {"subagent": {"thread_spawn": {"parent_thread_id": "u0"}}}
_CUSTOM: Final = {"id": "c7", "type": "custom", "custom": {"name": "f", "input": "id"}}
_CODEX_LOG: Final = {"event__name": "codex.tool_result", "conversation__id": "u1", "tool_name": "sh"}

LINES: Final[Mapping[str, list[object]]] = {
    "otlp-json": [
        request(tool_span(gen_ai__tool__call__arguments={"command": ["id"]}), resource={"user__id": "u"}),
        request(
            span("chat m", gen_ai__input__messages=json.dumps(_ANSWERED), gen_ai__output__messages=_CALLS, **_CHAT)
        ),
        request(span("chat m", gen_ai__prompt__0__role="user", gen_ai__prompt__0__content="hello", **_CHAT)),
        request(tool_span() | {"events": _EVENTS, "status": {"code": 2, "message": "no"}}),
        request(span("claude_code.interaction", user_prompt="go on", session__id="s1", **_CHAT)),
        logs(claude_log("tool_decision", 3, tool_name="Bash", tool_use_id="c1", decision="reject")),
        logs(log(4, call_id="call_1", arguments='{"cmd": "id"}', output="Exit code: 1\nOutput:\na", **_CODEX_LOG)),
    ],
    "otel-attributes": [
        test_otlp_attributes.CALLED | test_otlp_attributes.AT,
        test_otlp_attributes.PROMPTED | test_otlp_attributes.AT,
    ],
    "codex": [
        codex_meta(source=_SOURCE, forked_from_id="u9"),
        codex("response_item", type="function_call", name="f", arguments='{"command": ["ls", "-l"]}', call_id="c1"),
        codex("response_item", type="function_call_output", output='{"metadata": {"exit_code": 1}}', call_id="c1"),
        codex("response_item", type="custom_tool_call", name="exec", input='f({cmd: "id"})', call_id="c2"),
        codex("event_msg", type="user_message", message="go on", client_id="m1"),
        codex("event_msg", type="item_completed", item={"type": "UserMessage", "content": [{"text": "go"}]}),
    ],
    "openai-chat": [
        chat([{"role": "user", "content": [{"type": "text", "text": "go on"}]}, chat_call()], chat_call("c2")),
        chat([{"role": "tool", "tool_call_id": "c1", "content": "a"}], {"role": "assistant", "tool_calls": [_CUSTOM]}),
        chat([{"role": "assistant", "function_call": {"name": "f", "arguments": "{}"}}], metadata={"agent_id": "a"}),
    ],
    "openai-responses": [
        test_openai_responses.pair([test_openai_responses.USER], test_openai_responses.ASKED),
        test_openai_responses.pair([test_openai_responses.BACK], {"type": "shell_call", "call_id": "c3", "action": {}}),
    ],
    "anthropic-messages": [
        test_anthropic_messages.pair([test_anthropic_messages.USER], test_anthropic_messages.message(tool_use())),
        test_anthropic_messages.pair([test_anthropic_messages.BACK], test_anthropic_messages.message()),
    ],
    "litellm": [
        test_litellm.payload([test_litellm.USER], test_litellm.chosen(chat_call())),
        test_litellm.payload([test_litellm.BACK], test_litellm.chosen(chat_call("c2"))),
        test_litellm.guarded("response", tool_calls=[chat_call("c3")["tool_calls"][0]]),  # type: ignore[index]
    ],
    "mcp": [
        test_mcp_jsonrpc.tee(1, test_mcp_jsonrpc.ask(1)),
        test_mcp_jsonrpc.http(test_mcp_jsonrpc.ask(1), test_mcp_jsonrpc.give(1), mcp_session_id="m0"),
        test_mcp_jsonrpc.http(test_mcp_jsonrpc.ask(2), test_mcp_jsonrpc.give(2), mcp_session_id="m1"),
    ],
    "cochise": [test_cochise.START, test_cochise.ASKED, test_cochise.BACK],
    "claude-code": [
        claude("assistant", [{"type": "text", "text": "Listing."}, tool_use(command="ls", timeout=5)]),
        claude("user", [{"type": "tool_result", "tool_use_id": "t", "content": [{"type": "text", "text": "a"}]}]),
        claude("user", "go on", origin={"kind": "human"}),
        claude("attachment", None, attachment={"type": "queued_command", "prompt": [{"type": "text", "text": "stop"}]}),
        _PROGRESS,
    ],
    "copilot-cli": [
        test_copilot_cli.START,
        test_copilot_cli.started(),
        test_copilot_cli.completed(success=True, result={"content": "a\n<exited with exit code 1>"}),
        test_copilot_cli.event("user.message", 4, content="go on"),
    ],
    "gemini-cli": [
        {"sessionId": "s1", "projectHash": "ab", "kind": "main"},
        test_gemini_cli.user(),
        test_gemini_cli.gemini(test_gemini_cli.tool_call()),
    ],
    "pi": [test_pi.START, test_pi.entry("assistant", [test_pi.CALL]), test_pi.entry("user", "go on")],
    "cursor": [test_cursor.asked("look"), test_cursor.shell("ls", "id")],
    "agent-hooks": [
        test_agent_hooks.body("PreToolUse", time="2026-01-01T00:00:01Z"),
        {
            "input": test_agent_hooks.body("PostToolUse", tool_response={"stdout": "a"}),
            "output": test_agent_hooks.DENY,
        },
        test_agent_hooks.body("UserPromptSubmit", prompt="go on"),
    ],
}
"""By the name of its reader, the records of each format that has one a line."""

DOCUMENTS: Final[Mapping[str, object]] = {
    "otlp-json-document": request(tool_span()),
    "gemini-cli-document": test_gemini_cli.chat(
        test_gemini_cli.user(), test_gemini_cli.gemini(test_gemini_cli.tool_call())
    ),
    "opencode": test_opencode.export(
        test_opencode.message("user", {"type": "text", "text": "go"}),
        test_opencode.message("assistant", test_opencode.tool(output="a")),
    ),
    "litellm-document": test_litellm.payload([test_litellm.USER], test_litellm.chosen(chat_call())),
    "inspect": test_inspect_log.log(test_inspect_log.sample(test_inspect_log.answered(1), test_inspect_log.ran(3))),
    "swe-agent": test_swe_agent.run(test_swe_agent.step()),
    "agentdojo": test_agentdojo.run(
        test_agentdojo.said("user", "go"), test_agentdojo.said("assistant", "", tool_calls=[test_agentdojo.call()])
    ),
    "tau-bench": test_tau_bench.results(
        [test_tau_bench.message("assistant", 1, tool_calls=[test_tau_bench.call()]), test_tau_bench.back(2)]
    ),
    "apex": [test_apex.TASK, test_apex.tool(1)],
}
"""By the name of its reader, a document of each format that has one a member."""

BYTES: Final[Mapping[str, bytes]] = {
    "accounts": b"sessionId,account\ns1,a1\n",
    "otlp-protobuf": test_otlp_protobuf.traces().SerializeToString(),
}
"""By the name of its reader, a member of each format that is not JSON."""


def _lines(records: list[object]) -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


SAMPLES: Final[Mapping[str, bytes]] = {
    **{name: _lines(records) for name, records in LINES.items()},
    **{name: json.dumps(document, indent=1).encode() for name, document in DOCUMENTS.items()},
    **BYTES,
}
"""By the name of its reader, a member of each format."""
