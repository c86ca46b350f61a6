"""HTTP requests: what an http tool's arguments, or the words of a curl, wget or HTTPie command, would send."""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import unquote_plus

from msgspec import Struct

METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND"})
"""RFC 9110 section 9.3, RFC 5789 (PATCH), and WebDAV's RFC 4918 (PROPFIND), which scanners send."""


class HttpRequest(Struct, frozen=True):
    """One request, as far as its words tell.

    Attributes:
        method: upper case.
        urls: as written; more than one where a command names several.
        headers: `Name: value`.
        bodies: the parts of the body as written; a file is not its content and stands in `uploads`.
        uploads: local files that are sent.
    """

    method: str
    urls: tuple[str, ...]
    headers: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()
    uploads: tuple[str, ...] = ()


class Target(Struct, frozen=True):
    """The parts of a URL.

    Attributes:
        host: lower case, without user, port and brackets.
        path: percent-decoded once.
        query: percent-decoded once, `+` as a space.
    """

    host: str
    path: str
    query: str


def target(url: str) -> Target:
    """Take a URL apart; whatever an agent wrote has parts, also what no standard allows."""
    _, found, rest = url.partition("://")
    rest = (rest if found else url).partition("#")[0]
    location, _, query = rest.partition("?")
    authority, slash, path = location.partition("/")
    return Target(_host(authority), _percent_decoded(slash + path), unquote_plus(query, errors="replace"))


def _host(authority: str) -> str:
    place = authority.rpartition("@")[2]
    if place.startswith("["):
        return place[1:].partition("]")[0].lower()
    return place.partition(":")[0].lower()


def _percent_decoded(path: str) -> str:
    # unquote_plus would turn a plus into a space, which a path may hold
    return unquote_plus(path.replace("+", "%2B"), errors="replace") if "%" in path else path


def request_of(program: str, argv: Sequence[str]) -> HttpRequest | None:
    """Read the request off a command's words; None if the program sends none or no URL is named."""
    client = _CLIENTS.get(program)
    if client is None:
        return None
    draft = _Draft()
    if client.items:
        _httpie(draft, list(_options(argv[1:], client)))
    else:
        for effect, value in _options(argv[1:], client):
            _apply(draft, effect, value)
    return draft.request() if draft.urls else None


class _Client(Struct, frozen=True):
    """How a program spells its options: those that take a value, each with its effect; and effects of bare flags."""

    short: dict[str, str]
    long: dict[str, str]
    flags: dict[str, str]
    items: bool = False


class _Draft:
    """A request while its words are read."""

    def __init__(self) -> None:
        self.method = ""
        self.urls: list[str] = []
        self.headers: list[str] = []
        self.bodies: list[str] = []
        self.uploads: list[str] = []
        self.queried = False

    def request(self) -> HttpRequest:
        """Close the draft: fill in the method that the client would choose."""
        urls = self.urls
        if self.queried and self.bodies:
            urls = [f"{url}{'&' if '?' in url else '?'}{'&'.join(self.bodies)}" for url in urls]
            self.bodies = []
        method = self.method or ("POST" if self.bodies or self.uploads else "GET")
        return HttpRequest(
            method.upper() if method.isalpha() else method,
            tuple(urls),
            tuple(self.headers),
            tuple(self.bodies),
            tuple(self.uploads),
        )


def _words(names: str, effect: str) -> dict[str, str]:
    return dict.fromkeys(names.split(), effect)


# Effects: what an option's value means for the request. `skip` only eats its value.
_CURL: Final = _Client(
    short={
        "X": "method",
        "H": "header",
        "d": "data",
        "F": "form",
        "T": "upload",
        "A": "agent",
        "e": "referer",
        "b": "cookie",
        "u": "user",
        **dict.fromkeys("cCDEKmoPQrtUwxyYz", "skip"),
    },
    long={
        "request": "method",
        "header": "header",
        "form": "form",
        "form-string": "raw",
        "upload-file": "upload",
        "user-agent": "agent",
        "referer": "referer",
        "cookie": "cookie",
        "user": "user",
        "url": "url",
        "data-raw": "raw",
        "data-urlencode": "encoded",
        "oauth2-bearer": "bearer",
        **_words("data data-binary data-ascii json", "data"),
        **_words(
            "output cookie-jar max-time connect-timeout proxy proxy-user preproxy socks4 socks4a socks5"
            " socks5-hostname write-out config cert cert-type key key-type cacert capath pass ciphers dump-header"
            " range retry retry-delay retry-max-time resolve connect-to interface limit-rate max-redirs"
            " max-filesize speed-limit speed-time time-cond trace trace-ascii stderr unix-socket"
            " abstract-unix-socket dns-servers tls-max aws-sigv4 continue-at quote postquote ftp-port local-port"
            " noproxy pinnedpubkey create-file-mode output-dir request-target netrc-file expect100-timeout rate",
            "skip",
        ),
    },
    flags={"I": "head", "head": "head", "G": "get", "get": "get"},
)
_WGET: Final = _Client(
    short={"U": "agent", **dict.fromkeys("OoaPitTwQeADRIXlB", "skip")},
    long={
        "method": "method",
        "header": "header",
        "post-data": "raw",
        "body-data": "raw",
        "user-agent": "agent",
        "referer": "referer",
        "post-file": "upload-post",
        "body-file": "upload",
        **_words(
            "output-document output-file append-output directory-prefix input-file tries timeout wait quota execute"
            " accept reject domains level user password http-user http-password load-cookies save-cookies"
            " limit-rate ca-certificate certificate private-key bind-address base max-redirect proxy-user"
            " proxy-password connect-timeout dns-timeout read-timeout waitretry cut-dirs",
            "skip",
        ),
    },
    flags={"spider": "head"},
)
_HTTPIE: Final = _Client(
    short={"o": "skip", "a": "user", "A": "skip", "p": "skip", "s": "skip"},
    long={
        "auth": "user",
        "raw": "raw",
        **_words(
            "output auth-type print style session session-read-only proxy timeout verify cert cert-key"
            " max-redirects boundary ssl format-options response-charset response-mime",
            "skip",
        ),
    },
    flags={},
    items=True,
)
_CLIENTS: Final = {"curl": _CURL, "wget": _WGET, "wget2": _WGET, "http": _HTTPIE, "https": _HTTPIE, "xh": _HTTPIE}
HTTPIE: Final = ("http ", "https ", "xh")
"""How HTTPie's names begin in a text: with the space it is no URL. It needs no option, since a word's form tells."""
CLIENTS: Final = ("curl", "wget", *HTTPIE)
"""How the names of programs whose requests are understood begin in a text."""


