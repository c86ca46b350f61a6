"""Sigma rule files: YAML in, parsed rules out, each mistake with its file and line.

pySigma parses. It reads no file here and never reaches a network: only its tag validators would, which are not used.
"""

import re
from collections.abc import Iterator
from typing import Any, Final, TypeAlias, TypeVar

import msgspec
import yaml
from msgspec import Struct
from sigma.correlations import SigmaCorrelationRule
from sigma.exceptions import (
    SigmaError,
    SigmaIdentifierError,
    SigmaLevelError,
    SigmaLogsourceError,
    SigmaNameError,
    SigmaStatusError,
    SigmaTagError,
    SigmaTitleError,
)
from sigma.policy import SigmaPolicy
from sigma.policy.regex_engine import PythonRegexEngine, RegexPattern
from sigma.rule import SigmaRule

from suragh.detect.rule import OWN
from suragh.detect.sigma.correlations import ParsedCorrelation, one_relation
from suragh.detect.sigma.lines import Lines, RuleError, Spot
from suragh.detect.sigma.tags import Tags, attack_ids
from suragh.model.match import Level, RuleInfo

EXAMPLES_KEY: Final = "suragh"
"""The custom key under which a rule keeps its own examples (Sigma 2.1 lets rules carry custom keys)."""


_Sigma = TypeVar("_Sigma", SigmaRule, SigmaCorrelationRule)


class _Engine(PythonRegexEngine):
    """Checks expressions as they will be used, so that Python has each ready when its rule is compiled."""

    def compile(self, pattern: str, flags: int = 0) -> RegexPattern:
        """Compile an expression.

        Raises:
            re.error: if it is none.
        """
        return super().compile(pattern, flags | re.ASCII)


_POLICY: Final = SigmaPolicy(regex_engine=_Engine())
"""Expressions are what Python takes: RE2, pySigma's own choice, knows no look-around, and no repeats above 1,000."""

_SECTIONS: Final = (
    (SigmaTagError, "tags"),
    (SigmaLogsourceError, "logsource"),
    (SigmaLevelError, "level"),
    (SigmaIdentifierError, "id"),
    (SigmaNameError, "name"),
    (SigmaTitleError, "title"),
    (SigmaStatusError, "status"),
)


class ParsedRule(Struct, frozen=True):
    """One rule of a file, not yet compiled.

    Attributes:
        file: name of the file.
        lines: finds the place of a part of the rule.
        raw: the document as YAML has it.
        sigma: the same, as pySigma has it.
        info: what is published of the rule.
        unknown: tags that name what ATT&CK or ATLAS has not, and what they are not.
        hits: examples that the rule must match, as written.
        misses: examples that it must not match.
    """

    file: str
    lines: Lines
    raw: dict[str, Any]
    sigma: SigmaRule
    info: RuleInfo
    unknown: tuple[tuple[str, str], ...]
    hits: tuple[Any, ...]
    misses: tuple[Any, ...]

    @property
    def own(self) -> bool:
        """Whether it comes with Suragh."""
        return self.file.startswith(OWN)


Parsed: TypeAlias = ParsedRule | ParsedCorrelation
"""What has a name and can be evaluated."""


class Other(Struct, frozen=True):
    """A document that is neither a rule nor a correlation: a filter, or no Sigma at all."""

    file: str
    title: str
    reason: str


_RULE_KEYS: Final = frozenset(("logsource", "detection", "correlation"))


