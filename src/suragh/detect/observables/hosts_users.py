r"""Users: e-mail addresses, `user@host`, `REALM\user`, `realm/user`, and the hosts that they name."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from suragh.detect.observables import hosts_tables as tables
from suragh.detect.observables.hosts import CACHE, Hit, named_host
from suragh.detect.observables.masks import mask_email, mask_user
from suragh.detect.observables.words import words
from suragh.model.observable import ObservableKind

_AT: Final = re.compile(
    r"@(?<=[a-z0-9_$'\"]@)([a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?)(?![a-z0-9_@(\[{!$%#*+~]|-[a-z0-9])"
)
_LOCAL_BACK: Final = re.compile(r"[a-z0-9._+$-]{1,64}")
_REALM_BACK: Final = re.compile(r"['\"]{0,2}/['\"]{0,2}([a-z0-9.-]{2,64})")

_VERSION: Final = re.compile(r"v?[0-9]+(?:\.[0-9x]+)*(?:[.-](?:rc|beta|alpha|dev)[0-9.]*)?")
_QUAD_DOTS: Final = 3

_LOGIN_LINE: Final = re.compile(
    r"(?:^|[\s/'\"`(])(?:ssh|scp|sftp|rsync|mosh|sshpass|autossh|ssh-copy-id|psql|mysql|evil-winrm|"
    r"[a-z-]{0,16}(?:exec|secretsdump|client)(?:\.py)?|impacket-[a-z0-9]+)\s"
)
_LINE_BACK: Final = 200
"""How much of the line before an `@` is read for the program that logs in."""

_PROMPT: Final = re.compile(r":[~/][^\s:$#]{0,80}[$#](?:\s|$)")

_REALM: Final = re.compile(r"\\(?<=[A-Za-z0-9]\\)\\?([A-Za-z][A-Za-z0-9._-]{1,30}\$?)(?![\\A-Za-z0-9_-])")
_REALM_CHARACTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-"
_NETBIOS_MAX: Final = 15
"""Characters of a NetBIOS name. Source: RFC 1001 section 14.1 (16 octets, the last is the type)."""

_HEX_ESCAPE: Final = re.compile(r"x[0-9A-Fa-f]{2}$|u[0-9A-Fa-f]{4}")
_NO_REALMS: Final = words("no-realms")
"""Roots of the registry and of file systems, which a backslash also follows."""

_INSIDE: Final = ("\\", "/", ":", "%", "@", "$", "_")
"""Before a realm: these make it a part of a path or of a variable."""

_REALM_SUFFIXES: Final = tables.INTERNAL_SUFFIXES | {"com", "net", "org"}


def find_at(_text: str, low: str) -> Iterator[Hit]:
    """Find e-mail addresses, `user@host` and `user@realm`, with the host or domain after the `@`."""
    for match in _AT.finditer(low):
        found = _after_at(match[1])
        if not found:
            continue
        place, end = match.start(), match.end(1)
        login = _logs_in(low, place)
        single = "." not in match[1]
        if single and not (login or _PROMPT.match(low, end)):
            continue
        start = _local_start(low, place)
        if not (login or single) and (start == place or low[start - 1 : start] in {"/", "@"}):
            continue
        yield *found, found[1], match.start(1), end
        user = _user_hit(low, (start, place, end), found, login=login)
        if user:
            yield user


def _logs_in(low: str, place: int) -> bool:
    begin = max(low.rfind("\n", 0, place) + 1, place - _LINE_BACK)
    return _LOGIN_LINE.search(low, begin, place) is not None


def _local_start(low: str, place: int) -> int:
    back = _LOCAL_BACK.match(low[max(0, place - 64) : place][::-1])
    start = place - back.end() if back else place
    before = low[start - 1 : start]
    # What an escape leaves behind (`%20`, `\n`) is no part of the name.
    if before == "\\" and low[start] in "nrt":
        return start + 1
    return min(place, start + 2) if before == "%" else start


def _user_hit(low: str, span: tuple[int, int, int], host: tuple[ObservableKind, str], *, login: bool) -> Hit | None:
    start, place, end = span
    kind, name = host
    user = low[start:place].strip("._-+")
    if kind is ObservableKind.DOMAIN and not login:
        if not user or user in tables.NO_SENDERS:
            return None
        return ObservableKind.EMAIL, f"{user}@{name}", mask_email(user, name), start, end
    # After a colon stands a password (`user:secret@host`), and signs are a part of one.
    if start and low[start - 1] in ":@!#%":
        return None
    user = user.rstrip("$").rpartition("$")[2] + ("$" if user.endswith("$") else "")
    realm = _REALM_BACK.match(low[max(0, start - 68) : start][::-1]) if login else None
    value = realm_user(realm[1][::-1] if realm else name, user)
    if not value or user.endswith(name):
        return None
    return ObservableKind.USER, value, mask_user(value), start, place


@lru_cache(CACHE)
def _after_at(name: str) -> tuple[ObservableKind, str] | None:
    """Read what follows an `@`; versions and tags (`node@20`, `tool@latest`) are no hosts."""
    if name in tables.NO_HOSTS or name in tables.NO_MAILBOXES:
        return None
    if _VERSION.fullmatch(name) and name.count(".") != _QUAD_DOTS:
        return None
    last = name.rpartition(".")[2]
    known = last in tables.PUBLIC_SUFFIXES or last in tables.INTERNAL_SUFFIXES or last.isdigit() or "." not in name
    return named_host(name) if known else None


def realm_user(realm: str, user: str) -> str:
    r"""Write `REALM\user`, `user@realm.example` and `realm.example/user` in one way: `realm\user`.

    Empty for accounts that every system has: who logs in as `root` is not known by it.
    """
    name = user.lower()
    if not name.strip("$.") or name in tables.COMMON_USERS or name.isdigit():
        return ""
    short = realm if realm.replace(".", "").isdigit() else realm.partition(".")[0]
    return f"{short.lower()}\\{name}"


def find_realms(text: str, _low: str) -> Iterator[Hit]:
    r"""Find `REALM\user` and `realm.example\user`: a realm of small letters alone would be a path's part."""
    for match in _REALM.finditer(text):
        place = match.start()
        user = match[1].rstrip(".")
        back = "" if _escape(text, user) else _realm_before(text, place)
        value = realm_user(back, user) if back else ""
        if value:
            yield ObservableKind.USER, value, mask_user(value), place - len(back), match.start(1) + len(user)


def _escape(text: str, user: str) -> bool:
    r"""Say whether the backslash begins an escape: `\x00`, or `\n` in a text that has more of them."""
    if _HEX_ESCAPE.match(user):
        return True
    return user[0] in "nrt" and text.count(f"\\{user[0]}") > 1


def _realm_before(text: str, place: int) -> str:
    window = text[max(0, place - 64) : place]
    name = window[len(window.rstrip(_REALM_CHARACTERS)) :]
    if not name or window[: -len(name)].endswith(_INSIDE):
        return ""
    dotted = name.rpartition(".")[2].lower() in _REALM_SUFFIXES if "." in name else False
    netbios = 1 < len(name) <= _NETBIOS_MAX and name.isupper() and name[0].isalpha() and "." not in name
    return name if (dotted or netbios) and name.lower() not in _NO_REALMS else ""
