"""Observables: what holds for every kind, over texts that reach every finder."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.detect.observables_found import found, triggers_of, values

from suragh.detect.observables.find import TRIGGERS, observables
from suragh.model.observable import ObservableKind as Kind

PIECES = (
    "ssh -p 22 jroe@db-09.corp.internal id",
    "http://u:S3cretive9@web01:8080/a/b?x=1#y",
    "//files-2/x$ \\\\FILES-3\\x",
    "CORP\\jane.roe",
    "jane.roe@example.com",
    "192.0.2.7/24 2001:db8::7",
    "nxc smb 192.0.2.4 -u jroe -p 'Tr0ub4dor3x' -H 8846f7eaee8fb117ad06bdd830b7586c",
    "AKIAQ7WZ3KT2LP5XV6RN",
    "/home/jroe/loot/../x.txt C:\\Users\\jroe\\x.ps1 > loot_dc01.txt",
    "d41d8cd98f00b204e9800998ecf8427f",
    "00:1A:2B:3C:4D:5E",
    'ESSID:"Blue Door"',
    "4012 8888 8888 1881",
    "DE89 3704 0044 0532 0130 00",
    "transaction_id: TX-90210-7 pi_3Kt9Lp2Xv8Rn5Mc4Jh6G",
    "İstanbul ß 🐈 \ud800",
    "password=",
    "://",
    "@",
    "\\",
    "_.com",
    "*.de",
    ":22",
    "eyJ",
    "0" * 40,
)
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=12), max_size=9).flatmap(
    lambda parts: st.sampled_from([" ", "\n", "", '"', "\\n"]).map(lambda glue: glue.join(parts))
)


@given(TEXTS)
def test_spans_are_inside_in_order_and_of_distinct_values(text: str) -> None:
    """Spans lie in the text, come in order of start, and no (kind, value) comes twice."""
    seen = found(text)

    assert all(0 <= one.start < one.end <= len(text) for one in seen)
    assert [one.start for one in seen] == sorted(one.start for one in seen)
    assert len({(one.kind, one.value) for one in seen}) == len(seen)
    assert all(one.value and one.leaf == "command" for one in seen)


@given(TEXTS)
def test_more_triggers_find_no_less(text: str) -> None:
    """With every trigger set, all that the real triggers led to is found: they choose, they do not change.

    Only the word of git decides anything itself: which hashes are left out.
    """
    everything = sum(trigger.bit for trigger in TRIGGERS if trigger.name != "git")
    real = triggers_of(text)
    git = real & next(trigger.bit for trigger in TRIGGERS if trigger.name == "git")

    some = {(one.kind, one.value) for one in observables(text, "command", real)}
    most = {(one.kind, one.value) for one in observables(text, "command", everything | git)}
    missed = {(kind, value) for kind, value in some - most if kind is not Kind.HASH}

    assert not missed


@given(TEXTS)
def test_secrets_are_not_shown(text: str) -> None:
    """A credential shows nothing; people's values never show themselves; places are shown as they are."""
    for one in found(text):
        if one.kind is Kind.CREDENTIAL:
            assert one.shown == ""
        elif one.kind in {Kind.EMAIL, Kind.USER, Kind.CARD, Kind.IBAN, Kind.SSID, Kind.MAC, Kind.TRANSACTION}:
            assert one.shown
            assert one.value not in one.shown
        else:
            assert one.shown == one.value


@given(TEXTS)
def test_without_a_trigger_nothing_is_looked_for(text: str) -> None:
    """No bit, no work, no observable."""
    assert observables(text, "command", 0) == []


@pytest.mark.parametrize("piece", PIECES[:15])
def test_every_piece_is_found_behind_letters_that_change_length(piece: str) -> None:
    """Capitals that become two small letters move no span: the same is found, at the shifted place."""
    plain = found(piece)
    moved = found(f"İ ß\n{piece}")

    assert plain
    assert [(one.kind, one.value, one.start + 4) for one in plain] == [
        (one.kind, one.value, one.start) for one in moved
    ]


def test_the_first_span_counts() -> None:
    """A value seen twice has the span of the first."""
    text = "ping web-1.example.com; curl http://web-1.example.com/; ssh web-1.example.com"
    host = [one for one in found(text) if one.kind is Kind.DOMAIN]

    assert [(one.value, one.start) for one in host] == [("web-1.example.com", 5)]


def test_one_text_may_be_of_two_kinds() -> None:
    """The same text as a user's password and as a host is kept as both."""
    assert {one.kind for one in found("sshpass -p 'web-1x' ssh web-1x") if one.value == "web-1x"} == {
        Kind.CREDENTIAL,
        Kind.HOST,
    }


def test_triggers_are_single_distinct_bits() -> None:
    """Each trigger has a bit and a name of its own."""
    assert all(trigger.bit.bit_count() == 1 for trigger in TRIGGERS)
    assert len({trigger.bit for trigger in TRIGGERS}) == len({trigger.name for trigger in TRIGGERS}) == len(TRIGGERS)


def test_every_trigger_leads_somewhere() -> None:
    """Each trigger stands in some piece of these tests or of the credentials' tests: none is dead."""
    texts = (
        *PIECES,
        "-----BEGIN PRIVATE KEY-----",
        "Authorization: Bearer abcdefgh12345",
        "curl -u 'a:b' x",
        "[+] a",
        "$krb5tgs$23$x",
        "git commit",
        "mysql -psecret",
        "corp.lan/a:b@192.0.2.1 -hashes x",
    )
    seen = 0
    for text in texts:
        seen |= triggers_of(text)

    assert [trigger.name for trigger in TRIGGERS if not trigger.bit & seen] == []


@pytest.mark.parametrize(
    "text",
    [
        "a" * 100_000,
        "1." * 50_000,
        ("a." * 100 + "com ") * 300,
        "@" * 50_000,
        "/" * 50_000,
        "\\" * 50_000,
        "://a:" * 20_000,
        "password=" * 10_000,
        "-u a " * 20_000,
        "eyJ" * 30_000,
        "ssh " * 20_000,
        "0" * 100_000,
        "[+] " * 20_000,
    ],
)
def test_hostile_texts_end(text: str) -> None:
    """Long runs made to provoke backtracking are read in time that the test run does not notice."""
    observables(text, "command", sum(trigger.bit for trigger in TRIGGERS))


def test_examples_of_ordinary_work_have_little() -> None:
    """A developer's command yields the paths it names, and no host, user or secret."""
    text = (
        "cd /opt/acme/app && python -m pytest tests/test_api.py -q --tb=short 2>&1 | tail -20 && git log --oneline -5"
    )

    assert values(text) == {"/opt/acme/app"}
