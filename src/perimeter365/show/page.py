"""Self-contained HTML pages, each one file with its style, script and pictures.

    >>> print(html("show/page.html.j2", title="<b>").partition("</head>")[0].splitlines()[7])
    <title>&lt;b&gt;</title>
    >>> html("show/page.html.j2")
    Traceback (most recent call last):
    jinja2.exceptions.UndefinedError: 'title' is undefined

The Jinja template of a page is in the folder of the code that renders it (`targets/report.html.j2`). It extends
`show/page.html.j2`, which has a title and the blocks `style`, `header` and `main`; `show/parts.html.j2` has common parts.
Values are escaped and passed through `plain`. `page.css` and `page.js` give all pages a style for light and dark screens,
paper and phones, and tables that can be filtered: by words, by an address inside a prefix, by a host name under a wildcard.
The filters are in the fragment of the page's address, so a link opens the page filtered. Without scripts, tables show all
rows. The page's own content security policy allows only this script.
"""

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment

BREAKS = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""Control characters except the tab, line and paragraph separators, and marks that change the text direction.

For example "\\x1b" and "\\u202e" match, "\\t" and "é" do not.
"""

_UNSAFE = re.compile(f"{BREAKS.pattern[:-1]}\ud800-\udfff\ufffe\uffff]")
"""The same, and characters that are not allowed in XML."""


def plain(text: str) -> str:
    """Replace control characters of a text by U+FFFD, and tabs by spaces.

    The result is not escaped for HTML.

    Control characters include line breaks, marks that change the text direction, and characters that XML does not allow.
    """
    return _UNSAFE.sub("\N{REPLACEMENT CHARACTER}", text).replace("\t", " ")


def html(template: str, **values: Any) -> str:
    """Render a template of the package.

    Args:
        template: the path of the template in the package, such as `targets/report.html.j2`.
        values: the variables of the template. A `markupsafe.Markup` is not escaped, so it must not contain external data.

    Raises:
        jinja2.TemplateError: the template does not exist, or a variable has no value.
    """
    return environment().get_template(template).render(**values)


@cache
def environment() -> "Environment":
    """Return the environment of all templates.

    It is cached, so each template is compiled once.
    """
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
    style, script = (files("perimeter365.show").joinpath(f"page.{ext}").read_text(encoding="utf-8") for ext in ("css", "js"))
    made.globals["style"] = Markup(style)  # noqa: S704
    made.globals["script"] = Markup(script)  # noqa: S704
    made.globals["script_hash"] = f"sha256-{b64encode(sha256(script.encode()).digest()).decode()}"
    return made
