"""Places of a rule's parts."""

import pytest

from suragh.detect.sigma.lines import Lines, Spot

TEXT = """title: one
---
# a remark
title: two
tags:
  - attack.t1046
  - attack.t1047
detection:
  s:
    a|contains: needle
  condition: s
"""


def test_parts_of_the_second_document_are_found() -> None:
    """Keys, items and words stand at the places of the file, not of the document."""
    lines = Lines("f.yml", TEXT).document(1)

    assert lines.at("detection", "condition") == Spot("f.yml", 11, 3)
    assert lines.at("detection", "absent") == Spot("f.yml", 8, 1)
    assert lines.at("absent") == Spot("f.yml", 4, 1)
    assert lines.at_item("tags", "attack.t1047") == Spot("f.yml", 7, 5)
    assert lines.at_item("tags", "absent") == Spot("f.yml", 5, 1)
    assert lines.at_word("detection", "needle") == Spot("f.yml", 10, 17)
    assert lines.at_word("detection", "absent") == Spot("f.yml", 8, 1)


@pytest.mark.parametrize(
    ("text", "expected"), [("a: {b: 1, b: 2}", ("b", Spot("f.yml", 1, 11))), ("a: 1\nc: [{d: 1}]", None)]
)
def test_doubled_keys_are_found_at_any_depth(text: str, expected: tuple[str, Spot] | None) -> None:
    """YAML itself would keep the last silently."""
    assert Lines("f.yml", text).doubled_key() == expected
