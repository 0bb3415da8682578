"""Public suffixes, compared with the list of publicsuffix.org as its own package reads it."""

import pytest
from publicsuffixlist import PublicSuffixList

from perimeter365.model.host import HostPattern
from perimeter365.model.suffixes import is_public_suffix, private_suffix, registrable_domain


@pytest.mark.parametrize(
    ("name", "public"),
    [
        ("com", True),
        ("co.uk", True),
        ("com.cn", True),
        ("asso.fr", True),
        ("contoso.com", False),
        ("contoso.co.uk", False),
        # private section of the list: names of Microsoft, not of a registry
        ("blob.core.windows.net", False),
        ("azurewebsites.net", False),
    ],
)
def test_public_suffixes_are_the_registries(name: str, public: bool) -> None:
    assert is_public_suffix(name) is public


def test_registrable_domains_are_those_of_the_whole_list() -> None:
    """Each rule of both sections, with up to two labels in front of it."""
    whole = PublicSuffixList()
    rules = {rule.lstrip("!").replace("*", "any") for rule in whole._publicsuffix}
    names = [front + rule for rule in rules for front in ("", "a.", "b.a.")]
    assert len(names) > 30_000
    assert [name for name in names if registrable_domain(name) != (whole.privatesuffix(name) or "")] == []


@pytest.mark.parametrize(
    ("name", "domain"),
    [
        ("*.sharepoint.com", "sharepoint.com"),
        ("*-my.sharepoint.com", "sharepoint.com"),
        ("autodiscover.*.onmicrosoft.com", "onmicrosoft.com"),
        ("*.contoso.github.io", "contoso.github.io"),
        ("*.github.io", ""),
        ("*.tokyo.jp", ""),
        ("Contoso.COM.", "contoso.com"),
        ("x.unknown", "x.unknown"),
    ],
)
def test_registrable_domains_of_patterns(name: str, domain: str) -> None:
    assert registrable_domain(name) == domain


@pytest.mark.parametrize(
    ("pattern", "suffix"),
    [
        ("*.github.io", "github.io"),
        ("*-x.github.io", "github.io"),
        ("a.*.github.io", "github.io"),
        ("*.cloudfront.net", "cloudfront.net"),
        ("*.blob.core.windows.net", "blob.core.windows.net"),
        ("*.servicebus.usgovcloudapi.net", "servicebus.usgovcloudapi.net"),
        ("*.azurewebsites.net", "azurewebsites.net"),
        ("*.westeurope-01.azurewebsites.net", "westeurope-01.azurewebsites.net"),
        ("*.azurecontainer.io", "azurecontainer.io"),  # the rule is *.azurecontainer.io
        ("*.westeurope.azurecontainer.io", "westeurope.azurecontainer.io"),
        # above private suffixes
        ("*.windows.net", "blob.core.windows.net"),
        ("*.core.windows.net", "blob.core.windows.net"),
        ("a.*.windows.net", "blob.core.windows.net"),
        ("*app.windows.net", ""),  # no suffix ends with app.windows.net
        # names that one customer has
        ("*.contoso.github.io", ""),
        ("*.contoso.blob.core.windows.net", ""),
        ("a.*.contoso.azurewebsites.net", ""),
        # Microsoft's own, which is not in the list
        ("*.sharepoint.com", ""),
        ("*.onmicrosoft.com", ""),
        ("*.office.com", ""),
        # one name, and a template
        ("contoso.github.io", ""),
        ("github.io", ""),
        ("<tenant>.github.io", ""),
        ("*.webpubsub.azure.com", "webpubsub.azure.com"),  # Azure's, not in the list
        ("*.store.core.windows.net", "store.core.windows.net"),
        ("*.chinacloudapi.cn", "chinacloudapi.cn"),
        ("*.westeurope.cloudapp.azure.com", "westeurope.cloudapp.azure.com"),
    ],
)
def test_private_suffixes_of_patterns(pattern: str, suffix: str) -> None:
    assert private_suffix(HostPattern(pattern)) == suffix