def options_of(*effects: str) -> frozenset[str]:
    """The options of these effects, of all clients, in small letters."""
    every = [item for client in _CLIENTS.values() for item in (client.short | client.long | client.flags).items()]
    names = [name.lower() for name, effect in every if effect in effects]
    return frozenset(f"-{name}" if len(name) == 1 else f"--{name}" for name in names)


def _options(words: Sequence[str], client: _Client) -> Iterator[tuple[str, str]]:
    """Yield (effect, value) for each option, and ("word", word) for each word that belongs to none."""
    position = 0
    bare = False
    while position < len(words):
        word = words[position]
        position += 1
        if bare or word == "-" or not word.startswith("-"):
            yield "word", word
        elif word == "--":
            bare = True
        elif word.startswith("--"):
            name, glued, value = word[2:].partition("=")
            if name in client.long:
                taken = value if glued else _at(words, position)
                position += 0 if glued else 1
                yield client.long[name], taken
            elif name in client.flags:
                yield client.flags[name], ""
        else:
            effects, wants_next = _cluster(word[1:], client)
            yield from effects[:-1] if wants_next else effects
            if wants_next:
                yield effects[-1][0], _at(words, position)
                position += 1


def _cluster(letters: str, client: _Client) -> tuple[list[tuple[str, str]], bool]:
    """Read `-sSo file` and `-XPOST`: flags up to the first that takes a value, and whether that is the next word."""
    found: list[tuple[str, str]] = []
    for place, letter in enumerate(letters):
        if letter in client.short:
            value = letters[place + 1 :]
            found.append((client.short[letter], value))
            return found, not value
        if letter in client.flags:
            found.append((client.flags[letter], ""))
    return found, False


def _at(words: Sequence[str], position: int) -> str:
    return words[position] if position < len(words) else ""


def _apply(draft: _Draft, effect: str, value: str) -> None:
    named = {"agent": "User-Agent", "referer": "Referer", "cookie": "Cookie"}.get(effect)
    if named:
        draft.headers.append(f"{named}: {value}")
    elif effect == "header":
        draft.headers.append(value)
    elif effect in ("data", "encoded", "raw", "form"):
        _body(draft, effect, value)
    elif effect in ("user", "bearer"):
        draft.headers.append(_authorization(effect, value))
    elif effect in ("url", "word"):
        if effect == "url" or _urlish(value):
            draft.urls.append(value)
    else:
        _shape(draft, effect, value)


def _shape(draft: _Draft, effect: str, value: str) -> None:
    if effect == "method":
        draft.method = value
    elif effect in ("head", "get"):
        draft.method = draft.method or effect.upper()
        draft.queried |= effect == "get"
    elif effect in ("upload", "upload-post"):
        draft.uploads.append(value)
        draft.method = draft.method or ("PUT" if effect == "upload" else "POST")


def _body(draft: _Draft, effect: str, value: str) -> None:
    """A value `@file` (`name=@file` in a form) sends that file; any other is the body itself."""
    name, _, content = value.partition("=")
    if effect in ("data", "encoded") and value.startswith("@"):
        draft.uploads.append(value[1:])
    elif effect == "encoded" and "@" in name:
        draft.uploads.append(name.partition("@")[2])
    elif effect == "form" and content[:1] in ("@", "<"):
        draft.uploads.append(content[1:].partition(";")[0])
    else:
        draft.bodies.append(value)


def _authorization(effect: str, value: str) -> str:
    if effect == "bearer":
        return f"Authorization: Bearer {value}"
    return f"Authorization: Basic {b64encode(value.encode('utf-8', 'surrogatepass')).decode()}"


def _urlish(word: str) -> bool:
    return "://" in word or "." in word or "/" in word or ":" in word or word.startswith("localhost")


def _httpie(draft: _Draft, words: list[tuple[str, str]]) -> None:
    """Read `http [options] [METHOD] URL [item…]`."""
    for effect, value in words:
        if effect != "word":
            _apply(draft, effect, value)
        elif not draft.urls and value.upper() in METHODS and not draft.method:
            draft.method = value
        elif not draft.urls:
            draft.urls.append(value)
        else:
            _item(draft, value)


def _item(draft: _Draft, item: str) -> None:
    """Read one request item; of several separators the first in the text counts.

    Source: HTTPie documentation, "Request items".
    """
    place = next((at for at, char in enumerate(item) if char in ":=@"), len(item))
    name, mark, value = item[:place], item[place : place + 2], item[place + 1 :]
    if mark == "==":
        draft.urls[0] += f"{'&' if '?' in draft.urls[0] else '?'}{name}={value[1:]}"
    elif mark.startswith("@"):
        draft.uploads.append(value)
    elif mark.startswith("=") or mark == ":=":
        draft.bodies.append(item)
    elif mark:
        draft.headers.append(f"{name}: {value}")
