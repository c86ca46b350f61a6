"""One look at a call or a result: one scan of each text, then a closer look at what hit."""

from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from operator import or_
from typing import Final
from urllib.parse import unquote_plus

from msgspec import Struct

from suragh.detect.decide import Candidates, Ready
from suragh.detect.events import CallEvent, CommandEvent, ResultEvent, Setting
from suragh.detect.inspect_outline import outline_of
from suragh.detect.inspect_spans import in_call, in_result
from suragh.detect.leaf_kind import LeafKind, shape_of, starts_a_command
from suragh.detect.memory import CALL_LIMIT, CALLS, LEAF_LIMIT, LEAVES, Memory, size_of
from suragh.detect.observables.find import observables
from suragh.detect.observables.triggers import TRIGGERS
from suragh.detect.patterns_view import View
from suragh.detect.prepared import Prepared, prepared
from suragh.detect.rule import Ruleset
from suragh.detect.scan import Seen, TriggerLike
from suragh.detect.scan_tricks import ENCODED, PERCENT, hides_words
from suragh.detect.scan_values import Expressions
from suragh.model.command import Command
from suragh.model.fact import Call, Leaf, Result
from suragh.model.match import Inspection, Match
from suragh.model.observable import Observable
from suragh.text.encodings import decoded
from suragh.text.shell import commands

DECODE_DEPTH: Final = 3
"""Encodings undone inside one another: droppers seen in the wild nest two."""

PIECES_LIMIT: Final = 64
"""Encoded pieces of one leaf that are looked into; an attacker could write thousands."""

ENCODED_LIMIT: Final = 262_144
"""Code points of a leaf in which encoded pieces are looked for."""

_ESCAPED: Final = (LeafKind.URL, LeafKind.BODY, LeafKind.HEADER)
"""Leaves in which percent signs are an encoding; elsewhere they are formats, patterns, dates."""

Finder = Callable[[str, str, int], Sequence[Observable]]
"""Finds observables: (text, path of the leaf, bits of the triggers seen)."""


class _Piece(Struct, frozen=True):
    """A text that was decoded out of a leaf, and the span of what it was decoded from."""

    text: str
    start: int
    end: int
    decodings: tuple[str, ...]


class _Looked(Struct, frozen=True):
    """What the first look at a leaf saw, and its observables."""

    seen: Seen
    found: tuple[Observable, ...]


