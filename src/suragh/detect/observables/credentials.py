"""Credentials by context: passwords and hashes that a command is given, a file assigns, or a tool's output names.

A value is the secret alone, so that one secret is one key however it is used. Nothing of it is shown.
"""

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from suragh.detect.observables.credentials_common import telling
from suragh.detect.observables.hosts import CACHE, Hit
from suragh.model.observable import ObservableKind

EMPTY_HASHES: Final = frozenset(
    {
        "aad3b435b51404eeaad3b435b51404ee",
        "31d6cfe0d16ae931b73c59d7e0c089c0",
        "d41d8cd98f00b204e9800998ecf8427e",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    }
)
"""Hashes of nothing: LM, NT, MD5, SHA-1, SHA-256."""

_QUOTED: Final = r"(?:\\?\"([^\"\\\n]{4,256})\\?\"|'([^'\n]{4,256})'|([^\s\"'`,;&|<>(){}\[\]\\]{4,256}))"
"""A value in double quotes, in single quotes, or bare."""

_ASSIGNMENT: Final = re.compile(
    r"(pass(?:word|wd|phrase|code|(?=[\"'=\\]))|pwd|secret|token|api[_-]?key|access[_-]?key)"
    r"([a-z0-9_]{0,24})(?:\\?[\"'])?\]?[ \t]{0,4}(?:=>|[:=])[ \t]{0,4}"
)
_VALUE: Final = re.compile(_QUOTED)
_BARE: Final = 3
"""The group of a value without quotes."""

_ONE_TIME: Final = re.compile("csrf|xsrf|middleware|nonce|page|next|publickey")
"""Names of tokens that are no credential: against forgery, once, or for the next page."""

_LONG_SECRETS: Final = frozenset({"secret", "token", "apikey", "accesskey"})
_MIN_LONG: Final = 12
"""Characters of a machine's secret: shorter ones under such names are words and numbers."""

_WORD: Final = r"(?:\"([^\"\n]{4,256})\"|'([^'\n]{4,256})'|([^\s\"'`|;&<>(,/-][^\s\"'`|;&<>]{3,255}))"
"""A word of a command that may be a password: no option, no switch, no path."""

_OPTION: Final = re.compile(rf"[\s/](?:--?pass(?:word|wd)?(?:=|[ \t]+)|-pw[ \t]+|(?<=/)p:){_WORD}")
_USER_THEN: Final = re.compile(
    r"\s-(?:-user(?:name)?|[uDl])[ =]{1,2}(?:\"[^\"\n]{1,120}\"|'[^'\n]{1,120}'|[^\s\"'|;&]{1,120})"
    rf"[^\n|;&]{{0,200}}?\s-[pw][ \t]?{_WORD}"
)
"""`-p` is a port and a folder too: it is a password where a user was named before."""

_TOLD: Final = re.compile(
    r"(?:sshpass[ \t]+-p|mysql(?:dump|admin)?\b[^\n|;&]{0,120}?\s-p|net[ \t]+user[ \t]+\S{1,64}[ \t]|"
    rf"redis-cli\b[^\n|;&]{{0,80}}?\s-a)[ \t]?{_WORD}"
)
_SUDO: Final = re.compile(rf"echo[ \t]+(?:-[en]+[ \t]+)?{_WORD}[ \t]*\|[ \t]*sudo[ \t]+-S")
_PERCENT: Final = re.compile(
    r"\s-(?:U|-user(?:name)?)[ =]?(?:'[^'%\n]{1,80}%([^'\n]{4,200})'|\"[^\"%\n]{1,80}%([^\"\n]{4,200})\"|"
    r"[^\s'\"%]{1,80}%([^\s'\"|;&]{4,200}))"
)
_COLON_USER: Final = re.compile(
    r"\s-(?:u|-user)[ =]?(?:'[^':\n]{1,80}:([^'\n]{4,200})'|\"[^\":\n]{1,80}:([^\"\n]{4,200})\"|"
    r"[^\s'\":/|]{1,80}:([^\s'\"|;&]{4,200}))"
)
_REALM_PAIR: Final = re.compile(
    r"/(?<=[A-Za-z0-9]/)['\"]?[A-Za-z0-9_.$-]{1,64}:"
    r"(?:([^\s/'\"`]{4,128})@(?=[A-Za-z0-9])|'([^'\n]{4,128})'|([^\s/@'\"`:]{4,128})(?=['\"]?\s+-))"
)
_PAIRED: Final = r"([^\s/'\"`:,;<>(){}&=$%][^\s/'\"`:,;<>(){}&=]{3,127})@"
_ADDRESS_PAIR: Final = re.compile(rf":(?<=[A-Za-z0-9]:){_PAIRED}(?=(?:[0-9]{{1,3}}\.){{3}}[0-9])")
_NAME_PAIR: Final = re.compile(
    rf":(?<=[A-Za-z0-9]:)(?=[^\s@]{{0,127}}[A-Z!#^*?~]){_PAIRED}"
    r"(?=[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,4}\.[a-z]{2,}\b)"
)
"""Before a name, a secret has a character that the local parts of mailboxes lack: `mailto:someone@example.com`."""

