"""Rules made ready for use, in a form that can be kept: bytes out, bytes in. Files are the business of the caller."""

import hashlib
from collections.abc import Iterable, Sequence
from importlib.resources import files
from typing import Final

import msgspec
from msgspec import Struct

from suragh.detect.correlation import Correlation, read_fields
from suragh.detect.events import CALLS, Kind
from suragh.detect.inspect_plans import Lexicon, Plans, planned
from suragh.detect.observables.triggers import TRIGGERS
from suragh.detect.rule import Refused, Ruleset, texts
from suragh.detect.scan import Scanner, TriggerLike, compiled, machine, restored, stored
from suragh.detect.scan_tricks import TRICKS
from suragh.model.match import Level, RuleInfo

_MAKERS: Final = ("suragh.detect", "suragh.text", "suragh.model")
"""The packages whose code decides what rules become."""


def _add(whole: "hashlib._Hash", *parts: str) -> None:
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        # lengths first, so that no two lists of parts give the same bytes
        whole.update(len(data).to_bytes(8, "big") + data)


def _code() -> str:
    whole = hashlib.sha256()
    for package in _MAKERS:
        for ending in (".py", ".txt", ".csv"):
            for name, text in texts(files(package), ending):
                _add(whole, name, text)
    return whole.hexdigest()


_CODE: Final = _code()
"""SHA-256 over the code as it was when it was loaded. Later its files may be those of another version, which a process
that goes on running does not follow; it must not keep anything under that version's name."""


class Prepared(Struct, frozen=True):
    """Rules that are ready for use.

    Attributes:
        rules: what is published of each, in order of name; correlations come after those on single actions.
        correlations: what is evaluated on matches.
        refused: those that cannot be evaluated on agents' actions, and why.
        digest: SHA-256 over what decides of the rules used, hexadecimal.
        commands: the rules on commands.
        calls: the rules on calls as a whole, by kind of call.
        results: the rules on results.
        asked: the database that texts of calls are scanned with, and how many probes are in it.
        returned: the same for texts of results.
    """

    rules: tuple[RuleInfo, ...]
    correlations: tuple[Correlation, ...]
    refused: tuple[Refused, ...]
    digest: str
    commands: Plans
    calls: dict[Kind, Plans]
    results: Plans
    asked: tuple[bytes, int]
    returned: tuple[bytes, int]

    @property
    def context(self) -> frozenset[str]:
        """Names of the rules whose matches are never a reason: informational ones that no correlation reads."""
        read = read_fields(self.correlations)
        return frozenset(
            info.name for info in self.rules if info.level is Level.INFORMATIONAL and info.name not in read
        )

    def scanner_of_calls(self, triggers: Sequence[TriggerLike] = TRIGGERS) -> Scanner:
        """A scanner for what agents ask for; the triggers must be those that the rules were prepared with."""
        database, probes = self.asked
        return Scanner(restored(database), probes, [*triggers, *TRICKS])

    def scanner_of_results(self, triggers: Sequence[TriggerLike] = TRIGGERS) -> Scanner:
        """The same for what tools return."""
        database, probes = self.returned
        return Scanner(restored(database), probes, triggers)


def prepared(ruleset: Ruleset, triggers: Sequence[TriggerLike] = TRIGGERS) -> Prepared:
    """Index rules and compile what texts are scanned for."""
    asked, returned = Lexicon(), Lexicon()
    # results are most of the bytes and few rules read them: they need not be searched for the others' probes
    commands = planned(ruleset.rules, Kind.COMMAND, asked)
    calls = {kind: planned(ruleset.rules, kind, asked) for kind in CALLS}
    results = planned(ruleset.rules, Kind.RESULT, returned)
    return Prepared(
        rules=(*[rule.info for rule in ruleset.rules], *[one.info for one in ruleset.correlations]),
        correlations=ruleset.correlations,
        refused=ruleset.refused,
        digest=ruleset.digest,
        commands=commands,
        calls=calls,
        results=results,
        asked=(stored(compiled(asked.probes, [*triggers, *TRICKS])), len(asked.probes)),
        returned=(stored(compiled(returned.probes, triggers)), len(returned.probes)),
    )


def to_bytes(ready: Prepared) -> bytes:
    """Prepared rules as bytes: plain data, nothing that runs when it is read."""
    return msgspec.msgpack.encode(ready)


def from_bytes(data: bytes) -> Prepared | None:
    """Prepared rules from their bytes; None if these are no such thing, or of no use on this machine."""
    try:
        ready = msgspec.msgpack.decode(data, type=Prepared)
        ready.scanner_of_calls()
        ready.scanner_of_results()
    except (msgspec.MsgspecError, ValueError):
        return None
    return ready


def identity(sources: Iterable[tuple[str, str]], version: str) -> str:
    """A name for what rules of these files become: another for other texts, code, or machines; hexadecimal.

    Suragh's version alone would not do: code under development changes under one version.
    """
    whole = hashlib.sha256()
    _add(whole, version, _CODE, machine())
    for name, text in sources:
        _add(whole, name, text)
    return whole.hexdigest()
