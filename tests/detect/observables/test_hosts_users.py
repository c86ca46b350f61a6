"""Users: one value for each way of writing them, and never a password for a user."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.detect.observables_found import found, values

from suragh.detect.observables.hosts_users import realm_user
from suragh.model.observable import ObservableKind as Kind

NAMES = st.from_regex(r"[a-z]{4,9}\.[a-z]{4,9}", fullmatch=True)


@pytest.mark.parametrize(
    "text",
    [
        r"CORP\jane.roe",
        r"It was CORP\jane.roe.",
        r"corp.internal\jane.roe",
        "account jane.roe@CORP.internal",
        "secretsdump.py corp.internal/jane.roe@192.0.2.4",
        r'{"user": "CORP\\jane.roe"}',
    ],
)
def test_a_user_of_a_realm_has_one_form(text: str) -> None:
    """Down-level names, principals and realm/user are one value."""
    assert values(text, Kind.USER) == {r"corp\jane.roe"}


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        pytest.param("ssh jroe@web01 id", Kind.USER, {r"web01\jroe"}, id="user at a host"),
        pytest.param("ssh jroe@web01 id", Kind.HOST, {"web01"}, id="and the host"),
        pytest.param("jroe@web01:~/x$ ls", Kind.HOST, {"web01"}, id="prompt"),
        pytest.param("ssh deploy@web.example.com", Kind.DOMAIN, {"web.example.com"}, id="not a mailbox: host"),
        pytest.param("ssh jroe@web.example.com", Kind.EMAIL, set(), id="not a mailbox"),
        pytest.param("Jane.Roe+x@Example.com", Kind.EMAIL, {"jane.roe+x@example.com"}, id="mailbox"),
        pytest.param("To:%20jroe@example.com", Kind.EMAIL, {"jroe@example.com"}, id="behind an escape"),
        pytest.param("git@github.com:a/b noreply@example.com", Kind.EMAIL, set(), id="nobody's mailboxes"),
        pytest.param("npm i left@1.2.3 tool@latest @scope/x", Kind.HOST, set(), id="versions and scopes"),
        pytest.param("x aes@openssh.com", Kind.EMAIL, set(), id="names of ciphers"),
        pytest.param("ssh root@web01", Kind.USER, set(), id="everybody's account"),
        pytest.param(
            "psexec.py corp.lan/bob1:S3cretive@192.0.2.9", Kind.USER, set(), id="what follows a colon is no user"
        ),
        pytest.param(
            r"C:\Users\x HKLM\SAM NT AUTHORITY\SYSTEM FAILED\ntest a\nb FAILED\ntest",
            Kind.USER,
            set(),
            id="paths, registry, escapes",
        ),
    ],
)
def test_users_and_mailboxes(text: str, kind: Kind, expected: set[str]) -> None:
    """What stands before and after an `@` is read by what is around it."""
    assert values(text, kind) == expected


@given(name=NAMES)
def test_what_identifies_a_person_is_masked(name: str) -> None:
    """What is shown of a mailbox and of a user never holds the name."""
    seen = [one for one in found(rf"mail {name}@example.com, CORP\{name}") if one.kind in {Kind.EMAIL, Kind.USER}]

    assert {one.kind for one in seen} == {Kind.EMAIL, Kind.USER}
    assert all(name in one.value and name not in one.shown and one.shown for one in seen)


def test_everybodys_accounts_are_no_users() -> None:
    """`root`, numbers and nothing have no value; an address keeps all of itself as a realm."""
    assert realm_user("web01", "root") == realm_user("web01", "1000") == realm_user("web01", "$") == ""
    assert realm_user("192.0.2.7", "Bob") == r"192.0.2.7\bob"
