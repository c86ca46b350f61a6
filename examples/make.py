"""Writes `examples/traces` from the stories: python examples/make.py [FOLDER]. The same stories give the same bytes.

Nobody ever ran a command of these stories. Hosts end in `.example`, addresses are private or set aside for
documentation, and the secrets open nothing.
"""

import csv
import json
import sys
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

from story import Step, Story, read, stamp, token

HERE = Path(__file__).parent
Json = dict[str, Any]
RUN_TIME = timedelta(milliseconds=700)
SPANS_A_BATCH = 6
MESSAGES_KEPT = 4  # a client that resends only the first prompt and the end of the conversation


def main(target: Path) -> None:
    """Write every file below the target folder."""
    for name, text in files([read(path) for path in sorted(HERE.glob("story/*.txt"))]).items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def files(stories: list[Story]) -> dict[str, str]:
    """Give the content of every file by its name."""
    lines: dict[str, list[tuple[datetime, Json]]] = defaultdict(list)
    for story in stories:
        for name, at, line in WRITERS[story.head["format"]](story):
            lines[name].append((at, line))
    found = {name: _jsonl(line for _, line in sorted(own, key=lambda pair: pair[0])) for name, own in lines.items()}
    return found | {"accounts.csv": _accounts(stories)}


def _accounts(stories: list[Story]) -> str:
    out = StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(["sessionId", "account"])
    with_table = (s for s in stories if s.head["format"] in {"claude-code", "codex"} and "account" in s.head)
    table.writerows(sorted((story.session, story.head["account"]) for story in with_table))
    return out.getvalue()


def _jsonl(lines: Iterable[Json]) -> str:
    return "".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines)


Line = tuple[str, datetime, Json]


def otlp(story: Story) -> list[Line]:
    """Write a session as OTLP/JSON: one export request per batch of spans, in a file per day."""
    spans = [(step.at + RUN_TIME, _span(story, number, step)) for number, step in enumerate(story.steps)]
    batches = [spans[i : i + SPANS_A_BATCH] for i in range(0, len(spans), SPANS_A_BATCH)]
    resource = {"attributes": _attributes({"service.name": "agent-runtime", "service.version": "2.4.0"})}
    scope = {"name": "gen_ai.instrumentation", "version": "0.58b0"}
    return [
        (
            f"otlp/traces-{batch[-1][0]:%Y-%m-%d}.jsonl",
            batch[-1][0],
            {
                "resourceSpans": [
                    {"resource": resource, "scopeSpans": [{"scope": scope, "spans": [span for _, span in batch]}]}
                ]
            },
        )
        for batch in batches
    ]


def _span(story: Story, number: int, step: Step) -> Json:
    seed = f"{story.name} {number}"
    own = _chat(step) if step.kind == "human" else _execute(seed, step)
    common = {"gen_ai.conversation.id": story.session, "enduser.id": story.head["account"], "gen_ai.agent.name": "main"}
    return {
        "traceId": token(story.name, 32),
        "spanId": token(seed, 16),
        "name": f"{own['gen_ai.operation.name']} {own.get('gen_ai.tool.name', 'model')}",
        "kind": 3 if step.kind == "human" else 1,
        "startTimeUnixNano": str(_nanoseconds(step.at)),
        "endTimeUnixNano": str(_nanoseconds(step.at + RUN_TIME)),
        "attributes": _attributes(own | common),
        "status": {"code": 2, "message": "tool_error"} if step.failed else {},
    }


def _chat(step: Step) -> dict[str, str]:
    messages = [{"role": "user", "parts": [{"type": "text", "content": step.text}]}]
    return {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.input.messages": json.dumps(messages),
    }


def _execute(seed: str, step: Step) -> dict[str, str]:
    return {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": step.tool,
        "gen_ai.tool.call.id": f"call_{token(seed, 24)}",
        "gen_ai.tool.call.arguments": json.dumps(step.arguments),
        "gen_ai.tool.call.result": json.dumps({"output": step.output}),
    } | ({"error.type": "tool_error"} if step.failed else {})


