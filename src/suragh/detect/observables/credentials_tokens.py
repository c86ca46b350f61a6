"""Credentials by form: tokens whose issuer gave them a recognisable shape, and private keys."""

import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Final

from suragh.detect.observables.hosts import Hit
from suragh.model.observable import ObservableKind

_TOKEN: Final = re.compile(
    r"(?:A(?:KIA|SIA)[A-Z2-7]{16}(?![A-Za-z0-9])"
    r"|g(?:h[pousr]_[A-Za-z0-9]{36,255}|ithub_pat_[A-Za-z0-9_]{22,255}|lpat-[A-Za-z0-9_-]{20,64})"
    r"|xox[abeprs]-[A-Za-z0-9-]{10,250}"
    r"|s(?:k-(?:ant-|proj-|or-v1-|svcacct-)?[A-Za-z0-9_-]{20,250}|k_(?:live|test)_[A-Za-z0-9]{16,128})"
    r"|eyJ[A-Za-z0-9_-]{8,1024}\.eyJ[A-Za-z0-9_-]{4,8192}\.[A-Za-z0-9_-]{0,2048}"
    r"|AIza[A-Za-z0-9_-]{35}|npm_[A-Za-z0-9]{36}|pypi-[A-Za-z0-9_-]{32,255}|hf_[A-Za-z0-9]{30,64}"
    r"|SG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,64}|ya29\.[A-Za-z0-9_-]{20,255}|dop_v1_[a-f0-9]{64})"
)
"""Published forms: AWS access key ids, GitHub, GitLab, Slack, OpenAI, Anthropic, Stripe, JSON Web Tokens (RFC 7519),
Google, npm, PyPI, Hugging Face, SendGrid, DigitalOcean."""

_INSIDE: Final = re.compile(r"[A-Za-z0-9_]")
_DIGIT: Final = re.compile(r"[0-9]")
_BLANK: Final = re.compile(r"(.)\1{5}|EXAMPLE|example|1234567890")
"""Runs that no random token has, and the word in the issuers' own examples."""

_PRIVATE_KEY: Final = re.compile(
    r"-----BEGIN ((?:[A-Z0-9]+ ){0,3})PRIVATE KEY-----((?:\\[nrt]|[A-Za-z0-9+/=\s:,-]){64,16384})"
)
_LAYOUT: Final = re.compile(r"\\[nrt]|[^A-Za-z0-9+/]")
_HEADER: Final = re.compile(r"(?:Proc-Type|DEK-Info):[^\n\\]*")

_MIN_KEY: Final = 64
"""Characters of a key's body: the shortest (Ed25519, PKCS #8) has 64."""

_KEY_HEAD: Final = 256
"""Characters of the body that are hashed: beyond the format's fixed beginning, and still the same key if the text
was cut short."""


def find_tokens(text: str, _low: str) -> Iterator[Hit]:
    """Find tokens of a published form."""
    for match in _TOKEN.finditer(text):
        start = match.start()
        value = match[0]
        if (start and _INSIDE.match(text, start - 1)) or not _random(value):
            continue
        yield ObservableKind.CREDENTIAL, value, "", start, match.end()


def _random(value: str) -> bool:
    if value.startswith("sk-") and value == value.lower():
        return False
    return bool(_DIGIT.search(value)) and not _BLANK.search(value)


def find_private_keys(text: str, _low: str) -> Iterator[Hit]:
    """Find private keys (RFC 7468); the value is the hash of the body's beginning, not the key."""
    for match in _PRIVATE_KEY.finditer(text):
        body = _LAYOUT.sub("", _HEADER.sub("", match[2].partition("-----")[0]))
        if len(body) >= _MIN_KEY and not _BLANK.match(body):
            value = f"private-key:{sha256(body[:_KEY_HEAD].encode()).hexdigest()}"
            yield ObservableKind.CREDENTIAL, value, "", match.start(), match.end()
