"""Scans with anyone's rules beside Suragh's own."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.engine import telemetry as t

import suragh
from suragh.errors import SetupError
from suragh.model.report import Report

RULES = """
title: A frobnicator runs
id: 6f0a3c1e-3b06-4a55-9d5c-0d0a3c0f1a01
name: frobnicate
logsource: {category: process_creation, product: linux}
detection: {selection: {Image|endswith: /frobnicator}, condition: selection}
level: low
tags: [attack.t1046, attack.discovery]
---
title: Something that no agent's telemetry has
logsource: {category: registry_set, product: windows}
detection: {selection: {TargetObject|contains: Run}, condition: selection}
---
title: One account frobnicates again and again
name: frobnicated-again
correlation:
  type: event_count
  rules: [frobnicate]
  group-by: [user.account]
  timespan: 1d
  condition: {gte: 3}
level: critical
tags: [attack.t1595.001, attack.reconnaissance]
"""


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A folder of rules of three kinds; it is the same for all tests, so that it is compiled once."""
    folder = tmp_path_factory.mktemp("rules")
    (folder / "three.yml").write_text(RULES)
    return str(folder)


def scanned(tmp_path: Path, rules: str, runs: int, **keys: object) -> Report:
    """A scan of a campaign, the last session of which runs the program so often, amid other people's work."""
    files = t.all_data()
    files["use.jsonl"] = t.data(t.otlp(replace(t.USE, steps=(*t.USE.steps, *[t.Step("./frobnicator x")] * runs))))
    return suragh.scan(t.store(tmp_path / "in", files), accounts=[t.accounts(tmp_path)], rules=[rules], **keys)


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_correlation_is_a_signal_and_shows_the_match_that_completed_it(tmp_path: Path, rules: str, jobs: int) -> None:
    """Its evidence leads to the bytes of a command."""
    report = scanned(tmp_path, rules, 3, jobs=jobs)

    (campaign,) = report.campaigns
    (item,) = [one for one in campaign.evidence if one.rule == "frobnicated-again"]
    assert (item.session, item.level, item.techniques) == (t.USE.name, "critical", ("T1595.001",))
    assert "frobnicator" in item.excerpt


def test_what_a_correlation_reads_is_no_signal_below_its_count(tmp_path: Path, rules: str) -> None:
    """Two of three: neither the correlation nor its rule is in the report."""
    (campaign,) = scanned(tmp_path, rules, 2).campaigns

    assert not {"frobnicated-again", "frobnicate"} & {moment.rule for moment in campaign.timeline}


def test_the_report_says_what_was_left_out(tmp_path: Path, rules: str) -> None:
    """A rule on a registry is not half-run; it is counted."""
    report = scanned(tmp_path, rules, 1)

    assert "1 rules cannot be evaluated" in " ".join(report.notes)
    assert report.rules > 200


@pytest.mark.parametrize(
    ("content", "words"), [(b"title: ]", "three.yml:1:8"), (b"\xff", "not UTF-8"), (None, "holds no rule")]
)
def test_rules_that_cannot_be_read_stop_the_scan_in_one_line(tmp_path: Path, content: bytes | None, words: str) -> None:
    """A set-up is mended before anything is read."""
    folder = tmp_path / "rules"
    folder.mkdir()
    if content is not None:
        (folder / "three.yml").write_bytes(content)

    with pytest.raises(SetupError, match=words) as caught:
        scanned(tmp_path, str(folder), 1)

    assert "\n" not in caught.value.message
