"""Mistakes in rule files, each with its place."""

from collections.abc import Iterator

import pytest
from tests.detect.correlated_rules import correlation

from rulebook import builtin_rules
from suragh.detect.rule import builtin_files
from suragh.detect.sigma.check import Severity, check

ID = "00000000-0000-4000-8000-00000000000a"
GOOD = f"""title: A thing happens
id: {ID}
name: good
level: low
tags: [attack.t1046]
logsource: {{product: ai_agent, category: tool_call}}
detection:
  selection:
    program: nmap
  condition: selection
"""
OTHER_LOG = GOOD.replace("{product: ai_agent, category: tool_call}", "{category: registry_set}")


def found(*texts: str) -> list[str]:
    """The problems of files `0.yml`, `1.yml` and so on, as they are shown."""
    return list(shown(*texts))


def shown(*texts: str) -> Iterator[str]:
    """One line each."""
    for one in check([(f"{number}.yml", text) for number, text in enumerate(texts)]):
        yield f"{one.spot}: {one.severity}: {one.text}"


def test_a_good_rule_has_no_problem() -> None:
    """On agents' actions or on any log, with a correlation or without."""
    good = correlation(rules=("good",), id="00000000-0000-4000-8000-00000000000b", level="low", tags=["attack.t1046"])

    assert found(GOOD) == []
    assert found(OTHER_LOG.replace("program", "TargetObject"), good) == []


def test_the_rules_that_come_with_suragh_have_none() -> None:
    """They are the examples that others learn from."""
    assert list(check(builtin_files())) == []
    assert len(builtin_rules().rules) > 50


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param(GOOD.replace("title: A", "title: ]"), "0.yml:1:8: error: this is not YAML", id="no YAML"),
        pytest.param(
            GOOD.replace("program", "programs"),
            "0.yml:9:5: error: field 'programs' is not one of an agent's actions; is 'program' meant?",
            id="a field misspelt",
        ),
        pytest.param(
            GOOD.replace("condition: selection", "condition: selection and field"),
            "0.yml:10:3: error: Detection 'field'",
            id="a search that is not there",
        ),
        pytest.param(
            GOOD.replace("program: nmap", "program|expand: '%field%'"),
            "0.yml:7:1: error: placeholder",
            id="placeholder",
        ),
        pytest.param(GOOD.replace("name: good", "name: good\nid: x"), "0.yml:4:1: error:", id="a key twice"),
        pytest.param(GOOD.replace(f"id: {ID}\n", ""), "0.yml:1:1: warning: the rule has no id", id="no id"),
        pytest.param(GOOD.replace("-8000-", "-0000-"), "0.yml:2:1: warning: the id is no UUID of", id="an odd id"),
        pytest.param(GOOD.replace("level: low\n", ""), "0.yml:1:1: warning: the rule has no level", id="no level"),
        pytest.param(
            GOOD.replace("A thing", "x" * 257), "0.yml:1:1: error: Sigma rule title length", id="a long title"
        ),
        pytest.param(
            GOOD.replace("attack.t1046", "attack.t1046, attack.t9999"),
            "0.yml:5:22: warning: tag 'attack.t9999' is not in ATT&CK",
            id="an unknown technique",
        ),
        pytest.param(
            GOOD.replace("tags: [attack.t1046]", "tags: [cve.2021-1]"),
            "0.yml:5:1: warning: no tag names a technique",
            id="no technique",
        ),
        pytest.param(
            GOOD.replace("  condition", "  unused: {program: x}\n  condition"),
            "0.yml:10:3: warning: search 'unused' is not used",
            id="a search without use",
        ),
        pytest.param(
            GOOD.replace("program: nmap", "program|contains: '*nmap'"),
            "0.yml:9:23: warning: program begins with a wildcard",
            id="a wildcard twice",
        ),
        pytest.param(
            GOOD.replace("program: nmap", "program|re: nm(?=ap)"),
            "0.yml:9:17: warning: the expression looks around",
            id="look-around",
        ),
        pytest.param(
            GOOD.replace("program: nmap", r"program: 'C:\tools\*'"),
            "0.yml:9:14: warning: '\\*' is a plain star here",
            id="an escaped star",
        ),
    ],
)
def test_each_mistake_has_its_place(text: str, problem: str) -> None:
    """File, line, column, whether the rule can be used, and what is wrong; nothing else is said."""
    (told,) = found(text)

    assert told.startswith(problem)
    assert "\n" not in told


@pytest.mark.parametrize("condition", ["1 of sel*", "all of them", "1 of them", "(selection)", "selection or _other"])
def test_searches_are_used_by_pattern_too(condition: str) -> None:
    """Those that begin with an underscore are no part of `them`."""
    text = GOOD.replace("condition: selection", f"condition: {condition}")
    own = text.replace("  condition", "  _other: {program: x}\n  condition")

    assert found(text) == [] or "_other" in condition
    assert len(found(own)) == (0 if "_other" in condition else 1)


def test_an_id_that_another_rule_has_is_told_with_its_place() -> None:
    """Both places."""
    assert found(GOOD, GOOD.replace("name: good", "name: another")) == [
        f"1.yml:2:1: error: its id is {ID!r}, which 0.yml:1:1 has too"
    ]


def test_correlations_are_checked_against_all_files() -> None:
    """Wherever their rules stand; and one that cannot be evaluated is an error at its place."""
    told = {"id": "00000000-0000-4000-8000-00000000000b", "level": "low", "tags": ["attack.t1046"]}
    wrong = correlation("lost", rules=("gone",), **{**told, "id": "00000000-0000-4000-8000-00000000000c"})

    assert found(correlation(rules=(ID,), **told), GOOD) == []
    line = wrong.splitlines().index("correlation:") + 1
    (problem,) = found(wrong, GOOD)
    assert problem.startswith(f"0.yml:{line}:1: error: rule 'gone'")


def test_a_broken_file_hides_no_other() -> None:
    """Each is looked at, in the order of the files."""
    lines = found("[", GOOD.replace("program", "programs"), "- a\n")

    assert [line.partition(":")[0] for line in lines] == ["0.yml", "1.yml", "2.yml"]
    assert all(f": {Severity.ERROR}: " in line for line in lines)
