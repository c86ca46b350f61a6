"""The same session in two formats: a transcript beside what the agent sent as logs and as spans, counted once."""

import json
import os
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path
from typing import Final, NamedTuple

import pytest
from tests.engine import once
from tests.engine import telemetry as t
from tests.read.feeds import SECOND, claude, codex, codex_meta, lines, request, span, tool_use
from tests.read.gateways.test_anthropic_messages import message, pair
from tests.read.otlp_feeds import claude_log, log, logs

import suragh

SHARED: Final = os.environ.get("SURAGH_SHARED", "")
PROMPT: Final = "look around on the staging host"
UUIDS: Final = ("0562365a-aab5-4839-9e17-254a54f2aeee", "1562365a-aab5-4839-9e17-254a54f2aeee")
SECOND_PROMPT: Final = "now go on"


class Counted(NamedTuple):
    """What a scan counts."""

    sessions: int
    actions: int
    human_turns: int
    accounts: int
    rejected: int


@pytest.fixture(scope="module", autouse=True)
def _rules_once() -> Iterator[None]:
    with once.loaded():
        yield


def counted(folder: Path, files: dict[str, bytes]) -> Counted:
    """What a scan of some files counts."""
    report = suragh.scan(t.store(folder, files))
    return Counted(
        report.sessions_read,
        report.actions_read,
        report.human_turns_read,
        report.accounts_read,
        report.lines_rejected,
    )


def call_id(nth: int) -> str:
    """An id as the provider gives them."""
    return f"toolu_01AbCdEfGhJkLmNpQrStUv{nth:02}"


def transcript(session: str = "s1") -> bytes:
    """Two prompts, and after each a call with its result."""
    made = []
    for nth, (uuid, text) in enumerate(zip(UUIDS, (PROMPT, SECOND_PROMPT), strict=True)):
        shared = {"sessionId": session, "timestamp": f"2025-11-24T16:00:{10 * nth:02}.000Z"}
        result = {"type": "tool_result", "tool_use_id": call_id(nth), "content": "uid=0", "is_error": False}
        made += [
            claude("user", text, uuid=uuid, **shared),
            claude("assistant", [tool_use(call_id=call_id(nth), command=f"id {nth}")], uuid=f"a{nth}", **shared),
            claude("user", [result], uuid=f"r{nth}", **shared),
        ]
    return lines(*made)


def sent_logs(session: str = "s1") -> bytes:
    """The same as log events, one export a line."""
    made = []
    for nth, (uuid, text) in enumerate(zip(UUIDS, (PROMPT, SECOND_PROMPT), strict=True)):
        given = {"session__id": session, "tool_name": "Bash", "tool_use_id": call_id(nth)}
        parameters = json.dumps({"bash_command": "id", "full_command": f"id {nth}"})
        made += [
            logs(claude_log("user_prompt", 10 * nth, prompt=text, message__uuid=uuid, session__id=session)),
            logs(claude_log("tool_decision", 10 * nth + 1, decision="accept", tool_parameters=parameters, **given)),
            logs(claude_log("tool_result", 10 * nth + 2, success="true", tool_parameters=parameters, **given)),
        ]
    return lines(*made)


def sent_spans(session: str = "s1") -> bytes:
    """The same as spans, in which a prompt has no id and is known when all that it set off has ended."""
    made = []
    for nth, text in enumerate((PROMPT, SECOND_PROMPT)):
        shared = {"session__id": session, "gen_ai__conversation__id": session, "user__id": "install-1"}
        said = {"gen_ai__operation__name": "invoke_agent", "user_prompt": text}
        tool = {"gen_ai__operation__name": "execute_tool", "gen_ai__tool__name": "Bash", "full_command": f"id {nth}"}
        ran = {"gen_ai__tool__call__id": call_id(nth), "success": True}
        made.append(
            request(
                span("claude_code.llm_request", 10 * nth, gen_ai__request__model="m", **shared),
                span("claude_code.tool.execution", 10 * nth + 2, **shared, **ran),
                span("claude_code.tool", 10 * nth + 2, gen_ai__tool__call__id=call_id(nth), **shared, **tool),
                span("claude_code.interaction", 10 * nth + 5, **shared, **said),
            )
        )
    return lines(*made)


