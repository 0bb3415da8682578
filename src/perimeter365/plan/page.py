"""Pages for people: one HTML file with its style, script and pictures inside, which fetches nothing.

    >>> html("<title>{{ name }}</title>", name="<b>")
    '<title>&lt;b&gt;</title>'
    >>> html("{{ nmae }}", name="x")
    Traceback (most recent call last):
    jinja2.exceptions.UndefinedError: 'nmae' is undefined

Templates are Jinja's. Every value is escaped and made `plain`; `style` and `script` are those of all our pages
(`page.css`, `page.js`): light and dark, paper, phones, and tables that filter as one types. Without scripts, tables are
simply whole.
"""

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Template

BREAKS = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""Control characters but the tab, line and paragraph separators, and marks that turn the direction of writing."""

_PARTS = {"style": "page.css", "script": "page.js"}
"""Names in a template -> files beside this one."""

_UNSAID = re.compile(f"{BREAKS.pattern[:-1]}\ud800-\udfff\ufffe\uffff]")
"""Besides: what no XML document can hold."""


def plain(text: str) -> str:
    """Free text made harmless for a document that escapes by itself (HTML): in any script, but on one line.

    Characters that break a line, control a terminal, turn the direction of writing or cannot stand in XML become U+FFFD.
    """
    return _UNSAID.sub("\N{REPLACEMENT CHARACTER}", text).replace("\t", " ")


def html(template: str, **values: Any) -> str:
    """A page. `markupsafe.Markup` stands as it is, so it is for markup of our own making alone."""
    from importlib.resources import files

    from markupsafe import Markup

    folder = files("perimeter365.plan")
    parts = {name: folder.joinpath(file).read_text(encoding="utf-8") for name, file in _PARTS.items()}
    ours = {name: Markup(text) for name, text in parts.items()}  # noqa: S704  (files of the package)
    return _compiled(template).render(**ours, **values)


@lru_cache(maxsize=16)
def _compiled(template: str) -> "Template":
    """A template, compiled once: that takes as long as filling it in."""
    import jinja2

    environment = jinja2.Environment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: plain(value) if type(value) is str else value,
    )
    return environment.from_string(template)
