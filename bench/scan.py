"""How fast `suragh scan` is, and how much memory it takes, on copies of real telemetry.

    python bench/scan.py FOLDER [--mb 200]     a folder of telemetry, copied under new ids until it has so many MB
    python bench/scan.py --small               a few MB made from examples/traces: a check that it works at all

Prints MB/s and actions/s of the whole command on one core, beside a floor measured in the same run: the same lines
decoded by msgspec without a type, and nothing done with them. Nothing here is asserted; a machine is not a test.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples" / "traces"
MEGA = 1_000_000

IDS = re.compile(rb"\b(toolu_|call_|acct_)(?=\w)|\b[0-9a-f]{8}(?=-[0-9a-f]{4}-)")
"""What makes a copy's sessions, accounts and calls its own."""


def renamed(data: bytes, copy: int) -> bytes:
    """The same telemetry under other ids."""
    return IDS.sub(
        lambda m: m[1] + b"%dx" % copy if m[1] else b"%08x" % (int(m[0], 16) ^ copy * 0x9E3779B1 & 0xFFFFFFFF), data
    )


def copies(source: Path, target: Path, size: int) -> int:
    """Write copies until there are so many bytes; returns how many bytes there are."""
    files = [path for path in sorted(source.rglob("*")) if path.is_file()]
    written = copy = 0
    while written < size:
        for path in files:
            place = target / f"copy-{copy:04d}" / path.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            data = path.read_bytes() if copy == 0 else renamed(path.read_bytes(), copy)
            written += place.write_bytes(data)
        copy += 1
    return written


def floor(folder: Path) -> float:
    """Seconds that it takes to decode every line and do nothing with it."""
    decode = msgspec.json.Decoder().decode
    start = time.perf_counter()
    for path in folder.rglob("*.jsonl"):
        with path.open("rb") as lines:
            for line in lines:
                decode(line)
    return time.perf_counter() - start


def measured(arguments: list[str]) -> tuple[float, float]:
    """Wall seconds and peak megabytes of one command on one core."""
    start = time.perf_counter()
    child = subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - start
    code = os.waitstatus_to_exitcode(status)
    if code not in {0, 1, 5}:
        raise SystemExit(f"scan ended with {code}: {child.stderr.read().decode() if child.stderr else ''}")
    return seconds, usage.ru_maxrss * 1024 / MEGA


def main() -> None:
    """Measure, and print."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=Path, nargs="?", default=EXAMPLES)
    arguments.add_argument("--mb", type=int, default=200)
    arguments.add_argument("--small", action="store_true")
    options = arguments.parse_args()
    command = [sys.executable, "-m", "suragh.cli.main", "scan"]
    with TemporaryDirectory(prefix="suragh-bench-") as name:
        folder, report = Path(name) / "telemetry", Path(name) / "report.json"
        size = copies(options.folder, folder, (3 if options.small else options.mb) * MEGA)
        base = floor(folder)
        seconds, memory = measured([*command, str(folder), "--json", str(report), "--quiet"])
        found = json.loads(report.read_bytes())
        first, _ = measured([*command, str(EXAMPLES)])
    print(f"input            {size / MEGA:9.1f} MB, {found['sessions_read']} sessions, {found['actions_read']} actions")
    print(f"floor: decode    {size / MEGA / base:9.1f} MB/s")
    print(f"scan             {size / MEGA / seconds:9.1f} MB/s   {found['actions_read'] / seconds:9.0f} actions/s")
    print(f"scan / floor     {seconds / base:9.1f} x the time")
    print(f"peak memory      {memory:9.1f} MB")
    print(f"examples, whole  {first:9.2f} s")
    if not found["actions_read"] or found["lines_rejected"]:
        raise SystemExit(f"{found['actions_read']} actions, {found['lines_rejected']} rejected: this is no measurement")


if __name__ == "__main__":
    main()
