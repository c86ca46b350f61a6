r"""Expressions on the value of a field, loosened until they match the text that the value was taken from.

A shell takes quotes, backslashes and the width of spaces away, and a field is only a part of the text. So an anchor is
dropped, a space may be any run of spaces, quotes and backslashes, a quote or a backslash may be several, and after what
often stands before a quote (`=`, `:`, `@`, `,`) and before a `$` there may be one. What more a shell could undo
(`c''url`, `$x`, base64) is seen by triggers of its own, and the text is scanned again when it is undone.
"""

import re
from typing import Final

_GAP: Final = r"[\s'\"\\]"
_QUOTE: Final = r"[\\'\"]"
_BEFORE_QUOTES: Final = "=:@,"
_QUANTIFIER: Final = re.compile(r"[*+?][?+]?|\{(\d*)(,?)(\d*)\}\??")
_INLINE: Final = re.compile(r"\(\?[aimsu]+\)")
_NAMED: Final = re.compile(r"\(\?P<\w+>")
_KIND: Final = re.compile(r"\?(?:[aimsu-]*:|<?[=!]|>)")
_IDLE: Final = re.compile(r"(?:\^|(?:\\[SsWw]|\.)\*\??)+")
_ITEM: Final = re.compile(r"(\\x[0-9a-fA-F]{2}|\\.|[^\\])(?:-(\\x[0-9a-fA-F]{2}|\\.|[^\\]))?", re.DOTALL)
"""One member of a class: a character, an escape, or a range."""
_FAR: Final = 64
"""Repeats beyond this are taken as any number: counting further costs the scan memory and tells it nothing."""


class NotPlainError(Exception):
    """The expression refers back to what it matched, which a presence pattern cannot."""


def loosened(expression: str, *, cased: bool = False, start: str = "") -> str:
    """Loosen an expression for the scan of a whole text. ASCII letters become small: the text is searched so.

    Args:
        expression: a valid expression.
        cased: whether it tells capital letters from small ones.
        start: what stands where a value starts; empty where that is not known.

    Raises:
        NotPlainError: if it has back-references or conditions.
    """
    return _Loosener(expression, cased=cased, start=start).run()


class _Loosener:
    """One pass over an expression, atom by atom."""

    def __init__(self, expression: str, *, cased: bool, start: str) -> None:
        self._cased = cased
        self._start = start
        self._text = _NAMED.sub("(?:", _INLINE.sub("", expression))
        self._at = 0

    def run(self) -> str:
        """Loosen all of it."""
        done: list[str] = []
        self._skip_idle()
        while self._at < len(self._text):
            char = self._text[self._at]
            self._at += 1
            if char == "\\":
                done.append(self._escaped())
            elif char == "[":
                done.append(self._class())
            else:
                done.append(self._plain(char))
        return "".join(done)

    def _skip_idle(self) -> None:
        """Leave out what may be empty where an alternative begins: a search finds the rest without it, and faster."""
        idle = _IDLE.match(self._text, self._at)
        if idle and not (idle[0] == "^" and self._start):
            self._at = idle.end()

    def _quantifier(self) -> str:
        """The repeat that follows, if any, with far counts made open."""
        found = _QUANTIFIER.match(self._text, self._at)
        if found is None or found[0] in ("{}", "{,}"):
            return ""
        self._at = found.end()
        if not found[0].startswith("{"):
            return found[0][0]
        least, open_end, most = found[1], found[2], found[3]
        if max(int(least or 0), int(most or 0)) > _FAR:
            return "*" if not least or int(least) == 0 else "+"
        return f"{{{least or 0}{open_end}{most}}}"

    def _repeated(self, atom: str, otherwise: str = "") -> str:
        """An atom with the repeat that follows it, or with another where none does."""
        return atom + (self._quantifier() or otherwise)

    def _plain(self, char: str) -> str:
        if char in "^$":
            return "" if self._quantifier() or char == "$" else self._start
        if char.isspace():
            return self._repeated(_GAP, "+")
        if char in "'\"":
            return self._repeated(_QUOTE, "+")
        if char in _BEFORE_QUOTES:
            return self._repeated(f"(?:{char}['\"\\\\]*)")
        if char == "(":
            return self._opened()
        if char == "|":
            self._skip_idle()
            return char
        return self._repeated(_small(char)) if char != "{" else "\\{"

    def _opened(self) -> str:
        """A group's bracket, with what says of which kind it is."""
        if self._text.startswith(("?(", "?P"), self._at):
            raise NotPlainError
        kind = _KIND.match(self._text, self._at)
        self._at = kind.end() if kind else self._at
        return f"({kind[0]}" if kind else "("

    def _escaped(self) -> str:
        char = self._text[self._at]
        self._at += 1
        if char in "AZBz":
            return ""
        if char == "s" or char.isspace():
            return self._repeated(_GAP, "+")
        if char in "'\"":
            return self._repeated(_QUOTE, "+")
        if char == "\\":
            return self._repeated(r"\\", "+")
        if char == "$":
            return self._repeated(r"(?:['\"\\]*\$)")
        if char in "123456789" or char in "kgP":
            raise NotPlainError
        if char == "x":
            digits = self._text[self._at : self._at + 2]
            self._at += 2
            return self._repeated(f"\\x{ord(_small(chr(int(digits, 16)))):02x}")
        return self._repeated(f"\\{char}" if char.isascii() else char)

    def _class(self) -> str:
        start = self._at
        if self._text.startswith("^", self._at):
            self._at += 1
        negated = self._at > start
        first = self._at
        while self._text[self._at] != "]" or self._at == first:
            self._at += 2 if self._text[self._at] == "\\" else 1
        inner = self._text[first : self._at]
        self._at += 1
        if negated:
            return self._repeated(_excluding(_without_capitals(inner, kept=not self._cased)))
        return self._repeated(_including(_with_small(inner)))


