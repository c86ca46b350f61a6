"""Observables: values seen in what agents asked and got (STIX cyber-observables, and what it lacks)."""

from enum import StrEnum

from msgspec import Struct


class ObservableKind(StrEnum):
    """What a value is. The names are STIX's where it has one."""

    IPV4 = "ipv4-addr"
    IPV6 = "ipv6-addr"
    CIDR = "cidr"
    DOMAIN = "domain-name"
    HOST = "host"
    URL = "url"
    EMAIL = "email-addr"
    USER = "user-account"
    PATH = "file-path"
    HASH = "file-hash"
    CREDENTIAL = "credential"
    MAC = "mac-addr"
    SSID = "ssid"
    CARD = "payment-card"
    IBAN = "iban"
    TRANSACTION = "transaction-id"


class Role(StrEnum):
    """Where a value was seen: in what the agent asked for, in what a tool returned, or in the way to where it acted."""

    ARGUMENT = "argument"
    RESULT = "result"
    WAY = "way"


class Observable(Struct, frozen=True, gc=False):
    """One valid value in one text.

    Attributes:
        kind: what it is.
        value: the normalised value: equal values are equal texts. May open a door: never shown, only hashed.
        shown: what may be shown of it: the value itself for hosts, addresses and paths; a mask for values that
            identify people or open doors (`j***@example.com`, `4111…1111`); empty for a credential, which the
            report numbers (`cred-1`).
        leaf: the path of the leaf that it stands in.
        start: first code point of the span in the leaf's text, from 0.
        end: one past the last.
    """

    kind: ObservableKind
    value: str
    shown: str
    leaf: str
    start: int
    end: int