class Detector:
    """Rules and observables, ready to look at calls and results. Not to be shared between threads."""

    def __init__(
        self,
        ruleset: Ruleset | Prepared,
        finder: Finder = observables,
        triggers: Sequence[TriggerLike] = TRIGGERS,
        *,
        context: bool = True,
    ) -> None:
        """Make rules ready.

        Args:
            ruleset: the rules.
            finder: finds observables.
            triggers: the patterns whose presence in a text says which observables to look for.
            context: whether informational rules that no correlation reads are looked for too; a scan keeps no match
                of theirs, and they hold more often than all others.
        """
        ready = ruleset if isinstance(ruleset, Prepared) else prepared(ruleset, triggers)
        skipped = frozenset() if context else ready.context
        self._commands = Candidates(ready.commands, skipped)
        self._calls = {kind: Candidates(plans, skipped) for kind, plans in ready.calls.items()}
        self._results = Candidates(ready.results, skipped)
        self._scan_asked = ready.scanner_of_calls(triggers).scan
        self._scan_returned = ready.scanner_of_results(triggers).scan
        self._expressions = Expressions()
        self._finder = finder
        self._calls_known: Memory[tuple[str, tuple[Leaf, ...]], Inspection] = Memory(CALLS)
        self._asked: Memory[Leaf, _Looked] = Memory(LEAVES)
        self._returned: Memory[Leaf, _Looked] = Memory(LEAVES)
        self._mask = reduce(or_, (trigger.bit for trigger in triggers), 0)

    def inspect_call(self, call: Call) -> Inspection:
        """Look at what an agent asked for."""
        asked = (call.tool, call.arguments)
        known = self._calls_known.get(asked)
        if known is None:
            known = self._inspect_call(call)
            if size_of(call) <= CALL_LIMIT:
                self._calls_known.keep(asked, known)
        return known

    def _inspect_call(self, call: Call) -> Inspection:
        event = CallEvent(call.tool, shape_of(call), call.arguments, self._expressions)
        looked = [self._looked(leaf, self._scan_asked, self._asked) for leaf in call.arguments]
        seen = [one.seen for one in looked]
        matches = _Matches()
        self._shells(event, seen, matches)
        self._whole(event, seen, matches)
        if _triggers(seen) & (ENCODED | PERCENT):
            self._pieces(call, event, seen, matches)
        return Inspection(matches.ordered(), _found(looked), outline_of(event))

    def inspect_result(self, result: Result) -> Inspection:
        """Look at what a tool returned."""
        looked = [self._looked(leaf, self._scan_returned, self._returned) for leaf in result.texts]
        plans = self._results.of(_probes([one.seen for one in looked]))
        found = self._in_result(result, plans) if plans else ()
        return Inspection(found, _found(looked), 0)

    def _in_result(self, result: Result, plans: Sequence[Ready]) -> tuple[Match, ...]:
        matches = _Matches()
        event = ResultEvent(result, self._expressions)
        for plan in plans:
            shown = in_result(plan.plan.condition, event, self._expressions) if plan.holds(event) else None
            if shown:
                matches.add(Match(plan.rule, shown[0].path, shown[1].start, shown[1].end))
        return matches.ordered()

    def _looked(self, leaf: Leaf, scan: Callable[[str], Seen], memory: Memory[Leaf, _Looked]) -> _Looked:
        """Scan a text once, and find its observables."""
        short = len(leaf.text) <= LEAF_LIMIT
        known = memory.get(leaf) if short else None
        if known is None:
            seen = scan(leaf.text)
            triggers = seen.triggers & self._mask
            known = _Looked(seen, tuple(self._finder(leaf.text, leaf.path, triggers)) if triggers else ())
            if short:
                memory.keep(leaf, known)
        return known

    def _shells(self, event: CallEvent, seen: Sequence[Seen], matches: "_Matches") -> None:
        """Evaluate rules on the commands of every leaf that a shell would run."""
        words: list[Leaf] = []
        for leaf, kind, one in zip(event.leaves, event.shape.kinds, seen, strict=True):
            if kind is LeafKind.COMMAND:
                for match in self._in_shell(event, leaf, one):
                    matches.add(match)
            elif kind is LeafKind.WORD:
                words.append(leaf)
        if words:
            line = " ".join(_quoted(leaf.text) for leaf in words)
            shown = next((leaf for leaf in words if leaf.text), words[0])
            for match in self._in_shell(event, Leaf(shown.path, line), self._scan_asked(line)):
                matches.add(_at(match, shown.path, 0, len(shown.text)))

    def _in_shell(self, call: CallEvent, leaf: Leaf, one: Seen) -> Iterator[Match]:
        plans: Sequence[Ready] = self._commands.of(one.probes)
        hidden = hides_words(one.triggers) or bool(one.triggers & PERCENT)
        if not hidden:
            plans = _worth(plans, leaf.text)
            if not plans:
                return
        done: set[str] = set()
        found = commands(leaf.text)
        setting = Setting(call.tool, call.leaves, found)
        for command in found:
            fitting = plans
            if hidden or command.decodings:
                fitting = self._commands.of(one.probes | self._said(command), whole=False)
            event = CommandEvent(command, setting, self._expressions)
            program = command.program
            for plan in fitting:
                names = plan.programs
                if (names is None or program.startswith(names)) and plan.rule not in done and plan.holds(event):
                    done.add(plan.rule)
                    yield _of_command(plan, leaf, command)

    def _said(self, command: Command) -> frozenset[int]:
        """Literals of a command as it would run, where its words may not stand in the leaf."""
        found = self._scan_asked(command.line).probes
        if command.stdin:
            found = found | self._scan_asked(command.stdin).probes
        if "%" in command.line:
            found = found | self._scan_asked(unquote_plus(command.line)).probes
        return found

    def _whole(self, event: CallEvent, seen: Sequence[Seen], matches: "_Matches") -> None:
        """Evaluate rules on the call as a whole."""
        probes = _probes(seen)
        if _triggers(seen) & PERCENT:
            for leaf, kind in zip(event.leaves, event.shape.kinds, strict=True):
                if kind in _ESCAPED:
                    probes = probes | self._scan_asked(unquote_plus(leaf.text)).probes
        for plan in self._calls[event.kind].of(probes):
            shown = in_call(plan.plan.condition, event, self._expressions) if plan.holds(event) else None
            if shown:
                matches.add(Match(plan.rule, shown[0].path, shown[1].start, shown[1].end))

    def _pieces(self, call: Call, event: CallEvent, seen: Sequence[Seen], matches: "_Matches") -> None:
        """Evaluate rules again with each encoded piece of an argument decoded."""
        for number, (leaf, kind, one) in enumerate(zip(call.arguments, event.shape.kinds, seen, strict=True)):
            encoded = one.triggers & ENCODED or (one.triggers & PERCENT and kind in _ESCAPED)
            # the shell grammar undoes what a shell would decode
            if not encoded or kind in (LeafKind.COMMAND, LeafKind.WORD):
                continue
            others = _probes([*seen[:number], *seen[number + 1 :]])
            for piece in _unwrapped(leaf.text):
                probes = self._scan_asked(piece.text).probes
                if probes:
                    self._piece(call, event, (number, piece, probes | others), matches)

    def _piece(
        self, call: Call, event: CallEvent, found: tuple[int, _Piece, frozenset[int]], matches: "_Matches"
    ) -> None:
        number, piece, probes = found
        leaf = call.arguments[number]
        leaves = (*call.arguments[:number], Leaf(leaf.path, piece.text), *call.arguments[number + 1 :])
        variant = CallEvent(event.tool, event.shape, leaves, self._expressions)
        for plan in self._calls[event.kind].of(probes):
            if plan.holds(variant):
                matches.add(Match(plan.rule, leaf.path, piece.start, piece.end, decodings=piece.decodings))
        if starts_a_command(piece.text):
            inner = Leaf(leaf.path, piece.text)
            for match in self._in_shell(event, inner, self._scan_asked(piece.text)):
                decodings = (*piece.decodings, *match.decodings)
                matches.add(Match(match.rule, leaf.path, piece.start, piece.end, match.via, decodings))


