"""Masks: what may be shown of values that identify people. The value itself is never in what is shown.

They keep the first character and the outer digits: enough to tell two values apart in one report, too little to use.
"""

from typing import Final

_MASK: Final = "***"
_CUT: Final = "…"


def mask_email(local: str, domain: str) -> str:
    """`j***@example.com`."""
    return f"{local[:1]}{_MASK}@{domain}"


def mask_user(value: str) -> str:
    r"""`realm\j***`, or `j***` where there is no realm."""
    realm, backslash, user = value.rpartition("\\")
    return f"{realm}{backslash}{user[:1]}{_MASK}"


def mask_name(value: str) -> str:
    """`H***` for the name of a wireless network."""
    return f"{value[:1]}{_MASK}"


def mask_ends(value: str, head: int, tail: int) -> str:
    """`4111…1111`, `DE89…00`: the first and last characters, of which at most half are left."""
    return f"{value[:head]}{_CUT}{value[-tail:]}" if len(value) >= 2 * (head + tail) else f"{value[:1]}{_MASK}"


def mask_mac(value: str) -> str:
    """`00:1a:2b:…`: the maker's half of a hardware address."""
    return f"{value[:8]}:{_CUT}"
