"""Events of coding agents: prompts, calls, decisions and results under the names that each agent gives them."""

import json

import pytest
from tests.read.feeds import BASH_ID, dig, lines, only, seen
from tests.read.otlp_feeds import UUID, claude_log, log, logs

from suragh.model.fact import Call, Leaf, Ownership, Result, Turn
from suragh.read.identity import action_id, turn_id

PARAMETERS = json.dumps({"bash_command": "id", "full_command": "id -u", "description": "who"})
CODEX = {"conversation__id": "u1", "user__account_id": "acct-1"}
GEMINI = {"session__id": "g1", "user__email": "a@example.com"}


def test_claude_code_tells_of_a_call_before_and_after_it_ran() -> None:
    """The decision and the result are one action; arguments are as the tool had them; what came back is not sent."""
    decided = claude_log(
        "tool_decision",
        1,
        tool_name="Bash",
        tool_use_id=BASH_ID,
        decision="accept",
        source="config",
        tool_parameters=PARAMETERS,
    )
    ended = claude_log(
        "tool_result",
        3,
        tool_name="Bash",
        tool_use_id=BASH_ID,
        success="true",
        tool_parameters=PARAMETERS,
        tool_input=json.dumps({"command": "id", "timeout": 5}),
    )
    record = logs(decided, ended)

    found = seen(lines(record))

    first, second = only(Call, found)
    assert first.action == second.action == action_id("s1", BASH_ID, 0, "", ())
    assert (first.tool, first.arguments) == ("Bash", (Leaf("command", "id -u"), Leaf("description", "who")))
    assert second.arguments == (Leaf("command", "id -u"), Leaf("timeout", "5"))
    assert [(r.texts, r.failed, r.known_at) for r in only(Result, found)] == [((), False, second.known_at)]
    assert second.known_at - first.known_at == 2_000_000_000
    assert [o.account for o in only(Ownership, found)] == ["install-1"]
    assert dig(record, second.at) == ended


def test_a_refused_call_of_claude_code_failed() -> None:
    """Nothing but the decision is sent of it; an error says why it failed."""
    refused = claude_log("tool_decision", tool_name="Bash", tool_use_id=BASH_ID, decision="reject", source="hook")
    broken = claude_log("tool_result", tool_name="Bash", tool_use_id=UUID, success="false", error="no such host")

    found = seen(lines(logs(refused, broken)))

    assert [(r.failed, [leaf.text for leaf in r.texts]) for r in only(Result, found)] == [
        (True, []),
        (True, ["no such host"]),
    ]


def test_a_prompt_of_claude_code_has_the_id_of_the_transcript_s_message() -> None:
    """Without one its time counts; what the client put in is nobody's; what was not sent was said all the same."""
    found = seen(
        lines(
            logs(
                claude_log("user_prompt", 1, prompt="look around", message__uuid=UUID),
                claude_log("user_prompt", 30, prompt="look around"),
                claude_log("user_prompt", 31, prompt="look around"),
                claude_log("user_prompt", 60, prompt="<task-notification> done"),
                claude_log("user_prompt", 90, prompt="<REDACTED>"),
                claude_log("user_prompt", 120, prompt="dig", agent_id="a7"),
            )
        )
    )

    turns = only(Turn, found)
    assert [(t.text, t.human) for t in turns] == [
        ("look around", True),
        ("look around", True),
        ("look around", True),
        ("", True),
        ("dig", False),
    ]
    assert turns[0].turn == turn_id("s1", UUID, "")
    assert len({turn.turn for turn in turns}) == 4


def test_codex_tells_of_a_call_with_all_that_came_back() -> None:
    """Its time is when somebody took it in; the exit status that it puts before the output says whether it failed."""
    output = "Chunk ID: 1\nProcess exited with code 2\nOutput:\nls: no such file"
    given = CODEX | {"call_id": "call_1", "tool_name": "exec_command", "agent_name": "/root", "success": "true"}
    ended = log(2, event__name="codex.tool_result", arguments='{"cmd": "ls x"}', output=output, **given)
    ended["timeUnixNano"] = "0"
    ended["eventName"] = "event otel/src/tool_result.rs:54"

    found = seen(lines(logs(ended)))

    (call,), (result,) = only(Call, found), only(Result, found)
    assert (call.session, call.actor, call.tool) == ("u1", "", "exec_command")
    assert call.arguments == (Leaf("cmd", "ls x"),)
    assert call.action == result.action == action_id("u1", "call_1", 0, "", ())
    assert (result.texts, result.failed) == ((Leaf("", output),), True)
    assert call.known_at == int(str(ended["observedTimeUnixNano"]))
    assert [o.account for o in only(Ownership, found)] == ["acct-1"]


@pytest.mark.parametrize(("success", "failed"), [("true", False), ("false", True), (None, None)])
def test_without_an_exit_status_codex_s_own_word_counts(success: str | None, failed: bool | None) -> None:  # noqa: FBT001
    """A tool that runs no program has none."""
    given = CODEX | {"call_id": "call_1", "tool_name": "read_file"} | ({"success": success} if success else {})

    (result,) = only(Result, seen(lines(logs(log(event__name="codex.tool_result", output="text", **given)))))

    assert result.failed is failed


def test_a_decision_of_codex_counts_where_it_refuses() -> None:
    """What may run is sent again when it has run, with its arguments."""
    decisions = [
        log(event__name="codex.tool_decision", call_id=f"call_{word}", tool_name="exec_command", decision=word, **CODEX)
        for word in ("approved", "denied", "abort")
    ]

    found = seen(lines(logs(*decisions)))

    assert len(only(Call, found)) == 2
    assert [result.failed for result in only(Result, found)] == [True, True]


def test_commands_inside_a_script_of_codex_stand_beside_it() -> None:
    """As in its rollouts."""
    script = 'await tools.exec_command({cmd: "id"})'

    (call,) = only(
        Call,
        seen(
            lines(logs(log(event__name="codex.tool_result", call_id="c", tool_name="exec", arguments=script, **CODEX)))
        ),
    )

    assert call.arguments == (Leaf("", script), Leaf("cmd.0", "id"))


def test_gemini_cli_tells_of_prompts_and_calls() -> None:
    """Calls have no id: session, time, tool and arguments are it; a refused one failed."""
    said = log(1, event__name="gemini_cli.user_prompt", prompt="look", prompt_id="g1########0", **GEMINI)
    called = GEMINI | {"function_name": "run_shell_command", "function_args": '{"command": "id"}'}
    ran = log(2, event__name="gemini_cli.tool_call", success=True, decision="auto_accept", **called)
    refused = log(3, event__name="gemini_cli.tool_call", success=False, decision="reject", **called)

    found = seen(lines(logs(said, ran, refused)))

    assert [(t.text, t.human) for t in only(Turn, found)] == [("look", True)]
    assert [(c.tool, c.arguments) for c in only(Call, found)] == [
        ("run_shell_command", (Leaf("command", "id"),)),
        ("run_shell_command", (Leaf("command", "id"),)),
    ]
    assert len({c.action for c in only(Call, found)}) == 2
    assert [r.failed for r in only(Result, found)] == [False, True]


def test_other_events_of_an_agent_name_only_its_account() -> None:
    """There are many more kinds, and new ones come."""
    found = seen(lines(logs(claude_log("api_request", 1, n=3), claude_log("brand_new", 2, tool_name="Bash"))))

    assert [type(one) for one in found] == [Ownership]
