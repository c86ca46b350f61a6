"""How much a shared key says: its kind's trust times its rarity, in whole milli-nats."""

import math
from typing import Final

from suragh.profile.scene import ACCOUNTS_KEPT

TRUST: Final = {
    "credential": 1000,
    "host": 700,
    "domain-name": 500,
    "url": 500,
    "email-addr": 700,
    "file-hash": 600,
    "payment-card": 600,
    "iban": 600,
    "transaction-id": 600,
    "mac-addr": 600,
    "ssid": 600,
    "ipv6-addr": 500,
    "ipv4-addr": 450,
    "command": 400,
    "cidr": 150,
    "prompt": 100,
    "user-account": 500,
    "file-path": 300,
}
"""Share of a key's rarity that counts, in thousandths. The order follows a measurement: of pairs of accounts that share
a key of a kind in actions with a signal, how many belong to one owner (docs/quality.md, "Keys"). The sizes are set by
hand. Kinds that the development worlds have too few of stand where they would by how freely a value is chosen."""

PRIVATE_TRUST: Final = 60
"""For an address of a private range (RFC 1918): as above."""

FLOW: Final = 1500
"""Factor, in thousandths, for a value that one account read in a result before another used it in an argument: two
who merely use the same host seldom do so."""

READ_ONLY: Final = 250
"""Factor, in thousandths, for a value that both only read in results: a tool's banner or a public page says it to
everybody, while what an agent asks for is its own choice."""

KIND_CAP: Final = 6
"""Nats, times a kind's trust, that keys of one kind may say about two accounts: forty shared paths are one checkout,
not forty reasons. So kinds of little trust never link alone."""

STEPS: Final = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, ACCOUNTS_KEPT)
"""Numbers of accounts at which a key's rarity is measured: between them links do not move with every account."""

_PRIVATE: Final = ("10.", "192.168.", *(f"172.{second}." for second in range(16, 32)))


def rarity(having: int) -> int:
    """Milli-nats of a key that so many accounts have: ln((`ACCOUNTS_KEPT` + 1) / having), 0 for a popular one.

    The crowd is fixed, not counted: a folder of five accounts is a piece of a larger world, in which what two of them
    share is as rare as in any other (docs/decisions/0003).

    Source: inverse document frequency, Sparck Jones 1972.
    """
    if having > ACCOUNTS_KEPT:
        return 0
    step = next(step for step in STEPS if having <= step)
    return round(1000 * math.log((ACCOUNTS_KEPT + 1) / step))


def weight(trusted: int, having: int) -> int:
    """Milli-nats that sharing a key says: so many thousandths of the rarity of what so many accounts have."""
    return trusted * rarity(having) // 1000


def is_private(address: str) -> bool:
    """Say whether an IPv4 address lies in a private range (RFC 1918)."""
    return address.startswith(_PRIVATE)


def trust(kind: str, shown: str) -> int:
    """Thousandths of its rarity that a key of this kind counts with."""
    if kind == "ipv4-addr" and is_private(shown):
        return PRIVATE_TRUST
    return TRUST[kind]


def cap(trusted: int) -> int:
    """Milli-nats that keys of one trust may say about two accounts."""
    return KIND_CAP * trusted
