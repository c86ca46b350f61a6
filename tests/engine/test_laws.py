"""The laws of order on real actions: a world made of real traces, read once, then mixed in every way."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec
import pytest
from tests.engine import once

import suragh
from scenes import Seen, bare, scene
from suragh.engine.period import Period
from suragh.export.json_report import to_json
from suragh.judge.engagement import split
from suragh.judge.findings import Findings, judge
from suragh.model.fact import Call, Rejected, Result, Turn
from suragh.model.ids import digest
from suragh.model.instant import rfc3339
from suragh.model.match import RuleInfo
from suragh.model.report import Report, Verdict
from suragh.profile.scene import Scene
from suragh.read.registry import read
from suragh.store.inputs import open_inputs

SHARED: Final = os.environ.get("SURAGH_SHARED", "")
pytestmark = pytest.mark.skipif(not SHARED, reason="needs SURAGH_SHARED, the folder of real traces")

Item = TypeVar("Item")
MIXES: Final = range(4)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small world of real attacks and real work, in three formats."""
    made = tmp_path_factory.mktemp("laws") / "world"
    shape = ["--mode", "accounts", "--mask", "prompts", "--campaigns", "1", "--max-runs", "1", "--benign-ratio", "2"]
    build = [sys.executable, "build_world.py", "--out", str(made), "--seed", "11", *shape]
    subprocess.run(build, cwd=Path(SHARED) / "eval", check=True, capture_output=True)
    return made


@pytest.fixture(scope="module")
def seen(world: Path) -> list[Seen]:
    """Every fact of the world, and what the built-in rules find in it."""
    return facts_of(world / "telemetry")


def facts_of(folder: Path) -> list[Seen]:
    """Every fact of some files, and what the built-in rules find in it."""
    found = []
    with open_inputs([folder]) as inputs:
        for number in range(len(inputs.sources)):
            with inputs.member(number) as member:
                for fact in read(member):
                    assert not isinstance(fact, Rejected)
                    found.append(_inspected(fact))
    return found


def shuffled(items: Sequence[Item], mix: int) -> list[Item]:
    """The items in an order that has nothing to do with theirs, and is the same in every run."""
    order = sorted(range(len(items)), key=lambda place: digest("mix", str(mix), str(place)))
    return [items[place] for place in order]


def _inspected(fact: object) -> Seen:
    if isinstance(fact, Call):
        return Seen(fact, once.detector().inspect_call(fact))
    if isinstance(fact, Result):
        return Seen(fact, once.detector().inspect_result(fact))
    return Seen(fact)  # type: ignore[arg-type]


def infos() -> tuple[RuleInfo, ...]:
    """The built-in rules as the judge sees them."""
    return tuple(rule.info for rule in once.rules().rules)


def scene_of(*parts: Iterable[Seen]) -> Scene:
    """The scene of facts that were folded apart from one another and joined."""
    return scene(*parts, rules=infos())


def judged(found: Scene) -> Findings:
    """What is said of a scene."""
    return judge(split(found, ()), (), infos())


def test_the_world_holds_a_campaign(seen: list[Seen]) -> None:
    """Laws about nothing would hold, too."""
    assert Verdict.HOSTILE in [finding.verdict for finding in judged(scene_of(seen)).standing]


