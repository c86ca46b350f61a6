"""Codex scripts: the shell commands inside the JavaScript that Codex's code mode runs.

A script calls `tools.exec_command({cmd: "..."})`, often several times: with texts written in place, joined, put into
templates, held in variables and lists, run through loops, or handed to functions of its own. What it holds as text is
found; what it computes from the results of tools cannot be.
"""

import shlex
from collections.abc import Iterator
from typing import Final

from suragh.read.agents.codex_tokens import Kind, tokens
from suragh.read.agents.codex_values import Function, Items, Value, Values, flat, unescaped

MAX_SCRIPT: Final = 1 << 20
"""Code points of a script that are looked at; scripts of real sessions have some thousand."""

_KEYS: Final = frozenset({"cmd", "command"})
_RUNS: Final = frozenset({"exec_command", "shell_command", "shell", "local_shell"})
_TELLING: Final = _KEYS | _RUNS
_LOOPS: Final = frozenset({"map", "forEach", "flatMap", "filter"})


def commands(script: str) -> tuple[str, ...]:
    """Give each shell command that a script holds as text, in order, each once.

    `${...}` in a template stays as it is written where its value is not known. Where one of several values may be
    meant, all are given. A script that asks for more work than any real one gets its plain texts read, and no others.
    """
    script = script[:MAX_SCRIPT]
    if not any(name in script for name in _TELLING):
        return ()
    values = Values(tokens(script))
    _bind_names(values)
    _bind_parameters(values)
    places = (at for at, token in enumerate(values.tokens) if token.text.strip("\"'") in _TELLING)
    found = (text for at in places for text in _commands_at(values, at))
    return tuple(dict.fromkeys(text for text in found if text.strip()))


def _bind_names(values: Values) -> None:
    """Bind what the script assigns, and what its loops run over, in the order of the script."""
    for at, token in enumerate(values.tokens):
        if token.kind is Kind.NAME and values.is_mark(at - 1, "."):
            if token.text in _LOOPS and values.is_mark(at + 1, "("):
                _bind_pattern(values, _callback(values, at + 2), _before(values, at - 2))
        elif token.kind is Kind.NAME:
            _bind_name(values, at, token.text)


def _bind_name(values: Values, at: int, name: str) -> None:
    if name == "function" and values.is_mark(at + 2, "("):
        _define(values, values.token(at + 1).text, at + 2)
    elif name == "of":
        _bind_pattern(values, values.opening(at - 1), values.value(at + 1)[0])
    elif values.is_mark(at + 1, "=") and not values.is_mark(at + 2, "="):
        _assign(values, name, at + 2)
    elif values.is_mark(at + 1, "+="):
        values.append(name, values.value(at + 2)[0])


def _assign(values: Values, name: str, at: int) -> None:
    if values.token(at).text == "async":
        at += 1
    if values.is_mark(at + 1, "=>") or (values.is_mark(at, "(") and values.is_mark(values.skip(at + 1, ")") + 1, "=>")):
        _define(values, name, at)
        return
    value, _ = values.value(at)
    if value is not None:
        values.bind(name, value)


def _define(values: Values, name: str, at: int) -> None:
    """Take down a function whose parameters begin at a token, with what it returns."""
    if values.is_mark(at, "("):
        end = values.skip(at + 1, ")")
        parameters, body = _names_in(values, at + 1, end), end + 1
    else:
        parameters, body = (values.token(at).text,), at + 1
    body += values.is_mark(body, "=>")
    if values.is_mark(body, "{"):
        end = values.skip(body + 1, "}")
        returned = (at for at in range(body, end) if values.token(at).text == "return")
        body = next(returned, len(values.tokens)) + 1
    values.functions.setdefault(name, Function(parameters, body))


def _names_in(values: Values, at: int, end: int) -> tuple[str, ...]:
    """Give the names that parameters or a pattern bind, by their places; empty for what binds no name of its own."""
    found: list[str] = []
    while at < end:
        token = values.token(at)
        found.append(token.text if token.kind is Kind.NAME else "")
        at = values.skip(at, ",") + 1
    return tuple(found)


def _callback(values: Values, at: int) -> int:
    """Give the token at which the first parameter of a callback begins."""
    while values.token(at).text in ("async", "function") or values.is_mark(at, "("):
        at += 1
    return at


def _before(values: Values, at: int) -> Value | None:
    """Evaluate the expression that ends with a token: a name, or a list that is written in place."""
    token = values.token(at)
    if token.kind is Kind.NAME:
        return values.names.get(token.text)
    return values.items(at)


def _bind_pattern(values: Values, at: int, value: Value | None) -> None:
    """Let a name, or the names of a pattern, stand for the items of a list, one after another."""
    items = value.values if isinstance(value, Items) else ()
    if values.token(at).kind is Kind.NAME:
        for item in items:
            if isinstance(item, tuple):
                values.bind(values.token(at).text, item)
    elif values.is_mark(at, "["):
        names = _names_in(values, at + 1, values.skip(at + 1, "]"))
        for item in items:
            for name, part in zip(names, item.values if isinstance(item, Items) else (), strict=False):
                values.bind(name, part)


def _bind_parameters(values: Values) -> None:
    """Let the parameters of the script's functions stand for all that they are called with."""
    for at, token in enumerate(values.tokens):
        function = values.functions.get(token.text) if token.kind is Kind.NAME else None
        if function is not None and values.is_mark(at + 1, "(") and values.token(at - 1).text != "function":
            given, _ = values.arguments(at + 1)
            for name, value in zip(function.parameters, given, strict=False):
                if name and value is not None:
                    values.bind(name, value)


def _commands_at(values: Values, at: int) -> Iterator[str]:
    """Give the commands whose key, or whose bare name, stands at a token."""
    token = values.token(at)
    name = token.text[1:-1] if token.kind is Kind.TEXT else token.text if token.kind is Kind.NAME else ""
    if name in _KEYS and values.is_mark(at - 1, "{", ","):
        if values.is_mark(at + 1, ":"):
            yield from _commands_in(values, at + 2)
        elif values.is_mark(at + 1, ",", "}"):
            yield from _commands_in(values, at)
    elif name in _RUNS and values.is_mark(at + 1, "(") and values.token(at + 2).kind in (Kind.TEXT, Kind.BACKTICK):
        yield from _commands_in(values, at + 2)


def _commands_in(values: Values, at: int) -> Iterator[str]:
    """Give the commands of an expression: its texts, or where it is not known those that stand in it, or in lists."""
    if values.is_spent:
        if values.token(at).kind is Kind.TEXT:
            yield unescaped(values.token(at).text[1:-1])
        return
    value, end = values.value(at)
    if value is not None and (values.is_mark(end, ",", "}", ")") or end >= len(values.tokens)):
        yield from _texts(value)
        return
    if values.is_spent:
        return
    found = list(_texts_between(values, at, values.skip(at, ",", "}", ")")))
    yield from found or (text for known in values.names.values() if isinstance(known, Items) for text in flat(known))


def _texts(value: Value) -> Iterator[str]:
    """Give the texts of a value; a list of words is the line that a shell would read."""
    if isinstance(value, Items) and all(isinstance(item, tuple) and len(item) == 1 for item in value.values):
        yield shlex.join(flat(value))
    else:
        yield from flat(value)


def _texts_between(values: Values, at: int, end: int) -> Iterator[str]:
    while at < end and not values.is_spent:
        value, behind = values.term(at) if values.token(at).kind is not Kind.NUMBER else (None, at)
        yield from flat(value)
        at = max(behind, at + 1) if value is not None else at + 1
