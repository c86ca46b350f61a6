"""Values by form: hashes, hardware addresses, networks' names, card numbers, bank accounts, transactions."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from suragh.detect.observables.credentials import EMPTY_HASHES
from suragh.detect.observables.hosts import CACHE, Hit
from suragh.detect.observables.masks import mask_ends, mask_mac, mask_name
from suragh.detect.observables.validators import IBAN_LENGTHS, iban, mac, payment_card
from suragh.detect.observables.words import words
from suragh.model.observable import ObservableKind

# A run is taken whole, and is looked at from both ends by the finder: tickets have runs of thousands of digits.
_HASH: Final = re.compile(r"[0-9a-f][0-9a-f]{31,}+")
_INSIDE: Final = frozenset("0123456789abcdefghijklmnopqrstuvwxyz_-")
_LENGTHS: Final = frozenset({32, 40, 64})
_GIT_BEFORE: Final = re.compile(
    r"(?:\b(?:commit|tree|parent|object|blob|tag|index|merge|head|oid|sha|rev|revision|ref|gitlink|from|to)\b|[\"']?sha[\"']?\s*:)"
    r"[\"':= \t(]{0,4}$|[a-z0-9]@$"
)
_SHA1_DIGITS: Final = 40
_MIN_DISTINCT: Final = 5
"""Distinct digits below which 32 hexadecimal digits are padding: a hash has so few once in 10^10."""

_MAC: Final = re.compile(
    r"[0-9a-f][0-9a-f](?:(?::[0-9a-f]{2}){5}|(?:-[0-9a-f]{2}){5}|[0-9a-f]{2}\.[0-9a-f]{4}\.[0-9a-f]{4})"
    r"(?![0-9a-z]|[:.-][0-9a-z])"
)
_BEFORE_MAC: Final = re.compile(r"[0-9a-z:.-]")
_VIRTUAL: Final = ("02:42:", "00:15:5d:00:00:", "02:00:00:00:00:", "0a:00:27:00:00:")
"""Addresses that container engines make from the private address, or give to everybody alike."""

_SSID: Final = re.compile(
    r"(?<![a-z])e?ssid(?:_?name)?(?:\\?[\"'])?[ \t]{0,3}[:=][ \t]{0,3}"
    r"(?:\\?\"([^\"\\\n]{1,32})\\?\"|'([^'\n]{1,32})'|([^\s\"'`,;|&<>(){}\[\]\\]{2,32}))"
)
_NO_SSID: Final = words("no-ssids")

_CARD: Final = re.compile(
    r"[2-6](?<![0-9a-z_.\-+/=#][2-6])(?<![0-9] [2-6])(?:[0-9]{12,18}|[0-9]{3}([ -])[0-9]{4}\1[0-9]{4}\1[0-9]{1,7}|"
    r"[0-9]{3}([ -])[0-9]{6}\2[0-9]{4,5})(?![0-9a-z_\-/=]|[. ][0-9])"
)
_IBAN: Final = re.compile(
    r"[A-Z](?<![A-Za-z0-9_+/=-][A-Z])[A-Z][0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?(?![A-Za-z0-9_+/=])"
)

_LABELLED: Final = re.compile(
    r"(?:transaction|txn|payment|payout|charge|remittance|transfer|uetr|rrn)(?:[ _-]?(?:intent|session))?"
    r"(?:(?<=uetr)|(?<=rrn)|[ _-]?(?:id|no|number|ref(?:erence)?))(?:\\?[\"'])?[ \t]{0,3}[:=#][ \t]{0,3}(?:\\?[\"'])?"
    r"([a-z0-9][a-z0-9_-]{5,63})(?![a-z0-9_(.-])"
)
_PAYMENT_TOKEN: Final = re.compile(
    r"_(?:(?<=pi_)|(?<=ch_)|(?<=py_)|(?<=po_)|(?<=txn_))([A-Za-z0-9]{16,64})(?![A-Za-z0-9_])"
)
_PAYMENT_PREFIX: Final = re.compile(r"(?<![A-Za-z0-9_])(?:pi|ch|txn|py|po)$")


def find_hashes(_text: str, low: str) -> Iterator[Hit]:
    """Find MD5, SHA-1 and SHA-256 sums.

    Forty digits that git's words introduce name an object of a repository, which all who work on it share: left out.
    """
    for match in _HASH.finditer(low):
        value = match[0]
        start, end = match.span()
        if len(value) not in _LENGTHS or low[end : end + 1] in _INSIDE or (start and low[start - 1] in _INSIDE):
            continue
        if value in EMPTY_HASHES or len(set(value)) < _MIN_DISTINCT or value.isdigit():
            continue
        if len(value) == _SHA1_DIGITS and _GIT_BEFORE.search(low, max(0, match.start() - 24), match.start()):
            continue
        yield ObservableKind.HASH, value, value, match.start(), match.end()


def find_other_hashes(text: str, low: str) -> Iterator[Hit]:
    """Find hashes in a text about git: forty digits are left out wherever they stand."""
    for hit in find_hashes(text, low):
        if len(hit[1]) != _SHA1_DIGITS:
            yield hit


def find_macs(_text: str, low: str) -> Iterator[Hit]:
    """Find hardware addresses, of access points too (BSSID)."""
    for match in _MAC.finditer(low):
        if match.start() and _BEFORE_MAC.match(low, match.start() - 1):
            continue
        value = mac(match[0])
        if value and not value.startswith(_VIRTUAL):
            yield ObservableKind.MAC, value, mask_mac(value), match.start(), match.end()


def find_ssids(text: str, low: str) -> Iterator[Hit]:
    """Find names of wireless networks: nothing but their label tells them."""
    for match in _SSID.finditer(low):
        group = match.lastindex or 0
        start, end = match.span(group)
        value = text[start:end].strip()
        if value and value.lower() not in _NO_SSID and value[0] not in "$%<{*":
            yield ObservableKind.SSID, value, mask_name(value), start, end


def find_cards(_text: str, low: str) -> Iterator[Hit]:
    """Find payment card numbers, bare or in the groups that cards print."""
    for match in _CARD.finditer(low):
        digits = match[0].replace(" ", "").replace("-", "")
        if _card(digits):
            yield ObservableKind.CARD, digits, mask_ends(digits, 4, 4), match.start(), match.end()


@lru_cache(CACHE)
def _card(digits: str) -> bool:
    return payment_card(digits)


def find_ibans(text: str, _low: str) -> Iterator[Hit]:
    """Find bank accounts; what follows one in its line does not belong to it."""
    for match in _IBAN.finditer(text):
        length = IBAN_LENGTHS.get(match[0][:2], 0)
        end = _reach(match[0], length)
        value = match[0][:end].replace(" ", "")
        if end and iban(value) and match[0][end : end + 1] in {"", " "}:
            yield ObservableKind.IBAN, value, mask_ends(value, 4, 2), match.start(), match.start() + end


def _reach(written: str, length: int) -> int:
    """Count the written characters that hold `length` characters without spaces; 0 if there are not so many."""
    seen = 0
    for place, character in enumerate(written):
        seen += character != " "
        if length and seen == length:
            return place + 1
    return 0


def find_transactions(text: str, low: str) -> Iterator[Hit]:
    """Find the numbers that payments go by, where a label says so."""
    for match in _LABELLED.finditer(low):
        start, end = match.span(1)
        value = text[start:end]
        if any(character.isdigit() for character in value) and value[:2] != "0x":
            yield ObservableKind.TRANSACTION, value, mask_ends(value, 3, 3), start, end


def find_payment_tokens(text: str, _low: str) -> Iterator[Hit]:
    """Find the ids of payments, charges, payouts in the form that Stripe publishes (`pi_…`, `ch_…`)."""
    for match in _PAYMENT_TOKEN.finditer(text):
        prefix = _PAYMENT_PREFIX.search(text, max(0, match.start() - 4), match.start())
        if prefix and any(character.isdigit() for character in match[1]):
            value = text[prefix.start() : match.end()]
            yield ObservableKind.TRANSACTION, value, mask_ends(value, 3, 3), prefix.start(), match.end()
