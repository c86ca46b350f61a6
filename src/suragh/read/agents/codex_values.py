"""Codex values: what texts the expressions of a script can have, as far as the script itself holds them."""

import json
import re
import sys
from collections.abc import Iterable, Sequence
from itertools import product
from math import prod
from typing import Final, TypeAlias

from msgspec import Struct

from suragh.read.agents.codex_tokens import Kind, Token

MAX_VARIANTS: Final = 256
"""Texts that one expression can have; a loop of a real script runs over some ten."""

MAX_NESTING: Final = 24
"""Brackets and calls inside one another; real scripts have some five."""

BUDGET: Final = 1 << 14
BUDGET_A_TOKEN: Final = 1
"""Tokens looked at, and units of `_UNIT` code points copied, in one script: so many, and so many a token of it.

Scripts of real sessions take a fiftieth of it.
"""

_UNIT: Final = 64

_ESCAPE: Final = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r\n|.))", re.DOTALL)
_NAMED_ESCAPES: Final = {
    "n": "\n",
    "t": "\t",
    "r": "\r",
    "b": "\b",
    "f": "\f",
    "v": "\v",
    "0": "\0",
    "\n": "",
    "\r\n": "",
}
_KEEPING: Final = frozenset({"trim", "trimEnd", "trimStart", "toString", "replace", "replaceAll", "normalize"})
"""Methods after which a text is still, all in all, the same."""

_END: Final = Token(Kind.MARK, "", 0)
_OPEN: Final = frozenset("([{")
_CLOSE: Final = frozenset(")]}")
_ENDS_OF_TERMS: Final = ("+", ",", ";", "?", ":", "&", "|", ")", "]", "}")


class Items(Struct, frozen=True):
    """A list: its items."""

    values: "tuple[Value, ...]"


Value: TypeAlias = tuple[str, ...] | Items
"""The texts that an expression can have, one after another or by chance; or a list."""


class Function(Struct, frozen=True):
    """A function of a script.

    Attributes:
        parameters: their names.
        body: the token at which what it returns begins; the end of the script if it returns nothing that is seen.
    """

    parameters: tuple[str, ...]
    body: int


