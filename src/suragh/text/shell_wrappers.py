"""Wrappers: commands that run another command, and where in their words it stands.

Each program has a grammar of its own; most follow one plan (options, some operands, then the command), which a table
describes. Sources: the manual pages of sudo, doas, env, coreutils, util-linux, OpenSSH, docker, kubectl, tmux, screen,
findutils, GNU parallel, proxychains-ng; Microsoft's `about_PowerShell_exe` and `cmd`.
"""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Final

from msgspec import Struct

from suragh.text.shell_types import Word
from suragh.text.shell_wrapper_plans import PLANS, Plan


class Form(StrEnum):
    """How the inner command is given: as words, as text for a shell, as text for Windows, as code, as a script."""

    WORDS = "words"
    SHELL = "shell"
    CMD = "cmd"
    POWERSHELL = "powershell"
    ENCODED = "encoded"
    CODE = "code"
    SCRIPT = "script"


class Inner(Struct, frozen=True, gc=False):
    """The command inside a wrapper.

    Attributes:
        form: how it is given. SCRIPT and CODE without words: by standard input.
        words: its words; for the forms that are text, they are joined by blanks.
        via: name of the way in.
        host: the host it runs on; empty where the wrapper stays on its own host.
        passes: whether it shares the wrapper's standard input.
        writes: whether it shares the wrapper's redirects.
    """

    form: Form
    words: tuple[Word, ...]
    via: str
    host: str = ""
    passes: bool = True
    writes: bool = False


SHELLS: Final = frozenset({"sh", "bash", "zsh", "dash", "ksh", "ash", "fish", "rbash", "mksh", "csh", "tcsh"})
_SHELL_VALUED: Final = frozenset({"-o", "-O", "+o", "+O", "--rcfile", "--init-file"})
_CODE: Final = {
    "python": ("-c", frozenset({"-W", "-X", "-Q"})),
    "node": ("-e -p --eval --print -pe", frozenset({"-r", "--require", "--import"})),
    "perl": ("-e -E", frozenset({"-I", "-M", "-m"})),
    "ruby": ("-e", frozenset({"-I", "-r", "-C"})),
    "php": ("-r", frozenset({"-d", "-c"})),
}
"""Interpreters: the options that take code, and others that take a value."""

_KIN: Final = {"nodejs": "node", "bun": "node", "deno": "node", "pypy": "python", "pypy3": "python", "py": "python"}


def inner(program: str, words: Sequence[Word]) -> Inner | None:
    """Find the command that a command runs; None if it runs none, or none that its words show."""
    plan = PLANS.get(program)
    if plan is not None:
        return _planned(plan, words)
    special = _SPECIAL.get(program)
    if special is not None:
        return special(program, words)
    language = family(program)
    return _code(language, words) if language else None


def family(program: str) -> str:
    """Name the language of an interpreter (`python3.11` is `python`); empty if it is none."""
    name = program.rstrip("0123456789.") or program
    name = _KIN.get(program, _KIN.get(name, name))
    return name if name in _CODE else ""


def _planned(plan: Plan, words: Sequence[Word]) -> Inner | None:
    if any(word.value in plan.unless for word in words[1:2]):
        return None
    at = operand(words, 1, plan.valued)
    host = ""
    if plan.host and at < len(words):
        host = _host(words[at].value)
    for _ in range(plan.skip):
        at = operand(words, at + 1, plan.valued) if plan.again else at + 1
    while plan.assigns and at < len(words) and _assigns(words[at].value):
        at += 1
    if at >= len(words):
        return Inner(Form.SCRIPT, (), plan.via, host) if host else None
    form = Form.SHELL if plan.text else Form.WORDS
    return Inner(form, tuple(words[at:]), plan.via, host, plan.passes, not plan.text)


def operand(words: Sequence[Word], at: int, valued: frozenset[str]) -> int:
    """Go past options: the index of the first word that is none.

    Args:
        words: all words.
        at: where to begin.
        valued: options that take a value, `-u` or `--user`.
    """
    while at < len(words):
        value = words[at].value
        if value == "--":
            return at + 1
        if len(value) < 2 or value[0] not in "-+":  # noqa: PLR2004 - a lone dash is an operand
            return at
        at += 1 + _takes(value, valued)
    return at