_URL_PAIR: Final = re.compile(r"://[^\s/:@\"'<>]{0,128}:([^\s/\"'<>&?#]{4,128})@(?=[A-Za-z0-9\[])")
_OUTPUT: Final = re.compile(
    r"\[\+\][^\n]{0,120}?[A-Za-z0-9.-]+\\[A-Za-z0-9_.$-]+:(\S{4,128})|login:[ ]\S+[ ]+password:[ ](\S{4,128})"
)
r"""How tools report the passwords that work (`[+] realm\user:secret`, `login: user   password: secret`)."""

_NT_PAIR: Final = re.compile(r":(?<=[0-9a-fA-F]:)(?<=[0-9a-fA-F]{32}:)([0-9a-fA-F]{32})(?![0-9a-fA-F])")
_NT_GIVEN: Final = re.compile(
    r"[\s/](?:-H|--?hashes?|--?nthash|-rc4|(?<=/)rc4:|(?<=/)ntlm:)[ =]?['\"]?:?([0-9a-fA-F]{32})(?![0-9a-fA-F:])"
)
_NT_NAMED: Final = re.compile(
    r"[Nn][Tt](?:LM)?[ _-]?[Hh]ash[`* ]{0,3}[:=][`'\"* ]{0,5}([0-9a-fA-F]{32})(?![0-9a-fA-F:])"
)
_LM_NT: Final = re.compile(r"[0-9a-f]{32}:([0-9a-f]{32})", re.IGNORECASE)
_CRACKED: Final = re.compile(r"\$krb5[a-z]+\$\S{60,4000}:([^\s:]{4,64})(?=\s|$)")
_SCHEME: Final = re.compile(r"(?:[Bb]earer[ ]+([A-Za-z0-9._~+/=-]{16,2048})|[Bb]asic[ ]+([A-Za-z0-9+/]{8,256}={0,2}))")


def find_assignments(text: str, low: str) -> Iterator[Hit]:
    """Find `password=…`, `"token": "…"`, `PGPASSWORD=…` in commands, code, forms, JSON and prose."""
    for match in _ASSIGNMENT.finditer(low):
        value = _VALUE.match(text, match.end())
        if not value:
            continue
        group = value.lastindex or _BARE
        bare = group == _BARE
        if value[group].endswith("...") or (
            match[1] == "token" and _ONE_TIME.search(low, max(0, match.start() - 16), match.start())
        ):
            continue
        secret = value[group].rstrip(".,:") if bare else value[group]
        machine = match[1].replace("_", "").replace("-", "") in _LONG_SECRETS
        if _assigned(secret, machine, bare):
            yield _hit(secret, value.start(group))


@lru_cache(CACHE)
def _assigned(secret: str, machine: bool, bare: bool) -> bool:  # noqa: FBT001 - positional for the cache
    """Say whether what is assigned is a secret and no code, word or number."""
    if not telling(secret) or " " in secret:
        return False
    if machine and (len(secret) < _MIN_LONG or not _mixed(secret) or "." in secret[:-1]):
        return False
    if bare:
        return _mixed(secret) and not _CODE.search(secret)
    return not (secret.isalpha() and secret.islower() and len(secret) <= _WORD_LENGTH)