def _small(char: str) -> str:
    return char.lower() if char.isascii() else char


def _with_small(inner: str) -> str:
    """A class that takes the small form of each letter that it took."""
    return "".join([_range(found, odd=found[0] + "a-z") for found in _ITEM.finditer(inner)])


def _without_capitals(inner: str, *, kept: bool) -> str:
    """What a negated class excludes, of letters only those that it excludes in both forms, if such are kept at all."""
    items = [_range(found, odd="") for found in _ITEM.finditer(inner)]
    return "".join([item for item in items if kept or not item[:1].isalpha()])


def _range(found: re.Match[str], odd: str) -> str:
    """One member of a class in small letters; something else where a range holds letters and more."""
    first, last = found[1], found[2]
    if last is None:
        first = _letter(first)
        return first if first[0] == "\\" else _small(first)
    ends = first + last
    if ends.isdigit() or not ends.isascii() or (ends.isalpha() and ends in (ends.lower(), ends.upper())):
        return _small(found[0]) if ends.isascii() else found[0]
    return odd


def _letter(item: str) -> str:
    """A letter that is written by its number, as itself."""
    char = chr(int(item.removeprefix("\\x"), 16)) if item.startswith("\\x") else ""
    return char if char.isascii() and char.isalpha() else item


def _including(inner: str) -> str:
    extra = ""
    if " " in inner or "\\s" in inner or "'" in inner or '"' in inner:
        extra = "'\"\\\\"
    if " " in inner:
        extra += "\\s"
    # in front, so that a `-` that is plain because it comes last stays so
    return f"[{extra}{_guarded(inner)}]"


def _excluding(inner: str) -> str:
    """A negated class must let quotes and backslashes through: the value has lost them."""
    kept = re.sub(r"\\\\|\\?['\"]", "", inner)
    return f"[^{_guarded(kept)}]" if kept else r"[\s\S]"


def _guarded(inner: str) -> str:
    # `[:` opens a named class for PCRE and is plain for Python; `]` and `-` are plain where they come first
    inner = re.sub(r"(?<!\\)\[", r"\\[", inner)
    return f"\\{inner}" if inner.startswith(("]", "-")) else inner
