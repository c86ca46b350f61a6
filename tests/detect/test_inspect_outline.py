"""Outlines: what two attempts at one thing have in common."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.detect.rulework import call

from suragh.detect.events import CallEvent
from suragh.detect.inspect_outline import command_outline, outline_of, path_outline
from suragh.detect.leaf_kind import shape_of
from suragh.detect.scan_values import Expressions


def outline(arguments: object, tool: str = "tool") -> int:
    """The outline of a call."""
    made = call(tool, arguments)
    return outline_of(CallEvent(made.tool, shape_of(made), made.arguments, Expressions()))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nmap -sV -p 22 192.0.2.1", ["nmap -sV -p"]),
        ("cd /x && ls -la | grep 'a b' ; id", ["cd", "ls -la", "grep", "id"]),
        ("sudo -n /usr/bin/Find.exe / -perm", ["sudo find -perm"]),
        ("FOO=1 timeout 5 curl -s 'x' 2>&1 > out", ["timeout curl -s"]),
        ("ssh -o X=y host 'sudo id -u; ls -l'", ["ssh -o", "sudo id -u", "ls -l"]),
        ("bash -c \"bash -c 'id -n'\"", ["bash -c", "bash -c", "id -n"]),
        ("git commit -m 'many words; and | signs'", ["git -m"]),
        ("", []),
    ],
)
def test_values_are_left_out(text: str, expected: list[str]) -> None:
    """Programs, ways in and switches stay."""
    assert list(command_outline(text)) == expected


def test_the_client_changes_nothing() -> None:
    """Tool, argument names and the form of the arguments are the client's."""
    assert outline({"command": "ls -l /a"}, "Bash") == outline({"cmd": "ls -l /b"}, "shell")
    assert outline({"command": "ls -l /a"}) == outline({"command": ["ls", "-l", "/b"]})
    assert outline({"path": "a.py"}) == outline({"file_path": "/x/b.py", "limit": 5})


def test_different_things_have_different_outlines() -> None:
    """Another switch, program, operation or path is another attempt."""
    made = [
        outline({"command": "ls -l"}),
        outline({"command": "ls -a"}),
        outline({"url": "http://h/users/17"}),
        outline({"url": "http://h/users/17", "method": "DELETE"}),
        outline({"url": "http://h/orders/17"}),
        outline({"path": "a.py"}),
        outline({"path": "a.py", "content": "x"}),
        outline({"a": "b"}),
    ]

    assert len(set(made)) == len(made)
    assert 0 not in made


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/users/17/posts", "/users/*/posts"),
        ("/x/0f8fad5b-d9cb-469f-a165-70867728950e", "/x/*"),
        ("/v1/items", "/*/items"),
        ("/a/b.html", "/a/b.html"),
    ],
)
def test_parts_of_paths_that_vary(path: str, expected: str) -> None:
    """Numbers and ids become one mark."""
    assert path_outline(path) == expected


@given(st.text(st.sampled_from("ab'\"|;&() $-=\\\n<>`"), max_size=40))
def test_any_text_has_an_outline(text: str) -> None:
    """No quote that is left open stops it, and it is the same every time."""
    assert outline({"command": f"x {text}"}) == outline({"command": f"x {text}"})
