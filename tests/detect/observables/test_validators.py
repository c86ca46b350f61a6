"""Validators: each law of a number's or a name's form, and what breaks it."""

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suragh.detect.observables.validators import (
    IBAN_LENGTHS,
    dotted,
    host_ipv4,
    host_name,
    iban,
    ipv4,
    ipv6,
    luhn,
    mac,
    network,
    payment_card,
)

DIGITS = st.text("0123456789", min_size=11, max_size=18)


def check_digit(body: str) -> str:
    """The digit that makes a body pass Luhn's formula, found by trying."""
    return next(digit for digit in "0123456789" if luhn(body + digit))


@given(body=DIGITS, data=st.data())
def test_luhn_sees_one_changed_digit(body: str, data: st.DataObject) -> None:
    """Exactly one check digit passes, and no single changed digit does."""
    number = body + check_digit(body)
    place = data.draw(st.integers(0, len(number) - 1))
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != number[place]]))

    assert not luhn(number[:place] + other + number[place + 1 :])
    assert sum(luhn(body + digit) for digit in "0123456789") == 1


@given(body=DIGITS, place=st.integers(0, 16))
def test_luhn_sees_swapped_neighbours(body: str, place: int) -> None:
    """Two swapped neighbours fail, but for 0 and 9, which the formula cannot tell apart."""
    number = body + check_digit(body)
    place %= len(number) - 1
    left, right = number[place], number[place + 1]

    swapped = luhn(number[:place] + right + left + number[place + 2 :])

    assert swapped == (left == right or {left, right} == {"0", "9"})


@pytest.mark.parametrize(
    ("digits", "valid"),
    [
        pytest.param("4111111111111111", False, id="two digits only: fills forms"),
        pytest.param("4012888888881881", True, id="visa"),
        pytest.param("5555341244441115", True, id="mastercard"),
        pytest.param("2223003122003222", True, id="mastercard 2-series"),
        pytest.param("2720994326581252", True, id="mastercard 2-series, last range"),
        pytest.param("378282246310005", True, id="american express"),
        pytest.param("30569309025904", True, id="diners"),
        pytest.param("6011000990139424", True, id="discover"),
        pytest.param("3530111333300000", True, id="jcb"),
        pytest.param("4012888888881882", False, id="check digit"),
        pytest.param("1700000000009", False, id="epoch milliseconds"),
        pytest.param("9012888888881886", False, id="no issuer"),
        pytest.param("40128888888818", False, id="length"),
    ],
)
def test_a_card_number_has_issuer_length_and_check_digit(digits: str, valid: bool) -> None:  # noqa: FBT001 - a table
    """Only numbers of a known issuer, of its length, with the right check digit are cards."""
    assert payment_card(digits) is valid


@given(st.integers(1_000_000_000_000, 1_999_999_999_999))
def test_times_in_milliseconds_are_no_cards(moment: int) -> None:
    """Thirteen digits of an epoch time (2001 to 2033) never pass, whatever Luhn says."""
    assert not payment_card(str(moment))


def made_iban(country: str, body: str) -> str:
    """An IBAN with its two check digits computed as ISO 13616 says."""
    number = int("".join(str(int(char, 36)) for char in f"{body}{country}00"))
    return f"{country}{98 - number % 97:02}{body}"


BODIES = st.sampled_from(sorted(IBAN_LENGTHS)).flatmap(
    lambda country: st.tuples(
        st.just(country),
        st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=(n := IBAN_LENGTHS[country] - 4), max_size=n),
    )
)


@given(parts=BODIES, data=st.data())
def test_iban_sees_one_changed_digit(parts: tuple[str, str], data: st.DataObject) -> None:
    """A computed IBAN passes; with one digit changed, a character less, or another country it does not."""
    number = made_iban(*parts)
    places = [place for place in range(2, len(number)) if number[place].isdigit()]
    place = data.draw(st.sampled_from(places))
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != number[place]]))

    assert iban(number)
    assert not iban(number[:place] + other + number[place + 1 :])
    assert not iban(number[:-1])
    assert not iban("ZZ" + number[2:])


@given(st.integers(0, 2**32 - 1))
def test_ipv4_reads_what_it_writes(number: int) -> None:
    """Writing and reading an address gives the number, as the standard library has it."""
    assert ipv4(dotted(number)) == number
    assert dotted(number) == str(IPv4Address(number))


@given(st.lists(st.text("0123456789", max_size=4), min_size=3, max_size=5).map(".".join))
def test_ipv4_agrees_with_the_standard_library(text: str) -> None:
    """What `ipaddress` refuses is refused, and the other way round."""
    try:
        expected: int | None = int(IPv4Address(text))
    except ValueError:
        expected = None

    assert ipv4(text) == expected


@pytest.mark.parametrize(
    "text", ["0.0.0.1", "127.0.0.1", "169.254.169.254", "224.0.0.1", "255.255.255.0", "192.0.2.0", "192.0.2.255"]
)
def test_addresses_that_are_no_host(text: str) -> None:
    """This host, loopback, link-local, multicast, masks, networks and broadcasts are nobody's address."""
    number = ipv4(text)

    assert number is not None
    assert not host_ipv4(number)


@given(number=st.integers(0, 2**32 - 1), prefix=st.integers(0, 32))
def test_network_keeps_the_prefix_and_clears_the_rest(number: int, prefix: int) -> None:
    """A network has the address's first bits and zeros."""
    net = network(number, prefix)

    assert net >> (32 - prefix) == number >> (32 - prefix)
    assert net % 2 ** (32 - prefix) == 0


@given(st.integers(0x2000 << 112, (0x4000 << 112) - 1))
def test_ipv6_has_one_form(number: int) -> None:
    """The long and the short form of an address are one value."""
    address = IPv6Address(number)

    assert ipv6(address.exploded) == ipv6(address.compressed) == str(address)


@pytest.mark.parametrize("text", ["::1", "::", "fe80::1", "ff02::1", "2001:db8", "2001:db8::1::2", "12:34:56"])
def test_ipv6_refuses(text: str) -> None:
    """What is no address, or no one host's, is refused."""
    assert ipv6(text) is None


@given(st.integers(1, 2**48 - 1))
def test_mac_has_one_form(number: int) -> None:
    """Colons, hyphens and Cisco's dots give one value; group addresses give none."""
    digits = f"{number:012x}"
    forms = [
        ":".join(digits[i : i + 2] for i in range(0, 12, 2)),
        "-".join(digits[i : i + 2] for i in range(0, 12, 2)).upper(),
        ".".join(digits[i : i + 4] for i in range(0, 12, 4)),
    ]

    expected = None if int(digits[:2], 16) % 2 else forms[0]

    assert [mac(form) for form in forms] == [expected] * 3


@pytest.mark.parametrize(
    ("name", "valid"),
    [
        ("db-09.corp.example.com", True),
        ("xn--bcher-kva.example", True),
        ("a" * 63, True),
        ("a" * 64, False),
        (".".join(["a" * 49] * 5), True),
        (".".join(["a" * 50] * 5), False),
        ("-a.example", False),
        ("a-.example", False),
        ("a..example", False),
        ("a_b.example", False),
        ("", False),
    ],
)
def test_host_names_have_labels_of_letters_digits_and_inner_hyphens(name: str, valid: bool) -> None:  # noqa: FBT001 - a table
    """RFC 1035's lengths and RFC 1123's characters hold."""
    assert host_name(name) is valid
