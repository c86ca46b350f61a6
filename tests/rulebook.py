"""The built-in rules, loaded once for all tests."""

from functools import cache

from suragh.detect.rule import Ruleset, builtin_files
from suragh.detect.sigma.ruleset import load_rules


@cache
def builtin_rules() -> Ruleset:
    """The rules that come with Suragh."""
    return load_rules(builtin_files())
