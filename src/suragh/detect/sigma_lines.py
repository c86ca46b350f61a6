"""Where the parts of a rule stand in its file."""

from functools import cached_property

import yaml


class Lines:
    """Finds the line of a key of a YAML file; the file is looked at again only when a mistake is to be shown.

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

    def where(self, *keys: str) -> str:
        """`file:line` of the innermost of these keys that there is; of the document if there is none."""
        return self.where_line(self._line(keys))

    def where_line(self, line: int) -> str:
        """`file:line`."""
        return f"{self.file}:{line}"

    def where_item(self, key: str, value: str) -> str:
        """`file:line` of an item of a list."""
        node = self._find((key,))
        if isinstance(node, yaml.SequenceNode):
            for item in node.value:
                if isinstance(item, yaml.ScalarNode) and item.value == value:
                    return self.where_line(item.start_mark.line + 1)
        return self.where(key)

    def where_word(self, key: str, word: str) -> str:
        """`file:line` of the first scalar under a key that holds a word; of the key if none does."""
        node = self._find((key,))
        stack = [node] if node is not None and word else []
        while stack:
            item = stack.pop()
            if isinstance(item, yaml.ScalarNode):
                if word in item.value:
                    return self.where_line(item.start_mark.line + 1)
            elif isinstance(item, yaml.MappingNode):
                stack += [part for pair in reversed(item.value) for part in reversed(pair)]
            else:
                stack += reversed(item.value)
        return self.where(key)

    def of(self, error: yaml.YAMLError) -> str:
        """`file:line` of what YAML itself could not read."""
        mark = getattr(error, "problem_mark", None)
        return self.where_line(mark.line + 1) if mark else self.file

    def doubled_key(self) -> tuple[str, int] | None:
        """A key that one of the document's maps holds twice, with its line."""
        stack = [self._root] if self._root else []
        while stack:
            node = stack.pop()
            if isinstance(node, yaml.MappingNode):
                seen: set[str] = set()
                for key, value in node.value:
                    name = str(key.value)
                    if name in seen:
                        return name, key.start_mark.line + 1
                    seen.add(name)
                    stack.append(value)
            elif isinstance(node, yaml.SequenceNode):
                stack += node.value
        return None

    @cached_property
    def _root(self) -> yaml.Node | None:
        found = [node for node in yaml.compose_all(self._text, yaml.CSafeLoader) if not _empty(node)]
        return found[self._number] if self._number < len(found) else None

    def _line(self, keys: tuple[str, ...]) -> int:
        for length in range(len(keys), 0, -1):
            key = self._key(keys[:length])
            if key is not None:
                return int(key.start_mark.line) + 1
        return int(self._root.start_mark.line) + 1 if self._root else 1

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
