"""Two organizations on one device: with two prefixes, no named object of one is that of the other."""

import re
from functools import cache
from itertools import combinations

import pytest

from perimeter365.errors import OptionError
from perimeter365.targets import Style, render, targets
from perimeter365.targets.target import PREFIX
from tests.targets import tokens
from tests.targets.cases import plan
from tests.targets.values import example_options

# What defines, or owns, a named object on the device, by the vendors' syntax; a group is the name.
JSON = r'"(?:name|PrefixListName)": "(?:\[concat\([^/"]*/)?([\w.-]+)'
DEFINES: dict[str, str] = {
    "aerleon": r"^  ([A-Z]\w+):$|^- name: (\S+)|^    name: (\S+)",
    "ansible-vars": r"^(\w+_\w+):",
    "anyconnect": r"access-list (\S+)|anyconnect-custom-data \S+ (\S+)|^group-policy (\S+)",
    "aws-prefix-list": JSON,
    "azure-firewall": JSON,
    "azure-nsg": JSON,
    "azure-udr": JSON,
    "bind-rpz": "",
    "bird": r"^protocol static (\S+)",
    "checkpoint-gdc": r'"(?:name|id)": "([^"]+)"',
    "cilium-networkpolicy": r"^  name: (\S+)|managed-by: (\S+)",
    "cisco-asa": r"^(?:object-group (?:network|service)|object network|access-list) (\S+)",
    "cisco-ios": r"^(?:object-group (?:network|service)|ip access-list extended|ipv6 access-list) (\S+)",
    "clickhouse-dictionary": r"CREATE OR REPLACE (?:DICTIONARY|VIEW) (\S+)",
    "dns-zone": "",
    "dnsmasq": r"^nftset=/[^/]+/4#inet#(\S+)_4,",
    "f5-datagroup": r"^put (\S+)",
    "fortigate": r'^    edit "?([^"\n]+)"?$|^        set name "([^"]+)"',
    "globalprotect": r"remote-user-tunnel-configs (\S+)",
    "ipset": r"^create (\S+)|^:(\S+) - ",
    "iptables": r"^:(\S+) - ",
    "juniper-srx": (
        r"^set (?:security address-book global address(?:-set)?|applications application"
        r"|security policies from-zone \S+ to-zone \S+ policy) (\S+)"
    ),
    "kubernetes-networkpolicy": r"^  name: (\S+)|managed-by: (\S+)",
    "mikrotik": r'(?:chain=(?!forward )|list=|\bl=|jump-target=)"?([a-z0-9][\w-]*)|(?:comment|list)~"\^([^"]+)"',
    "nftables": r"^table inet (\S+) \{",
    "nrpt": r"^\$comment = '([^']+)'",
    "openvpn": r"^#   install .*/(\S+)$",
    "pac": "",
    "paloalto-edl": r"^\S+\.txt (\S+) (?:ip|url|domain) \d+$",
    "paloalto-set": (
        r"^set (?:address|address-group|service|rulebase security rules|external-list|profiles custom-url-category) (\S+)"
    ),
    "splunk-lookup": r"^\[(m365\S+)\]|^filename = (\S+)",
    "squid": r"^acl (\S+)",
    "tls-bypass": "",
    "unbound": "",
    "windows-vpnv2": r"<!-- (.+) -->",
    "windows-firewall": r"-Name '([^']+)'|^\$group = '([^']+)'",
}
LONGEST = {
    "iptables": 28,
    "ipset": 31,
    "cisco-asa": 64,
    "cisco-ios": 64,
    "fortigate": 79,
    "juniper-srx": 63,
    "mikrotik": 63,
    "paloalto-set": 63,
    "paloalto-edl": 32,
    "azure-nsg": 80,
    "azure-firewall": 80,
    "aws-prefix-list": 255,
    "checkpoint-gdc": 100,
    "kubernetes-networkpolicy": 253,
    "cilium-networkpolicy": 253,
    "anyconnect": 64,
    "globalprotect": 31,
    "windows-firewall": 255,
}
INSTALLED = {
    "bird",
    "bind-rpz",
    "clickhouse-dictionary",
    "dnsmasq",
    "pac",
    "splunk-lookup",
    "squid",
    "tls-bypass",
    "unbound",
    "aerleon",
    "ansible-vars",
}
"""The device reads these files by their name, from a folder that organizations share."""
APP = ("default/transforms.conf", "default/app.conf", "metadata/default.meta", "dns.yaml")
"""Files with the same name in the folder of each organization, which has a name of its own."""
NAMED = sorted(name for name in targets if targets[name].own_names)
PREFIXES = (str(PREFIX.default), "fabrikam", "f", "client", "d")


@cache
def texts(name: str, prefix: str) -> dict[str, str]:
    options = {**example_options(name), "prefix": prefix}
    if name in ("anyconnect", "globalprotect"):
        options["names"] = "on"
    if name == "fortigate" and prefix:
        options["first_policy"] = f"{366 + PREFIXES.index(prefix)}000000"
    if name == "dnsmasq":
        options["sets"] = "inet#perimeter365_dns#m365"
    limits = dict.fromkeys(targets[name].limits, 10**9)
    made = render(plan("all-scenarios"), name, Style(options=options, limits=limits, allow_widen=True))
    return {a.name: tokens.text(a.content) for a in made.artifacts}


def defined(name: str, prefix: str) -> set[str]:
    """The names of the objects that the files of a target define."""
    found = (re.findall(DEFINES[name], text, re.MULTILINE) for text in texts(name, prefix).values())
    return {word for some in found for one in some for word in ([one] if isinstance(one, str) else one) if word}


def test_each_target_that_names_objects_is_here() -> None:
    assert set(NAMED) == set(DEFINES)


@pytest.mark.parametrize("name", NAMED)
def test_two_prefixes_have_no_name_in_common(name: str) -> None:
    for one, other in combinations(PREFIXES, 2):
        mine, theirs = defined(name, one), defined(name, other)
        assert not mine & theirs
        assert len(mine) == len(theirs)
        assert mine or not DEFINES[name]
        if name in INSTALLED:
            files = {file for file in texts(name, one) if file not in APP}
            assert not files & set(texts(name, other))


@pytest.mark.parametrize("name", sorted(LONGEST))
def test_a_name_with_a_long_prefix_fits_the_device(name: str) -> None:
    found = defined(name, "fabrikam")
    assert len(found) == len(defined(name, PREFIXES[0]))
    assert max(map(len, found)) <= LONGEST[name]


@pytest.mark.parametrize("name", NAMED)
def test_with_a_prefix_nothing_has_our_names(name: str) -> None:
    """What an update or a removal deletes is found by these names.

    The label of the pods of a role has its own option.
    """
    for file, text in texts(name, "fabrikam").items():
        lines = [line for line in text.splitlines() if not re.match(r"\s*(#|!|//|;|--)", line) and "Made by" not in line]
        lines = [line for line in lines if "role" not in line and "Load with" not in line]
        found = [line for line in lines if re.search(r"(?i)(?<![a-z0-9-])(m365|p365|perimeter365)(?![a-z0-9])", line)]
        assert not found, file


@pytest.mark.parametrize("prefix", ["M365", "9a", "a-b", "abcdefghi", "a b", "é", "a_"])
def test_a_prefix_is_a_few_small_letters_and_digits(prefix: str) -> None:
    """So that no prefix with what follows is the start of another one, and no device reads it as syntax."""
    with pytest.raises(OptionError):
        targets["nftables"](Style(options={"prefix": prefix}))
