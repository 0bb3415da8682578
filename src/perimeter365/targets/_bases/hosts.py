r"""Host names: patterns as regular expressions, and registered domains.

>>> expression(HostPattern("*cdn.onenote.net"))
'^.*cdn\\.onenote\\.net$'
>>> split_registered("autodiscover.contoso.co.uk")
('autodiscover', 'contoso.co.uk')
"""

from perimeter365.model.host import EXACT, GLUED, TEMPLATE, HostPattern
from perimeter365.model.suffixes import is_public_suffix


def expression(host: HostPattern) -> str:
    r"""Convert a host pattern to a regular expression for names in lower case.

    It contains only `^ $ \. .+ .*` and the characters of names, which mean the same in every dialect.
    Raises ValueError for a template, which matches nothing until it is filled in.
    """
    if host.kind == TEMPLATE:
        raise ValueError(f"{host} is a template, which has no regular expression")
    start, end = (part.replace(".", r"\.") for part in host.parts)
    star = "" if host.kind == EXACT else ".*" if host.kind == GLUED else ".+"
    return f"^{start}{star}{end}$"


def split_registered(name: str) -> tuple[str, str]:
    """Split a name or suffix pattern at its registered domain.

    The first part may be "". The registered domain is a public suffix (publicsuffix.org, ICANN section) plus one label.
    """
    labels = name.split(".")
    start = len(labels) - 2
    while start > 0 and is_public_suffix(".".join(labels[start:])):
        start -= 1
    return ".".join(labels[:start]), ".".join(labels[start:])
