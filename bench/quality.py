"""How good the campaigns are that `suragh scan` finds, on test worlds built from real traces, beside three baselines.

    SURAGH_SHARED=FOLDER python bench/quality.py [--worlds scattered accounts …] [--seed 101 …] [--keep FOLDER]

`FOLDER/eval` holds the builder of worlds, the baselines and the scorer. Prints the tables of docs/quality.md. Worlds
are the same for the same seed, so that the tables are.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

WORLDS = {
    "scattered": ["--mode", "scattered"],
    "scattered, quiet": ["--mode", "scattered", "--quiet"],
    "scattered, stolen keys": ["--mode", "scattered", "--mixed-accounts"],
    "accounts": ["--mode", "accounts"],
    "accounts, quiet": ["--mode", "accounts", "--quiet"],
    "subagents": ["--mode", "subagents"],
    "single": ["--mode", "single"],
    "scattered, easy": ["--mode", "scattered", "--easy"],
}
BASELINES = ("keyword", "linker", "touch")
SURAGH = "Suragh"
Scores: TypeAlias = dict[str, float | None]
"""The scorer's measures; one of nothing is None."""
HEAD = (
    "worlds", "by", "campaigns found", "session recall", "benign FPR", "ever", "customers", "scanners",
    "specialists", "employees", "authorised", "merged", "median share at detection",
)  # fmt: skip


def run(*arguments: object) -> None:
    """Run a program; its output goes to standard error."""
    done = subprocess.run([str(item) for item in arguments], stdout=sys.stderr, check=False)
    # `suragh scan` says 1 for a hostile campaign.
    if done.returncode not in {0, 1}:
        raise SystemExit(f"{arguments[1]} ended with {done.returncode}")


def report(tools: Path, world: Path, by: str) -> None:
    """Write the report of a baseline, or of Suragh, on one world."""
    target = world / f"{by}.json"
    if by != SURAGH:
        run(sys.executable, tools / "baseline.py", by, world, "--out", target)
        return
    suragh = (sys.executable, "-m", "suragh.cli.main", "scan", world / "telemetry", "--quiet", "--json", target)
    run(*suragh, "--engagements", world / "authorisations.json")


def scores(tools: Path, worlds: Sequence[Path], by: str) -> Scores:
    """What the scorer says of the reports on several worlds taken together."""
    target = worlds[0] / f"{by}.scores"
    run(sys.executable, tools / "score.py", "--pool", *worlds, "--report-name", f"{by}.json", "--json", target)
    made: Scores = json.loads(target.read_bytes())
    return made


def row(name: str, by: str, found: Scores) -> str:
    """One line of the table."""

    def of(kind: str) -> str:
        return f"{found[f'{kind}_reported']}/{found[f'{kind}_sessions']}"

    share = found["median_share_at_detection"]
    cells = (
        name,
        f"**{by}**" if by == SURAGH else by,
        f"{found['campaigns_found']}/{found['campaigns']}",
        f"{found['session_recall']:.3f}",
        f"{found['benign_fpr']:.4f}",
        f"{found['benign_ever_fpr']:.4f}",
        f"{found['customers_reported']}/{found['customers']}",
        of("scanner"),
        ", ".join(of(kind) for kind in ("tester", "winadmin", "responder")),
        of("employee"),
        of("authorised"),
        str(found["over_merged"]),
        "-" if share is None else f"{share:.2f}",
    )
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Build, scan, score, and print."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--worlds", nargs="+", choices=WORLDS, default=list(WORLDS))
    arguments.add_argument("--seed", type=int, nargs="+", default=[101], help="several are pooled")
    arguments.add_argument("--ratio", type=int, default=10)
    arguments.add_argument("--alone", action="store_true", help="leave the baselines out")
    arguments.add_argument("--keep", type=Path, help="keep the worlds and reports here")
    options = arguments.parse_args()
    tools = Path(os.environ["SURAGH_SHARED"]) / "eval"
    print(f"| {' | '.join(HEAD)} |\n|{'---|' * len(HEAD)}", flush=True)
    for title in options.worlds:
        with TemporaryDirectory(prefix="suragh-quality-") as name:
            folder = (options.keep or Path(name)) / title.replace(", ", "-").replace(" ", "-")
            worlds = [folder / str(seed) for seed in options.seed]
            for seed, world in zip(options.seed, worlds, strict=True):
                shape = ("--mask", "prompts", "--campaigns", 4, "--benign-ratio", options.ratio, "--seed", seed)
                run(sys.executable, tools / "build_world.py", "--out", world, *WORLDS[title], *shape)
            for by in (SURAGH,) if options.alone else (*BASELINES, SURAGH):
                for world in worlds:
                    report(tools, world, by)
                print(row(title, by, scores(tools, worlds, by)), flush=True)


if __name__ == "__main__":
    main()