def _takes(option: str, valued: frozenset[str]) -> bool:
    """Tell whether the value of an option is the next word."""
    if option in valued:
        return True
    if option.startswith("--"):
        return False
    for index in range(1, len(option)):
        if option[0] + option[index] in valued:
            return index == len(option) - 1
    return False


def _host(value: str) -> str:
    """Take the host from `user@host`, `ssh://user@host:22/`, `[2001:db8::1]`."""
    value = value.removeprefix("ssh://").rstrip("/").rsplit("@", 1)[-1]
    if value.startswith("["):
        return value[1:].split("]", 1)[0]
    return value.split(":", 1)[0] if value.count(":") == 1 else value


def _assigns(value: str) -> bool:
    name, sign, _ = value.partition("=")
    return bool(sign) and name.replace("_", "a").isalnum() and not name[:1].isdigit()


def _shell(program: str, words: Sequence[Word]) -> Inner | None:
    at = 1
    while at < len(words):
        value = words[at].value
        if value[:1] not in {"-", "+"} or value in {"-", "--"}:
            break
        if value == "-c" or (value[1:2] != "-" and value[0] == "-" and "c" in value and len(value) <= 6):  # noqa: PLR2004
            at = operand(words, at + 1, _SHELL_VALUED)
            return Inner(Form.SHELL, (words[at],), f"{program} -c") if at < len(words) else None
        if value == "-s":
            return Inner(Form.SCRIPT, (), program)
        at += 2 if value in _SHELL_VALUED else 1
    stdin = at >= len(words) or words[at].value in {"-", "/dev/stdin"}
    return Inner(Form.SCRIPT, (), program) if stdin else None


def _code(language: str, words: Sequence[Word]) -> Inner | None:
    options, valued = _CODE[language]
    wanted = options.split()
    at = 1
    while at < len(words):
        value = words[at].value
        if value[:1] != "-" or value == "-":
            break
        if value in wanted or (value[1:2] != "-" and f"-{value[-1]}" in wanted and value[1:].isalnum()):
            code = tuple(words[at + 1 : at + 2])
            return Inner(Form.CODE, code, f"{language} {wanted[0]}") if code else None
        at += 2 if value in valued else 1
    stdin = at >= len(words) or words[at].value in {"-", "/dev/stdin"}
    return Inner(Form.CODE, (), language) if stdin else None


def _su(program: str, words: Sequence[Word]) -> Inner | None:
    for at, word in enumerate(words[1:], 1):
        value = word.value
        if value in {"-c", "--command"} or (value[:1] == "-" and value[1:2] != "-" and value.endswith("c")):
            return Inner(Form.SHELL, tuple(words[at + 1 : at + 2]), program) if at + 1 < len(words) else None
        if value.startswith("--command="):
            return Inner(Form.SHELL, (_tail(word, "--command="),), program)
        if value == "--" and program == "runuser":
            return _rest(words, at + 1, program)
    return None


def _tail(word: Word, head: str) -> Word:
    """Take what follows the sign of `--command=…` as a word of its own."""
    size = len(head)
    pieces = tuple((max(0, at - size), low + max(0, size - at), high) for at, low, high in word.pieces)
    return Word(word.value[size:], word.start, word.end, pieces, word.decodings)


def _rest(words: Sequence[Word], at: int, via: str, *, passes: bool = True) -> Inner | None:
    return Inner(Form.WORDS, tuple(words[at:]), via, "", passes, passes) if at < len(words) else None


def _text(words: Sequence[Word], via: str) -> Inner | None:
    return Inner(Form.SHELL, tuple(words), via) if words else None


def _find(_program: str, words: Sequence[Word]) -> Inner | None:
    for at, word in enumerate(words):
        if word.value in {"-exec", "-execdir", "-ok", "-okdir"}:
            rest = words[at + 1 :]
            stop = next((i for i, w in enumerate(rest) if w.value in {";", "+", "\\;"}), len(rest))
            found = tuple(rest[:stop])
            return Inner(Form.WORDS, found, f"find {word.value}", "", passes=False, writes=True) if found else None
    return None


_PARALLEL_VALUED: Final = frozenset({
    "-j", "-P", "--jobs", "-a", "--arg-file", "--delay", "-S", "--sshlogin", "-I", "-n", "-N", "--joblog",
    "-C", "--colsep", "--timeout", "--retries", "--results", "-d",
})  # fmt: skip


