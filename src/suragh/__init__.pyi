from suragh.engine.local import scan as scan
from suragh.errors import SetupError as SetupError
from suragh.errors import SuraghError as SuraghError
from suragh.errors import UsageError as UsageError
from suragh.model.report import Report as Report

__all__ = ["Report", "SetupError", "SuraghError", "UsageError", "scan"]
