"""What each argument of a call is, and so what the call does: by the shape of its arguments.

The names of tools and arguments belong to the client, so a name is only a hint: where it is ambiguous
(`input`, `script`, `code`), the text decides.
"""

import re
from enum import Enum, auto
from functools import lru_cache
from typing import Final

from msgspec import Struct

from suragh.detect.http import METHODS
from suragh.model.fact import Call, Leaf


class LeafKind(Enum):
    """What the text of one leaf is."""

    COMMAND = auto()
    WORD = auto()
    CODE = auto()
    URL = auto()
    METHOD = auto()
    HEADER = auto()
    BODY = auto()
    PATH = auto()
    CONTENT = auto()
    REPLACED = auto()
    PATTERN = auto()
    PATCH = auto()
    OTHER = auto()


class Shape(Struct, frozen=True):
    """What a call does, and what its leaves are.

    Attributes:
        operation: shell, http, read, write, edit, search, code or other.
        kinds: one for each leaf of the call, in its order.
    """

    operation: str
    kinds: tuple[LeafKind, ...]


def words(text: str) -> frozenset[str]:
    """The words of a text, as a set: how long lists of names are written here."""
    return frozenset(text.split())


_KIND_NAMES: Final = {
    LeafKind.COMMAND: words("command cmd shell_command command_line commandline cmdline commands shell bash"),
    LeafKind.CODE: words("code source python python_code javascript js_code"),
    LeafKind.URL: words("url uri href target_url request_url endpoint"),
    LeafKind.METHOD: words("method http_method verb request_method"),
    LeafKind.HEADER: words("header headers http_headers request_headers cookies"),
    LeafKind.BODY: words("body payload json request_body post_data form form_data raw_body"),
    LeafKind.PATH: words("path file_path filepath filename file file_name target_file notebook_path abs_path"),
    LeafKind.CONTENT: words("content contents file_text new_string new_str new new_text new_source text data"),
    LeafKind.REPLACED: words("old_string old_str old old_text"),
    LeafKind.PATTERN: words("pattern query regex glob q"),
    LeafKind.PATCH: words("patch diff input_patch"),
}
_NAMES: Final = {name: kind for kind, names in _KIND_NAMES.items() for name in names}
"""What clients call their arguments: read off Claude Code, Codex, Copilot, Gemini, SWE-agent, MCP and OpenHands."""

_AMBIGUOUS: Final = words(
    "input script arguments args code source text content data query line payload chars keys keystrokes stdin"
)
"""Names that some client uses for a command, and another for anything else; what is typed into an open shell is one."""

_COMMANDS: Final = words(
    "alias apt apt-get awk base64 bash brew bun bundle cargo cat cd certutil chmod chown cmake cmd "
    "composer cp curl cut date deno df dig dir dmesg docker dotnet dpkg du echo env export fd ffuf file "
    "find gcc gh git go gobuster gradle grep gunzip gzip head helm host hostname http hydra id ifconfig "
    "ip ipconfig java jq kill kubectl ldapsearch less ln ls lsof make mkdir mongo mount mv mvn mysql nc "
    "ncat net netstat nikto nmap node nohup npm npx nslookup openssl perl php pip pip3 ping pnpm "
    "powershell printf ps psql pwd pwsh pytest python python2 python3 rg rm rsync ruby rustc scp sed set "
    "sh smbclient sort source sqlite3 sqlmap ss ssh sshpass stat su sudo systemctl tail tar tcpdump tee "
    "telnet test timeout touch tr tree type uname uniq unzip uv uvx vi vim wc wget where which whoami "
    "xargs xxd yarn zip zsh"
)
"""Programs that shell commands of real agents start with most often; a hint for arguments with an ambiguous name."""

_FIRST_WORD: Final = re.compile(r"\s*(?:#[^\n]*\n\s*)*(?:[A-Za-z_]\w*=\S*\s+)*[({\s]*([\w./~-]+)(?=$|[\s;|&)<>])")
_CODE: Final = re.compile(
    r"(?m)^\s*(?:import \w|from [\w.]+ import |def \w+\(|class \w+|print\(|(?:const|let|var) \w|require\(|async |"
    r"await |function \w|package \w|#include|using \w|\w+(?:\.\w+)*\()"
)
_URL: Final = re.compile(r"https?://[^\s]+\Z", re.IGNORECASE)
_SHELLS: Final = words("sh bash zsh dash ksh ash fish cmd cmd.exe powershell powershell.exe pwsh")
_SCRIPT_FLAG: Final = re.compile(r"-\w*c\Z|/[ck]\Z|-command\Z", re.IGNORECASE)
_LOOK: Final = 2_000
"""Code points of a text that are looked at to tell what it is: the answer stands in its first lines."""


