"""Rule files: what they give, and how each mistake in them is told."""

import socket

import pytest
from tests.detect.correlated_rules import correlation
from tests.detect.rulework import rule

from suragh.detect.sigma.correlations import ParsedCorrelation
from suragh.detect.sigma.parse import Other, ParsedRule, parse
from suragh.errors import SetupError
from suragh.model.match import Level

GOOD = rule(
    {"program": "nmap"},
    id="00000000-0000-4000-8000-000000000001",
    tags=["attack.discovery", "attack.t1046", "atlas.aml-t0124"],
    suragh={"hits": ["nmap 192.0.2.1", {"tool": "x", "arguments": {"command": "nmap"}}], "misses": ["man nmap"]},
)


def test_a_rule_gives_what_is_published_of_it() -> None:
    """Name, title, level, techniques, tactics, and its own examples."""
    (parsed,) = parse("recon/scan.yml", GOOD)

    assert isinstance(parsed, ParsedRule)
    assert parsed.info.name == "wanted"
    assert parsed.info.level is Level.LOW
    assert parsed.info.techniques == ("T1046", "AML.T0124")
    assert parsed.info.tactics == ("TA0007",)
    assert len(parsed.hits) == 2
    assert parsed.misses == ("man nmap",)


def test_a_rule_without_a_name_is_called_like_its_file() -> None:
    """Others' rules have no name; one without a level says little."""
    (parsed,) = parse(
        "rules/proc_creation_lnx_x.yml", "title: t\nlogsource: {category: c}\ndetection: {s: {a: 1}, condition: s}"
    )

    assert isinstance(parsed, ParsedRule)
    assert (parsed.info.name, parsed.info.level) == ("proc_creation_lnx_x", Level.INFORMATIONAL)


def test_filters_are_set_aside() -> None:
    """They change what other rules match, and are named with the reason."""
    (other,) = parse("c.yml", "title: f\nfilter: {}\n")

    assert other == Other("c.yml", "f", "filters of rules are not applied")


def test_correlations_are_read_beside_rules() -> None:
    """In one file or another; what is published of one is what is published of a rule."""
    text = correlation(level="high", tags=["attack.t1046", "attack.t9999"], title="Many scans")
    one, other = parse("c.yml", f"{GOOD}---\n{text}")

    assert isinstance(one, ParsedRule)
    assert isinstance(other, ParsedCorrelation)
    assert (other.info.name, other.info.title, other.info.level) == ("many", "Many scans", Level.HIGH)
    assert (other.info.techniques, other.unknown[0][0]) == (("T1046",), "attack.t9999")
    assert other.lines.first > one.lines.first


HEAD = "title: t\nname: n\nlogsource: {category: process_creation}\n"


@pytest.mark.parametrize(
    ("text", "where", "words"),
    [
        pytest.param("title: ]", "r.yml:1:8", "YAML", id="no YAML"),
        pytest.param("", "r.yml:1:1", "no rule", id="empty"),
        pytest.param("- a\n- b\n", "r.yml:1:1", "map", id="a list"),
        pytest.param(
            f"{HEAD}detection:\n  s: {{a|nonsense: 1}}\n  condition: s\n", "r.yml:5:7", "nonsense", id="modifier"
        ),
        pytest.param(
            f"{HEAD}detection:\n  s: {{a|re: '('}}\n  condition: s\n", "r.yml:5:13", "invalid", id="expression"
        ),
        pytest.param(f"{HEAD}detection: {{s: {{a: 1}}}}\n", "r.yml:4", "condition", id="no condition"),
        pytest.param(
            f"{HEAD}level: terrible\ndetection: {{s: {{a: 1}}, condition: s}}\n", "r.yml:4", "level", id="level"
        ),
        pytest.param(
            f"{HEAD}title: again\ndetection: {{s: {{a: 1}}, condition: s}}\n", "r.yml:4", "twice", id="doubled"
        ),
        pytest.param(
            f"{HEAD}detection: {{s: {{a: 1}}, condition: s}}\nsuragh: {{hit: []}}\n", "r.yml:5", "hits", id="own key"
        ),
        pytest.param("title: t\ndetection: {s: {a: 1}, condition: s}\n", "r.yml:1", "log source", id="log source"),
        pytest.param(f"{HEAD}detection: {{s: {{a: !!python/name:os.system}}}}\n", "r.yml:4", "YAML", id="code"),
        pytest.param("&a [*a]", "r.yml:1", "map", id="a circle"),
    ],
)
def test_a_mistake_is_one_line_with_its_place(text: str, where: str, words: str) -> None:
    """File, line, and what is wrong."""
    with pytest.raises(SetupError) as caught:
        list(parse("r.yml", text))

    assert caught.value.where.startswith(where)
    assert words in caught.value.message
    assert "\n" not in caught.value.message


def test_parsing_reaches_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """No socket is opened, whatever a rule names."""

    def refuse(*_: object, **__: object) -> None:
        pytest.fail("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)

    assert len(list(parse("r.yml", GOOD))) == 1
