"""Streams of facts for property tests: small worlds in which sessions really share keys, rules and actions."""

from hypothesis import strategies as st

from scenes import CODES, Seen, call, child, observable, own, result, turn
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
