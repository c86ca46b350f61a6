"""Plain shell texts to simple commands, without the grammar: words, quotes that hide nothing, `&&`, `||`, `;`, `|`.

Most of what agents run is of this kind. Whatever else stands in a text, even once, leaves all of it to the grammar; on
what is read here the two agree.
"""

import re
from typing import Final

from suragh.text.shell_types import Simple, Word

PLAIN_LIMIT: Final = 1_024
"""Code points of a text that is tried: longer ones are hardly ever plain."""

_TOKEN: Final = re.compile(
    r"""[ ]*(?:
      ([A-Za-z0-9_./:@%+,~-][A-Za-z0-9_./:@%+,~=-]*)(?=[ ;|]|\Z)
    | ('[^'\n\\]*')(?=[ ;|]|\Z)
    | ("[^"$`\\\n]*")(?=[ ;|]|\Z)
    | (2>&1|2?>/dev/null)(?=[ ;|]|\Z)
    | (&&|\|\||;|\|)(?=[ ])
    )""",
    re.VERBOSE,
)
_PROGRAM: Final = re.compile(r"[A-Za-z_./][A-Za-z0-9_./-]*")
_PRINTABLE: Final = re.compile(r"[\x20-\x7e]*")
_RESERVED: Final = frozenset((
    "if", "then", "elif", "else", "fi", "for", "select", "while", "until", "do", "done", "case", "esac", "in",
    "function", "time", "coproc", "let", "declare", "typeset", "export", "readonly", "local", "unset", "unsetenv", "-",
))  # fmt: skip
"""Words that the grammar reads as more than words, some of them anywhere; a dash alone it may take for a redirect's."""


def plain_simples(text: str) -> list[Simple] | None:
    """Take a plain text apart as the grammar would; None for one that is not plain."""
    if len(text) > PLAIN_LIMIT or not _PRINTABLE.fullmatch(text):
        return None
    walk = _Plain()
    at = 0
    for token in _TOKEN.finditer(text):
        # what stands between two tokens is no token: only the grammar can read it
        if token.start() != at or not walk.take(token):
            return None
        at = token.end()
    return walk.closed() if not text[at:].strip(" ") else None


class _Plain:
    """The commands of a text while its words are read."""

    __slots__ = ("_found", "_left", "_redirected", "_words")

    def __init__(self) -> None:
        self._found: list[Simple] = []
        self._words: list[Word] = []
        self._left: Simple | None = None
        self._redirected = False

    def take(self, token: re.Match[str]) -> bool:
        """Take one word, redirect or operator; False where only the grammar can go on."""
        group = token.lastindex
        words = self._words
        if group == _OPERATOR:
            return self._operator(token[_OPERATOR])
        if group == _REDIRECT:
            self._redirected = True
            return bool(words)
        if self._redirected:
            return False
        if group != _BARE:
            start, end = token.span(group or 0)
            words.append(Word(token[group or 0][1:-1], start, end, ((0, start + 1, end - 1),)))
            return len(words) > 1
        text = token[_BARE]
        if text in _RESERVED or (not words and not _PROGRAM.fullmatch(text)):
            return False
        start, end = token.span(_BARE)
        words.append(Word(text, start, end, ((0, start, end),)))
        return True

    def _operator(self, sign: str) -> bool:
        # after a pipe the grammar may take what follows `&&` for a part of the pipe
        if not self._words or (self._left is not None and sign in {"&&", "||"}):
            return False
        last = self._close()
        self._left = last if sign == "|" else None
        return True

    def _close(self) -> Simple:
        last = Simple(self._words, left=self._left)
        self._found.append(last)
        self._words = []
        self._redirected = False
        return last

    def closed(self) -> list[Simple] | None:
        """All commands; None if the last one is missing."""
        if not self._words:
            return None
        self._close()
        return self._found


_BARE: Final = 1
_REDIRECT: Final = 4
_OPERATOR: Final = 5
"""Groups of a token."""
