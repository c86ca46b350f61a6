"""Tables about names: which last labels end a host name, and which programs take one."""

from typing import Final

from suragh.detect.observables.words import words

COUNTRIES: Final = words("countries")
"""Country-code top-level domains. Source: ISO 3166-1 alpha-2, with `ac`, `eu`, `su`, `uk`."""

GENERIC: Final = words("generic")
"""Generic top-level domains in wide use: a selection, since most of the 1,400 are hardly seen. `onion`: RFC 7686."""

INTERNAL_SUFFIXES: Final = words("internal-suffixes")
"""Last labels of names that no public resolver answers. Source: RFC 6762 (`local`, and appendix G: `intranet`,
`internal`, `private`, `corp`, `home`, `lan`), RFC 8375 (`home.arpa`), ICANN resolution 2024.07.29.06 (`internal`)."""

AMBIGUOUS: Final = words("ambiguous")
"""Top-level domains and internal suffixes that also end file names and chains of members (`build.sh`, `self.id`,
`log.info`): a name with one of them counts only in a URL, after `@`, or as a host that a program is told."""

BARE_SUFFIXES: Final = (COUNTRIES | GENERIC) - AMBIGUOUS
"""Top-level domains that make a dotted name a domain wherever it stands."""

PUBLIC_SUFFIXES: Final = COUNTRIES | GENERIC

OBJECTS: Final = words("objects")
"""Names of objects and of settings: `self.local` and `settings.local` are members or files, not hosts."""

FILE_SUFFIXES: Final = words("file-suffixes")
"""Top-level domains that are far more often a file's extension: even a program's word with one is no host."""

COMMON_HOSTS: Final = words("common-hosts")
"""Names of the machine itself, that every machine has, and of products: never an observable."""

NAME_FIRST: Final = words("name-first")
"""Programs whose first word that is no option is the host, also a single label."""

NAME_AMONG: Final = words("name-among")
"""Programs that name a remote host somewhere among their words or after `-h`."""

URL_PROGRAMS: Final = words("url-programs")
"""Programs whose host mostly stands in a URL, which is found as one."""

REMOTE_PROGRAMS: Final = NAME_FIRST | NAME_AMONG

SERVICE_PORTS: Final = tuple(sorted(words("service-ports")))
"""Ports of services (IANA's registry and common practice) after which a name before the colon is taken for a host."""

NO_HOSTS: Final = words("no-hosts")
"""Words that stand where a host could, in prose and in documentation, and are none."""

COMMON_USERS: Final = words("common-users")
"""Accounts that every system or every example has: the name alone says nothing about who."""

NO_MAILBOXES: Final = frozenset({"openssh.com", "libssh.org", "lysator.liu.se"})
"""Domains that name cryptographic algorithms after an `@` (RFC 4251 section 6)."""

NO_SENDERS: Final = frozenset({"git", "noreply", "no-reply", "donotreply"})
"""Local parts of mailboxes that belong to nobody."""

SCHEME_PORTS: Final = {
    "http": "80", "https": "443", "ws": "80", "wss": "443", "ftp": "21", "ssh": "22", "sftp": "22", "telnet": "23",
    "ldap": "389", "ldaps": "636", "smb": "445", "rdp": "3389", "mysql": "3306", "postgres": "5432",
    "postgresql": "5432", "redis": "6379", "mongodb": "27017", "amqp": "5672", "mssql": "1433", "imap": "143",
    "smtp": "25", "vnc": "5900", "git": "9418", "rsync": "873", "winrm": "5985",
}  # fmt: skip
"""Schemes of services in a network, with the port that goes without saying. Source: IANA's registries."""

MORE_SCHEMES: Final = words("more-schemes")
"""Other schemes that name a host."""
