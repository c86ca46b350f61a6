"""Commands inside code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suragh.text.shell_code import FOUND_LIMIT, dug


def found(code: str, language: str = "python") -> list[str | list[str]]:
    """List texts for a shell as they are, started processes as their words."""
    return [[word.value for word in hit.words] if hit.text is None else hit.text.text for hit in dug(code, language)]


@pytest.mark.parametrize(
    ("code", "language", "expected"),
    [
        pytest.param("os.system('id; ls')", "python", ["id; ls"], id="os.system"),
        pytest.param(
            'subprocess.run(["ls", "-la", x])', "python", [["ls", "-la"]], id="a list, up to what is no literal"
        ),
        pytest.param('subprocess.check_output(\n  """id\nls""", shell=True)', "python", ["id\nls"], id="three quotes"),
        pytest.param("os.popen(f'ping {host}').read()", "python", ["ping {host}"], id="f-string"),
        pytest.param("subprocess.run(cmd); exec('x = 1')", "python", [], id="nothing that is known"),
        pytest.param("os.system('\\x69\\x64')", "python", ["id"], id="escapes"),
        pytest.param("os.system(r'a\\x69')", "python", ["a\\x69"], id="raw"),
        pytest.param("require('child_process').exec('id')", "node", ["id"], id="node exec"),
        pytest.param("execSync(`id`); /x/.exec('y')", "node", ["id"], id="node execSync, no pattern match"),
        pytest.param("spawn('nc', ['-e', 'sh'])", "node", [["nc", "-e", "sh"]], id="node spawn"),
        pytest.param('system("id"); print `ls -l`;', "perl", ["id", "ls -l"], id="perl"),
        pytest.param("system 'id'; %x(whoami)", "ruby", ["id", "whoami"], id="ruby"),
        pytest.param("shell_exec('id'); passthru(\"ls\");", "php", ["id", "ls"], id="php"),
    ],
)
def test_commands_are_dug_out_of_code(code: str, language: str, expected: list[str | list[str]]) -> None:
    """Plain literals given to a shell or started as a process are found, nothing else."""
    assert found(code, language) == expected


def test_the_literal_points_back_into_the_code() -> None:
    """The pieces are the inside of the quotes."""
    code = "é = 1; os.system('id -u')"
    (hit,) = dug(code, "python")

    assert hit.text is not None
    ((_, start, end),) = hit.text.pieces
    assert code[start:end] == "id -u"


def test_calls_are_bounded() -> None:
    """No more than the limit are taken."""
    assert len(found("system('a');" * (FOUND_LIMIT + 5), "perl")) == FOUND_LIMIT


@given(
    parts=st.lists(
        st.sampled_from(["os.system(", "'", '"', '"""', "[", "id", "\\", "`", "%x(", ")", ",", "\n"]), max_size=12
    )
)
def test_any_code_is_survived(parts: list[str]) -> None:
    """Broken code gives what it gives, for each language."""
    code = "".join(parts)

    for language in ("python", "node", "perl"):
        assert all(hit.words or hit.text is not None for hit in dug(code, language))
