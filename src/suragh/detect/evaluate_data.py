"""Conditions as plain data, for what is kept between two runs, and back."""

import operator
from collections.abc import Callable
from functools import cached_property
from ipaddress import ip_network
from typing import Any, Final, TypeAlias

from msgspec import Struct

from suragh.detect.evaluate import (
    Check,
    Condition,
    Constant,
    Every,
    Expression,
    Not,
    Pattern,
    Present,
    Same,
    Some,
    Test,
    Text,
    Where,
    compares,
    in_network,
)

Data: TypeAlias = list[Any]
"""The name of a condition's kind, then what it is made of."""

_RELATIONS: Final[dict[str, Callable[[float, float], bool]]] = {
    "lt": operator.lt,
    "lte": operator.le,
    "gt": operator.gt,
    "gte": operator.ge,
    "eq": operator.eq,
    "neq": operator.ne,
}


class Compares(Struct, frozen=True, dict=True):
    """A test for numbers.

    Attributes:
        relation: `lt`, `lte`, `gt`, `gte`, `eq` or `neq`.
        limit: what a number is compared with.
    """

    relation: str
    limit: float

    @cached_property
    def _passes(self) -> Callable[[str], bool]:
        relation, limit = _RELATIONS[self.relation], self.limit
        return compares(lambda number: relation(number, limit))

    def __call__(self, value: str) -> bool:
        """Whether a value is such a number."""
        return self._passes(value)


class InNetwork(Struct, frozen=True, dict=True):
    """A test for addresses.

    Attributes:
        network: in CIDR notation.
    """

    network: str

    @cached_property
    def _passes(self) -> Callable[[str], bool]:
        return in_network(ip_network(self.network))

    def __call__(self, value: str) -> bool:
        """Whether a value is an address of the network."""
        return self._passes(value)


def to_data(condition: Condition) -> Data:
    """A condition as plain data.

    Raises:
        TypeError: if a test in it is a function that cannot be told from outside.
    """
    match condition:
        case Every(parts) | Some(parts):
            return [type(condition).__name__, *[to_data(part) for part in parts]]
        case Not(part):
            return ["Not", to_data(part)]
        case Constant(value):
            return ["Constant", value]
        case _:
            return [type(condition).__name__, condition.field, *_of_test(condition)]


def _of_test(test: Test) -> Data:
    match test:
        case Pattern(_, expression, whole, wary):
            return [expression.pattern, expression.flags, whole, wary]
        case Check(_, passes):
            return _of_check(passes)
        case Text(_, where, needle, cased):
            return [where.name, needle, cased]
        case Same(_, other, where):
            return [other, where.name]
        case Present(_, filled):
            return [filled]


def _of_check(passes: Callable[[str], bool]) -> Data:
    match passes:
        case Compares(relation, limit):
            return [relation, limit]
        case InNetwork(network):
            return ["in", network]
        case _:
            raise TypeError(f"a test is {passes!r}, expected one that is data")


def from_data(data: Data) -> Condition:
    """The condition that `to_data` was given."""
    match data:
        case ["Every", *parts]:
            return Every(tuple([from_data(part) for part in parts]))
        case ["Some", *parts]:
            return Some(tuple([from_data(part) for part in parts]))
        case ["Not", part]:
            return Not(from_data(part))
        case ["Text", field, where, needle, cased]:
            return Text(field, Where[where], needle, cased)
        case ["Pattern", field, source, flags, whole, wary]:
            return Pattern(field, Expression(source, flags), whole, wary)
        case ["Check", field, relation, operand]:
            return Check(field, InNetwork(operand) if relation == "in" else Compares(relation, operand))
        case _:
            return _simple(data)


def _simple(data: Data) -> Condition:
    match data:
        case ["Same", field, other, where]:
            return Same(field, other, Where[where])
        case ["Present", field, filled]:
            return Present(field, filled)
        case ["Constant", value]:
            return Constant(value)
        case _:
            raise ValueError(f"no kind of condition: {data[:1]}")
