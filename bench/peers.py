"""Suragh's detection against Invariant's analyzer, on the same traces, with the same expressions, in the same run.

    python bench/peers.py TELEMETRY… --peer PYTHON       PYTHON: an interpreter in whose environment `invariant-ai` is

Both look at the shell commands of each session for the expressions below and for nothing else. Invariant matches them
on the raw text of an argument; Suragh takes the command apart first and asks them of each command in it, so it may find
what Invariant does not. Prints actions a second of both, what each found, and the ratio. Nothing here is asserted.
"""

import argparse
import json
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from suragh.detect.inspector import Detector
from suragh.detect.leaf_kind import LeafKind, shape_of
from suragh.detect.sigma.ruleset import load_rules
from suragh.model.fact import Call, Leaf, Pointer
from suragh.read.registry import read
from suragh.store.inputs import open_inputs

EXPRESSIONS = {
    "port-scan": r"\b(nmap|masscan|rustscan)\b",
    "content-scan": r"\b(gobuster|feroxbuster|ffuf|dirb|wfuzz)\b",
    "web-scan": r"\b(nikto|nuclei|wpscan|whatweb)\b",
    "injection-tool": r"\bsqlmap\b",
    "guessing-tool": r"\b(hydra|medusa|ncrack|patator)\b",
    "cracking-tool": r"\b(hashcat|john)\b",
    "shadow-file": r"/etc/shadow\b",
    "private-key": r"\bid_(rsa|ed25519|ecdsa)\b",
    "cloud-credentials": r"\.aws/credentials\b",
    "metadata-service": r"169\.254\.169\.254",
    "secrets-dump": r"secretsdump",
    "ticket-tool": r"\b(GetUserSPNs|GetNPUsers|rubeus|kerbrute)\b",
    "directory-map": r"\b(bloodhound|sharphound|ldapsearch)\b",
    "remote-execution": r"\b(psexec|wmiexec|smbexec|evil-winrm)\b",
    "reverse-shell": r"/dev/tcp/",
    "download-and-run": r"curl[^|]*\|\s*(ba)?sh\b",
    "database-dump": r"\b(pg_dump|mysqldump)\b",
    "upload": r"curl[^|]*(-F|-T|--upload-file)\b",
    "tunnel": r"\b(chisel|ngrok|socat)\b",
}
"""As many as in the peer's published examples of one policy: names, and what a command must hold."""

TRACE = 40
"""Commands of one trace: the peer refuses longer ones ("Maximum checking cycles exceeded")."""

PEER = """
import json, sys, time
from invariant.analyzer import LocalPolicy
given = json.load(open(sys.argv[1]))
policy = LocalPolicy.from_string(given["policy"])
policy.analyze(given["sessions"][0])
start = time.perf_counter()
found = [len(policy.analyze(session).errors) for session in given["sessions"]]
print(json.dumps({"seconds": time.perf_counter() - start, "found": sum(found)}))
"""


def sessions(paths: Sequence[str]) -> list[list[str]]:
    """The shell commands of each session, in order of time."""
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    with open_inputs(paths) as inputs:
        for source in range(len(inputs.sources)):
            with inputs.member(source) as member:
                for fact in read(member):
                    if isinstance(fact, Call):
                        kinds = zip(fact.arguments, shape_of(fact).kinds, strict=True)
                        texts = [leaf.text for leaf, kind in kinds if kind is LeafKind.COMMAND]
                        found[fact.session] += [(fact.known_at, text) for text in texts]
    return [[text for _, text in sorted(commands)] for commands in found.values()]


def ours(commands: Sequence[Sequence[str]]) -> tuple[float, int]:
    """Seconds that the detector takes without observables, and how many commands it found something in."""
    documents = [
        {
            "title": name,
            "name": name,
            "logsource": {"product": "ai_agent", "category": "tool_call"},
            "detection": {"s": {"CommandLine|re|i": expression}, "condition": "s"},
        }
        for name, expression in EXPRESSIONS.items()
    ]
    detector = Detector(load_rules([("peer.yml", yaml.safe_dump_all(documents))]), lambda *_: (), ())
    where = Pointer(0, 0, 0)
    calls = [Call("", "", 0, "", (Leaf("command", text),), 0, where, "") for session in commands for text in session]
    # both have seen the first trace before the clock runs: what is made at first use is made
    for call in calls[: len(commands[0])]:
        detector.inspect_call(call)
    start = time.perf_counter()
    found = sum(len(detector.inspect_call(call).matches) for call in calls)
    return time.perf_counter() - start, found


def theirs(peer: str, commands: Sequence[Sequence[str]]) -> tuple[float, int]:
    """The same of the peer, each session as one trace."""
    # its strings know no escapes, and `match` matches from the beginning
    policy = "\n".join(
        f"raise {json.dumps(name)} if:\n    (call: ToolCall)\n    call is tool:shell\n"
        f'    match("(?is).*{expression}", call.function.arguments.command)\n'
        for name, expression in EXPRESSIONS.items()
    )
    traces = [[_message(number, text) for number, text in enumerate(session)] for session in commands]
    with TemporaryDirectory(prefix="suragh-bench-") as folder:
        given = Path(folder) / "given.json"
        given.write_text(json.dumps({"policy": policy, "sessions": traces}))
        done = subprocess.run([peer, "-c", PEER, str(given)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"the peer ended with {done.returncode}: {done.stderr[-1000:]}")
    said = json.loads(done.stdout.splitlines()[-1])
    return said["seconds"], said["found"]


def _message(number: int, text: str) -> dict[str, object]:
    function = {"name": "shell", "arguments": {"command": text}}
    call = {"id": str(number), "type": "function", "function": function}
    return {"role": "assistant", "content": "", "tool_calls": [call]}


def main() -> None:
    """Measure, and print."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("telemetry", nargs="+")
    arguments.add_argument("--peer", required=True, metavar="PYTHON")
    arguments.add_argument("--actions", type=int, default=2000, help="stop after sessions with so many commands")
    options = arguments.parse_args()
    taken: list[list[str]] = []
    for session in sessions(options.telemetry):
        for start in range(0, len(session), TRACE):
            if sum(map(len, taken)) < options.actions:
                taken.append(session[start : start + TRACE])
    count = sum(map(len, taken))
    if not count:
        raise SystemExit("no shell command in it")
    own_seconds, own_found = ours(taken)
    peer_seconds, peer_found = theirs(options.peer, taken)
    print(f"{len(EXPRESSIONS)} expressions, {len(taken)} sessions, {count} commands", file=sys.stderr)
    print(f"suragh     {count / own_seconds:9.0f} actions/s  {own_found} found")
    print(f"invariant  {count / peer_seconds:9.0f} actions/s  {peer_found} found")
    print(f"ratio      {peer_seconds / own_seconds:9.1f}")


if __name__ == "__main__":
    main()
