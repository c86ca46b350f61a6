"""Observables: the values in one text that may link sessions, or name what they act on.

The scan of the text has said which classes may be there (`triggers`); only these are looked for, each by its own
exact pattern, and what it yields is validated and normalised.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from operator import itemgetter
from typing import Final, TypeAlias

from suragh.detect.observables import credentials, credentials_tokens, hosts, hosts_context, hosts_users, paths, values
from suragh.detect.observables import triggers as on
from suragh.detect.observables.hosts import Hit
from suragh.detect.observables.triggers import TRIGGERS, Trigger
from suragh.model.observable import Observable, ObservableKind

__all__ = ["TRIGGERS", "Trigger", "observables"]

Finder: TypeAlias = Callable[[str, str], Iterable[Hit]]

_FINDERS: Final[tuple[tuple[int, Finder], ...]] = (
    (on.PRIVATE_KEY, credentials_tokens.find_private_keys),
    (on.TOKEN, credentials_tokens.find_tokens),
    (on.NT_HASH, credentials.find_nt_hashes),
    (on.ASSIGNMENT, credentials.find_assignments),
    (on.SCHEME, credentials.find_schemes),
    (on.OPTION, credentials.find_options),
    (on.TOLD, credentials.find_told),
    (on.LOGIN, credentials.find_pairs),
    (on.HOST_PAIR, credentials.find_host_pairs),
    (on.REPORTED, credentials.find_reported),
    (on.CRACKED, credentials.find_cracked),
    (on.URL, credentials.find_url_secrets),
    (on.URL, hosts.find_urls),
    (on.IPV4, hosts.find_ipv4),
    (on.IPV6, hosts.find_ipv6),
    (on.SHARE, hosts.find_shares),
    (on.DOMAIN, hosts.find_domains),
    (on.AT, hosts_users.find_at),
    (on.REALM, hosts_users.find_realms),
    (on.PORT, hosts_context.find_ports),
    (on.COMMAND, hosts_context.find_command_hosts),
    (on.PATH, paths.find_paths),
    (on.WINDOWS_PATH, paths.find_windows_paths),
    (on.WRITTEN, paths.find_written),
    (on.MAC, values.find_macs),
    (on.SSID, values.find_ssids),
    (on.CARD, values.find_cards),
    (on.IBAN, values.find_ibans),
    (on.TRANSACTION, values.find_transactions),
    (on.PAYMENT_TOKEN, values.find_payment_tokens),
)
"""Credentials come first: a hash that opens a door is no file's."""

_PLANS: Final = 1 << 12
"""Combinations of triggers whose finders are remembered: real traces show some 3,000."""

_place: Final = itemgetter(3, 4)


def observables(text: str, leaf: str, triggers: int) -> list[Observable]:
    """Find the observables of a text, in order of start, the first span of each value.

    `triggers` are the bits of `TRIGGERS` that stand in the text.
    """
    plan = _plan(triggers)
    if not plan:
        return []
    low = _lower(text)
    first: dict[str, Hit] = {}
    for finder in plan:
        for hit in finder(text, low):
            known = first.get(hit[1])
            if known is None:
                first[hit[1]] = hit
            elif known[0] is not hit[0]:
                _keep_both(first, known, hit)
            elif hit[3] < known[3]:
                first[hit[1]] = hit
    return [
        Observable(kind, value, shown, leaf, start, end)
        for kind, value, shown, start, end in sorted(first.values(), key=_place)
    ]


def _keep_both(first: dict[str, Hit], known: Hit, hit: Hit) -> None:
    """Keep one value of two kinds under two keys. A hash that logs in is a credential alone."""
    if known[0] is ObservableKind.CREDENTIAL and hit[0] is ObservableKind.HASH:
        return
    key = f"{hit[1]}\n{hit[0].value}"
    other = first.get(key)
    if other is None or hit[3] < other[3]:
        first[key] = hit


@lru_cache(_PLANS)
def _plan(triggers: int) -> tuple[Finder, ...]:
    chosen = [finder for mask, finder in _FINDERS if triggers & mask]
    if triggers & on.HASH:
        chosen.append(values.find_other_hashes if triggers & on.GIT else values.find_hashes)
    return tuple(chosen)


def _lower(text: str) -> str:
    """Write ASCII in small letters: patterns need no more, and no other letter may become two and move the rest."""
    if text.isascii():
        return text.lower()
    # Bytes fold only ASCII, fifty times as fast as text that is none.
    return text.encode("utf-8", "surrogatepass").lower().decode("utf-8", "surrogatepass")
