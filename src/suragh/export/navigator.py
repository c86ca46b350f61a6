"""A layer for the ATT&CK Navigator: what rules cover, and what campaigns showed.

Source: MITRE ATT&CK Navigator, layer file format 4.5.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

from suragh.model.attack import ATTACK_VERSION, techniques
from suragh.model.match import Level, RuleInfo
from suragh.model.report import Report

LAYER_FORMAT: Final = "4.5"
NAVIGATOR: Final = "5.1.0"
"""The first release that reads this format."""

COVERED: Final = "#c6dbef"
SEEN: Final = "#d94801"
"""Light blue and dark orange: told apart by readers who do not see red and green as different."""


def layer(rules: Sequence[RuleInfo], report: Report | None = None) -> dict[str, Any]:
    """Make a layer of the techniques of ATT&CK that rules cover and that a report's campaigns showed.

    A technique's score is the number of campaigns that showed it; without a report, that of the rules that cover it.
    Rules that are never a reason count for nothing, and ATLAS's techniques stand in no matrix of the Navigator.
    """
    covering: dict[str, list[str]] = defaultdict(list)
    for rule in rules:
        for technique in rule.techniques if rule.level is not Level.INFORMATIONAL else ():
            covering[technique].append(rule.name)
    showing: dict[str, list[str]] = defaultdict(list)
    for campaign in report.campaigns if report else ():
        for seen in campaign.techniques:
            showing[seen.id].append(campaign.id)
    known = techniques()
    names = {name for name in covering.keys() | showing.keys() if name in known and name.startswith("T")}
    parents = {name.partition(".")[0] for name in names if "." in name}
    return {
        "name": "Suragh: campaigns" if report else "Suragh: rules",
        "versions": {"attack": ATTACK_VERSION.partition(".")[0], "navigator": NAVIGATOR, "layer": LAYER_FORMAT},
        "domain": "enterprise-attack",
        "description": _description(rules, report),
        "techniques": [
            # the Navigator hides sub-techniques unless what they belong to says otherwise
            {"techniqueID": name, "showSubtechniques": name in parents}
            | (_technique(covering[name], showing[name], scored=report is not None) if name in names else {})
            for name in sorted(names | parents)
        ],
        "legendItems": [
            {"label": "covered by rules", "color": COVERED},
            *([{"label": "seen in a campaign", "color": SEEN}] if report else []),
        ],
        "sorting": 3,
        "hideDisabled": False,
    }


def _description(rules: Sequence[RuleInfo], report: Report | None) -> str:
    said = f"{len(rules)} rules"
    return f"{said}; {len(report.campaigns)} campaigns in {report.sessions_read} sessions" if report else said


def _technique(rules: Sequence[str], campaigns: Sequence[str], *, scored: bool) -> dict[str, Any]:
    metadata = [{"name": "rules", "value": ", ".join(rules)}] if rules else []
    if campaigns:
        metadata.append({"name": "campaigns", "value": ", ".join(campaigns)})
    return {
        "score": len(campaigns) if scored else len(rules),
        "color": SEEN if campaigns else COVERED,
        "comment": "",
        "enabled": True,
        "metadata": metadata,
    }
