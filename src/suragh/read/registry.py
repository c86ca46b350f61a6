"""The registry: every reader, in the order in which they are asked."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from msgspec.structs import replace

from suragh.errors import SetupError, UsageError
from suragh.model.fact import Call, Pointer, Rejected
from suragh.model.instant import Zoneless
from suragh.read import accounts, own_report
from suragh.read.agents import claude_code, codex, copilot_cli, cursor, gemini_cli, opencode, pi
from suragh.read.agents import hooks as agent_hooks
from suragh.read.gateways import anthropic_messages, litellm, mcp_jsonrpc, openai_chat, openai_responses
from suragh.read.otlp import attributes as otlp_attributes
from suragh.read.otlp import json_form as otlp_json
from suragh.read.otlp import protobuf_form as otlp_protobuf
from suragh.read.reader import HEAD, Member, Reader, Seen, Take, read_lines
from suragh.read.research import agentdojo, apex, cochise, inspect_log, swe_agent, tau_bench

READERS: Final = (
    # Lines first, and among them those with the most telling keys: `resourceSpans`; `payload` under a known type;
    # `request` with `response`. Claude Code's lines have only `type` and `sessionId`, which others may have too.
    otlp_json.READER,
    otlp_attributes.READER,
    codex.READER,
    openai_chat.READER,
    openai_responses.READER,
    anthropic_messages.READER,
    litellm.READER,
    mcp_jsonrpc.READER,
    cochise.READER,
    claude_code.READER,
    # Each has keys of its own at the top.
    copilot_cli.READER,
    gemini_cli.READER,
    pi.READER,
    cursor.READER,
    agent_hooks.READER,
    # Whole documents only where no line alone was known: a file of requests is no document.
    otlp_json.DOCUMENT_READER,
    gemini_cli.DOCUMENT_READER,
    opencode.READER,
    litellm.DOCUMENT_READER,
    inspect_log.READER,
    swe_agent.READER,
    agentdojo.READER,
    tau_bench.READER,
    apex.READER,
    # A header of a table is short and plain text: no log starts so.
    accounts.READER,
    # Last: two levels of protobuf are the weakest sign.
    otlp_protobuf.READER,
)

SIDE_FILES: Final = (own_report.READER, own_report.REJECTS_READER, inspect_log.SIDE_READER, apex.SIDE_READER)
"""What is known and holds no telemetry, asked last: only what no reader knows can be one of these."""

ALL: Final = (*READERS, *SIDE_FILES)
"""Every reader there is, in the order in which they are asked."""

_FOREIGN: Final = "line is of no known format"


def asked(mapped: Sequence[Reader], name: str | None) -> tuple[Reader, ...]:
    """Give the readers to ask, in order.

    Args:
        mapped: readers that a person described: asked first, as they were meant for what is there.
        name: the only reader that may read, whatever the content looks like; None for any.

    Raises:
        UsageError: if there is no reader of that name.
        SetupError: if two readers have one name.
    """
    readers = (*mapped, *ALL)
    doubled = [name for name, count in Counter(reader.name for reader in readers).items() if count > 1]
    if doubled:
        raise SetupError(f"name of a mapping is {doubled[0]!r}, which another format has, expected one of its own")
    if name is None:
        return readers
    found = next((reader for reader in readers if reader.name == name), None)
    if found is None:
        raise UsageError(f"format is {name!r}, expected one of {', '.join(reader.name for reader in readers)}")
    return (replace(found, sniff=lambda head: bool(head.strip())),)


def choose(head: bytes, readers: Sequence[Reader] = ALL) -> Reader | None:
    """Give the reader of what starts so; None where no reader knows it."""
    return next((reader for reader in readers if reader.sniff(head)), None)


def read(member: Member, readers: Sequence[Reader] = ALL) -> Iterator[Seen]:
    """Yield the facts of a member and all that could not be read, and count them in its tally.

    A line of another format than the one before goes to the reader that knows it: joined logs are read whole.
    A record is rejected once, with the first reason that its reader gives, however much of it is wrong.
    """
    last: Pointer | None = None
    for seen in _read(member, readers):
        if isinstance(seen, Rejected):
            if seen.pointer == last:
                continue
            last = seen.pointer
            member.tally.rejected += 1
        else:
            member.tally.calls += isinstance(seen, Call)
            member.tally.zoneless += isinstance(seen.known_at, Zoneless)
        yield seen


def _read(member: Member, readers: Sequence[Reader]) -> Iterator[Seen]:
    head = member.stream.head(HEAD)
    reader = choose(head, readers)
    if reader is not None:
        member.tally.format = reader.name
        if reader.begin is None or len(readers) == 1:
            yield from reader.read(member)
        else:
            yield from read_lines(member, _mixed(reader, readers), _FOREIGN)
    elif head.strip():
        yield Rejected(Pointer(member.source, 0, len(head)), "format is not known")
    if member.stream.fault:
        yield Rejected(Pointer(member.source, member.stream.position, 0), member.stream.fault)


def _mixed(first: Reader, readers: Sequence[Reader]) -> Take:
    """Read each line by the reader that knew the line before, else by the first that knows it."""
    takes = [reader.begin() for reader in (first, *(r for r in readers if r is not first)) if reader.begin is not None]

    def take(data: bytes, pointer: Pointer) -> Iterable[Seen] | None:
        found = takes[0](data, pointer)
        if found is not None:
            return found
        for number in range(1, len(takes)):
            found = takes[number](data, pointer)
            if found is not None:
                takes.insert(0, takes.pop(number))
                return found
        return None

    return take