def _attributes(values: dict[str, str]) -> list[Json]:
    return [{"key": key, "value": {"stringValue": value}} for key, value in values.items()]


def _nanoseconds(at: datetime) -> int:
    return int(at.timestamp()) * 10**9 + at.microsecond * 1000


def claude_code(story: Story) -> list[Line]:
    """Write a session as Claude Code does, with a file of its own for each sub-agent."""
    folder = f"claude-code/projects/{story.head['cwd'].replace('/', '-')}"
    parents: dict[str, str | None] = defaultdict(lambda: None)
    lines: list[Line] = []
    for number, step in enumerate(story.steps):
        for actor, at, line in _claude_lines(f"{story.name} {number}", step):
            name = f"{story.session}/subagents/agent-{actor}" if actor else story.session
            common = _claude_common(story, actor, at) | {"parentUuid": parents[actor]}
            parents[actor] = common["uuid"] = str(UUID(token(f"{story.name} {number} {actor} {line['type']}", 32)))
            lines.append((f"{folder}/{name}.jsonl", at, common | line))
        if step.kind == "task":
            beside = {"agentType": "Explore", "toolUseId": _call(step.actor), "spawnDepth": 1}
            lines.append((f"{folder}/{story.session}/subagents/agent-{step.actor}.meta.json", step.at, beside))
    return lines


def _claude_common(story: Story, actor: str, at: datetime) -> Json:
    return {
        "isSidechain": bool(actor),
        **({"agentId": actor} if actor else {}),
        "userType": "external",
        "entrypoint": "cli",
        "cwd": story.head["cwd"],
        "sessionId": story.session,
        "version": "2.1.330",
        "gitBranch": "main",
        "timestamp": stamp(at),
    }


def _claude_lines(seed: str, step: Step) -> list[tuple[str, datetime, Json]]:
    if step.kind == "human":
        return [("", step.at, {"type": "user", "origin": {"kind": "human"}, "message": _user(step.text)})]
    if step.kind == "task":
        use = _tool_use(step.actor, "Agent", {"description": "Look", "prompt": step.text, "subagent_type": "Explore"})
        return [("", step.at, use), (step.actor, step.at + RUN_TIME, {"type": "user", "message": _user(step.text)})]
    if step.kind == "answer":
        text = [{"type": "text", "text": step.text}]
        parts = {"status": "completed", "agentId": step.actor, "content": text}
        result = _tool_result(step.actor, text, failed=False) | {"toolUseResult": parts}
        return [(step.actor, step.at, _assistant(seed, text[0])), ("", step.at + RUN_TIME, result)]
    tool = "Bash" if step.tool == "shell" else step.tool
    plain = {"stdout": step.output, "stderr": "", "interrupted": False} if tool == "Bash" else step.output
    result = _tool_result(seed, step.output, failed=step.failed) | {"toolUseResult": plain}
    return [(step.actor, step.at, _tool_use(seed, tool, step.arguments)), (step.actor, step.at + RUN_TIME, result)]


def _user(content: object) -> Json:
    return {"role": "user", "content": content}


def _tool_use(seed: str, tool: str, arguments: Json) -> Json:
    return _assistant(seed, {"type": "tool_use", "id": _call(seed), "name": tool, "input": arguments})


def _tool_result(seed: str, content: object, *, failed: bool) -> Json:
    block = {"tool_use_id": _call(seed), "type": "tool_result", "content": content, "is_error": failed}
    return {"type": "user", "message": _user([block])}


def _call(seed: str) -> str:
    return f"toolu_{token(seed, 20)}"


def _assistant(seed: str, block: Json) -> Json:
    message = {"id": f"msg_{token(seed, 20)}", "type": "message", "role": "assistant", "content": [block]}
    return {"type": "assistant", "message": message | {"model": "claude-opus-5-5", "stop_reason": None}}


