"""Sigma rule files: YAML in, parsed rules out, each mistake with its file and line.

pySigma parses. It reads no file here and never reaches a network: only its tag validators would, which are not used.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

import yaml
from msgspec import Struct
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

from suragh.detect.sigma_lines import Lines
from suragh.detect.sigma_tags import attack_ids
from suragh.errors import SetupError
from suragh.model.match import Level, RuleInfo

EXAMPLES_KEY: Final = "suragh"
"""The custom key under which a rule keeps its own examples (Sigma 2.1 lets rules carry custom keys)."""


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
        lines: finds the line of a part of the rule.
        raw: the document as YAML has it.
        sigma: the same, as pySigma has it.
        info: what is published of the rule.
        hits: examples that the rule must match, as written.
        misses: examples that it must not match.
    """

    file: str
    lines: Lines
    raw: dict[str, Any]
    sigma: SigmaRule
    info: RuleInfo
    hits: tuple[Any, ...]
    misses: tuple[Any, ...]


class Other(Struct, frozen=True):
    """A document that is Sigma but no rule on single events: a correlation or a filter."""

    file: str
    title: str
    reason: str


def parse(file: str, text: str) -> Iterator[ParsedRule | Other]:
    """Read every rule of a file.

    Raises:
        SetupError: if anything in it is not as Sigma wants it, with file and line.
    """
    lines = Lines(file, text)
    for number, document in enumerate(_documents(lines, text)):
        place = lines.document(number)
        if not isinstance(document, dict):
            raise SetupError("a rule is a map of keys to values", where=place.where())
        if "correlation" in document or "filter" in document:
            kind = "correlation" if "correlation" in document else "filter"
            yield Other(file, str(document.get("title", "")), f"{kind} rules are not evaluated on single actions")
        else:
            yield _rule(file, place, document)


def _documents(lines: Lines, text: str) -> list[Any]:
    try:
        # a safe loader: it builds plain values and runs nothing
        found = list(yaml.load_all(text, yaml.CSafeLoader))
    except yaml.YAMLError as error:
        raise SetupError(_told(error), where=lines.of(error)) from error
    except RecursionError as error:
        raise SetupError("values are nested too deeply", where=lines.file) from error
    if not any(document is not None for document in found):
        raise SetupError("the file holds no rule", where=lines.file)
    return [document for document in found if document is not None]


def _told(error: yaml.YAMLError) -> str:
    problem = getattr(error, "problem", None) or str(error)
    return f"this is not YAML: {' '.join(str(problem).split())}"


def _rule(file: str, place: Lines, document: dict[str, Any]) -> ParsedRule:
    doubled = place.doubled_key()
    if doubled:
        raise SetupError(f"key {doubled[0]!r} stands here twice", where=place.where_line(doubled[1]))
    try:
        sigma = SigmaRule.from_dict(document, policy=_POLICY)
    except SigmaError as error:
        raise SetupError(_sentence(error), where=_where(error, place, document)) from error
    except (TypeError, ValueError, AttributeError, KeyError, RecursionError) as error:
        # what pySigma does not check itself: values of types that Sigma does not know
        raise SetupError(f"this is no Sigma rule: {error}", where=place.where()) from error
    examples = _examples(place, document)
    return ParsedRule(
        file, place, document, sigma, _info(file, place, sigma), tuple(examples["hits"]), tuple(examples["misses"])
    )


def _sentence(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".")


def _where(error: SigmaError, place: Lines, document: dict[str, Any]) -> str:
    for kind, key in _SECTIONS:
        if isinstance(error, kind):
            return place.where(key)
    detection = document.get("detection")
    if isinstance(detection, dict):
        word = str(error).partition("'")[2].partition("'")[0]
        return place.where_word("detection", word)
    return place.where()


def _examples(place: Lines, document: dict[str, Any]) -> dict[str, list[Any]]:
    found = document.get(EXAMPLES_KEY, {})
    if not isinstance(found, dict) or not found.keys() <= {"hits", "misses"}:
        raise SetupError(f"{EXAMPLES_KEY!r} may hold 'hits' and 'misses'", where=place.where(EXAMPLES_KEY))
    lists = {key: found.get(key, []) for key in ("hits", "misses")}
    for key, examples in lists.items():
        if not isinstance(examples, list):
            raise SetupError(f"{key!r} is a list of examples", where=place.where(EXAMPLES_KEY, key))
    return lists


def _info(file: str, place: Lines, sigma: SigmaRule) -> RuleInfo:
    techniques, tactics = attack_ids(sigma, place)
    if not sigma.title:
        raise SetupError("a rule needs a title", where=place.where())
    stem = file.replace("\\", "/").rpartition("/")[2].rpartition(".")[0] or file
    return RuleInfo(
        id=str(sigma.id or ""),
        name=sigma.name or stem,
        title=sigma.title,
        level=Level(sigma.level.name.lower()) if sigma.level else Level.INFORMATIONAL,
        techniques=techniques,
        tactics=tactics,
    )
