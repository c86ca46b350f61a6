"""Fuzzing for as long as one likes: new logs and archives until the time or the number of records is reached.

A failure is shown as small as it can be made, with the seed that leads to it again.
"""

import argparse
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from hypothesis import HealthCheck, given, seed, settings
from tests.engine import once
from tests.fuzz.damage import archives, check, check_bytes, contents, logs

from suragh.detect.inspector import Detector
from suragh.read.registry import read
from suragh.store.inputs import open_inputs

BATCH: Final = 200
"""Examples of each kind between two looks at the clock."""

LINES: Final = 40
"""Lines of a log, at most: in long logs the records are what time is spent on."""

_SETTINGS: Final = settings(
    max_examples=BATCH, deadline=None, database=None, suppress_health_check=list(HealthCheck), print_blob=False
)


def check_file(path: Path, detector: Detector) -> int:
    """Read a file, or all members of an archive, and hold what comes out to its promises; gives the records."""
    records = 0
    with open_inputs([path]) as inputs:
        for number in range(len(inputs.sources)):
            with inputs.member(number) as member:
                check(list(read(member)), member.tally.rejected, detector)
                records += member.tally.records
            inputs.locate(number, [(0, 10), (5, 3)])
    return records


class _Batch:
    """Three kinds of examples from one seed, and the records that were in them."""

    def __init__(self, number: int, place: Path) -> None:
        self.number = number
        self.place = place
        self.records = 0

    def run(self) -> None:
        detector = once.detector()

        @seed(self.number)
        @_SETTINGS
        @given(data=logs(LINES))
        def long_logs(data: bytes) -> None:
            self.records += check_bytes(data, detector)

        @seed(self.number)
        @_SETTINGS
        @given(data=contents())
        def any_content(data: bytes) -> None:
            self.records += check_bytes(data, detector)

        @seed(self.number)
        @_SETTINGS
        @given(data=archives())
        def any_archive(data: bytes) -> None:
            self.place.write_bytes(data)
            self.records += check_file(self.place, detector)

        for kind in (long_logs, any_content, any_archive):
            kind()


def main(arguments: list[str]) -> int:
    """Run batches; 1 if anything escaped."""
    made = argparse.ArgumentParser(prog="scripts/fuzz", description="Fuzz readers, archives and rules.")
    made.add_argument("--seconds", type=float, default=60, help="when to stop; 60 if not given")
    made.add_argument("--records", type=int, default=0, help="go on until so many records were read, too")
    made.add_argument("--seed", type=int, default=0, help="where to begin; printed when something is found")
    options = made.parse_args(arguments)
    began, records, number = time.monotonic(), 0, options.seed
    with TemporaryDirectory() as folder:
        while time.monotonic() - began < options.seconds or records < options.records:
            batch = _Batch(number, Path(folder) / "archive")
            try:
                batch.run()
            except BaseException:
                sys.stderr.write(f"scripts/fuzz --seed {number} finds this again:\n")
                raise
            records += batch.records
            number += 1
    files, took = (number - options.seed) * 3 * BATCH, time.monotonic() - began
    sys.stdout.write(f"{records:,} records in {files:,} files, {took:.0f} s: nothing escaped\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
