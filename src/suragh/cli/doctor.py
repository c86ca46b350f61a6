"""`suragh doctor`: what is installed, what works here, and which agents' logs there are."""

import argparse
import os
import platform
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Final

from msgspec import Struct
from rich.table import Table
from rich.text import Text

from suragh.cli.agents import Found, find
from suragh.cli.console import show
from suragh.errors import SetupError, SuraghError
from suragh.export.words import counted, size
from suragh.model.fact import Call, Leaf, Pointer
from suragh.store.cache import SWITCH, open_cache
from suragh.text.printable import printable

FREE_LEAST: Final = 1 << 30
"""Bytes that the folder of temporary files should have: tables of large scans and the copy of a pipe lie there."""

MESSAGE_LIMIT: Final = 300
"""Code points of what a check says: three lines of a terminal."""

PROBE: Final = "cat /etc/shadow"
"""A command in which the built-in rules must find something."""

EPILOG: Final = """exit code 0 if everything works, else 3. Agents' logs are only counted; of the
newest one the first bytes are read, to see whether its format is known.

examples:
  suragh doctor
  suragh scan          offers the logs that `suragh doctor` finds
"""

_REQUIREMENT: Final = re.compile(r"(?P<name>[\w.-]+)(?:>=(?P<least>[\d.]+))?")


class Check(Struct, frozen=True):
    """What was looked at, whether it works, and what is to be said of it."""

    name: str
    works: bool
    said: str


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    """Add the command to the command line."""
    made: argparse.ArgumentParser = commands.add_parser(
        "doctor",
        help="check what works here, and list agents' logs",
        description="Say what is installed, what works on this machine, and which agents' logs are\non it.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.set_defaults(run=run)
    return made


def run(_options: argparse.Namespace) -> int:
    """Print each check in a line; 3 if something does not work."""
    looked_at = list(checks(os.environ))
    show(_table((_mark(check.works), check.name, check.said) for check in looked_at))
    found = list(find(os.environ))
    show(Text("\nAgents' logs on this machine" + ("" if found else ": none in the usual places"), "bold"))
    show(_table((Text(""), one.agent.name, logs(one)) for one in found))
    return 0 if all(check.works for check in looked_at) else SetupError.exit_code


def _table(rows: Iterable[tuple[Text, str, str]]) -> Table:
    made = Table.grid(padding=(0, 2, 0, 0))
    for mark, name, said in rows:
        made.add_row(mark, Text(name, no_wrap=True), Text(printable(said, MESSAGE_LIMIT)))
    return made


def _mark(works: bool) -> Text:  # noqa: FBT001 - the only thing it is about
    return Text("ok", "bold green") if works else Text("BROKEN", "bold red")


def logs(found: Found) -> str:
    """Say in a line what there is of an agent, and whether it can be read."""
    known = f"read as {found.format}" if found.format else found.agent.hint or "the newest is of no known format"
    return f"{counted(found.files, 'file')}, {size(found.size)}; {known}"


def checks(environ: Mapping[str, str]) -> Iterator[Check]:
    """Look at everything that a scan rests on, one by one."""
    yield Check("suragh", works=True, said=f"{version('suragh')} in {Path(__file__).parents[1]}")
    yield Check("machine", works=True, said=f"Python {platform.python_version()}, {platform.platform(terse=True)}")
    yield _libraries(requires("suragh") or [])
    yield _rules()
    yield _cache(environ)
    yield _temporary()


def _libraries(wanted: list[str]) -> Check:
    needed = [found for line in wanted if "extra ==" not in line and (found := _REQUIREMENT.match(line))]
    there = {found["name"]: _version(found["name"]) for found in needed}
    lacking = [
        f"{found['name']} is {there[found['name']] or 'missing'}, expected {found['least'] or 'any'} or later"
        for found in needed
        if not there[found["name"]] or _numbers(there[found["name"]]) < _numbers(found["least"] or "")
    ]
    said = "; ".join(lacking) or ", ".join(f"{name} {there[name]}" for name in sorted(there))
    return Check("libraries", not lacking, said)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _numbers(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", text)]


def _rules() -> Check:
    """Load the rules and look at one command with them: Hyperscan and the shell grammar must work for that."""
    try:
        # loaded only here: it is what may be broken
        ready = import_module("suragh.engine.rules").builtin()
        detector = import_module("suragh.detect.inspector").Detector(ready)
        found = detector.inspect_call(Call("", "", 0, "Bash", (Leaf("command", PROBE),), 0, Pointer(0, 0, 0), ""))
    except (ImportError, OSError, RuntimeError, ValueError, SuraghError) as error:
        return Check("rules", works=False, said=f"cannot be used: {type(error).__name__}: {error}")
    count = f"{counted(len(ready.rules), 'rule')}; Hyperscan and the shell grammar work"
    return Check("rules", bool(found.matches), count if found.matches else f"find nothing in {PROBE!r}")


def _cache(environ: Mapping[str, str]) -> Check:
    cache = open_cache(environ)
    if cache is None:
        off = f"off, by {SWITCH}" if environ.get(SWITCH) else "off: there is no home folder"
        return Check("cache", works=True, said=f"{off}; each start takes seconds longer")
    fault = cache.fault()
    return Check("cache", not fault, f"{cache.folder}: {f'cannot be used: {fault}' if fault else 'can be written'}")


def _temporary() -> Check:
    try:
        with tempfile.TemporaryFile():
            folder = tempfile.gettempdir()
            free = shutil.disk_usage(folder).free
    except OSError as error:
        return Check("temporary", works=False, said=f"no folder for temporary files: {error.strerror or error}")
    few = "" if free >= FREE_LEAST else ", too few for large scans"
    return Check("temporary", free >= FREE_LEAST, f"{folder}: {size(free)} free{few}")