def _parallel(program: str, words: Sequence[Word]) -> Inner | None:
    at = operand(words, 1, _PARALLEL_VALUED)
    rest = words[at:]
    stop = next((i for i, word in enumerate(rest) if word.value in {":::", "::::", ":::+"}), len(rest))
    return _text(rest[:stop], program)


def _container(program: str, words: Sequence[Word]) -> Inner | None:
    at = operand(words, 1, _CONTAINER_VALUED)
    if at < len(words) and words[at].value in {"container", "compose"}:
        at = operand(words, at + 1, _CONTAINER_VALUED)
    if at >= len(words) or words[at].value not in {"exec", "run"}:
        return None
    verb = words[at].value
    image = operand(words, at + 1, _CONTAINER_VALUED)
    entry = [words[i + 1] for i in range(at, min(image, len(words) - 1)) if words[i].value == "--entrypoint"]
    entry += [_tail(word, "--entrypoint=") for word in words[at:image] if word.value.startswith("--entrypoint=")]
    inside = (*entry[:1], *words[image + 1 :])
    if inside and inside[0].value == "--":
        inside = inside[1:]
    return Inner(Form.WORDS, inside, f"{program} {verb}", "", passes=True, writes=True) if inside else None


_CONTAINER_VALUED: Final = frozenset({
    "-e", "--env", "-u", "--user", "-w", "--workdir", "--env-file", "-v", "--volume", "-p", "--publish", "--name",
    "--network", "--net", "--entrypoint", "-m", "--memory", "--cpus", "-h", "--hostname", "--mount", "-l",
    "--label", "--platform", "--add-host", "--cap-add", "--cap-drop", "--device", "--dns", "--gpus", "--ip",
    "--link", "--log-driver", "--pid", "--restart", "--security-opt", "--shm-size", "--tmpfs", "--ulimit",
    "--pull", "-f", "--file", "--project-name", "-H", "--host", "--context", "--detach-keys", "--index",
    "--profile", "--runtime", "--ipc", "--uts", "--userns", "--cidfile", "--annotation", "--expose",
    "--volumes-from", "--stop-signal", "--cgroupns", "--group-add", "--sysctl", "-a",
})  # fmt: skip


def _kubectl(program: str, words: Sequence[Word]) -> Inner | None:
    verb = next((at for at, word in enumerate(words) if word.value in {"exec", "run", "debug", "rsh"}), 0)
    if not verb:
        return None
    via = f"{program} {words[verb].value}"
    dashes = next((at for at, word in enumerate(words) if word.value == "--" and at > verb), 0)
    if dashes:
        return _rest(words, dashes + 1, via)
    if words[verb].value == "run":
        return None
    pod = operand(words, verb + 1, _KUBECTL_VALUED)
    return _rest(words, operand(words, pod + 1, _KUBECTL_VALUED), via)


_KUBECTL_VALUED: Final = frozenset({
    "-n", "--namespace", "-c", "--container", "--context", "--kubeconfig", "-s", "--server", "--token",
    "--cluster", "--user",
})  # fmt: skip


def _script(program: str, words: Sequence[Word]) -> Inner | None:
    for at, word in enumerate(words[1:], 1):
        short = word.value[:1] == "-" and word.value[1:2] != "-" and word.value.endswith("c")
        if short or word.value == "--command":
            return _text(words[at + 1 : at + 2], f"{program} -c")
    return None


_TMUX_VALUED: Final = frozenset({"-t", "-s", "-n", "-c", "-e", "-F", "-x", "-y", "-L", "-S", "-f", "-N", "-l", "-p"})
_TMUX_SENDS: Final = frozenset({"send-keys", "send"})
_TMUX_STARTS: Final = frozenset({
    "new-session", "new", "new-window", "neww", "split-window", "splitw", "respawn-pane", "respawnp", "respawn-window",
    "run-shell", "run", "if-shell", "if", "pipe-pane", "pipep", "display-popup", "popup",
})  # fmt: skip
_KEYS: Final = frozenset({
    "Enter", "C-m", "C-j", "C-c", "C-d", "C-l", "C-u", "C-z", "KPEnter", "Escape", "Tab", "Space", "\n", "\r",
})  # fmt: skip


