"""Spans of agents, by the GenAI conventions, new and old."""

import json

import pytest
from tests.read.feeds import BASH_ID, attributes, dig, lines, only, request, seen, span, tool_span

from suragh.model.fact import Call, Leaf, Ownership, Result, Turn

CHAT = {"gen_ai__operation__name": "chat", "gen_ai__conversation__id": "c1"}
PROMPT = json.dumps([{"role": "user", "parts": [{"type": "text", "content": "look around"}]}])
ASKED = json.dumps(
    [
        {
            "role": "assistant",
            "parts": [{"type": "tool_call", "id": BASH_ID, "name": "shell", "arguments": {"command": "id"}}],
        }
    ]
)


def test_a_tool_span_is_a_call_and_its_result_known_when_it_ends() -> None:
    """A span is sent when it ends."""
    record = request(tool_span())

    own, call, result = seen(lines(record))

    assert own == Ownership("c1", "acct-1", "enduser.id", 1_764_000_000_000_000_000)
    assert isinstance(call, Call)
    assert isinstance(result, Result)
    assert (call.session, call.actor, call.tool, call.arguments) == ("c1", "", "shell", (Leaf("command", "id"),))
    assert (result.action, result.texts, result.failed) == (call.action, (Leaf("", "uid=0(root)"),), None)
    assert call.known_at == result.known_at == 1_764_000_000_000_000_000
    assert dig(record, call.at) == tool_span()


@pytest.mark.parametrize("arguments", ['{"command": "id"}', {"command": "id"}], ids=["text", "map"])
def test_arguments_are_a_text_of_json_or_a_map(arguments: object) -> None:
    """Senders before structured attributes write JSON."""
    (call,) = only(Call, seen(lines(request(tool_span(gen_ai__tool__call__arguments=arguments)))))

    assert call.arguments == (Leaf("command", "id"),)


def test_the_account_is_the_surest_that_is_named() -> None:
    """Also by the sender's resource; told once a session."""
    spans = [
        tool_span(second, enduser__id=None, user__id="install", user__account_uuid="acct-9") for second in (10, 11, 12)
    ]
    sent = request(
        tool_span(13, enduser__id=None, gen_ai__conversation__id="c2"), resource={"user__email": "a@example.com"}
    )

    owners = only(Ownership, seen(lines(request(*spans), sent)))

    assert [(o.session, o.account, o.basis) for o in owners] == [
        ("c1", "acct-9", "user.account_uuid"),
        ("c2", "a@example.com", "user.email"),
    ]


def test_a_failed_span_says_so_and_why() -> None:
    """By its status or its error type; a good status says that it did not fail."""
    failed = tool_span(gen_ai__tool__call__result=None) | {"status": {"code": 2, "message": "tool_error"}}
    typed = tool_span(gen_ai__tool__call__result=None, error__type="timeout")
    good = tool_span() | {"status": {"code": 1}}

    found = [only(Result, seen(lines(request(one))))[0] for one in (failed, typed, good)]

    assert [(r.failed, r.texts[0].text) for r in found] == [
        (True, "tool_error"),
        (True, "timeout"),
        (False, "uid=0(root)"),
    ]


def test_an_mcp_call_joins_the_session_of_its_trace() -> None:
    """Its own span names none; without any, the trace is the session. Its id is the span's."""
    mcp = span(
        "tools/call query",
        20,
        mcp__method__name="tools/call",
        gen_ai__tool__name="query",
        gen_ai__tool__call__arguments="{}",
    )

    together, alone = only(Call, seen(lines(request(tool_span(), mcp)))), only(Call, seen(lines(request(mcp))))

    assert [call.session for call in together] == ["c1", "c1"]
    assert [(call.session, call.tool) for call in alone] == [(mcp["traceId"], "query")]
    assert together[1].action == alone[0].action


def test_chat_spans_give_turns_and_the_calls_that_they_ask_for() -> None:
    """A call that also has a span of its own is the same action."""
    chat = span("chat m", 5, gen_ai__input__messages=PROMPT, gen_ai__output__messages=ASKED, **CHAT)
    record = request(chat, tool_span())

    found = seen(lines(record))

    (turn,) = only(Turn, found)
    assert (turn.human, turn.text) == (True, "look around")
    assert json.loads(str(dig(record, turn.at.removesuffix("/0") + "/stringValue"))) == json.loads(PROMPT)
    assert len(only(Call, found)) == 2
    assert len({call.action for call in only(Call, found)}) == 1


def test_repeated_history_is_one_turn() -> None:
    """Each chat span repeats what came before."""
    spans = [span("chat m", second, gen_ai__input__messages=PROMPT, **CHAT) for second in (5, 6, 7)]

    assert len(only(Turn, seen(lines(request(*spans))))) == 1