_WORD_LENGTH: Final = 8
"""Small letters up to which a quoted value is taken for a word of a language: `'anything'`."""

_CODE: Final = re.compile(
    r"[a-z_]\.[a-z_]|::|->|=>|==|\$[A-Za-z{(]|^[a-z]+_[a-z_]+$|^\W|^[0-9]+\.[0-9]|^base64$|^sha[0-9]+$"
)
"""Chains of members, operators, variables: what stands behind a name in code."""


def _mixed(secret: str) -> bool:
    letters = any(character.isalpha() for character in secret)
    return letters and any(character.isdigit() or character in "!@#$%^&*+?~" for character in secret)


def find_options(text: str, _low: str) -> Iterator[Hit]:
    """Find the passwords among a command's options."""
    for pattern in (_OPTION, _USER_THEN):
        yield from _captures(pattern, text)


def find_told(text: str, _low: str) -> Iterator[Hit]:
    """Find the passwords that certain programs are told in their own way."""
    for pattern in (_TOLD, _SUDO):
        yield from _captures(pattern, text)


def find_pairs(text: str, _low: str) -> Iterator[Hit]:
    """Find `user%secret` and `user:secret` where an option names a user."""
    for pattern in (_PERCENT, _COLON_USER):
        yield from _captures(pattern, text)


def find_host_pairs(text: str, _low: str) -> Iterator[Hit]:
    """Find `realm/user:secret`, `user:secret@host`."""
    for pattern in (_REALM_PAIR, _ADDRESS_PAIR, _NAME_PAIR):
        yield from _captures(pattern, text)


def find_reported(text: str, _low: str) -> Iterator[Hit]:
    """Find the passwords that tools report to work."""
    yield from _captures(_OUTPUT, text)


def find_url_secrets(text: str, _low: str) -> Iterator[Hit]:
    """Find the passwords in URLs."""
    yield from _captures(_URL_PAIR, text)


def find_cracked(text: str, _low: str) -> Iterator[Hit]:
    """Find the passwords that stand behind the Kerberos hashes they were guessed from."""
    yield from _captures(_CRACKED, text)


def find_nt_hashes(text: str, _low: str) -> Iterator[Hit]:
    """Find NT hashes: right of an `lm:nt` pair, or given as a hash. They log in as a password does."""
    for pattern in (_NT_PAIR, _NT_GIVEN, _NT_NAMED):
        for match in pattern.finditer(text):
            value = match[1].lower()
            if value not in EMPTY_HASHES and len(set(value)) > 4:  # noqa: PLR2004 - `00…`, `0123…`
                yield ObservableKind.CREDENTIAL, value, "", match.start(1), match.end(1)


def find_schemes(text: str, _low: str) -> Iterator[Hit]:
    """Find bearer tokens and the passwords of basic authorization (RFC 6750, RFC 7617)."""
    for match in _SCHEME.finditer(text):
        group = 1 if match[1] else 2
        secret = match[1] or _basic(match[2])
        if secret and telling(secret[:200]) and (group == 2 or _mixed(secret)):  # noqa: PLR2004 - the basic form
            yield ObservableKind.CREDENTIAL, secret, "", match.start(group), match.end(group)


def _basic(encoded: str) -> str:
    try:
        pair = b64decode(encoded + "=" * (-len(encoded) % 4), validate=True).decode("utf-8")
    except (Base64Error, UnicodeDecodeError):
        return ""
    return pair.partition(":")[2]


def _captures(pattern: re.Pattern[str], text: str) -> Iterator[Hit]:
    for match in pattern.finditer(text):
        group = match.lastindex or 0
        while group and not match[group]:
            group -= 1
        if group and telling(match[group]):
            yield _hit(match[group], match.start(group))


def _hit(secret: str, start: int) -> Hit:
    pair = _LM_NT.fullmatch(secret)
    if pair:
        return ObservableKind.CREDENTIAL, pair[1].lower(), "", start + pair.start(1), start + len(secret)
    return ObservableKind.CREDENTIAL, secret, "", start, start + len(secret)
