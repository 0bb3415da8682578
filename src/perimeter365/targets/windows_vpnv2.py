"""Windows: exclusion routes of a VPN profile.

Output: `profile-routes.xml`, a `VPNProfile` for the VPNv2 configuration service provider with a `Route` element for each
prefix, between two comments:

    <!-- perimeter365 routes -->  <Route> ... </Route>  <!-- end of perimeter365 routes -->

Vendor page: https://learn.microsoft.com/windows/client-management/mdm/vpnv2-profile-xsd
Supported: outbound addresses of the selected categories, outside the tunnel (`ExclusionRoute` true).
Not supported: sources, ports and names (a device tunnel has no exclusion by name).
The elements are part of the ProfileXML that Intune or Configuration Manager deploys. There they stand after all other
elements, as the XSD requires. A new ProfileXML replaces the profile of a device, so routes that are not in it are gone.
There is no command for exclusion routes: Add-VpnConnectionRoute adds routes that lead into the tunnel. In a force tunnel,
Windows has exclusion routes since Windows 10 1903, in 1809 with KB4490481, and in 1803 with KB4493437.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.routes import CATEGORIES, RouteTarget
from perimeter365.targets.life import Manual, does_not_apply, model, tried
from perimeter365.targets.target import Artifact


class WindowsVpnv2(RouteTarget):
    """Exclusion routes of a Windows VPN profile."""

    name = "windows-vpnv2"
    title = "Windows VPN exclusion routes"
    vendor_page = "https://learn.microsoft.com/windows/client-management/mdm/vpnv2-profile-xsd"
    proof = "second opinion"
    proof_detail = "read back with an XML parser, the routes are exactly the plan's addresses"
    comment = ""
    own_names = True
    options = MappingProxyType({"categories": CATEGORIES})
    manual = Manual(
        where="the file with the ProfileXML of the connection",
        install=(
            "# insert the comment '{mark}', the routes below it and the comment 'end of {mark}' before </VPNProfile>",
            "# deploy the ProfileXML with Intune or Configuration Manager",
        ),
        update=(
            "# replace everything from the comment '{mark}' to the comment 'end of {mark}' by the same part of the new file",
            "# deploy the ProfileXML with Intune or Configuration Manager",
        ),
        remove=(
            "# delete everything from the comment '{mark}' to the comment 'end of {mark}'",
            "# deploy the ProfileXML with Intune or Configuration Manager",
        ),
        besides="the routes have an effect only in a force tunnel",
        first="deploy it to one device; with the VPN connected, Get-NetRoute shows the routes on the other interface",
    )
    tried = tried(model("the VPNv2 service provider")) | tried(
        does_not_apply("a device replaces the profile as a whole"), "interrupted"
    )

    def words(self) -> Mapping[str, str]:
        """Return the options, and the comment above the routes."""
        return {**super().words(), "mark": f"{self.own_name('perimeter365')} routes"}

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield the routes as a profile."""
        prefixes = list(self.destinations(plan))
        mark = self.words()["mark"]
        # No comment of XML contains two dashes.
        head = [line.replace("--", "- -") for line in self.header(plan)]
        xml = ['<?xml version="1.0" encoding="utf-8"?>', "<!--", *head, "-->", "<VPNProfile>", f"  <!-- {mark} -->"]
        for prefix in prefixes:
            xml += [
                "  <Route>",
                f"    <Address>{prefix.address}</Address>",
                f"    <PrefixSize>{prefix.length}</PrefixSize>",
                "    <ExclusionRoute>true</ExclusionRoute>",
                "  </Route>",
            ]
        yield self.text("profile-routes.xml", [*xml, f"  <!-- end of {mark} -->", "</VPNProfile>"], entries=len(prefixes))
