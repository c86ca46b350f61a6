"""Commands in scripts of Codex's code mode."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.read.real import raw

from suragh.read.agents.codex_script import commands


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ('const r = await tools.exec_command({cmd:"ls -la", workdir:"/w"}); text(r.output)', ("ls -la",)),
        ("tools.exec_command({'cmd': 'grep \\'x\\' f'})", ("grep 'x' f",)),
        ("tools.exec_command({cmd:`cat ${p} | head`})", ("cat ${p} | head",)),
        ("tools.exec_command({cmd:\"a \" + 'b' + `c`})", ("a bc",)),
        (
            'tools.exec_command({cmd:"one"}); tools.exec_command({cmd:"two"}); tools.exec_command({cmd:"one"})',
            ("one", "two"),
        ),
        ('const c = "id"; await tools.exec_command({cmd: c})', ("id",)),
        ('const cmd = "id"; await tools.exec_command({cmd, workdir})', ("id",)),
        (
            "const cmds=[\n\"id\",\n'who'\n]; await Promise.all(cmds.map(async cmd=>await tools.exec_command({cmd})))",
            ("id", "who"),
        ),
        ('const xs=["id","who"]; for (const x of xs) await tools.exec_command({cmd: x})', ("id", "who")),
        ('tools.shell({command:"curl\\x20http\\u003a//192.0.2.1\\n"})', ("curl http://192.0.2.1\n",)),
        (
            "for (const p of ['a', 'b']) { tools.exec_command({workdir: '/w', cmd: `cat ${p} | head`}) }",
            ("cat a | head", "cat b | head"),
        ),
        ("['a', 'b'].map(async (p, i) => tools.exec_command({cmd: 'cat ' + p}))", ("cat a", "cat b")),
        ("for (const [n, c] of [['x', 'id'], ['y', 'who']]) tools.exec_command({cmd: c})", ("id", "who")),
        ("const run = async (cmd) => { return tools.exec_command({cmd}) }; run('id'); run(`who`)", ("id", "who")),
        (
            "async function at(dir, c) { return tools.exec_command({cmd: `cd ${dir} && ${c}`}) } at('/a', 'ls')",
            ("cd /a && ls",),
        ),
        ("const q = s => `'${s.replace(/'/g, 'x')}'`; tools.exec_command({cmd: `echo ${q('a b')}`})", ("echo 'a b'",)),
        ("tools.exec_command({cmd: ['set -e', 'id'].join('\\n')})", ("set -e\nid",)),
        ("tools.exec_command({cmd: ['bash', '-lc', 'ls -l']})", ("bash -lc 'ls -l'",)),
        ("tools.exec_command({cmd: String.raw`grep 'a\\.b' f`})", ("grep 'a\\.b' f",)),
        ("tools.exec_command({cmd: flag ? 'ls' : 'id'})", ("ls", "id")),
        ("tools.exec_command({cmd: 'cat ' + found[0] + ' | wc'})", ("cat ${found[0]} | wc",)),
        ("let s = 'a'; s += ' b'; tools.exec_command({cmd: s})", ("a b",)),
        ("tools.exec_command({cmd: 'echo ' + JSON.stringify('a b')})", ('echo "a b"',)),
        (
            "const ts = [{n: 1, cmd: 'id'}, {n: 2, cmd: 'who'}]; for (const {cmd} of ts) tools.exec_command({cmd})",
            ("id", "who"),
        ),
        ("tools.exec_command('id')", ("id",)),
        ("// tools.exec_command({cmd: 'no'})\ntools.exec_command({cmd: 'yes'})", ("yes",)),
        ("cond ? cmd : 'x'", ()),
        ("tools.apply_patch(`*** Begin Patch`)", ()),
        ('text("the cmd is: ls")', ()),
        ("", ()),
    ],
)
def test_commands_held_as_text_are_found(script: str, found: tuple[str, ...]) -> None:
    """In each of the ways in which scripts hold them, each once, in order."""
    assert commands(script) == found


@given(st.text(alphabet="cmd:{}'\"`+\\$[], =const\nx", max_size=80))
def test_any_text_is_survived(script: str) -> None:
    """Whatever it is, the answer is texts that are not blank."""
    assert all(text.strip() for text in commands(script))


HOSTILE = {
    "open text": 'cmd:"' + "a" * 200_000,
    "escapes": '{cmd:"' + '\\"' * 100_000,
    "list": 'cmd; const a=["x",' * 10_000,
    "templates": "{cmd:`${" * 10_000,
    "brackets": "{cmd:[" * 10_000,
    "comments": "cmd/*" * 50_000,
    "doubling": 'a="x";' + "a=a+a;" * 500 + "b={cmd:a}",
    "growing": 'a="x";' + "a+=a;" * 500 + "b={cmd:a}",
    "functions": "f0=x=>x+x;" + "".join(f"f{n + 1}=x=>f{n}(x)+f{n}(x);" for n in range(40)) + '{cmd:f40("a")}',
    "recursion": 'f=x=>f(f(x)); {cmd:f("a")}',
    "calls": "cmd; f=x=>x;" + "f(" * 10_000,
    "loops": 'cmd; a=["x"];' + "a.map(b=>" * 10_000,
    "patterns": "cmd of ]" * 10_000,
    "copies": 'x="' + "a" * 200_000 + '";' + "y=x+x+x;" * 300 + "{cmd:y}",
}
"""Scripts that would take for ever, or all memory, if what they ask for were done."""


@pytest.mark.parametrize("script", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_scripts_are_given_up(script: str) -> None:
    """The work on a script grows with its length and no faster, and so does what comes out."""
    assert sum(map(len, commands(script))) <= 2 * len(script)


def test_plain_texts_are_found_in_whatever_stands_before() -> None:
    """A script that asks for too much work hides no command that it holds as it is."""
    assert commands("{cmd:`${" * 10_000 + "\n tools.exec_command({cmd: 'id'})") == ("id",)
    assert commands("{cmd:[" * 10_000 + "\n tools.exec_command({cmd: 'id'})") == ("id",)
    assert commands("{cmd:" + '"a"+' * 20_000 + '"a"}') == ("a" * 20_001,)


def test_every_command_of_real_scripts_is_found() -> None:
    """Each place at which a real script runs a command gives one or more, and hardly a hole stays in any."""
    lines = [line for file in raw("codex") for line in file.splitlines() if b'"custom_tool_call"' in line]
    payloads = [json.loads(line)["payload"] for line in lines]
    scripts = [item["input"] for item in payloads if item.get("name") == "exec" and "exec_command" in item["input"]]
    found = [commands(script) for script in scripts]

    assert len(scripts) > 50
    assert [s for s, c in zip(scripts, found, strict=True) if len(c) < len(re.findall(r"exec_command\s*\(", s))] == []
    assert sum("${" in command for command in sum(found, ())) <= len(scripts) * 0.05
