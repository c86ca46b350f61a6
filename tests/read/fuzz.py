"""Broken records: those that agents write, in which one thing, anywhere, is something else."""

import json
from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeAlias

from hypothesis import strategies as st

from suragh.model.fact import Call, Kinship, Leaf, Ownership, Pointer, Rejected, Result, Turn
from suragh.model.instant import DAWN, DUSK

Way: TypeAlias = tuple[str | int, ...]

_INSIDE = "\N{WHITE RIGHT-POINTING TRIANGLE}"
"""A step of a way that leads into the JSON that a text holds."""

_RAW = "\N{WHITE SQUARE}raw:"
"""What stands for JSON that Python's encoder does not write."""

LONE = st.sampled_from(["\ud800", "a\udfffb", "\udbff\ud800"])
ODD = st.one_of(
    LONE,
    LONE.map(lambda text: {text: text}),
    LONE.map(lambda text: [text, {"type": text, "text": text}]),
    st.sampled_from(["NaN", "Infinity", "-Infinity", "1e999", "-0", "1" * 5000, "[" * 3000 + "]" * 3000]).map(
        lambda raw: _RAW + raw
    ),
    st.integers(900, 1000).map(lambda depth: _RAW + '{"a":[' * (depth // 2) + '"x"' + "]}" * (depth // 2)),
    st.sampled_from([None, True, False, 0, -1, 1.5, 2**63, -(2**63) - 1, 2**64, 10**10, 10**30, [], {}, [[]], [{}]]),
    st.sampled_from(["", "\x00", "x" * 4000, "9" * 19, "9" * 5000, "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z"]),
    st.sampled_from(["2262-04-11T23:47:16.999Z", "1677-09-21T00:12:43.145Z", "[{", '{"a": NaN, "b": "\\ud800"}']),
)


def ways(value: object, way: Way = ()) -> Iterator[Way]:
    """The way to each part of a JSON value, and to those of JSON in a text."""
    yield way
    items: Iterator[tuple[str | int, object]] = iter(())
    if isinstance(value, dict):
        items = iter(value.items())
    elif isinstance(value, list):
        items = iter(enumerate(value))
    elif isinstance(value, str) and value[:1] in ("{", "["):
        items = iter([(_INSIDE, inner) for inner in _inner(value)])
    for step, item in items:
        yield from ways(item, (*way, step))


def _inner(text: str) -> list[object]:
    """The JSON that a text holds, if it holds any."""
    try:
        return [json.loads(text)]
    except (ValueError, RecursionError):
        return []


def changed(value: object, way: Way, odd: object) -> object:
    """A value in which what lies at the end of a way is something else."""
    if not way:
        return odd
    step, *rest = way
    if step == _INSIDE and isinstance(value, str):
        return written(changed(json.loads(value), tuple(rest), odd))
    if isinstance(value, dict):
        return {key: changed(item, tuple(rest), odd) if key == step else item for key, item in value.items()}
    assert isinstance(value, list)
    return [changed(item, tuple(rest), odd) if place == step else item for place, item in enumerate(value)]


def written(value: object) -> str:
    """A value as JSON, with what Python's encoder does not write."""
    parts = json.dumps(value, ensure_ascii=True).split('"' + json.dumps(_RAW)[1:-1])
    return parts[0] + "".join(_unquoted(part) for part in parts[1:])


def _unquoted(part: str) -> str:
    """Take the quotes away from what stands up to the next one that is not escaped."""
    raw, quote, rest = part.replace('\\"', "\x00").partition('"')
    assert quote
    return raw.replace("\x00", '"') + rest.replace("\x00", '\\"')


class Broken(NamedTuple):
    """A log before and after one of its lines, by number from 0, was broken."""

    good: bytes
    data: bytes
    number: int


@st.composite
def broken_logs(draw: st.DrawFn, logs: Mapping[str, list[object]]) -> Broken:
    """The records of one of some logs, of which one has something odd in one or two places."""
    records = logs[draw(st.sampled_from(sorted(logs)))]
    number = draw(st.integers(0, len(records) - 1))
    record = records[number]
    for _ in range(draw(st.integers(1, 2))):
        way = draw(st.sampled_from([way for way in ways(record) if way] or [()]))
        record = changed(record, way, draw(ODD))
    texts = [json.dumps(one) for one in records]
    good = _joined(texts)
    texts[number] = written(record)
    return Broken(good, _joined(texts), number)


def _joined(texts: list[str]) -> bytes:
    return "".join(f"{text}\n" for text in texts).encode("utf-8", "surrogatepass")


def is_sound(fact: object) -> bool:
    """Whether a fact holds what its fields promise: texts, 64-bit numbers, times of this era."""
    if isinstance(fact, Rejected):
        return bool(fact.reason) and "\n" not in fact.reason and isinstance(fact.pointer, Pointer)
    if not isinstance(fact, Call | Result | Turn | Ownership | Kinship):
        return False
    leaves = fact.arguments if isinstance(fact, Call) else fact.texts if isinstance(fact, Result) else ()
    texts = [getattr(fact, name) for name in _TEXTS if hasattr(fact, name)]
    texts += [text for leaf in leaves for text in (leaf.path, leaf.text)]
    return (
        all(isinstance(leaf, Leaf) for leaf in leaves)
        and all(isinstance(text, str) for text in texts)
        and isinstance(fact.known_at, int)
        and DAWN < fact.known_at <= DUSK
    )


_TEXTS = ("session", "actor", "tool", "at", "text", "account", "basis", "parent")
