"""The registry: what every reader must hold, joined logs, and worlds whose truth is known."""

import json
import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from tests.read.feeds import claude, lines, member, only, request, seen, tool_span
from tests.read.formats import DOCUMENTS, LINES, SAMPLES
from tests.read.fuzz import Broken, broken_logs, is_sound

from suragh.model.fact import Call, Kinship, Ownership, Rejected, Result, Turn
from suragh.read import lenient
from suragh.read.reader import Reader, Seen
from suragh.read.registry import READERS, choose, read
from suragh.store.inputs import open_inputs

SHARED = os.environ.get("SURAGH_SHARED", "")
LOGS = {**LINES, **{name: [document] for name, document in DOCUMENTS.items()}}
FACTS = (Call, Result, Turn, Ownership, Kinship, Rejected)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda part: (
        st.lists(part, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["type", "payload", "timestamp", "message", "content", "request", "response", "body", "messages"]
            )
            | st.sampled_from(
                ["sessionId", "resourceSpans", "scopeSpans", "spans", "attributes", "key", "value", "choices", "data"]
            ),
            part,
            max_size=5,
        )
    ),
    max_leaves=12,
)


def mutated(record: object, path: list[int], value: object) -> object:
    """A record in which what lies at a place is something else."""
    if not path or not isinstance(record, dict | list) or not record:
        return value
    keys: list[object] = list(record) if isinstance(record, dict) else list(range(len(record)))
    key = keys[path[0] % len(keys)]
    changed = record.copy()
    changed[key] = mutated(record[key], path[1:], value)  # type: ignore[index,call-overload]
    return changed


