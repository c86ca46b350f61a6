"""Small files that a person hands in."""

from pathlib import Path

from suragh.errors import SetupError


def read_file(name: str) -> bytes:
    """Read a file whole.

    Raises:
        SetupError: if it cannot be read.
    """
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise SetupError(f"cannot be read: {error.strerror}", where=name) from error
    except ValueError as error:
        raise SetupError(f"cannot be read: {error}", where=name) from error
