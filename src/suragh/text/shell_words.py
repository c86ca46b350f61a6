r"""Words of a shell: quoting, escapes, braces, `$IFS` and plain variables undone.

Source: POSIX.1-2024, Shell Command Language, 2.2 Quoting and 2.6 Word Expansions; Bash manual, 3.1.2.4 ANSI-C
Quoting and 3.5.1 Brace Expansion.
"""

import re
from collections.abc import Callable
from enum import IntEnum
from typing import Final, NamedTuple

from tree_sitter import Node

from suragh.text.shell_escapes import unescaped
from suragh.text.shell_types import Feed, Pieces, Word, closed, merged, whole

VARIABLE_LIMIT: Final = 1024
"""Code points kept of a variable's value, so that `A=$A$A` again and again stays small."""

BRACE_WORDS: Final = 64
"""Words that one brace expansion may give: `{a,b}{a,b}…` doubles with each pair."""

_BACKSLASH: Final = re.compile(r"\\(\r?\n|.)", re.DOTALL)
_IN_QUOTES: Final = re.compile(r'\\(\r?\n|[$`"\\])')
_WINDOWS: Final = re.compile(r"[A-Za-z]:\\|\\\\[\w.$-]+\\|%\w+%\\|\.{1,2}\\\w")
"""`C:\\…`, `\\\\host\\share`, `%TEMP%\\…`, `..\\…`: backslashes of Windows paths, which a shell would eat."""

_BRACES: Final = re.compile(r"\{([^{}]*,[^{}]*)\}")
_CUTS: Final = re.compile(r"[A-Za-z0-9]{0,12}")


class _Kind(IntEnum):
    BARE = 0
    QUOTED = 1
    ESCAPED = 2
    CODED = 3
    BREAK = 4
    WRITTEN = 5


class _Part(NamedTuple):
    text: str
    kind: _Kind
    start: int
    end: int
    pieces: Pieces = ()
    decodings: tuple[str, ...] = ()


