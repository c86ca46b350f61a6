"""What the arguments of a call are, whatever the client calls them."""

import pytest
from tests.detect.rulework import call

from suragh.detect.leaf_kind import LeafKind, Shape, shape_of, starts_a_command, words


def shape(arguments: object) -> Shape:
    """The shape of a call of some tool."""
    return shape_of(call("tool", arguments))


@pytest.mark.parametrize(
    ("arguments", "operation"),
    [
        pytest.param({"command": "ls"}, "shell", id="command"),
        pytest.param({"cmd": ["bash", "-lc", "ls"]}, "shell", id="vector"),
        pytest.param({"input": "git status --short"}, "shell", id="a command by its text"),
        pytest.param({"script": "./run.sh now"}, "shell", id="a script by its path"),
        pytest.param({"session_id": 7, "chars": "cat /etc/shadow\n"}, "shell", id="typed into an open shell"),
        pytest.param({"session_id": 7, "chars": "hunter2\n"}, "other", id="a password typed"),
        pytest.param({"code": "import os\nprint(os.getcwd())"}, "code", id="code"),
        pytest.param({"input": "const a = 1\nrequire('fs')"}, "code", id="code by its text"),
        pytest.param({"url": "https://example.com", "method": "GET"}, "http", id="request"),
        pytest.param({"file_path": "a.py", "limit": 5}, "read", id="read"),
        pytest.param({"path": "a.py", "content": "ls -l"}, "write", id="a written text is no command"),
        pytest.param({"path": "a.sh", "data": "#!/bin/sh\nid"}, "write", id="nor is a written script"),
        pytest.param({"file_path": "a", "old_string": "x", "new_string": "y"}, "edit", id="edit"),
        pytest.param({"input": "*** Begin Patch\n*** Update File: a\n"}, "edit", id="patch"),
        pytest.param({"pattern": "needle", "path": "src"}, "search", id="search"),
        pytest.param({"order_id": "7"}, "other", id="other"),
        pytest.param({}, "other", id="nothing"),
        pytest.param({"query": "how to find a file"}, "search", id="a question"),
    ],
)
def test_the_operation_follows_from_the_shape(arguments: object, operation: str) -> None:
    """Names are hints; ambiguous ones are settled by the text."""
    assert shape(arguments).operation == operation


@pytest.mark.parametrize(
    ("vector", "expected"),
    [
        pytest.param(["bash", "-lc", "id; ls"], "OTHER OTHER COMMAND", id="a shell's script"),
        pytest.param(["ls", "-l", "/opt"], "WORD WORD WORD", id="a program and its words"),
        pytest.param(["ls -l", "cat x"], "COMMAND COMMAND", id="several commands"),
        pytest.param(["id"], "COMMAND", id="one"),
        pytest.param(["/bin/sh", "script.sh"], "WORD WORD", id="a shell that runs a file"),
        pytest.param(["cmd.exe", "/c", "dir"], "OTHER OTHER COMMAND", id="Windows"),
    ],
)
def test_vectors_hold_commands_or_are_one(vector: list[str], expected: str) -> None:
    """Lists of words are told apart."""
    assert [kind.name for kind in shape({"command": vector}).kinds] == expected.split()


def test_headers_and_bodies_are_found_by_what_they_lie_in() -> None:
    """`headers.Accept` is a header whatever its own name, and `body.path` is a part of the body."""
    kinds = shape({"url": "http://h/", "headers": {"Accept": "x"}, "body": {"path": "/etc", "code": "1"}}).kinds

    assert kinds == (LeafKind.URL, LeafKind.HEADER, LeafKind.BODY, LeafKind.BODY)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sudo -n id", True),
        ("FOO=1 make", True),
        ("# first\ncurl -s x", True),
        ("/opt/tool --go", True),
        ("#!/bin/bash\nx", True),
        ("Please list the files", False),
        ("https://example.com/ls", False),
        ("", False),
    ],
)
def test_commands_begin_with_programs(text: str, expected: bool) -> None:  # noqa: FBT001 - a table's column
    """Prose and URLs are no commands."""
    assert starts_a_command(text) is expected


def test_words_are_split_at_spaces() -> None:
    """A long list of names may stand in one text."""
    assert words("a b  a") == {"a", "b"}