def _worth(plans: Sequence[Ready], text: str) -> Sequence[Ready]:
    """The rules that may match a text as it stands."""
    if not plans:
        return ()
    view = View(text)
    return [plan for plan in plans if plan.worth(view)]


class _Matches:
    """Matches of one action: the first for each rule and leaf."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], Match] = {}

    def add(self, match: Match) -> None:
        """Keep a match unless its rule has one in the same leaf."""
        self._found.setdefault((match.rule, match.leaf), match)

    def ordered(self) -> tuple[Match, ...]:
        """All of them, in order of rule, start and leaf."""
        if not self._found:
            return ()
        return tuple(sorted(self._found.values(), key=lambda match: (match.rule, match.start, match.leaf)))


def _found(looked: Sequence[_Looked]) -> tuple[Observable, ...]:
    if len(looked) == 1:
        return looked[0].found
    return tuple([observable for one in looked for observable in one.found])


def _triggers(seen: Sequence[Seen]) -> int:
    found = 0
    for one in seen:
        found |= one.triggers
    return found


def _probes(seen: Sequence[Seen]) -> frozenset[int]:
    return seen[0].probes if len(seen) == 1 else frozenset().union(*[one.probes for one in seen])


def _of_command(plan: Ready, leaf: Leaf, command: Command) -> Match:
    start, end = command.start, min(command.end, len(leaf.text))
    if not 0 <= start < end:
        start, end = 0, len(leaf.text)
    return Match(plan.rule, leaf.path, start, end, command.via, command.decodings)


def _at(match: Match, leaf: str, start: int, end: int) -> Match:
    return Match(match.rule, leaf, start, end, match.via, match.decodings)


def _quoted(word: str) -> str:
    return "'" + word.replace("'", "'\\''") + "'"


def _unwrapped(text: str) -> Iterator[_Piece]:
    """Every encoded piece of a text, decoded, and those inside it, up to a depth and a number."""
    waiting = [_Piece(text[:ENCODED_LIMIT], 0, 0, ())]
    count = 0
    while waiting:
        outer = waiting.pop(0)
        for piece in decoded(outer.text):
            count += 1
            if count > PIECES_LIMIT:
                return
            start, end = (outer.start, outer.end) if outer.decodings else (piece.start, piece.end)
            made = _Piece(piece.text, start, end, (*outer.decodings, piece.name))
            yield made
            if len(made.decodings) < DECODE_DEPTH:
                waiting.append(made)