class Reader:
    """Reads words of one text. What `$(…)` gives is asked of `substitute`, which also sees each one's commands.

    Attributes:
        text: the text that was parsed.
        variables: what the text itself has set so far.
    """

    def __init__(self, text: str, substitute: Callable[[Node], Feed | None]) -> None:
        self.text = text
        self.variables: dict[str, str] = {}
        self._substitute = substitute

    def words(self, node: Node, *, name: bool = False) -> list[Word]:
        """Read one word; splitting and braces may make several of it, or none.

        Args:
            node: any word-like node.
            name: whether it stands where a program's name is expected.
        """
        kind = node.type
        start, end = node.start_byte, node.end_byte
        if start == end:  # the grammar wanted a word where there is none
            return []
        if kind in {"word", "number"}:
            value = self.text[start:end]
            if "\\" not in value and "{" not in value and "#$" not in value:
                return [Word(value, start, end, ((0, start, end),))]
        elif kind == "string":
            value = self.text[start + 1 : end - 1]
            if "$" not in value and "`" not in value and "\\" not in value:
                return [Word(value, start, end, ((0, start + 1, end - 1),))]
        elif kind == "raw_string":
            return [Word(self.text[start + 1 : end - 1], start, end, ((0, start + 1, end - 1),))]
        parts: list[_Part] = []
        self._read(node, parts, quoted=False)
        return _assemble(parts, start, end, name=name)

    def assign(self, name: str, words: list[Word]) -> None:
        """Keep a variable that is set to a value known in full."""
        value = words[0].value if words else ""
        if len(words) > 1 or "$" in value or "`" in value:
            self.variables.pop(name, None)
        else:
            self.variables[name] = value[:VARIABLE_LIMIT]

    def _read(self, node: Node, out: list[_Part], *, quoted: bool) -> None:
        kind = node.type
        start, end = node.start_byte, node.end_byte
        if kind == "concatenation":
            for child in node.children:
                self._read(child, out, quoted=quoted)
        elif kind in {"string", "translated_string"}:
            self._string(node, out)
        elif kind == "raw_string":
            out.append(_Part(self.text[start + 1 : end - 1], _Kind.QUOTED, start + 1, end - 1))
        elif kind == "ansi_c_string":
            undone = unescaped(self.text[start + 2 : end - 1], start + 2)
            coded = _Kind.CODED if undone.decodings else _Kind.QUOTED
            out.append(_Part(undone.text, coded, start, end, undone.pieces))
        elif kind in {"simple_expansion", "expansion"}:
            self._expansion(node, out, quoted=quoted)
        elif kind in {"command_substitution", "process_substitution"}:
            self._substitution(node, out, quoted=quoted)
        else:
            self._plain(node, out)

    def _plain(self, node: Node, out: list[_Part]) -> None:
        for child in node.named_children:
            if child.child_count:
                self._substitute(child)
        start, end = node.start_byte, node.end_byte
        raw = self.text[start:end]
        if "\\" not in raw or _WINDOWS.search(raw):
            out.append(_Part(raw, _Kind.BARE, start, end))
            return
        done = 0
        for match in _BACKSLASH.finditer(raw):
            if match.start() > done:
                out.append(_Part(raw[done : match.start()], _Kind.BARE, start + done, start + match.start()))
            done = match.end()
            if not match[1].endswith("\n"):
                out.append(_Part(match[1], _Kind.ESCAPED, start + match.start(), start + done))
        if done < len(raw):
            out.append(_Part(raw[done:], _Kind.BARE, start + done, end))

    def _string(self, node: Node, out: list[_Part]) -> None:
        first = 2 if node.type == "translated_string" else 1
        done = node.start_byte + first
        last = max(done, node.end_byte - 1)
        for child in node.children:
            if child.is_named and child.type not in {"string_content", "string"}:
                self._quoted(done, child.start_byte, out)
                self._read(child, out, quoted=True)
                done = child.end_byte
        self._quoted(done, last, out)
        if done == last == node.start_byte + first:
            out.append(_Part("", _Kind.QUOTED, done, last))

    def _quoted(self, start: int, end: int, out: list[_Part]) -> None:
        raw = self.text[start:end]
        if "\\" not in raw:
            if raw:
                out.append(_Part(raw, _Kind.QUOTED, start, end))
            return
        done = at = 0
        texts: list[str] = []
        pieces: list[tuple[int, int, int]] = []
        for match in _IN_QUOTES.finditer(raw):
            value = "" if match[1].endswith("\n") else match[1]
            texts += (raw[done : match.start()], value)
            if match.start() > done:
                pieces.append((at, start + done, start + match.start()))
            at += match.start() - done
            if value:
                pieces.append((at, start + match.start(), start + match.end()))
            at += len(value)
            done = match.end()
        texts.append(raw[done:])
        pieces.append((at, start + done, end))
        value = "".join(texts)
        out.append(_Part(value, _Kind.QUOTED, start, end, closed(pieces, len(value))))

    def _expansion(self, node: Node, out: list[_Part], *, quoted: bool) -> None:
        start, end = node.start_byte, node.end_byte
        raw = self.text[start:end]
        for child in node.named_children:
            if child.child_count:
                self._substitute(child)
        name = raw[2:-1] if raw.startswith("${") else raw[1:]
        if name == "IFS":
            out.append(_Part(" ", _Kind.QUOTED if quoted else _Kind.BREAK, start, end))
            return
        value = self.variables.get(name)
        if value is None:
            out.append(_Part(raw, _Kind.WRITTEN, start, end))
            return
        self._value(Feed(value, whole(start, end, len(value))), start, end, out, quoted=quoted)

    def _substitution(self, node: Node, out: list[_Part], *, quoted: bool) -> None:
        start, end = node.start_byte, node.end_byte
        known = self._substitute(node)
        if known is None:
            out.append(_Part(self.text[start:end], _Kind.WRITTEN, start, end))
            return
        self._value(known, start, end, out, quoted=quoted)

    def _value(self, known: Feed, start: int, end: int, out: list[_Part], *, quoted: bool) -> None:
        text = known.text.rstrip("\r\n")
        if quoted or not re.search(r"\s", text):
            out.append(_Part(text, _Kind.WRITTEN, start, end, _short(known, len(text)), known.decodings))
            return
        for index, piece in enumerate(re.split(r"\s+", text)):
            if index:
                out.append(_Part("", _Kind.BREAK, start, end))
            if piece:
                out.append(_Part(piece, _Kind.WRITTEN, start, end, whole(start, end, len(piece)), known.decodings))


