"""Validators: whether a text that looks like an address, a number or a name is one. Pure, total, one home."""

from ipaddress import AddressValueError, IPv6Address
from typing import Final

from suragh.detect.observables.words import words

_DOUBLED: Final = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
"""Digit doubled, with the digits of the result added up: what Luhn's formula does to every second digit."""

_IPV4_PARTS: Final = 4
_OCTET_DIGITS: Final = 3
_OCTET_MAX: Final = 255
_MAX_PREFIX: Final = 32
_LINK_LOCAL: Final = 0xA9FE
"""169.254.0.0/16 (RFC 3927)."""

_MAX_NAME: Final = 253
"""Characters of a full name without its trailing dot. Source: RFC 1035 section 2.3.4 (255 octets on the wire)."""

_MAX_LABEL: Final = 63
"""Characters of a label. Source: RFC 1035 section 2.3.4."""

_LABEL_CHARACTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")

_MAC_DIGITS: Final = 12

_IBAN_REMAINDER: Final = 1
_IBAN_MODULUS: Final = 97

IBAN_LENGTHS: Final = {entry[:2]: int(entry[2:]) for entry in words("iban-lengths")}
"""Length of an IBAN by country. Source: the IBAN registry kept under ISO 13616-2."""

_PAN_RANGES: Final = (
    (4, 4, 1, frozenset({13, 16, 19})),
    (51, 55, 2, frozenset({16})),
    (2221, 2720, 4, frozenset({16})),
    (34, 34, 2, frozenset({15})),
    (37, 37, 2, frozenset({15})),
    (300, 305, 3, frozenset({14, 16, 19})),
    (36, 36, 2, frozenset({14, 16, 19})),
    (38, 39, 2, frozenset({14, 16, 19})),
    (6011, 6011, 4, frozenset({16, 19})),
    (644, 659, 3, frozenset({16, 19})),
    (3528, 3589, 4, frozenset({16, 17, 18, 19})),
    (62, 62, 2, frozenset({16, 17, 18, 19})),
    (2200, 2204, 4, frozenset({16, 17, 18, 19})),
    (5018, 5018, 4, frozenset({16, 19})),
    (5020, 5020, 4, frozenset({16, 19})),
    (5038, 5038, 4, frozenset({16, 19})),
    (6304, 6304, 4, frozenset({16, 19})),
    (6759, 6763, 4, frozenset({16, 19})),
)
"""First and last issuer number, its digits, and the lengths of a card number: Visa, Mastercard (with its 2-series),
American Express, Diners, Discover, JCB, UnionPay, Mir, Maestro. Source: the networks' published ranges; the frame is
ISO/IEC 7812-1. Maestro's 12 to 15 digits are left out: numbers of that length are mostly times and ids."""


def luhn(digits: str) -> bool:
    """Say whether the last digit is the check digit of the ones before it.

    Source: ISO/IEC 7812-1 annex B.
    """
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit)
        total += _DOUBLED[value] if place % 2 else value
    return total % 10 == 0


def payment_card(digits: str) -> bool:
    """Say whether bare digits are a card number: issuer, length, check digit, and more than two distinct digits."""
    return _issued(digits) and len(set(digits)) > 2 and luhn(digits)  # noqa: PLR2004 - `4444…` fills forms


def _issued(digits: str) -> bool:
    return any(
        first <= int(digits[:width]) <= last and len(digits) in lengths for first, last, width, lengths in _PAN_RANGES
    )


def iban(text: str) -> bool:
    """Say whether an upper-case text without spaces is an IBAN: country, length, remainder 1 modulo 97.

    Source: ISO 13616-1; the check is MOD 97-10 of ISO/IEC 7064.
    """
    if IBAN_LENGTHS.get(text[:2]) != len(text) or not (text.isascii() and text.isalnum()):
        return False
    turned = text[4:] + text[:4]
    number = "".join(str(int(character, 36)) for character in turned)
    return int(number) % _IBAN_MODULUS == _IBAN_REMAINDER


def ipv4(text: str) -> int | None:
    """Read a dotted quad as a number; None if it is none. Octets with leading zeros are refused: they are ambiguous.

    Source: RFC 3986 section 3.2.2 (`dec-octet`).
    """
    parts = text.split(".")
    if len(parts) != _IPV4_PARTS:
        return None
    number = 0
    for part in parts:
        if not _octet(part):
            return None
        number = number << 8 | int(part)
    return number


def _octet(part: str) -> bool:
    plain = part.isascii() and part.isdigit() and len(part) <= _OCTET_DIGITS
    return plain and int(part) <= _OCTET_MAX and (part[0] != "0" or len(part) == 1)


def dotted(number: int) -> str:
    """Write a 32-bit number as a dotted quad."""
    return f"{number >> 24}.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def network(number: int, prefix: int) -> int:
    """Clear the host bits of an IPv4 address."""
    return number >> (_MAX_PREFIX - prefix) << (_MAX_PREFIX - prefix)


def host_ipv4(number: int) -> bool:
    """Say whether an IPv4 address can be one host's: not this network, loopback, link-local, multicast, reserved.

    Addresses that end in 0 or 255 are refused too: in nearly every network they name the network or everybody in
    it. Source: RFC 6890 section 2.2.2.
    """
    first = number >> 24
    if first in {0, 127} or first >= 224:  # noqa: PLR2004 - class D and E, and every netmask
        return False
    return number >> 16 != _LINK_LOCAL and number & 255 not in {0, 255}


def ipv6(text: str) -> str | None:
    """Read an IPv6 address of one host as its shortest form; None if it is none, or loopback, link-local, multicast.

    Source: RFC 4291 for the syntax, RFC 5952 for the form.
    """
    try:
        address = IPv6Address(text)
    except AddressValueError:
        return None
    local = address.is_loopback or address.is_unspecified or address.is_link_local or address.is_multicast
    return None if local else address.compressed


def mac(text: str) -> str | None:
    """Read a hardware address (`:`, `-` or dotted) as `aa:bb:cc:dd:ee:ff`; None if it is none or not one device's.

    Group addresses (lowest bit of the first octet: IEEE 802, section 8.2) and zero are nobody's.
    """
    digits = text.lower().replace(":", "").replace("-", "").replace(".", "")
    if len(digits) != _MAC_DIGITS or not all(digit in "0123456789abcdef" for digit in digits):
        return None
    if int(digits[:2], 16) & 1 or not int(digits, 16):
        return None
    return ":".join(digits[place : place + 2] for place in range(0, _MAC_DIGITS, 2))


def host_name(name: str) -> bool:
    """Say whether a lower-case text has the form of a host name: labels of letters, digits, inner hyphens.

    Underscores are refused: names of services have them, names of hosts do not. Source: RFC 1123 section 2.1,
    RFC 1035 section 2.3.4; an internationalised label is its A-label (RFC 5891).
    """
    if not 0 < len(name) <= _MAX_NAME:
        return False
    return all(_label(label) for label in name.split("."))


def _label(label: str) -> bool:
    if not 0 < len(label) <= _MAX_LABEL or label[0] == "-" or label[-1] == "-":
        return False
    return _LABEL_CHARACTERS.issuperset(label)
