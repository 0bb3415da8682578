"""What Junos and PAN-OS share: a tree of words that `set` lines grow and `delete` lines cut.

`#` begins a comment. A word with blanks in it stands in quotes. `deactivate`, `rename`, `edit` and the rest of the
configuration mode are not read.
"""

import re
from abc import abstractmethod
from dataclasses import dataclass, field

from perimeter365.audit.reader import MOST_DEPTH, Reader
from perimeter365.audit.words import quoted_words
from perimeter365.errors import ConfigurationError

Path = tuple[str, ...]


@dataclass(slots=True)
class Node:
    """A word, with the words below it."""

    number: int
    """The first line that named it."""
    below: "dict[str, Node]" = field(default_factory=dict)


class Tree(Reader):
    """A candidate configuration: words below words."""

    single: frozenset[str] = frozenset()
    """Words that one value follows, so that the next one replaces it."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Node(0)

    def feed(self, line: str) -> None:
        """Take one line."""
        if not line.strip() or line.startswith("#"):
            return
        verb, *path = quoted_words(line)
        if verb not in ("set", "delete"):
            raise ConfigurationError(f"{verb[:60]!r} is read here only as set or delete")
        if not 2 <= len(path) <= MOST_DEPTH:
            raise ConfigurationError(f"{verb} has {len(path)} words, where 2 to {MOST_DEPTH} are read")
        if verb == "delete":
            self._delete(tuple(path))
            return
        self.take(tuple(path))

    def take(self, path: Path) -> None:
        """Take a path, as `set` does. Raises InputError."""
        self.check(path)
        self.grow(path)

    def grow(self, path: Path) -> None:
        """Put a path into the tree."""
        node = self.root
        for at, step in enumerate(path):
            if at and path[at - 1] in self.single and at == len(path) - 1:
                node.below.clear()
            node = node.below.setdefault(step, Node(self.number))

    def _delete(self, path: Path) -> None:
        """Cut a branch, and what would be left empty above it."""
        nodes = [self.root]
        for step in path:
            if step not in nodes[-1].below:
                raise ConfigurationError(f"there is no {' '.join(path)[:100]}")
            nodes.append(nodes[-1].below[step])
        for node, step in zip(reversed(nodes[:-1]), reversed(path), strict=True):
            del node.below[step]
            if node.below:
                break

    @abstractmethod
    def check(self, path: Path) -> None:
        """Raise ConfigurationError for a path that is not read."""

    def state(self) -> object:
        """All that it holds."""
        return _plain(self.root)

    def node(self, *path: str) -> Node:
        """What stands below a path; an empty node if there is no such path."""
        node: Node | None = self.root
        for step in path:
            node = node.below.get(step) if node else None
        return node or Node(0)

    def holds(self, path: Path) -> bool:
        """Whether a path is in the tree."""
        return path[-1] in self.node(*path[:-1]).below

    def values(self, *path: str) -> list[str]:
        """The values that follow a path."""
        return [word for word, node in self.node(*path).below.items() if not node.below]

    def value(self, *path: str) -> str:
        """The one value that follows a path. Raises ConfigurationError if there is none, or more."""
        found = self.values(*path)
        if len(found) != 1:
            raise ConfigurationError(f"{' '.join(path)[:100]} has {len(found)} values, not one")
        return found[0]


def matches(path: Path, form: tuple[str, ...]) -> bool:
    """Does each word of a path match the regular expression in its place?"""
    return len(path) == len(form) and all(re.fullmatch(one, word) for one, word in zip(form, path, strict=True))


def _plain(node: Node) -> dict[str, object]:
    return {word: _plain(below) for word, below in node.below.items()}
