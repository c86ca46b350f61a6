"""Mapped: lines of JSON in a format of their own, read as a mapping file says."""

from collections.abc import Iterator
from functools import partial

import msgspec

from suragh.model.fact import Call, Kinship, Leaf, Ownership, Pointer, Rejected, Result, Turn
from suragh.read.acts import Origin, answered, said
from suragh.read.identity import turn_at, turn_id
from suragh.read.leaves import leaves, leaves_of_json
from suragh.read.lenient import decode_object, moment
from suragh.read.mapping import CallPaths, Mapping, Path, ResultPaths, Scope, TurnPaths, parse_mapping
from suragh.read.probe import shape
from suragh.read.reader import Reader, Seen, Take, line_reader
from suragh.read.told import Told

CANNOT_KNOW = ("What the mapping names no path for.",)


def mapped_reader(data: bytes, where: str) -> Reader:
    """Make a reader of a mapping file.

    Raises:
        SetupError: if it is none.
    """
    mapping = parse_mapping(data, where)
    return line_reader(
        name=mapping.name,
        title=mapping.title,
        cannot_know=CANNOT_KNOW,
        recognise=partial(_recognise, mapping),
        begin=partial(_begin, mapping),
    )


class _Item(Origin, frozen=True, gc=False):
    """A record, or an item of a list in it, with what is known of it. `at` is its JSON Pointer in the record."""

    value: dict[str, object]
    at: str


def _begin(mapping: Mapping) -> Take:
    return partial(_take, mapping, Told())


def _recognise(mapping: Mapping, line: bytes) -> bool:
    try:
        record = msgspec.json.decode(line)
    except (ValueError, RecursionError):
        return _is_start(mapping, line)
    return isinstance(record, dict) and _belongs(mapping, record)


def _is_start(mapping: Mapping, line: bytes) -> bool:
    """Whether a line that is cut, or no strict JSON, has at its top what leads to time and session."""
    top = shape(line)
    if top is None:
        return False
    needed = (mapping.time, mapping.session, *(path for path, _ in mapping.whole.when))
    return all(any(_begins(way, top.texts) for way in path.ways) for path in needed)


def _begins(way: tuple[str, ...], keys: dict[str, str]) -> bool:
    return any(".".join(way[:count]) in keys for count in range(1, len(way) + 1))


def _belongs(mapping: Mapping, record: dict[str, object]) -> bool:
    """Whether a record is meant at all: as `when` says, and with a session, its own or one of its items'."""
    if not mapping.whole.holds(record):
        return False
    return any(_text(mapping.session.find(value)) for value in (record, *_all_items(mapping, record)))


def _all_items(mapping: Mapping, record: dict[str, object]) -> Iterator[dict[str, object]]:
    for section in (mapping.call, mapping.result, mapping.human):
        if section is not None and section.scope.each.ways:
            yield from (value for value, _ in _values(section.scope, record))


def _values(scope: Scope, record: dict[str, object]) -> Iterator[tuple[dict[str, object], str]]:
    """Yield what a section is about: the record, or each object of its list, with its JSON Pointer."""
    if not scope.each.ways:
        if scope.holds(record):
            yield record, ""
        return
    for way in scope.each.ways:
        found = Path((way,)).find(record)
        if isinstance(found, list):
            inside = "/".join(step.replace("~", "~0").replace("/", "~1") for step in way)
            yield from (
                (item, f"/{inside}/{number}")
                for number, item in enumerate(found)
                if isinstance(item, dict) and scope.holds(item)
            )
            return


def _take(mapping: Mapping, told: Told, data: bytes, pointer: Pointer) -> list[Seen] | None:
    record, fault = decode_object(data)
    if record is None:
        return [Rejected(pointer, fault)] if fault else None
    if not _belongs(mapping, record):
        return None
    found = list(_facts(mapping, told, record, pointer))
    return [*found, Rejected(pointer, fault)] if fault else found


