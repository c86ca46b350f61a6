"""What curl, wget and HTTPie commands would send."""

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suragh.detect.http import HttpRequest, request_of, target

URL = "http://192.0.2.1/x"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param(f"curl -s {URL}", HttpRequest("GET", (URL,)), id="plain"),
        pytest.param(f"curl -sSLo out -X PUT {URL}", HttpRequest("PUT", (URL,)), id="cluster with a value"),
        pytest.param(f"curl -XDELETE {URL}", HttpRequest("DELETE", (URL,)), id="glued value"),
        pytest.param(f"curl -I {URL}", HttpRequest("HEAD", (URL,)), id="head"),
        pytest.param(f"curl {URL} -d a=1 --data-raw @b", HttpRequest("POST", (URL,), (), ("a=1", "@b")), id="data"),
        pytest.param(f"curl {URL} -d @/etc/x", HttpRequest("POST", (URL,), (), (), ("/etc/x",)), id="file as data"),
        pytest.param(f"curl {URL} -d a=b@c", HttpRequest("POST", (URL,), (), ("a=b@c",)), id="an at sign in data"),
        pytest.param(f"curl -F f=@x;type=a {URL}", HttpRequest("POST", (URL,), (), (), ("x",)), id="form with a file"),
        pytest.param(f"curl -T dump.sql {URL}", HttpRequest("PUT", (URL,), (), (), ("dump.sql",)), id="upload"),
        pytest.param(f"curl -G {URL} -d q=1 -d r=2", HttpRequest("GET", (f"{URL}?q=1&r=2",)), id="data as a query"),
        pytest.param(f"curl -A bot -e r {URL}", HttpRequest("GET", (URL,), ("User-Agent: bot", "Referer: r")), id="-A"),
        pytest.param(f"curl -u a:b {URL}", HttpRequest("GET", (URL,), ("Authorization: Basic YTpi",)), id="-u"),
        pytest.param(f"curl --url {URL} -o a.html", HttpRequest("GET", (URL,)), id="--url"),
        pytest.param(f"wget -q --post-data=a=1 {URL}", HttpRequest("POST", (URL,), (), ("a=1",)), id="wget data"),
        pytest.param(f"wget --post-file=x {URL}", HttpRequest("POST", (URL,), (), (), ("x",)), id="wget file"),
        pytest.param(f"wget -O- -U bot {URL}", HttpRequest("GET", (URL,), ("User-Agent: bot",)), id="wget agent"),
        pytest.param(
            f"http PUT {URL} X-A:1 b=2 c==3 d@e",
            HttpRequest("PUT", (f"{URL}?c=3",), ("X-A: 1",), ("b=2",), ("e",)),
            id="httpie items",
        ),
        pytest.param("curl -X $METHOD http://h/", HttpRequest("$METHOD", ("http://h/",)), id="a variable is no verb"),
    ],
)
def test_requests_are_read_off_options(line: str, expected: HttpRequest) -> None:
    """Each client's options mean what its manual says."""
    words = shlex.split(line)

    assert request_of(words[0], words) == expected


@pytest.mark.parametrize("line", ["curl --version", "curl -o", "wget -h", "http", "grep http://x y", "curl"])
def test_no_request_without_a_url(line: str) -> None:
    """A command that names no URL, or is no client, sends nothing."""
    words = shlex.split(line)

    assert request_of(words[0], words) is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        pytest.param("https://u:p@Example.com:8443/a%2fb?q=%41+c#f", ("example.com", "/a/b", "q=A c"), id="all parts"),
        pytest.param("http://[2001:db8::1]:80/x", ("2001:db8::1", "/x", ""), id="IPv6"),
        pytest.param("example.com/x+y", ("example.com", "/x+y", ""), id="no scheme, a plus in a path"),
        pytest.param("http://h/%252e", ("h", "/%2e", ""), id="decoded once"),
        pytest.param("http://[broken", ("broken", "", ""), id="what no standard allows"),
    ],
)
def test_urls_come_apart(url: str, expected: tuple[str, str, str]) -> None:
    """Host, path and query of whatever an agent wrote."""
    found = target(url)

    assert (found.host, found.path, found.query) == expected


@given(
    st.lists(st.sampled_from(["-X", "-d", "@f", "-sSo", "--data=", "--", "-", "", "http://h", "-F", "a=@"]), max_size=8)
)
def test_any_words_are_read(words: list[str]) -> None:
    """No sequence of words stops the reader, and every request has a URL and a method."""
    request = request_of("curl", ["curl", *words])

    assert request is None or (request.urls and request.method)
