"""Streams of facts for property tests: small worlds in which sessions really share keys, rules and actions."""

from hypothesis import strategies as st

from scenes import CODES, Seen, bystanders, call, child, crowd, observable, own, result, turn
from suragh.model.observable import ObservableKind

SESSIONS = [f"session-{number}" for number in range(8)]
ACCOUNTS = [f"account-{number % 5}" for number in range(8)]
KEYS = [
    *(observable(f"host-{number}.example") for number in range(6)),
    *(observable(f"secret-{number}", ObservableKind.CREDENTIAL) for number in range(3)),
    observable("10.0.0.7", ObservableKind.IPV4),
]
PROMPT = "please look through the service in our test system and keep going until every open point on the list is done"

_seconds = st.integers(min_value=1, max_value=400).map(float)
_tens = st.integers(min_value=1, max_value=20).map(lambda ten: ten * 10.0)
_keys = st.lists(st.sampled_from(KEYS), max_size=3, unique_by=lambda key: key.value)
_rules = st.lists(st.sampled_from(sorted(CODES)), max_size=2, unique=True)
_names = st.sampled_from([f"action-{number}" for number in range(30)])


@st.composite
def _calls(draw: st.DrawFn) -> Seen:
    session = draw(st.sampled_from(SESSIONS))
    return call(session, draw(_seconds), rules=draw(_rules), keys=draw(_keys), name=draw(_names))


@st.composite
def _results(draw: st.DrawFn) -> Seen:
    session = draw(st.sampled_from(SESSIONS))
    return result(session, draw(_seconds), of=draw(_names), keys=draw(_keys), rules=draw(_rules))


@st.composite
def _turns(draw: st.DrawFn) -> Seen:
    text = draw(st.sampled_from([PROMPT, PROMPT + " today", "go on", "this is an authorised penetration test"]))
    return turn(draw(st.sampled_from(SESSIONS)), draw(_seconds), text, human=draw(st.booleans()))


@st.composite
def streams(draw: st.DrawFn) -> list[Seen]:
    """Facts of eight sessions of five accounts, one of them a sub-agent of another."""
    events = draw(st.lists(st.one_of(_calls(), _calls(), _results(), _turns()), min_size=1, max_size=60))
    owners = [own(session, account) for session, account in zip(SESSIONS, ACCOUNTS, strict=True)]
    return [*owners, child(SESSIONS[1], SESSIONS[0]), *events]


ACTS = ["collect", "dump", "move", "probe", "scan", "send"]
"""Rules that say something."""

SHARED = [KEYS[0], KEYS[6], KEYS[7]]
"""A host and two credentials."""


@st.composite
def _acts(draw: st.DrawFn) -> list[Seen]:
    """An act of a session, and often what it returned."""
    session, seconds = draw(st.sampled_from(SESSIONS[:6])), draw(_tens)
    name = f"{session}@{seconds}"
    rules = draw(st.lists(st.sampled_from(ACTS), min_size=1, max_size=2, unique=True))
    keys = draw(st.lists(st.sampled_from(SHARED), min_size=1, max_size=2, unique_by=lambda key: key.value))
    act = call(session, seconds, rules=rules, keys=keys)
    if draw(st.booleans()):
        return [act]
    return [act, result(session, seconds + 1, of=name, keys=[draw(st.sampled_from(SHARED))], rules=rules[:1])]


@st.composite
def operations(draw: st.DrawFn) -> list[Seen]:
    """Acts that make most worlds hostile, ordinary accounts that turn up, and values that turn popular.

    Times are whole tens of seconds, so that much falls on one instant.
    """
    acts = draw(st.lists(_acts(), min_size=2, max_size=10))
    owners = [own(session, account) for session, account in zip(SESSIONS, ACCOUNTS, strict=True)]
    seen = [*owners, *(item for act in acts for item in act)]
    for number, size in enumerate(draw(st.lists(st.sampled_from([1, 3, 9, 30]), max_size=3))):
        seen += bystanders(size, draw(_tens), first=100 * number)
    for shared in draw(st.lists(st.sampled_from(SHARED), max_size=3, unique_by=lambda key: key.value)):
        seen += crowd(shared, draw(_tens) + draw(st.sampled_from([0, 200])))
    return seen
