"""ATT&CK and ATLAS: the ids that rules may carry, with their names and tactics.

The tables are views of ATT&CK Enterprise v19.1 and of ATLAS 2026.09; see NOTICE for their owner's terms.
"""

import csv
from functools import cache
from importlib.resources import files
from typing import Final

from msgspec import Struct

ATTACK_VERSION: Final = "19.1"
ATLAS_VERSION: Final = "2026.09"


class Tactic(Struct, frozen=True):
    """Why: `TA0006`, `credential-access`, "Credential Access"; `rank` is the matrix's order, from 0."""

    id: str
    shortname: str
    name: str
    rank: int


class Technique(Struct, frozen=True):
    """How: `T1552.004`, its name and the ids of its tactics."""

    id: str
    name: str
    tactics: tuple[str, ...]


@cache
def tactics() -> dict[str, Tactic]:
    """Every tactic by id; ATLAS's tactics take the rank of the ATT&CK tactic that they refer to."""
    found = {
        row["id"]: Tactic(row["id"], row["shortname"], row["name"], int(row["order"]) - 1)
        for row in _rows("attack_tactics.csv")
    }
    for row in _rows("atlas_tactics.csv"):
        twin = found.get(row["attack_ref"])
        rank = twin.rank if twin else len(found)
        shortname = row["name"].lower().replace(" ", "-")
        found[row["id"]] = Tactic(row["id"], shortname, row["name"], rank)
    return found


@cache
def techniques() -> dict[str, Technique]:
    """Every technique and sub-technique by id."""
    by_shortname = {t.shortname: t.id for t in tactics().values() if t.id.startswith("TA")}
    found: dict[str, Technique] = {}
    for row in _rows("attack_techniques.csv"):
        own = tuple(by_shortname[name.strip()] for name in row["tactics"].split(";") if name.strip())
        found[row["id"]] = Technique(row["id"], row["name"], own)
    for row in _rows("atlas_techniques.csv"):
        own = tuple(name.strip() for name in row["tactics"].split(";") if name.strip())
        found[row["id"]] = Technique(row["id"], row["name"], own)
    return found


def _rows(name: str) -> list[dict[str, str]]:
    text = files("suragh.model").joinpath("data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
