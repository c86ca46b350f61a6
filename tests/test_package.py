"""The Python interface: few names, typed, and nothing loaded that was not asked for."""

import inspect
import subprocess
import sys
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import get_type_hints

import pytest

import suragh
from suragh.engine.local import scan
from suragh.errors import SetupError, SuraghError, UsageError
from suragh.model.report import Report

PUBLIC = {
    "Report": Report,
    "SetupError": SetupError,
    "SuraghError": SuraghError,
    "UsageError": UsageError,
    "scan": scan,
}


def test_the_public_names_are_these() -> None:
    """Sorted, each importable, each the one of its room."""
    assert suragh.__all__ == sorted(PUBLIC)
    assert {name: getattr(suragh, name) for name in suragh.__all__} == PUBLIC


@pytest.mark.parametrize("name", ["scann", "engine_", "__wrapped__", "Detector"])
def test_an_unknown_name_is_an_attribute_error(name: str) -> None:
    """As of any module, so that `hasattr` and `from suragh import x` work."""
    with pytest.raises(AttributeError, match=f"module 'suragh' has no attribute '{name}'"):
        getattr(suragh, name)
    assert not hasattr(suragh, name)


def test_the_package_tells_its_types() -> None:
    """A type checker of who uses it finds the marker. Source: PEP 561."""
    assert files("suragh").joinpath("py.typed").is_file()


def test_scan_is_typed_and_told() -> None:
    """Paths in, a report out; all else by name; each argument is described."""
    hints = get_type_hints(scan)
    parameters = inspect.signature(scan).parameters

    assert hints["paths"] == Sequence[str | Path]
    assert hints["return"] is Report
    assert [name for name, one in parameters.items() if one.kind is not inspect.Parameter.KEYWORD_ONLY] == ["paths"]
    assert set(parameters) == set(hints) - {"return"}
    assert [name for name in parameters if f"{name}: " not in (scan.__doc__ or "")] == []


HEAVY = ("numpy", "hyperscan", "tree_sitter", "rich", "jinja2", "sigma", "google.protobuf")


def loaded(program: str) -> set[str]:
    """What a program has loaded at its end, out of what takes long to load."""
    told = f"{program}\nimport sys\nprint(*(name for name in {HEAVY} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_importing_the_package_loads_nothing_heavy() -> None:
    """Neither the package nor its errors nor its report need an engine."""
    assert loaded("import suragh") == set()
    assert loaded("from suragh import Report, SetupError") == set()


def test_asking_for_scan_loads_the_engine() -> None:
    """The test above looks at something."""
    assert {"numpy", "hyperscan"} <= loaded("from suragh import scan")
