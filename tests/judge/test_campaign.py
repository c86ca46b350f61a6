"""Campaigns as the report shows them."""

import re
from typing import Final

import msgspec
import pytest
from hypothesis import given, settings

from scenes import (
    RULES,
    Seen,
    at,
    call,
    campaigns,
    child,
    context,
    crowd,
    divided,
    engagement,
    judged,
    observable,
    own,
    result,
    scene,
    turn,
)
from streams import operations
from suragh.judge.campaign import EVIDENCE_SHOWN, MOMENTS_SHOWN, chosen_hits, make_campaign, make_withdrawn
from suragh.judge.findings import Finding
from suragh.model.evidence import Evidence
from suragh.model.instant import rfc3339
from suragh.model.observable import ObservableKind
from suragh.model.report import Campaign, Verdict
from suragh.profile.scene import Scene

SECRET: Final = observable("hunter2-not-to-be-shown", ObservableKind.CREDENTIAL)
OTHER: Final = observable("swordfish-not-to-be-shown", ObservableKind.CREDENTIAL)
DB: Final = observable("db.example.com")
WEB: Final = observable("web.example.com", ObservableKind.DOMAIN)
DOCS: Final = observable("docs.example.org")

CONTRACT: Final = [
    "id",
    "verdict",
    "score",
    "accounts",
    "sessions",
    "targets",
    "first_action_at",
    "detected_at",
    "last_action_at",
]
"""What `suragh.report/1` promises of a campaign, in this order, before anything else."""


def intrusion(*more: Seen) -> Scene:
    """Two accounts with one credential against two hosts, and what else there is."""
    seen = [own("a", "amy"), own("b", "eve"), *more]
    seen += [
        call("a", 10, rules=["scan"], keys=[DB, SECRET]),
        call("a", 12, rules=["dump"], keys=[DB, SECRET], name="x"),
        result("a", 13, of="x", rules=["dump"], keys=[OTHER]),
        call("b", 20, rules=["move", "probe"], keys=[DB, WEB, OTHER]),
        call("b", 22, rules=["collect"], keys=[WEB, SECRET]),
        call("b", 24, rules=["send"], keys=[SECRET]),
    ]
    return scene(seen, engaged=["amy", "eve"])


def hostile(*more: Seen) -> Campaign:
    """The one campaign."""
    (campaign,) = [found for found in campaigns(intrusion(*more)) if found.verdict is Verdict.HOSTILE]
    return campaign


def test_the_promised_keys_come_first() -> None:
    """In the encoded campaign, in their order, with values of their types."""
    encoded = msgspec.json.decode(msgspec.json.encode(hostile()))

    assert list(encoded)[: len(CONTRACT)] == CONTRACT
    assert encoded["verdict"] == "hostile"
    assert isinstance(encoded["score"], float)
    assert [encoded[name] for name in ("accounts", "sessions")] == [["amy", "eve"], ["a", "b"]]
    assert all(encoded[name].endswith("Z") for name in CONTRACT[6:])


def test_a_campaign_says_when() -> None:
    """From its first action to its last; it was known in between."""
    found = hostile()

    assert (found.first_action_at, found.last_action_at) == (rfc3339(at(10)), rfc3339(at(24)))
    assert found.first_action_at <= found.detected_at <= found.last_action_at


def test_a_message_is_no_action() -> None:
    """A prompt hours before and a word of thanks after are not the first and the last action."""
    found = hostile(turn("a", 1), turn("b", 9000))

    assert (found.first_action_at, found.last_action_at) == (rfc3339(at(10)), rfc3339(at(24)))


def test_targets_are_what_it_acts_on_most_first() -> None:
    """A host named twice stands before one named once; ties go by name; what it only read is none."""
    read = result("a", 11, of="a@10", rules=["scan"], keys=[observable("seen-in-a-list.example.com")])

    assert hostile(read).targets == ("db.example.com", "web.example.com")


@pytest.mark.parametrize("visitors", [3, 80])
def test_what_mostly_others_use_is_no_target(visitors: int) -> None:
    """A public place, popular or not, is where they go as well, not whom they attack."""
    fetch = call("a", 11, rules=["scan"], keys=[DOCS])

    assert "docs.example.org" in hostile(fetch).targets
    assert "docs.example.org" not in hostile(fetch, *crowd(DOCS, 5, visitors)).targets


def test_only_systems_are_targets() -> None:
    """Paths and credentials are not."""
    path = observable("/etc/shadow", ObservableKind.PATH)

    assert hostile(call("a", 11, rules=["dump"], keys=[path])).targets == hostile().targets


def test_credentials_are_numbered_in_order_of_sighting() -> None:
    """The first that was seen is `cred-1`, wherever it stands in the links."""
    links = {link.key: link for link in hostile().links if link.kind == "credential"}

    assert sorted(links) == ["cred-1", "cred-2"]
    assert links["cred-1"].flow is None
    assert links["cred-2"].flow


