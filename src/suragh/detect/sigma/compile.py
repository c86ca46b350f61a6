"""Sigma detections turned into conditions that can be evaluated; what cannot be is refused by name."""

import re
from collections.abc import Sequence
from typing import Final

from sigma.conditions import (
    ConditionAND,
    ConditionFieldEqualsValueExpression,
    ConditionNOT,
    ConditionOR,
    ConditionValueExpression,
)
from sigma.rule import SigmaRule
from sigma.types import (
    CompareOperators,
    Placeholder,
    SigmaBool,
    SigmaCasedString,
    SigmaCIDRExpression,
    SigmaCompareExpression,
    SigmaExists,
    SigmaExpansion,
    SigmaFieldReference,
    SigmaNull,
    SigmaNumber,
    SigmaRegularExpression,
    SigmaRegularExpressionFlag,
    SigmaString,
    SigmaType,
    SpecialChars,
)

from suragh.detect.evaluate import (
    KEYWORDS,
    Check,
    Condition,
    Every,
    Not,
    Pattern,
    Present,
    Same,
    Some,
    Text,
    Where,
    expression_of,
)
from suragh.detect.evaluate_data import Compares, InNetwork
from suragh.detect.patience import linear, may_run_long

SHOWN: Final = 60
"""Characters of an expression that are shown: enough to find it."""


class UnsupportedError(Exception):
    """A rule asks for what cannot be evaluated here; its text says for what, and why."""


_FLAGS: Final = {
    SigmaRegularExpressionFlag.IGNORECASE: re.IGNORECASE,
    SigmaRegularExpressionFlag.MULTILINE: re.MULTILINE,
    SigmaRegularExpressionFlag.DOTALL: re.DOTALL,
}
_COMPARE: Final = {
    CompareOperators.LT: "lt",
    CompareOperators.LTE: "lte",
    CompareOperators.GT: "gt",
    CompareOperators.GTE: "gte",
    CompareOperators.NEQ: "neq",
}


def condition_of(rule: SigmaRule, *, own: bool) -> Condition:
    """Turn a rule's detection into one condition; several conditions of one rule are alternatives.

    Whether there are such fields as it names is for those to say who have the events. Expressions of rules that are not
    Suragh's `own` are left to an engine that no text can make run long.

    Raises:
        UnsupportedError: if any part of it cannot be evaluated.
        sigma.exceptions.SigmaError: if a condition cannot be parsed.
    """
    made = _any([_node(parsed.parsed) for parsed in rule.detection.parsed_condition])
    return made if own else _guarded(made)


def _guarded(condition: Condition) -> Condition:
    match condition:
        case Every(parts) | Some(parts):
            return type(condition)(tuple([_guarded(part) for part in parts]))
        case Not(part):
            return Not(_guarded(part))
        case Pattern(field, expression, whole) if may_run_long(expression.pattern):
            if linear(expression.compiled, whole=whole) is None:
                raise UnsupportedError(
                    f"a text could make the expression {expression.pattern[:SHOWN]!r} run for hours, and RE2, on which"
                    " none does, cannot take it"
                )
            return Pattern(field, expression, whole, wary=True)
        case _:
            return condition


def _any(parts: list[Condition]) -> Condition:
    return parts[0] if len(parts) == 1 else Some(tuple(parts))


def _node(item: object) -> Condition:
    match item:
        case ConditionAND():
            return Every(tuple([_node(part) for part in item.args]))
        case ConditionOR():
            return Some(tuple([_node(part) for part in item.args]))
        case ConditionNOT():
            return Not(_node(item.args[0]))
        case ConditionFieldEqualsValueExpression():
            return _test(item.field, item.value)
        case ConditionValueExpression():
            return _keyword(item.value)
        case _:
            raise UnsupportedError("its condition is empty")


def _keyword(value: SigmaType) -> Condition:
    """A keyword may stand anywhere in any text of the event."""
    match value:
        case SigmaExpansion():
            return _any([_keyword(inner) for inner in value.values])
        case SigmaString():
            star = SpecialChars.WILDCARD_MULTI
            around = value if value.startswith(star) else star + value
            return _string(KEYWORDS, around if around.endswith(star) else around + star)
        case SigmaNumber():
            return Text(KEYWORDS, Where.ANYWHERE, str(value.number))
        case _:
            return _test(KEYWORDS, value)


def _test(field: str, value: SigmaType) -> Condition:
    match value:
        case SigmaExpansion():
            return _any([_test(field, inner) for inner in value.values])
        case SigmaString():
            return _string(field, value)
        case SigmaRegularExpression():
            return _regex(field, value)
        case SigmaFieldReference():
            return Same(field, value.field, _reference(value))
        case SigmaNull() | SigmaExists():
            return _presence(field, value)
        case _:
            return _plain(field, value)


def _presence(field: str, value: SigmaNull | SigmaExists) -> Condition:
    if isinstance(value, SigmaNull):
        return Not(Present(field, filled=True))
    return Present(field) if value.exists else Not(Present(field))


def _plain(field: str, value: SigmaType) -> Condition:
    match value:
        case SigmaBool():
            return Text(field, Where.WHOLE, str(value.boolean).lower())
        case SigmaCIDRExpression():
            return Check(field, InNetwork(str(value.network)))
        case SigmaCompareExpression():
            return Check(field, Compares(_COMPARE[value.op], value.number.number))
        case SigmaNumber() if type(value) is SigmaNumber:
            return Check(field, Compares("eq", value.number))
        case _:
            raise UnsupportedError(f"value of kind {type(value).__name__} cannot be evaluated on an action")


def _reference(value: SigmaFieldReference) -> Where:
    if value.starts_with and value.ends_with:
        return Where.ANYWHERE
    if value.starts_with:
        return Where.START
    return Where.END if value.ends_with else Where.WHOLE


def _regex(field: str, value: SigmaRegularExpression) -> Condition:
    flags = re.ASCII
    for flag in value.flags:
        flags |= _FLAGS[flag]
    return Pattern(field, expression_of(str(value.regexp), flags), whole=False)


def _string(field: str, value: SigmaString) -> Condition:
    cased = isinstance(value, SigmaCasedString)
    parts = list(value.s)
    if any(isinstance(part, Placeholder) for part in parts):
        raise UnsupportedError(f"placeholder in {str(value)!r} has no list here to stand for")
    star = SpecialChars.WILDCARD_MULTI
    opened = bool(parts) and parts[0] is star
    closed = bool(parts) and parts[-1] is star
    inner = parts[opened : len(parts) - closed] if len(parts) > 1 else parts
    if len(inner) > 1 or (inner and not isinstance(inner[0], str)):
        return _wildcards(field, parts, cased=cased)
    needle = str(inner[0]) if inner else ""
    where = _WHERE[opened, closed]
    return Text(field, where, needle if cased else needle.lower(), cased)


_WHERE: Final = {
    (False, False): Where.WHOLE,
    (True, True): Where.ANYWHERE,
    (False, True): Where.START,
    (True, False): Where.END,
}


def _wildcards(field: str, parts: Sequence[object], *, cased: bool) -> Condition:
    if list(parts) == [SpecialChars.WILDCARD_MULTI]:
        return Present(field)
    source = "".join(
        re.escape(part) if isinstance(part, str) else ".*" if part is SpecialChars.WILDCARD_MULTI else "."
        for part in parts
    )
    return Pattern(field, expression_of(source, re.DOTALL | (re.RegexFlag(0) if cased else re.IGNORECASE)), whole=True)
