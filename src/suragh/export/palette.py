"""Tactics as signs: a letter, a colour and a place in ATT&CK's order for each."""

from functools import cache
from typing import Final

from msgspec import Struct

from suragh.model.attack import tactics

_LETTERS: Final = {
    "reconnaissance": "R",
    "resource-development": "U",
    "initial-access": "I",
    "execution": "X",
    "persistence": "P",
    "privilege-escalation": "E",
    "stealth": "S",
    "defense-impairment": "D",
    "credential-access": "C",
    "discovery": "V",
    "lateral-movement": "L",
    "collection": "O",
    "command-and-control": "2",
    "exfiltration": "F",
    "impact": "M",
    "ai-model-access": "A",
    "ai-attack-adaptation": "K",
    "defense-evasion": "S",
}
"""A letter of the name each, so that no one needs to see colours; `2` as in C2. ATLAS still calls Stealth by the
name that it had in ATT&CK before version 19."""

_COLOURS: Final = (
    "#d1bbd7", "#ae76a3", "#882e72", "#1965b0", "#5289c7", "#7bafde", "#4eb265", "#90c987",
    "#cae0ab", "#f7f056", "#f6c141", "#f1932d", "#e8601c", "#dc050c", "#72190e",
)  # fmt: skip
"""Fifteen colours in the order of the spectrum, so that late tactics look hot; told apart with red-green blindness.

Source: Paul Tol, Colour Schemes, SRON/EPS/TN/09-002, issue 3.2, figure 19: discrete rainbow."""

_PLAIN: Final = "#8a8f98"
"""For what has no place among the fifteen."""

_DARK_BELOW: Final = 0.179
"""Relative luminance below which white has more contrast than black: sqrt(1.05 * 0.05) - 0.05, by WCAG 2.2."""

_LAST: Final = 1_000
"""Rank of what no table knows: after all that they hold."""

_CHANNEL_KNEE: Final = 0.03928
"""Where sRGB's transfer curve turns from a line into a power. Source: WCAG 2.2, relative luminance."""


class Sign(Struct, frozen=True):
    """How a tactic is drawn.

    Attributes:
        id: tactic id.
        name: its name.
        letter: one character.
        colour: background, `#rrggbb`.
        ink: `#000000` or `#ffffff`, whichever reads on it.
        rank: place in ATT&CK's order, from 0.
        slot: index of the colour, 0 to 15; the last for what has none.
    """

    id: str
    name: str
    letter: str
    colour: str
    ink: str
    rank: int
    slot: int


def sign(tactic: str, name: str = "") -> Sign:
    """The sign of a tactic id; an unknown id has `?` and the given name."""
    return _known().get(tactic) or Sign(tactic, name or tactic, "?", _PLAIN, "#000000", _LAST, len(_COLOURS))


def colours() -> tuple[tuple[str, str], ...]:
    """Every slot's colour and ink, by slot."""
    return tuple((colour, _ink(colour)) for colour in (*_COLOURS, _PLAIN))


@cache
def _known() -> dict[str, Sign]:
    found = {}
    for tactic in tactics().values():
        slot = min(tactic.rank, len(_COLOURS))
        colour, ink = colours()[slot]
        letter = _LETTERS.get(tactic.shortname, "?")
        found[tactic.id] = Sign(tactic.id, tactic.name, letter, colour, ink, tactic.rank, slot)
    return found


def _ink(colour: str) -> str:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return "#ffffff" if 0.2126 * red + 0.7152 * green + 0.0722 * blue < _DARK_BELOW else "#000000"


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= _CHANNEL_KNEE else ((channel + 0.055) / 1.055) ** 2.4
