"""Layers for the ATT&CK Navigator."""

import json

import msgspec
from tests.export import builders

from rulebook import builtin_rules
from suragh.export.navigator import COVERED, SEEN, layer
from suragh.model.attack import techniques
from suragh.model.match import Level, RuleInfo


def rule(name: str, *ids: str, level: Level = Level.HIGH) -> RuleInfo:
    """Give a rule that shows some techniques."""
    return RuleInfo("", name, name, level, ids, ())


RULES = [
    rule("one", "T1046", "T1552.004"),
    rule("two", "T1046", "AML.T0124"),
    rule("context", "T1082", level=Level.INFORMATIONAL),
]


def test_a_layer_says_which_rules_cover_a_technique() -> None:
    """Those that count as a reason, of ATT&CK alone; the score is how many they are."""
    made = layer(RULES)

    first, parent, second = made["techniques"]
    assert [(one["techniqueID"], one["score"], one["color"]) for one in (first, second)] == [
        ("T1046", 2, COVERED),
        ("T1552.004", 1, COVERED),
    ]
    assert first["metadata"] == [{"name": "rules", "value": "one, two"}]
    assert parent == {"techniqueID": "T1552", "showSubtechniques": True}


def test_with_a_report_it_says_what_was_seen() -> None:
    """The score is in how many campaigns; what is only covered has none."""
    report = builders.small()
    seen = {one.id for one in report.campaigns[0].techniques if one.id in techniques() and one.id.startswith("T")}
    made = {one["techniqueID"]: one for one in layer(RULES, report)["techniques"] if "score" in one}

    assert seen
    assert {name for name, one in made.items() if one["color"] == SEEN} == seen
    assert made.keys() == seen | {"T1046", "T1552.004"}
    for name, one in made.items():
        assert one["score"] == sum(any(t.id == name for t in campaign.techniques) for campaign in report.campaigns)
        named = [item["value"] for item in one["metadata"] if item["name"] == "campaigns"]
        assert named == ([report.campaigns[0].id] if name in seen else [])


def test_it_has_what_the_navigator_asks_for() -> None:
    """The keys that the layer format requires, each technique once, in the order of ids; and it is plain JSON."""
    made = layer([one.info for one in builtin_rules().rules], builders.small())
    ids = [one["techniqueID"] for one in made["techniques"]]

    assert json.loads(json.dumps(made)) == made
    assert {"name", "versions", "domain", "techniques"} <= made.keys()
    assert {"attack", "navigator", "layer"} == made["versions"].keys()
    assert made["domain"] == "enterprise-attack"
    assert ids == sorted(set(ids))
    assert set(ids) <= techniques().keys()
    assert len(ids) > 100


def test_no_rules_and_no_campaigns_are_a_layer_too() -> None:
    """An empty one."""
    empty = msgspec.structs.replace(builders.small(), campaigns=())

    assert layer([])["techniques"] == layer([], empty)["techniques"] == []
