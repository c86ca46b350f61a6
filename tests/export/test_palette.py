"""Signs of tactics: every one has its own letter, and can be read."""

from suragh.export.palette import colours, sign
from suragh.model.attack import tactics


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb`, WCAG 2.2."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_each_tactic_of_attack_has_its_own_letter_and_colour() -> None:
    """Letters alone tell the fifteen apart; the letter is in the name, `2` of C2 apart."""
    signs = [sign(tactic.id) for tactic in tactics().values() if tactic.id.startswith("TA")]

    assert len({s.letter for s in signs}) == len({s.colour for s in signs}) == len(signs) == 15
    assert all(s.letter == "2" or s.letter in s.name.upper() for s in signs)


def test_tactics_of_atlas_look_like_their_twins() -> None:
    """A tactic that ATLAS shares with ATT&CK has its letter, colour and place; the others have letters of their own."""
    assert sign("AML.TA0013") == sign("AML.TA0013")
    assert (sign("AML.TA0013").letter, sign("AML.TA0013").rank) == (sign("TA0006").letter, sign("TA0006").rank)
    assert sign("AML.TA0007").letter == sign("TA0005").letter == "S"
    assert {sign(name).letter for name in ("AML.TA0000", "AML.TA0001")} == {"A", "K"}


def test_an_unknown_tactic_is_shown_as_such() -> None:
    """A tactic of a later version has its given name, or its id, and comes last."""
    assert (sign("TA9999").letter, sign("TA9999").name) == ("?", "TA9999")
    assert sign("TA9999", "New Things").name == "New Things"
    assert sign("TA9999").rank > max(tactic.rank for tactic in tactics().values())


def test_letters_can_be_read_on_every_colour() -> None:
    """Contrast of letter and colour is at least 4.5 to 1 (WCAG 2.2, 1.4.3)."""
    for colour, ink in colours():
        light, dark = sorted((luminance(colour), luminance(ink)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, colour
