"""Paths: one form each, rare ones only, and no routes of web applications."""

import posixpath

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.detect.observables_found import values

from suragh.model.observable import ObservableKind as Kind

PARTS = st.lists(st.sampled_from(["a1", "b2", ".", "..", "", "notes"]), min_size=1, max_size=6)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("cat '/home/jroe/x/../y//z.txt'", {"/home/jroe/y/z.txt"}, id="resolved"),
        pytest.param("ls /Users/jroe/Work/acme/", {"/Users/jroe/Work/acme"}, id="no slash at the end"),
        pytest.param("tee ~/loot/dc.txt", {"~/loot/dc.txt"}, id="home"),
        pytest.param("bash /var/tmp/.x1/run.sh", {"/var/tmp/.x1/run.sh"}, id="hidden folder"),  # noqa: S108 - read
        pytest.param("ls /home/jroe/app/node_modules/x /Users/jroe/.cargo/bin/y", set(), id="fetched and built"),
        pytest.param("/srv/a/main.go-312-\tfoo", {"/srv/a/main.go"}, id="context lines of grep"),
        pytest.param("/opt/acme/a.py:22: error", {"/opt/acme/a.py"}, id="line numbers"),
        pytest.param(
            r"type C:\\Users\\JRoe\\Desktop\\Plan.TXT", {r"c:\users\jroe\desktop\plan.txt"}, id="Windows, escaped"
        ),
        pytest.param(r"C:\Windows\Temp\out7.dmp", {r"c:\windows\temp\out7.dmp"}, id="Windows, temporary"),
        pytest.param("nmap -oN loot_dc01.txt x", {"loot_dc01.txt"}, id="written by an option"),
        pytest.param("secretsdump x > out/corp-dump.ntds", {"out/corp-dump.ntds"}, id="written by a redirect"),
        pytest.param(
            "cat /etc/passwd /etc/ssh/sshd_config /usr/bin/x /proc/1/maps /dev/null /tmp /root",
            set(),
            id="every system's",
        ),
        pytest.param("cat ~/.ssh/id_rsa /root/.bashrc /home/ubuntu/.aws/credentials", set(), id="every home's"),
        pytest.param(r"C:\Windows\System32\cmd.exe C:\Program Files\x C:\x", set(), id="every Windows'"),
        pytest.param("GET /api/v1/users /rest/admin/config /index.php", set(), id="routes"),
        pytest.param(
            "echo x > output.txt; make > build.log; cargo doc > main.rs", set(), id="everybody's and a project's files"
        ),
        pytest.param("x >> /dev/null; ls src/app/main.py", set(), id="sources that are read"),
    ],
)
def test_paths(text: str, expected: set[str]) -> None:
    """Paths that may tell one actor from another are found in one form; all others are left out."""
    assert values(text, Kind.PATH) == expected


@given(PARTS)
def test_paths_are_resolved_as_posix_does(parts: list[str]) -> None:
    """Dots and doubled slashes go as `normpath` takes them, where the result stays below the home."""
    written = "/home/jroe/keep/" + "/".join(parts) + "/end.txt"
    expected = posixpath.normpath(written)

    assert values(f"cat {written}", Kind.PATH) == (
        {expected}
        if expected.startswith("/home/") and expected.count("/") > 2
        else values(f"cat {expected}", Kind.PATH)
    )
