"""What texts the expressions of a script can have."""

import pytest

from suragh.read.agents.codex_tokens import tokens
from suragh.read.agents.codex_values import MAX_VARIANTS, Function, Items, Value, Values, flat, unescaped


def value(script: str, **names: Value) -> Value | None:
    """The value of an expression in which some names stand for something."""
    values = Values(tokens(script))
    values.names |= names
    return values.value(0)[0]


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ("'a' + \"b\" + `c`", ("abc",)),
        ("`a${x}b${y}`", ("a1b${y}", "a2b${y}")),
        ("('a' + x).trim()", ("a1", "a2")),
        ("y + 'a' + f(1, 2)", ("${y}a${f(1,2)}",)),
        ("y + z", None),
        ("['a', x, f(1)]", Items((("a",), ("1", "2"), ()))),
        ("['a', ['b', 'c']].slice(1)", Items((("a",), Items((("b",), ("c",)))))),
        ("['a', 'b'].join(' && ')", ("a && b",)),
        ("['a', 'b'].join()", ("a,b",)),
        ("['a', ['b']].join()", None),
        ("x.length", None),
        ("x[0]", None),
        ("'a'.unknown()", None),
        ("String.raw`\\n`", ("\\n",)),
        ("JSON.stringify(x)", ('"1"', '"2"')),
        ("a => b", None),
        ("", None),
    ],
)
def test_expressions(script: str, found: Value | None) -> None:
    """A name that may stand for several texts gives a text for each; what is not known stays as it is written."""
    assert value(script, x=("1", "2")) == found


def test_functions_are_called_with_what_they_are_given() -> None:
    """What their parameters stood for before, they stand for again."""
    values = Values(tokens("f('a') + s; '<' + s + '>'"))
    values.functions["f"] = Function(("s",), 7)
    values.names["s"] = ("b",)

    assert values.value(0)[0] == ("<a>b",)
    assert values.names == {"s": ("b",)}


def test_texts_do_not_multiply_without_end() -> None:
    """Too many variants are none, and a script that copies without end is given up."""
    many: Value = tuple(map(str, range(MAX_VARIANTS)))
    spent = Values(tokens("x + x"))
    spent.names["x"] = ("a" * 10_000_000,)

    assert value("x + 'a'", x=many) is not None
    assert value("x + y", x=many, y=("a", "b")) is None
    assert (spent.value(0)[0], spent.is_spent) == (None, True)


def test_brackets_are_passed_over_as_a_whole() -> None:
    """Both ways; what does not close leads to the end, and what does not open to where it began."""
    values = Values(tokens("f(a, [b, c]), d]"))

    assert values.written(0, values.skip(0, ",")) == "f(a,[b,c])"
    assert (values.opening(9), values.opening(8), values.opening(0)) == (1, 4, 0)
    assert values.skip(11, ",") == 12


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a\\n\\t\\x41\\u0042\\u{43}\\\\\\'", "a\n\tABC\\'"),
        ("a\\\nb", "ab"),
        ("\\u{110000}\\q", "\\u{110000}q"),
        ("ab", "ab"),
    ],
)
def test_escapes(text: str, found: str) -> None:
    """As JavaScript reads them; a code point that there is not stays as it is written."""
    assert unescaped(text) == found


def test_flat_gives_every_text() -> None:
    """In order, whatever lists they are in."""
    assert list(flat(Items((("a",), Items((("b", "c"), Items(()))), ("d",))))) == ["a", "b", "c", "d"]
    assert list(flat(None)) == []