def _tmux(program: str, words: Sequence[Word]) -> Inner | None:
    verb = operand(words, 1, _TMUX_VALUED)
    if verb >= len(words):
        return None
    name = words[verb].value
    if name in _TMUX_SENDS:
        # -l of send-keys sends literally; it takes no value there.
        rest = words[operand(words, verb + 1, _TMUX_VALUED - {"-l", "-p"}) :]
        return _text([word for word in rest if word.value not in _KEYS], f"{program} send-keys")
    if name in _TMUX_STARTS:
        return _text(words[operand(words, verb + 1, _TMUX_VALUED) :], f"{program} {name}")
    return None


def _screen(program: str, words: Sequence[Word]) -> Inner | None:
    for at, word in enumerate(words):
        if word.value == "stuff":
            return _text(words[at + 1 : at + 2], f"{program} stuff")
    if any(word.value == "-X" for word in words):
        return None
    at = operand(words, 1, frozenset({"-S", "-c", "-h", "-T", "-t", "-s", "-p", "-e", "-r", "-x", "-L"}))
    return _rest(words, at, program, passes=False)


def _cmd(program: str, words: Sequence[Word]) -> Inner | None:
    for at, word in enumerate(words[1:], 1):
        switch = word.value[:2].lower()
        if switch in {"/c", "/k", "/r"}:
            stuck = (_tail(word, switch),) if len(word.value) > len(switch) else ()
            text = (*stuck, *words[at + 1 :])
            return Inner(Form.CMD, text, f"{program} {switch}") if text else None
        if word.value[:1] != "/":
            return None
    return None


_PS_VALUED: Final = ("executionpolicy", "ex", "ep", "windowstyle", "version", "configurationname", "custompipename",
                     "inputformat", "outputformat", "psconsolefile", "settingsfile", "workingdirectory")  # fmt: skip


def _powershell(program: str, words: Sequence[Word]) -> Inner | None:
    at = 1
    while at < len(words):
        value = words[at].value
        if value[:1] not in {"-", "/"} or len(value) == 1:
            return Inner(Form.POWERSHELL, tuple(words[at:]), f"{program} -Command")
        name = value.lstrip("-/").lower().rstrip(":")
        rest = tuple(words[at + 1 :])
        if name in {"ec", "enc"} or "encodedcommand".startswith(name):
            return Inner(Form.ENCODED, rest[:1], f"{program} -EncodedCommand") if rest else None
        if "command".startswith(name) or "commandwithargs".startswith(name):
            return Inner(Form.POWERSHELL, rest, f"{program} -Command") if rest else None
        if "file".startswith(name):
            return None
        at += 2 if any(known.startswith(name) for known in _PS_VALUED) else 1
    return None


def _wsl(program: str, words: Sequence[Word]) -> Inner | None:
    at = operand(words, 1, frozenset({"-d", "--distribution", "-u", "--user", "--cd"}))
    before = [word.value for word in words[1:at]]
    if {"-e", "--exec"} & set(before):
        return _rest(words, at, program)
    return _text(words[at:], program)


def _env(program: str, words: Sequence[Word]) -> Inner | None:
    for at, word in enumerate(words[1:], 1):
        if word.value in {"-S", "--split-string"}:
            return _text(words[at + 1 :], program)
        if word.value[:1] != "-":
            break
    at = operand(words, 1, frozenset({"-u", "--unset", "-C", "--chdir"}))
    while at < len(words) and _assigns(words[at].value):
        at += 1
    return _rest(words, at, program)


def _trap(program: str, words: Sequence[Word]) -> Inner | None:
    at = operand(words, 1, frozenset())
    plain = at < len(words) and " " not in words[at].value and words[at].value.isupper()
    return None if plain else _text([word for word in words[at : at + 1] if word.value != "-"], program)


_Special = Callable[[str, Sequence[Word]], Inner | None]
_SPECIAL: Final[dict[str, _Special]] = {
    **dict.fromkeys(SHELLS, _shell),
    "su": _su, "runuser": _su, "find": _find, "parallel": _parallel,
    "docker": _container, "podman": _container, "nerdctl": _container, "docker-compose": _container,
    "kubectl": _kubectl, "oc": _kubectl, "k3s": _kubectl, "script": _script, "tmux": _tmux, "screen": _screen,
    "cmd": _cmd, "powershell": _powershell, "pwsh": _powershell, "wsl": _wsl, "env": _env, "trap": _trap,
}  # fmt: skip