def test_each_reader_has_a_sample() -> None:
    """A reader without one would be left out of all that is held here."""
    assert {reader.name for reader in READERS} == SAMPLES.keys()


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_each_format_is_known_by_its_content(name: str) -> None:
    """One reader, also where the head is cut in the middle of the record; and all of it is read."""
    head = SAMPLES[name]
    cut = head[: len(head) * 3 // 4] if name != "accounts" else head

    assert [reader.name for reader in (choose(head), choose(cut)) if reader is not None] == [name, name]
    assert only(Rejected, seen(head)) == []
    assert any(isinstance(one, Call | Ownership) for one in seen(head))


@pytest.mark.parametrize(
    "head", [b"", b"\n \n", b"hello\n", b"{}\n", b"[]", b"\x00" * 64, b"\nhello world", b'{"a": 1}']
)
def test_what_no_reader_knows_has_no_reader(head: bytes) -> None:
    """Neither blanks nor texts nor other JSON."""
    assert choose(head) is None


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
@given(records=st.lists(st.binary(max_size=30) | JSON.map(lambda value: json.dumps(value).encode()), max_size=5))
def test_no_reader_raises(reader: Reader, records: list[bytes]) -> None:
    """Garbage, and any JSON with the keys of the formats, gives facts and rejections, and nothing else."""
    assert all(isinstance(one, FACTS) for one in reader.read(member(b"\n".join(records))))


@pytest.mark.parametrize("name", sorted(LINES))
@given(path=st.lists(st.integers(0, 9), min_size=1, max_size=9), value=JSON)
@settings(max_examples=40)
def test_a_damaged_record_is_read_as_far_as_it_is_good(name: str, path: list[int], value: object) -> None:
    """Any value in any place of a good record never raises, and never loses the good records before it and after it."""
    good = SAMPLES[name]
    where = max(call.pointer for call in only(Call, seen(good)))
    last = good[where.offset : where.offset + where.length]
    damaged = json.dumps(mutated(json.loads(last), path, value)).encode()

    found = seen(good + damaged + b"\n" + last)

    assert all(isinstance(one, FACTS) for one in found)
    start = len(good) + len(damaged) + 1
    assert {call.pointer.offset for call in only(Call, found) if call.pointer.offset >= start} <= {start}
    before = [call for call in found if isinstance(call, Call) and call.pointer.offset < len(good)]
    assert before == only(Call, seen(good))


def telling(data: bytes, found: list[Seen]) -> set[int]:
    """The numbers, from 0, of the lines that facts came from."""
    return {data.count(b"\n", 0, one.pointer.offset) for one in found if isinstance(one, Call | Result | Turn)}


@pytest.mark.parametrize("name", sorted(LOGS))
@given(data=st.data())
@settings(max_examples=50)
def test_whatever_stands_anywhere_in_a_record_nothing_escapes(name: str, data: st.DataObject) -> None:
    """Facts are sound, a record is rejected once, and the records around it are read."""
    log = data.draw(broken_logs({name: LOGS[name]}))
    given = member(log.data)
    found = list(read(given))
    rejected = only(Rejected, found)

    assert [one for one in found if not is_sound(one)] == []
    assert len({one.pointer for one in rejected}) == len(rejected) == given.tally.rejected <= 1
    assert telling(log.data, found) >= telling(log.good, seen(log.good)) - {log.number}


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [("_MISFIT", (msgspec.ValidationError,), UnicodeEncodeError), ("DUSK", 2**70, AssertionError)],
)
def test_the_broken_records_reach_the_code(
    name: str, value: object, error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault that is put into the lenient decoder is found."""
    monkeypatch.setattr(lenient, name, value)

    @settings(derandomize=True, database=None, max_examples=300, phases=[Phase.generate])
    @given(log=broken_logs({name: LINES[name] for name in ("otlp-json", "claude-code", "codex", "openai-chat")}))
    def every_fact_is_sound(log: Broken) -> None:
        assert all(map(is_sound, seen(log.data)))

    with pytest.raises((error, ExceptionGroup)):
        every_fact_is_sound()


def test_a_line_of_another_format_goes_to_the_reader_that_knows_it() -> None:
    """A list of records as well, wherever it stands; a list that nobody knows is rejected as such."""
    batch = json.dumps(LINES["litellm"][:1]).encode() + b"\n"
    for name in sorted(LINES):
        found = seen(SAMPLES[name] + batch + b"[1]\n" + SAMPLES[name])

        assert [one.reason for one in only(Rejected, found)] == ["line is of no known format"]
        assert [call.at for call in only(Call, found) if call.pointer.offset == len(SAMPLES[name])] == [
            "/0/response/choices/0/message/tool_calls/0"
        ]


@pytest.mark.parametrize("time", ["20000000000", "9300000000000000000", 2**63, 10**10, "9223372036854775808"])
def test_a_span_whose_time_64_bits_do_not_hold_is_rejected(time: object) -> None:
    """Once a record, with a reason; the spans around it are read."""
    late = tool_span(gen_ai__tool__call__id=None) | {"endTimeUnixNano": time}

    found = seen(lines(request(late, tool_span(), late)))

    assert len(only(Call, found)) == 1
    assert [one.reason for one in only(Rejected, found)] == [
        "span's endTimeUnixNano is missing or no time, expected nanoseconds since 1970"
    ]


def test_a_record_with_two_faults_is_rejected_once() -> None:
    """With the reason that costs most: without a time, nothing of it is read."""
    data = lines(claude("user", "a"), claude("user", "b", timestamp=17, isMeta="no"))
    given = member(data)

    assert [one.reason for one in read(given) if isinstance(one, Rejected)] == [
        "timestamp is missing or no time, expected RFC 3339"
    ]
    assert given.tally.rejected == 1


def test_joined_logs_are_read_whole() -> None:
    """A line of another format goes to the reader that knows it; a line of none is rejected; all are counted."""
    parts = [SAMPLES[name] for name in ("otlp-json", *sorted(LINES))]
    calls = sum(len(only(Call, seen(part))) for part in parts)
    given = member(b"not a record\n".join(parts))

    found = list(read(given))

    assert {call.action for call in only(Call, found)} == {c.action for part in parts for c in only(Call, seen(part))}
    assert {r.reason[:7] for r in only(Rejected, found)} == {"no JSON"}
    assert given.tally.calls == len(only(Call, found)) <= calls
    assert (given.tally.rejected, given.tally.records) == (len(LINES), b"".join(parts).count(b"\n") + len(LINES))
    assert given.tally.format == "otlp-json"


def test_a_foreign_object_is_rejected_with_its_place() -> None:
    """JSON that no format knows."""
    data = SAMPLES["claude-code"] + b'{"hello": 1}\n'

    (rejected,) = only(Rejected, seen(data))

    assert rejected.reason == "line is of no known format"
    assert data[rejected.pointer.offset :].startswith(b'{"hello"')


def test_content_that_breaks_off_is_said() -> None:
    """What was read stands, and the reason comes after it."""
    found = list(read(member(SAMPLES["claude-code"], fault="gzip stream breaks off")))

    assert only(Call, found) == only(Call, seen(SAMPLES["claude-code"]))
    assert [r.reason for r in only(Rejected, found)] == ["gzip stream breaks off"]


def test_nothing_is_no_fault() -> None:
    """An empty member has no records and no rejections."""
    assert seen(b"") == []


def test_readers_are_well_formed() -> None:
    """Names differ; each says what it cannot know, in sentences."""
    assert len({reader.name for reader in READERS}) == len(READERS)
    assert all(line.endswith(".") for reader in READERS for line in reader.cannot_know)


@pytest.mark.skipif(not SHARED, reason="needs SURAGH_SHARED, the folder of the builder of worlds")
@pytest.mark.parametrize(
    ("mode", "form"),
    [("single", "mixed"), ("subagents", "otlp"), ("accounts", "openai"), ("scattered", "claude-code")],
)
def test_a_world_is_read_whole(mode: str, form: str, tmp_path: Path) -> None:
    """Sessions, actions and accounts are those of the world's truth, and nothing is rejected."""
    build = [sys.executable, "build_world.py", "--out", str(tmp_path / "w"), "--mode", mode, "--format", form]
    options = ["--campaigns", "1", "--benign-ratio", "2", "--max-runs", "1", "--max-run-actions", "60"]
    subprocess.run([*build, *options], cwd=Path(SHARED) / "eval", check=True, capture_output=True)
    truth = json.loads((tmp_path / "w" / "truth.json").read_text(encoding="utf-8"))["sessions"]
    actions: dict[str, set[int]] = defaultdict(set)
    accounts: dict[str, str] = {}
    rejected: list[Rejected] = []
    with open_inputs([tmp_path / "w" / "telemetry"]) as inputs:
        for source in range(len(inputs.sources)):
            with inputs.member(source) as opened:
                for fact in read(opened):
                    if isinstance(fact, Call):
                        actions[fact.session].add(fact.action)
                    elif isinstance(fact, Ownership):
                        accounts[fact.session] = fact.account
                    elif isinstance(fact, Rejected):
                        rejected.append(fact)

    assert rejected == []
    assert {name: len(found) for name, found in actions.items()} == {name: s["actions"] for name, s in truth.items()}
    assert accounts == {name: s["account"] for name, s in truth.items()}


class Held(NamedTuple):
    """What a real sample is read as."""

    reader: str
    calls: int
    results: int
    human_turns: int
    accounts: int


REAL = {
    "agentdojo_run.json": Held("agentdojo", 1, 1, 1, 0),
    "anthropic_messages_log.jsonl": Held("anthropic-messages", 5, 4, 2, 1),
    "claude_code_hooks.jsonl": Held("agent-hooks", 4, 4, 1, 0),
    "claude_code_otel_logs.json": Held("otlp-json-document", 3, 3, 1, 1),
    "claude_code_otel_metrics.json": Held("otlp-json-document", 0, 0, 0, 0),
    "claude_code_otel_traces.json": Held("otlp-json-document", 3, 2, 1, 1),
    "claude_code_session.jsonl": Held("claude-code", 3, 3, 1, 0),
    "claude_code_subagent.jsonl": Held("claude-code", 1, 1, 0, 0),
    "claude_code_subagent.meta.json": Held("claude-code", 0, 0, 0, 0),
    "cochise_run.jsonl": Held("cochise", 1, 1, 0, 0),
    "codex_hooks.jsonl": Held("agent-hooks", 2, 2, 0, 0),
    "codex_otel_logs.json": Held("otlp-json-document", 1, 1, 1, 0),
    "codex_rollout.jsonl": Held("codex", 2, 2, 1, 0),
    "gemini_cli_log_attrs.jsonl": Held("otel-attributes", 1, 1, 1, 1),
    "inspect_log.eval!_journal/start.json": Held("inspect", 0, 0, 0, 0),
    "inspect_log.eval!_journal/summaries/1.json": Held("inspect-summary", 0, 0, 0, 0),
    "inspect_log.eval!header.json": Held("inspect", 0, 0, 0, 0),
    "inspect_log.eval!reductions.json": Held("inspect-summary", 0, 0, 0, 0),
    "inspect_log.eval!samples/1_epoch_1.json": Held("inspect", 1, 1, 1, 0),
    "inspect_log.eval!summaries.json": Held("inspect-summary", 0, 0, 0, 0),
    "inspect_log.json": Held("inspect", 1, 1, 1, 0),
    "litellm_guardrail.jsonl": Held("litellm", 3, 1, 5, 2),
    "litellm_payload.json": Held("litellm-document", 1, 0, 1, 1),
    "litellm_payload_failure.json": Held("litellm-document", 0, 0, 1, 0),
    "mcp_http_2025.jsonl": Held("mcp", 1, 1, 0, 0),
    "mcp_http_2026.jsonl": Held("mcp", 1, 1, 0, 0),
    "mcp_session.jsonl": Held("mcp", 2, 2, 0, 0),
    "mcp_session_2025.jsonl": Held("mcp", 2, 2, 0, 0),
    "openai_chat_log.jsonl": Held("openai-chat", 2, 1, 2, 1),
    "openai_responses_log.jsonl": Held("openai-responses", 3, 2, 1, 0),
    "otlp_logs.json": Held("otlp-json-document", 0, 0, 1, 0),
    "otlp_logs.pb": Held("otlp-protobuf", 0, 0, 1, 0),
    "otlp_metrics.json": Held("otlp-json-document", 0, 0, 0, 0),
    "otlp_metrics.pb": Held("otlp-protobuf", 0, 0, 0, 0),
    "otlp_traces.json": Held("otlp-json-document", 2, 2, 1, 0),
    "otlp_traces.pb": Held("otlp-protobuf", 2, 2, 1, 0),
    "swe_agent.traj": Held("swe-agent", 1, 1, 0, 0),
    "tau2_results.json": Held("tau-bench", 1, 1, 0, 0),
}
"""Samples of telemetry, by file and member, with the different calls, results, human turns and accounts in them."""

NO_TELEMETRY = (".md", ".csv", ".yml", "bundle.json", "event.json", "finding.json", "decisions.json", "interfaces.json")
"""How the names of the other files end: what a format's reader must not take for its own."""


@pytest.mark.skipif(not SHARED, reason="needs SURAGH_SHARED, the folder of real samples")
def test_each_real_sample_is_read_by_its_own_reader() -> None:
    """Whole, and nothing of it is rejected; what is no telemetry is rejected once, as of no known format."""
    folder, found, others = Path(SHARED) / "samples", dict[str, Held](), dict[str, list[str]]()
    with open_inputs([folder]) as inputs:
        for number, source in enumerate(inputs.sources):
            name = str(Path(source.name).relative_to(folder))
            with inputs.member(number) as opened:
                facts = list(read(opened))
            if not opened.tally.format:
                others[name] = [one.reason for one in only(Rejected, facts)]
                continue
            assert (name, only(Rejected, facts)) == (name, [])
            found[name] = Held(
                opened.tally.format,
                len({call.action for call in only(Call, facts)}),
                len({result.action for result in only(Result, facts)}),
                len({turn.turn for turn in only(Turn, facts) if turn.human}),
                len({owner.account for owner in only(Ownership, facts)}),
            )

    assert found == REAL
    assert all(name.endswith(NO_TELEMETRY) for name in others)
    assert set(map(tuple, others.values())) == {("format is not known",)}
