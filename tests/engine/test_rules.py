"""The rules, by way of the cache."""

from functools import cache
from pathlib import Path

import pytest
from tests.detect.rulework import rule

from suragh.detect import prepared as preparing
from suragh.detect.prepared import Prepared
from suragh.detect.records import RecordRules
from suragh.engine import rules
from suragh.errors import SetupError
from suragh.store.cache import Cache

SOURCES = (("a.yml", rule({"program": "nmap"}, name="a")),)
OTHERS = (("a.yml", rule({"program": "curl"}, name="a")),)


made = cache(rules._made)


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The sets of rules that had to be parsed."""
    seen: list[object] = []

    def counted(sources: tuple[tuple[str, str], ...]) -> Prepared:
        seen.append(sources)
        return made(sources)

    monkeypatch.setattr(rules, "_made", counted)
    return seen


def test_rules_are_parsed_once(tmp_path: Path, parsed: list[object]) -> None:
    """The second time they come from the cache, equal; other rules do not."""
    kept = Cache(tmp_path / "c")

    assert rules.ready(SOURCES, kept) == rules.ready(SOURCES, kept)
    assert rules.ready(OTHERS, kept) != rules.ready(SOURCES, kept)
    assert parsed == [SOURCES, OTHERS]


def test_without_a_cache_they_are_parsed_each_time(parsed: list[object]) -> None:
    """And are the same."""
    assert rules.ready(SOURCES, None) == rules.ready(SOURCES, None)
    assert parsed == [SOURCES, SOURCES]


@pytest.mark.parametrize("changed", ["version", "machine"])
def test_other_versions_and_machines_have_their_own(
    tmp_path: Path, parsed: list[object], monkeypatch: pytest.MonkeyPatch, changed: str
) -> None:
    """A home that several machines share holds an entry for each."""
    kept = Cache(tmp_path / "c")
    rules.ready(SOURCES, kept)
    if changed == "version":
        monkeypatch.setattr(rules, "version", lambda _: "999")
    else:
        monkeypatch.setattr(preparing, "machine", lambda: "another")

    rules.ready(SOURCES, kept)
    assert parsed == [SOURCES, SOURCES]
    assert len(list((tmp_path / "c").iterdir())) == 2


def test_an_entry_that_is_whole_but_no_rules_is_written_anew(tmp_path: Path, parsed: list[object]) -> None:
    """Whatever wrote it: it is no error, and it is there once."""
    kept = Cache(tmp_path / "c")
    wanted = rules.ready(SOURCES, kept)
    (path,) = (tmp_path / "c").iterdir()
    kept.put(path.stem, b"something else")

    assert rules.ready(SOURCES, kept) == rules.ready(SOURCES, kept) == wanted
    assert len(parsed) == 2


def test_rules_that_cannot_be_used_are_told_and_not_kept(tmp_path: Path) -> None:
    """A mistake in a rule is one line, with the cache and without."""
    kept = Cache(tmp_path / "c")
    for _ in range(2):
        with pytest.raises(SetupError, match="YAML"):
            rules.ready((("a.yml", "[1"),), kept)
    assert not (tmp_path / "c").exists()


def test_the_users_cache_is_where_the_environment_says(
    tmp_path: Path, parsed: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rules that come with Suragh are kept there; with the cache turned off nothing is written."""
    monkeypatch.setattr(rules, "builtin_files", lambda: SOURCES)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("SURAGH_CACHE", "off")
    rules.builtin()
    assert not list(tmp_path.iterdir())

    monkeypatch.delenv("SURAGH_CACHE")
    assert rules.builtin() == rules.builtin()
    assert len(parsed) == 2
    assert len(list((tmp_path / "suragh").iterdir())) == 1


def test_rules_on_records_are_kept_by_log_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is compiled for one is not taken for another, nor for rules of a scan."""
    sources = (("a.yml", rule({"user": "x"}, name="a", source="login")),)
    made_anew: list[object] = []
    make = rules._made_for_records

    def counted(given: tuple[tuple[str, str], ...], wanted: dict[str, str]) -> RecordRules:
        made_anew.append(wanted)
        return make(given, wanted)

    monkeypatch.setattr(rules, "_made_for_records", counted)
    kept = Cache(tmp_path / "c")
    asked = [{}, {"category": "login"}, {"category": "vpn"}, {"product": "login"}]
    first = [rules.of_records(sources, wanted, kept) for wanted in asked]

    assert made_anew == asked
    assert [len(one.rules) for one in first] == [1, 1, 0, 0]
    assert [rules.of_records(sources, wanted, kept) for wanted in asked] == first
    assert len(made_anew) == len(asked)
    assert rules.of_records(sources, {}, None) == first[0]
    assert rules.ready(sources, kept).rules == ()
