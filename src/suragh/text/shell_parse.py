"""Shell text to simple commands, by the tree-sitter grammar for Bash: pipes, groups, loops, substitutions, redirects.

Source: POSIX.1-2024, Shell Command Language, 2.9; the grammar's node names are those of tree-sitter-bash 0.25.
"""

from collections.abc import Callable
from typing import Final, TypeAlias

from msgspec import Struct
from tree_sitter import Node

from suragh.text.shell_heredoc import Document, lift
from suragh.text.shell_output import output
from suragh.text.shell_plain import plain_simples
from suragh.text.shell_tree import PARSER, plain
from suragh.text.shell_types import Feed, Simple, Word
from suragh.text.shell_words import Reader

DEPTH: Final = 60
"""Nesting followed in one text. Scripts that people and agents write stay below 20; Python's own stack is finite."""

SIMPLE_LIMIT: Final = 1024
"""Simple commands taken from one text: as many as `suragh.text.shell.COMMAND_LIMIT` gives back."""

_WORDS: Final = frozenset({
    "word", "number", "string", "raw_string", "ansi_c_string", "translated_string", "concatenation",
    "simple_expansion", "expansion", "command_substitution", "process_substitution", "brace_expression",
    "arithmetic_expansion", "variable_name", "regex", "extglob_pattern",
})  # fmt: skip
_SUBSTITUTIONS: Final = frozenset({"command_substitution", "process_substitution"})
_OPEN: Final = frozenset("\"'")
_HEADS: Final = frozenset({"for", "select", "case", "function"})
_ENDS: Final = frozenset({";", "\n", "do", ")", "{", "("})
"""Between a head and an end stand names and values, not a command."""

_REDIRECTS: Final = frozenset({"file_redirect", "herestring_redirect", "heredoc_redirect"})


class _Scope(Struct, frozen=True, gc=False):
    """What a command inherits from the constructs around it."""

    via: tuple[str, ...] = ()
    left: Simple | None = None
    writes: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    stdin: Feed | None = None
    depth: int = 0


class _Redirects(Struct, gc=False):
    """The redirects of one command, and the arguments that the grammar takes for further targets."""

    writes: list[str]
    reads: list[str]
    stdin: Feed | None
    words: list[Word]


def simples(text: str) -> list[Simple]:
    """Take a shell text apart."""
    found = plain_simples(text)
    return grammar_simples(text) if found is None else found


def grammar_simples(text: str) -> list[Simple]:
    """Take a shell text apart by the grammar alone."""
    source = plain(text)
    tree = PARSER.parse(source)
    documents: dict[int, Document] = {}
    if b"<<" in source:
        tree, documents = lift(PARSER, tree, source, text)
    walk = _Walk(text, documents)
    walk.visit(tree.root_node, _Scope())
    for document in documents.values():
        for node in document.substitutions:
            walk.visit(node, _Scope())
    return walk.found


