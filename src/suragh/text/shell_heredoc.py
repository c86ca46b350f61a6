"""Here-documents: lifted out of a shell text before it is read, since what follows `<<X` on its line goes on after it.

The grammar reads `cmd <<X 2>&1 | next` and two documents on one line wrongly. So each document is noted, its sign is
written over with a plain redirect of the same length, its body with blanks, and the text is parsed again.

Source: POSIX.1-2024, Shell Command Language, 2.7.4.
"""

import re
from typing import Final

from msgspec import Struct
from tree_sitter import Node, Parser, Tree

from suragh.text.shell_types import Feed

ROUNDS: Final = 4
"""Parses of one text at most: each finds the documents that the last one hid."""

_DELIMITER: Final = re.compile(rb"""(?:'[^']*'|"[^"]*"|\\?[^\s;|&<>()'"])+""")
"""The grammar lets `<<E;` be one word."""

_NAME: Final = re.compile(rb"[A-Za-z_][A-Za-z0-9_.-]*\Z")


class Document(Struct, frozen=True, gc=False):
    """One here-document.

    Attributes:
        feed: its body.
        substitutions: the nodes of `$(…)` in it.
    """

    feed: Feed
    substitutions: tuple[Node, ...]


def lift(parser: Parser, tree: Tree, source: bytes, text: str) -> tuple[Tree, dict[int, Document]]:
    """Take the here-documents out; say by the offset of each one's `<` what they hold.

    Args:
        parser: for parsing what is left.
        tree: the first parse.
        source: what was parsed, one byte a code point.
        text: the text itself.
    """
    taken = _Lift(bytearray(source), text)
    for _ in range(ROUNDS):
        if not sum([taken.take(node) for node in _starts(tree.root_node)]):
            break
        tree = parser.parse(bytes(taken.work))
    return tree, taken.found


def _starts(node: Node) -> list[Node]:
    out: list[Node] = []
    waiting = [node]
    while waiting:
        node = waiting.pop()
        if node.type == "heredoc_start":
            out.append(node)
        else:
            waiting.extend(reversed(node.children))
    return out


class _Lift:
    """The text with the documents written over that were found so far."""

    def __init__(self, work: bytearray, text: str) -> None:
        self.work = work
        self.found: dict[int, Document] = {}
        self._text = text
        self._ends: dict[int, int] = {}

    def take(self, node: Node) -> bool:
        """Lift the document that begins at a node; False if there is none, or it is lifted already."""
        sign = node.prev_sibling
        work = self.work
        if (
            sign is None
            or not sign.type.startswith("<<")
            or work[sign.start_byte : sign.end_byte] != sign.type.encode()
        ):
            return False
        delimiter = _DELIMITER.match(work, node.start_byte, node.end_byte)
        if delimiter is None:
            return False
        raw = delimiter[0]
        name = raw.strip(b"'\"\\")
        line = work.find(b"\n", node.end_byte)
        if line < 0 or not name:
            return False
        start = self._ends.get(line, line + 1)
        end, after = _body(work, start, name, tabs=sign.type == "<<-")
        if end < 0:
            if not _NAME.match(name):
                return False
            end = after = len(work)
        nodes = _inner(node) if raw == name else ()
        self.found[sign.start_byte] = Document(Feed(self._text[start:end], ((0, start, end),)), nodes)
        work[sign.start_byte : delimiter.end()] = b"<" + b"_" * (delimiter.end() - sign.start_byte - 1)
        work[start:after] = b" " * (after - start)
        self._ends[line] = min(after + 1, len(work))
        return True


def _body(work: bytearray, start: int, name: bytes, *, tabs: bool) -> tuple[int, int]:
    """Find the line that ends a document: where it starts, and where it ends; -1 if there is none."""
    at = work.find(name, start)
    while at >= 0:
        begin = work.rfind(b"\n", 0, at) + 1
        stop = work.find(b"\n", at)
        stop = len(work) if stop < 0 else stop
        line = bytes(work[begin:stop]).rstrip(b"\r")
        if begin >= start and (line.lstrip(b"\t") if tabs else line) == name:
            return begin, begin + len(line)
        at = work.find(name, stop)
    return -1, -1


def _inner(node: Node) -> tuple[Node, ...]:
    """List the substitutions in a document's body, as the first parse saw them."""
    parent = node.parent
    bodies = [child for child in parent.children if child.type == "heredoc_body"] if parent else []
    return tuple(child for body in bodies for child in body.children if child.type == "command_substitution")