def shape_of(call: Call) -> Shape:
    """Tell what a call does, and what each of its leaves is."""
    leaves = call.arguments
    kinds = [_kind(leaf) for leaf in leaves]
    if LeafKind.PATH in kinds:
        # a text that goes with a path is what a file holds, whatever it looks like
        kinds = [_of_file(leaf, kind) for leaf, kind in zip(leaves, kinds, strict=True)]
    _arrays(leaves, kinds)
    return Shape(_operation(kinds), tuple(kinds))


@lru_cache(maxsize=4_096)
def _names(path: str) -> tuple[str, LeafKind | None]:
    """The name of a leaf without indices, and the kind of what it lies in."""
    names = [part for part in path.lower().split(".") if not part.isdigit()]
    return (names[-1] if names else ""), (_NAMES.get(names[-2]) if len(names) > 1 else None)


def _kind(leaf: Leaf) -> LeafKind:
    last, outer = _names(leaf.path)
    text = leaf.text
    if outer in (LeafKind.HEADER, LeafKind.BODY):
        return outer
    if text.startswith("*** Begin Patch"):
        return LeafKind.PATCH
    if last in _AMBIGUOUS or not last:
        return _by_text(text, _NAMES.get(last, LeafKind.OTHER))
    kind = _NAMES.get(last)
    if kind is None or kind is LeafKind.PATH:
        return LeafKind.URL if _URL.match(text) else kind or LeafKind.OTHER
    if kind is LeafKind.METHOD and text.upper() not in METHODS:
        return LeafKind.OTHER
    return kind


def _of_file(leaf: Leaf, kind: LeafKind) -> LeafKind:
    named = _NAMES.get(leaf.path.lower().rpartition(".")[2])
    return LeafKind.CONTENT if named is LeafKind.CONTENT else kind


def _by_text(text: str, otherwise: LeafKind) -> LeafKind:
    head = text[:_LOOK]
    if _URL.match(head):
        return LeafKind.URL
    if starts_a_command(head):
        return LeafKind.COMMAND
    if otherwise is LeafKind.OTHER and _CODE.search(head):
        return LeafKind.CODE
    return otherwise


def starts_a_command(text: str) -> bool:
    """Whether a text begins as a shell command does: with a program that agents run, a path to one, or `#!`."""
    if text.startswith("#!"):
        return "sh" in text.partition("\n")[0]
    found = _FIRST_WORD.match(text)
    if found is None:
        return False
    word = found[1]
    known = word.rpartition("/")[2].lower().removesuffix(".exe") in _COMMANDS
    return known or (word.startswith(("./", "/", "~/")) and " " in text)


def _arrays(leaves: tuple[Leaf, ...], kinds: list[LeafKind]) -> None:
    """Give the words of an argument vector their kinds: `["sh", "-c", "ls"]` holds a command, `["ls", "-l"]` is one."""
    start = 0
    while start < len(leaves):
        stop = start + 1
        if leaves[start].path.endswith(".0") and kinds[start] is LeafKind.COMMAND:
            stem = leaves[start].path[:-1]
            while stop < len(leaves) and leaves[stop].path == f"{stem}{stop - start}":
                stop += 1
            kinds[start:stop] = _vector([leaf.text for leaf in leaves[start:stop]])
        start = stop


def _vector(words: list[str]) -> list[LeafKind]:
    if len(words) == 1 or " " in words[0].strip():
        return [LeafKind.COMMAND] * len(words)
    if words[0].rpartition("/")[2].rpartition("\\")[2].lower() in _SHELLS:
        flag = next((at for at, word in enumerate(words) if at and _SCRIPT_FLAG.match(word)), len(words))
        if flag + 1 < len(words):
            return [LeafKind.COMMAND if at == flag + 1 else LeafKind.OTHER for at in range(len(words))]
    return [LeafKind.WORD] * len(words)


def _operation(kinds: list[LeafKind]) -> str:
    # a list: it compares by identity first, where a set would hash every kind
    have = kinds
    if LeafKind.COMMAND in have or LeafKind.WORD in have:
        return "shell"
    if LeafKind.URL in have and LeafKind.PATH not in have:
        return "http"
    if LeafKind.CODE in have:
        return "code"
    if LeafKind.PATCH in have or LeafKind.REPLACED in have:
        return "edit"
    if LeafKind.PATTERN in have:
        return "search"
    if LeafKind.PATH in have:
        return "write" if LeafKind.CONTENT in have or LeafKind.BODY in have else "read"
    return "other"
