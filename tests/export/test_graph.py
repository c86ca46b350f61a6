"""The link graph: what is joined, and nothing else."""

import msgspec
import pytest
from tests.export import builders

from suragh.export.graph import MOST_KEYS, MOST_NODES, MOST_SESSIONS, Graph, graph
from suragh.model.report import Campaign, Link

REPORT = builders.small()


def drawing(campaign: Campaign) -> Graph:
    """The graph of a campaign that has links."""
    made = graph(campaign, REPORT)
    assert made is not None
    return made


def test_few_sessions_are_drawn_themselves() -> None:
    """Each session of a link has one line to its key."""
    campaign = builders.campaign(accounts=3, sessions=MOST_SESSIONS, keys=4)
    made = drawing(campaign)

    assert made.of == "session"
    assert {node.label for node in made.nodes} == {s for link in campaign.links for s in link.sessions}
    lines = {key.node.label: len(key.edges) for key in made.keys}
    assert lines == {link.key: len(link.sessions) for link in campaign.links}


def test_many_sessions_are_drawn_as_accounts() -> None:
    """Each account of a link has one line to its key, however many sessions it has."""
    campaign = builders.campaign(accounts=6, sessions=60, keys=4)
    owner = {s.id: s.account for s in campaign.sessions_detail}
    made = drawing(campaign)

    assert made.of == "account"
    lines = {key.node.label: len(key.edges) for key in made.keys}
    assert lines == {link.key: len({owner[s] for s in link.sessions}) for link in campaign.links}


def test_an_account_does_not_link_to_itself() -> None:
    """Where accounts are drawn, the account as a key says nothing."""
    campaign = builders.campaign(accounts=4, sessions=40, keys=2)
    own = msgspec.structs.replace(campaign.links[0], kind="account", key=campaign.accounts[0])

    made = drawing(msgspec.structs.replace(campaign, links=(own, *campaign.links)))

    assert {key.node.label for key in made.keys} == {link.key for link in campaign.links}


def test_what_is_not_drawn_is_counted() -> None:
    """The heaviest keys are drawn; lighter ones and further accounts are said to be left out."""
    made = drawing(builders.campaign(accounts=60, sessions=240, keys=MOST_KEYS + 5))

    assert len(made.keys) == MOST_KEYS
    assert len(made.nodes) <= MOST_NODES
    assert made.left_out.startswith("Not drawn: 5 lighter keys")


def test_rare_keys_have_thicker_lines() -> None:
    """Width follows weight."""
    made = drawing(builders.campaign(accounts=3, sessions=9, keys=20))
    widths = {key.node.label: key.edges[0].width for key in made.keys}

    assert widths["db-09.corp.example.com"] == max(widths.values()) == 4.0
    assert len(set(widths.values())) > 5


def test_neighbours_stand_near_one_another() -> None:
    """Two groups that share nothing do not cross: one lies above the other."""
    campaign = builders.campaign(accounts=1, sessions=4, keys=4)
    first, second = campaign.sessions[:2], campaign.sessions[2:]
    links = [msgspec.structs.replace(link, sessions=(second, first)[at % 2]) for at, link in enumerate(campaign.links)]
    made = drawing(msgspec.structs.replace(campaign, links=tuple(links)))
    height = {node.label: node.y for node in made.nodes}

    ordered = sorted(height, key=height.__getitem__)
    assert {frozenset(ordered[:2]), frozenset(ordered[2:])} == {frozenset(first), frozenset(second)}


@pytest.mark.parametrize("links", [(), (msgspec.structs.replace(REPORT.campaigns[0].links[0], sessions=("gone",)),)])
def test_nothing_to_draw(links: tuple[Link, ...]) -> None:
    """Without links, or with links of sessions that are not there, there is no graph."""
    assert graph(msgspec.structs.replace(REPORT.campaigns[0], links=links), REPORT) is None