class Claims:
    """The names and ids of the rules read so far: a rule is known by each."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str], str] = {}

    def taken(self, parsed: Parsed) -> str:
        """Say which rule before has the id or the given name of this one; empty if none has."""
        for key, value in (("id", parsed.info.id), ("name", parsed.sigma.name or "")):
            before = self._seen.get((key, value)) if value else None
            if before:
                return f"its {key} is {value!r}, which {before} has too"
        return ""

    def named(self, parsed: Parsed) -> RuleInfo:
        """Note a rule, and give what is published of it; one that is called after its file gets a name of its own."""
        info, line = parsed.info, parsed.lines.first
        names = (info.name, f"{info.name}:{line}", f"{parsed.file}:{line}")
        free = next((name for name in names if ("name", name) not in self._seen), info.name)
        info = msgspec.structs.replace(info, name=free)
        where = str(parsed.lines.at("title"))
        self._seen[("name", info.name)] = where
        if info.id:
            self._seen[("id", info.id)] = where
        return info


def parse(file: str, text: str) -> Iterator[ParsedRule | ParsedCorrelation | Other]:
    """Read every rule and every correlation of a file.

    Raises:
        RuleError: if anything in it is not as Sigma wants it, with file and line.
    """
    lines = Lines(file, text)
    for number, document in enumerate(_documents(lines, text)):
        place = lines.document(number)
        if not isinstance(document, dict):
            raise RuleError("a rule is a map of keys to values", place.at())
        title = str(document.get("title") or document.get("name") or stem(file))
        if "filter" in document:
            yield Other(file, title, "filters of rules are not applied")
        elif _RULE_KEYS.isdisjoint(document):
            # folders of rules hold other YAML as well: lists of tests, of releases, of people
            yield Other(file, title, "is no Sigma rule: it has neither a detection nor a correlation")
        else:
            yield _correlation(file, place, document) if "correlation" in document else _rule(file, place, document)


def _documents(lines: Lines, text: str) -> list[Any]:
    try:
        # a safe loader: it builds plain values and runs nothing
        found = list(yaml.load_all(text, yaml.CSafeLoader))
    except yaml.YAMLError as error:
        raise RuleError(_told(error), lines.of(error)) from error
    except RecursionError as error:
        raise RuleError("values are nested too deeply", Spot(lines.file, 1, 1)) from error
    if not any(document is not None for document in found):
        raise RuleError("the file holds no rule", Spot(lines.file, 1, 1))
    return [document for document in found if document is not None]


def _told(error: yaml.YAMLError) -> str:
    problem = getattr(error, "problem", None) or str(error)
    return f"this is not YAML: {' '.join(str(problem).split())}"


def _rule(file: str, place: Lines, document: dict[str, Any]) -> ParsedRule:
    sigma = _parsed(SigmaRule, document, place)
    examples = _examples(place, document)
    tags = attack_ids(sigma.tags)
    hits, misses = tuple(examples["hits"]), tuple(examples["misses"])
    return ParsedRule(file, place, document, sigma, _info(file, sigma, tags), tags.unknown, hits, misses)


def _correlation(file: str, place: Lines, document: dict[str, Any]) -> ParsedCorrelation:
    sigma = _parsed(SigmaCorrelationRule, one_relation(document), place)
    tags = attack_ids(sigma.tags)
    return ParsedCorrelation(file, place, document, sigma, _info(file, sigma, tags), tags.unknown)


def _parsed(kind: type[_Sigma], document: dict[str, Any], place: Lines) -> _Sigma:
    doubled = place.doubled_key()
    if doubled:
        raise RuleError(f"key {doubled[0]!r} stands here twice", doubled[1])
    try:
        sigma = kind.from_dict(document, policy=_POLICY)
    except SigmaError as error:
        raise RuleError(_sentence(error), _spot(error, place, document)) from error
    except (TypeError, ValueError, AttributeError, KeyError, RecursionError) as error:
        # what pySigma does not check itself: values of types that Sigma does not know
        raise RuleError(f"this is no Sigma rule: {error}", place.at()) from error
    if not sigma.title:
        raise RuleError("a rule needs a title", place.at())
    return sigma


def _sentence(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".")


def _spot(error: SigmaError, place: Lines, document: dict[str, Any]) -> Spot:
    for kind, key in _SECTIONS:
        if isinstance(error, kind):
            return place.at(key)
    if "correlation" in document:
        return place.at("correlation")
    detection = document.get("detection")
    if isinstance(detection, dict):
        word = str(error).partition("'")[2].partition("'")[0]
        return place.at_word("detection", word)
    return place.at()


def _examples(place: Lines, document: dict[str, Any]) -> dict[str, list[Any]]:
    found = document.get(EXAMPLES_KEY, {})
    if not isinstance(found, dict) or not found.keys() <= {"hits", "misses"}:
        raise RuleError(f"{EXAMPLES_KEY!r} may hold 'hits' and 'misses'", place.at(EXAMPLES_KEY))
    lists = {key: found.get(key, []) for key in ("hits", "misses")}
    for key, examples in lists.items():
        if not isinstance(examples, list):
            raise RuleError(f"{key!r} is a list of examples", place.at(EXAMPLES_KEY, key))
    return lists


def _info(file: str, sigma: SigmaRule | SigmaCorrelationRule, tags: Tags) -> RuleInfo:
    return RuleInfo(
        id=str(sigma.id or ""),
        name=sigma.name or stem(file),
        title=sigma.title,
        level=Level(sigma.level.name.lower()) if sigma.level else Level.INFORMATIONAL,
        techniques=tags.techniques,
        tactics=tags.tactics,
    )


def stem(file: str) -> str:
    """What a rule without a name is called: its file's name without folders and ending."""
    return file.replace("\\", "/").rpartition("/")[2].rpartition(".")[0] or file
