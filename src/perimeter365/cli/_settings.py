"""The shared options of all commands (catalog, store, color, quiet), and printing."""

import json
import os
import sys
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from perimeter365.model.catalog import Catalog
    from perimeter365.plan.profile import Profile
    from perimeter365.show.tables import Table
    from perimeter365.workspace import Workspace


@dataclass
class Settings:
    """The shared options of a command line."""

    catalog: str | None = None
    """A folder of facts, a store, or `embedded`; None for the lists in force."""
    store: str | None = None
    """Path or URL of the store of versions; None for the one in the data folder."""
    color: str = "auto"
    """`auto` (only on a terminal), `always` or `never`."""
    quiet: bool = False
    _kept: list[str] = field(default_factory=list, init=False, repr=False)
    """Lines that are printed only if the command fails."""

    @cached_property
    def workspace(self) -> "Workspace":
        """The workspace that the options and the environment describe. Raises StoreError."""
        from perimeter365.workspace import Workspace

        return Workspace.from_environment(catalog=self.catalog, store=self.store)

    def load_catalog(self) -> "Catalog":
        """Load the lists in force. Prints a note on stderr if the newest one is old."""
        from perimeter365.cli._age import note_age

        catalog = self.workspace.catalog()
        note_age(self.workspace.ages(catalog.versions), quiet=self.quiet)
        return catalog

    def load_profile(self, path: "Path") -> "Profile":
        """Load a profile from a file, or from stdin for `-`.

        Raises ProfileError with all errors found.
        """
        from perimeter365.intake import read_stdin
        from perimeter365.plan.profile import MAX_BYTES, parse_profile

        if str(path) != "-":
            return self.workspace.load_profile(path)
        return parse_profile(read_stdin(MAX_BYTES), "stdin", further=self.workspace.further_clouds)

    def log(self, *lines: str, on_failure: bool = False) -> None:
        """Print lines on stderr, unless --quiet is set.

        Args:
            lines: The lines.
            on_failure: With --quiet, print them at the end if the exit code is not 0: they may be its reason.
        """
        if lines and not self.quiet:
            print(*lines, sep="\n", file=sys.stderr)
        elif on_failure:
            self._kept += lines

    def flush(self, *, failed: bool) -> None:
        """Print the lines that `log` kept for the end of a command that failed."""
        if failed and self._kept:
            print(*self._kept, sep="\n", file=sys.stderr)
        self._kept.clear()

    @property
    def colored(self) -> bool:
        """True if stdout may be colored."""
        return self.may_escape(sys.stdout)

    def may_escape(self, stream: "TextIO") -> bool:
        """Return True if escape sequences may be written to a stream.

        They are color, bold, and progress that overwrites its line. The option takes precedence over NO_COLOR (https://no-color.org).
        """
        if self.color != "auto":
            return self.color == "always"
        return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"

    def can_print(self, characters: str) -> bool:
        """Return True if the encoding of stdout has these characters."""
        try:
            characters.encode(sys.stdout.encoding or "ascii")
        except (LookupError, UnicodeEncodeError):
            return False
        return True

    def bold(self, text: str) -> str:
        """Format a heading for `print_bold`: bold if stdout may be colored."""
        from perimeter365.model.finding import printable

        return f"\033[1m{printable(text)}\033[0m" if self.colored else text

    def print_bold(self, text: str) -> None:
        """Print a text with headings of `bold`, whose other parts are printable."""
        from perimeter365.cli._streams import print_styled

        if self.colored:
            print_styled(text, sys.stdout)
        else:
            print(text)

    def print_tables(self, tables: "Iterable[Table]") -> None:
        """Print tables: folded to the width of a terminal; elsewhere one line per row."""
        from perimeter365.show.tables import to_text

        if not (sys.stdout.isatty() or self.color == "always"):
            print(to_text(tables), end="")
            return
        from rich import box
        from rich.console import Console
        from rich.table import Table as RichTable
        from rich.text import Text

        from perimeter365.cli._streams import print_styled
        from perimeter365.model.finding import printable

        # Rich writes bold without color for `no_color`; only a console without a color system writes no escape sequence.
        console = Console(color_system="standard" if self.colored else None, force_terminal=self.colored, highlight=False)
        for table in tables:
            rich = RichTable(title=Text(printable(table.title)), title_justify="left", box=box.SIMPLE_HEAD)
            for column in table.columns:
                rich.add_column(column, overflow="fold")
            for row in table.rows:
                rich.add_row(*(Text(printable(cell)) for cell in row))
            with console.capture() as drawn:
                console.print(rich)
            print_styled(drawn.get(), sys.stdout, end="")


def print_json(data: Any) -> None:
    """Print one JSON document on stdout."""
    print(json.dumps(data, indent=2))
