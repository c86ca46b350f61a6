"""Triggers: the cheap patterns whose presence in a text says which observables are worth looking for in it.

They join the rules' patterns in the one Hyperscan database. They favour recall: what they let through is read again
by the exact patterns of the finders; what they miss is not found.
"""

from typing import Final, NamedTuple

import hyperscan

from suragh.detect.observables.hosts_tables import (
    AMBIGUOUS,
    BARE_SUFFIXES,
    INTERNAL_SUFFIXES,
    REMOTE_PROGRAMS,
    SERVICE_PORTS,
    URL_PROGRAMS,
)
from suragh.detect.observables.tables import LOOT_KINDS

IPV4: Final = 1 << 0
IPV6: Final = 1 << 1
URL: Final = 1 << 2
AT: Final = 1 << 3
DOMAIN: Final = 1 << 4
COMMAND: Final = 1 << 5
SHARE: Final = 1 << 6
PORT: Final = 1 << 7
REALM: Final = 1 << 8
PATH: Final = 1 << 9
WINDOWS_PATH: Final = 1 << 10
WRITTEN: Final = 1 << 11
HASH: Final = 1 << 12
MAC: Final = 1 << 13
SSID: Final = 1 << 14
CARD: Final = 1 << 15
IBAN: Final = 1 << 16
TRANSACTION: Final = 1 << 17
TOKEN: Final = 1 << 18
PRIVATE_KEY: Final = 1 << 19
ASSIGNMENT: Final = 1 << 20
SCHEME: Final = 1 << 21
OPTION: Final = 1 << 22
LOGIN: Final = 1 << 23
NT_HASH: Final = 1 << 24
CRACKED: Final = 1 << 25
GIT: Final = 1 << 26
HOST_PAIR: Final = 1 << 27
REPORTED: Final = 1 << 28
TOLD: Final = 1 << 29
PAYMENT_TOKEN: Final = 1 << 30


class Trigger(NamedTuple):
    """One presence pattern.

    Attributes:
        name: short unique name.
        bit: a mask with one bit set: the bit of `triggers` that says it was seen.
        pattern: in Hyperscan's dialect, over UTF-8 bytes.
        flags: Hyperscan's flags for it.
    """

    name: str
    bit: int
    pattern: str
    flags: int


_CASED: Final = hyperscan.HS_FLAG_SINGLEMATCH
_CASELESS: Final = hyperscan.HS_FLAG_SINGLEMATCH | hyperscan.HS_FLAG_CASELESS
_SUFFIX: Final = "|".join(sorted(BARE_SUFFIXES | INTERNAL_SUFFIXES - AMBIGUOUS))
_PROGRAM: Final = "|".join(sorted(REMOTE_PROGRAMS - URL_PROGRAMS))
_FETCHER: Final = "|".join(sorted(URL_PROGRAMS))
_PORTS: Final = "|".join(SERVICE_PORTS)
_LOOT_KINDS: Final = "|".join(sorted(LOOT_KINDS))
_NOT_LOCALHOST: Final = "[a-su-z0-9]|[a-rt-z0-9-]t|[a-np-z0-9-]st|[a-gi-z0-9-]ost|[a-km-z0-9-]host"
"""The end of a name that does not end in `lhost`: most ports in traces are of `localhost`, which is no observable."""

_HEX: Final = "[0-9a-f]"

