"""Labels on disk: what may be shown of each key, for the few keys that will be asked for at the end."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Final

import msgspec

from suragh.profile.keys import Label
from suragh.store.blocks import Blocks

HELD: Final = 100_000
"""Labels held in memory: some 30 MB. More of them go to a temporary file."""


class Labels:
    """A growing map of keys to labels; of several labels of a key the smallest counts.

    `path` says where the file lies, where others are to read it.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._held: dict[int, Label] = {}
        self._blocks = Blocks(path)
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(dict[int, Label]).decode

    def take(self, labels: dict[int, Label]) -> None:
        """Take labels in, and leave the map empty."""
        for key, label in labels.items():
            self._held[key] = min(self._held.get(key, label), label)
        labels.clear()
        if len(self._held) > HELD:
            self._write()

    def _write(self) -> None:
        self._blocks.add(self._encode(self._held))
        self._held.clear()

    def finish(self) -> None:
        """Write all that is held in memory, so that the file at the path can be adopted."""
        self._write()
        self._blocks.finish()

    def adopt(self, path: Path) -> None:
        """Take in the labels of a finished file; they are read where they lie."""
        self._blocks.adopt(path)

    def of(self, keys: AbstractSet[int]) -> dict[int, Label]:
        """The labels of these keys, in one pass."""
        found: dict[int, Label] = {}
        for labels in self._all():
            for key in labels.keys() & keys:
                found[key] = min(found.get(key, labels[key]), labels[key])
        return found

    def _all(self) -> Iterator[dict[int, Label]]:
        yield self._held
        yield from map(self._decode, self._blocks.all())

    def close(self) -> None:
        """Let go of what lies on disk."""
        self._blocks.close()
