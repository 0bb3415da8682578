"""Pages for people: one HTML file with its style, script and pictures inside, which fetches nothing.

    >>> print(html("show/page.html.j2", title="<b>").partition("</head>")[0].splitlines()[6])
    <title>&lt;b&gt;</title>
    >>> html("show/page.html.j2")
    Traceback (most recent call last):
    jinja2.exceptions.UndefinedError: 'title' is undefined

A page is a Jinja template beside the code that fills it in (`targets/report.html.j2`), and extends `show/page.html.j2`: the
skeleton, with a title and the blocks `style`, `header` and `main`. `show/parts.html.j2` has what pages share. Every value is
escaped and made `plain`. All pages have the style and the script of `page.css` and `page.js`: light and dark, paper, phones,
and tables that filter while a reader types. Without scripts, tables are whole.
"""

import re
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment

BREAKS = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""Control characters but the tab, line and paragraph separators, and marks that turn the direction of writing."""

_UNSAID = re.compile(f"{BREAKS.pattern[:-1]}\ud800-\udfff\ufffe\uffff]")
"""Also what no XML document can hold."""


def plain(text: str) -> str:
    """Make free text harmless for a document that escapes by itself (HTML): in any script, but on one line.

    Characters that break a line, control a terminal, turn the direction of writing or cannot stand in XML become U+FFFD.
    """
    return _UNSAID.sub("\N{REPLACEMENT CHARACTER}", text).replace("\t", " ")


def html(template: str, **values: Any) -> str:
    """Fill in a template of the package.

    Args:
        template: its path below the package: `targets/report.html.j2`.
        values: what it names. `markupsafe.Markup` stands as it is, so it is for our own markup only.

    Raises jinja2.TemplateError when there is no such template, or a name has no value.
    """
    return environment().get_template(template).render(**values)


@cache
def environment() -> "Environment":
    """The one environment of all templates, made when the first page is: each template is then read and compiled once."""
    from importlib.resources import files

    import jinja2
    from markupsafe import Markup

    made = jinja2.Environment(
        loader=jinja2.PackageLoader("perimeter365", "."),
        auto_reload=False,
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: plain(value) if type(value) is str else value,
    )
    for name, file in (("style", "page.css"), ("script", "page.js")):
        made.globals[name] = Markup(files("perimeter365.show").joinpath(file).read_text(encoding="utf-8"))  # noqa: S704
    return made
