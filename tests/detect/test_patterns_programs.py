"""Programs that rules ask for."""

import pytest
from tests.detect.rulework import rule

from suragh.detect.events import Kind
from suragh.detect.patterns_programs import programs_of
from suragh.detect.sigma.ruleset import load_rules


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        ({"program": ["b", "a"], "args": "needle"}, ("a", "b")),
        ({"args": "needle"}, None),
        ([{"program": "a"}, {"args": "needle"}], None),
        ([{"program": "a"}, {"program|startswith": "bb"}], ("a", "bb")),
        ({"Image|endswith": "\\Net.exe"}, ("net",)),
        ({"Image|endswith": "net"}, None),
        ({"http.path|contains": "needle"}, ("curl", "http", "https", "wget", "xh")),
        ({"s": {"args": "needle"}, "n": {"program": "a"}, "condition": "s and not n"}, None),
    ],
)
def test_a_rule_is_tried_on_fitting_programs_only(selection: object, expected: tuple[str, ...] | None) -> None:
    """Where every alternative names the program, others need not be tried."""
    (loaded,) = load_rules([("r.yml", rule(selection))]).rules

    assert programs_of(loaded.conditions[Kind.COMMAND]) == expected
