"""Hosts by context: names that are hosts because of the program or the port beside them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.detect.observables_found import values

from suragh.model.observable import ObservableKind as Kind


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("ssh bastion", {"bastion"}, id="first word"),
        pytest.param("ssh -i ~/.ssh/k -p 2222 -o A=b jump-1 'uname -a'", {"jump-1"}, id="behind options with values"),
        pytest.param("cd /x && ping -c 3 web01; true", {"web01"}, id="in a list"),
        pytest.param("sudo nc -nvzw 3 db-2 5432", {"db-2"}, id="a cluster of options"),
        pytest.param("scp out.txt app-3:/srv/", {"app-3"}, id="remote file"),
        pytest.param("psql -h pgmain -U x", {"pgmain"}, id="option of a client"),
        pytest.param("dig +short mail.example.io", {"mail.example.io"}, id="a suffix that members have, too"),
        pytest.param("curl -s app-7:8080/x", {"app-7"}, id="port"),
        pytest.param("connect to ldap-1:636, then cachehost:6379", {"ldap-1", "cachehost"}, id="ports of services"),
        pytest.param("SSH service runs; ping the server; ssh into it", set(), id="prose"),
        pytest.param("main.go:22 lib.rs:443 margin:80 a:8080 file.py:8080:", set(), id="lines of files, styles"),
        pytest.param("curl -o page.py x.sh && ssh -V", set(), id="files, and no host at all"),
        pytest.param("ssh $HOST ls; ssh <host>; ping -c 1 localhost", set(), id="templates, the machine itself"),
    ],
)
def test_hosts_in_context(text: str, expected: set[str]) -> None:
    """Programs and ports tell hosts, also of one label; prose and code do not."""
    assert values(text, Kind.HOST, Kind.DOMAIN) == expected


@given(
    st.from_regex(r"[a-z]{2,8}-[a-z]{0,4}[0-9]{1,2}", fullmatch=True),
    st.sampled_from(["ssh", "ping -c 1", "telnet", "nslookup"]),
)
def test_every_numbered_name_is_a_host_to_a_program(name: str, program: str) -> None:
    """The first word of such a program is its host, whatever it is called."""
    assert values(f"{program} {name}", Kind.HOST) == {name}
