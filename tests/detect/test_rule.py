"""The files of the rules that come with Suragh."""

import subprocess
import sys
from pathlib import Path

from suragh.detect.rule import builtin_files, texts


def test_every_rule_file_is_found_once() -> None:
    """By its path below the rules, with its text, in one order on every machine."""
    found = builtin_files()
    names = [name for name, _ in found]

    assert len(set(names)) == len(names) > 200
    assert all(name.endswith(".yml") and "/" in name for name in names)
    assert all("\ndetection:" in text for _, text in found)
    assert found == builtin_files()


def test_files_are_found_at_any_depth_by_their_ending(tmp_path: Path) -> None:
    """Names are as from the top, with slashes; what ends otherwise is left out."""
    (tmp_path / "b" / "c").mkdir(parents=True)
    for name in ("z.yml", "b/c/x.yml", "b/a.txt"):
        (tmp_path / name).write_text(f"é {name}", encoding="utf-8")

    assert list(texts(tmp_path, ".yml")) == [("b/c/x.yml", "é b/c/x.yml"), ("z.yml", "é z.yml")]
    assert list(texts(tmp_path, ".md")) == []


def test_no_parser_is_loaded_for_it() -> None:
    """A start with kept rules reads the files to know whether they are the same, and needs nothing more of them."""
    program = "import sys, suragh.detect.rule as _; print(sorted({'sigma', 'yaml'} & sys.modules.keys()))"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert ran.stdout == "[]\n"
