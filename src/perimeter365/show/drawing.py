"""Common parts of pictures: colors, the SVG document, and bars of characters.

    >>> svg_text(10, 20, "a < b", "soft")
    '<text x="10" y="20" class="soft" text-anchor="start">a &lt; b</text>'
    >>> bar([0, 1, 2, 3, 128, 5000], BLOCKS)
    ' ▁▂▂██'

Counts span several powers of ten, so a bar grows by one step with each doubling, up to `LEVELS` steps: 1, 2 to 3, 4 to 7 …
128 and more. The steps are the same in an SVG picture and on a terminal.
"""

from collections.abc import Iterable
from html import escape

from perimeter365.show.page import plain

LEVELS = 8
"""The number of steps of a bar."""
BLOCKS = " ▁▂▃▄▅▆▇█"
"""One character for each number of steps, from 0."""
DIGITS = " 12345678"
"""The same for a terminal without block characters."""

_COLORS = {
    "ink": ("#1b1f24", "#e8edf2"),
    "soft": ("#59636e", "#a3adb8"),
    "grid": ("#d5dbe1", "#333d47"),
    "line": ("#0b5fc0", "#6db1ff"),
    "less": ("#b3400b", "#ffa36b"),
    "paper": ("#fff", "#12161b"),
}


def theme(name: str, colors: Iterable[str]) -> str:
    """Return the CSS of a picture's root.

    It sets the font, and the colors as variables for light and dark screens.
    """
    light, dark = (";".join(f"--{color}:{_COLORS[color][i]}" for color in colors) for i in (0, 1))
    return f".{name}{{font:13px system-ui,sans-serif;{light}}}\n@media(prefers-color-scheme:dark){{.{name}{{{dark}}}}}\n"


def svg_document(name: str, width: int, height: int, label: str, style: str, body: str) -> str:
    """Return a self-contained SVG document without scripts and external fonts.

    Args:
        name: the class of the root, for `theme`.
        width: the width in CSS pixels, before scaling.
        height: the height in CSS pixels, before scaling.
        label: the description for screen readers; it is escaped.
        style: CSS; it is not escaped.
        body: SVG elements; they are not escaped.
    """
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{name}" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{escape(plain(label), quote=True)}"><style>{style}</style>{body}</svg>\n'
    )


def svg_text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> str:
    """Return an SVG element with one line of text.

    Args:
        x: the position of the anchor in pixels from the left.
        y: the position of the baseline in pixels from the top.
        words: the text; it is escaped.
        kind: CSS classes.
        anchor: the part of the text that is at `x`: `start`, `middle` or `end`.
    """
    return f'<text x="{x:g}" y="{y:g}" class="{kind}" text-anchor="{anchor}">{escape(plain(words))}</text>'


def level(count: int) -> int:
    """Return the number of steps of a bar for a count."""
    return min(LEVELS, count.bit_length())


def bar(counts: Iterable[int], glyphs: str = BLOCKS) -> str:
    """Return one character for each count."""
    return "".join(glyphs[level(count)] for count in counts)
