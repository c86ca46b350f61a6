"""Rules gathered from files, whatever they are to be evaluated on."""

import pytest
from tests.detect.correlated_rules import correlation
from tests.detect.rulework import rule

from suragh.detect.sigma.compile import UnsupportedError
from suragh.detect.sigma.gather import Gathered, gather
from suragh.detect.sigma.lines import RuleError
from suragh.detect.sigma.parse import ParsedRule
from suragh.model.match import RuleInfo

ID = "00000000-0000-4000-8000-00000000000a"


def make(parsed: ParsedRule, info: RuleInfo) -> str:
    """A rule made ready; one whose title says so cannot be."""
    if parsed.info.title == "unusable":
        raise UnsupportedError("it is unusable")
    return f"made {info.name}"


def gathered(*texts: str) -> Gathered[str]:
    """What came of files `0.yml`, `1.yml`, and so on."""
    return gather([(f"{number}.yml", text) for number, text in enumerate(texts)], make, bool)


def test_nothing_is_lost() -> None:
    """Every document is a rule, a correlation, or refused with its reason, in the order of the files."""
    found = gathered(
        rule({"a": "x"}, name="first"),
        rule({"a": "x"}, name="second", title="unusable"),
        "title: f\nfilter: {}\n",
        correlation("third", rules=("first",)),
        correlation("fourth", rules=("second",)),
    )

    assert [(info.name, made) for _, info, made in found.rules] == [("first", "made first")]
    assert [(parsed.file, one.info.name) for parsed, one in found.correlations] == [("3.yml", "third")]
    assert [(one.file, one.name) for one in found.refused] == [("1.yml", "second"), ("2.yml", "f"), ("4.yml", "fourth")]
    assert found.refused[0].reason == "it is unusable"


@pytest.mark.parametrize("key", ["id", "name"])
def test_an_id_or_a_given_name_is_had_once(key: str) -> None:
    """The first has it, and the refusal says where that is; so it is among rules and correlations together."""
    value = ID if key == "id" else "wanted"
    others = {"id": "00000000-0000-4000-8000-00000000000b", "name": "other"}
    found = gathered(
        rule({"a": "x"}, **{**others, key: value}),
        rule({"a": "y"}, id=ID, name="wanted", title="again"),
        correlation("wanted" if key == "name" else "free", id=ID if key == "id" else None, rules=(value,)),
    )

    assert [info.name for _, info, _ in found.rules] == ["wanted" if key == "name" else "other"]
    assert found.correlations == []
    assert [(one.file, one.reason) for one in found.refused] == [
        (file, f"its {key} is {value!r}, which 0.yml:1:1 has too") for file in ("1.yml", "2.yml")
    ]


def test_files_of_one_name_are_told_apart() -> None:
    """A rule without a name is called after its file, and by its line or folder where another is called so."""
    nameless = rule({"a": "x"}, name=None).replace("name: null\n", "")
    found = gather([("a/r.yml", f"{nameless}---\n{nameless}"), ("b/r.yml", nameless)], make, bool)

    names = [info.name for _, info, _ in found.rules]
    assert names[0] == "r"
    assert len(set(names)) == 3


def test_a_correlation_may_stand_before_its_rules() -> None:
    """And reads them by id."""
    found = gathered(correlation(rules=(ID,)), rule({"a": "x"}, id=ID))

    assert [one.rules for _, one in found.correlations] == [("wanted",)]


def test_a_condition_that_cannot_be_read_has_its_place() -> None:
    """Conditions are read late."""
    wrong = rule({"s": {"a": "x"}, "condition": "s and"})
    with pytest.raises(RuleError) as caught:
        gather([("r.yml", wrong)], lambda parsed, _: parsed.sigma.detection.parsed_condition[0].parsed, bool)

    assert caught.value.where.startswith("r.yml:")
    assert caught.value.spot.line == wrong.splitlines().index("  condition: s and") + 1
