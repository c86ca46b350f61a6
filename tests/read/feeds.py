"""Builders of telemetry, made by us, and the way from bytes to facts."""

import json
from collections.abc import Iterable
from io import BytesIO
from typing import TypeVar

from suragh.model.fact import Rejected
from suragh.read.reader import Member, Reader, Seen, Tally
from suragh.read.registry import read

T = TypeVar("T")
BASH_ID = "toolu_01AbCdEfGhJkLmNpQrStUv9x"
OTHER_ID = "call_a1B2c3D4e5F6g7H8i9J0k1L2"
SECOND = 1_764_000_000


class Bytes:
    """A stream over bytes that are at hand; it may break off."""

    def __init__(self, data: bytes, fault: str = "") -> None:
        self._data = BytesIO(data)
        self._broken = fault
        self.fault = ""

    def head(self, size: int, /) -> bytes:
        """As `Stream` has it."""
        return self._data.getvalue()[:size]

    def read(self, size: int, /) -> bytes:
        """As `Stream` has it."""
        block = self._data.read(size)
        if not block:
            self.fault = self._broken
        return block

    @property
    def position(self) -> int:
        """As `Stream` has it."""
        return self._data.tell()

    @property
    def raw_position(self) -> int:
        """As `Stream` has it."""
        return self._data.tell()


def member(data: bytes, fault: str = "") -> Member:
    """A member that holds some bytes."""
    return Member(7, Bytes(data, fault), Tally())


def seen(data: bytes) -> list[Seen]:
    """All that reading some bytes yields, whatever their format."""
    return list(read(member(data)))


def seen_by(reader: Reader, data: bytes) -> list[Seen]:
    """All that one reader yields."""
    return list(reader.read(member(data)))


def only(kind: type[T], found: Iterable[object]) -> list[T]:
    """The facts of one kind."""
    return [fact for fact in found if isinstance(fact, kind)]


def reasons(found: Iterable[object]) -> list[str]:
    """Why what was rejected was rejected."""
    return [fact.reason for fact in only(Rejected, found)]


def lines(*records: object) -> bytes:
    """Records as lines of JSON."""
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def dig(record: object, pointer: str) -> object:
    """What a JSON Pointer leads to."""
    for step in pointer.split("/")[1:]:
        record = record[int(step)] if isinstance(record, list) else record[step]  # type: ignore[index]
    return record


def attributes(**values: object) -> list[dict[str, object]]:
    """OTLP attributes; `__` stands for `.`."""
    return [{"key": key.replace("__", "."), "value": _any_value(value)} for key, value in values.items()]


def _any_value(value: object) -> dict[str, object]:
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int):
        return {"intValue": str(value)}
    if isinstance(value, dict):
        pairs = [{"key": key, "value": _any_value(item)} for key, item in value.items()]
        return {"kvlistValue": {"values": pairs}}
    if isinstance(value, list):
        return {"arrayValue": {"values": [_any_value(item) for item in value]}}
    return {"stringValue": str(value)}


def span(name: str, end: int = 0, **values: object) -> dict[str, object]:
    """An OTLP span that ends at a second of some day."""
    return {
        "traceId": "5b094db15cec1f6aadcc124387c335b5",
        "spanId": f"{SECOND + end:016x}",
        "name": name,
        "kind": 1,
        "startTimeUnixNano": f"{SECOND + end - 1}000000000",
        "endTimeUnixNano": f"{SECOND + end}000000000",
        "attributes": attributes(**values),
        "status": {},
    }


def tool_span(end: int = 0, **values: object) -> dict[str, object]:
    """A span of a tool's execution."""
    given: dict[str, object] = {
        "gen_ai__operation__name": "execute_tool",
        "gen_ai__tool__name": "shell",
        "gen_ai__tool__call__id": BASH_ID,
        "gen_ai__tool__call__arguments": '{"command": "id"}',
        "gen_ai__tool__call__result": "uid=0(root)",
        "gen_ai__conversation__id": "c1",
        "enduser__id": "acct-1",
    }
    merged = {key: value for key, value in (given | values).items() if value is not None}
    return span("execute_tool shell", end, **merged)


def request(*spans: object, resource: dict[str, object] | None = None) -> dict[str, object]:
    """An OTLP export request."""
    sender = {"attributes": attributes(service__name="agent", **(resource or {}))}
    return {"resourceSpans": [{"resource": sender, "scopeSpans": [{"scope": {"name": "lib"}, "spans": list(spans)}]}]}


def claude(kind: str, content: object, **more: object) -> dict[str, object]:
    """A line of a Claude Code session."""
    line: dict[str, object] = {
        "type": kind,
        "uuid": "0562365a-aab5-4839-9e17-254a54f2aeee",
        "sessionId": "s1",
        "timestamp": "2026-01-01T00:00:01.500Z",
        "isSidechain": False,
        "message": {"role": kind, "content": content},
    }
    return line | more


def tool_use(name: str = "Bash", call_id: str = BASH_ID, **given: object) -> dict[str, object]:
    """A block of a Claude Code call."""
    return {"type": "tool_use", "id": call_id, "name": name, "input": given or {"command": "id"}}


def chat(
    messages: list[dict[str, object]], answer: dict[str, object] | None = None, **body: object
) -> dict[str, object]:
    """A pair of an OpenAI chat log."""
    asked = {"model": "m", "messages": messages, "user": "acct-1", "metadata": {"session_id": "s1"}} | body
    answered = answer or {"role": "assistant", "content": "Done."}
    return {
        "time": "2026-01-01T00:00:01Z",
        "request": {"method": "POST", "path": "/v1/chat/completions", "body": asked},
        "response": {"status": 200, "body": {"id": "r", "choices": [{"index": 0, "message": answered}]}},
    }


def chat_call(call_id: str = OTHER_ID, arguments: str = '{"command":"id"}') -> dict[str, object]:
    """An assistant's message with a call."""
    function = {"name": "shell", "arguments": arguments}
    return {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"id": call_id, "type": "function", "function": function}],
    }


def codex(kind: str, second: int = 1, **payload: object) -> dict[str, object]:
    """A line of a Codex rollout."""
    return {"timestamp": f"2026-01-01T00:00:{second:02}.000Z", "type": kind, "payload": payload}


def codex_meta(session: str = "u1", **more: object) -> dict[str, object]:
    """The first line of a Codex rollout."""
    payload: dict[str, object] = {"id": session, "timestamp": "2026-01-01T00:00:00.000Z", "source": "cli"}
    return codex("session_meta", 0, **(payload | more))
