"""Where the parts of a rule stand in its file, and the mistake that is made there."""

from functools import cached_property

import yaml
from msgspec import Struct

from suragh.errors import SetupError


class Spot(Struct, frozen=True):
    """A place in a rule file; line and column count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        """`file:line:column`, as editors take it."""
        return f"{self.file}:{self.line}:{self.column}"


class RuleError(SetupError):
    """A rule file is not as Sigma wants it.

    Attributes:
        spot: where.
    """

    def __init__(self, what: str, spot: Spot, hint: str = "") -> None:
        super().__init__(what, where=str(spot), hint=hint)
        self.spot = spot


class Lines:
    """Finds the place of a key of a YAML file; the file is looked at again only when a mistake is to be shown.

    Attributes:
        file: name of the file.
    """

    def __init__(self, file: str, text: str, number: int = 0) -> None:
        self.file = file
        self._text = text
        self._number = number

    def document(self, number: int) -> "Lines":
        """The same for the nth document of the file that is not empty."""
        return Lines(self.file, self._text, number)

    @property
    def first(self) -> int:
        """The line that the document begins in."""
        return self.at().line

    def at(self, *keys: str) -> Spot:
        """Where the innermost of these keys stands that there is; where the document does if there is none."""
        for length in range(len(keys), 0, -1):
            key = self._key(keys[:length])
            if key is not None:
                return self._of(key)
        return self._of(self._root)

    def at_item(self, key: str, value: str) -> Spot:
        """Where an item of a list stands."""
        node = self._find((key,))
        if isinstance(node, yaml.SequenceNode):
            for item in node.value:
                if isinstance(item, yaml.ScalarNode) and item.value == value:
                    return self._of(item)
        return self.at(key)

    def at_word(self, key: str, word: str) -> Spot:
        """Where the first scalar under a key stands that holds a word; where the key does if none holds it."""
        node = self._find((key,))
        stack = [node] if node is not None and word else []
        while stack:
            item = stack.pop()
            if isinstance(item, yaml.ScalarNode):
                if word in item.value:
                    return self._of(item)
            elif isinstance(item, yaml.MappingNode):
                stack += [part for pair in reversed(item.value) for part in reversed(pair)]
            else:
                stack += reversed(item.value)
        return self.at(key)

    def of(self, error: yaml.YAMLError) -> Spot:
        """Where YAML itself could not read on."""
        mark = getattr(error, "problem_mark", None)
        return Spot(self.file, mark.line + 1, mark.column + 1) if mark else Spot(self.file, 1, 1)

    def doubled_key(self) -> tuple[str, Spot] | None:
        """A key that one of the document's maps holds twice, and where."""
        stack = [self._root] if self._root else []
        while stack:
            node = stack.pop()
            if isinstance(node, yaml.MappingNode):
                seen: set[str] = set()
                for key, value in node.value:
                    name = str(key.value)
                    if name in seen:
                        return name, self._of(key)
                    seen.add(name)
                    stack.append(value)
            elif isinstance(node, yaml.SequenceNode):
                stack += node.value
        return None

    @cached_property
    def _root(self) -> yaml.Node | None:
        found = [node for node in yaml.compose_all(self._text, yaml.CSafeLoader) if not _empty(node)]
        return found[self._number] if self._number < len(found) else None

    def _of(self, node: yaml.Node | None) -> Spot:
        mark = node.start_mark if node is not None else None
        return Spot(self.file, mark.line + 1, mark.column + 1) if mark else Spot(self.file, 1, 1)

    def _key(self, keys: tuple[str, ...]) -> yaml.Node | None:
        node = self._find(keys[:-1])
        if isinstance(node, yaml.MappingNode):
            return next((key for key, _ in node.value if key.value == keys[-1]), None)
        return None

    def _find(self, keys: tuple[str, ...]) -> yaml.Node | None:
        node = self._root
        for name in keys:
            if not isinstance(node, yaml.MappingNode):
                return None
            node = next((value for key, value in node.value if key.value == name), None)
        return node


def _empty(node: yaml.Node | None) -> bool:
    return node is None or (isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:null")