def test_sub_agents_are_actors_and_their_tasks_no_person_s() -> None:
    """By the agent's name; a lone agent with a name of its own may well talk with a person."""
    named = [
        span(
            "chat m",
            5,
            gen_ai__input__messages=PROMPT,
            gen_ai__agent__name=name,
            **CHAT | {"gen_ai__conversation__id": name},
        )
        for name in ("main", "sub-1", "helper")
    ]
    calls = only(
        Call, seen(lines(request(tool_span(gen_ai__agent__name="sub-1"), tool_span(gen_ai__agent__name="main"))))
    )

    assert [turn.human for turn in only(Turn, seen(lines(request(*named))))] == [True, False, True]
    assert [call.actor for call in calls] == ["sub-1", ""]


def test_claude_code_s_spans_name_the_sub_agent_as_conversation() -> None:
    """The session is `session.id`; commands stand in an attribute of their own; the prompt is a turn."""
    given = {
        "session__id": "s1",
        "gen_ai__operation__name": "execute_tool",
        "gen_ai__tool__name": "Bash",
        "full_command": "id",
    }
    main = span("claude_code.tool", 5, gen_ai__conversation__id="s1", gen_ai__tool__call__id=BASH_ID, **given)
    sub = span("claude_code.tool", 6, gen_ai__conversation__id="agent-7", **given)
    prompt = span(
        "claude_code.interaction", 7, session__id="s1", gen_ai__operation__name="invoke_agent", user_prompt="go"
    )

    found = seen(lines(request(main, sub, prompt)))

    assert [(c.session, c.actor, c.arguments) for c in only(Call, found)] == [
        ("s1", "", (Leaf("command", "id"),)),
        ("s1", "agent-7", (Leaf("command", "id"),)),
    ]
    assert [(t.human, t.text) for t in only(Turn, found)] == [(True, "go")]


@pytest.mark.parametrize(("text", "said"), [("<REDACTED>", [""]), ("<task-notification>done", []), ("stop", ["stop"])])
def test_a_prompt_that_was_not_sent_was_said_and_one_that_the_client_put_in_was_not(text: str, said: list[str]) -> None:
    """As in the session files."""
    interaction = span("claude_code.interaction", 7, session__id="s1", gen_ai__system="anthropic", user_prompt=text)

    assert [turn.text for turn in only(Turn, seen(lines(request(interaction))))] == said


def test_claude_code_s_span_of_a_tool_s_run_says_how_it_ended() -> None:
    """The call itself is in the span around it; what came back is an event where content is sent."""
    given = {"session__id": "s1", "gen_ai__tool__call__id": BASH_ID}
    output = {"name": "tool.output", "attributes": attributes(output="uid=0")}
    ran = span("claude_code.tool.execution", 5, success=False, **given) | {"events": [output]}
    around = span("claude_code.tool", 6, gen_ai__operation__name="execute_tool", gen_ai__tool__name="Bash", **given)

    found = seen(lines(request(ran, around)))

    (call,), (result,) = only(Call, found), only(Result, found)
    assert (result.action, result.failed, result.texts) == (call.action, True, (Leaf("", "uid=0"),))


def test_old_events_and_attributes_are_read() -> None:
    """Messages as span events, as one attribute, and spread over numbered keys."""
    call = json.dumps(
        [{"id": BASH_ID, "type": "function", "function": {"name": "shell", "arguments": '{"command":"id"}'}}]
    )
    events = span("chat m", 5, **CHAT) | {
        "events": [
            {"name": "gen_ai.user.message", "attributes": attributes(content="look around")},
            {"name": "gen_ai.assistant.message", "attributes": attributes(tool_calls=call)},
            {"name": "gen_ai.tool.message", "attributes": attributes(id=BASH_ID, content="uid=0")},
            {"name": "exception", "attributes": attributes(content="no message")},
        ]
    }
    bare = span("chat m", 6, gen_ai__prompt="hello", **CHAT)
    spread = span("chat m", 7, **CHAT, gen_ai__prompt__0__role="user", gen_ai__prompt__0__content="spread")

    found = seen(lines(request(events), request(bare), request(spread)))

    assert [turn.text for turn in only(Turn, found)] == ["look around", "hello", "spread"]
    assert [c.action for c in only(Call, found)] == [r.action for r in only(Result, found)]


def test_spans_about_something_else_give_nothing() -> None:
    """A web server's span is no agent's."""
    assert seen(lines(request(span("GET /", http__method="GET", session__id="s1")))) == []


def test_messages_with_damaged_items_keep_the_others() -> None:
    """One message that does not fit does not lose those beside it."""
    mixed = json.dumps([3, {"role": 4}, json.loads(PROMPT)[0]])

    (turn,) = only(Turn, seen(lines(request(span("chat m", gen_ai__input__messages=mixed, **CHAT)))))

    assert turn.text == "look around"
