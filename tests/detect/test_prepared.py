"""Rules made ready, and kept as bytes."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from tests.detect.rulework import call, command, result, rule

import suragh
from rulebook import builtin_rules
from suragh.detect.inspector import Detector
from suragh.detect.prepared import Prepared, from_bytes, identity, prepared, to_bytes
from suragh.detect.sigma.ruleset import load_rules
from suragh.model.fact import Call, Result

BUILTIN = builtin_rules()
READY = prepared(BUILTIN)


SMALL = prepared(load_rules([("r.yml", rule({"program": "nmap"}))]))


def action(example: object) -> Call | Result:
    """An example of a rule as an action: a shell text, a call, or a result."""
    if isinstance(example, str):
        return command(example)
    assert isinstance(example, dict)
    if "result" in example:
        return result(example["result"], failed=example.get("failed"))
    return call(str(example.get("tool", "Bash")), example["arguments"])


def test_a_kept_detector_says_what_a_fresh_one_says() -> None:
    """On every example of every rule, whatever it is an example of: matches, observables and outline."""
    fresh, kept = Detector(BUILTIN), Detector(restored(READY))
    actions = [action(example) for one in BUILTIN.rules for example in (*one.hits, *one.misses)]

    said = [look(fresh, one) for one in actions]
    assert [look(kept, one) for one in actions] == said
    assert len(actions) > 1_000
    assert sum(bool(one.matches) for one in said) > len(BUILTIN.rules)


def restored(ready: Prepared) -> Prepared:
    """What comes back out of the bytes."""
    found = from_bytes(to_bytes(ready))
    assert found is not None
    return found


def look(detector: Detector, one: Call | Result) -> object:
    """One look at an action."""
    return detector.inspect_call(one) if isinstance(one, Call) else detector.inspect_result(one)


def test_bytes_hold_all_of_it() -> None:
    """Every rule, plan and probe comes back equal, with its condition as the rule has it."""
    found = restored(READY)

    assert found == READY
    by_name = {one.info.name: one.conditions for one in BUILTIN.rules}
    for kind, plans in found.calls.items():
        assert [plan.condition for plan in plans.plans] == [by_name[plan.rule][kind] for plan in plans.plans]


def test_no_rules_are_rules_too() -> None:
    """The triggers are scanned for even then."""
    assert Detector(restored(prepared(load_rules([])))).inspect_call(command("nmap 192.0.2.7")).observables


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xc1",
        msgspec.msgpack.encode([1, 2]),
        to_bytes(SMALL)[:-1],
        to_bytes(msgspec.structs.replace(SMALL, asked=(b"no database", 1))),
        to_bytes(msgspec.structs.replace(SMALL, returned=(SMALL.returned[0][:-8], 0))),
    ],
)
def test_other_bytes_are_none(data: bytes) -> None:
    """Cut off, of another shape, or with a database that Hyperscan does not take: nothing is raised."""
    assert from_bytes(data) is None


def test_the_identity_follows_whatever_decides() -> None:
    """Texts, names, the order of files, Suragh's version; and nothing else, so that it is found again."""
    sources = [("a.yml", "one"), ("b.yml", "two")]
    others = [
        [("a.yml", "one")],
        [("a.yml", "one"), ("b.yml", "twx")],
        [("a.yml", "one"), ("c.yml", "two")],
        [("a.yml", "oneb.yml"), ("", "two")],
        sources[::-1],
    ]

    names = {identity(sources, "1"), identity(sources, "2"), *(identity(other, "1") for other in others)}
    assert len(names) == 2 + len(others)
    assert identity(iter(sources), "1") == identity(sources, "1")


def test_kept_rules_need_no_parser() -> None:
    """What parses rules is not even imported by what uses them."""
    program = "import sys, suragh.engine.local as _; print(sorted({'sigma', 'yaml', 'pyparsing'} & sys.modules.keys()))"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert ran.stdout == "[]\n"


def test_the_identity_holds_the_code(tmp_path: Path) -> None:
    """A changed line of it, or of a table beside it, gives another name, though the version is the same."""
    copy = tmp_path / "suragh"
    shutil.copytree(Path(suragh.__file__).parent, copy, ignore=shutil.ignore_patterns("__pycache__"))
    program = "from suragh.detect.prepared import identity; print(identity([], '1'))"

    def named() -> str:
        env = os.environ | {"PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
        return subprocess.run(
            [sys.executable, "-c", program], env=env, capture_output=True, text=True, check=True
        ).stdout

    names = {named(), named()}
    for changed in ("detect/patterns.py", "detect/data", "model/attack.py"):
        path = copy / changed
        path = next(path.glob("*.txt")) if path.is_dir() else path
        path.write_text(path.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
        names.add(named())
    assert len(names) == 4