@pytest.mark.parametrize("mix", MIXES)
def test_order_doubles_and_parts_change_nothing(seen: list[Seen], mix: int) -> None:
    """L1 and L3: shuffled (results before calls, time backwards), doubled, split: the same scene, the same findings."""
    mixed = shuffled([*seen, *shuffled(seen, mix)[: len(seen) // 3]], mix)
    if mix == 0:
        mixed = sorted(seen, key=lambda item: -item.fact.known_at)
    parts = [mixed[number :: mix + 2] for number in range(mix + 2)]

    found = scene_of(*parts)

    assert found == scene_of(seen)
    assert judged(found) == judged(scene_of(seen))


@pytest.mark.parametrize("part", [1, 3])
def test_copies_without_times_change_nothing(seen: list[Seen], part: int) -> None:
    """A log that has no times shows the same acts and messages once more, or some of them, in another order."""
    acts = [item for item in shuffled(seen, 9)[::part] if isinstance(item.fact, Call | Result | Turn)]
    copies = [bare(item, nth) for nth, item in enumerate(acts, 1)]

    found = scene_of(seen, copies)

    assert found == scene_of(seen)
    assert judged(found) == judged(scene_of(seen))


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.8, 0.95])
def test_a_cut_is_as_if_the_rest_had_never_been_seen(seen: list[Seen], share: float) -> None:
    """L2: what is known at a time does not depend on what came later."""
    times = sorted(item.fact.known_at for item in seen if isinstance(item.fact, Call | Result))
    at = times[int(share * len(times))]
    known = [item for item in seen if item.fact.known_at <= at]

    assert scene_of(seen).until(at) == scene_of(known)
    assert judged(scene_of(seen).until(at)) == judged(scene_of(known))


def test_a_campaign_was_detected_when_it_is_said_to_have_been(seen: list[Seen]) -> None:
    """At `detected_at` the facts known by then hold it as hostile; a nanosecond earlier they do not."""

    def holds(own: set[int], at: int) -> bool:
        found = judged(scene_of([item for item in seen if item.fact.known_at <= at])).standing
        groups = [set(f.group.sessions) for f in found if f.verdict is Verdict.HOSTILE]
        return any(2 * len(group & own) > len(group) for group in groups)

    for finding in judged(scene_of(seen)).standing:
        if finding.verdict is Verdict.HOSTILE:
            own, at = set(finding.group.sessions), finding.detected_at
            assert (holds(own, at), holds(own, at - 1)) == (True, False)


def test_records_in_any_order_give_one_report(world: Path, tmp_path: Path) -> None:
    """Lines shuffled in every file, and every third one twice: the same campaigns, links, times and counts."""
    for path in (world / "telemetry").rglob("*"):
        if path.suffix in {".jsonl", ".csv"}:
            lines = path.read_text(encoding="utf-8").splitlines()
            head, rows = (lines[:1], lines[1:]) if path.suffix == ".csv" else ([], lines)
            rows = shuffled([*rows, *rows[::3]], 5)
            place = tmp_path / path.relative_to(world / "telemetry")
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text("\n".join([*head, *rows]) + "\n", encoding="utf-8")

    with once.loaded():
        mixed, plain = suragh.scan([tmp_path]), suragh.scan([world / "telemetry"])

    assert said(mixed) == said(plain)


def said(report: Report) -> bytes:
    """A report without what tells where its bytes stand."""
    bare = [msgspec.structs.replace(campaign, evidence=()) for campaign in report.campaigns]
    where: dict[str, Any] = {"sources": (), "notes": (), "since": "", "until": "", "passed_over": 0}
    return to_json(msgspec.structs.replace(report, campaigns=tuple(bare), **where))


def inside(folder: Path, target: Path, period: Period) -> None:
    """Copy what became known in a period, and tables: lines, and of a line with spans those that ended in it."""
    with open_inputs([folder]) as inputs:
        for number, source in enumerate(inputs.sources):
            with inputs.member(number) as member:
                facts = [fact for fact in read(member) if isinstance(fact, Call | Result | Turn)]
            place = target / Path(source.name).relative_to(folder)
            place.parent.mkdir(parents=True, exist_ok=True)
            data = Path(source.name).read_bytes()
            if member.tally.format == "otlp-json":
                place.write_bytes(b"".join(_spans(line, period) for line in data.splitlines()))
            elif facts:
                lines = sorted({fact.pointer for fact in facts if period.holds(fact)})
                place.write_bytes(b"".join(data[where.offset :][: where.length] + b"\n" for where in lines))
            else:
                place.write_bytes(data)


def _spans(line: bytes, period: Period) -> bytes:
    """A request with the spans that ended in a period."""
    request = json.loads(line)
    for scope in (scope for resource in request["resourceSpans"] for scope in resource["scopeSpans"]):
        ends = [int(span["endTimeUnixNano"]) for span in scope["spans"]]
        kept = [span for span, end in zip(scope["spans"], ends, strict=True) if period.since <= end <= period.until]
        scope["spans"] = kept
    return json.dumps(request).encode() + b"\n"


@pytest.mark.parametrize(
    ("since", "until", "formats"),
    [(0.0, 0.6, {"claude-code", "openai", "otlp"}), (0.3, 1.0, {"claude-code"}), (0.2, 0.7, {"claude-code"})],
)
def test_a_period_is_as_if_all_else_were_cut_out(
    world: Path, tmp_path: Path, since: float, until: float, formats: set[str]
) -> None:
    """A scan of a time is the scan of files that hold only what became known then.

    Requests to a model repeat all that was said before: cut off from its beginning, a log of these tells of old acts as
    if they were new, while a period knows better. So only logs without such are cut off at their beginning here.
    """
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    for name in formats:
        shutil.copytree(world / "telemetry" / name, whole / name)
    times = sorted(item.fact.known_at for item in facts_of(whole) if isinstance(item.fact, Call | Result))
    first, last = (times[int(share * (len(times) - 1))] for share in (since, until))
    inside(whole, cut, Period(first, last))

    with once.loaded():
        period = suragh.scan([whole], since=rfc3339(first), until=rfc3339(last))
        plain = suragh.scan([cut])

    assert period.passed_over > 0
    assert plain.actions_read > 0
    assert said(period) == said(plain)


def test_any_number_of_processes_gives_one_report(world: Path) -> None:
    """All of it, to the byte: where things stand, in which order, what was rejected and why."""
    with once.loaded():
        plain, shared = (suragh.scan([world / "telemetry"], jobs=jobs) for jobs in (1, 2))

    assert to_json(plain) == to_json(shared)
