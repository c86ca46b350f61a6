"""Fields, as rules read them off commands, calls and results."""

import pytest
from tests.detect.rulework import call, result

from suragh.detect.evaluate import KEYWORDS
from suragh.detect.events import FIELDS, CallEvent, CommandEvent, Kind, ResultEvent, Setting
from suragh.detect.leaf_kind import shape_of
from suragh.detect.scan_values import Expressions
from suragh.model.command import Command
from suragh.model.fact import Leaf
from suragh.text.shell import commands


def on_command(text: str, field: str, number: int = -1, started: tuple[Leaf, ...] = ()) -> tuple[str, ...]:
    """A field of a command, by default the innermost; `started` are the other arguments of its call."""
    found = commands(text)
    return CommandEvent(found[number], Setting("Bash", started, found), Expressions()).values(field)


def on_call(arguments: object, field: str) -> tuple[str, ...]:
    """A field of a call."""
    made = call("Tool", arguments)
    return CallEvent(made.tool, shape_of(made), made.arguments, Expressions()).values(field)


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("program", ("cat",)),
        ("Image", ("/bin/cat",)),
        ("args", ("-n", "/etc/shadow")),
        ("CommandLine", ("/bin/cat -n /etc/shadow",)),
        ("via", ("ssh", "sudo")),
        ("host", ("db.example.com",)),
        ("parent", ("sudo",)),
        ("ParentImage", ("sudo", "/sudo", "\\sudo", "\\sudo.exe")),
        ("writes", ("loot/out",)),
        ("operation", ("shell",)),
        ("tool", ("Bash",)),
        ("http.url", ()),
        ("User", ("root",)),
        ("ParentCommandLine", ("sudo /bin/cat -n /etc/shadow",)),
        ("CurrentDirectory", ()),
        ("OriginalFileName", ()),
        (KEYWORDS, ("/bin/cat -n /etc/shadow",)),
    ],
)
def test_fields_of_a_command(field: str, expected: tuple[str, ...]) -> None:
    """Each is read off the command itself, not off the line that it stands in."""
    assert on_command('ssh -p 22 root@db.example.com "sudo /bin/cat -n /etc/shadow > loot/out"', field) == expected


def test_a_program_has_the_names_that_process_logs_would_show() -> None:
    """Rules for process logs ask for a path's end, with `.exe` on Windows."""
    assert on_command("curl -s x", "Image") == ("curl", "/curl", "\\curl", "\\curl.exe")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("python3 -c 'import os'", ("import os",), id="a word"),
        pytest.param("python3 - <<'E'\nimport os\nE", ("import os\n",), id="a here-document"),
        pytest.param("node -e 'x()'", ("x()",), id="another interpreter"),
        pytest.param("grep -e import x", (), id="no interpreter"),
    ],
)
def test_code_given_to_an_interpreter(text: str, expected: tuple[str, ...]) -> None:
    """It is code, whichever way it is given."""
    assert on_command(text, "code", 0) == expected


def test_a_request_of_a_command() -> None:
    """Web clients' words are a request."""
    text = "curl -s -X POST -d a=1 'http://h.example.com/a%2fb?c=%41'"

    assert on_command(text, "http.method") == ("POST",)
    assert on_command(text, "http.host") == ("h.example.com",)
    assert on_command(text, "http.path") == ("/a/b",)
    assert on_command(text, "http.query") == ("c=A",)
    assert on_command(text, "http.body") == ("a=1",)


REQUEST = {"url": "http://h/x", "method": "post", "headers": {"A": "b"}, "body": {"c": "d", "e": 1}}
EDIT = {"file_path": "/a/b", "old_string": "x", "new_string": "y"}
PATCH = {"input": "*** Begin Patch\n*** Update File: src/a.py\n+x\n*** End Patch"}


@pytest.mark.parametrize(
    ("arguments", "field", "expected"),
    [
        (REQUEST, "http.method", ("POST",)),
        (REQUEST, "http.header", ("A: b",)),
        (REQUEST, "http.body", ("d", "1")),
        ({"url": "http://h/x", "headers": "A: b\nC: d"}, "http.header", ("A: b", "C: d")),
        (EDIT, "path", ("/a/b",)),
        (EDIT, "content", ("y",)),
        (EDIT, "operation", ("edit",)),
        (PATCH, "path", ("src/a.py",)),
        ({"code": "print(1)"}, "code", ("print(1)",)),
        ({"a": "x", "b": 2}, KEYWORDS, ("x", "2")),
        ({"command": "ls"}, "program", ()),
    ],
)
def test_fields_of_a_call(arguments: object, field: str, expected: tuple[str, ...]) -> None:
    """What the arguments are decides; a call as a whole has none of a command's fields."""
    assert on_call(arguments, field) == expected


@pytest.mark.parametrize(("failed", "expected"), [(True, ("true",)), (False, ("false",)), (None, ())])
def test_fields_of_a_result(failed: bool | None, expected: tuple[str, ...]) -> None:  # noqa: FBT001 - a column
    """The texts, and whether it failed where that is known."""
    event = ResultEvent(result(["Out", "Err"], failed=failed), Expressions())

    assert event.values("failed") == expected
    assert event.lowered("result") == ("out", "err")
    assert event.values("tool") == ()


def test_every_field_can_be_read_off_an_empty_event() -> None:
    """A command without words has no values of its own, and stops no rule."""
    empty = CommandEvent(Command("", (), "", 0, 1), Setting(""), Expressions())

    assert {field for field in FIELDS if empty.values(field)} == {"operation", "os.type"}


def test_fields_belong_to_kinds_of_events() -> None:
    """A rule is cut to the kinds of event that have its fields."""
    assert FIELDS["path"].given_by(Kind.FILE)
    assert not FIELDS["path"].given_by(Kind.REQUEST)
    assert not FIELDS["path"].given_by(Kind.COMMAND)
    assert FIELDS["http.url"].given_by(Kind.COMMAND)
    assert not FIELDS["OriginalFileName"].given_by(Kind.COMMAND)
    assert [kind for kind in Kind if FIELDS["result"].given_by(kind)] == [Kind.RESULT]


def test_a_command_starts_where_its_call_says() -> None:
    """A client names the directory in an argument of its own; `cd` in the text goes on from there."""
    started = (Leaf("command", ""), Leaf("workdir", "/srv/app"))

    assert on_command("ls", "CurrentDirectory", started=started) == ("/srv/app",)
    assert on_command("cd logs && ls", "CurrentDirectory", started=started) == ("/srv/app/logs",)


def test_an_argument_can_be_named_by_its_path() -> None:
    """`tool.arguments.` and the argument's path, whatever the client calls it, on the call as a whole."""
    arguments = {"command": "nmap x", "options": {"deep": ["a", "b"]}}

    assert on_call(arguments, "tool.arguments.command") == ("nmap x",)
    assert on_call(arguments, "tool.arguments.options.deep") == ("a", "b")
    assert on_call(arguments, "tool.arguments.absent") == ()
    assert on_call(arguments, "tool.name") == ("Tool",)


def test_other_names_are_no_fields() -> None:
    """A rule that asks for one is refused by that name."""
    assert "tool.arguments.x" in FIELDS
    assert "EventID" not in FIELDS
    assert "tool.arguments." not in FIELDS
    with pytest.raises(KeyError, match="EventID"):
        FIELDS["EventID"]
