"""Redaction: where a text may hold a secret, by its form alone. More is masked than links: a mask costs little."""

import re
from collections.abc import Iterator
from typing import Final

LONGEST: Final = 4096
"""Code points that one secret may have: a cookie is at most as long in browsers (RFC 6265, section 6.1)."""

_FORMS: Final = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        # Headers whose value opens a door: all of it, up to the end of the line or of the quotes.
        r"\b(?:proxy-)?authorization\s*[:=]\s*(?:(?:bearer|basic|token|digest|negotiate)\s+)?([^\s'\"]{1,4096})",
        r"\b(?:set-)?cookie\s*:\s*([^\n'\"]{1,4096})",
        r"\b[\w-]{0,40}(?:-key|-token|-secret|-auth)\s*:\s*([^\n'\"]{1,4096})",
        # Cookies and users of HTTP clients.
        r"\s(?:-b|--cookie)[\s=]+['\"]?([^\s'\"]{1,4096})",
        r"\s(?:-u|--user|--proxy-user)[\s=]+['\"]?[^\s:'\"]{0,200}:([^\s'\"]{1,4096})",
        # A name that says what it is, and its value.
        (
            r"(?:passw(?:or)?d|passphrase|pwd|secret|token|api_?key|access_?key)\w{0,24}"
            r"['\"]?\s{0,4}[:=]\s{0,4}['\"]?([^\s'\"&;,]{1,4096})"
        ),
        # `net use \\host\share PASSWORD`, `net user NAME PASSWORD`.
        r"\bnet\s+use\s+\S+\s+([^\s/]\S{0,255})",
        r"\bnet\s+user\s+[^\s/]+\s+([^\s/]\S{0,255})",
    )
)


def secret_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans, in code points, of what may be a secret; in no order, and they may overlap."""
    for form in _FORMS:
        for found in form.finditer(text):
            yield found.span(1)
