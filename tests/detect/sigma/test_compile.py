"""Sigma's modifiers and conditions, evaluated on commands."""

import pytest
from tests.detect.rulework import command, matching


@pytest.mark.parametrize(
    ("selection", "line", "matches"),
    [
        pytest.param({"args": "Alpha"}, "tool alpha", True, id="equal, whatever the case"),
        pytest.param({"args|cased": "Alpha"}, "tool alpha", False, id="cased"),
        pytest.param({"args|cased": "Alpha"}, "tool Alpha", True, id="cased, met"),
        pytest.param({"args": ["beta", "alpha"]}, "tool alpha", True, id="a list is or"),
        pytest.param({"args|contains|all": ["alp", "eta"]}, "tool alpha beta", True, id="all, by several values"),
        pytest.param({"args|contains|all": ["alp", "eta"]}, "tool alpha", False, id="all, one missing"),
        pytest.param({"args|startswith": "alp"}, "tool alpha", True, id="startswith"),
        pytest.param({"args|endswith": "pha"}, "tool alpha", True, id="endswith"),
        pytest.param({"args|endswith": "alp"}, "tool alpha", False, id="endswith, not met"),
        pytest.param({"args": "al*ha"}, "tool alpha", True, id="wildcard inside"),
        pytest.param({"args": "al?ha"}, "tool alxxha", False, id="one character"),
        pytest.param({"args": r"al\*ha"}, "tool 'al*ha'", True, id="an escaped wildcard is plain"),
        pytest.param({"program": "tool", "args": "*"}, "tool alpha", True, id="anything"),
        pytest.param({"args|re": "^al.{2}a$"}, "tool alpha", True, id="expression"),
        pytest.param({"args|re": "^AL"}, "tool alpha", False, id="expressions mind the case"),
        pytest.param({"args|re|i": "^AL"}, "tool alpha", True, id="unless told"),
        pytest.param({"program": "tool", "args|re|s": "^a.c$"}, "tool $'a\\nc'", True, id="a dot crosses lines"),
        pytest.param({"program": "tool", "args|re|m": "^c$"}, "tool $'a\\nc'", True, id="lines"),
        pytest.param({"program": "tool", "writes": None}, "tool alpha", True, id="null"),
        pytest.param({"program": "tool", "writes": None}, "tool alpha > f", False, id="not null"),
        pytest.param({"program": "tool", "writes|exists": True}, "tool > f", True, id="exists"),
        pytest.param({"program": "tool", "writes|exists": False}, "tool > f", False, id="exists not"),
        pytest.param({"program": "tool", "args|cidr": "192.0.2.0/24"}, "tool 192.0.2.77", True, id="network"),
        pytest.param(
            {"program": "tool", "args|cidr": "192.0.2.0/24"}, "tool 198.51.100.7", False, id="another network"
        ),
        pytest.param({"program": "tool", "args|lt": 5}, "tool 4", True, id="lt"),
        pytest.param({"program": "tool", "args|lte": 5}, "tool 5", True, id="lte"),
        pytest.param({"program": "tool", "args|gt": 5}, "tool 5", False, id="gt"),
        pytest.param({"program": "tool", "args|gte": 5}, "tool 5.0", True, id="gte"),
        pytest.param({"program": "tool", "args": 5}, "tool 5", True, id="a number"),
        pytest.param({"program": "tool", "args|neq": "alpha"}, "tool beta", True, id="neq"),
        pytest.param({"program": "tool", "args|neq": "alpha"}, "tool alpha", False, id="neq, equal"),
        pytest.param({"args|windash|contains": "-flag"}, "tool /flag", True, id="windash"),
        pytest.param({"args|base64": "alpha"}, "tool YWxwaGE=", True, id="base64"),
        pytest.param({"args|base64offset|contains": "alphabet"}, "tool eGFscGhhYmV0eA==", True, id="base64offset"),
        pytest.param({"args|wide|base64offset|contains": "abcd"}, "tool YQBiAGMAZAA=", True, id="wide"),
        pytest.param({"program": "tool", "args|fieldref": "program"}, "tool TOOL", True, id="another field"),
        pytest.param({"program": "tool", "args|fieldref|startswith": "program"}, "tool toolbox", True, id="its start"),
        pytest.param(["alpha", "beta"], "tool xalphax", True, id="keywords"),
        pytest.param({"|all": ["alpha", "beta"]}, "tool alpha beta", True, id="all keywords"),
        pytest.param({"|all": ["alpha", "beta"]}, "tool alpha", False, id="not all keywords"),
    ],
)
def test_modifiers(selection: object, line: str, matches: bool) -> None:  # noqa: FBT001 - a table's column
    """Each means what specification 2.1 says."""
    assert matching(selection, command(line)) is matches


PARTS = {"one_a": {"args": "alpha"}, "one_b": {"args": "beta"}, "not_c": {"args": "gamma"}}


@pytest.mark.parametrize(
    ("condition", "line", "matches"),
    [
        ("one_a and one_b", "tool alpha beta", True),
        ("one_a and one_b", "tool alpha", False),
        ("one_a or one_b", "tool beta", True),
        ("one_a and not not_c", "tool alpha gamma", False),
        ("1 of one_*", "tool beta", True),
        ("all of one_*", "tool beta", False),
        ("1 of them", "tool gamma", True),
        ("all of them", "tool alpha beta gamma", True),
        ("(one_a or one_b) and not (one_a and one_b)", "tool alpha beta", False),
        (["one_a", "one_b"], "tool beta", True),
    ],
)
def test_conditions(condition: object, line: str, matches: bool) -> None:  # noqa: FBT001 - a table's column
    """and, or, not, 1 of, all of, brackets; several conditions are alternatives."""
    assert matching({**PARTS, "condition": condition}, command(line)) is matches
