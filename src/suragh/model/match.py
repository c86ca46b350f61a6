"""Rules and their matches: which technique an action shows, and the text that shows it."""

from enum import StrEnum

from msgspec import Struct

from suragh.model.observable import Observable


class Level(StrEnum):
    """How much a match of a rule says, in Sigma's words (specification 2.1, `level`)."""

    INFORMATIONAL = "informational"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class RuleInfo(Struct, frozen=True):
    """What is known of a rule once it is loaded.

    Attributes:
        id: the rule's UUID.
        name: short unique name (`ssh-key-read`).
        title: one line for a person.
        level: how much a match says.
        techniques: ATT&CK or ATLAS ids (`T1552.004`, `AML.T0124`).
        tactics: tactic ids (`TA0006`), in the order of the rule's tags; the first one colours the timeline.
    """

    id: str
    name: str
    title: str
    level: Level
    techniques: tuple[str, ...]
    tactics: tuple[str, ...]


class Match(Struct, frozen=True):
    """A rule that a call or a result satisfied, and the span of text that shows it.

    Attributes:
        rule: name of the rule.
        leaf: path of the leaf that it stands in.
        start: first code point of the span in the leaf's text, from 0.
        end: one past the last.
        via: the ways in, outermost first (`ssh`, `sudo`, `bash -c`); empty for a command at the top.
        decodings: what was undone before the rule matched, outermost first (`base64`, `quoting`); empty if nothing.
    """

    rule: str
    leaf: str
    start: int
    end: int
    via: tuple[str, ...] = ()
    decodings: tuple[str, ...] = ()


class Inspection(Struct, frozen=True):
    """What one look at a call or a result found.

    Attributes:
        matches: the rules that it satisfied, in order of rule name and start.
        observables: the values seen, in order of start, each span once.
        outline: hash of what the call would run with its values taken away (programs, ways in, switches): two
            attempts at one thing have one outline. 0 for a result.
    """

    matches: tuple[Match, ...]
    observables: tuple[Observable, ...]
    outline: int