def rollout() -> bytes:
    """A Codex session of a prompt and two calls, whose ids count only within it."""
    made: list[object] = [codex_meta("u1"), codex("event_msg", 1, type="user_message", message=PROMPT)]
    for nth in range(2):
        arguments = json.dumps({"cmd": f"id {nth}"})
        made += [
            codex(
                "response_item", nth + 1, type="function_call", name="sh", arguments=arguments, call_id=f"call_{nth}"
            ),
            codex("response_item", nth + 2, type="function_call_output", output="uid=0", call_id=f"call_{nth}"),
        ]
    return lines(*made)


def codex_logs() -> bytes:
    """The same as log events: the prompt is known by its time, that of the rollout."""
    said_at = t.EPOCH - SECOND + 1
    return lines(
        logs(log(said_at, event__name="codex.user_prompt", conversation__id="u1", prompt=PROMPT)),
        *(
            logs(
                log(
                    nth,
                    event__name="codex.tool_result",
                    conversation__id="u1",
                    user__account_id="acct-1",
                    tool_name="sh",
                    call_id=f"call_{nth}",
                    arguments=json.dumps({"cmd": f"id {nth}"}),
                    output="uid=0",
                    success="true",
                )
            )
            for nth in range(2)
        ),
    )


def test_a_transcript_and_its_logs_and_spans_are_one_session(tmp_path: Path) -> None:
    """Calls by their ids, prompts by those of their messages; in any order, and each alone shows the same calls."""
    files = {"transcript.jsonl": transcript(), "logs.jsonl": sent_logs(), "spans.jsonl": sent_spans()}
    alone = [counted(tmp_path / name, {name: content}) for name, content in files.items()]
    orders = [counted(tmp_path / str(number), dict(order)) for number, order in enumerate(permutations(files.items()))]

    assert [(one.sessions, one.actions, one.human_turns) for one in alone] == [(1, 2, 2)] * 3
    assert set(orders) == {Counted(sessions=1, actions=2, human_turns=2, accounts=1, rejected=0)}


def test_a_rollout_and_its_logs_are_one_session(tmp_path: Path) -> None:
    """Short ids name the same call where the session is the same; the logs say whose it is, and give prompts no id."""
    files = {"rollout.jsonl": rollout(), "logs.jsonl": codex_logs()}

    assert counted(tmp_path / "both", files) == Counted(1, 2, 1, 1, 0)
    assert suragh.scan(t.store(tmp_path / "again", files)).sessions_without_account == 0


def sent_requests(session: str = "s1", *, timed: bool) -> bytes:
    """The requests of the transcript's session as a gateway keeps them, each with all that was said before."""
    history: list[dict[str, object]] = []
    made = []
    for nth, text in enumerate((PROMPT, SECOND_PROMPT)):
        asked = tool_use(call_id=call_id(nth), command=f"id {nth}")
        result = {"type": "tool_result", "tool_use_id": call_id(nth), "content": "uid=0", "is_error": False}
        history += [{"role": "user", "content": [{"type": "text", "text": text}]}]
        headers = {"anthropic-version": "2023-06-01", "X-Claude-Code-Session-Id": session}
        record = pair([*history], message(asked), time=f"2025-11-24T16:00:{10 * nth + 1:02}Z")
        record["request"] |= {"headers": headers}  # type: ignore[operator]
        if not timed:
            del record["time"]
        made.append(record)
        history += [{"role": "assistant", "content": [asked]}, {"role": "user", "content": [result]}]
    return lines(*made)


@pytest.mark.parametrize("timed", [True, False])
def test_a_transcript_and_what_its_gateway_logged_are_one_session(tmp_path: Path, *, timed: bool) -> None:
    """Calls by their ids, prompts by how often they were said; a log without times makes nothing earlier."""
    alone = t.store(tmp_path / "alone", {"transcript.jsonl": transcript()})
    requests = sent_requests(timed=timed)
    both = t.store(tmp_path / "both", {"transcript.jsonl": transcript(), "requests.jsonl": requests})

    report, plain = suragh.scan(both), suragh.scan(alone)

    assert counted(tmp_path / "log", {"requests.jsonl": requests}) == Counted(1, 2, 2, 1, 0)
    assert (report.sessions_read, report.actions_read, report.human_turns_read) == (1, 2, 2)
    assert report.first_at == plain.first_at
    assert timed or report.last_at == plain.last_at
    assert not any("no time" in said for said in report.notes)


