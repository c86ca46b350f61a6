"""Rules on records: lines of JSON that bear Sigma's field names already, from any log."""

import os
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeAlias

import msgspec
from msgspec import Struct

from suragh.detect.correlation import Occurrence, correlated, read_fields, silent
from suragh.detect.records import Record, RecordMatcher
from suragh.engine.rules import of_records, rule_files
from suragh.model.fact import Pointer, Rejected
from suragh.model.match import RuleInfo
from suragh.read.framing import MAX_LINE, Overlong, frames
from suragh.read.lenient import moment, parse
from suragh.read.reader import Stream
from suragh.store.cache import open_cache
from suragh.store.inputs import open_inputs


class RecordMatch(Struct, frozen=True):
    """A record that satisfies a rule.

    Attributes:
        file: the file that the record is in.
        line: its line, from 1.
        rule: what is published of the rule.
    """

    file: str
    line: int
    rule: RuleInfo


class Unread(Struct, frozen=True):
    """A line that is no record.

    Attributes:
        file: the file that it is in.
        line: its number, from 1.
        rejected: its bytes, and why.
    """

    file: str
    line: int
    rejected: Rejected


Outcome: TypeAlias = RecordMatch | Unread


TIME_FIELDS: Final = (
    "@timestamp", "timestamp", "UtcTime", "TimeCreated", "EventTime", "eventTime", "_time", "time", "ts",
)  # fmt: skip
"""Where records say when they were made: Elastic, syslog, Sysmon, Windows, NXLog, CloudTrail, Splunk, others, Zeek."""


class Matching:
    """Rules ready to be evaluated on records, and what cannot be."""

    def __init__(self, rules: Sequence[str], logsource: Mapping[str, str]) -> None:
        """Load the rules of files and folders whose log source is as wanted.

        Raises:
            SetupError: if a file cannot be read or is not as Sigma wants it, or a folder holds none.
        """
        found = of_records(rule_files(rules), logsource, open_cache(os.environ))
        self.refused = found.refused
        self.rules = len(found.rules) + len(found.correlations)
        self.records = 0
        self.undated = 0
        self._correlations = found.correlations
        self._silent = silent(found.correlations)
        self._read = read_fields(found.correlations)
        self._matcher = RecordMatcher(found)
        self._occurrences: list[Occurrence] = []

    def of(self, paths: Sequence[str | Path]) -> Iterator[Outcome]:
        """Evaluate the rules on each line of files; every line is counted, also one that cannot be read.

        Correlations come last, in order of time. A match that they read counts as undated, and not for them, if its
        record has no time.

        Raises:
            UsageError: if a path does not exist.
        """
        self._occurrences.clear()
        with open_inputs(paths) as inputs:
            for number, source in enumerate(inputs.sources):
                with inputs.member(number) as member:
                    yield from self._of_stream(source.name, number, member.stream)
            for correlation, found in correlated(self._correlations, self._occurrences):
                if correlation.info.name not in self._silent:
                    number, line = found.place
                    yield RecordMatch(inputs.sources[number].name, line, correlation.info)

    def _of_stream(self, name: str, source: int, stream: Stream) -> Iterator[Outcome]:
        counted = _Counted(stream)
        for frame in frames(counted):
            self.records += 1
            if isinstance(frame, Overlong):
                reason = f"line is longer than {MAX_LINE} bytes"
                where = Pointer(source, frame.offset, frame.length)
                yield Unread(name, counted.line(frame.offset), Rejected(where, reason))
                continue
            offset, data = frame
            record = _record(data)
            line = counted.line(offset)
            if isinstance(record, str):
                yield Unread(name, line, Rejected(Pointer(source, offset, len(data)), record))
            else:
                yield from self._of_record(name, (source, line), record)
        if stream.fault:
            end = stream.position
            yield Unread(name, counted.line(end), Rejected(Pointer(source, end, 0), stream.fault))

    def _of_record(self, name: str, place: tuple[int, int], content: dict[str, object]) -> Iterator[RecordMatch]:
        record = self._matcher.record(content)
        for rule in self._matcher.match(record):
            if rule.name in self._read:
                self._note(record, place, rule.name)
            if rule.name not in self._silent:
                yield RecordMatch(name, place[1], rule)

    def _note(self, record: Record, place: tuple[int, int], rule: str) -> None:
        at = next((at for name in TIME_FIELDS for value in record[name] if (at := moment(value)) is not None), None)
        if at is None:
            self.undated += 1
        else:
            values = {field: record[field] for field in self._read[rule]}
            self._occurrences.append(Occurrence(at, rule, place, values))


class _Counted:
    """A stream that knows which line an offset is in, for offsets that grow; blank lines count."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._line = 1
        self._counted = 0
        self._blocks: deque[tuple[int, bytes]] = deque()

    def read(self, size: int, /) -> bytes:
        start = self._stream.position
        block = self._stream.read(size)
        self._blocks.append((start, block))
        return block

    def line(self, offset: int) -> int:
        """Count the line, from 1, that an offset is in."""
        while self._blocks:
            start, block = self._blocks[0]
            stop = min(offset - start, len(block))
            self._line += block.count(b"\n", self._counted - start, stop)
            self._counted = start + stop
            if offset < start + len(block):
                break
            self._blocks.popleft()
        return self._line


def _record(data: bytes) -> dict[str, object] | str:
    """The record of a line, or why there is none."""
    try:
        value = msgspec.json.decode(data)
    except (ValueError, RecursionError):
        try:
            value = parse(data.decode("utf-8", "replace"))
        except (ValueError, RecursionError) as error:
            return f"no JSON: {error}"
    return value if isinstance(value, dict) else "JSON is no object, expected a record of fields and values"