def openai(story: Story) -> list[Line]:
    """Write a session as a log of chat requests; each repeats the first prompt and the end of the conversation."""
    history: list[Json] = []
    lines: list[Line] = []
    for number, step in enumerate(story.steps):
        if step.kind == "human":
            history.append(_user(step.text))
            continue
        call = f"call_{token(f'{story.name} {number}', 24)}"
        function = {"name": step.tool, "arguments": json.dumps(step.arguments)}
        tool_call = {"id": call, "type": "function", "function": function}
        answer: Json = {"role": "assistant", "content": None, "tool_calls": [tool_call]}
        lines.append(_exchange(story, step.at, history, answer))
        history += [answer, {"role": "tool", "tool_call_id": call, "content": step.output}]
    lines.append(
        _exchange(story, story.steps[-1].at + 9 * RUN_TIME, history, {"role": "assistant", "content": "Done."})
    )
    return lines


def _exchange(story: Story, at: datetime, history: list[Json], answer: Json) -> Line:
    body = {
        "model": "gpt-5.1",
        "messages": history[:1] + history[1:][-MESSAGES_KEPT:],
        "user": story.head["account"],
        "metadata": {"session_id": story.session},
    }
    choice = {"index": 0, "finish_reason": "tool_calls" if "tool_calls" in answer else "stop", "message": answer}
    completion = {
        "id": f"chatcmpl-{token(f'{story.name} {at}', 24)}",
        "object": "chat.completion",
        "created": int(at.timestamp()),
        "model": "gpt-5.1",
        "choices": [choice],
    }
    line = {
        "time": stamp(at),
        "request": {"method": "POST", "path": "/v1/chat/completions", "body": body},
        "response": {"status": 200, "body": completion},
    }
    return f"openai/requests-{at:%Y-%m-%d}.jsonl", at, line


def codex(story: Story) -> list[Line]:
    """Write a session as a Codex rollout."""
    start = story.steps[0].at
    name = f"codex/sessions/{start:%Y/%m/%d}/rollout-{start:%Y-%m-%dT%H-%M-%S}-{story.session}.jsonl"
    meta = {"id": story.session, "timestamp": stamp(start), "cwd": story.head["cwd"], "originator": "codex_cli_rs"}
    lines = [(name, start, "session_meta", meta | {"cli_version": "0.169.0", "source": "cli"})]
    for number, step in enumerate(story.steps):
        lines += [(name, at, kind, payload) for at, kind, payload in _codex_records(f"{story.name} {number}", step)]
    return [(name, at, {"timestamp": stamp(at), "type": kind, "payload": body}) for name, at, kind, body in lines]


def _codex_records(seed: str, step: Step) -> list[tuple[datetime, str, Json]]:
    if step.kind == "human":
        content = [{"type": "input_text", "text": step.text}]
        return [
            (
                step.at,
                "turn_context",
                {"turn_id": token(seed, 32), "approval_policy": "never", "model": "gpt-5.1-codex"},
            ),
            (step.at, "response_item", {"type": "message", "role": "user", "content": content}),
            (step.at, "event_msg", {"type": "user_message", "message": step.text, "images": []}),
        ]
    call = f"call_{token(seed, 24)}"
    arguments = json.dumps({"cmd": step.arguments["command"]})
    output = f"Process exited with code {int(step.failed)}\nOutput:\n{step.output}\n"
    return [
        (
            step.at,
            "response_item",
            {"type": "function_call", "name": "exec_command", "arguments": arguments, "call_id": call},
        ),
        (
            step.at + RUN_TIME,
            "response_item",
            {"type": "function_call_output", "call_id": call, "output": output},
        ),
    ]


WRITERS = {"otlp": otlp, "claude-code": claude_code, "openai": openai, "codex": codex}

if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else HERE / "traces")
