"""The examples: made by their program, small, and pointing at nobody."""

import ipaddress
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

EXAMPLES: Final = Path(__file__).parent.parent / "examples"
TRACES: Final = EXAMPLES / "traces"
MOST_BYTES: Final = 400_000
NOBODYS: Final = [
    ipaddress.ip_network(text)
    for text in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "10.0.0.0/8", "127.0.0.0/8", "0.0.0.0/32")
]
ADDRESS: Final = re.compile(r"(?<![\d.])(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})(?![\d.]*\d)")
URL_HOST: Final = re.compile(r"https?://(?:[^@/\s\"']+@)?([A-Za-z0-9.-]+)")


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder by its name."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_traces_are_what_their_program_writes(tmp_path: Path) -> None:
    """Who changes a story runs the program; who changes a trace by hand loses the change."""
    subprocess.run([sys.executable, str(EXAMPLES / "make.py"), str(tmp_path)], check=True)

    assert contents(TRACES) == contents(tmp_path)


def test_the_traces_are_small() -> None:
    """A clone stays quick."""
    assert sum(map(len, contents(TRACES).values())) < MOST_BYTES


def test_the_stories_point_at_nobody() -> None:
    """Addresses are private or set aside for documentation, hosts of URLs end in .example or are this machine."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in EXAMPLES.glob("story/*.txt"))
    addresses, hosts = set(ADDRESS.findall(text)), set(URL_HOST.findall(text))

    strangers = [a for a in addresses if not any(ipaddress.ip_address(a) in net for net in NOBODYS)]
    names = [h for h in hosts if not (ADDRESS.fullmatch(h) or h == "localhost" or h.endswith(".example"))]
    assert len(addresses) > 10
    assert len(hosts) > 5
    assert strangers == []
    assert names == []
