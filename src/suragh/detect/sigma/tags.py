"""ATT&CK and ATLAS ids in a rule's tags (`attack.t1552.004`, `attack.credential-access`: Sigma tags appendix 2.1)."""

import re
from collections.abc import Iterable
from typing import Final

from msgspec import Struct
from sigma.rule import SigmaRuleTag

from suragh.model.attack import ATLAS_VERSION, ATTACK_VERSION, tactics, techniques

_ATTACK_TECHNIQUE: Final = re.compile(r"t\d[\d.]*\Z", re.IGNORECASE)
_ATLAS_ID: Final = re.compile(r"(?:aml[.-])?(ta?\d[\d.]*)\Z", re.IGNORECASE)
_OTHER_ATTACK: Final = re.compile(r"[gsc]\d{4}\Z|ds\d{4}\Z", re.IGNORECASE)
"""Groups, software, campaigns and data sources: known to ATT&CK, but neither how nor why."""


class Tags(Struct, frozen=True):
    """What a rule's tags name, each once, in their order.

    Attributes:
        techniques: ids of techniques.
        tactics: ids of tactics.
        unknown: (tag, what it is not): matrices change, so a rule that names what is gone is still a rule.
    """

    techniques: tuple[str, ...]
    tactics: tuple[str, ...]
    unknown: tuple[tuple[str, str], ...]


def attack_ids(tags: Iterable[SigmaRuleTag]) -> Tags:
    """Read the techniques and the tactics that tags name."""
    found: dict[str, None] = {}
    unknown: list[tuple[str, str]] = []
    for tag in tags:
        if tag.namespace not in _READERS:
            continue
        name = _READERS[tag.namespace](tag.name)
        if name:
            found[name] = None
        elif name is None:
            unknown.append((str(tag), f"not in {_MATRICES[tag.namespace]}"))
    known = techniques()
    return Tags(
        tuple([one for one in found if one in known]), tuple([one for one in found if one not in known]), tuple(unknown)
    )


def _attack(name: str) -> str | None:
    """The id; empty for what is known and is neither; None for what is not known."""
    if _OTHER_ATTACK.match(name):
        return ""
    if _ATTACK_TECHNIQUE.match(name):
        return _technique(name.upper())
    return _tactic(name, "TA")


def _atlas(name: str) -> str | None:
    found = _ATLAS_ID.match(name)
    if found is None:
        return _tactic(name, "AML.")
    wanted = f"AML.{found[1].upper()}"
    return wanted if wanted in tactics() else _technique(wanted)


def _technique(wanted: str) -> str | None:
    return wanted if wanted in techniques() else None


def _tactic(name: str, start: str) -> str | None:
    shortname = name.lower().replace("_", "-")
    for tactic in tactics().values():
        if tactic.id.startswith(start) and shortname in (tactic.shortname, tactic.id.lower()):
            return tactic.id
    return None


_READERS: Final = {"attack": _attack, "atlas": _atlas}
_MATRICES: Final = {"attack": f"ATT&CK {ATTACK_VERSION}", "atlas": f"ATLAS {ATLAS_VERSION}"}
