"""Values by form: hashes, hardware addresses, networks, cards, accounts, transactions."""

from hashlib import md5, sha1, sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.detect.observables.test_validators import BODIES, check_digit, made_iban
from tests.detect.observables_found import found, values

from suragh.model.observable import ObservableKind as Kind

SHA1 = sha1(b"suragh", usedforsecurity=False).hexdigest()


@given(st.binary(min_size=1, max_size=20), st.sampled_from(["{}", "({})", "{}  tool.exe", "sha256:{}", '"{}"']))
def test_hashes_of_three_lengths(content: bytes, around: str) -> None:
    """MD5, SHA-1 and SHA-256 sums are found in small letters."""
    for digest in (md5(content, usedforsecurity=False), sha1(content, usedforsecurity=False), sha256(content)):
        value = digest.hexdigest()

        assert values(around.format(value.upper()), Kind.HASH) == {value}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("123e4567-e89b-12d3-a456-426614174000", id="uuid"),
        pytest.param("d41d8cd98f00b204e9800998ecf8427e", id="of nothing"),
        pytest.param("0" * 32 + " " + "ab" * 16, id="padding"),
        pytest.param("a1b2c3d4" * 20, id="a longer run"),
        pytest.param(f"commit {SHA1}", id="commit"),
        pytest.param(f"{SHA1}\trefs/heads/main", id="reference"),
        pytest.param(f"git show {SHA1}", id="argument of git"),
        pytest.param("x" + "a1b2c3d4" * 4, id="inside a word"),
    ],
)
def test_no_hash(text: str) -> None:
    """Ids, padding, tickets, hashes of nothing and git's objects are no files."""
    assert values(text, Kind.HASH) == set()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("link/ether 00:1A:2b:3c:4D:5e brd ff:ff:ff:ff:ff:ff", {"00:1a:2b:3c:4d:5e"}),
        ("BSSID 00-1a-2b-3c-4d-5e", {"00:1a:2b:3c:4d:5e"}),
        ("arp 001a.2b3c.4d5e", {"00:1a:2b:3c:4d:5e"}),
        ("MD5:00:1a:2b:3c:4d:5e:6f:70:81:92:a3:b4:c5:d6:e7:f8", set()),
        ("eth0 02:42:ac:11:00:02", set()),
        ("12:34:56 2024-11-05-10-20-30", set()),
    ],
)
def test_hardware_addresses(text: str, expected: set[str]) -> None:
    """Addresses in three notations are one value; fingerprints, containers and times are none."""
    assert values(text, Kind.MAC) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('wlan0 ESSID:"Blue Door 5"', {"Blue Door 5"}),
        ('{"ssid": "BlueDoor", "bssid": "00:1a:2b:3c:4d:5e"}', {"BlueDoor"}),
        ("ssid=BlueDoor&security=none", {"BlueDoor"}),
        ("Cookie: PHPSESSID=abcdef", set()),
        ("ssid: string", set()),
        ('ssid="$NAME"', set()),
    ],
)
def test_names_of_networks(text: str, expected: set[str]) -> None:
    """A label tells the name of a wireless network; other words that end so do not."""
    assert values(text, Kind.SSID) == expected


@given(
    st.sampled_from(["4", "51", "2221", "2720"]),
    st.text("0123456789", min_size=15, max_size=15),
    st.sampled_from(["", " ", "-"]),
)
def test_card_numbers_in_every_grouping(head: str, rest: str, separator: str) -> None:
    """A number with a right check digit is one value with and without groups; with a wrong one it is none."""
    body = (head + rest)[:15]
    number = body + check_digit(body)
    wrong = body + str((int(number[-1]) + 1) % 10)
    expected = {number} if len(set(number)) > 2 else set()

    assert values(f"card {grouped(number, separator)}.", Kind.CARD) == expected
    assert values(f"card {grouped(wrong, separator)}.", Kind.CARD) == set()


def grouped(number: str, separator: str) -> str:
    """A number in groups of four."""
    return separator.join(number[i : i + 4] for i in range(0, len(number), 4))


def test_lists_and_fractions_are_no_cards() -> None:
    """Ports in a row, fractions, times and parts of ids are no card numbers."""
    assert values("for p in 443 3000 3001 4000 4001 5000; do", Kind.CARD) == set()
    assert values("0.4012888888881881 4012888888881881.5 id-4012888888881881 1700000000009", Kind.CARD) == set()


def test_a_card_and_an_account_show_their_ends() -> None:
    """Four digits at both ends of a card, country, check digits and two more of an account."""
    shown = {one.kind: one.shown for one in found("4012 8888 8888 1881 and DE89 3704 0044 0532 0130 00")}

    assert shown == {Kind.CARD: "4012…1881", Kind.IBAN: "DE89…00"}


@given(parts=BODIES, spaced=st.booleans())
def test_accounts_with_and_without_spaces(parts: tuple[str, str], spaced: bool) -> None:  # noqa: FBT001 - drawn
    """An IBAN is one value in both layouts, also where the line goes on in capitals."""
    number = made_iban(*parts)
    written = grouped(number, " ") if spaced else number

    assert number in values(f"to {written} BIC", Kind.IBAN)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"transaction_id": "TX-90210-7"}', {"TX-90210-7"}),
        ("payment reference: 2024A-7781", {"2024A-7781"}),
        ("UETR: 97ed4827-7b6f-4491-a06f-b548d5a7512d", {"97ed4827-7b6f-4491-a06f-b548d5a7512d"}),
        ("charge ch_3Kt9Lp2Xv8Rn5Mc4Jh6G ok", {"ch_3Kt9Lp2Xv8Rn5Mc4Jh6G"}),
        ("transaction_id: string", set()),
        ("transaction = begin(); payment_id = get_id()", set()),
        ("search_3Kt9Lp2Xv8Rn5Mc4Jh6G", set()),
    ],
)
def test_transactions(text: str, expected: set[str]) -> None:
    """A label or a published prefix tells a transaction's id; words of code are none."""
    assert values(text, Kind.TRANSACTION) == expected
