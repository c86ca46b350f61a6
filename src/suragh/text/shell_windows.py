"""Windows command lines, `cmd` and PowerShell: split into statements and words, with carets and backticks undone.

A best effort: it knows quotes, separators, pipes, redirects and nesting, no more. Sources: Microsoft's `cmd` reference
and `about_Parsing`, `about_Quoting_Rules`.
"""

import re
from typing import Final

from suragh.text.shell_types import Simple, Word

STATEMENT_LIMIT: Final = 512
"""Statements taken from one text."""

NESTING: Final = 4
"""Blocks `{…}` and `(…)` followed into one another."""

LOOKS: Final = r"""(?:
      [A-Z][a-z]+-[A-Z][A-Za-z]+\b
    | \$\w+\s+?=\s | \$(?:env|global|script):\w+ | \[[A-Z][\w.]+\]::?
    | "?[A-Za-z]:\\ | (?:dir|type|copy|del|net|reg|sc|wmic)\s+(?:/\w\b|[A-Za-z]:\\|\\\\)
    | @echo\s | %\w+%\\ | for\s+/[fdlr]\s | if\s+(?:not\s+)?exist\s
    )"""
"""How lines for `cmd` and PowerShell begin; blanks in it mean nothing."""

_LOOKS: Final = re.compile(rf"\s*{LOOKS}", re.VERBOSE)
_CMDLET: Final = re.compile(
    r"""(?:^|[|;({=]\s*)(?:Get|Set|New|Add|Invoke|Start|Stop|Import|Export|Select|Where|ForEach|Write|Out|Remove|Test
    |Convert\w*|Enable|Disable|Copy|Move|Measure|Sort|Format|Install|Register)-[A-Z][A-Za-z]+\b""",
    re.VERBOSE | re.MULTILINE,
)
_VERB_NOUN: Final = re.compile(r"-[A-Z][a-z]+[A-Za-z]*\b")
_QUOTE: Final = re.compile(r"[\"'`]")
_NAME: Final = re.compile(r"[A-Za-z_%&][\w.:\\/-]*")

_TOKEN: Final = re.compile(
    r"""(?P<blank>[^\S\n]+)
    | (?P<note><\#.*?\#> | \#[^\n]*)
    | (?P<double>"(?:[^"`]|`.|"")*(?:"|\Z))
    | (?P<single>'(?:[^']|'')*(?:'|\Z))
    | (?P<redirect>\d?>>?&?\d?|<(?!\#))
    | (?P<cut>\|\||&&|[;&\n|])
    | (?P<open>[({])
    | (?P<close>[)}])
    | (?P<escape>[`^].)
    | (?P<bare>[^\s"'|&;(){}<>`^\#]+|\#|.)""",
    re.VERBOSE | re.DOTALL,
)


def looks_windows(text: str) -> bool:
    """Tell whether a text is for `cmd` or PowerShell rather than for a POSIX shell, by how it begins."""
    if _LOOKS.match(text):
        return True
    found = _CMDLET.search(text) if _VERB_NOUN.search(text) else None
    return found is not None and not _QUOTE.search(text, 0, found.start())


def windows_simples(text: str, *, powershell: bool = True) -> list[Simple]:
    """Take a Windows command line apart.

    Args:
        text: what is after `/c`, after `-Command`, or a script.
        powershell: whether `'` quotes, `#` comments and a backtick escapes; in `cmd`, `^` does and `'` is a letter.
    """
    split = _Split(text, powershell=powershell)
    split.run()
    return split.found


class _Split:
    def __init__(self, text: str, *, powershell: bool) -> None:
        self.text = text
        self.found: list[Simple] = []
        self._powershell = powershell
        self._stack: list[_State] = [_State()]

    def run(self) -> None:
        """Read all of the text."""
        take = {
            "cut": self._cut,
            "open": self._open,
            "close": self._close,
            "redirect": self._redirect,
            "blank": self._blank,
        }
        for match in _TOKEN.finditer(self.text):
            if len(self.found) >= STATEMENT_LIMIT:
                return
            kind = match.lastgroup or ""
            for state in self._stack[:-1]:
                state.outer(kind, match)
            if kind in take:
                take[kind](match)
            elif kind != "note" or not self._powershell or self._top.parts:
                self._top.add(kind, match, powershell=self._powershell)
        while self._stack:
            self._finish()
            self._stack.pop()

    @property
    def _top(self) -> "_State":
        return self._stack[-1]

    def _cut(self, match: re.Match[str]) -> None:
        done = self._finish()
        self._top.left = done if match[0] == "|" else None

    def _redirect(self, match: re.Match[str]) -> None:
        self._top.redirect(match)

    def _blank(self, _match: re.Match[str]) -> None:
        self._top.end_word()

    def _finish(self) -> Simple | None:
        state = self._top
        words, writes, reads = state.take()
        depth = len(self._stack) - 1
        if not words or (depth and not _NAME.match(self.text, words[0].start)):
            return None
        simple = Simple(words, via=("()",) * depth, left=state.left, writes=tuple(writes), reads=tuple(reads))
        self.found.append(simple)
        return simple

    def _open(self, match: re.Match[str]) -> None:
        self._top.outer("bare", match)
        if len(self._stack) <= NESTING:
            self._stack.append(_State())

    def _close(self, match: re.Match[str]) -> None:
        if len(self._stack) > 1:
            self._finish()
            self._stack.pop()
        else:
            self._top.outer("bare", match)


class _State:
    """One statement being read: its words so far, and the parts of the word at hand."""

    def __init__(self) -> None:
        self.left: Simple | None = None
        self.parts: list[str] = []
        self._start = self._end = 0
        self._tricked = False
        self._words: list[Word] = []
        self._files: list[tuple[str, int]] = []

    def add(self, kind: str, match: re.Match[str], *, powershell: bool) -> None:
        raw = match[0]
        value = raw
        if kind == "double":
            value = raw.strip('"')
        elif kind == "single" and powershell:
            value = raw[1:-1].replace("''", "'")
        elif kind == "escape" and raw[0] == ("`" if powershell else "^"):
            value = "" if raw[1] == "\n" else raw[1]
            self._tricked = self._tricked or (raw[1].isalnum() and bool(self.parts))
        if not self.parts:
            self._start = match.start()
        self.parts.append(value)
        self._end = match.end()

    def outer(self, kind: str, match: re.Match[str]) -> None:
        """See what stands in a block or in brackets as it is written."""
        if kind == "blank":
            self.end_word()
        else:
            self.add("bare", match, powershell=True)

    def redirect(self, match: re.Match[str]) -> None:
        self.end_word()
        sign = match[0]
        if "&" not in sign:
            self._files.append(("<" if "<" in sign else ">", len(self._words)))

    def end_word(self) -> None:
        if not self.parts:
            return
        value = "".join(self.parts)
        exact = len(value) == self._end - self._start
        start = self._start
        pieces = (
            ((0, start, self._end),)
            if exact or len(value) + 2 != self._end - start
            else ((0, start + 1, self._end - 1),)
        )
        if value:
            self._words.append(Word(value, start, self._end, pieces, ("quoting",) if self._tricked else ()))
        self.parts = []
        self._tricked = False

    def take(self) -> tuple[list[Word], list[str], list[str]]:
        self.end_word()
        words = self._words
        targets = {at: sign for sign, at in self._files if at < len(words)}
        writes = [words[at].value for at, sign in targets.items() if sign == ">"]
        reads = [words[at].value for at, sign in targets.items() if sign == "<"]
        self._words, self._files = [], []
        return [word for at, word in enumerate(words) if at not in targets], writes, reads