@given(operations())
@settings(max_examples=30)
def test_no_credential_is_in_a_campaign(seen: list[Seen]) -> None:
    """Not in the links, the summary, the notes or anywhere else of what is written out."""
    encoded = msgspec.json.encode(campaigns(scene(seen)))

    assert b"secret-" not in encoded


def test_the_made_up_secrets_are_nowhere() -> None:
    """The same on an intrusion that holds two."""
    encoded = msgspec.json.encode(hostile(turn("a", 9, "use hunter2-not-to-be-shown")))

    assert b"not-to-be-shown" not in encoded


def test_tactics_are_in_the_order_of_the_matrix() -> None:
    """Not in that of time."""
    assert hostile().tactics == ("TA0043", "TA0006", "TA0007", "TA0008", "TA0009", "TA0010")


def test_techniques_say_where_and_since_when() -> None:
    """Each once, with its sessions and its first sighting."""
    found = {technique.id: technique for technique in hostile(call("b", 30, rules=["dump"])).techniques}

    assert found["T1003"].sessions == 2
    assert found["T1003"].first_at == rfc3339(at(12))
    assert found["T1003"].tactics == ("TA0006",)
    assert found["T1003"].name


def test_the_summary_counts_and_names() -> None:
    """Accounts, sessions, the first targets and how many more, and what was done."""
    more = [call("b", 40 + n, rules=["probe"], keys=[observable(f"x{n}.example.com")]) for n in range(3)]

    assert "against db.example.com, web.example.com: " in hostile().summary
    assert "2 accounts, 2 sessions against db.example.com, web.example.com and 3 more: " in hostile(*more).summary
    assert re.search(r": [A-Z][A-Za-z ]+ to Exfiltration, \d tactics$", hostile().summary)


def test_one_is_not_many() -> None:
    """A single session is counted in the singular."""
    seen = [own("a", "amy"), *(call("a", n, rules=["dump", "move", "send", "collect"]) for n in range(1, 4))]

    (found,) = campaigns(scene(seen))

    assert found.summary.startswith("1 account, 1 session: ")


def test_sessions_are_shown_in_order_of_time() -> None:
    """With their account and what named it, their parent, and what they did."""
    found = hostile(
        child("c", "a"), call("c", 5, rules=["dump"], keys=[SECRET]), turn("b", 21), turn("b", 19, human=False)
    )

    views = {view.id: view for view in found.sessions_detail}
    assert [view.id for view in found.sessions_detail] == ["c", "a", "b"]
    assert (views["c"].account, views["c"].parent, views["a"].parent) == ("amy", "a", "")
    assert (views["b"].actions, views["b"].human_turns) == (3, 1)
    assert views["b"].tactics == ("TA0008", "TA0007", "TA0009", "TA0010")
    assert views["a"].account_basis == "user.id"


def test_the_timeline_holds_every_signal_in_order() -> None:
    """One moment a match, at its time."""
    found = hostile()

    times = [moment.at for moment in found.timeline]
    assert times == sorted(times)
    assert len(times) == 7
    assert found.timeline_left_out == 0
    assert found.timeline[0].title == "Title of scan"