class Values:
    """Evaluates the expressions of one script, within a budget.

    Attributes:
        tokens: the script.
        names: what names stand for.
        functions: the functions that it defines.
    """

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.names: dict[str, Value] = {}
        self.functions: dict[str, Function] = {}
        self._left = BUDGET + BUDGET_A_TOKEN * len(tokens)

    @property
    def is_spent(self) -> bool:
        """Whether the budget is gone: then nothing is evaluated any more."""
        return self._left <= 0

    def token(self, at: int) -> Token:
        """Give a token; a mark without text beyond the end."""
        return self.tokens[at] if 0 <= at < len(self.tokens) else _END

    def is_mark(self, at: int, *texts: str) -> bool:
        """Whether a token is one of some marks."""
        token = self.token(at)
        return token.kind is Kind.MARK and token.text in texts

    def bind(self, name: str, value: Value) -> None:
        """Let a name stand for one more value: which of them it has at which moment is not followed."""
        known = self.names.get(name)
        if isinstance(known, tuple) and isinstance(value, tuple):
            value = tuple(dict.fromkeys(known + value))[:MAX_VARIANTS]
        self.names[name] = value

    def append(self, name: str, value: Value | None) -> None:
        """Let a name stand for what it was with a text behind it."""
        known = self.names.get(name)
        joined = self._joined([known, value])
        if joined is not None:
            self.names[name] = joined

    def value(self, at: int, depth: int = 0) -> tuple[Value | None, int]:
        """Evaluate the expression at a token: its value, None where it is not known, and the token behind it.

        In a sum of which a part is known, the others stand as they are written, in `${...}`.
        """
        value, end = self.term(at, depth)
        if value is not None and not self._is_plus(end):
            return value, end
        parts: list[Value] = []
        is_known = False
        while not self.is_spent:
            if value is None:
                end = self.skip(at, *_ENDS_OF_TERMS)
                value = (f"${{{self.written(at, end)}}}",)
            else:
                is_known = True
            parts.append(value)
            if not self._is_plus(end):
                return (self._joined(parts) if is_known else None), end
            at = end + 1
            value, end = self.term(at, depth)
        return None, at

    def _is_plus(self, at: int) -> bool:
        return self.is_mark(at, "+") and not self.is_mark(at + 1, "+")

    def skip(self, at: int, *ends: str) -> int:
        """Go to the next of some marks that is not inside brackets that open from here on, or to the end."""
        depth = 0
        while at < len(self.tokens):
            token = self.tokens[at]
            if token.kind is Kind.MARK:
                if depth == 0 and token.text in ends:
                    return at
                depth += (token.text in _OPEN) - (token.text in _CLOSE)
                if depth < 0:
                    return at
            at += 1
            self._left -= 1
            if self.is_spent:
                return len(self.tokens)
        return at

    def items(self, at: int) -> Value | None:
        """Evaluate the list that closes at a token, whatever stands behind it."""
        return self._list(self.opening(at) + 1, 0)[0] if self.is_mark(at, "]") else None

    def opening(self, at: int) -> int:
        """Go back to where the bracket opens that closes at a token; the token itself if it is none."""
        depth, start = 0, at
        while start >= 0:
            token = self.tokens[start]
            if token.kind is Kind.MARK:
                depth += (token.text in _CLOSE) - (token.text in _OPEN)
            self._left -= 1
            if depth == 0 or self.is_spent:
                return start
            start -= 1
        return at

    def term(self, at: int, depth: int = 0) -> tuple[Value | None, int]:
        """Evaluate as `value` does, but no further than to a `+`."""
        self._left -= 1
        token = self.token(at)
        value: Value | None = None
        if depth > MAX_NESTING or self.is_spent:
            return None, at
        match token.kind:
            case Kind.TEXT:
                value, at = (unescaped(token.text[1:-1]),), at + 1
            case Kind.NUMBER:
                value, at = (token.text,), at + 1
            case Kind.BACKTICK:
                value, at = self._template(at + 1, depth)
            case Kind.NAME:
                value, at = self._named(at, depth)
            case Kind.MARK if token.text == "[":
                value, at = self._list(at + 1, depth)
            case Kind.MARK if token.text == "(":
                value, at = self._bracketed(at + 1, depth)
        return self._after(value, at, depth)

    def _bracketed(self, at: int, depth: int) -> tuple[Value | None, int]:
        value, at = self.value(at, depth + 1)
        return (value, at + 1) if self.is_mark(at, ")") else (None, at)

    def _named(self, at: int, depth: int) -> tuple[Value | None, int]:
        name = self.token(at).text
        if name == "String" and self.token(at + 2).text == "raw" and self.token(at + 3).kind is Kind.BACKTICK:
            return self._template(at + 4, depth, is_raw=True)
        if name == "JSON" and self.token(at + 2).text == "stringify" and self.is_mark(at + 3, "("):
            given, at = self.arguments(at + 3, depth + 1)
            texts = given[0] if given else None
            return (tuple(map(json.dumps, texts)) if isinstance(texts, tuple) else None), at
        if self.is_mark(at + 1, "("):
            given, at = self.arguments(at + 1, depth + 1)
            return self._called(name, given, depth), at
        return self.names.get(name), at + 1

    def _after(self, value: Value | None, at: int, depth: int) -> tuple[Value | None, int]:
        """Apply the methods behind a value, as long as they are known."""
        while value is not None and self.is_mark(at, "."):
            method = self.token(at + 1).text
            if not self.is_mark(at + 2, "("):
                return None, at
            given, at = self.arguments(at + 2, depth + 1)
            value = self._applied(value, method, given)
        return (None, at) if self.is_mark(at, "[", "(") else (value, at)

    def _applied(self, value: Value, method: str, given: list[Value | None]) -> Value | None:
        if isinstance(value, tuple):
            return value if method in _KEEPING else None
        if method != "join":
            return value if method in ("filter", "slice", "flat") else None
        between = given[0] if given else (",",)
        parts = [part for item in value.values for part in (between, item)]
        return self._joined(parts[1:])

    def arguments(self, at: int, depth: int = 0) -> tuple[list[Value | None], int]:
        """Evaluate the arguments of a call whose bracket stands at a token; what is not known is None."""
        found: list[Value | None] = []
        at += 1
        while at < len(self.tokens) and not self.is_mark(at, ")"):
            value, end = self.value(at, depth)
            if not self.is_mark(end, ",", ")"):
                value, end = None, self.skip(at, ",", ")")
            found.append(value)
            at = end + 1 if self.is_mark(end, ",") else end
            if self.is_spent or self.is_mark(at, "]", "}"):
                break
        return found, at + 1

    def _list(self, at: int, depth: int) -> tuple[Value | None, int]:
        found: list[Value] = []
        while at < len(self.tokens) and not self.is_mark(at, "]"):
            value, end = self.value(at, depth + 1)
            if not self.is_mark(end, ",", "]"):
                value, end = None, self.skip(at, ",", "]")
            found.append(() if value is None else value)
            at = end + 1 if self.is_mark(end, ",") else end
            if self.is_spent or self.is_mark(at, ")", "}"):
                return None, at
        return Items(tuple(found)), at + 1

    def _template(self, at: int, depth: int, *, is_raw: bool = False) -> tuple[Value | None, int]:
        """Put a template together; a hole whose value is not known stays as it is written."""
        parts: list[Value] = []
        while at < len(self.tokens) and not self.is_spent:
            token = self.tokens[at]
            if token.kind is Kind.CHUNK:
                parts.append((token.text if is_raw else unescaped(token.text),))
                at += 1
            elif token.kind is Kind.HOLE:
                end = self._hole_end(at + 1)
                inside, last = self.value(at + 1, depth + 1)
                is_known = last == end and isinstance(inside, tuple) and inside
                parts.append(inside if is_known and inside is not None else (self.written(at, end + 1),))
                at = end + 1
            else:
                return (self._joined(parts), at + 1) if token.kind is Kind.BACKTICK_END else (None, at)
        return None, at

    def _hole_end(self, at: int) -> int:
        depth = 0
        while at < len(self.tokens) and not self.is_spent:
            kind = self.tokens[at].kind
            if kind is Kind.HOLE_END and depth == 0:
                return at
            depth += (kind is Kind.HOLE) - (kind is Kind.HOLE_END)
            at += 1
            self._left -= 1
        return at

    def written(self, start: int, end: int) -> str:
        """Give some tokens as they are written, but for gaps between them."""
        self._left -= end - start
        return "" if self.is_spent else "".join(token.text for token in self.tokens[start:end])

    def _called(self, name: str, given: list[Value | None], depth: int) -> Value | None:
        """Evaluate a call of a function of the script, with its parameters standing for what is given."""
        function = self.functions.get(name)
        if function is None or len(given) < len(function.parameters) or None in given:
            return None
        before = {parameter: self.names.pop(parameter, None) for parameter in function.parameters}
        self.names |= {own: value for own, value in zip(function.parameters, given, strict=False) if value is not None}
        value, _ = self.value(function.body, depth + 1)
        for parameter, known in before.items():
            self.names.pop(parameter, None)
            if known is not None:
                self.names[parameter] = known
        return value

    def _joined(self, parts: Sequence[Value | None]) -> Value | None:
        """Put texts behind one another, in each way in which they can be put; None if one is not known or no text."""
        texts = [part for part in parts if isinstance(part, tuple)]
        variants = prod(map(len, texts))
        if len(texts) < len(parts) or variants > MAX_VARIANTS:
            return None
        self._left -= variants * sum(max(map(len, text), default=0) for text in texts) // _UNIT
        return None if self.is_spent else tuple(map("".join, product(*texts)))


def unescaped(text: str) -> str:
    """Resolve the escapes of a text of JavaScript."""
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def flat(value: Value | None) -> Iterable[str]:
    """Give all texts of a value, whatever lists they are in."""
    waiting: list[Value] = [] if value is None else [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, tuple):
            yield from item
        else:
            waiting.extend(reversed(item.values))


def _character(match: "re.Match[str]") -> str:
    code = match[1] or match[2] or match[3]
    if code:
        point = int(code, 16)
        return chr(point) if point <= sys.maxunicode else match.group()
    return _NAMED_ESCAPES.get(match[4], match[4])
