"""Tags, and the ids that they name."""

import pytest
from sigma.rule import SigmaRule
from tests.detect.rulework import rule

from suragh.detect.sigma.tags import Tags, attack_ids


def ids(*tags: str) -> Tags:
    """What the tags of a rule name."""
    return attack_ids(SigmaRule.from_yaml(rule({"program": "x"}, tags=list(tags))).tags)


@pytest.mark.parametrize(
    ("tag", "techniques", "tactics"),
    [
        ("attack.t1552.004", ("T1552.004",), ()),
        ("attack.credential-access", (), ("TA0006",)),
        ("attack.credential_access", (), ("TA0006",)),
        ("attack.TA0006", (), ("TA0006",)),
        ("atlas.aml-t0124", ("AML.T0124",), ()),
        ("atlas.aml.t0124", ("AML.T0124",), ()),
        ("atlas.ai-model-access", (), ("AML.TA0000",)),
        ("attack.g0016", (), ()),
        ("attack.s0002", (), ()),
        ("cve.2021-44228", (), ()),
        ("detection.threat-hunting", (), ()),
    ],
)
def test_each_form_of_a_tag_is_understood(tag: str, techniques: tuple[str, ...], tactics: tuple[str, ...]) -> None:
    """ATT&CK and ATLAS ids, in the spellings that rules use; other namespaces say nothing here."""
    assert ids(tag) == Tags(techniques, tactics, ())


def test_order_is_that_of_the_tags() -> None:
    """The first tactic stays the first, and nothing comes twice."""
    assert ids("attack.execution", "attack.discovery", "attack.execution").tactics == ("TA0002", "TA0007")


@pytest.mark.parametrize("tag", ["attack.t9999", "attack.t1046.999", "attack.nonsense", "atlas.aml-t9999", "atlas.x"])
def test_what_the_matrices_have_not_is_told(tag: str) -> None:
    """An id that does not exist counts for nothing and takes nothing else away: matrices lose ids from year to year."""
    found = ids(tag, "attack.t1046")

    ((unknown, why),) = found.unknown
    assert (unknown, found.techniques) == (tag, ("T1046",))
    assert why.startswith("not in AT")