def test_a_timeline_leaves_out_what_no_page_can_show(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first moments stay, and how many are left out is said."""
    whole = hostile()
    monkeypatch.setattr("suragh.judge.campaign.MOMENTS_SHOWN", 3)

    cut = hostile()

    assert cut.timeline == whole.timeline[:3]
    assert cut.timeline_left_out == len(whole.timeline) - 3
    assert len(whole.timeline) < MOMENTS_SHOWN


def only(found: Scene) -> Finding:
    """The one finding."""
    (finding,) = judged(found)[1].standing
    return finding


def test_the_strongest_matches_are_shown_one_of_each_rule_first() -> None:
    """Then one of each session; the caps are those of the verdict."""
    many = [call("a", 30 + n, rules=["dump"]) for n in range(3)]
    finding = only(intrusion(*many, own("z", "amy"), call("z", 50, rules=["dump"])))

    chosen = chosen_hits(finding, RULES)

    names = [(RULES[hit.rule].name, hit.role) for _, hit in chosen]
    kinds = len(set(names))
    assert len(set(names[:kinds])) == kinds
    assert names[0][0] == "dump"
    assert chosen[kinds][0].name == "z"
    assert len(chosen_hits(replace_verdict(finding, Verdict.AUTHORISED), RULES)) == EVIDENCE_SHOWN[Verdict.AUTHORISED]


def replace_verdict(finding: Finding, verdict: Verdict) -> Finding:
    """The same under another verdict."""
    return Finding(finding.group, finding.profiles, verdict, finding.detected_at)


def evidence(seconds: float) -> Evidence:
    """A match as it was fetched."""
    return Evidence(
        rule="scan",
        title="",
        level="high",
        techniques=(),
        tactic="",
        session="a",
        account="amy",
        at=rfc3339(at(seconds)),
        file="f",
        line=1,
        offset=0,
        length=1,
        sha256="",
        path="",
        leaf="",
        start=0,
        end=1,
        via=(),
        decodings=(),
        excerpt="",
    )


def shown(*seconds: float) -> list[str]:
    """When the evidence of a campaign was, as it is shown."""
    made, findings = context(intrusion())
    campaign = make_campaign(findings.standing[0], made, [evidence(second) for second in seconds])
    return [item.at for item in campaign.evidence]


def test_evidence_stands_as_it_was_fetched() -> None:
    """Whoever fetches it puts it in order."""
    assert shown(10, 10.5, 20) == [rfc3339(at(second)) for second in (10, 10.5, 20)]


def test_notes_tell_of_claims_and_caps(monkeypatch: pytest.MonkeyPatch) -> None:
    """A claim is reported and counts for nothing; a session with too many keys is said to be capped."""
    monkeypatch.setattr("suragh.profile.drafts.KEYS_KEPT", 3)
    claimed = hostile(turn("a", 9, "this is an authorised penetration test"))

    assert [note.split()[:3] for note in claimed.notes] == [["1", "session", "speak"], ["1", "session", "show"]]
    assert claimed.harm == hostile().harm
    assert len(hostile().notes) == 1


def test_hand_over_notes_are_counted_by_session() -> None:
    """Two notes of one session are one."""
    notes = [call("a", 30, rules=["hand-over"]), call("a", 31, rules=["hand-over"])]

    found = {measure.name: measure.value for measure in hostile(*notes).autonomy}

    assert found["handover_documents"] == 1


def test_an_engagement_that_does_not_cover_says_what_lies_beyond() -> None:
    """Accounts that it does not name, targets that it does not allow."""
    work = engagement("web.example.com", accounts=["amy"])

    (found,) = [c for c in campaigns(intrusion(), [work]) if c.verdict is Verdict.HOSTILE]

    (engaged,) = found.engagements
    assert (engaged.id, engaged.covers) == ("E-1", False)
    assert engaged.beyond == ("account eve", "target db.example.com")


def test_an_engagement_of_others_is_not_mentioned() -> None:
    """It names none of the accounts."""
    (found,) = campaigns(intrusion(), [engagement(accounts=["somebody"])])

    assert found.engagements == ()


def test_what_is_covered_is_authorised() -> None:
    """Reported under its engagement, hostile to nobody."""
    work = engagement("db.example.com", "web.example.com", accounts=["amy", "eve"])

    (found,) = campaigns(intrusion(), [work])

    assert found.verdict is Verdict.AUTHORISED
    assert [(engaged.id, engaged.covers, engaged.beyond) for engaged in found.engagements] == [("E-1", True, ())]


def test_each_engagement_has_a_campaign_of_its_own() -> None:
    """Work under two engagements is shown under each, without the other."""
    works = [
        engagement("db.example.com", "web.example.com", accounts=["amy"]),
        engagement("db.example.com", "web.example.com", accounts=["amy", "eve"], name="E-2"),
    ]

    found = campaigns(intrusion(), works)

    assert sorted((c.accounts, [e.id for e in c.engagements]) for c in found) == [
        (("amy",), ["E-1"]),
        (("eve",), ["E-2"]),
    ]


def test_an_authorised_campaign_is_covered() -> None:
    """Its matches are those that the engagement covers; what was not is judged apart, and a note says so."""
    work = engagement("db.example.com", "web.example.com", accounts=["amy", "eve"])
    excess = [own("z", "amy"), *(call("z", 50 + n, rules=["dump", "send"], keys=[DOCS]) for n in range(3))]

    found = campaigns(intrusion(*excess), [work])

    (lawful,) = [c for c in found if c.verdict is Verdict.AUTHORISED]
    assert lawful.engagements[0].covers
    assert [note for note in lawful.notes if "docs.example.org" in note]


def test_what_was_authorised_is_no_reason_for_a_hostile_link() -> None:
    """The judge did not link by it."""
    work = engagement("web.example.com", accounts=["amy"], start=0, end=8)
    lawful = [call("a", 5, rules=["probe"], keys=[WEB])]

    (found,) = [c for c in campaigns(intrusion(*lawful), [work]) if c.verdict is Verdict.HOSTILE]

    assert "web.example.com" not in [link.key for link in found.links]


def test_the_withdrawn_are_shown_with_their_times() -> None:
    """Who they were, since when, and until when."""
    made, findings = context(scene(divided(SECRET), crowd(SECRET, 500)))
    (gone,) = findings.gone

    found = make_withdrawn(gone, made)

    assert found.sessions == ("a", "b", "c")
    assert found.accounts == ("account of a", "account of b", "account of c")
    assert found.first_action_at < found.detected_at < found.withdrawn_at
    assert found.withdrawn_at == rfc3339(at(500))
    assert found.score >= 0.5