class _Walk:
    def __init__(self, text: str, documents: dict[int, Document]) -> None:
        self.text = text
        self.found: list[Simple] = []
        self._documents = documents
        self._reader = Reader(text, self._substitute)
        self._scope = _Scope()

    def visit(self, node: Node, scope: _Scope) -> None:
        """Take every command below a node."""
        if scope.depth > DEPTH or len(self.found) >= SIMPLE_LIMIT:
            return
        visitor = _VISITORS.get(node.type)
        if visitor is not None:
            visitor(self, node, scope)
        elif node.child_count:
            inner = _deeper(scope)
            for child in node.children:
                self.visit(child, inner)

    def command(self, node: Node, scope: _Scope) -> None:
        words: list[Word] = []
        assigned: list[Word] = []
        redirects = _Redirects([], [], None, [])
        self._scope = scope
        for child in node.children:
            kind = child.type
            if kind == "command_name":
                words += self._reader.words(child.children[0] if child.child_count else child, name=True)
            elif kind == "variable_assignment":
                assigned += self._assignment(child)
            elif kind in _REDIRECTS:
                self._redirects(child, redirects)
            elif kind in _WORDS:
                words += self._reader.words(child, name=not words)
            else:
                words += self._unplaced(child, name=not words)
        if assigned:
            self._keep(assigned, scope, None if words else redirects, assigns=True)
        if words or redirects.words or not assigned:
            self._keep(sorted(words + redirects.words, key=_start) if redirects.words else words, scope, redirects)

    def _unplaced(self, node: Node, *, name: bool) -> list[Word]:
        """Read what the grammar could not place among the words of a command."""
        if node.type == "ERROR":
            return [word for part in node.children if part.type in _WORDS for word in self._reader.words(part)]
        if node.is_named or self.text[node.start_byte : node.start_byte + 1] not in {"$", ";", "|", ""}:
            return self._reader.words(node, name=name)
        return []

    def _keep(self, words: list[Word], scope: _Scope, redirects: _Redirects | None, *, assigns: bool = False) -> None:
        writes, reads, stdin = scope.writes, scope.reads, scope.stdin
        if redirects is not None:
            writes = (*redirects.writes, *writes)
            reads = (*redirects.reads, *reads)
            stdin = redirects.stdin or stdin
        if words or writes or reads or stdin:
            self.found.append(Simple(words, assigns, scope.via, scope.left, writes, reads, stdin))

    def declaration(self, node: Node, scope: _Scope) -> None:
        self._scope = scope
        words: list[Word] = []
        for child in node.children:
            if child.type == "variable_assignment":
                words += self._assignment(child)
            else:
                words += self._reader.words(child, name=not words)
        self._keep(words, scope, None)

    def assignments(self, node: Node, scope: _Scope) -> None:
        self._scope = scope
        alone = node.type == "variable_assignment"
        words = [word for child in ([node] if alone else node.children) for word in self._assignment(child)]
        self._keep(words, scope, None, assigns=True)

    def _assignment(self, node: Node) -> list[Word]:
        start, end = node.start_byte, node.end_byte
        children = node.children
        value = children[-1]
        plain = len(children) > 2 and value.type in _WORDS and children[0].type == "variable_name"  # noqa: PLR2004
        if not plain:
            self._inside(node)
            self._reader.assign(self.text[start : children[0].end_byte] if children else "", [])
            return [Word(self.text[start:end], start, end, ((0, start, end),))]
        words = self._reader.words(value)
        name = self.text[start : children[0].end_byte]
        if children[1].type == "=":
            self._reader.assign(name, words)
        else:
            self._reader.variables.pop(name, None)
        head = self.text[start : value.start_byte]
        text = head + " ".join(word.value for word in words)
        pieces = ((0, start, value.start_byte), (len(head), value.start_byte, end))
        return [Word(text, start, end, pieces, words[0].decodings if words else ())]

    def redirected(self, node: Node, scope: _Scope) -> None:
        redirects = _Redirects([], [], None, [])
        self._scope = scope
        body: Node | None = None
        for child in node.children:
            if child.type in _REDIRECTS:
                self._redirects(child, redirects)
            elif body is None and child.is_named:
                body = child
        if body is None or body.type == "command":
            self._redirected_command(body, scope, redirects, (node.start_byte, node.end_byte))
            return
        inner = _Scope(
            scope.via, scope.left, (*redirects.writes, *scope.writes), (*redirects.reads, *scope.reads),
            redirects.stdin or scope.stdin, scope.depth + 1,
        )  # fmt: skip
        if body.type in {"pipeline", "list"}:
            self._sequence(body, scope, inner)
        else:
            self.visit(body, inner)

    def _redirected_command(
        self, body: Node | None, scope: _Scope, redirects: _Redirects, span: tuple[int, int]
    ) -> None:
        if body is None:
            self._keep(redirects.words, scope, redirects)
            if self.found:
                self.found[-1].span = span
            return
        before = len(self.found)
        self.command(body, scope)
        if len(self.found) > before:
            last = self.found[-1]
            if redirects.words:
                last.words = sorted(last.words + redirects.words, key=_start)
            last.writes = (*last.writes, *redirects.writes)
            last.reads = (*last.reads, *redirects.reads)
            last.stdin = redirects.stdin or last.stdin

    def pipeline(self, node: Node, scope: _Scope) -> None:
        self._sequence(node, scope, scope)

    def _sequence(self, node: Node, scope: _Scope, last: _Scope) -> None:
        """Take a pipeline or list whose redirects, written after all of it, belong to its last part."""
        parts = [child for child in node.children if child.is_named]
        piped = node.type == "pipeline"
        left = scope.left
        for index, part in enumerate(parts):
            base = last if index == len(parts) - 1 else scope
            before = len(self.found)
            self.visit(part, _Scope(base.via, left, base.writes, base.reads, base.stdin, scope.depth + 1))
            if piped and len(self.found) > before:
                left = self.found[-1]

    def error(self, node: Node, scope: _Scope) -> None:
        """Take commands below a place that the grammar cannot read; loose words in a row are one command.

        A text that is cut inside quotes ends in such a place: the rest of it is the last word of the last command.
        """
        loose: list[Word] = []
        heads = False
        self._scope = scope
        inner = _deeper(scope)
        for child in node.children:
            kind = child.type
            if self.text[child.start_byte : child.start_byte + 1] in _OPEN and not (
                child.is_named and child.child_count
            ):
                self._unclosed(child.start_byte, node.end_byte, loose)
                break
            if kind in _HEADS:
                heads = True
            elif kind in _WORDS and not heads:
                loose += self._reader.words(child, name=not loose)
                continue
            heads = heads and kind not in _ENDS
            self._keep(loose, scope, None)
            loose = []
            self.visit(child, inner)
            self._scope = scope
        self._keep(loose, scope, None)

    def _unclosed(self, start: int, end: int, loose: list[Word]) -> None:
        """Take what follows a quote that is never closed as one word, of the command before it if there is one."""
        word = Word(self.text[start + 1 : end], start, end, ((0, start + 1, end),))
        last = self.found[-1] if self.found else None
        if loose or last is None or last.assigns or not last.words or last.words[-1].end > start:
            loose.append(word)
        else:
            last.words.append(word)

    def loop(self, node: Node, scope: _Scope) -> None:
        for child in node.children:
            if child.type == "variable_name":
                self._reader.variables.pop(self.text[child.start_byte : child.end_byte], None)
            else:
                self.visit(child, _deeper(scope))

    def substituted(self, node: Node, scope: _Scope) -> None:
        way = f"{self.text[node.start_byte : node.start_byte + 2]})" if node.type == "process_substitution" else "$()"
        inner = _Scope((*scope.via, way), depth=scope.depth + 1)
        for child in node.named_children:
            self.visit(child, inner)

    def _substitute(self, node: Node) -> Feed | None:
        """Take the commands of a substitution inside a word; say what it gives, if that can be known."""
        scope = self._scope
        before = len(self.found)
        self.visit(node, _deeper(scope))
        self._scope = scope
        if node.type != "command_substitution" or len(self.found) == before or node.named_child_count != 1:
            return None
        return output(self.found[-1])

    def _inside(self, node: Node) -> None:
        scope = self._scope
        for child in node.children:
            self.visit(child, _deeper(scope))
        self._scope = scope

    def _redirects(self, node: Node, out: _Redirects) -> None:
        if node.type == "herestring_redirect":
            words = self._reader.words(node.children[-1])
            if words:
                out.stdin = Feed(words[0].value, words[0].pieces, words[0].decodings)
        else:
            self._redirect(node, out)

    def _redirect(self, node: Node, out: _Redirects) -> None:
        sign = ""
        targets: list[Word] = []
        document: Document | None = None
        for child in node.children:
            kind = child.type
            if kind in _WORDS:
                targets += self._reader.words(child)
            elif kind in _REDIRECTS:
                self._redirects(child, out)
            elif kind != "file_descriptor":
                sign += self.text[child.start_byte : child.end_byte]
                document = document or self._documents.get(child.start_byte)
        if document is not None:
            out.stdin = document.feed
        elif targets:
            _aim(sign, targets[0].value, out)
        out.words += targets[1:] if node.next_sibling is None or not _glued(node, targets) else targets[1:-1]


