"""Rule files made into rules on records."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from suragh.detect.evaluate import Condition, simplified
from suragh.detect.records import RecordRules, indexed
from suragh.detect.rule import Refused
from suragh.detect.sigma.compile import condition_of
from suragh.detect.sigma.gather import gather
from suragh.detect.sigma.parse import ParsedRule
from suragh.model.match import RuleInfo

if TYPE_CHECKING:
    from suragh.detect.correlation import Correlation

LogSource: TypeAlias = Mapping[str, str]
"""`category`, `product` and `service`, as far as they are wanted."""


def record_rules(sources: Iterable[tuple[str, str]], wanted: LogSource) -> RecordRules:
    """Compile the rules of (name of file, YAML text) pairs whose log source is as wanted.

    A correlation has no log source: it is wanted as the rules that it reads are, and refused if only some of them are.

    Raises:
        RuleError: if a file is not as Sigma wants it.
    """

    def made(parsed: ParsedRule, _info: RuleInfo) -> Condition | None:
        source = parsed.sigma.logsource
        if any(getattr(source, key) != value for key, value in wanted.items()):
            return None
        return simplified(condition_of(parsed.sigma, own=False))

    found = gather(sources, made, bool)
    left = {info.name for _, info, condition in found.rules if condition is None}
    refused = list(found.refused)
    correlations: list[Correlation] = []
    for parsed, correlation in found.correlations:
        unread = left.intersection(correlation.rules)
        if not unread:
            correlations.append(correlation)
            continue
        left.add(correlation.info.name)
        if len(unread) < len(correlation.rules):
            reason = f"rule {min(unread)!r}, which it reads, is of another log source"
            refused.append(Refused(correlation.info.name, parsed.file, reason))
    return indexed(
        [(info, condition) for _, info, condition in found.rules if condition is not None],
        correlations,
        sorted(refused, key=lambda item: (item.file, item.name)),
    )
