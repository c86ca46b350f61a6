"""One look at an action: what is found, where, and what may not be missed."""

import base64
import shlex

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.detect.rulework import call, command, detector, matches, matching, result, rule

from rulebook import builtin_rules
from suragh.detect.events import CommandEvent, Kind, Setting
from suragh.detect.inspector import Detector
from suragh.detect.leaf_kind import LeafKind, shape_of
from suragh.detect.observables.triggers import IPV4
from suragh.detect.scan_values import Expressions
from suragh.detect.sigma.ruleset import load_rules
from suragh.model.fact import Call
from suragh.model.match import Match
from suragh.model.observable import Observable, ObservableKind
from suragh.text.shell import commands

SHADOW = {"program": "cat", "args": "/etc/shadow"}


@pytest.mark.parametrize(
    ("text", "span", "via", "decodings"),
    [
        pytest.param("id; cat /etc/shadow", "cat /etc/shadow", (), (), id="plain"),
        pytest.param("ssh h 'sudo cat /etc/shadow'", "cat /etc/shadow", ("ssh", "sudo"), (), id="through ways in"),
        pytest.param("/bin/c''at /etc/sha\"dow\"", None, (), ("quoting",), id="quoting tricks"),
        pytest.param("echo Y2F0IC9ldGMvc2hhZG93Cg== | base64 -d | sh", None, None, ("base64",), id="base64"),
        pytest.param("d=/etc; cat $d/shadow", None, (), (), id="a variable"),
    ],
)
def test_commands_are_seen_through(
    text: str, span: str | None, via: tuple[str, ...] | None, decodings: tuple[str, ...]
) -> None:
    """The match names the span in the leaf, the ways in and what was undone."""
    (match,) = matches(SHADOW, command(text))

    assert 0 <= match.start < match.end <= len(text)
    assert span is None or text[match.start : match.end] == span
    assert via is None or match.via == via
    assert match.decodings == decodings


@pytest.mark.parametrize(
    "arguments",
    [
        {"cmd": "cat /etc/shadow"},
        {"input": "cat /etc/shadow"},
        {"command": ["bash", "-lc", "cat /etc/shadow"]},
        {"command": ["cat", "/etc/shadow"]},
        {"arguments": {"script": "cat /etc/shadow"}},
        {"commands": ["ls -l", "cat /etc/shadow"]},
    ],
)
def test_the_client_s_names_do_not_matter(arguments: object) -> None:
    """A command is a command under any name, alone, in a vector or nested."""
    assert matching(SHADOW, call("whatever", arguments))


def test_one_match_a_rule_and_leaf() -> None:
    """The first in the leaf's order counts."""
    found = matches(SHADOW, call("t", {"commands": ["cat /etc/shadow; cat /etc/shadow", "cat /etc/shadow"]}))

    assert [(match.leaf, match.start) for match in found] == [("commands.0", 0), ("commands.1", 0)]


def test_matches_come_in_order_of_rule() -> None:
    """The order is that of names, whatever the order of files."""
    both = detector(rule({"program": "mimikatz"}, name="z"), rule({"program": "mimikatz"}, name="a"))

    assert [match.rule for match in both.inspect_call(command("mimikatz")).matches] == ["a", "z"]


ENCODED = base64.b64encode(b"import pty; pty.spawn('/bin/sh')").decode()


def test_encoded_pieces_of_arguments_are_decoded() -> None:
    """The span is that of the encoded piece; encodings may lie in one another."""
    twice = base64.b64encode(f"exec(b64decode('{ENCODED}'))".encode()).decode()
    selection = {"code|contains": "pty.spawn"}
    for piece in (ENCODED, twice):
        code = f"x = 'é'\nexec(base64.b64decode('{piece}'))\nprint(1)"
        (match,) = matches(selection, call("python", {"code": code}))

        assert piece in code[match.start : match.end]
        assert match.end - match.start < len(code)
        assert set(match.decodings) == {"base64"}


def test_percent_signs_do_not_hide_a_path() -> None:
    """A request's path is decoded once before rules read it, in tools and in commands."""
    selection = {"http.path|contains": "/server-status"}

    assert matching(selection, call("fetch", {"url": "http://h/%73erver%2dstatus"}))
    assert matching(selection, command("curl -s http://h/%73erver%2dstatus"))


def test_an_event_never_mixes_commands() -> None:
    """A program and the words of another command of the line do not match together."""
    assert not matching(SHADOW, command("cat /etc/hosts; ls /etc/shadow"))


