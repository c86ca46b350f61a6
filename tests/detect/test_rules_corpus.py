"""Every rule's own examples: what it must match, and what it must not."""

from functools import cache

import pytest
from tests.detect.rulework import call, command, result

from rulebook import builtin_rules
from suragh.detect.inspector import Detector
from suragh.detect.sigma.ruleset import Rule
from suragh.model.fact import Leaf
from suragh.model.match import Inspection

RULES = builtin_rules().rules


@cache
def detector() -> Detector:
    """All rules at once: none may stand in another's way."""
    return Detector(builtin_rules(), lambda *_: (), ())


def look(example: object) -> tuple[Inspection, tuple[Leaf, ...]]:
    """Look at an example: a shell command, or a map of a call or a result."""
    if isinstance(example, dict) and "result" in example:
        returned = result(example["result"], failed=example.get("failed"))
        return detector().inspect_result(returned), returned.texts
    made = command(example) if isinstance(example, str) else call(example.get("tool", "Bash"), example["arguments"])
    return detector().inspect_call(made), made.arguments


def named(rule: Rule) -> str:
    """The id of a case."""
    return rule.info.name


@pytest.mark.parametrize("rule", RULES, ids=named)
def test_a_rule_matches_its_hits_and_no_miss(rule: Rule) -> None:
    """Examples of other rules' work are fair: a miss may match any rule but its own."""
    missed = [hit for hit in rule.hits if rule.info.name not in {match.rule for match in look(hit)[0].matches}]
    wrong = [miss for miss in rule.misses if rule.info.name in {match.rule for match in look(miss)[0].matches}]

    assert (missed, wrong) == ([], [])
    assert rule.hits
    assert rule.misses


@pytest.mark.parametrize("rule", RULES, ids=named)
def test_every_match_shows_a_real_span(rule: Rule) -> None:
    """Spans lie inside the leaf that they name, and each rule matches a leaf once."""
    for example in [*rule.hits, *rule.misses]:
        inspection, leaves = look(example)
        texts = {leaf.path: leaf.text for leaf in leaves}
        for match in inspection.matches:
            assert 0 <= match.start < match.end <= len(texts[match.leaf])
        assert len({(match.rule, match.leaf) for match in inspection.matches}) == len(inspection.matches)
