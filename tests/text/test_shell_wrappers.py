"""Wrappers: where the command inside begins."""

import pytest

from suragh.text.shell_parse import simples
from suragh.text.shell_wrappers import Form, family, inner


def inside(text: str) -> tuple[str, str, str] | None:
    """Say the form, the way in and the words of the command inside."""
    words = simples(text)[0].words
    found = inner(words[0].value, words)
    return (found.form.value, found.via, " ".join(word.value for word in found.words)) if found else None


@pytest.mark.parametrize(
    ("text", "via", "expected"),
    [
        ("sudo -u bob -n A=1 id -u", "sudo", "id -u"),
        ("sudo -nu bob id", "sudo", "id"),
        ("sudo -ubob -- id", "sudo", "id"),
        ("doas -u bob id", "doas", "id"),
        ("env -i -u X A=b C=d id", "env", "id"),
        ("timeout -k 3 10s id", "timeout", "id"),
        ("nice -n 5 id", "nice", "id"),
        ("time -p id", "time", "id"),
        ("stdbuf -oL id", "stdbuf", "id"),
        ("xargs -I {} -P4 id {}", "xargs", "id {}"),
        ("find . -type f -execdir id {} +", "find -execdir", "id {}"),
        ("sshpass -p pw ssh h id", "sshpass", "ssh h id"),
        ("proxychains4 -q -f c.conf id", "proxychains", "id"),
        ("docker exec -it -e A=b -w /x web id", "docker exec", "id"),
        ("docker run --rm -v /:/h --entrypoint id alpine -u", "docker run", "id -u"),
        ("docker compose -f x.yml exec web id", "docker exec", "id"),
        ("podman run -it alpine id", "podman run", "id"),
        ("kubectl -n x exec pod -c c -- id", "kubectl exec", "id"),
        ("kubectl exec pod id", "kubectl exec", "id"),
        ("chroot --userspec=0 /mnt id", "chroot", "id"),
        ("nsenter -t 1 -m -u id", "nsenter", "id"),
        ("busybox id -u", "busybox", "id -u"),
        ("runuser -u bob -- id", "runuser", "id"),
        ("exec -a x id", "exec", "id"),
        ("wsl -d Debian -e id", "wsl", "id"),
        ("screen -dmS n id", "screen", "id"),
    ],
)
def test_words_of_the_inner_command(text: str, via: str, expected: str) -> None:
    """Options, their values and operands are skipped, and no more."""
    assert inside(text) == (Form.WORDS, via, expected)


@pytest.mark.parametrize(
    ("text", "form", "via", "expected"),
    [
        ("bash -xec 'id' a", Form.SHELL, "bash -c", "id"),
        ("sh -o pipefail -c id", Form.SHELL, "sh -c", "id"),
        ("ssh -o A=b -i k u@h -p 22 id -u", Form.SHELL, "ssh", "id -u"),
        ("su - bob -c 'id'", Form.SHELL, "su", "id"),
        ("su --command='id -u' bob", Form.SHELL, "su", "id -u"),
        ("eval id '-u'", Form.SHELL, "eval", "id -u"),
        ("watch -n 2 'id -u'", Form.SHELL, "watch", "id -u"),
        ("parallel -j 4 'id {}' ::: a b", Form.SHELL, "parallel", "id {}"),
        ("script -qc 'id' /dev/null", Form.SHELL, "script -c", "id"),
        ("tmux send-keys -t a:0 'id -u' Enter", Form.SHELL, "tmux send-keys", "id -u"),
        ("tmux new-session -d -s x 'id'", Form.SHELL, "tmux new-session", "id"),
        ("screen -S n -X stuff 'id'", Form.SHELL, "screen stuff", "id"),
        ("env -S 'id -u'", Form.SHELL, "env", "id -u"),
        ("trap 'id' EXIT", Form.SHELL, "trap", "id"),
        ("cmd /q /c dir x", Form.CMD, "cmd /c", "dir x"),
        ("cmd /cdir", Form.CMD, "cmd /c", "dir"),
        ("pwsh -nop -ExecutionPolicy Bypass -c id", Form.POWERSHELL, "pwsh -Command", "id"),
        ("powershell Get-Process", Form.POWERSHELL, "powershell -Command", "Get-Process"),
        ("powershell -w hidden -e aQBkAA==", Form.ENCODED, "powershell -EncodedCommand", "aQBkAA=="),
        ("python3 -I -c 'x'", Form.CODE, "python -c", "x"),
        ("python3 -", Form.CODE, "python", ""),
        ("node -e x", Form.CODE, "node -e", "x"),
        ("perl -lne x", Form.CODE, "perl -e", "x"),
        ("bash -s", Form.SCRIPT, "bash", ""),
        ("ssh h", Form.SCRIPT, "ssh", ""),
    ],
)
def test_texts_of_the_inner_command(text: str, form: Form, via: str, expected: str) -> None:
    """What a shell, PowerShell or an interpreter is given is told, and how."""
    assert inside(text) == (form, via, expected)


@pytest.mark.parametrize(
    "text",
    ["ls -la", "bash script.sh", "python3 x.py -c y", "command -v id", "sudo -l", "docker ps", "kubectl get pods",
     "sudo", "find . -name x", "tmux ls", "powershell -File x.ps1", "ssh", "timeout 5", "impacket-psexec h id",
     "trap - EXIT", "cmd /q"],
)  # fmt: skip
def test_what_runs_no_other_command(text: str) -> None:
    """Queries, scripts, tools that act on other machines and lone wrappers have nothing inside."""
    assert inside(text) is None


@pytest.mark.parametrize(
    ("target", "host"),
    [("h", "h"), ("u@h", "h"), ("ssh://u@h:22/", "h"), ("u@192.0.2.7", "192.0.2.7"), ("[2001:db8::1]", "2001:db8::1"),
     ("u@2001:db8::1", "2001:db8::1"), ("u@a@h", "h")],
)  # fmt: skip
def test_the_host_is_bare(target: str, host: str) -> None:
    """User, port, brackets and scheme are no part of it."""
    words = simples(f"ssh {target} id")[0].words
    found = inner("ssh", words)

    assert found is not None
    assert found.host == host


def test_interpreters_are_known_by_family() -> None:
    """Versions do not matter."""
    assert [family(name) for name in ("python3.11", "nodejs", "perl", "bash")] == ["python", "node", "perl", ""]