def test_results_are_read_by_rules_on_results_only() -> None:
    """A command that is only shown was not run."""
    assert matching({"result|contains": "uid=0"}, result("uid=0(root)"))
    assert not matching(SHADOW, result("cat /etc/shadow"))
    assert not matching({"result|contains": "uid=0"}, command("echo uid=0"))


def test_a_huge_text_is_scanned_and_its_beginning_taken_apart() -> None:
    """Two million pipes take no longer than a look at the beginning."""
    assert matching(SHADOW, command("cat /etc/shadow\n" + "x | " * 500_000))


def test_observables_are_sought_where_a_trigger_fired() -> None:
    """The finder gets the bits of the leaf's own triggers; nothing else."""
    asked: list[tuple[str, int]] = []

    def finder(text: str, leaf: str, triggers: int) -> list[Observable]:
        asked.append((leaf, triggers))
        return [Observable(ObservableKind.IPV4, "192.0.2.9", "192.0.2.9", leaf, 0, 9)] if text else []

    looking = Detector(load_rules([]), finder)
    found = looking.inspect_call(call("t", {"a": "192.0.2.9", "b": "plain"})).observables

    assert [leaf for leaf, _ in asked] == ["a"]
    assert asked[0][1] & IPV4
    assert [one.leaf for one in found] == ["a"]


def test_a_result_has_no_outline() -> None:
    """Only what would run has one, and every call has."""
    looking = detector()

    assert looking.inspect_result(result("x")).outline == 0
    assert (
        looking.inspect_call(command("ls")).outline == detector(rule(SHADOW)).inspect_call(command("ls")).outline != 0
    )


WORDS = st.text(st.sampled_from("abcxyz0189-_./=:@, '\"$é"), min_size=3, max_size=10).filter(
    lambda word: any(char.isalpha() for char in word) and not set(word) & set("*?\\")
)
MODIFIERS = st.sampled_from(["", "|contains", "|startswith", "|endswith", "|cased", "|re"])


@settings(max_examples=40)
@given(word=WORDS, modifier=MODIFIERS, before=st.sampled_from(["", "id; ", "ssh h ", "sudo "]), data=st.data())
def test_a_selection_matches_the_command_made_of_it(word: str, modifier: str, before: str, data: st.DataObject) -> None:
    """A word that a rule asks for is found in a command that has it, however it is quoted; a near miss is not."""
    selection = {"program": "tool", f"args{modifier}": escaped(word) if modifier == "|re" else word}
    whole = f"x{word}y" if modifier == "|contains" else word
    line = f"tool {shlex.quote(whole)} more"
    text = before + (shlex.quote(line) if before == "ssh h " else line)
    cut = data.draw(st.integers(1, len(word) - 1))
    near = word[:cut] + "~" + word[cut:]

    looking = detector(rule(selection))

    assert looking.inspect_call(command(text)).matches
    assert not looking.inspect_call(command(f"tool {shlex.quote(near)} more")).matches


def escaped(word: str) -> str:
    """An expression for exactly this word."""
    return "".join(char if char.isalnum() else f"[{char}]" if char != "'" else "'" for char in word)


def everything(made: Call) -> set[tuple[str, str]]:
    """(rule, leaf) for every rule that holds on any command of a call, with no scan and no look before."""
    found: set[tuple[str, str]] = set()
    for leaf, kind in zip(made.arguments, shape_of(made).kinds, strict=True):
        for one in commands(leaf.text) if kind is LeafKind.COMMAND else ():
            event = CommandEvent(one, Setting(made.tool), Expressions())
            found |= {
                (each.info.name, leaf.path)
                for each in RULES.rules
                if Kind.COMMAND in each.conditions and each.conditions[Kind.COMMAND].holds(event)
            }
    return found


RULES = builtin_rules()
ALL = Detector(RULES, lambda *_: (), ())
LINES = sorted({hit for each in RULES.rules for hit in each.hits if isinstance(hit, str)})
WRAPS = st.sampled_from(["{}", "cd /tmp && {}", "x=1; {} | tee out", "sudo -n {}", "{} 2>&1 | head -5"])


@settings(max_examples=60)
@given(st.sampled_from(LINES), WRAPS)
def test_the_scan_hides_no_match(line: str, wrap: str) -> None:
    """What is found is what trying every rule on every command finds: the first looks only save work."""
    made = command(wrap.format(line))
    found = {(match.rule, match.leaf) for match in ALL.inspect_call(made).matches}

    assert everything(made) <= found


def test_matches_are_values() -> None:
    """Two looks at one action give equal matches."""
    assert matches(SHADOW, command("cat /etc/shadow")) == (Match("wanted", "command", 0, 15),)
