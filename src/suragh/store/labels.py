"""Labels on disk: what may be shown of each key, for the few keys that will be asked for at the end."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from tempfile import TemporaryFile
from typing import Final

import msgspec

from suragh.profile.keys import Label

HELD: Final = 100_000
"""Labels held in memory: some 30 MB. More of them go to a temporary file."""


class Labels:
    """A growing map of keys to labels; of several labels of a key the smallest counts."""

    def __init__(self) -> None:
        self._held: dict[int, Label] = {}
        self._file = TemporaryFile(prefix="suragh-labels-")  # noqa: SIM115 - closed by `close`
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(dict[int, Label]).decode

    def take(self, labels: dict[int, Label]) -> None:
        """Take labels in, and leave the map empty."""
        for key, label in labels.items():
            self._held[key] = min(self._held.get(key, label), label)
        labels.clear()
        if len(self._held) > HELD:
            block = self._encode(self._held)
            self._file.write(len(block).to_bytes(8, "big") + block)
            self._held.clear()

    def of(self, keys: AbstractSet[int]) -> dict[int, Label]:
        """The labels of these keys, in one pass."""
        found: dict[int, Label] = {}
        for labels in self._blocks():
            for key in labels.keys() & keys:
                found[key] = min(found.get(key, labels[key]), labels[key])
        return found

    def _blocks(self) -> Iterator[dict[int, Label]]:
        yield self._held
        self._file.seek(0)
        while length := int.from_bytes(self._file.read(8), "big"):
            yield self._decode(self._file.read(length))

    def close(self) -> None:
        """Remove what lies on disk."""
        self._file.close()
