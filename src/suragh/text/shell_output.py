"""What a command would print, where that can be known without running it: `echo`, `printf`, `base64 -d` and kin."""

import binascii
import re
from typing import Final

from suragh.text.shell_escapes import unescaped
from suragh.text.shell_types import Feed, Pieces, Simple, Word, closed, joined, merged, rebased, spot, whole

CHAIN: Final = 8
"""Pipe stages followed to the left. Droppers seen in threat reports use up to five (`echo | rev | base64 -d | …`)."""

DECODE_DEPTH: Final = 3
"""Decodings undone inside one another: the depth that the whole engine keeps to."""

PRINTABLE_PERCENT: Final = 90
"""Share of visible characters that decoded bytes must have to be taken for a script.

A script is all visible; a mis-guessed run of random bytes is about 37 % visible ASCII, and is mostly no UTF-8 at all.
"""

OUTPUT_LIMIT: Final = 65_536
"""Code points kept of an output: as much as `suragh.text.shell.TEXT_LIMIT` lets be parsed."""

_NOT_BASE64: Final = re.compile(r"[^A-Za-z0-9+/_-]+")
_NOT_HEX: Final = re.compile(r"[^0-9a-fA-F]+")
_DIRECTIVE: Final = re.compile(r"%(?:%|[-0-9.]*[sb])")
_URL_SAFE: Final = str.maketrans("-_", "+/")


def feed(simple: Simple, depth: int = CHAIN) -> Feed | None:
    """Say what a command reads from its standard input: a here-document, or what the pipe brings."""
    if simple.stdin is not None:
        return simple.stdin
    if simple.left is None or depth <= 0:
        return None
    return output(simple.left, depth - 1)


def output(simple: Simple, depth: int = CHAIN) -> Feed | None:
    """Say what a command prints; None if it cannot be known."""
    if simple.assigns or not simple.words:
        return None
    args = simple.words[1:]
    name = simple.words[0].value.rsplit("/", 1)[-1]
    if name == "echo":
        return _echo(args)
    if name == "printf":
        return _printf(args)
    if name in {"cat", "tee", "rev", "base64", "gbase64", "xxd", "openssl"}:
        came = feed(simple, depth)
        return _filtered(name, [word.value for word in args], came) if came else None
    return None


def _echo(args: list[Word]) -> Feed | None:
    escapes = False
    index = 0
    for index, word in enumerate([*args, None]):  # noqa: B007 - the first word that is no switch
        if word is None or not re.fullmatch(r"-[neE]+", word.value):
            break
        escapes = escapes or "e" in word.value
    if not args[index:]:
        return None
    said = joined(args[index:])
    return _escaped(said) if escapes else said


def _printf(args: list[Word]) -> Feed | None:
    if args and args[0].value == "--":
        args = args[1:]
    if not args:
        return None
    form = args[0].value
    if not _DIRECTIVE.search(form):
        return _escaped(Feed(form, args[0].pieces, args[0].decodings))
    if not args[1:]:
        return None
    if re.fullmatch(r"(?:%[sb]\s*(?:\\n)?)+", form):
        said = joined(args[1:])
        return _escaped(said) if "%b" in form else said
    values = iter([word.value for word in args[1:]])
    text = _DIRECTIVE.sub(lambda found: "%" if found[0] == "%%" else next(values, ""), form)
    pieces = whole(args[0].start, args[-1].end, len(text))
    return _escaped(Feed(text, pieces, merged(word.decodings for word in args)))


def _escaped(said: Feed) -> Feed:
    undone = unescaped(said.text, 0)
    pieces = rebased(undone.pieces, said.pieces)
    return Feed(undone.text, closed(pieces, len(undone.text)), merged((said.decodings, undone.decodings)))


def _filtered(name: str, args: list[str], came: Feed) -> Feed | None:
    if name == "cat":
        return came if all(arg.startswith("-") for arg in args) else None
    if name == "tee":
        return came
    if name == "rev":
        text = "\n".join(line[::-1] for line in came.text.split("\n"))
        return Feed(text, _span(came, len(text)), (*came.decodings, "reverse"))
    if name == "xxd":
        return decoded_hex(came) if _has(args, "r") and _has(args, "p") else None
    if name == "openssl" and not ({"base64", "-base64", "-a"} & set(args)):
        return None
    return decoded_base64(came) if _has(args, "d") or _has(args, "D") else None


def _has(args: list[str], letter: str) -> bool:
    """Tell whether a switch is set: `-d`, `-id`, `-ps`, or `--decode` by its first letter."""
    return any(
        arg[:2] == f"-{letter}" or arg[:3] == f"--{letter}" or arg in {f"-i{letter}", f"-A{letter}"} for arg in args
    ) or (any(letter in arg[1:] for arg in args if re.fullmatch(r"-[a-z]{2,3}", arg)))


def decoded_base64(came: Feed) -> Feed | None:
    """Undo base64, of the standard or the URL-safe alphabet, wrapped or not, padded or not."""
    body = _NOT_BASE64.sub("", came.text.rstrip("= \r\n\t")).translate(_URL_SAFE)
    if len(body) % 4 == 1:
        body = body[:-1]
    try:
        raw = binascii.a2b_base64(body + "=" * (-len(body) % 4))
    except binascii.Error:
        return None
    return _decoded(came, raw, "base64")


def decoded_hex(came: Feed) -> Feed | None:
    r"""Undo hex digits, with or without blanks, `0x` or `\x` before each pair."""
    body = _NOT_HEX.sub("", came.text.replace("0x", "").replace("\\x", ""))
    return _decoded(came, bytes.fromhex(body[: len(body) // 2 * 2]), "hex")


def _decoded(came: Feed, raw: bytes, name: str) -> Feed | None:
    text = script_text(raw[: OUTPUT_LIMIT * 2])
    if not text or len(came.decodings) >= DECODE_DEPTH:
        return None
    return Feed(text, _span(came, len(text)), (*came.decodings, name))


def _span(came: Feed, size: int) -> Pieces:
    return whole(*spot(came.pieces, 0, len(came.text)), size)


def script_text(raw: bytes) -> str:
    """Read bytes as a script: UTF-8, or UTF-16LE as PowerShell has it; empty if it is neither."""
    wide = len(raw) >= 4 and raw[1::2].count(0) * 2 > len(raw) // 2  # noqa: PLR2004 - two wide characters
    text = raw.decode("utf-16-le" if wide else "utf-8", "replace")
    visible = sum(map(_visible, text))
    return text if text and visible * 100 >= len(text) * PRINTABLE_PERCENT else ""


def _visible(char: str) -> bool:
    return char != "\ufffd" and (char.isprintable() or char in "\n\r\t")
