"""Builders of OTLP logs, and of spans of other conventions, made by us."""

from tests.read.feeds import SECOND, attributes

TRACE = "5b094db15cec1f6aadcc124387c335b5"
UUID = "0562365a-aab5-4839-9e17-254a54f2aeee"


def log(second: int = 0, body: object = None, **values: object) -> dict[str, object]:
    """A log record of a second of some day; `__` stands for `.` in the names of attributes."""
    wrapped = attributes(body=body)[0]["value"] if body is not None else None
    return {
        "timeUnixNano": f"{SECOND + second}000000000",
        "observedTimeUnixNano": f"{SECOND + second + 9}000000000",
        "body": wrapped,
        "traceId": TRACE,
        "attributes": attributes(**values),
    }


def claude_log(kind: str, second: int = 0, **values: object) -> dict[str, object]:
    """An event of Claude Code."""
    shared = {"session__id": "s1", "user__id": "install-1", "event__name": kind}
    return log(second, f"claude_code.{kind}", **(shared | values))


def logs(*records: object, scope: str = "lib", resource: dict[str, object] | None = None) -> dict[str, object]:
    """An OTLP export request of logs."""
    sender = {"attributes": attributes(service__name="agent", **(resource or {}))}
    return {
        "resourceLogs": [{"resource": sender, "scopeLogs": [{"scope": {"name": scope}, "logRecords": list(records)}]}]
    }
