"""The registry: what every reader must hold, joined logs, and worlds whose truth is known."""

import json
import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import msgspec
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from tests.read.feeds import (
    chat,
    chat_call,
    claude,
    codex,
    codex_meta,
    lines,
    member,
    only,
    request,
    seen,
    tool_span,
    tool_use,
)
from tests.read.fuzz import Broken, broken_logs, is_sound

from suragh.model.fact import Call, Kinship, Ownership, Rejected, Result, Turn
from suragh.read import lenient
from suragh.read.reader import Reader, Seen
from suragh.read.registry import READERS, choose, read
from suragh.store.inputs import open_inputs

SHARED = os.environ.get("SURAGH_SHARED", "")
SAMPLES = {
    "otlp-json": lines(request(tool_span())),
    "codex": lines(codex_meta(), codex("response_item", type="function_call", name="f", arguments="{}", call_id="c1")),
    "openai-chat": lines(chat([], chat_call())),
    "claude-code": lines(claude("assistant", [tool_use()])),
    "otlp-json-document": json.dumps(request(tool_span()), indent=1).encode(),
    "accounts": b"sessionId,account\ns1,a1\n",
}
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


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_each_format_is_known_by_its_content(name: str) -> None:
    """One reader, also where the head is cut in the middle of the record."""
    head = SAMPLES[name]
    cut = head[: len(head) * 3 // 4] if name != "accounts" else head

    assert [reader.name for reader in (choose(head), choose(cut)) if reader is not None] == [name, name]


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


@pytest.mark.parametrize("name", ["otlp-json", "codex", "openai-chat", "claude-code"])
@given(path=st.lists(st.integers(0, 9), min_size=1, max_size=9), value=JSON)
def test_a_damaged_record_is_read_as_far_as_it_is_good(name: str, path: list[int], value: object) -> None:
    """Any value in any place of a good record never raises, and never loses the good record after it."""
    good = SAMPLES[name]
    last = good.splitlines()[-1]
    damaged = json.dumps(mutated(json.loads(last), path, value)).encode()

    found = seen(good + damaged + b"\n" + last)

    assert all(isinstance(one, FACTS) for one in found)
    start = len(good) + len(damaged) + 1
    assert [c.pointer.offset for c in only(Call, found) if c.pointer.offset >= start] in ([start], [])
    assert any(c.pointer.offset < len(good) for c in only(Call, found))


def telling(data: bytes, found: list[Seen]) -> set[int]:
    """The numbers, from 0, of the lines that facts came from."""
    return {data.count(b"\n", 0, one.pointer.offset) for one in found if isinstance(one, Call | Result | Turn)}


@given(log=broken_logs())
def test_whatever_stands_anywhere_in_a_record_nothing_escapes(log: Broken) -> None:
    """Facts are sound, a record is rejected once, and the records around it are read."""
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
    @given(log=broken_logs())
    def every_fact_is_sound(log: Broken) -> None:
        assert all(map(is_sound, seen(log.data)))

    with pytest.raises((error, ExceptionGroup)):
        every_fact_is_sound()


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
    parts = [SAMPLES[name] for name in ("otlp-json", "claude-code", "codex", "openai-chat", "claude-code")]
    given = member(b"not a record\n".join(parts))

    found = list(read(given))

    assert len(only(Call, found)) == 5
    assert [r.reason[:7] for r in only(Rejected, found)] == ["no JSON"] * 4
    assert (given.tally.calls, given.tally.rejected, given.tally.records) == (5, 4, 10)
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

    assert len(only(Call, found)) == 1
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