def _short(known: Feed, size: int) -> Pieces:
    """Give the pieces of a known text without its last line ends."""
    return (
        closed([piece for piece in known.pieces if piece[0] < size or not piece[0]], size)
        if len(known.text) > size
        else known.pieces
    )


def _assemble(parts: list[_Part], start: int, end: int, *, name: bool) -> list[Word]:
    tricked = _tricked(parts, name=name)
    groups: list[list[_Part]] = [[]]
    for part in parts:
        if part.kind is _Kind.BREAK:
            groups.append([])
        else:
            groups[-1].append(part)
    words: list[Word] = []
    for group in groups:
        if group:
            words += _braced(_word(group, start, end, tricked=tricked), group, name=name)
    return words


def _word(parts: list[_Part], start: int, end: int, *, tricked: bool) -> Word:
    pieces: list[tuple[int, int, int]] = []
    at = 0
    for part in parts:
        if part.pieces:
            pieces.extend((at + offset, low, high) for offset, low, high in part.pieces)
        else:
            pieces.append((at, part.start, part.end))
        at += len(part.text)
    found = (("quoting",) if tricked else (), *(part.decodings for part in parts))
    value = "".join([part.text for part in parts])
    return Word(value, start, end, closed(pieces, len(value)), merged(found))


def _braced(word: Word, parts: list[_Part], *, name: bool) -> list[Word]:
    if "{" not in word.value or any(c in part.text for part in parts if part.kind is not _Kind.BARE for c in "{},"):
        return [word]
    values = _choices(word.value)
    if len(values) == 1:
        return [word]
    names = merged((word.decodings, ("quoting",) if name else ()))
    start, end = word.start, word.end
    return [Word(value, start, end, whole(start, end, len(value)), names) for value in values if value]


def _choices(value: str) -> list[str]:
    waiting = [value]
    done: list[str] = []
    while waiting and len(waiting) + len(done) < BRACE_WORDS:
        value = waiting.pop()
        found = _BRACES.search(value)
        if found is None:
            done.append(value)
            continue
        head, tail = value[: found.start()], value[found.end() :]
        waiting.extend(head + choice + tail for choice in reversed(found[1].split(",", BRACE_WORDS)))
    return done + waiting[::-1]


def _tricked(parts: list[_Part], *, name: bool) -> bool:
    r"""Tell whether the word is written as nobody writes it who does not want to hide it.

    Quotes around `--opt="value"`, `"$HOME"/x` and `'it'"'"'s'` are usual; quotes or a backslash between two letters
    of a name or a path (`c''url`, `/e't'c`, `w\ho`), `$IFS` inside a word, and `$'\x63'` are not.
    """
    if any(part.kind is _Kind.CODED for part in parts):
        return True
    if any(part.kind is _Kind.BREAK and part.text for part in parts):
        return len(parts) > 1
    if len(parts) == 1:
        return False
    path = name or any("/" in part.text for part in parts if part.kind is _Kind.BARE)
    return path and any(_cut(parts, index) for index in range(len(parts)))


def _cut(parts: list[_Part], index: int) -> bool:
    part = parts[index]
    before = parts[index - 1] if index else None
    after = parts[index + 1] if index + 1 < len(parts) else None
    left = before is not None and before.kind is _Kind.BARE and before.text[-1:].isalpha()
    right = after is not None and after.kind is _Kind.BARE and after.text[:1].isalpha()
    if part.kind is _Kind.ESCAPED:
        return part.text.isalpha() and left
    if part.kind is not _Kind.QUOTED or not _CUTS.fullmatch(part.text):
        return False
    bare = before.text if before is not None and before.kind is _Kind.BARE else ""
    if bare.startswith("-") or "=" in bare:
        return False
    return left or right
