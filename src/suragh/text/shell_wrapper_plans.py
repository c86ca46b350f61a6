"""The table of wrappers that follow one plan: options, some operands, then the command."""

from typing import Final

from msgspec import Struct


class Plan(Struct, frozen=True):
    """Where a wrapper's command begins.

    Attributes:
        via: name of the way in.
        valued: options that take a value.
        skip: operands before the command.
        text: whether the words are joined and given to a shell.
        assigns: whether `NAME=value` words come before the command.
        host: whether the first operand is the host that the command runs on.
        again: whether options may follow the operand.
        passes: whether the command shares standard input.
        unless: first arguments with which nothing is run.
    """

    via: str
    valued: frozenset[str] = frozenset()
    skip: int = 0
    text: bool = False
    assigns: bool = False
    host: bool = False
    again: bool = False
    passes: bool = True
    unless: frozenset[str] = frozenset()


def _options(names: str) -> frozenset[str]:
    return frozenset(names.split())


_SSH: Final = _options("-B -b -c -D -E -e -F -I -i -J -L -l -m -O -o -P -p -Q -R -S -W -w")

PLANS: Final[dict[str, Plan]] = {
    "sudo": Plan(
        "sudo",
        _options("-u -g -h -p -C -r -t -T -U -D -R --user --group --host --prompt --close-from --chdir --chroot"),
        assigns=True,
        unless=_options("-l -v -V -K -k --list --validate -e --edit"),
    ),
    "doas": Plan("doas", _options("-u -C"), assigns=True, unless=_options("-L")),
    "pkexec": Plan("pkexec", _options("--user")),
    "ssh": Plan("ssh", _SSH, skip=1, text=True, host=True, again=True),
    "autossh": Plan("ssh", _SSH | {"-M"}, skip=1, text=True, host=True, again=True),
    "sshpass": Plan("sshpass", _options("-p -f -d -P")),
    "nohup": Plan("nohup"),
    "time": Plan("time", _options("-f -o --format --output")),
    "coproc": Plan("coproc"),
    "timeout": Plan("timeout", _options("-s -k --signal --kill-after"), skip=1),
    "gtimeout": Plan("timeout", _options("-s -k --signal --kill-after"), skip=1),
    "nice": Plan("nice", _options("-n --adjustment")),
    "ionice": Plan("ionice", _options("-c -n --class --classdata"), unless=_options("-p")),
    "taskset": Plan("taskset", skip=1, unless=_options("-p -cp -pc")),
    "stdbuf": Plan("stdbuf", _options("-i -o -e --input --output --error")),
    "unbuffer": Plan("unbuffer"),
    "setsid": Plan("setsid"),
    "exec": Plan("exec", _options("-a")),
    "command": Plan("command", unless=_options("-v -V")),
    "builtin": Plan("builtin"),
    "eval": Plan("eval", text=True),
    "xargs": Plan(
        "xargs",
        _options("-I -n -P -L -d -s -a -E --replace --max-args --max-procs --max-lines --delimiter --max-chars --eof"),
        passes=False,
    ),
    "watch": Plan("watch", _options("-n -d --interval"), text=True, passes=False),
    "proxychains": Plan("proxychains", _options("-f")),
    "proxychains4": Plan("proxychains", _options("-f")),
    "torsocks": Plan("torsocks", _options("-a -P -u -p")),
    "torify": Plan("torsocks"),
    "chroot": Plan("chroot", _options("--userspec --groups"), skip=1),
    "nsenter": Plan("nsenter", _options("-t --target -S -G --setuid --setgid")),
    "unshare": Plan("unshare", _options("-S -G --setuid --setgid -R -w")),
    "busybox": Plan("busybox", unless=_options("--list --help --install")),
    "strace": Plan("strace", _options("-e -o -p -s -P -E -u -I -a -O -S -b"), unless=_options("-p")),
    "flock": Plan("flock", _options("-w -E --wait --timeout --conflict-exit-code"), skip=1),
    "gosu": Plan("gosu", skip=1),
    "su-exec": Plan("su-exec", skip=1),
    "setpriv": Plan("setpriv", _options("--reuid --regid --groups --inh-caps --bounding-set")),
    "systemd-run": Plan("systemd-run", _options("-u -p -t -M -H -E --unit --property --slice --uid --gid --setenv")),
    "systemd-inhibit": Plan("systemd-inhibit"),
    "caffeinate": Plan("caffeinate", _options("-t -w")),
    "winpty": Plan("winpty"),
}
"""Programs by base name. What runs a command on another machine by an attack tool (psexec, wmiexec) is no wrapper."""
