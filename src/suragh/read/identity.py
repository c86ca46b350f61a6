"""Identities of actions and turns: the same wherever, whenever and however often they are logged."""

import re
from typing import Final

from suragh.model.fact import Leaf
from suragh.model.ids import digest

UNIQUE_LENGTH: Final = 16
"""A random tail of 16 letters and digits has 82 bits or more (36^16): two of 10^9 ids never meet by chance.

Providers' ids are longer (`toolu_` + 24, `call_` + 24); counters (`call_1`), and names with counters
(`functions.bash:0`), have shorter tails.
"""

SAID_WITHIN: Final = 10_000_000_000
"""Nanoseconds of a window: what an agent's log record, span and hook say of one prompt is some 0.1 s apart in real
telemetry, so that one in a hundred falls into two windows; who says the same again within 10 s pressed the key twice.
"""

WAYS: Final = ("named", "prompted", "counted", "timed")
"""How a message may be identified, surest first; its place here stands in the lowest bits of the message's id.

The same message has an id of its own in one format, that of the prompt that it opens in another, is the second of its
text in a third, and was said at some time in a fourth.
"""

_NAMED, _PROMPTED, _COUNTED, _TIMED = range(len(WAYS))

_UUID: Final = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_TAIL: Final = re.compile(rf"(?:^|[_:.-])(?=[a-z]*[A-Z0-9])(?=[^a-zA-Z]*[a-zA-Z])[A-Za-z0-9]{{{UNIQUE_LENGTH},}}$")
"""What follows the last separator: letters and digits mixed, for neither a word nor a bare counter is random."""


def is_unique(native: str) -> bool:
    """Whether an id that a client or provider gave is the only one of its kind anywhere."""
    return _TAIL.search(native) is not None or _UUID.search(native) is not None


def action_id(session: str, call_id: str, known_at: int, tool: str, arguments: tuple[Leaf, ...]) -> int:
    """Identify an action.

    A unique native id names it alone, so that a history replayed into another session is the same action; a short
    one counts within its session; without one, the session, time, tool and arguments do.
    """
    if call_id:
        return digest("action", call_id) if is_unique(call_id) else digest("action", session, call_id)
    parts = [part for leaf in arguments for part in (leaf.path, leaf.text)]
    return digest("action", session, str(known_at), tool, *parts)


def turn_id(session: str, message_id: str, text: str, nth: int = 0) -> int:
    """Identify a message; without a native id, as the nth of its text in its session, from 0."""
    if not message_id:
        return _by(_COUNTED, session, str(nth), text)
    return _by(_NAMED, message_id) if is_unique(message_id) else _by(_NAMED, session, message_id)


def turn_of_prompt(session: str, prompt_id: str) -> int:
    """Identify a message by the id of the prompt that it opens, which is another than that of the message."""
    return _by(_PROMPTED, session, prompt_id)


def turn_at(session: str, said_at: int, text: str) -> int:
    """Identify a message that has no id of its own by its text and by when it was said, in nanoseconds.

    Signals of one agent that tell of the same message do not agree on its time to the millisecond: what is said twice
    within one window of `SAID_WITHIN` is one message.
    """
    return _by(_TIMED, session, f"@{said_at // SAID_WITHIN}", text)


def _by(way: int, *parts: str) -> int:
    return digest("turn", *parts) & -len(WAYS) | way
