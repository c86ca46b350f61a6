"""Rules, loaded and ready: each condition cut to the kinds of event that can satisfy it, with what it needs."""

import hashlib
from collections.abc import Iterable
from typing import Any, Final

import msgspec

from suragh.detect.correlation import AGENT_FIELDS
from suragh.detect.evaluate import Condition, Constant, Every, Not, Same, Some, Text, Where, simplified
from suragh.detect.events import FIELDS, CommandEvent, Kind, Setting
from suragh.detect.process import SYSTEM
from suragh.detect.rule import Rule, Ruleset
from suragh.detect.scan_values import Expressions
from suragh.detect.sigma.compile import UnsupportedError, condition_of
from suragh.detect.sigma.gather import gather
from suragh.detect.sigma.parse import ParsedRule
from suragh.model.command import Command
from suragh.model.match import RuleInfo

_DECIDING: Final = ("id", "name", "title", "level", "tags", "logsource", "detection", "correlation")
"""Keys of a rule that change what is found or what is said of it; the digest covers these."""

AGENT: Final = "ai_agent"
"""The product of log sources whose rules are written for agents' actions."""

_SYSTEMS: Final = {"windows": "windows", "linux": "linux", "macos": "darwin"}
"""What Sigma's products are in OpenTelemetry's words."""

_ANY_COMMAND: Final = CommandEvent(Command("zqx", ("zqx",), "zqx", 0, 3), Setting(""), Expressions())
"""A command that no rule means."""

_EVERY_EVENT: Final = frozenset(("tool", "operation"))
"""Fields that every event of a call has: the event of the call alone decides for rules that read nothing else."""


def load_rules(sources: Iterable[tuple[str, str]]) -> Ruleset:
    """Load rules from (name of file, YAML text) pairs.

    What cannot be evaluated on agents' actions (other log sources, fields), and what has the id or the name of a rule
    before it, is kept by name with the reason in `refused`; it is never evaluated in part.

    Raises:
        RuleError: if a file is not as Sigma wants it.
    """
    found = gather(sources, agent_rule, AGENT_FIELDS.__contains__)
    contents = {info.name: _canonical(parsed.raw) for parsed, info, _ in found.rules}
    contents |= {one.info.name: _canonical(parsed.raw) for parsed, one in found.correlations}
    return Ruleset(
        rules=tuple(sorted([rule for _, _, rule in found.rules], key=lambda rule: rule.info.name)),
        correlations=tuple([one for _, one in found.correlations]),
        refused=tuple(found.refused),
        digest=hashlib.sha256(b"\n".join(contents[name] for name in sorted(contents))).hexdigest(),
    )


def _canonical(document: dict[str, Any]) -> bytes:
    kept = {key: document.get(key) for key in _DECIDING}
    return msgspec.json.encode(kept, order="deterministic", enc_hook=str)


def agent_rule(parsed: ParsedRule, info: RuleInfo) -> Rule:
    """Make a rule ready for agents' actions.

    Raises:
        UnsupportedError: if it cannot be evaluated on them.
        sigma.exceptions.SigmaError: if a condition cannot be parsed.
    """
    return Rule(info, parsed.file, _conditions(parsed), parsed.hits, parsed.misses)


def _conditions(parsed: ParsedRule) -> dict[Kind, Condition]:
    kinds = _kinds(parsed)
    condition = _on_its_system(condition_of(parsed.sigma, own=parsed.own), parsed.sigma.logsource.product or "")
    foreign = sorted(field for field in fields_of(condition) if field not in FIELDS)
    if foreign:
        raise UnsupportedError(f"field {foreign[0]!r} is not one of an agent's actions")
    found = {kind: simplified(for_kind(condition, kind)) for kind in kinds}
    found = {kind: cut for kind, cut in found.items() if not isinstance(cut, Constant)}
    if not found:
        raise UnsupportedError(f"no action has all of its fields at once: {', '.join(sorted(fields_of(condition)))}")
    if Kind.COMMAND in found and found[Kind.COMMAND].holds(_ANY_COMMAND):
        raise UnsupportedError("it says only what a command is not, so it holds on nearly every one")
    if fields_of(condition) <= _EVERY_EVENT:
        found.pop(Kind.COMMAND, None)
    return found


def _on_its_system(condition: Condition, product: str) -> Condition:
    """What a rule says of one system's processes says nothing of another's: `curl` is no sign of Windows."""
    system = _SYSTEMS.get(product)
    return Every((Text(SYSTEM, Where.WHOLE, system), condition)) if system else condition


def _kinds(parsed: ParsedRule) -> tuple[Kind, ...]:
    source = parsed.sigma.logsource
    if source.product == AGENT and source.category in (None, "tool_call"):
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
