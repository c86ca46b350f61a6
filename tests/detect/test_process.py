"""Processes around a command: who started it, as whom, and where."""

import pytest

from suragh.detect.process import POSIX, WINDOWS, directory_of, parent_of, systems_of, user_of
from suragh.model.command import Command
from suragh.text.shell import commands


def innermost(text: str) -> tuple[Command, tuple[Command, ...]]:
    """The last command of a text, and those before it."""
    *before, last = commands(text)
    return last, tuple(before)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("sudo -u app id", "sudo -u app id"),
        ("bash -c 'id'", "bash -c id"),
        ("ssh box 'sudo id'", "sudo id"),
        ("sudo ls; sudo -n id", "sudo -n id"),
        ("sudo sh -c 'echo $(id)'", "sh -c echo $(id)"),
        ("echo $(id)", ""),
        ("ls && id", ""),
    ],
)
def test_the_innermost_wrapper_is_the_parent(text: str, line: str) -> None:
    """Not the command that happens to stand before it; a substitution starts no process that has a name."""
    parent = parent_of(*innermost(text))

    assert (parent.line if parent else "") == line


@pytest.mark.parametrize(
    ("text", "user"),
    [
        ("sudo id", "root"),
        ("sudo -u app id", "app"),
        ("sudo -uapp id", "app"),
        ("sudo --user=app id", "app"),
        ("su -c id", "root"),
        ("su - app -c id", "app"),
        ("su app -c 'id'", "app"),
        ("ssh ops@box id", "ops"),
        ("ssh -l ops box id", "ops"),
        ("ssh box id", ""),
        ("ssh ops@box 'sudo id'", "root"),
        ("sudo -u app bash -c 'id'", "app"),
        ("gosu app:app id", "app"),
        ("sudo ls; id", ""),
        ("id", ""),
    ],
)
def test_the_nearest_change_of_user_counts(text: str, user: str) -> None:
    """What stands around the command says as whom it runs; what stands beside it does not."""
    assert user_of(*innermost(text)) == user


@pytest.mark.parametrize(
    ("text", "directory"),
    [
        ("cd /srv && ls", "/srv"),
        ("cd /srv; cd app; ls", "/srv/app"),
        ("cd app && ls", "/home/x/app"),
        ("cd .. && ls", "/home"),
        ("ls", "/home/x"),
        ("(cd /srv); bash -c 'cd /opt && ls'", "/opt"),
        ("bash -c 'cd /opt'; ls", "/home/x"),
        ("ssh box 'cd /srv && ls'", "/srv"),
        ("ssh box ls", ""),
    ],
)
def test_changes_of_directory_are_followed(text: str, directory: str) -> None:
    """Those of the same shell or one around it; another host has directories of its own."""
    command, before = innermost(text)

    assert directory_of(command, before, "/home/x") == directory


@pytest.mark.parametrize(
    ("text", "systems"),
    [
        ("curl -s http://192.0.2.1/", POSIX),
        ("whoami", POSIX),
        ("net-tools --version", POSIX),
        ("whoami /priv", WINDOWS),
        ("certutil -urlcache -f http://192.0.2.1/a a", WINDOWS),
        ("C:\\\\Windows\\\\Temp\\\\a.exe", WINDOWS),
        ("./run.bat", WINDOWS),
        ("powershell -c 'whoami'", WINDOWS),
        ("Get-ChildItem -Recurse", WINDOWS),
        ("cmd /c 'dir'", WINDOWS),
    ],
)
def test_a_command_is_of_windows_if_only_windows_has_it(text: str, systems: tuple[str, ...]) -> None:
    """Rules for one system are not asked of another's commands."""
    assert systems_of(innermost(text)[0]) == systems
