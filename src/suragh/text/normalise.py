"""Texts with their accidents taken away, so that two attempts at one thing, or two copies of one prompt, look alike."""

import re
from collections.abc import Sequence
from typing import Final

from suragh.model.command import Command

SHINGLE_WORDS: Final = 3
"""Words in a shingle: the usual size for near-duplicates of short documents (Broder, 1997, uses 3 to 10)."""

SHINGLE_LIMIT: Final = 4096
"""Shingles of one text; a prompt longer than that is told by its beginning."""

_URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_HOST: Final = re.compile(
    r"(?:[\w.+-]+@)?(?:\d{1,3}(?:\.\d{1,3}){3}(?:/\d+)?|(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,})(?::\d+)?\Z"
)
_SWITCH: Final = re.compile(r"--?[A-Za-z][A-Za-z-]*")
_METHODS: Final = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
_VERB: Final = re.compile(r"[a-z][a-z0-9-]{1,20}\Z")
_WITH_VERBS: Final = frozenset({
    "apt", "apt-get", "aws", "az", "bloodyad", "brew", "cargo", "certipy", "certipy-ad", "crackmapexec", "docker",
    "gcloud", "gh", "git", "go", "gobuster", "helm", "kubectl", "mise", "net", "netexec", "npm", "nxc", "openssl",
    "pip", "pip3", "podman", "reg", "rclone", "restic", "sc", "schtasks", "service", "systemctl", "terraform",
    "vault", "wmic", "yarn",
})  # fmt: skip
"""Programs whose first word that is no switch says what they do."""

_BLANKS: Final = re.compile(r"\s+")
_ACCIDENTS: Final = re.compile(
    r"""(?P<temp>/(?:tmp|var/tmp|dev/shm)/[\w.-]*\d[\w.-]*|/(?:tmp|var/tmp)/tmp\.?\w+|\btmp\.\w{6,}\b)
    | (?P<proc>/proc/\d+) | (?P<kill>\bkill(?:\s+-\w+)*(?:\s+\d+)+) | (?P<pid>(?<=\s)(?:-p|--pid)[\s=]\d+)
    | (?P<epoch>\b1[5-9]\d{8}(?:\d{3})?\b)""",
    re.VERBOSE,
)
_NUMBER: Final = re.compile(r"\d+")
_WORD: Final = re.compile(r"\w+")


def outline(commands: Sequence[Command]) -> str:
    """Say what commands do without their values: programs, ways in, switches, and what kind of thing they act on.

    `curl -s -X POST http://example.com/a -d @f | jq .` is `curl -s -X post @url -d | jq`.
    """
    parts: list[str] = []
    for command in commands:
        if not command.program:
            continue
        if parts:
            parts.append("|" if command.piped_from else ";")
        parts += [f"{way}:" for way in command.via]
        parts.append(command.program)
        parts += _shapes(command)
    return " ".join(parts)


def _shapes(command: Command) -> list[str]:
    shapes: list[str] = []
    verb = command.program in _WITH_VERBS
    for arg in command.argv[1:]:
        shape = _shape(arg)
        if not shape and verb and _VERB.match(arg):
            shape, verb = arg, False
        if shape and (not shapes or shapes[-1] != shape):
            shapes.append(shape)
    return shapes


def _shape(arg: str) -> str:
    switch = _SWITCH.match(arg)
    if switch:
        return switch[0]
    if _URL.match(arg):
        return "@url"
    if arg in _METHODS:
        return arg.lower()
    if _HOST.match(arg):
        return "@host"
    return "@path" if arg[:1] in {"/", "~"} or arg[:2] in {"./", ".."} else ""


def normalised_command(line: str) -> str:
    """Fold blanks and replace what differs from run to run: names of temporary files, process ids, epoch times."""
    return _ACCIDENTS.sub(_without, _BLANKS.sub(" ", line).strip())


def _without(match: re.Match[str]) -> str:
    if match.lastgroup == "temp":
        return "/tmp/@"  # noqa: S108 - a name in a text, not a file
    return _NUMBER.sub("@", match[0]) if match.lastgroup != "kill" else re.sub(r"(?<=\s)\d+", "@", match[0])


def shingles(text: str) -> list[str]:
    """Cut a prompt into runs of `SHINGLE_WORDS` words, case folded, each once, in order; a shorter one is one run."""
    words = _WORD.findall(text.casefold())
    if len(words) < SHINGLE_WORDS:
        return [" ".join(words)] if words else []
    last = min(len(words) - SHINGLE_WORDS + 1, SHINGLE_LIMIT)
    return list(dict.fromkeys(" ".join(words[at : at + SHINGLE_WORDS]) for at in range(last)))
