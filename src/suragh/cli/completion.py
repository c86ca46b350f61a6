"""`suragh completion`: the script that lets a shell complete Suragh's commands and options."""

import argparse
from collections.abc import Callable
from importlib import import_module
from typing import Final

from suragh.cli import output

SHELLS: Final = ("bash", "zsh", "fish")

FILES: Final = frozenset({"FILE", "PATH", "REPORT", "MAPPING", "FOLDER"})
"""What values are called in the helps that are names of files."""

EPILOG: Final = """examples:
  suragh completion bash > ~/.local/share/bash-completion/completions/suragh
  suragh completion zsh > ~/.zsh/completions/_suragh    a folder in your $fpath
  suragh completion fish > ~/.config/fish/completions/suragh.fish
"""


def add_to(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", whole: Callable[[], argparse.ArgumentParser]
) -> argparse.ArgumentParser:
    """Add the command to the command line; `whole` gives all of that."""
    made: argparse.ArgumentParser = commands.add_parser(
        "completion",
        help="print a script that completes commands in a shell",
        description="Print a script with which a shell completes Suragh's commands, options and\nfiles.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.add_argument("shell", metavar="SHELL", choices=SHELLS, help=f"one of {', '.join(SHELLS)}")
    made.set_defaults(run=lambda options: run(options, whole()))
    return made


def run(options: argparse.Namespace, whole: argparse.ArgumentParser) -> int:
    """Print the script."""
    # loaded only here: no other command needs what writes it
    shtab = import_module("shtab")
    _name_files(whole, shtab.FILE)
    output.write(output.STANDARD, f"{shtab.complete(whole, options.shell).rstrip()}\n".encode())
    return 0


def _name_files(parser: argparse.ArgumentParser, files: object) -> None:
    """Say of every value that is a file, in this command and all below it, that it is one."""
    for action in parser._actions:  # noqa: SLF001 - argparse has no other way to look at a parser
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - as above
            for inner in action.choices.values():
                _name_files(inner, files)
        elif action.metavar in FILES:
            action.complete = files  # type: ignore[attr-defined]
