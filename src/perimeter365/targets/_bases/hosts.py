r"""What targets that match by host name share: a pattern as a regular expression, and where a name's registry ends.

>>> expression(HostPattern("*cdn.onenote.net"))
'^.*cdn\\.onenote\\.net$'
>>> split_registered("autodiscover.contoso.co.uk")
('autodiscover', 'contoso.co.uk')
"""

from perimeter365.model.host import EXACT, GLUED, TEMPLATE, HostPattern
from perimeter365.model.special import is_public_suffix


def expression(host: HostPattern) -> str:
    r"""A regular expression that matches, of well-formed lower case names, those that the pattern matches.

    It holds nothing but `^ $ \. .+ .*` and the characters of names, so every dialect reads it alike.
    Raises ValueError for a template, which matches nothing until it is filled.
    """
    if host.kind == TEMPLATE:
        raise ValueError(f"{host} is a template")
    before, behind = (part.replace(".", r"\.") for part in host.parts)
    star = "" if host.kind == EXACT else ".*" if host.kind == GLUED else ".+"
    return f"^{before}{star}{behind}$"


def split_registered(name: str) -> tuple[str, str]:
    """A name or suffix pattern as the part below the registered domain ("" if none), and that domain.

    The registered domain is a public suffix (publicsuffix.org, the registries' section) and one label more.
    """
    labels = name.split(".")
    start = len(labels) - 2
    while start > 0 and is_public_suffix(".".join(labels[start:])):
        start -= 1
    return ".".join(labels[:start]), ".".join(labels[start:])
