"""Keys: what may link two sessions."""

import re
from collections.abc import Iterator
from typing import Final

from msgspec import Struct
from rensa import RMinHash

from suragh.model.ids import digest
from suragh.text.normalise import normalised_command, shingles

TARGET_KINDS: Final = frozenset({"ipv4-addr", "ipv6-addr", "cidr", "domain-name", "host"})
"""Kinds of key that name a system that an action acts on."""

COMMAND_CHARACTERS: Final = 48
"""Shorter command lines are typed alike by strangers; of the benign lines of this length in the development traces
none is shared by two organisations other than by way of a script that both use."""

PROMPT_WORDS: Final = 12
"""Shorter prompts ("continue", "run the tests again") are everybody's."""

PROMPT_CHARACTERS: Final = 24
FEW_WORDS: Final = 2
"""The same length in a language that writes no spaces between words: two or three characters a word."""

PERMUTATIONS: Final = 64
BAND_ROWS: Final = 8
"""8 bands of 8 rows: two prompts of Jaccard similarity s meet in a band with chance 1 - (1 - s^8)^8, which is .99 at
.9, .50 at .74 and .03 at .5. Source: Leskovec, Rajaraman, Ullman, Mining of Massive Datasets, section 3.4."""

MINHASH_SEED: Final = 0x5EED

_CLAIM: Final = re.compile(
    r"\b(?:authori[sz]ed|permission|consent(?:ed)?|engagement|scope)\b.{0,80}\b(?:test|pentest|assess|audit|scan|exercise)"
    r"|\b(?:pentest|penetration test|red.team|bug.bounty|security (?:test|assessment|audit))",
    re.IGNORECASE | re.DOTALL,
)


class Label(Struct, frozen=True, order=True):
    """What may be shown of a key: its kind, and its value where that neither identifies a person nor opens a door."""

    kind: str
    shown: str


COMMAND: Final = Label("command", "one command line")
PROMPT: Final = Label("prompt", "one task prompt")
"""Labels of keys whose text is not kept."""


def claims_authorisation(text: str) -> bool:
    """Say whether a message claims that the work is authorised: reported, never counted, since it proves nothing."""
    return _CLAIM.search(text[:20_000]) is not None


def command_key(line: str) -> int | None:
    """Hash a command line that is long enough to be somebody's own."""
    normal = normalised_command(line)
    return digest("command", normal) if len(normal) >= COMMAND_CHARACTERS else None


def prompt_keys(text: str) -> Iterator[int]:
    """The bands of a prompt's MinHash: near-identical prompts share at least one."""
    words = len(text.split())
    if words < PROMPT_WORDS and (words > FEW_WORDS or len(text) < PROMPT_CHARACTERS):
        return
    sketch = RMinHash(num_perm=PERMUTATIONS, seed=MINHASH_SEED)
    sketch.update(shingles(text))
    values = sketch.digest()
    for start in range(0, PERMUTATIONS, BAND_ROWS):
        yield digest("prompt", str(start), *map(str, values[start : start + BAND_ROWS]))
