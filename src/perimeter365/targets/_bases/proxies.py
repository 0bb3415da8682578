"""Proxies: options of PAC files, names that bypass a proxy, and names for squid.

The names that bypass a proxy are the organization's own. Those for squid are for its ACLs.
"""

import re
from collections.abc import Iterable

from perimeter365.errors import HostPatternError
from perimeter365.model.host import EXACT, SUFFIX, HostPattern
from perimeter365.model.suffixes import is_public_suffix, private_suffix
from perimeter365.targets._bases.hosts import expression
from perimeter365.targets.target import Option

# _PROXY matches `PROXY proxy.example.com:8080; DIRECT`, not `proxy.example.com:8080` or `PROXY proxy.example.com`.
_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_PORT = r"(?:[1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d\d|655[0-2]\d|6553[0-5])"
_SERVER = rf"(?:PROXY|HTTPS?|SOCKS[45]?) (?:{_LABEL}(?:\.{_LABEL})*|\[[0-9A-Fa-f:]{{2,39}}\]):{_PORT}"
_PROXY = re.compile(rf"{_SERVER}(?:; {_SERVER})*(?:; DIRECT)?", re.ASCII)


def is_proxy_list(text: str) -> bool:
    """Return whether a text is a result of FindProxyForURL other than DIRECT alone."""
    return _PROXY.fullmatch(text) is not None


def is_own_name(text: str) -> bool:
    """Return whether a text is a name of an organization, or all names below one.

    >>> [is_own_name(text) for text in ("mail.contoso.com", "*.corp.contoso.com", "*.com", "*cdn.contoso.com")]
    [True, True, False, False]
    >>> is_own_name("*.azurewebsites.net")  # names of all customers
    False
    """
    try:
        host = HostPattern(text)
    except HostPatternError:
        return False
    return host.kind in (EXACT, SUFFIX) and "." in host.apex and not is_public_suffix(host.apex) and not private_suffix(host)


def squid_names(hosts: Iterable[HostPattern]) -> tuple[list[str], list[str]]:
    r"""Return entries of `dstdomain` and `dstdom_regex` that match names of patterns.

    Those of `dstdom_regex` are regular expressions. Squid warns of a name below another one with a leading dot, so such
    names are left out. It also warns of an expression that starts with `.*`, so this start is left out; the expression
    matches the same names without it.

    >>> squid_names(map(HostPattern, ("aka.ms", "*.office.com", "*.yammer.com", "yammer.com", "www.yammer.com")))
    (['aka.ms', '.yammer.com'], ['^.+\\.office\\.com$'])
    """
    found = tuple(hosts)
    texts = {host.text for host in found}
    dotted = {host.apex for host in found if host.kind == SUFFIX and host.apex in texts}
    domains, expressions = [], []
    for host in found:
        labels = host.apex.split(".")
        if (host.kind == SUFFIX and host.apex not in dotted) or host.kind not in (EXACT, SUFFIX):
            expressions.append(expression(host).removeprefix("^.*"))
        elif not any(".".join(labels[n:]) in dotted for n in range(host.kind == SUFFIX, len(labels))):
            domains.append(f".{host.apex}" if host.kind == SUFFIX else host.text)
    return domains, expressions


PROXY = Option(
    default=None,
    help="for everything else, as in 'PROXY host:port; PROXY host:port; DIRECT' (also HTTPS, SOCKS5 …)",
    example="'PROXY proxy.example.com:8080'",
    check=is_proxy_list,
)
DIRECT = Option(
    default="",
    help="your own names that go direct, separated by commas: intranet.contoso.com, *.corp.contoso.com",
    check=lambda value: not value or all(map(is_own_name, value.split(","))),
    several=True,
)
