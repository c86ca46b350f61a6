"""ATT&CK and ATLAS: the tables hold together."""

import re

from suragh.model.attack import ATLAS_VERSION, ATTACK_VERSION, tactics, techniques


def test_the_tactics_of_the_matrix_are_there_in_its_order() -> None:
    """From reconnaissance to impact, each with its rank once."""
    own = [one for one in tactics().values() if one.id.startswith("TA")]
    ranks = [one.rank for one in own]

    assert (own[0].shortname, own[0].rank) == ("reconnaissance", 0)
    assert own[-1].shortname == "impact"
    assert ranks == list(range(len(own)))


def test_tactics_of_atlas_stand_beside_their_twins() -> None:
    """One that refers to a tactic of ATT&CK has its rank; the others come after all."""
    matrix = {one.rank for one in tactics().values() if one.id.startswith("TA")}
    atlas = [one for one in tactics().values() if one.id.startswith("AML.TA")]

    assert len(atlas) > 10
    assert next(one.rank for one in atlas if one.name == "Reconnaissance") == 0
    assert all(one.rank in matrix or one.rank > max(matrix) for one in atlas)


def test_ids_have_the_form_of_their_owner() -> None:
    """And each key is its own value's id."""
    assert all(re.fullmatch(r"(?:AML\.)?TA\d{4}", key) and one.id == key for key, one in tactics().items())
    assert all(
        re.fullmatch(r"(?:AML\.)?T\d{4}(?:\.\d{3})?", key) and one.id == key for key, one in techniques().items()
    )


def test_every_technique_has_tactics_that_exist() -> None:
    """But sub-techniques of ATLAS, which take those of their parent."""
    known = tactics().keys()

    assert all(set(one.tactics) <= known for one in techniques().values())
    assert [key for key, one in techniques().items() if key.startswith("T") and not one.tactics] == []


def test_every_sub_technique_has_its_parent() -> None:
    """A tag of a part can be told under the whole."""
    keys = techniques().keys()
    parts = [key for key in keys if re.search(r"T\d{4}\.\d{3}$", key)]

    assert len(parts) > 400
    assert [key for key in parts if key.rpartition(".")[0] not in keys] == []


def test_a_known_technique_is_as_published() -> None:
    """Name and tactic of one that rules use."""
    one = techniques()["T1552.004"]

    assert (one.name, one.tactics) == ("Unsecured Credentials: Private Keys", ("TA0006",))


def test_versions_are_told() -> None:
    """As their owners number them."""
    assert re.fullmatch(r"\d+\.\d+", ATTACK_VERSION)
    assert re.fullmatch(r"\d{4}\.\d{2}", ATLAS_VERSION)
