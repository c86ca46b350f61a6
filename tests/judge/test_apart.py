"""Apart: what keeps a session with a signal out of every campaign, in the numbers that decided it."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings

from scenes import Seen, bystanders, call, context, divided, judged, observable, own, scene
from streams import operations
from suragh.judge import apart as module
from suragh.judge.apart import NEAREST, Loose
from suragh.judge.calibration import WATCH_POINTS, verdict
from suragh.judge.campaign import make_apart, make_campaign
from suragh.link.cluster import LINK_LEAST
from suragh.link.reasons import LINKS_NAMED
from suragh.model.observable import ObservableKind
from suragh.model.report import Apart, Campaign, Near

SECRET = observable("found-secret", ObservableKind.CREDENTIAL)
PATHS = [observable(f"/srv/app/{n}", ObservableKind.PATH) for n in range(8)]


def views(seen: Sequence[Seen]) -> tuple[list[Campaign], dict[str, Apart]]:
    """The campaigns of a scan, and the sessions in none by name, as the report has them."""
    made, findings = context(scene(seen))
    campaigns = [make_campaign(finding, made, ()) for finding in findings.standing]
    return campaigns, {apart.session.id: apart for apart in make_apart(findings.apart, made)}


def stray(account: str, *keys: object, rule: str = "probe") -> list[Seen]:
    """A session of an account with one act of its own."""
    return [own("stray", account), call("stray", 50, rules=[rule], keys=keys)]  # type: ignore[arg-type]


def test_a_session_that_shares_little_says_how_much_it_lacks() -> None:
    """Its own harm, what its account shares with whom, the nearest campaign, and the key that both have."""
    shared = observable("10.0.0.7", ObservableKind.IPV4)
    campaigns, found = views([*divided(SECRET), call("a", 3, rules=["scan"], keys=[shared]), *stray("lone", shared)])
    lone = found["stray"]

    assert campaigns[0].sessions == ("a", "b", "c")
    assert lone.campaign == campaigns[0].id
    assert [(near.account, near.points > 0) for near in lone.nearest] == [("account of a", True)]
    assert lone.average == lone.nearest[0].points // len(campaigns[0].accounts) < LINK_LEAST
    assert [(link.key, link.sessions) for link in lone.links] == [("10.0.0.7", ("a", "stray"))]
    assert verdict(lone.harm.points) is None
    assert (lone.together, lone.belongs) == ((), True)
    assert [moment.rule for moment in lone.signals] == ["probe"]


def test_a_weak_session_of_a_campaigns_account_does_not_belong() -> None:
    """It bears no shared key and did nothing that is more than weak: said so, with the campaign of its account."""
    campaigns, found = views([*divided(SECRET), *stray("account of a", rule="peek")])

    assert "stray" not in campaigns[0].sessions
    assert (found["stray"].campaign, found["stray"].belongs) == (campaigns[0].id, False)


def test_a_session_that_shares_nothing_is_alone() -> None:
    """No campaign is nearest, and there is no key to name: one that only its own account has ties nobody."""
    _, found = views([*divided(SECRET), *stray("lone", observable("own.example"))])
    lone = found["stray"]

    assert (lone.campaign, lone.average, lone.nearest, lone.links, lone.belongs) == ("", 0, (), (), False)


def test_sessions_that_were_judged_together_are_named() -> None:
    """Two that share a credential and do too little are apart together, and the harm is that of both."""
    campaigns, found = views(
        [*stray("one", SECRET), own("other", "two"), call("other", 60, rules=["probe"], keys=[SECRET])]
    )

    assert campaigns == []
    assert found["stray"].together == found["other"].together == ("other", "stray")
    assert found["stray"].harm == found["other"].harm
    assert found["stray"].nearest == (Near(account="two", points=found["other"].nearest[0].points),)


@given(operations())
@settings(max_examples=40)
def test_every_session_with_a_signal_is_in_a_campaign_or_apart(seen: list[Seen]) -> None:
    """Never both, never neither; those that come nearest first; and its group has no verdict."""
    whole = scene(seen)
    findings = judged(whole)[1]
    held = [session for finding in findings.standing for session in finding.group.sessions]
    apart = [loose.profile.session for loose in findings.apart]
    ranks = [loose.rank for loose in findings.apart]

    assert sorted([*held, *apart]) == sorted(whole.profiles)
    assert ranks == sorted(ranks)
    assert all(loose.assessment.points < WATCH_POINTS for loose in findings.apart)


@given(operations())
@settings(max_examples=40)
def test_bonds_are_the_same_from_both_ends(seen: list[Seen]) -> None:
    """Each account of a campaign of several has one; the averages are those of the pairs."""
    for finding in judged(scene(seen))[1].standing:
        accounts = finding.group.accounts
        assert [bond.account for bond in finding.bonds] == (list(accounts) if len(accounts) > 1 else [])
        shares = {(bond.account, near.account): near.points for bond in finding.bonds for near in bond.nearest}
        for bond in finding.bonds:
            own_shares = [near.points for near in bond.nearest]
            assert own_shares == sorted(own_shares, reverse=True)
            if len(accounts) - 1 <= NEAREST:
                assert bond.average == sum(own_shares) // (len(accounts) - 1)
        assert all(shares.get((other, one), points) == points for (one, other), points in shares.items())


def test_only_the_nearest_are_kept_and_the_rest_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A report stays small however many sessions have a weak signal."""
    monkeypatch.setattr(module, "APART_KEPT", 2)
    seen = [
        item
        for n in range(5)
        for item in (own(f"s{n}", f"a{n}"), call(f"s{n}", n + 1, rules=["peek", "probe"][: 1 + n % 2]))
    ]
    findings = judged(scene(seen, bystanders(9)))[1]
    kept: list[Loose] = list(findings.apart)

    assert [loose.profile.name for loose in kept] == ["s1", "s3"]
    assert findings.apart_left_out == 3


def test_links_are_the_heaviest_few() -> None:
    """Of many shared keys five are named, with the sessions that share them."""
    seen = [*divided(SECRET), call("a", 4, rules=["scan"], keys=PATHS), *stray("lone", *PATHS)]
    lone = views(seen)[1]["stray"]

    assert len(lone.links) == LINKS_NAMED
    assert all(link.sessions == ("a", "stray") for link in lone.links)
