"""Rules gathered from files: each made ready by the same steps, whatever it is to be evaluated on."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Generic, TypeVar

from sigma.exceptions import SigmaError

from suragh.detect.rule import Refused
from suragh.detect.sigma.compile import UnsupportedError
from suragh.detect.sigma.correlations import Book, ParsedCorrelation, tied
from suragh.detect.sigma.lines import RuleError
from suragh.detect.sigma.parse import Claims, Other, ParsedRule, parse
from suragh.model.match import RuleInfo

if TYPE_CHECKING:
    from suragh.detect.correlation import Correlation

T = TypeVar("T")


class Gathered(Generic[T]):
    """What came of rule files.

    Attributes:
        rules: what was made of each rule that can be evaluated, in the order of the files, with the rule.
        correlations: those that are read by others come first, each with its document.
        refused: what cannot be evaluated, and why, in order of file and name.
    """

    def __init__(self, fields: Callable[[str], bool]) -> None:
        """`fields` says whether a field is known of the events that rules match."""
        self.rules: list[tuple[ParsedRule, RuleInfo, T]] = []
        self.correlations: list[tuple[ParsedCorrelation, Correlation]] = []
        self.refused: list[Refused] = []
        self._fields = fields
        self._waiting: list[tuple[ParsedCorrelation, RuleInfo]] = []
        self._claims = Claims()

    def take(self, parsed: ParsedRule | ParsedCorrelation | Other, make: Callable[[ParsedRule, RuleInfo], T]) -> None:
        """Take one document in."""
        if isinstance(parsed, Other):
            self.refused.append(Refused(parsed.title, parsed.file, parsed.reason))
            return
        taken = self._claims.taken(parsed)
        if taken:
            self.refused.append(Refused(parsed.info.name, parsed.file, taken))
            return
        info = self._claims.named(parsed)
        if isinstance(parsed, ParsedCorrelation):
            self._waiting.append((parsed, info))
            return
        try:
            self.rules.append((parsed, info, make(parsed, info)))
        except UnsupportedError as error:
            self.refused.append(Refused(info.name, parsed.file, str(error)))
        except SigmaError as error:
            spot = parsed.lines.at("detection", "condition")
            raise RuleError(" ".join(str(error).split()), spot) from error

    def tie(self) -> None:
        """Tie the correlations to the rules, once all are there."""
        names = {name: info.name for _, info, _ in self.rules for name in (info.id, info.name) if name}
        made, untied = tied(self._waiting, Book(names, self._fields))
        documents = {info.name: parsed for parsed, info in self._waiting}
        self.correlations = [(documents[one.info.name], one) for one in made]
        self.refused = sorted([*self.refused, *untied], key=lambda item: (item.file, item.name))


def gather(
    sources: Iterable[tuple[str, str]],
    make: Callable[[ParsedRule, RuleInfo], T],
    fields: Callable[[str], bool],
) -> Gathered[T]:
    """Gather the rules of (name of file, YAML text) pairs.

    Args:
        sources: the files.
        make: makes a rule ready; raises `UnsupportedError` where it cannot be evaluated.
        fields: as in `Gathered`.

    Raises:
        RuleError: if a file is not as Sigma wants it.
    """
    found: Gathered[T] = Gathered(fields)
    for file, text in sources:
        for parsed in parse(file, text):
            found.take(parsed, make)
    found.tie()
    return found