# Patterns without counted repeats: they make small automata, and the exact patterns count.
TRIGGERS: Final = (
    Trigger("ipv4", IPV4, r"[0-9]\.[0-9]+\.[0-9]+\.[0-9]", _CASED),
    Trigger("ipv6", IPV6, rf"(?:[23]{_HEX}{{3}}|f[cd]{_HEX}{{2}}):{_HEX}*:", _CASELESS),
    Trigger("url", URL, r"://[a-z0-9_\[%~!$&*+,;=:@.-]", _CASELESS),
    Trigger("at", AT, r"[a-z0-9_$'\"]@[a-z0-9]", _CASELESS),
    Trigger("domain", DOMAIN, rf"[a-z0-9]\.(?:{_SUFFIX})(?:[^a-z0-9_(]|$)", _CASELESS),
    Trigger(
        "command",
        COMMAND,
        rf"(?:^|[\s|;&($`'\"/])(?:(?:{_PROGRAM}|impacket-[A-Za-z0-9]+)(?:\.py|\.exe)?[ \t]+[^ \t]|"
        rf"(?:{_FETCHER})(?: +-[A-Za-z]+)* +['\"]?[A-Za-z0-9-]+[.:][a-z0-9])",
        _CASED,
    ),
    Trigger("share", SHARE, r"(?:^|[\s\"'=(,`])(?:\\\\|//)[a-z0-9\\]", _CASELESS),
    Trigger("port", PORT, rf"(?:{_NOT_LOCALHOST}):(?:{_PORTS})(?:[^0-9a-z_:-]|$)", _CASELESS),
    Trigger("realm", REALM, r"(?:[A-Z0-9-]{2}|[a-z]\.[a-z]{2,8})\\{1,2}[A-Za-z]", _CASED),
    Trigger(
        "path",
        PATH,
        r"/(?:home|users|root|tmp|var|opt|srv|mnt|media|data|etc|workspaces?|volumes|shm)/[^/\s]|~[a-z0-9_.-]*/[^/\s]",
        _CASELESS,
    ),
    Trigger("windows-path", WINDOWS_PATH, r"(?:^|[^a-z0-9])[a-z]:\\{1,2}[a-z0-9_$.]", _CASELESS),
    Trigger(
        "written",
        WRITTEN,
        r"(?:>|\stee |\s-o[anxgs]? |\s--?out[a-z-]*[ =]|\s-w ) *['\"]?[a-z0-9_./-]+"
        rf"\.(?:{_LOOT_KINDS})(?:[^a-z0-9_./-]|$)",
        _CASELESS,
    ),
    Trigger("hash", HASH, rf"{_HEX}{{32}}", _CASELESS),
    Trigger(
        "mac",
        MAC,
        rf"{_HEX}{{2}}(?::{_HEX}{{2}}){{5}}|{_HEX}{{2}}(?:-{_HEX}{{2}}){{5}}|{_HEX}{{4}}\.{_HEX}{{4}}\.{_HEX}{{4}}",
        _CASELESS,
    ),
    Trigger("ssid", SSID, r"\be?ssid", _CASELESS),
    Trigger("card", CARD, r"\b[2-6][0-9]{3}[ -]?[0-9]{4}[ -]?[0-9]{4}|\b3[0-9]{3}[ -]?[0-9]{6}[ -]?[0-9]", _CASED),
    Trigger("iban", IBAN, r"[A-Z]{2}[0-9]{2} ?[A-Z0-9]{4} ?[A-Z0-9]{4}", _CASED),
    Trigger(
        "transaction",
        TRANSACTION,
        r"(?:transaction|txn|payment|payout|charge|remittance|transfer)[a-z_ -]*"
        r"(?:id|no|number|ref|reference)[\\'\" \t]*[:=#]|\b(?:uetr|rrn)[\\'\" \t]*[:=#]",
        _CASELESS,
    ),
    Trigger("payment-token", PAYMENT_TOKEN, r"\b(?:pi|ch|txn|py|po)_[a-z0-9]{14}", _CASELESS),
    Trigger(
        "token",
        TOKEN,
        r"A(?:KIA|SIA)[A-Z0-9]{4}|gh[pousr]_[A-Za-z0-9]{4}|github_pat_|glpat-|xox[abeprs]-|sk-[A-Za-z0-9_-]{20}|"
        r"sk_(?:live|test)_|eyJ[A-Za-z0-9_-]+\.eyJ|AIza[A-Za-z0-9_-]{4}|npm_[A-Za-z0-9]{8}|pypi-[A-Za-z0-9_-]{16}|"
        r"hf_[A-Za-z0-9]{8}|SG\.[A-Za-z0-9_-]{16}|ya29\.|dop_v1_",
        _CASED,
    ),
    Trigger("private-key", PRIVATE_KEY, r"PRIVATE KEY-----", _CASED),
    Trigger(
        "assignment",
        ASSIGNMENT,
        r"(?:pass|password|passwd|passphrase|passcode|pwd|secret|token|api[_-]?key|access[_-]?key)[a-z0-9_]*"
        r"[\\'\"\] \t]*[:=]",
        _CASELESS,
    ),
    Trigger("scheme", SCHEME, r"(?:bearer|basic) +[a-z0-9._~+/=-]{8}", _CASELESS),
    Trigger("option", OPTION, r"\s(?:-pw|--?pass(?:word|wd)?)[ =\t]|/p:|\s-[puDl][ =].*\s-[pw][ \t'\"]", _CASED),
    Trigger("told", TOLD, r"sshpass +-p|mysql.*\s-p|net +user +\S+ |redis-cli.*\s-a |sudo +-S", _CASED),
    Trigger("login", LOGIN, r"\s--?[uU](?:ser|sername)?[ =]?['\"]?[^\s'\"%:]+[%:]", _CASED),
    Trigger("host-pair", HOST_PAIR, r"[a-z0-9]:[^\s/'\"`]+@[a-z0-9]|[a-z0-9]/[a-z0-9_.$-]+:['a-z0-9_!@#$]", _CASELESS),
    Trigger("reported", REPORTED, r"\[\+\] |login: ", _CASED),
    Trigger(
        "nt-hash",
        NT_HASH,
        rf"{_HEX}{{32}}:{_HEX}{{32}}|(?:-h|hash|hashes|-rc4|/rc4:|/ntlm:)[`'\":=* ]*{_HEX}{{32}}",
        _CASELESS,
    ),
    Trigger("cracked", CRACKED, r"\$krb5[a-z]+\$", _CASELESS),
    Trigger("git", GIT, r"\bgit\b|refs/|commit|Oid\b|\bHEAD\b|github\.com", _CASED),
)
"""Every trigger; bits and names are unique."""
