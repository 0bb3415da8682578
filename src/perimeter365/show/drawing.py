"""What our pictures share: the colors of light and dark screens, the SVG around them, and lines of characters.

    >>> text(10, 20, "a < b", "soft")
    '<text x="10" y="20" class="soft" text-anchor="start">a &lt; b</text>'
    >>> bar([0, 1, 2, 3, 128, 5000], BLOCKS)
    ' ▁▂▂██'

Counts span several powers of ten, so bars grow by one step with each doubling, up to `LEVELS` steps: 1, 2 and 3, 4 to
7 … 128 and more. A picture on a screen and one on a terminal thus say the same.
"""

from collections.abc import Iterable
from html import escape

from perimeter365.show.page import plain

LEVELS = 8
BLOCKS = " ▁▂▃▄▅▆▇█"
"""A character for each step, none first."""
DIGITS = " 12345678"
"""The same where a terminal has no blocks."""

_COLORS = {
    "ink": ("#1b1f24", "#e8edf2"),
    "soft": ("#59636e", "#a3adb8"),
    "grid": ("#d5dbe1", "#333d47"),
    "line": ("#0b5fc0", "#6db1ff"),
    "less": ("#b3400b", "#ffa36b"),
    "paper": ("#fff", "#12161b"),
}


def theme(name: str, colors: Iterable[str]) -> str:
    """The style of a picture's root: its font, and the colors that it uses as variables, on light and dark screens."""
    light, dark = (";".join(f"--{color}:{_COLORS[color][i]}" for color in colors) for i in (0, 1))
    return f".{name}{{font:13px system-ui,sans-serif;{light}}}\n@media(prefers-color-scheme:dark){{.{name}{{{dark}}}}}\n"


def document(name: str, width: int, height: int, label: str, style: str, body: str) -> str:
    """An SVG document without script, font or anything from elsewhere.

    Args:
        name: its class, for `theme`.
        width: in CSS pixels, as long as nothing scales it.
        height: the same.
        label: what it shows, for those who do not see it; free text.
        style: CSS, of our own making.
        body: SVG elements, of our own making.
    """
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{name}" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{escape(plain(label), quote=True)}"><style>{style}</style>{body}</svg>\n'
    )


def text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> str:
    """A line of text, whatever stands in it.

    Args:
        x: pixels from the left to the anchor.
        y: pixels from the top to the base line.
        words: free text.
        kind: CSS classes.
        anchor: `start`, `middle` or `end`: which part of the text is at `x`.
    """
    return f'<text x="{x:g}" y="{y:g}" class="{kind}" text-anchor="{anchor}">{escape(plain(words))}</text>'


def level(count: int) -> int:
    """How many steps a bar has."""
    return min(LEVELS, count.bit_length())


def bar(counts: Iterable[int], glyphs: str = BLOCKS) -> str:
    """A character for each count."""
    return "".join(glyphs[level(count)] for count in counts)
