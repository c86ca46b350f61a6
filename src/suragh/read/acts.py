"""Acts: the calls, results and turns of a record, made from what its facts have in common."""

from collections.abc import Iterator

from msgspec import Struct

from suragh.model.fact import Call, Leaf, Pointer, Result, Turn
from suragh.model.ids import digest
from suragh.read.identity import action_id


class Origin(Struct, frozen=True, gc=False):
    """What the facts of one record have in common; each as in `Call`."""

    session: str
    actor: str
    known_at: int
    pointer: Pointer

    def call(self, call_id: str | None, tool: str | None, arguments: tuple[Leaf, ...], at: str) -> Call:
        """Make a call; without an id it is known by its time, tool and arguments."""
        name = tool or ""
        action = action_id(self.session, call_id or "", self.known_at, name, arguments)
        return Call(self.session, self.actor, action, name, arguments, self.known_at, self.pointer, at)

    def result(self, call_id: str | None, texts: tuple[Leaf, ...], at: str, *, failed: bool | None) -> Result:
        """Make the result of a call that stands in another record."""
        action = action_id(self.session, call_id or "", self.known_at, "", ())
        return Result(self.session, action, texts, failed, self.known_at, self.pointer, at)

    def turn(self, turn: int, text: str, at: str, *, human: bool) -> Turn:
        """Make a turn; `identity` has the ways to name one."""
        return Turn(self.session, turn, human, text, self.known_at, self.pointer, at)


def answered(call: Call, texts: tuple[Leaf, ...], at: str, known_at: int, *, failed: bool | None) -> Result:
    """Make the result of a call that stands in the same record: it needs no id."""
    return Result(call.session, call.action, texts, failed, known_at, call.pointer, at)


def said(content: object) -> str:
    """Give the text of a message: a text, or the `text` of blocks, joined by line ends."""
    if isinstance(content, str):
        return content
    return "\n".join(_texts(content if isinstance(content, list) else [content]))


def _texts(blocks: list[object]) -> Iterator[str]:
    for block in blocks:
        text = block.get("text") if isinstance(block, dict) else block
        if isinstance(text, str) and text:
            yield text


def nameless(client: str, *first: str) -> str:
    """Name a session whose start is missing, or that has no name, after the first that is there of it."""
    return f"{client}-{digest('session', *first):016x}"
