"""Accidents taken away from commands and prompts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suragh.text.normalise import SHINGLE_LIMIT, normalised_command, outline, shingles
from suragh.text.shell import commands


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("curl -s -X POST http://192.0.2.7/a -d @f | jq .", "curl -s -X post @url -d | jq", id="curl"),
        pytest.param("nxc smb 192.0.2.7 -u bob -p 'pw1'", "nxc smb @host -u -p", id="verb"),
        pytest.param("ssh bob@h.example.com 'cat /etc/passwd'", "ssh @host ; ssh: cat @path", id="way in"),
        pytest.param("tool --user=bob --port 22 ./x", "tool --user --port @path", id="long switches"),
    ],
)
def test_an_outline_holds_programs_switches_and_kinds(text: str, expected: str) -> None:
    """Values go, what is done stays."""
    assert outline(commands(text)) == expected


def test_two_attempts_at_one_thing_have_one_outline() -> None:
    """Other hosts, names and passwords do not change it; another switch does."""
    first, second, third = (
        outline(commands(text))
        for text in (
            "nmap -sV -p 80 192.0.2.1 && curl -k https://192.0.2.1/login",
            "nmap -sV -p 8443 198.51.100.9 && curl -k https://198.51.100.9:8443/admin?x=1",
            "nmap -sU -p 80 192.0.2.1 && curl -k https://192.0.2.1/login",
        )
    )

    assert first == second != third


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("  ls   -la\t x ", "ls -la x", id="blanks"),
        pytest.param("cat /tmp/tmp.Xa81kQ", "cat /tmp/@", id="temporary name"),
        pytest.param("kill -9 4242 77", "kill -9 @ @", id="kill"),
        pytest.param("cat /proc/991/maps; strace -p 991", "cat /proc/@/maps; strace -p @", id="pid"),
        pytest.param("cat /tmp/users.txt; nmap -p80 192.0.2.7", "cat /tmp/users.txt; nmap -p80 192.0.2.7", id="kept"),
    ],
)
def test_accidents_of_a_run_are_removed(line: str, expected: str) -> None:
    """Temporary names and process ids go; hosts, ports and chosen names stay."""
    assert normalised_command(line) == expected


@given(line=st.text() | st.sampled_from(["kill 1", "cat /var/tmp/a1", "cat /proc/7/x"]))
def test_normalising_twice_changes_nothing(line: str) -> None:
    """The normal form is its own normal form."""
    once = normalised_command(line)

    assert normalised_command(once) == once


def test_shingles_are_case_folded_runs_of_words() -> None:
    """Three words a run, each once; signs and case do not matter."""
    assert shingles("Scan the HOST, scan the host!") == ["scan the host", "the host scan", "host scan the"]
    assert shingles("Hi there") == ["hi there"]
    assert shingles(" ?! ") == []


@given(text=st.text())
def test_shingles_ignore_case_and_are_bounded(text: str) -> None:
    """Writing all in capitals, where that folds back, gives the same runs; there are never too many."""
    assert shingles(text) == shingles(text.casefold())
    assert len(shingles(text)) <= SHINGLE_LIMIT
