"""ATT&CK and ATLAS ids in a rule's tags (`attack.t1552.004`, `attack.credential-access`: Sigma tags appendix 2.1)."""

import re
from typing import Final

from sigma.rule import SigmaRule

from suragh.detect.sigma_lines import Lines
from suragh.errors import SetupError
from suragh.model.attack import ATLAS_VERSION, ATTACK_VERSION, tactics, techniques

_ATTACK_TECHNIQUE: Final = re.compile(r"t\d[\d.]*\Z", re.IGNORECASE)
_ATLAS_ID: Final = re.compile(r"(?:aml[.-])?(ta?\d[\d.]*)\Z", re.IGNORECASE)
_OTHER_ATTACK: Final = re.compile(r"[gsc]\d{4}\Z|ds\d{4}\Z", re.IGNORECASE)
"""Groups, software, campaigns and data sources: known to ATT&CK, but neither how nor why."""


def attack_ids(rule: SigmaRule, lines: Lines) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The techniques and the tactics that a rule's tags name, each once, in the order of the tags.

    Raises:
        SetupError: if a tag names what ATT&CK or ATLAS has not.
    """
    found: dict[str, None] = {}
    for tag in rule.tags:
        where = str(tag)
        if tag.namespace == "attack":
            found |= dict.fromkeys(_attack(tag.name, where, lines))
        elif tag.namespace == "atlas":
            found |= dict.fromkeys(_atlas(tag.name, where, lines))
    known = techniques()
    return tuple(i for i in found if i in known), tuple(i for i in found if i not in known)


def _attack(name: str, tag: str, lines: Lines) -> tuple[str, ...]:
    if _OTHER_ATTACK.match(name):
        return ()
    if _ATTACK_TECHNIQUE.match(name):
        return (_technique(name.upper(), tag, lines, f"ATT&CK {ATTACK_VERSION}"),)
    shortname = name.lower().replace("_", "-")
    for tactic in tactics().values():
        if tactic.id.startswith("TA") and shortname in (tactic.shortname, tactic.id.lower()):
            return (tactic.id,)
    raise SetupError(
        f"tactic is {name!r}, not in ATT&CK {ATTACK_VERSION}",
        where=lines.where_item("tags", tag),
        hint="Fix the name, or take the tag out",
    )


def _atlas(name: str, tag: str, lines: Lines) -> tuple[str, ...]:
    found = _ATLAS_ID.match(name)
    if found is None:
        shortname = name.lower().replace("_", "-")
        for tactic in tactics().values():
            if tactic.id.startswith("AML.") and shortname == tactic.shortname:
                return (tactic.id,)
        raise SetupError(f"tactic is {name!r}, not in ATLAS {ATLAS_VERSION}", where=lines.where_item("tags", tag))
    wanted = f"AML.{found[1].upper()}"
    if wanted in tactics():
        return (wanted,)
    return (_technique(wanted, tag, lines, f"ATLAS {ATLAS_VERSION}"),)


def _technique(wanted: str, tag: str, lines: Lines, matrix: str) -> str:
    if wanted not in techniques():
        raise SetupError(
            f"technique is {wanted!r}, not in {matrix}",
            where=lines.where_item("tags", tag),
            hint="Fix the id, or take the tag out",
        )
    return wanted
