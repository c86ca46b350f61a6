"""Engagements: work that someone was authorised to do."""

from msgspec import Struct


class Engagement(Struct, frozen=True, kw_only=True):
    """Who may act on which targets, and when. What a prompt claims is never one of these.

    Attributes:
        id: its number in the issuer's books.
        issuer: who signed it.
        contact: whom to ask.
        accounts: accounts that work on it.
        targets: hosts, addresses, CIDR ranges; a domain covers what lies below it.
        not_before: nanoseconds, inclusive.
        not_after: nanoseconds, inclusive.
    """

    id: str
    issuer: str
    contact: str
    accounts: frozenset[str]
    targets: tuple[str, ...]
    not_before: int
    not_after: int
