"""Lines of a rule's parts."""

import pytest

from suragh.detect.sigma_lines import Lines

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
    """Keys, items and words stand on the lines of the file, not of the document."""
    lines = Lines("f.yml", TEXT).document(1)

    assert lines.where("detection", "condition") == "f.yml:11"
    assert lines.where("detection", "absent") == "f.yml:8"
    assert lines.where("absent") == "f.yml:4"
    assert lines.where_item("tags", "attack.t1047") == "f.yml:7"
    assert lines.where_item("tags", "absent") == "f.yml:5"
    assert lines.where_word("detection", "needle") == "f.yml:10"
    assert lines.where_word("detection", "absent") == "f.yml:8"


@pytest.mark.parametrize(("text", "expected"), [("a: {b: 1, b: 2}", ("b", 1)), ("a: 1\nc: [{d: 1}]", None)])
def test_doubled_keys_are_found_at_any_depth(text: str, expected: tuple[str, int] | None) -> None:
    """YAML itself would keep the last silently."""
    assert Lines("f.yml", text).doubled_key() == expected
