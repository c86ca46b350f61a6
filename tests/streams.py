"""Streams of facts for property tests: small worlds in which sessions really share keys, rules and actions."""

from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from scenes import CODES, Seen, call, child, crowd, observable, own, result, turn
from suragh.model.observable import Observable, ObservableKind

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


@dataclass(frozen=True)
class _Action:
    """What a call and its result say: the same wherever, whenever and however often they are logged."""

    name: str
    asked: tuple[Sequence[str], Sequence[Observable]]
    returned: tuple[Sequence[str], Sequence[Observable]]


@st.composite
def _actions(draw: st.DrawFn) -> list[_Action]:
    pairs = st.tuples(_rules, _keys)
    said = draw(st.lists(st.tuples(pairs, pairs), min_size=1, max_size=20))
    return [_Action(f"action-{number}", asked, returned) for number, (asked, returned) in enumerate(said)]


@st.composite
def _logged(draw: st.DrawFn, actions: Sequence[_Action]) -> Seen:
    action, session = draw(st.sampled_from(actions)), draw(st.sampled_from(SESSIONS))
    if draw(st.integers(0, 2)):
        rules, keys = action.asked
        return call(session, draw(_seconds), rules=rules, keys=keys, name=action.name)
    rules, keys = action.returned
    return result(session, draw(_seconds), of=action.name, keys=keys, rules=rules)


@st.composite
def _turns(draw: st.DrawFn) -> Seen:
    text = draw(st.sampled_from([PROMPT, PROMPT + " today", "go on", "this is an authorised penetration test"]))
    return turn(draw(st.sampled_from(SESSIONS)), draw(_seconds), text, human=draw(st.booleans()))


@st.composite
def streams(draw: st.DrawFn) -> list[Seen]:
    """Facts of eight sessions of five accounts, one of them a sub-agent of another; each begins with a message."""
    logged = _logged(draw(_actions()))
    events = draw(st.lists(st.one_of(logged, logged, _turns()), min_size=1, max_size=60))
    owners = [own(session, account) for session, account in zip(SESSIONS, ACCOUNTS, strict=True)]
    return [*owners, child(SESSIONS[1], SESSIONS[0]), *(turn(session, 0) for session in SESSIONS), *events]


ACTS = ["collect", "dump", "move", "peek", "scan", "send"]
"""Strong rules, and one so weak that a session needs a shared key to belong."""

SHARED = [KEYS[0], KEYS[1], KEYS[6], KEYS[7]]
"""Two hosts and two credentials."""

MANY = [f"account-{number % 7}" for number in range(8)]
"""Nearly as many accounts as sessions."""


@st.composite
def _acts(draw: st.DrawFn) -> list[Seen]:
    """An act of a session, and often what it returned."""
    session, seconds = draw(st.sampled_from(SESSIONS)), draw(_tens)
    name = f"{session}@{seconds}"
    rules = draw(st.lists(st.sampled_from(ACTS), min_size=1, max_size=2, unique=True))
    keys = draw(st.lists(st.sampled_from(SHARED), min_size=1, max_size=2, unique_by=lambda key: key.value))
    act = call(session, seconds, rules=rules, keys=keys)
    if draw(st.booleans()):
        return [act]
    return [act, result(session, seconds + 1, of=name, keys=[draw(st.sampled_from(SHARED))], rules=rules[:1])]


@st.composite
def operations(draw: st.DrawFn) -> list[Seen]:
    """Acts that make most worlds hostile, values that grow common, and values that turn popular.

    Times are whole tens of seconds, so that much falls on one instant.
    """
    acts = draw(st.lists(_acts(), min_size=3, max_size=14))
    owners = [own(session, account) for session, account in zip(SESSIONS, MANY, strict=True)]
    seen = [*owners, *(item for act in acts for item in act)]
    for size in draw(st.lists(st.sampled_from([1, 3, 9, 30]), max_size=3)):
        seen += crowd(draw(st.sampled_from(SHARED)), draw(_tens), size)
    for shared in draw(st.lists(st.sampled_from(SHARED), max_size=3, unique_by=lambda key: key.value)):
        seen += crowd(shared, draw(_tens) + draw(st.sampled_from([0, 200])))
    return seen
