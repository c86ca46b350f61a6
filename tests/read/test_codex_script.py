"""Commands in scripts of Codex's code mode."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suragh.read.codex_script import commands


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


def test_hostile_scripts_cost_no_time() -> None:
    """Open quotes and long joins are scanned in time that grows with their length."""
    assert commands('cmd:"' + "a" * 200_000) == ()
    assert commands('const a=["x",' * 20_000) == ()
    assert commands("cmd:" + '"a"+' * 50_000) == ("a" * 50_000,)