def _facts(mapping: Mapping, told: Told, record: dict[str, object], pointer: Pointer) -> Iterator[Seen]:
    whole = _item(mapping, (record, ""), record, pointer)
    if not isinstance(whole, Rejected):
        yield from _relations(mapping, told, whole)
    for section in (mapping.call, mapping.result, mapping.human):
        for value in () if section is None else _values(section.scope, record):
            item = _item(mapping, value, record, pointer) if value[1] else whole
            if isinstance(item, Rejected):
                yield item
                continue
            if value[1]:
                yield from _relations(mapping, told, item)
            yield from _shown(mapping, section, item)


def _item(
    mapping: Mapping, found: tuple[dict[str, object], str], record: dict[str, object], pointer: Pointer
) -> _Item | Rejected:
    """Gather what is known of an item: by itself, else by the record that it stands in."""
    value, at = found
    session = _text(mapping.session.find(value)) or _text(mapping.session.find(record))
    if not session:
        return Rejected(pointer, f"session is missing: nothing at {mapping.session}")
    time = mapping.time.find(value)
    known_at = moment(mapping.time.find(record) if time is None else time)
    if known_at is None:
        return Rejected(pointer, f"time is missing: no time at {mapping.time}")
    actor = _text(mapping.agent.find(value)) or _text(mapping.agent.find(record))
    return _Item(session, actor, known_at, pointer, value, at)


def _relations(mapping: Mapping, told: Told, item: _Item) -> Iterator[Seen]:
    account, parent = _text(mapping.account.find(item.value)), _text(mapping.parent.find(item.value))
    if account and told.is_news((item.session, "account", account), item.known_at):
        yield Ownership(item.session, account, str(mapping.account), item.known_at)
    if parent and parent != item.session and told.is_news((item.session, "parent", parent), item.known_at):
        yield Kinship(item.session, parent, item.known_at)


def _shown(mapping: Mapping, section: CallPaths | ResultPaths | TurnPaths | None, item: _Item) -> Iterator[Seen]:
    if isinstance(section, CallPaths):
        yield from _call(section, item)
    elif isinstance(section, ResultPaths):
        yield from _result(section, mapping.call, item)
    elif isinstance(section, TurnPaths):
        yield from _turn(section, item)


def _call(paths: CallPaths, item: _Item) -> Iterator[Call | Rejected]:
    tool = _text(paths.tool.find(item.value))
    if not tool:
        if paths.scope.when:
            yield Rejected(item.pointer, f"tool of a call is missing: nothing at {paths.tool}")
        return
    arguments = tuple(_arguments(paths, item.value))
    yield item.call(_text(paths.id.find(item.value)), tool, arguments, item.at)


def _arguments(paths: CallPaths, value: dict[str, object]) -> Iterator[Leaf]:
    for name, path in paths.arguments:
        found = path.find(value)
        for leaf in leaves_of_json(found) if isinstance(found, str) else leaves(found):
            yield Leaf(".".join(filter(None, (name, leaf.path))), leaf.text)


def _result(paths: ResultPaths, call: CallPaths | None, item: _Item) -> Iterator[Result | Rejected]:
    content = paths.text.find(item.value)
    if content is None and not paths.scope.when:
        return
    call_id = _text(paths.id.find(item.value))
    failed = paths.has_failed(item.value)
    if call_id:
        yield item.result(call_id, leaves(content), item.at, failed=failed)
        return
    beside = () if call is None or not call.scope.holds(item.value) else _call(call, item)
    known = next((fact for fact in beside if isinstance(fact, Call)), None)
    if known is None:
        yield Rejected(item.pointer, "result has no call's id, and no call stands beside it")
    else:
        yield answered(known, leaves(content), item.at, item.known_at, failed=failed)


def _turn(paths: TurnPaths, item: _Item) -> Iterator[Turn]:
    text = said(paths.text.find(item.value))
    if text:
        own = _text(paths.id.find(item.value))
        turn = turn_id(item.session, own, text) if own else turn_at(item.session, item.known_at, text)
        yield item.turn(turn, text, item.at, human=not item.actor)


def _text(value: object) -> str:
    """Give a name or an id as text; numbers are written out."""
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
