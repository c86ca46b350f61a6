"""Credentials by context: the secret alone however it is used; no code, no placeholder, nothing of everybody's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.detect.observables_found import found, values

from suragh.model.observable import ObservableKind as Kind

SECRET = "Tr0ub4dor+3x"  # noqa: S105 - made up
NT = "8846f7eaee8fb117ad06bdd830b7586c"
LM = "aad3b435b51404eeaad3b435b51404ee"

WAYS = (
    "nxc smb 192.0.2.4 -u jroe -p '{}'",
    'evil-winrm -i web01 -u jroe -p "{}" ',
    "tool --password={} ",
    "tool --password '{}'",
    "xfreerdp /v:web01 /u:jroe /p:'{}'",
    "sshpass -p '{}' ssh web01",
    "mysql -h db1 -u jroe -p'{}' app",
    "PGPASSWORD='{}' psql -h db1",
    'export DB_PASSWORD="{}"',
    '{{"username": "jroe", "password": "{}"}}',
    '{{\\"password\\": \\"{}\\"}}',
    "smbclient -U 'jroe%{}' //web01/x",
    "secretsdump.py 'corp.lan/jroe:{}@192.0.2.4'",
    "curl -u 'jroe:{}' http://web01/",
    "echo '{}' | sudo -S id",
    "net user svc2 '{}' /add",
    "redis-cli -h web01 -a '{}' keys",
    "[+] corp.lan\\jroe:{} (ok)",
    "[22][ssh] host: 192.0.2.4   login: jroe   password: {}",
    "$krb5asrep$23$jroe@CORP.LAN:" + "0a" * 80 + ":{}\n",
)


@pytest.mark.parametrize("way", WAYS)
def test_one_secret_is_one_value_however_it_is_given(way: str) -> None:
    """Options, variables, bodies, pairs and tools' reports give the bare secret, at its place, and show nothing."""
    text = way.format(SECRET)
    seen = [one for one in found(text) if one.kind is Kind.CREDENTIAL]

    assert [(one.value, one.shown, text[one.start : one.end]) for one in seen] == [(SECRET, "", SECRET)]


@given(
    way=st.sampled_from([way for way in WAYS if "'{}'" in way or '"{}"' in way]),
    secret=st.from_regex(r"[A-Z][a-z]{3}[0-9]{2}[!#^*][A-Z][a-z]{4}[0-9]", fullmatch=True),
)
def test_every_strong_password_in_quotes_is_found(way: str, secret: str) -> None:
    """A secret of mixed characters is found in every quoted place."""
    assert values(way.format(secret), Kind.CREDENTIAL) == {secret}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("password = get_password(user)", id="call"),
        pytest.param("password: str, token: string", id="types"),
        pytest.param('password = "<password>"; token="${TOKEN}"', id="templates"),
        pytest.param("nxc smb x -u $U -p $PASS; tool --password=$P1", id="variables"),
        pytest.param("Password: required. pass: 12 PASS: TestLogin/first_2", id="words and reports"),
        pytest.param("token = config.auth.token2", id="members"),
        pytest.param("max_tokens: 4096; next_token=abcdefghij1234567", id="counts and pages"),
        pytest.param("csrfmiddlewaretoken=5zXh2Kq9Lw8Rt6Yp3Nn", id="against forgery"),
        pytest.param("mkdir -p /srv/app9x; docker run -p 8080:80 x; ssh -p 2222 web01", id="other -p"),
        pytest.param("nxc smb x -u users.txt -p passwords.txt", id="lists"),
        pytest.param(
            "-u admin -p P@ssw0rd; -u a -p Winter2024! ; -u a -p admin123; -u a -p changeme", id="everybody's"
        ),
        pytest.param("image/name:tag9@sha256:abc npm:left-pad1@1.2.3", id="tags"),
        pytest.param("password=**** password=xxxxxxxx password=........", id="masked"),
        pytest.param("mailto:jroe77@example.com EMAIL:jroe77@example.com", id="mailboxes"),
        pytest.param("http://web01:8080/a@b", id="a port is no password"),
    ],
)
def test_no_credential(text: str) -> None:
    """Code, templates, words, everybody's passwords and other meanings of the same letters are no credentials."""
    assert values(text, Kind.CREDENTIAL) == set()


@pytest.mark.parametrize(
    "text",
    [
        f"jroe:1105:{LM}:{NT}:::",
        f"wmiexec.py -hashes {LM}:{NT} x",
        f"nxc -u a -H {NT}",
        f"nxc -u a -H :{NT.upper()}",
        f"NT hash: `{NT}`",
        f"password: {LM}:{NT}",
    ],
)
def test_an_nt_hash_is_a_credential_and_no_file(text: str) -> None:
    """It logs in as a password does: alone, in small letters, without its LM half, and not as a file's hash."""
    assert values(text, Kind.CREDENTIAL, Kind.HASH) == {NT}


def test_the_hash_of_nothing_is_nobodys() -> None:
    """An account without a password has the hash of everybody's empty one."""
    assert values(f"Guest:501:{LM}:31d6cfe0d16ae931b73c59d7e0c089c0:::", Kind.CREDENTIAL, Kind.HASH) == set()


def test_authorization_headers() -> None:
    """A bearer token is a credential; basic authorization gives the password inside (RFC 7617)."""
    assert values("Authorization: Basic anJvZTpUcjB1YjRkb3I=", Kind.CREDENTIAL) == {"Tr0ub4dor"}
    assert values("-H 'Authorization: Bearer 9f8e7d6c5b4a39281706f5e4'", Kind.CREDENTIAL) == {
        "9f8e7d6c5b4a39281706f5e4"
    }
    assert values("basic understanding of bearer authentication", Kind.CREDENTIAL) == set()


def test_a_password_in_a_url() -> None:
    """The password is found, and neither the URL nor what is shown holds it."""
    seen = found("psql postgres://jroe:Tr0ub4dor3x@db-1.corp.internal:5432/app")

    assert {one.value for one in seen if one.kind is Kind.CREDENTIAL} == {"Tr0ub4dor3x"}
    assert {one.value for one in seen if one.kind is Kind.URL} == {"postgres://db-1.corp.internal/app"}
    assert not any("Tr0ub4dor3x" in one.shown for one in seen)
