"""Public suffixes: domains under which anyone can have a name (publicsuffix.org).

The list has two sections. Registries sell names under the suffixes of the ICANN section (`com`, `co.uk`). Companies give
their customers names under the suffixes of the private section (`github.io`, `cloudfront.net`). Microsoft's are in it, too:
`azurewebsites.net`, `azureedge.net`, `cloudapp.net`, `trafficmanager.net`, `blob.core.windows.net`,
`servicebus.windows.net` and others. `sharepoint.com`, `onmicrosoft.com` and `windows.net` are not.

    >>> is_public_suffix("co.uk"), is_public_suffix("github.io")
    (True, False)
    >>> registrable_domain("a.b.contoso.co.uk"), registrable_domain("x.github.io"), registrable_domain("github.io")
    ('contoso.co.uk', 'x.github.io', '')
    >>> private_suffix(HostPattern("*.blob.core.windows.net")), private_suffix(HostPattern("*.sharepoint.com"))
    ('blob.core.windows.net', '')
    >>> private_suffix(HostPattern("*.windows.net"))
    'blob.core.windows.net'

Each section takes some 20 ms to load, so it is loaded on first use.
"""

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from perimeter365.model.host import EXACT, TEMPLATE, HostPattern, fixed

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList


AZURE_DOMAINS = (
    "azurewebsites.us",
    "blob.core.chinacloudapi.cn",
    "chinacloudapi.cn",
    "chinacloudsites.cn",
    "cloudapp.azure.com",
    "cloudapp.usgovcloudapi.net",
    "store.core.windows.net",
    "trafficmanager.cn",
    "usgovtrafficmanager.net",
    "webpubsub.azure.com",
    "*.cloudapp.azure.com",
    "*.cloudapp.usgovcloudapi.net",
)
"""Domains of Azure's customers that the public suffix list does not have, in its form.

https://learn.microsoft.com/azure/azure-government/compare-azure-government-global-azure and
https://learn.microsoft.com/azure/china/resources-developer-guide have the endpoints of the clouds; the name of a machine is
`<name>.<region>.cloudapp.azure.com`.
"""


def is_public_suffix(domain: str) -> bool:
    """Return True if a registry sells names under a domain (`com`, `co.uk`).

    The source is the ICANN section.
    """
    return bool(_registries().is_public(domain))


@lru_cache(maxsize=4096)  # each sync asks for the same names
def registrable_domain(name: str) -> str:
    """Return the registered domain of a name: a public suffix plus a label.

    Both sections count. The result is "" for a public suffix. The domain of a pattern is that of the labels after its star:
    `sharepoint.com` for `*-my.sharepoint.com`, "" for `*.github.io`.
    """
    labels = fixed(name).lower().removesuffix(".").split(".")
    lengths = (_length(suffixes, labels) for suffixes in (_registries(), _companies()))
    start = len(labels) - max(lengths) - 1
    return ".".join(labels[start:]) if start >= 0 else ""


def private_suffix(host: HostPattern) -> str:
    """Return the private suffix whose customers have names that a pattern matches.

    The pattern is at the suffix (`*.github.io`, `*-a.github.io`, `a.*.github.io`) or above it: `*.windows.net` also matches
    names under `blob.core.windows.net`; of several suffixes, the result is the first in alphabetical order. It is "" for
    other patterns, such as `*.contoso.github.io`, and for exact names and templates.
    """
    if host.kind in (EXACT, TEMPLATE):
        return ""
    if _companies().is_public(host.domain):
        return host.domain
    after = host.parts[1]
    return next((suffix for suffix in _below().get(host.domain, ()) if f".{suffix}".endswith(after)), "")


def _length(suffixes: "PublicSuffixList", labels: list[str]) -> int:
    """Return the number of labels of the longest suffix of a name in a section."""
    found = suffixes.publicsuffix(".".join(labels))
    return found.count(".") + 1 if found else 0


@cache
def _below() -> Mapping[str, list[str]]:
    """Return the private suffixes under each domain, sorted.

    A rule `*.x.com` of the list counts as `x.com`.
    """
    below: dict[str, list[str]] = {}
    rules = (line for line in _sections()[1].splitlines() if line and not line.startswith(("//", "!")))
    for suffix in sorted({rule.removeprefix("*.") for rule in rules}):
        domain = suffix.partition(".")[2]
        while domain:
            below.setdefault(domain, []).append(suffix)
            domain = domain.partition(".")[2]
    return below


@cache
def _registries() -> "PublicSuffixList":
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList(source=_sections()[0])


@cache
def _companies() -> "PublicSuffixList":
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList(source=_sections()[1], accept_unknown=False)


@cache
def _sections() -> tuple[str, str]:
    """Return the lines of the ICANN section and of the private one."""
    from importlib.resources import files

    # Without `source` the package opens its list as a file, which fails inside of a zip.
    text = files("publicsuffixlist").joinpath("public_suffix_list.dat").read_text(encoding="utf-8")
    icann, private = text.split("// ===BEGIN PRIVATE DOMAINS===")
    return icann, "\n".join([private, *AZURE_DOMAINS])
