"""Identities: 64-bit hashes that stand for sessions, accounts, actions and keys in tables."""

from hashlib import blake2b
from typing import Final

DIGEST_BYTES: Final = 8
"""64 bits: among 10^7 keys the chance of any collision is 3e-6 (birthday bound, n^2 / 2^65)."""

_SEPARATOR: Final = "\x1f"


def digest(kind: str, *parts: str) -> int:
    """Hash a kind and its parts to an unsigned 64-bit number.

    Source: BLAKE2b with digest length 8, RFC 7693. Lone surrogates, which JSON may carry, are kept apart from
    one another by `surrogatepass`.
    """
    text = _SEPARATOR.join(parts).encode("utf-8", "surrogatepass")
    person = kind.encode()[:16]
    return int.from_bytes(blake2b(text, digest_size=DIGEST_BYTES, person=person).digest(), "big")
