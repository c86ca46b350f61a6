"""Suragh finds intrusion campaigns run by AI agents, split over sessions and accounts, in the agents' telemetry."""

from importlib import import_module

__all__ = ["Report", "SetupError", "SuraghError", "UsageError", "scan"]

_HOMES = {
    "Report": "suragh.model.report",
    "SetupError": "suragh.errors",
    "SuraghError": "suragh.errors",
    "UsageError": "suragh.errors",
    "scan": "suragh.engine.local",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for: who needs one noun need not load every engine (PEP 562).

    Type checkers read `__init__.pyi`.
    """
    if name not in _HOMES:
        raise AttributeError(f"module 'suragh' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
