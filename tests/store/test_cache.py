"""The cache on disk."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suragh.store.cache import ABANDONED, KEPT, Cache, open_cache

CONTENT = b"what took long to make" * 100


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a cache is; its parent is there, it is not."""
    return tmp_path / "deep" / "suragh"


def entry(folder: Path) -> Path:
    """The file of the one entry of a cache."""
    (path,) = folder.glob("*.entry")
    return path


def filled(folder: Path) -> Cache:
    """A cache with one entry."""
    cache = Cache(folder)
    cache.put("key", CONTENT)
    assert cache.get("key") == CONTENT
    return cache


def test_what_is_put_in_comes_out(folder: Path) -> None:
    """Under its own key alone; the last content counts, an empty one too."""
    cache = Cache(folder)
    assert cache.get("key") is None

    for content in (CONTENT, b"", b"other"):
        cache.put("key", content)
        assert cache.get("key") == content
    assert cache.get("other") is None


def test_only_the_user_can_read_or_write_it(folder: Path) -> None:
    """The folder and the entries are made for nobody else, and nothing else is left behind."""
    filled(folder)

    assert folder.stat().st_mode & 0o777 == 0o700
    assert entry(folder).stat().st_mode & 0o777 == 0o600
    assert len(list(folder.iterdir())) == 1


@given(st.data())
def test_a_damaged_entry_is_none(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """Any byte changed, any part cut off, anything added: it is seen, and the next content is taken again."""
    folder = tmp_path_factory.mktemp("cache", numbered=True)
    cache = Cache(folder)
    cache.put("key", b"content")
    path = entry(folder)
    whole = path.read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    flipped = whole[:at] + bytes([whole[at] ^ data.draw(st.integers(1, 255))]) + whole[at + 1 :]
    path.write_bytes(data.draw(st.sampled_from([flipped, whole[:at], whole + whole[at:]])))

    assert cache.get("key") is None
    cache.put("key", b"content")
    assert cache.get("key") == b"content"


OPENED: list[Callable[[Path], None]] = [
    lambda folder: entry(folder).chmod(0o602),
    lambda folder: entry(folder).chmod(0o620),
    lambda folder: folder.chmod(0o707),
    lambda folder: folder.chmod(0o770),
]


@pytest.mark.parametrize("opened", OPENED)
def test_what_others_could_have_written_is_passed_over(folder: Path, opened: Callable[[Path], None]) -> None:
    """A whole entry proves nothing if somebody else may have made it."""
    cache = filled(folder)
    opened(folder)

    assert cache.get("key") is None


def test_what_belongs_to_another_user_is_passed_over(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor is anything written among another user's files, as under `sudo` with the user's own home."""
    cache = filled(folder)
    monkeypatch.setattr(os, "geteuid", lambda: folder.stat().st_uid + 1)

    assert cache.get("key") is None
    cache.put("second", CONTENT)
    assert [path.name for path in folder.iterdir()] == ["key.entry"]


def test_a_link_or_a_pipe_in_an_entrys_place_is_none(folder: Path, tmp_path: Path) -> None:
    """Neither is followed or waited for; a new content takes its place, and what a link led to stays as it was."""
    cache = filled(folder)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(entry(folder).read_bytes())
    for replaced in (lambda path: path.symlink_to(elsewhere), os.mkfifo):
        path = folder / "key.entry"
        path.unlink()
        replaced(path)
        assert cache.get("key") is None
        cache.put("key", b"new")
        assert cache.get("key") == b"new"
    assert CONTENT in elsewhere.read_bytes()


def test_a_link_in_the_folders_place_is_no_cache(folder: Path, tmp_path: Path) -> None:
    """Where it leads, and who may change that, is not looked into."""
    filled(folder)
    link = tmp_path / "link"
    link.symlink_to(folder)

    assert Cache(link).get("key") is None


def test_the_entries_not_used_for_longest_go(folder: Path) -> None:
    """Being read counts as being used; what another process left half-written goes with time."""
    cache = Cache(folder)
    for number in range(KEPT):
        cache.put(f"k{number}", CONTENT)
        os.utime(folder / f"k{number}.entry", (number, number))
    fresh, left = folder / "fresh.part", folder / "left.part"
    fresh.touch()
    left.touch()
    os.utime(left, (fresh.stat().st_mtime - ABANDONED - 60,) * 2)
    assert cache.get("k0") == CONTENT

    cache.put("new", CONTENT)

    expected = {"new.entry", "k0.entry", *(f"k{number}.entry" for number in range(2, KEPT)), "fresh.part"}
    assert {path.name for path in folder.iterdir()} == expected


def test_a_folder_that_cannot_be_made_is_done_without(tmp_path: Path) -> None:
    """A file stands in its place: nothing is kept, nothing is raised."""
    (tmp_path / "taken").write_text("a file")
    cache = Cache(tmp_path / "taken" / "suragh")

    cache.put("key", CONTENT)
    assert cache.get("key") is None


def test_a_write_that_fails_leaves_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk is no error of a scan, and is not made fuller."""

    def refused(*_: object) -> None:
        raise OSError

    cache = filled(folder)
    monkeypatch.setattr(Path, "replace", refused)
    cache.put("second", CONTENT)

    assert [path.name for path in folder.iterdir()] == ["key.entry"]


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"HOME": "/home/u"}, "/home/u/.cache/suragh"),
        ({"HOME": "/home/u", "XDG_CACHE_HOME": "/var/c"}, "/var/c/suragh"),
        ({"HOME": "/home/u", "XDG_CACHE_HOME": "relative"}, "/home/u/.cache/suragh"),
        ({"HOME": "/home/u", "XDG_CACHE_HOME": ""}, "/home/u/.cache/suragh"),
        ({"HOME": ""}, None),
        ({}, None),
        ({"HOME": "/home/u", "SURAGH_CACHE": "off"}, None),
        ({"XDG_CACHE_HOME": "/var/c", "SURAGH_CACHE": "OFF"}, None),
        ({"HOME": "/home/u", "SURAGH_CACHE": ""}, "/home/u/.cache/suragh"),
    ],
)
def test_where_the_cache_is(environ: dict[str, str], expected: str | None) -> None:
    """Where the XDG specification says; nowhere if the user wants none or there is no place for it."""
    cache = open_cache(environ)

    assert (cache and str(cache._folder)) == expected


PROGRAM = """
import sys
from pathlib import Path
from suragh.store.cache import Cache

cache, mine = Cache(Path(sys.argv[1])), sys.argv[2].encode() * 100_000
for _ in range(50):
    cache.put("key", mine)
    found = cache.get("key")
    assert found is not None and len(set(found)) == 1 and len(found) == 100_000
"""


def test_two_processes_at_once(folder: Path) -> None:
    """Each reads a whole content, its own or the other's; never a part, never none."""
    running = [subprocess.Popen([sys.executable, "-c", PROGRAM, str(folder), name]) for name in "ab"]

    assert [process.wait(60) for process in running] == [0, 0]
    assert [path.name for path in folder.iterdir()] == ["key.entry"]
