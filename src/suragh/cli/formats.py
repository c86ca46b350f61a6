"""`suragh formats`: which telemetry is read, what each format cannot know, and what a mapping file gives."""

import argparse
from collections import Counter
from collections.abc import Iterator
from typing import Final

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from suragh.cli.console import show
from suragh.errors import UsageError
from suragh.export.formats_page import sections
from suragh.model.fact import Call, Kinship, Leaf, Ownership, Rejected, Result, Turn
from suragh.model.instant import rfc3339
from suragh.read.mapped import mapped_reader
from suragh.read.reader import Reader, Seen
from suragh.read.registry import READERS, SIDE_FILES, asked, read
from suragh.store.files import read_file
from suragh.store.inputs import open_inputs
from suragh.text.printable import printable

UNREADABLE: Final = 5

SHOWN: Final = 10
"""Facts shown of a file unless a number is given: a screen."""

INDENT: Final = 4

TEXT_SHOWN: Final = 80
"""Code points shown of one text."""

_KINDS: Final = {
    Call: "calls",
    Result: "results",
    Turn: "turns",
    Ownership: "accounts named",
    Kinship: "sub-agents",
    Rejected: "rejected",
}

EPILOG: Final = """examples:
  suragh formats                               what is read, and what is not
  suragh formats try acme.toml day.jsonl       what a mapping file gives
  suragh scan traces/ --mapping acme.toml      use it
  suragh scan traces/ --format codex           read everything as one format
"""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    """Add the command to the command line."""
    made: argparse.ArgumentParser = commands.add_parser(
        "formats",
        help="list the formats, or try a mapping file",
        description="List the formats of telemetry that are read, and what each of them cannot know.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.add_argument("--markdown", action="store_true", help="say also what each thing is read from, in Markdown")
    made.set_defaults(run=run_list)
    inner = made.add_subparsers(dest="act", metavar="try", title="with a mapping file")
    tried = inner.add_parser(
        "try",
        help="show what a mapping file gives",
        description="Read a file as a mapping says, and show its first facts, how many there are, and what was not"
        " read.",
        allow_abbrev=False,
    )
    tried.add_argument("mapping", metavar="MAPPING", help="the TOML file; docs/formats.md says what it holds")
    tried.add_argument("file", metavar="FILE", help="lines of JSON, plain or compressed; `-` is standard input")
    tried.add_argument(
        "--facts", type=_count, default=SHOWN, metavar="N", help=f"how many facts to show; {SHOWN} if not given"
    )
    tried.set_defaults(run=run_try)
    return made


def run_list(options: argparse.Namespace) -> int:
    """Print every reader, in short or with all that is read of it."""
    if options.markdown:
        show(Text(sections((*READERS, *SIDE_FILES))), wrap=False)
    else:
        show(Group(*(part for reader in READERS for part in _listed(reader))))
    return 0


def run_try(options: argparse.Namespace) -> int:
    """Print what a mapping gives of a file; 5 where it gives no call, result or turn."""
    reader = mapped_reader(read_file(options.mapping), options.mapping)
    readers = asked([reader], reader.name)
    counts: Counter[type] = Counter()
    with open_inputs([options.file]) as inputs:
        for source in range(len(inputs.sources)):
            with inputs.member(source) as member:
                lines: list[str] = []
                for seen in read(member, readers):
                    counts[type(seen)] += 1
                    if len(lines) < options.facts or isinstance(seen, Rejected):
                        lines.append(_fact(seen))
                show(Text("\n".join([printable(inputs.sources[source].name), *lines])), wrap=False)
    show(Text(", ".join(f"{counts[kind]:,} {word}" for kind, word in _KINDS.items())))
    return 0 if counts[Call] or counts[Result] or counts[Turn] else UNREADABLE


def _count(text: str) -> int:
    if not text.isdecimal():
        raise UsageError(f"--facts is {text!r}, expected a number")
    return int(text)


def _listed(reader: Reader) -> Iterator[RenderableType]:
    yield Text(f"{reader.name}: {reader.title[:1].upper()}{reader.title[1:]}. It cannot know:")
    yield from (Padding(Text(sentence.replace("`", "")), (0, 0, 0, INDENT)) for sentence in reader.cannot_know)
    yield Text("")


def _fact(seen: Seen) -> str:
    """One fact as one line."""
    if isinstance(seen, Rejected):
        return f"  rejected  byte {seen.pointer.offset}: {printable(seen.reason)}"
    when = f"{rfc3339(seen.known_at)}  {_shown(seen.session)}"
    if isinstance(seen, Call):
        who = f"  agent {_shown(seen.actor)}" if seen.actor else ""
        return f"  call      {when}{who}  {_shown(seen.tool)}({_leaves(seen.arguments)})"
    if isinstance(seen, Result):
        failed = {None: "", True: "  failed", False: "  not failed"}[seen.failed]
        return f"  result    {when}{failed}  {_leaves(seen.texts)}"
    if isinstance(seen, Turn):
        return f"  {'human' if seen.human else 'task '}     {when}  {_shown(seen.text)}"
    if isinstance(seen, Ownership):
        return f"  account   {when}  {_shown(seen.account)} by {_shown(seen.basis)}"
    return f"  sub-agent {when}  of {_shown(seen.parent)}"


def _leaves(leaves: tuple[Leaf, ...]) -> str:
    return ", ".join(f"{_shown(leaf.path)}={_shown(leaf.text)}" if leaf.path else _shown(leaf.text) for leaf in leaves)


def _shown(text: str) -> str:
    return printable(text, TEXT_SHOWN)