def test_logs_split_over_many_files_are_still_one_session(tmp_path: Path) -> None:
    """An exporter writes as it pleases."""
    parts = {f"{number}.json": part for number, part in enumerate(sent_logs().splitlines())}

    assert counted(tmp_path, parts | {"transcript.jsonl": transcript()}) == Counted(1, 2, 2, 1, 0)


def test_other_sessions_with_the_same_words_are_others(tmp_path: Path) -> None:
    """Equal prompts and commands do not make two sessions one, where ids differ."""
    other = transcript("s2")
    for old, new in zip((*UUIDS, call_id(0), call_id(1)), ("2", "3", "toolu_x", "toolu_y"), strict=True):
        other = other.replace(old.encode(), new.encode())

    assert counted(tmp_path, {"a.jsonl": transcript(), "b.jsonl": other, "logs.jsonl": sent_logs()}) == Counted(
        sessions=2, actions=4, human_turns=4, accounts=2, rejected=0
    )


def test_a_session_file_s_result_is_read_where_a_span_has_none(tmp_path: Path) -> None:
    """The action's parts may come from different formats."""
    secret = claude(
        "user",
        [{"type": "tool_result", "tool_use_id": call_id(0), "content": "uid=0", "is_error": False}],
        timestamp="2025-11-24T16:00:09.000Z",
    )
    only_call = request(
        span(
            "claude_code.tool",
            5,
            gen_ai__operation__name="execute_tool",
            gen_ai__tool__name="Bash",
            gen_ai__tool__call__id=call_id(0),
            session__id="s1",
        )
    )

    assert counted(tmp_path, {"span.jsonl": lines(only_call), "file.jsonl": lines(secret)})[:2] == (1, 1)


@pytest.mark.skipif(not SHARED, reason="needs SURAGH_SHARED, the folder of real samples")
@pytest.mark.parametrize(
    ("names", "actions", "human_turns"),
    [
        (("claude_code_session.jsonl", "claude_code_otel_logs.json", "claude_code_otel_traces.json"), 3, 1),
        (("claude_code_session.jsonl", "claude_code_hooks.jsonl"), 4, 1),
        (("codex_rollout.jsonl", "codex_otel_logs.json", "codex_hooks.jsonl"), 2, 1),
        (("otlp_traces.json", "otlp_traces.pb", "otlp_logs.json", "otlp_logs.pb"), 2, 2),
    ],
)
def test_real_sessions_in_two_formats_count_once(names: tuple[str, ...], actions: int, human_turns: int) -> None:
    """Sessions, calls, human turns and accounts are those of one; the file of hooks has a sub-agent's call more."""
    report = suragh.scan([Path(SHARED) / "samples" / name for name in names])

    assert (report.sessions_read, report.actions_read, report.human_turns_read) == (1, actions, human_turns)
    assert (report.accounts_read, report.lines_rejected) == (1, 0)


@pytest.mark.skipif(not SHARED, reason="needs SURAGH_SHARED, the folder of real samples")
@pytest.mark.parametrize(
    ("session", "gateway", "both"),
    [
        ("claude_code_session.jsonl", "anthropic_messages_log.jsonl", 3),
        ("codex_rollout.jsonl", "openai_responses_log.jsonl", 2),
    ],
)
def test_calls_in_a_real_session_and_its_gateways_log_count_once(session: str, gateway: str, both: int) -> None:
    """The gateway saw another session as well; all calls of the session file are among those that it saw."""
    folder = Path(SHARED) / "samples"
    one, other, joined = (
        suragh.scan(paths) for paths in ([folder / session], [folder / gateway], [folder / session, folder / gateway])
    )

    assert one.actions_read == both
    assert (joined.actions_read, joined.sessions_read) == (other.actions_read, other.sessions_read)
    assert joined.human_turns_read == other.human_turns_read
