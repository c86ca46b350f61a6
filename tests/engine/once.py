"""Rules loaded once for all scans of a test run: each scan would load the same ones anew."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import pytest

from rulebook import builtin_rules
from suragh.detect.inspector import Detector
from suragh.detect.prepared import Prepared, prepared
from suragh.detect.sigma.ruleset import Ruleset


@cache
def rules() -> Ruleset:
    """The built-in rules."""
    return builtin_rules()


@cache
def ready(others: tuple[str, ...] = ()) -> Prepared:
    """The same, ready for use; no test that has them loaded once may ask for others."""
    assert not others
    return prepared(rules())


@cache
def detector() -> Detector:
    """What inspects with the built-in rules."""
    return Detector(ready(), context=False)


@contextmanager
def loaded() -> Iterator[None]:
    """Let scans take the rules that are loaded already."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("suragh.engine.rules.builtin", lambda others=(): ready(tuple(others)))
        patch.setattr("suragh.engine.local.Detector", lambda _ruleset, **_: detector())
        yield