def _start(word: Word) -> int:
    return word.start


def _glued(node: Node, targets: list[Word]) -> bool:
    """Tell whether the last target is the number of the next redirect (`>& /dev/tcp/h/p 0>&1`)."""
    after = node.next_sibling
    return (
        after is not None and len(targets) > 1 and targets[-1].end == after.start_byte and targets[-1].value.isdigit()
    )


def _aim(sign: str, target: str, out: _Redirects) -> None:
    """Note the file of a redirect; copies of descriptors and `/dev/null` are no files."""
    if target in {"", "-", "/dev/null"} or ("&" in sign and target.rstrip("-").isdigit()):
        return
    if ">" in sign:
        out.writes.append(target)
    if "<" in sign:
        out.reads.append(target)


def _deeper(scope: _Scope) -> _Scope:
    return _Scope(scope.via, scope.left, scope.writes, scope.reads, scope.stdin, scope.depth + 1)


_Visitor: TypeAlias = Callable[[_Walk, Node, _Scope], None]


def _skip(_walk: _Walk, _node: Node, _scope: _Scope) -> None:
    """Pass over a node that runs nothing."""


_VISITORS: Final[dict[str, _Visitor]] = {
    "command": _Walk.command,
    "redirected_statement": _Walk.redirected,
    "pipeline": _Walk.pipeline,
    "declaration_command": _Walk.declaration,
    "unset_command": _Walk.declaration,
    "variable_assignment": _Walk.assignments,
    "variable_assignments": _Walk.assignments,
    "for_statement": _Walk.loop,
    "command_substitution": _Walk.substituted,
    "process_substitution": _Walk.substituted,
    "ERROR": _Walk.error,
    "comment": _skip,
    "heredoc_redirect": _skip,
}
