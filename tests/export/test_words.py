"""Words and numbers for people."""

import msgspec
import pytest
from tests.export import builders

from suragh.export import words
from suragh.model.instant import NS
from suragh.model.report import Flow, Measure, Verdict

CAMPAIGN = builders.small().campaigns[0]


def measure(value: float | None, unit: str, *, estimated: bool = False) -> Measure:
    """A measure with the given value and unit."""
    return Measure(
        name="a_b", value=value, unit=unit, numerator=312, denominator=0, estimated=estimated, meaning="What it means."
    )


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3_725, "1 h 2 min"),
        (86_400, "1 d"),
        (86_460, "1 d"),
        (201_600, "2 d 8 h"),
    ],
)
def test_durations_have_two_units_at_most(seconds: int, said: str) -> None:
    """The two largest neighbouring units say enough."""
    assert words.lasting(seconds * NS) == said


@pytest.mark.parametrize(("number", "said"), [(0, "0 sessions"), (1, "1 session"), (1204, "1,204 sessions")])
def test_counts_agree_with_their_noun(number: int, said: str) -> None:
    """One thing is singular, no thing and many things are plural."""
    assert words.counted(number, "session") == said


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (38.25, "actions/turn", "38.2 actions/turn"),
        (0.94, "1", "94 %"),
        (5.0, "sessions", "5 sessions"),
        (1204.4, "s", "1,204 s"),
        (None, "actions/turn", "312 actions, no turn"),
        (None, "1", "n/a"),
    ],
)
def test_measures_carry_their_unit(value: float | None, unit: str, said: str) -> None:
    """A share is a percentage, and what cannot be said is not a number."""
    assert words.measured(measure(value, unit)) == said


def test_an_estimate_is_marked() -> None:
    """What rests on a sample never looks exact."""
    assert words.measured(measure(0.5, "1", estimated=True)) == "≈ 50 %"
    assert words.unitless(measure(3.0, "actions/turn", estimated=True)) == "≈ 3"


def test_a_link_is_told_by_who_shares_it_how_rare_it_is_and_how_it_went() -> None:
    """The three reasons stand in one sentence."""
    one, other = (next(v for v in CAMPAIGN.sessions_detail if v.account == name) for name in CAMPAIGN.accounts[:2])
    flow = Flow(read_by=one.id, read_at="2026-01-01T10:00:00Z", used_by=other.id, used_at="2026-01-01T10:12:00.5Z")
    link = msgspec.structs.replace(CAMPAIGN.links[0], sessions=CAMPAIGN.sessions[:3], accounts=2, flow=flow)

    assert words.reason(link, CAMPAIGN, builders.small()) == (
        "3 of these 9 sessions share it; 2 of 312 accounts have it; "
        f"{one.account} read it in a result, {other.account} used it 12 min later"
    )
    link = msgspec.structs.replace(link, sessions=CAMPAIGN.sessions, flow=None, roles=("argument", "result"))
    assert words.reason(link, CAMPAIGN, builders.small()) == (
        "all 9 sessions share it; 2 of 312 accounts have it; seen in what the agent asked for and what a tool returned"
    )


def test_an_account_is_no_rare_key() -> None:
    """Sessions of one account are said to be that, and not how many accounts are this account."""
    link = msgspec.structs.replace(CAMPAIGN.links[0], kind="account", sessions=CAMPAIGN.sessions[:4])

    assert words.reason(link, CAMPAIGN, builders.small()) == "4 of these 9 sessions belong to this account"


def test_reach_counts_hostile_sessions_once() -> None:
    """Two campaigns that share an account count it once; other verdicts do not count beside hostile ones."""
    hostile = [builders.campaign(accounts=2, sessions=4, index=at) for at in (0, 2)]
    watch = builders.campaign(accounts=9, sessions=30, index=4, verdict=Verdict.WATCH)
    report = builders._report((*hostile, watch), rejected=0)

    assert words.reach(report).startswith("2 accounts and 8 sessions in hostile campaigns, out of 312 accounts")
    assert words.headline(report) == "2 hostile campaigns, 1 campaign to watch"


def test_how_late_it_was_detected() -> None:
    """From the first action, and as a share of the campaign's time."""
    late = msgspec.structs.replace(
        CAMPAIGN,
        first_action_at="2025-12-01T00:00:00Z",
        detected_at="2025-12-01T06:00:00Z",
        last_action_at="2025-12-02T00:00:00Z",
    )

    assert words.lead(late) == "6 h after its first action, 25 % into its time"
    assert words.lead(msgspec.structs.replace(late, detected_at="")) == ""
    assert words.lead(msgspec.structs.replace(late, detected_at="2025-12-02T03:00:00Z")) == "3 h after its last action"
    at_once = msgspec.structs.replace(late, detected_at=late.first_action_at, last_action_at=late.first_action_at)
    assert words.lead(at_once) == "0 s after its first action"


@pytest.mark.parametrize(
    ("score", "said"), [(1.0, "very high"), (0.9, "very high"), (0.75, "high"), (0.4, "moderate"), (0.0, "low")]
)
def test_scores_have_words(score: float, said: str) -> None:
    """Each score has one word, the bounds included."""
    assert words.score_word(score) == said


@pytest.mark.parametrize("text", ["", "yesterday", "2025-13-01T00:00:00Z", "0001-01-01T00:00:00+14:00"])
def test_a_broken_time_is_shown_as_it_is(text: str) -> None:
    """A report written by hand may hold any text where a time should stand."""
    assert words.instant(text) is None
    assert words.clock(text) == text


def test_long_names_keep_both_ends() -> None:
    """Ids differ at their start and at their end."""
    assert words.short("abcdefghij", 10) == "abcdefghij"
    assert words.short("abcdefghijk", 7) == "abc…ijk"
