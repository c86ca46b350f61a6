"""Facts: what one record shows. A report is a function of a set of these, whatever their order.

An action is not one fact but two, its `Call` and its `Result`, joined by the action's id: logs carry them in
different records, in any order, and often more than once. Readers yield facts, never actions.
"""

from typing import TypeAlias

from msgspec import Struct


class Pointer(Struct, frozen=True, order=True, gc=False):
    """Where the bytes of one record stand.

    Attributes:
        source: index in the scan's table of sources (a file, or a member of an archive).
        offset: first byte of the record in the source's decompressed content, from 0.
        length: bytes of the record, without its line end.
    """

    source: int
    offset: int
    length: int


class Leaf(Struct, frozen=True, gc=False):
    """One text inside a call's arguments or a result.

    Attributes:
        path: names and indices from the top, joined by dots (`edits.0.new`); empty for a bare text.
        text: the text as the agent gave it, untrusted.
    """

    path: str
    text: str


class Call(Struct, frozen=True, gc=False):
    """A tool call, as the agent asked for it.

    Attributes:
        session: the conversation (`gen_ai.conversation.id`).
        actor: the sub-agent inside the session; empty for the main agent.
        action: id of the action, see `suragh.read.identity.action_id`.
        tool: the tool's name. It belongs to the client: rules may read it, nothing links by it.
        arguments: every text and number among the arguments.
        known_at: nanoseconds; when the bytes that show the call became visible.
        pointer: the record.
        at: JSON Pointer (RFC 6901) of the call inside the record; empty for the whole record.
    """

    session: str
    actor: str
    action: int
    tool: str
    arguments: tuple[Leaf, ...]
    known_at: int
    pointer: Pointer
    at: str


class Result(Struct, frozen=True, gc=False):
    """What a tool returned.

    Attributes:
        session: as in `Call`.
        action: as in `Call`: the id of the action that this is the result of.
        texts: every text of the result.
        failed: whether the tool or its exit status says that it failed; None where nothing says.
        known_at: nanoseconds; when the first line that carries the result became visible.
        pointer: the record.
        at: JSON Pointer of the result inside the record.
    """

    session: str
    action: int
    texts: tuple[Leaf, ...]
    failed: bool | None
    known_at: int
    pointer: Pointer
    at: str


class Turn(Struct, frozen=True, gc=False):
    """A message to the agent: a person's, or a parent agent's task.

    Attributes:
        session: as in `Call`.
        turn: id of the message, unique in its session.
        human: whether a person wrote it; False for a task that another agent set.
        text: the message, untrusted.
        known_at: nanoseconds.
        pointer: the record.
        at: JSON Pointer of the message inside the record.
    """

    session: str
    turn: int
    human: bool
    text: str
    known_at: int
    pointer: Pointer
    at: str


class Ownership(Struct, frozen=True, gc=False):
    """A session belongs to an account. Where several say so, the earliest counts, ties by account.

    Attributes:
        session: as in `Call`.
        account: the identity that pays or signs in.
        basis: what says so: an attribute's name (`enduser.id`), or `accounts file`.
        known_at: nanoseconds; `DAWN` for a table handed in.
    """

    session: str
    account: str
    basis: str
    known_at: int


class Kinship(Struct, frozen=True, gc=False):
    """A session was started by another session's agent. Where several say so, the earliest counts.

    Attributes:
        session: the sub-agent's session.
        parent: the session that started it.
        known_at: nanoseconds.
    """

    session: str
    parent: str
    known_at: int


class Rejected(Struct, frozen=True, gc=False):
    """Bytes that could not be read, and why. Counted and reported, never raised.

    Attributes:
        pointer: the bytes.
        reason: one line: what is, and what was expected.
    """

    pointer: Pointer
    reason: str


Fact: TypeAlias = Call | Result | Turn | Ownership | Kinship
