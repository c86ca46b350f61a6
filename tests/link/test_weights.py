"""Weights: orders that hold however the sizes are tuned."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suragh.link.weights import FLOW, STEPS, TRUST, cap, is_private, rarity, trust
from suragh.model.observable import ObservableKind
from suragh.profile.keys import COMMAND, PROMPT
from suragh.profile.scene import ACCOUNTS_KEPT


@given(st.integers(1, 1_000_000), st.integers(1, 1_000_000))
def test_the_rarer_says_the_more(one: int, other: int) -> None:
    """Milli-nats fall with the accounts that have a key, and are never negative."""
    few, many = sorted((one, other))

    assert rarity(few) >= rarity(many) >= 0


def test_a_popular_key_says_nothing() -> None:
    """From one account more than are kept."""
    assert rarity(ACCOUNTS_KEPT) > 0 == rarity(ACCOUNTS_KEPT + 1)


def test_links_move_at_few_numbers_of_accounts() -> None:
    """So that a new account seldom makes everything to be clustered anew."""
    assert len({rarity(having) for having in range(1, 1000)}) == len(STEPS) + 1


def test_a_cap_falls_with_trust() -> None:
    """However many keys of little trust there are, they say less than those of much, and more than one of them."""
    trusted = sorted(set(TRUST.values()))

    assert [cap(t) for t in trusted] == sorted({cap(t) for t in trusted})
    assert all(cap(t) >= t * rarity(2) // 1000 for t in trusted)


def test_what_everybody_has_says_next_to_nothing() -> None:
    """A key that is nearly popular weighs far less than a key of two."""
    assert rarity(ACCOUNTS_KEPT) * 10 < rarity(2)


@pytest.mark.parametrize("kind", [*ObservableKind, COMMAND.kind, PROMPT.kind])
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
