"""MCP on the wire: JSON-RPC messages as logs hold them, bare, wrapped by a tee, or in bodies of HTTP requests.

Source: the specification of 2026-07-28 and those before it, back to 2024-11-05.
"""

from collections.abc import Iterator
from typing import TypeAlias

import msgspec
from msgspec import Struct

from suragh.read.gateways.exchange import Envelope, Headers, lowered
from suragh.read.gateways.sse import values_in
from suragh.read.lenient import convert

Id: TypeAlias = str | int | None


class Meta(Struct, gc=False):
    """What stands beside the parameters of a request."""

    traceparent: str | None = None


class Params(Struct, gc=False):
    """Parameters of a `tools/call`; of other methods, what has the same names."""

    name: str | None = None
    arguments: object = None
    meta: Meta | None = msgspec.field(default=None, name="_meta")


class Result(Struct, gc=False):
    """What answers a `tools/call`; `role` tells what a client answers a server that asked for a sample."""

    content: object = None
    structured_content: object = msgspec.field(default=None, name="structuredContent")
    role: str | None = None
    is_error: bool | None = msgspec.field(default=None, name="isError")
    result_type: str | None = msgspec.field(default=None, name="resultType")


class Message(Struct, gc=False):
    """A request, a notification, a result or an error."""

    jsonrpc: str | None = None
    id: Id = None
    method: str | None = None
    params: Params | None = None
    result: Result | None = None
    error: object = None


Body: TypeAlias = Message | list[Message] | str | None


class Side(Envelope, gc=False):
    """A request over HTTP, or its answer."""

    body: Body = None


class Line(Message, gc=False):
    """A message as it is; one that a tee wrapped; or a request over HTTP with its answer."""

    ts: object = None
    time: object = None
    timestamp: object = None
    path: str | None = None
    msg: Body = None
    message: Body = None
    request_headers: dict[str, object] | None = None
    request_body: Body = None
    response_headers: dict[str, object] | None = None
    response_body: Body = None
    request: Side | None = None
    response: Side | None = None


class Part(Struct, frozen=True):
    """A message, and where it stands.

    Attributes:
        message: the message.
        at: its JSON Pointer inside the line.
        is_text: whether it stands inside a text, so that the pointer can lead no further.
    """

    message: Message
    at: str
    is_text: bool


def parts(line: Line) -> Iterator[Part]:
    """Yield the messages of a line, requests first."""
    if line.jsonrpc is not None:
        yield Part(line, "", is_text=False)
    yield from _messages(line.msg, "/msg")
    yield from _messages(line.message, "/message")
    yield from _messages(line.request_body, "/request_body")
    yield from _messages(line.response_body, "/response_body")
    if line.request is not None:
        yield from _messages(line.request.body, "/request/body")
    if line.response is not None:
        yield from _messages(line.response.body, "/response/body")


def _messages(body: Body, at: str) -> Iterator[Part]:
    if isinstance(body, Message):
        yield Part(body, at, is_text=False)
    elif isinstance(body, list):
        for number, message in enumerate(body):
            yield Part(message, f"{at}/{number}", is_text=False)
    elif isinstance(body, str):
        for value in values_in(body):
            for one in listed(value):
                yield Part(convert(one, Message) or Message(), at, is_text=True)


def listed(value: object) -> list[object]:
    """Give the messages of a batch; one that stands alone is a batch of one."""
    return value if isinstance(value, list) else [value]


def headers_of(line: Line) -> tuple[Headers, Headers]:
    """Give the headers of the request and of its answer, lowered."""
    asking = line.request_headers if line.request is None else line.request.headers
    answering = line.response_headers if line.response is None else line.response.headers
    return lowered(asking), lowered(answering)


def target(line: Line) -> str:
    """Give the path that a request was sent to."""
    return (line.path if line.request is None else line.request.path) or ""
