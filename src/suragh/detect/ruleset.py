"""Rules, loaded and ready: each condition cut to the kinds of event that can satisfy it, with what it needs."""

import hashlib
from collections.abc import Iterable
from typing import Any, Final

import msgspec
from sigma.exceptions import SigmaError

from suragh.detect.compile import UnsupportedError, condition_of
from suragh.detect.evaluate import Condition, Constant, Every, Not, Same, Some, simplified
from suragh.detect.events import FIELDS, Kind
from suragh.detect.patterns import anchor_of
from suragh.detect.rule import Refused, Rule, Ruleset
from suragh.detect.sigma import Other, ParsedRule, parse
from suragh.errors import SetupError

_DECIDING: Final = ("id", "name", "title", "level", "tags", "logsource", "detection")
"""Keys of a rule that change what is found or what is said of it; the digest covers these."""

_NEVER: Final = Constant(value=False)
_EVERY_EVENT: Final = frozenset(("tool", "operation"))
"""Fields that every event of a call has: the event of the call alone decides for rules that read nothing else."""


def load_rules(sources: Iterable[tuple[str, str]]) -> Ruleset:
    """Load rules from (name of file, YAML text) pairs.

    What cannot be evaluated on agents' actions (other log sources, fields, correlations) is kept by name with the
    reason in `refused`; it is never evaluated in part.

    Raises:
        SetupError: if a file is not as Sigma wants it, or two rules have one name or one id.
    """
    rules: list[Rule] = []
    refused: list[Refused] = []
    seen: dict[str, str] = {}
    contents: dict[str, bytes] = {}
    for file, text in sources:
        for parsed in parse(file, text):
            made = Refused(parsed.title, file, parsed.reason) if isinstance(parsed, Other) else _rule(parsed, seen)
            if isinstance(made, Refused):
                refused.append(made)
            elif isinstance(parsed, ParsedRule):
                rules.append(made)
                contents[made.info.name] = _canonical(parsed.raw)
    rules.sort(key=lambda rule: rule.info.name)
    digest = hashlib.sha256(b"\n".join(contents[rule.info.name] for rule in rules)).hexdigest()
    return Ruleset(tuple(rules), tuple(sorted(refused, key=lambda item: (item.file, item.name))), digest)


def _canonical(document: dict[str, Any]) -> bytes:
    kept = {key: document.get(key) for key in _DECIDING}
    return msgspec.json.encode(kept, order="deterministic", enc_hook=str)


def _rule(parsed: ParsedRule, seen: dict[str, str]) -> Rule | Refused:
    _claim(parsed, seen)
    info = parsed.info
    try:
        conditions = _conditions(parsed)
    except UnsupportedError as error:
        return Refused(info.name, parsed.file, str(error))
    except SigmaError as error:
        raise SetupError(" ".join(str(error).split()), where=parsed.lines.where("detection", "condition")) from error
    return Rule(info, parsed.file, conditions, parsed.hits, parsed.misses)


def _claim(parsed: ParsedRule, seen: dict[str, str]) -> None:
    """Refuse a name or an id that another rule has."""
    where = parsed.lines.where("name")
    for key, value in (("name", parsed.info.name), ("id", parsed.info.id)):
        if value and f"{key} {value}" in seen:
            raise SetupError(
                f"{key} is {value!r}, which {seen[f'{key} {value}']} has too", where=parsed.lines.where(key)
            )
        seen[f"{key} {value}"] = where


def _conditions(parsed: ParsedRule) -> dict[Kind, Condition]:
    condition = condition_of(parsed.sigma)
    found = {kind: simplified(for_kind(condition, kind)) for kind in _kinds(parsed)}
    found = {kind: cut for kind, cut in found.items() if not isinstance(cut, Constant)}
    if not found:
        raise UnsupportedError(f"no action has all of its fields at once: {', '.join(sorted(fields_of(condition)))}")
    if fields_of(condition) <= _EVERY_EVENT:
        found.pop(Kind.COMMAND, None)
    if anchor_of(found.get(Kind.COMMAND, _NEVER), Kind.COMMAND) is None:
        raise UnsupportedError("no text must stand in an action for it, so every command would have to be taken apart")
    return found


def _kinds(parsed: ParsedRule) -> tuple[Kind, ...]:
    source = parsed.sigma.logsource
    if source.product == "ai_agent" and source.category in (None, "tool_call"):
        return tuple(Kind)
    if source.category == "process_creation":
        return (Kind.COMMAND,)
    named = "/".join(part for part in (source.product, source.category, source.service) if part)
    raise UnsupportedError(f"log source {named} is not one that agents' telemetry has")


def for_kind(condition: Condition, kind: Kind) -> Condition:
    """The condition with every test on a field that events of a kind have not replaced by what it gives there."""
    match condition:
        case Every(parts):
            return Every(tuple([for_kind(part, kind) for part in parts]))
        case Some(parts):
            return Some(tuple([for_kind(part, kind) for part in parts]))
        case Not(part):
            return Not(for_kind(part, kind))
        case Constant():
            return condition
        case Same(_, other) if not FIELDS[other].given_by(kind):
            return Constant(value=False)
        case _:
            return condition if FIELDS[condition.field].given_by(kind) else Constant(value=False)


def fields_of(condition: Condition) -> set[str]:
    """The fields that a condition reads."""
    match condition:
        case Every(parts) | Some(parts):
            return set().union(*[fields_of(part) for part in parts])
        case Not(part):
            return fields_of(part)
        case Constant():
            return set()
        case Same(field, other):
            return {field, other}
        case _:
            return {condition.field}
