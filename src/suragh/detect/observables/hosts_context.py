"""Hosts by context: names before a port, or among the words of a program that speaks to a host."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Final

from suragh.detect.observables import hosts_tables as tables
from suragh.detect.observables.hosts import CACHE, Hit, alternatives, name_start, named_host
from suragh.detect.observables.words import words as word_list
from suragh.model.observable import ObservableKind

_PORT: Final = re.compile(rf":(?<=[a-z0-9]:)({'|'.join(tables.SERVICE_PORTS)})(?![0-9a-z_:-]|\.[0-9])")

_LOW_PORT_DIGITS: Final = 3
"""A label of letters alone needs a port of more digits: `margin:80` and `line:443` are no hosts."""

_COMMAND: Final = re.compile(
    rf"([\s|;&($`'\"/])({alternatives(tables.REMOTE_PROGRAMS)}|impacket-[A-Za-z0-9]+)(?:\.py|\.exe)?"
    r"[ \t]+([^\n|;&<>()`]{1,400})"
)
_WORD: Final = re.compile(r"[^\s'\"]+")
_HOST_OPTION: Final = word_list("host-options")
_VALUED: Final = frozenset("bcDEeFfIiJlLmMopqQRsSTwWxX")
"""Last letters of short options of ssh, ping, nc, telnet and nslookup that take the next word as their value."""

_CLUSTER: Final = 5
"""Characters of a cluster of short options (`-nvzw`); longer ones are options of one dash."""

_SHORT_WORD: Final = 2

_TOKEN_HOST: Final = re.compile(r"([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)\.?(?::[0-9]{1,5})?(?:/[^\s]*)?")
_REMOTE_FILE: Final = re.compile(r"([a-z0-9](?:[a-z0-9.-]*[a-z0-9])):[~/.a-z0-9_*-]*")

_Words = list[tuple[str, int, int]]
"""Words with their starts and ends."""


def find_ports(_text: str, low: str) -> Iterator[Hit]:
    """Find names before the port of a service (`db-09:5432`)."""
    for match in _PORT.finditer(low):
        end = match.start()
        start = name_start(low, end)
        if start < 0 or (start and low[start - 1] in "/\\:"):
            continue
        found = _before_port(low[start:end], len(match[1]))
        if found:
            yield *found, found[1], start, end


@lru_cache(CACHE)
def _before_port(name: str, digits: int) -> tuple[ObservableKind, str] | None:
    if "." in name:
        return named_host(name) if _known(name) else None
    plain = name.isalpha() and digits <= _LOW_PORT_DIGITS
    if plain or name in tables.NO_HOSTS or len(name) < _SHORT_WORD or not _has_letter(name):
        return None
    return named_host(name)


def _known(name: str) -> bool:
    last = name.rpartition(".")[2]
    public = last in tables.PUBLIC_SUFFIXES and last not in tables.FILE_SUFFIXES
    return public or last in tables.INTERNAL_SUFFIXES


def _has_letter(name: str) -> bool:
    return any(character.isalpha() for character in name)


def find_command_hosts(text: str, _low: str) -> Iterator[Hit]:
    """Find the hosts among the words of programs that speak to one. In capitals they are prose (`SSH service`)."""
    # One more character in front makes the start of the text a separator like the others.
    for match in _COMMAND.finditer(f"\n{text}"):
        separator, program, words = match.groups()
        if program in tables.URL_PROGRAMS and "://" in words:
            continue
        at = match.start(3) - 1
        for kind, name, start, end in _told(program, words, separator not in " \t/"):
            yield kind, name, name, at + start, at + end


@lru_cache(CACHE)
def _told(program: str, words: str, leads: bool) -> tuple[tuple[ObservableKind, str, int, int], ...]:  # noqa: FBT001 - positional for the cache
    """Read the hosts among a program's words, with their spans; `leads`: it stands where a command begins."""
    pairs = [(word[0], word.start(), word.end()) for word in _WORD.finditer(words)]
    chosen = list(_after_option(pairs))
    if program in tables.NAME_FIRST:
        chosen += _first(pairs, words, leads=leads)
    else:
        chosen += [pair for pair in pairs if _told_among(pair[0])]
    found = []
    for word, start, _ in chosen:
        name = _host_of(word.lower(), files=program in {"scp", "rsync"})
        host = named_host(name) if name else None
        if host:
            found.append((*host, start, start + len(name)))
    return tuple(dict.fromkeys(found))


def _after_option(pairs: _Words) -> Iterator[tuple[str, int, int]]:
    for (option, _, _), pair in pairwise(pairs):
        word = pair[0]
        if option in _HOST_OPTION and ("." not in word or _known(word.lower())) and word.lower() not in tables.NO_HOSTS:
            yield pair


def _first(pairs: _Words, words: str, *, leads: bool) -> _Words:
    """Take the first word that is neither an option nor an option's value, if it may be a host."""
    place = 0
    while place < len(pairs) and pairs[place][0].startswith("-"):
        option = pairs[place][0]
        place += 2 if option[-1] in _VALUED and option[1] != "-" and len(option) <= _CLUSTER else 1
    if place >= len(pairs):
        return []
    word, _, end = pairs[place]
    ends = place + 1 == len(pairs) or words[end + 1 : end + 2] in {"'", '"', "-"}
    return [pairs[place]] if _told_first(word.lower(), leads=leads, ends=ends) else []


def _told_first(word: str, *, leads: bool, ends: bool) -> bool:
    if word in tables.NO_HOSTS or word in tables.REMOTE_PROGRAMS or "@" in word or not _has_letter(word):
        return False
    if "." in word:
        return leads or _known(word.partition(":")[0])
    return not word.isalpha() or (leads and ends and len(word) > _SHORT_WORD)


def _told_among(word: str) -> bool:
    name, colon, rest = word.lower().partition("/")[0].partition(":")
    if "." in name:
        return _known(name)
    return bool(colon) and not name.isalpha() and not rest and word[len(name) + 1 : len(name) + 2] in {"/", "~", "."}


def _host_of(word: str, *, files: bool) -> str:
    match = (files and _REMOTE_FILE.fullmatch(word)) or _TOKEN_HOST.fullmatch(word)
    name = match[1] if match else ""
    return name if _has_letter(name) else ""
