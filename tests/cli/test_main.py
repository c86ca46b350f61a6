"""The command: its help, its exit codes, and how it ends when something goes wrong."""

import os
import re
import subprocess
import sys
from argparse import ArgumentParser, _SubParsersAction
from pathlib import Path

import pytest

from suragh.cli import main as main_module
from suragh.cli.main import main, parser

Captured = pytest.CaptureFixture[str]


def commands() -> dict[str, ArgumentParser]:
    """The parser of each command."""
    found = next(action for action in parser()._actions if isinstance(action, _SubParsersAction))
    return dict(found.choices)


NAMES = tuple(commands())


def below(made: ArgumentParser) -> list[ArgumentParser]:
    """A command and those in it."""
    inner = [
        one for action in made._actions if isinstance(action, _SubParsersAction) for one in action.choices.values()
    ]
    return [made, *inner]


def failing(error: BaseException) -> object:
    """A command that ends in an error that nobody foresaw."""

    def fail(_name: str) -> bytes:
        raise error

    return fail


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], "COMMAND"),
        (["scna", "x"], "'scna'"),
        (["scan"], "PATH"),
        (["explain", "report.json"], "SESSION"),
        (["completion"], "SHELL"),
        (["scan", "x", "--jsno", "y"], "--jsno"),
        (["scan", "x", "--quiet", "--verbose"], "not allowed with"),
        (["scan", "x", "--js", "y"], "--js"),
        (["show"], "REPORT"),
        (["show", "a", "b", "c"], "c"),
    ],
)
def test_a_wrong_command_line_is_one_line_and_exit_2(arguments: list[str], expected: str, capsys: Captured) -> None:
    """It says what is wrong and where to read more, and prints nothing else."""
    assert main(arguments) == 2

    out, err = capsys.readouterr()
    assert out == ""
    assert re.fullmatch(rf"suragh: .*{re.escape(expected)}.*See `suragh.* --help`\n", err)


def test_an_unforeseen_error_is_one_line_and_exit_4(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    """What Suragh did not foresee names its kind, shows nothing that a terminal obeys, and says how to learn more."""
    monkeypatch.setattr("suragh.cli.show.read_file", failing(KeyError("a\x1b[2Jb\nc")))

    assert main(["show", "report.json"]) == 4

    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith("suragh: internal error: KeyError: ")
    assert err.endswith("; run with --traceback to see where\n")
    assert "\x1b" not in err


def test_a_traceback_is_shown_to_who_asks(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    """`--traceback` tells where, still without anything that a terminal obeys."""
    monkeypatch.setattr("suragh.cli.show.read_file", failing(ValueError("a\x1b[2Jb")))

    assert main(["show", "report.json", "--traceback"]) == 4

    err = capsys.readouterr().err
    assert "Traceback (most recent call last)" in err
    assert "show.py" in err
    assert err.endswith("suragh: internal error: ValueError: a\\x1b[2Jb\n")
    assert "\x1b" not in err


def test_an_interrupt_is_exit_130(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    """Ctrl-C is no error of ours."""
    monkeypatch.setattr("suragh.cli.show.read_file", failing(KeyboardInterrupt()))

    assert main(["show", "report.json"]) == 130
    assert capsys.readouterr() == ("", "suragh: stopped\n")


def test_a_reader_who_went_away_is_no_verdict(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    """A broken pipe prints nothing, and its code is none that speaks of campaigns."""
    monkeypatch.setattr("suragh.cli.show.read_file", failing(BrokenPipeError()))

    assert main(["show", "report.json"]) == 141
    assert capsys.readouterr() == ("", "")


def test_an_error_is_one_line_whatever_a_name_holds(capsys: Captured) -> None:
    """A name that was typed or found cannot add a line or reach the terminal."""
    assert main(["show", "no\nsuch\x1b]0;x\x07\u202efile"]) == 3

    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert not set(err) & {"\x1b", "\x07", "\u202e"}


def test_the_help_lists_the_exit_codes(capsys: Captured) -> None:
    """A script's writer finds each code where they look first."""
    with pytest.raises(SystemExit) as left:
        main(["--help"])

    assert left.value.code == 0
    assert re.findall(r"^  (\d)  ", capsys.readouterr().out, re.MULTILINE) == ["0", "1", "2", "3", "4", "5"]


@pytest.mark.parametrize("name", NAMES)
def test_every_option_says_what_it_takes(name: str) -> None:
    """Each option has a help text, each value a name in capitals, and each command shows examples."""
    made = commands()[name]
    actions = [action for one in below(made) for action in one._actions if not isinstance(action, _SubParsersAction)]

    assert [action.dest for action in actions if not action.help] == []
    assert [a.dest for a in actions if a.nargs != 0 and not str(a.metavar).isupper()] == []
    assert re.search(rf"^  suragh {name}\b", made.epilog or "", re.MULTILINE)


@pytest.mark.parametrize("name", ["", *NAMES])
def test_the_help_fits_a_terminal(name: str, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    """No line of a help is wider than a narrow terminal, of a command or of one in it."""
    monkeypatch.setenv("COLUMNS", "80")
    made = commands()[name] if name else parser()
    for one in below(made):
        with pytest.raises(SystemExit):
            main([*one.prog.split()[1:], "--help"])

    assert [line for line in capsys.readouterr().out.splitlines() if len(line) > 80] == []


def test_the_examples_of_the_help_are_command_lines(capsys: Captured) -> None:
    """Each example that the helps show is one that the command understands."""
    del capsys
    helps = [main_module.EPILOG, *(one.epilog or "" for made in commands().values() for one in below(made))]
    shown = "\n".join(helps).replace("\\\n", " ")
    examples = re.findall(rf"(?<=suragh )((?:{'|'.join(NAMES)})(?= |\n)[^|>`\n]*?)(?=\s{{3,}}| [|>]|\n)", shown)

    assert len(examples) >= 20
    assert {example.split()[0] for example in examples} == set(NAMES)
    for example in examples:
        assert parser().parse_args(example.replace("'", "").split()).command in NAMES


def test_the_version_is_told(capsys: Captured) -> None:
    """`--version` names the program and its version."""
    with pytest.raises(SystemExit) as left:
        main(["--version"])

    assert left.value.code == 0
    assert re.fullmatch(r"suragh \d+\.\d+\.\d+\S*\n", capsys.readouterr().out)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_a_name_that_the_terminal_cannot_show_is_no_failure(encoding: str, tmp_path: Path) -> None:
    """Under an old encoding, what it lacks is written as an escape."""
    command = [sys.executable, "-m", "suragh.cli.main", "show", str(tmp_path / "бериг-📄")]
    environment = os.environ | {"PYTHONIOENCODING": encoding}
    done = subprocess.run(command, capture_output=True, env=environment, check=False)

    assert done.returncode == 3
    assert done.stderr.startswith(b"suragh: ")
    assert done.stderr.count(b"\n") == 1


def test_what_is_not_asked_for_is_not_loaded() -> None:
    """Who asks for the version waits for no engine, and who scans without `--html` for no template."""
    program = (
        "import sys\nfrom suragh.cli.main import main\n"
        "try:\n    main(['--version'])\nexcept SystemExit:\n    pass\n"
        "print(sorted({'hyperscan', 'jinja2', 'numpy', 'sigma', 'suragh.engine.local'} & sys.modules.keys()))"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert ran.stdout.splitlines()[1:] == ["[]"]
