"""Hosts by form: addresses, URLs, network shares and dotted names, wherever they stand.

Every finder takes the text, the same text in lower case (of equal length), and yields hits. Names that need a
context (a program, a port, a user before them) are in `hosts_context`.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final, TypeAlias

from suragh.detect.observables import hosts_tables as tables
from suragh.detect.observables.validators import dotted, host_ipv4, host_name, ipv4, ipv6, network
from suragh.model.observable import ObservableKind

Hit: TypeAlias = tuple[ObservableKind, str, str, int, int]
"""Kind, value, shown, start, end."""

CACHE: Final = 1 << 14
"""Values whose normal form is remembered: agents name the same few hosts again and again. Some 5 MB."""

MAX_BACK: Final = 254
"""How far back a name may begin: it has at most 253 characters (RFC 1035), and the one before it is looked at."""

_MAX_PREFIX: Final = 32
_MIN_PREFIX: Final = 8
"""No network is larger: a shorter prefix is a filter's, not a place."""

_WHOLE_BLOCKS: Final = frozenset({"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "224.0.0.0/8"})
"""All of a block for private use (RFC 1918, RFC 6598): everybody's."""

_MAX_PORT: Final = 65535

_OID_ARCS: Final = ("1.3.6.1", "2.5.4.", "2.5.29.")
"""Object identifiers of four arcs (RFC 1155, X.520 attributes, X.509 extensions): they look like addresses."""

_OCTET: Final = r"(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"

# A pattern that begins with a set of characters is searched for five times as fast as one that begins with a
# look-behind: so the boundary before is looked at later, or by the finder.
_IPV4: Final = re.compile(
    rf"[0-9][0-9]{{0,2}}(?:\.{_OCTET}){{3}}(?:/[0-9]{{1,2}}(?![0-9./a-z]))?(?![0-9a-z_]|\.[0-9]|\.in-addr)"
)
_BEFORE_IPV4: Final = frozenset("0123456789_.abcdefghijklmnopqrstuvwxyz")
_ESCAPES: Final = frozenset({"\\n", "\\r", "\\t"})
"""Line ends and tabs as JSON writes them: their letter is no part of what follows."""

_VERSION_BEFORE: Final = ("version ", "version:", "version=", 'version": "')

_IPV6: Final = re.compile(
    r"[23f](?<![0-9a-z_.:-][23f])(?:(?<=f)[cd][0-9a-f]{2}|(?<!f)[0-9a-f]{3})"
    r":[0-9a-f:]{1,34}(?:/[0-9]{1,3})?(?![0-9a-z_:])"
)
"""Only 2000::/3 and fc00::/7 hold one host's addresses (RFC 4291, RFC 4193), and both begin with four digits."""

_NAME: Final = r"[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?"

_URL: Final = re.compile(
    r"://(?:[^\s/\"'<>@`]{1,128}@(?:[^\s/\"'<>@`]{1,128}@)?)?"
    rf"(\[[0-9a-f:.]+\]|{_NAME})(?!\.?[a-z0-9_$%{{<@*\[-])"
    r"(?::([0-9]{1,5})(?![0-9]))?(/[^\s\"'<>`|(){}\[\]\\^?#;,*$]*)?(\?[^\s\"'<>`|{}\\#]*)?"
)
_SCHEME_BACK: Final = re.compile(r"[a-z0-9+]{2,11}")
_CUT_TEXT: Final = 1000
"""Characters from which a text that ends in a host's name was probably cut there: tools and logs shorten results."""

_TEMPLATES: Final = frozenset("{$<*")
_QUERY_NAME: Final = re.compile(r"[?&]([^=&]{1,64})")

_SHARE: Final = re.compile(
    r"[\\/]((?<=/)/|(?<=\\)\\(?:\\\\)?)([a-z0-9](?:[a-z0-9.-]{0,61}[a-z0-9])?)(?:/|(\\{1,2}))([a-z0-9_$-]+)"
)
_BEFORE_SHARE: Final = frozenset(" \t\r\n\"'=(,`")


def alternatives(words: Iterable[str]) -> str:
    """Group words by first letter: a failed letter skips its whole group."""
    groups: dict[str, list[str]] = {}
    for word in sorted(words, key=lambda word: (-len(word), word)):
        groups.setdefault(word[0], []).append(re.escape(word[1:]))
    return "|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in sorted(groups.items()))


_BARE_SUFFIX: Final = re.compile(
    rf"\.(?:{alternatives(tables.BARE_SUFFIXES | tables.INTERNAL_SUFFIXES - tables.AMBIGUOUS)})"
    r"(?![a-z0-9_(\[$-]|\.[a-z0-9]|@)"
)
_BACKWARD: Final = re.compile(r"[a-z0-9][a-z0-9-]*(?:\.[a-z0-9][a-z0-9-]*)*")
_NOT_BEFORE_NAME: Final = frozenset("@$%{_~&-")
"""Before a dotted name: an e-mail address, a variable, an escape; the name is something else, or not whole."""


@lru_cache(CACHE)
def address(raw: str) -> tuple[tuple[ObservableKind, str], ...]:
    """Read a dotted quad, perhaps with a prefix length: no, one or two observables (`192.0.2.7/24` is host and net)."""
    text, slash, prefix = raw.partition("/")
    number = ipv4(text)
    if number is None or text.startswith(_OID_ARCS):
        return ()
    found: list[tuple[ObservableKind, str]] = []
    bits = int(prefix) if slash else _MAX_PREFIX
    if _MIN_PREFIX <= bits < _MAX_PREFIX:
        net = f"{dotted(network(number, bits))}/{bits}"
        if net not in _WHOLE_BLOCKS and not net.startswith(("0.", "127.", "169.254.")):
            found.append((ObservableKind.CIDR, net))
    if host_ipv4(number) and (bits >= _MAX_PREFIX or network(number, bits) != number):
        found.append((ObservableKind.IPV4, text))
    return tuple(found)


@lru_cache(CACHE)
def address6(raw: str) -> tuple[ObservableKind, str] | None:
    """Read an IPv6 address; a prefix length is left out."""
    value = ipv6(raw.partition("/")[0])
    return (ObservableKind.IPV6, value) if value else None


@lru_cache(CACHE)
def named_host(raw: str) -> tuple[ObservableKind, str] | None:
    """Say what a lower-case text is that stands where only a host can: address, public domain, or internal host.

    A last label that is no known top-level domain makes an internal name.
    """
    name = raw.strip("[]").rstrip(".")
    if ":" in name:
        return address6(name)
    labels = name.rsplit(".", 1)
    last = labels[-1]
    if not last or last.isdigit():
        return next((hit for hit in address(name) if hit[0] is ObservableKind.IPV4), None)
    if name in tables.COMMON_HOSTS or name.endswith(".localhost") or not host_name(name.replace("_", "-")):
        return None
    public = len(labels) > 1 and last in tables.PUBLIC_SUFFIXES
    return (ObservableKind.DOMAIN if public else ObservableKind.HOST, name)


def find_ipv4(_text: str, low: str) -> Iterator[Hit]:
    """Find IPv4 addresses and ranges."""
    for match in _IPV4.finditer(low):
        start, end = match.span()
        if start and low[start - 1] in _BEFORE_IPV4 and low[start - 2 : start] not in _ESCAPES:
            continue
        if low.endswith(_VERSION_BEFORE, max(0, start - 11), start) or _numbers(low, start, end):
            continue
        for kind, value in address(match[0]):
            yield kind, value, value, start, end


def _numbers(low: str, start: int, end: int) -> bool:
    """Say whether four numbers are a package's version (`name-7.2.3.1`) or a heading's (`2.3.1.3. Title`)."""
    if start > 1 and low[start - 1] == "-":
        return low[start - 2].isalpha()
    return low.startswith(". ", end) and not low[low.rfind("\n", 0, start) + 1 : start].strip()


def find_ipv6(_text: str, low: str) -> Iterator[Hit]:
    """Find IPv6 addresses."""
    for match in _IPV6.finditer(low):
        found = address6(match[0])
        if found:
            yield *found, found[1], match.start(), match.end()


def find_urls(text: str, low: str) -> Iterator[Hit]:
    """Find URLs with a scheme of the network, and their hosts.

    The value has neither user, fragment nor the values of the query: one endpoint asked a thousand times is one key.
    """
    for match in _URL.finditer(low):
        start = match.start()
        scheme = _scheme_before(low, start)
        found = named_host(match[1]) if scheme else None
        if not found or not scheme:
            continue
        kind, host = found
        if kind is ObservableKind.HOST and match.end() == len(low) >= _CUT_TEXT:
            continue
        yield kind, host, host, match.start(1), match.end(1)
        tail, end = _tail(text, match)
        shown = f"[{host}]" if kind is ObservableKind.IPV6 else host
        value = f"{scheme}://{shown}{_port(scheme, match[2])}{tail}"
        yield ObservableKind.URL, value, value, start - len(scheme), end


def _scheme_before(low: str, colon: int) -> str:
    if low.startswith("http", colon - 4):
        return "http"
    if low.startswith("https", colon - 5):
        return "https"
    back = _SCHEME_BACK.match(low[max(0, colon - 12) : colon][::-1])
    scheme = back[0][::-1] if back else ""
    return scheme if scheme in tables.SCHEME_PORTS or scheme in tables.MORE_SCHEMES else ""


def _port(scheme: str, digits: str | None) -> str:
    if not digits or digits == tables.SCHEME_PORTS.get(scheme):
        return ""
    return f":{int(digits)}" if int(digits) <= _MAX_PORT else ""


def _tail(text: str, match: re.Match[str]) -> tuple[str, int]:
    """Path and query names as written, without the sentence's own punctuation."""
    start, end = match.span(3)
    if start < 0:
        return "", match.end(2) if match[2] else match.end(1)
    path = text[start:end]
    if text[end : end + 1] in _TEMPLATES:
        # `/sops-{platform}.tar.gz`: what a program fills in is not known, nor is its beginning.
        path = path[: path.rfind("/") + 1]
    elif match[4]:
        names = _QUERY_NAME.findall(text[match.start(4) : match.end(4)])
        return f"{path}?{'&'.join(dict.fromkeys(names))}" if names else path, match.end(4)
    trimmed = path.rstrip(".:!&")
    return ("" if trimmed == "/" else trimmed), start + len(trimmed)


def find_shares(_text: str, low: str) -> Iterator[Hit]:
    r"""Find the hosts of `\\host\share`, of the same escaped once, and of `//host/share`."""
    for match in _SHARE.finditer(low):
        start = match.start()
        if start and low[start - 1] not in _BEFORE_SHARE:
            continue
        lead, name, inner, share = match.groups()
        # An escaped path (`\\root\\x`) has as many backslashes within as in front; a share has half as many.
        told = _share_name(name, share) and not inner if lead == "/" else len(lead) + 1 == 2 * len(inner or "")
        if not told:
            continue
        found = named_host(name)
        if found and name not in tables.NO_HOSTS:
            yield *found, found[1], match.start(2), match.end(2)


def _share_name(name: str, share: str) -> bool:
    """`// word/word` is a comment in most languages: forward slashes need a name or a share that words do not have."""
    return (not name.isalpha() or share.endswith("$")) and not _file_like(name)


def _file_like(name: str) -> bool:
    last = name.rpartition(".")[2]
    return "." in name and not last.isdigit() and last not in tables.BARE_SUFFIXES | tables.INTERNAL_SUFFIXES


def find_domains(text: str, low: str) -> Iterator[Hit]:
    """Find dotted names whose last label makes them a host wherever they stand."""
    for match in _BARE_SUFFIX.finditer(low):
        end = match.end()
        start = name_start(low, match.start())
        if start < 0:
            continue
        found = _bare(text[start:end])
        if found:
            yield *found, found[1], start, end


def name_start(low: str, end: int) -> int:
    """Find where the labels that end at `end` begin; -1 if they are a part of something else."""
    back = _BACKWARD.match(low[max(0, end - MAX_BACK) : end][::-1])
    if not back:
        return -1
    start = end - back.end()
    before = low[start - 1] if start else " "
    if before == ".":
        return start if low.startswith("*", start - 2) else -1
    if before == "_" and (start == 1 or low[start - 2] in " ."):
        # A label with an underscore in front names a service (`_ldap._tcp.example.com`, RFC 2782): the host is behind.
        return low.find(".", start, end) + 1 or -1
    if before in "/\\":
        return start if low[start - 2 : start] in {"//", "\\\\", "\\n", "\\t"} else -1
    return -1 if before in _NOT_BEFORE_NAME else start


@lru_cache(CACHE)
def _bare(written: str) -> tuple[ObservableKind, str] | None:
    """Accept a name as written unless its case says that it is code (`System.Net`, `fooBar.de`)."""
    head, _, last = written.rpartition(".")
    if not (last.islower() or written.isupper()):
        return None
    if any(label != label.lower() and label != label.upper() for label in head.split(".")) and not _titled(written):
        return None
    return None if head in tables.OBJECTS else named_host(written.lower())


def _titled(written: str) -> bool:
    return written[1:].islower()
