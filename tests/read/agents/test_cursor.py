"""Transcripts of Cursor's agent."""

import pytest
from tests.read.feeds import dig, lines, only, reasons, seen

from suragh.model.fact import Call, Leaf, Result, Turn
from suragh.model.instant import rfc3339


def user(text: str) -> dict[str, object]:
    """A message in the role of the user."""
    return {"role": "user", "message": {"content": [{"type": "text", "text": text}]}}


def asked(query: str, when: str = "Saturday, Jan 3, 2026, 1:20 PM (UTC+2)") -> dict[str, object]:
    """A message of a person."""
    return user(f"<timestamp>{when}</timestamp>\n<user_query>\n{query}\n</user_query>")


def shell(*commands: str) -> dict[str, object]:
    """A message of the agent, with calls."""
    calls = [{"type": "tool_use", "name": "Shell", "input": {"command": command}} for command in commands]
    return {"role": "assistant", "message": {"content": [{"type": "text", "text": "Listing."}, *calls]}}


def test_calls_have_a_time_and_no_result() -> None:
    """They stand right behind what the person said, in their order; the same call twice is two."""
    record = shell("ls", "ls")
    turn, one, two, three = seen(lines(asked("list files"), record, shell("ls"), {"type": "turn_ended", "status": "x"}))

    assert isinstance(turn, Turn)
    assert isinstance(one, Call)
    assert isinstance(two, Call)
    assert isinstance(three, Call)
    assert (turn.human, turn.text, rfc3339(turn.known_at)) == (True, "list files", "2026-01-03T11:20:00Z")
    assert (one.tool, one.arguments, dig(record, f"{one.at}/name")) == ("Shell", (Leaf("command", "ls"),), "Shell")
    assert len({one.action, two.action, three.action}) == 3
    assert turn.known_at < one.known_at == two.known_at < three.known_at < turn.known_at + 1000
    assert only(Result, [turn, one, two, three]) == []


@pytest.mark.parametrize(
    ("when", "at"),
    [
        ("Saturday, Jan 3, 2026, 12:05 AM (UTC)", "2026-01-03T00:05:00Z"),
        ("Saturday, Jan 3, 2026, 12:05 PM (UTC-3:30)", "2026-01-03T15:35:00Z"),
        ("Wednesday, September 30, 2026 at 9:00 am (GMT+05:30)", "2026-09-30T03:30:00Z"),
        ("Saturday, Jan 3, 2026, 1:20 PM", "2026-01-03T13:20:00Z"),
        ("Saturday, Jan 33, 2026, 1:20 PM", "1970-01-01T00:00:00.000000001Z"),
        ("Foo 3, 2026, 1:20 PM (UTC+99)", "1970-01-01T00:00:00.000000001Z"),
        ("Jan 3, 2026, 1:20 PM (UTC+99)", "1970-01-01T00:00:00.000000001Z"),
        ("yesterday", "1970-01-01T00:00:00.000000001Z"),
    ],
)
def test_the_time_of_a_message_is_read_to_the_minute(when: str, at: str) -> None:
    """What is no time leaves only the order, at a time that is plainly none."""
    (turn,) = only(Turn, seen(lines(asked("go", when))))

    assert rfc3339(turn.known_at) == at


def test_what_is_said_in_the_same_minute_comes_after_what_was_done() -> None:
    """The order of the file holds within a minute."""
    times = [fact.known_at for fact in only(Turn | Call, seen(lines(asked("a"), shell("ls"), asked("b"), shell("id"))))]

    assert times == sorted(set(times))


def test_injected_text_is_no_turn() -> None:
    """Only what stands in the mark of a query, whole, was written by a person."""
    injected = user("<available_subagent_types>explore</available_subagent_types>")

    assert seen(lines(injected, user("plain"), user("<user_query>cut"), asked(" "))) == []


def test_a_transcript_is_one_session_named_after_its_start() -> None:
    """The same transcript has the same name, and another one another."""
    names = [
        {call.session for call in only(Call, seen(lines(*records)))}
        for records in (
            (asked("a"), shell("ls"), asked("b"), shell("id")),
            (asked("a"), shell("ls")),
            (asked("c"), shell("ls")),
            (shell("ls"),),
            (shell("id"),),
        )
    ]

    assert names[0] == names[1]
    assert [len(found) for found in names] == [1] * 5
    assert len(set.union(*names)) == 4


def test_a_wrong_value_costs_that_value() -> None:
    """The call is read, and what was wrong is said."""
    record = {
        "role": "assistant",
        "message": {"content": [{"type": "tool_use", "name": 5, "input": {"command": "id"}}]},
    }

    found = seen(lines(asked("go"), record))

    assert [(call.tool, call.arguments) for call in only(Call, found)] == [("", (Leaf("command", "id"),))]
    assert len(reasons(found)) == 1
