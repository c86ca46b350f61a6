"""What a process log would say around a command: on which system, by which process, as whom, and where.

A shell text shows the ways in to a command (`sudo -u app sh -c '…'`); a process log shows a parent, a user and a
directory. These are read off the commands that stand before it in the same text.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from posixpath import join, normpath
from typing import Final

from suragh.detect.leaf_kind import words
from suragh.model.command import Command
from suragh.text.shell_windows import looks_windows

_SUBSTITUTED: Final = frozenset(("$()", "<()", ">()"))
"""Ways in that are no process."""

_BECOMES: Final = {
    "sudo": ("-u", "--user"),
    "doas": ("-u",),
    "runuser": ("-u", "--user"),
    "pkexec": ("--user",),
    "gosu": (),
    "su-exec": (),
    "su": (),
    "ssh": ("-l",),
    "autossh": ("-l",),
}
"""Programs that run what follows as somebody else, and their options that say as whom."""

_ROOT: Final = "root"
"""Who sudo, doas, su, runuser and pkexec make of one unless they are told otherwise (their manual pages)."""

SYSTEM: Final = "os.type"
"""The field that says on which systems a command may run, as OpenTelemetry calls it."""

POSIX: Final = ("linux", "darwin")
WINDOWS: Final = ("windows",)
"""Its values, in OpenTelemetry's words."""

SHELLS: Final = words("cmd powershell pwsh wsl")
ENDINGS: Final = (".exe", ".com", ".cmd", ".bat", ".ps1", ".vbs", ".msi", ".hta", ".dll", ".scr")
ON_WINDOWS: Final = words(
    "attrib auditpol bcdedit bitsadmin cacls certreq certutil cipher cmd cmdkey cmstp cscript csc csvde diskshadow dism"
    " doskey dsadd dsget dsmod dsquery dsquser esentutl eventvwr expand findstr fltmc fodhelper forfiles fsutil"
    " gpresult gpupdate hh icacls ieexec infdefaultinstall installutil ipconfig ldifde makecab mavinject mimikatz mmc"
    " mofcomp msbuild msdt mshta msiexec msxsl nbtstat net net1 netsh nltest ntdsutil odbcconf pcalua pktmon powershell"
    " presentationhost procdump psexec pwsh qprocess query quser qwinsta rasdial reg regasm regedit regini regsvcs"
    " regsvr32 robocopy rubeus rundll32 runas sc schtasks sdelete seatbelt setspn setx sharphound systeminfo takeown"
    " taskkill tasklist tzutil vaultcmd vssadmin wbadmin wevtutil winrm winrs wmic wscript wusa xcopy"
)
"""Programs by which Windows is told. Source: Microsoft's reference of Windows commands; the LOLBAS project's names."""

_CHANGES: Final = frozenset(("cd", "chdir", "pushd", "set-location"))


def signs_of_windows() -> tuple[str, ...]:
    """Texts of which one stands in every text with a command that `systems_of` takes for one of Windows.

    Beside them there are those that begin as a line for `cmd` or PowerShell does, and those with a path of Windows.
    """
    return (*sorted(ON_WINDOWS | SHELLS), "whoami", *ENDINGS)


def systems_of(command: Command) -> tuple[str, ...]:
    """The systems that a command may run on, as far as it tells: those of POSIX unless it can only be Windows."""
    name = command.argv[0] if command.argv else ""
    switched = command.program == "whoami" and any(word.startswith("/") for word in command.argv[1:])
    if (
        command.program in ON_WINDOWS
        or command.parent in SHELLS
        or switched
        or "\\" in name
        or name.lower().endswith(ENDINGS)
        or looks_windows(command.line)
    ):
        return WINDOWS
    return POSIX


def parent_of(command: Command, before: Sequence[Command]) -> Command | None:
    """The command that started this one; None where no command of the text did.

    Args:
        command: as the shell grammar gave it.
        before: the commands of the same text that stand before it.
    """
    ways = _processes(command.via)
    if not ways or not command.parent:
        return None
    for other in reversed(before):
        if other.program == command.parent and _processes(other.via) == ways[:-1]:
            return other
    return None


def user_of(command: Command, before: Sequence[Command]) -> str:
    """As whom a command runs; empty where the text does not say."""
    for parent in _parents(command, before):
        options = _BECOMES.get(parent.program)
        if options is not None:
            return _named(parent, options)
    return ""


def directory_of(command: Command, before: Sequence[Command], started_in: str = "") -> str:
    """Where a command runs, as far as `cd` before it and where the text was started say; empty where nothing does."""
    place = "" if command.host else started_in
    for other in before:
        same = other.via == command.via[: len(other.via)] and other.host == command.host
        if same and other.program in _CHANGES:
            words = [word for word in other.argv[1:] if not word.startswith("-")]
            place = normpath(join(place, words[0])) if words else place
    return place


def _processes(via: tuple[str, ...]) -> tuple[str, ...]:
    return tuple([way for way in via if way not in _SUBSTITUTED])


def _parents(command: Command, before: Sequence[Command]) -> Iterator[Command]:
    """From the innermost out."""
    parent = parent_of(command, before)
    while parent is not None:
        yield parent
        parent = parent_of(parent, [other for other in before if other.start <= parent.start and other is not parent])


def _named(parent: Command, options: tuple[str, ...]) -> str:
    words = parent.argv[1:]
    for option in options:
        for word, value in zip(words, (*words[1:], ""), strict=True):
            if word == option:
                return value
            if word.startswith(f"{option}="):
                return word.partition("=")[2]
            if len(option) == len("-u") and word.startswith(option) and not word.startswith("--"):
                return word.removeprefix(option)
    return _operand(parent.program, words)


def _operand(program: str, words: Sequence[str]) -> str:
    plain = [word for word in words if not word.startswith("-")]
    if program in ("ssh", "autossh"):
        return next((word.removeprefix("ssh://").partition("@")[0] for word in plain if "@" in word), "")
    if program in ("gosu", "su-exec"):
        return plain[0].partition(":")[0] if plain else ""
    if program == "su":
        return plain[0] if plain and plain[0] not in _commands(words) else _ROOT
    return _ROOT


def _commands(words: Sequence[str]) -> frozenset[str]:
    """What `su -c` is to run: no user's name."""
    return frozenset(value for word, value in pairwise(words) if word in ("-c", "--command"))
