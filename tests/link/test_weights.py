"""Weights: orders that hold however the sizes are tuned."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suragh.link.weights import FLOW, SCALES, TRUST, is_private, rarity, scale, trust
from suragh.profile.keys import KEY_KINDS
from suragh.profile.scene import ACCOUNTS_KEPT

CROWDS = st.integers(min_value=0, max_value=10_000)


@given(CROWDS, CROWDS)
def test_a_crowd_never_shrinks_as_accounts_turn_up(one: int, other: int) -> None:
    """More accounts are never a smaller crowd; the crowd is no larger than they are, but for the first two."""
    fewer, more = sorted((one, other))

    assert scale(fewer) <= scale(more)
    assert scale(more) <= max(2, more)


@given(CROWDS)
def test_weights_move_at_few_numbers_of_accounts(accounts: int) -> None:
    """A crowd is one of the scales, so that a new account seldom moves every link."""
    assert scale(accounts) in SCALES


def test_a_crowd_ends_where_popularity_begins() -> None:
    """Beyond the accounts that a key may have, more telemetry makes nothing rarer."""
    assert scale(ACCOUNTS_KEPT) == scale(100 * ACCOUNTS_KEPT)


@given(st.integers(1, 200), st.integers(1, 200), CROWDS)
def test_the_rarer_says_the_more(one: int, other: int, crowd: int) -> None:
    """Milli-nats fall with the accounts that have a key, and are never negative."""
    few, many = sorted((one, other))

    assert rarity(few, crowd) >= rarity(many, crowd) >= 0


@given(st.integers(1, 64), CROWDS, CROWDS)
def test_a_larger_crowd_makes_nothing_commoner(having: int, one: int, other: int) -> None:
    """Two of a thousand say no less than two of ten."""
    small, large = sorted((one, other))

    assert rarity(having, small) <= rarity(having, large)


def test_what_everybody_has_says_next_to_nothing() -> None:
    """A key of every account weighs far less than a key of two."""
    assert rarity(64, 64) * 10 < rarity(2, 64)


@pytest.mark.parametrize("kind", sorted(KEY_KINDS))
def test_every_kind_of_key_has_a_trust(kind: str) -> None:
    """What profiles post can be weighed, and says no more than a credential."""
    assert 0 < trust(kind, "203.0.113.9") <= TRUST["credential"]


@pytest.mark.parametrize(
    ("address", "private"),
    [
        ("10.1.2.3", True),
        ("172.16.0.1", True),
        ("172.31.255.1", True),
        ("192.168.0.9", True),
        ("172.32.0.1", False),
        ("172.15.0.1", False),
        ("100.1.2.3", False),
        ("203.0.113.9", False),
        ("1.10.0.1", False),
    ],
)
def test_private_ranges_are_those_of_rfc_1918(address: str, *, private: bool) -> None:
    """Neighbours of a range, and addresses that only look alike, are outside."""
    assert is_private(address) is private


def test_an_address_that_strangers_choose_alike_says_less() -> None:
    """Everybody's router is 192.168.0.1."""
    assert trust("ipv4-addr", "192.168.0.1") < trust("ipv4-addr", "203.0.113.1")
    assert trust("host", "10.example.com") == trust("host", "db.example.com")


def test_a_flow_says_more_than_company() -> None:
    """It multiplies by more than one."""
    assert FLOW > 1000
