"""Base of the readers of Junos and PAN-OS.

A configuration is a tree of words, changed by `set` and `delete` lines, and by `insert NAME before | after WORD NAME`. `#`
begins a comment. A word with blanks is quoted. `deactivate`, `rename`, `edit` and other commands of the configuration mode
are not supported.
"""

import re
from abc import abstractmethod
from dataclasses import dataclass, field

from perimeter365.audit.reader import MOST_DEPTH, ConfigurationReader
from perimeter365.audit.words import quoted_words
from perimeter365.errors import ConfigurationError

Path = tuple[str, ...]


@dataclass(slots=True)
class Node:
    """A word with the words below it."""

    number: int
    """Number of the first line that contains it."""
    below: "dict[str, Node]" = field(default_factory=dict)


class Tree(ConfigurationReader):
    """A candidate configuration as a tree of words."""

    single: frozenset[str] = frozenset()
    """Words with a single value: a second value replaces the first."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Node(0)

    def feed(self, line: str) -> None:
        """Execute one line."""
        if not line.strip() or line.startswith("#"):
            return
        verb, *path = quoted_words(line)
        if verb not in ("set", "delete", "insert"):
            raise ConfigurationError(f"{verb[:60]!r} is not supported here; expected set, delete or insert")
        if not 2 <= len(path) <= MOST_DEPTH:
            raise ConfigurationError(f"{verb} has {len(path)} words; expected 2 to {MOST_DEPTH}")
        if verb == "delete":
            self._delete(tuple(path))
            return
        if verb == "insert":
            self._insert(tuple(path))
            return
        self.set_path(tuple(path))

    def set_path(self, path: Path) -> None:
        """Execute `set` with a path. Raises InputError."""
        self.check(path)
        self.grow(path)

    def grow(self, path: Path) -> None:
        """Add a path to the tree."""
        node = self.root
        for at, step in enumerate(path):
            if at and path[at - 1] in self.single and at == len(path) - 1:
                node.below.clear()
            node = node.below.setdefault(step, Node(self.number))

    def _delete(self, path: Path) -> None:
        """Remove a branch, and the nodes above it that would become empty."""
        nodes = [self.root]
        for step in path:
            if step not in nodes[-1].below:
                raise ConfigurationError(f"there is no {' '.join(path)[:100]}")
            nodes.append(nodes[-1].below[step])
        for node, step in zip(reversed(nodes[:-1]), reversed(path), strict=True):
            del node.below[step]
            if node.below:
                break

    def _insert(self, path: Path) -> None:
        """Move a word before or after another one of the same kind."""
        *start, kind, name, side, same, other = ("", *path)
        siblings = self.node(*start[1:], kind).below
        if side not in ("before", "after") or same != kind:
            raise ConfigurationError("insert is supported only in the form: insert PATH KIND NAME before KIND NAME")
        for word in name, other:
            if word not in siblings:
                raise ConfigurationError(f"there is no {kind[:60]} {word[:80]}")
        if name != other:
            moved = {name: siblings.pop(name)}
            words = list(siblings)
            at = words.index(other) + (side == "after")
            rest = {word: siblings.pop(word) for word in words[at:]}
            siblings |= moved | rest

    @abstractmethod
    def check(self, path: Path) -> None:
        """Raise ConfigurationError for an unsupported path."""

    def state(self) -> object:
        """Return the tree as nested dicts."""
        return _plain(self.root)

    def node(self, *path: str) -> Node:
        """Return the node at a path; an empty node if the path does not exist."""
        node: Node | None = self.root
        for step in path:
            node = node.below.get(step) if node else None
        return node or Node(0)

    def contains(self, path: Path) -> bool:
        """Return True if a path is in the tree."""
        return path[-1] in self.node(*path[:-1]).below

    def values(self, *path: str) -> list[str]:
        """Return the values at a path."""
        return [word for word, node in self.node(*path).below.items() if not node.below]

    def value(self, *path: str) -> str:
        """Return the single value at a path.

        Raises:
            ConfigurationError: there is not exactly one value.
        """
        found = self.values(*path)
        if len(found) != 1:
            raise ConfigurationError(f"{' '.join(path)[:100]} has {len(found)} values; expected one")
        return found[0]


def matches(path: Path, form: tuple[str, ...]) -> bool:
    """Return True if each word of a path matches the expression at its position.

    The expressions are regular expressions.
    """
    return len(path) == len(form) and all(re.fullmatch(one, word) for one, word in zip(form, path, strict=True))


def _plain(node: Node) -> dict[str, object]:
    return {word: _plain(below) for word, below in node.below.items()}
