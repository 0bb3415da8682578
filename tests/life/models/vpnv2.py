"""A device with the VPNv2 service provider of Windows, and the person who keeps its ProfileXML.

    edit(profile, routes, mark)    the ProfileXML after a step of the manual
    device_routes(profile)         the exclusion routes of a device to which it was deployed

The rules are those of the XSD at learn.microsoft.com/windows/client-management/mdm/vpnv2-profile-xsd: `Route` comes after
all other elements, with Address, PrefixSize, ExclusionRoute and Metric in this order. A deployed ProfileXML replaces the
profile.
"""

import ipaddress
from xml.etree import ElementTree

ROUTE = ("Address", "PrefixSize", "ExclusionRoute", "Metric")


class ProfileError(Exception):
    """A ProfileXML that the XSD does not allow, or a step that cannot be carried out."""


def part(text: str, mark: str) -> str:
    """Return the part of a file from our first comment to our last one, with both."""
    start, end = f"  <!-- {mark} -->\n", f"  <!-- end of {mark} -->\n"
    if text.count(start) != 1 or text.count(end) != 1:
        raise ProfileError(f"the comments of {mark!r} are not there")
    return text[text.index(start) : text.index(end) + len(end)]


def install(profile: str, new: str, mark: str) -> str:
    """Insert our part before the end of the profile."""
    return profile.replace("</VPNProfile>", part(new, mark) + "</VPNProfile>")


def update(profile: str, new: str, mark: str) -> str:
    """Replace our part by that of a new file."""
    return profile.replace(part(profile, mark), part(new, mark))


def remove(profile: str, mark: str) -> str:
    """Delete our part."""
    return profile.replace(part(profile, mark), "")


def device_routes(profile: str) -> tuple[set[str], set[str]]:
    """Deploy a profile, and return its routes: into the tunnel, and around it. Raises ProfileError."""
    root = ElementTree.fromstring(profile)
    names = [child.tag for child in root]
    if root.tag != "VPNProfile" or ("Route" in names and set(names[names.index("Route") :]) != {"Route"}):
        raise ProfileError("Route has to come last")
    tunnel: set[str] = set()
    around: set[str] = set()
    for route in root.iter("Route"):
        given = [child.tag for child in route]
        if given[:2] != ["Address", "PrefixSize"] or given != [name for name in ROUTE if name in given]:
            raise ProfileError(f"a Route has the elements {', '.join(given)}")
        prefix = str(ipaddress.ip_network(f"{route.findtext('Address')}/{route.findtext('PrefixSize')}"))
        excluded = route.findtext("ExclusionRoute", "false")
        if excluded not in ("true", "false", "1", "0"):
            raise ProfileError(f"{excluded!r} is not a boolean")
        (around if excluded in ("true", "1") else tunnel).add(prefix)
    return tunnel, around
