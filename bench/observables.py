"""Measure observables: MB/s over real texts, against a plain loop of one `re` search per class.

    python bench/observables.py FOLDER_OF_TRACES

FOLDER_OF_TRACES holds `*.jsonl` or `*.jsonl.xz`: one run a line, with `steps` that have `args` and `result`. The cost
of the trigger scan is printed apart: in a run of Suragh it is a part of the one scan for everything. Times are of the
processor, so that other programs disturb them less.
"""

import json
import lzma
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from time import process_time

import hyperscan

from suragh.detect.observables.find import TRIGGERS, observables

PLAIN = tuple(
    re.compile(pattern)
    for pattern in (
        r"\b(?:\d{1,3}\.){3}\d{1,3}(?:/\d{1,2})?\b",
        r"\b(?:[0-9A-Fa-f]{1,4}:){2,7}[0-9A-Fa-f:]{1,4}\b",
        r"\b[a-zA-Z][a-zA-Z0-9+.-]*://[^\s\"'<>]+",
        r"\b[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\b",
        r"\b(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,13}\b",
        r"\b[A-Za-z0-9-]+:\d{2,5}\b",
        r"(?:/[\w.@+~-]+){2,}",
        r"\b[A-Za-z]:\\[^\s\"']+",
        r"\b[0-9a-fA-F]{32}(?:[0-9a-fA-F]{8}|[0-9a-fA-F]{32})?\b",
        r"\b(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}\b",
        r"(?i)\bssid[\"']?\s*[:=]\s*\S+",
        r"\b(?:\d[ -]?){13,19}\b",
        r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}\b",
        r"(?i)(?:password|passwd|pwd|secret|token|api[_-]?key)[\"']?\s*[:=]\s*\S+",
        r"(?:AKIA[A-Z0-9]{16}|gh[pousr]_[A-Za-z0-9]{36}|eyJ[\w-]+\.[\w-]+\.[\w-]+)",
    )
)


def leaves(value: object) -> Iterator[str]:
    """Every text in a decoded JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner)


def texts(folder: Path) -> list[str]:
    """The arguments and results of every step, empty ones too: the hot path meets them."""
    found: list[str] = []
    for path in sorted([*folder.glob("*.jsonl"), *folder.glob("*.jsonl.xz")]):
        with lzma.open(path, "rt") if path.suffix == ".xz" else path.open(encoding="utf-8") as lines:
            for line in lines:
                for step in json.loads(line)["steps"]:
                    found += leaves(step.get("args"))
                    found += leaves(step.get("result"))
    return found


def scan(found: list[str]) -> list[int]:
    """The triggers of each text."""
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(
        expressions=[trigger.pattern.encode() for trigger in TRIGGERS],
        ids=list(range(len(TRIGGERS))),
        flags=[trigger.flags for trigger in TRIGGERS],
        elements=len(TRIGGERS),
    )
    scratch = hyperscan.Scratch(database)
    seen: list[int] = []
    bits: list[int] = []

    def note(number: int, _start: int, _end: int, _flags: int, _context: object) -> None:
        seen.append(number)

    for text in found:
        seen.clear()
        database.scan(text.encode("utf-8", "surrogatepass"), match_event_handler=note, scratch=scratch)
        bits.append(sum(TRIGGERS[number].bit for number in seen))
    return bits


def plain(text: str) -> int:
    """What a loop over patterns costs, without any validation."""
    return sum(len(pattern.findall(text)) for pattern in PLAIN)


def main() -> None:
    """Print one line a measurement."""
    found = texts(Path(sys.argv[1]))
    size = sum(map(len, found)) / 1e6
    began = process_time()
    triggers = scan(found)
    scanned = process_time() - began
    taken = scanned
    for name in ("cold", "warm"):
        began = process_time()
        count = sum(len(observables(text, "", bits)) for text, bits in zip(found, triggers, strict=True))
        taken = process_time() - began
        print(f"observables, {name}: {size / taken:6.1f} MB/s, {len(found) / taken:9.0f} texts/s, {count} found")
    part = found[:: max(1, int(size // 4))]
    began = process_time()
    sum(map(plain, part))
    loop = sum(map(len, part)) / 1e6 / (process_time() - began)
    print(f"plain loop of re:   {loop:6.1f} MB/s (a sample); ratio {size / taken / loop:.1f}")
    print(f"trigger scan alone: {size / scanned:6.1f} MB/s; {len(found)} texts, {size:.1f} MB")


if __name__ == "__main__":
    main()
