"""Windows: exclusion routes of a VPN profile, as ProfileXML for the VPNv2 configuration service provider.

What it makes: `profile-routes.xml`, a `VPNProfile` with one `Route` element for each prefix, and `routes.ps1`,
the same as `Add-VpnConnectionRoute` commands for a connection that exists.
Vendor page: https://learn.microsoft.com/windows/client-management/mdm/vpnv2-profile-xsd
What it says: outbound addresses of the chosen categories leave the tunnel (`ExclusionRoute` true). What it
cannot say: sources, ports and names (a device tunnel has no name-based exclusion).
Install: merge the `Route` elements into the ProfileXML that Intune or MECM deploys; or run `routes.ps1` with
the name of the connection. Exclusion routes need Windows 10 1607 or later and a force tunnel.
Update: deploy the profile again; `routes.ps1` adds what is missing and leaves routes of yours alone, so that a
route that is gone from the plan has to be removed by hand (`Remove-VpnConnectionRoute`).
"""

from collections.abc import Iterator
from html import escape
from types import MappingProxyType

from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.routes import CATEGORIES, RouteTarget
from perimeter365.targets.target import Artifact, Option, one_line


class WindowsVpnv2(RouteTarget):
    """Exclusion routes of a Windows VPN profile."""

    name = "windows-vpnv2"
    title = "Windows VPN exclusion routes"
    vendor_page = "https://learn.microsoft.com/windows/client-management/mdm/vpnv2-profile-xsd"
    proof = "second opinion"
    proof_detail = "an XML parser reads the routes back: the plan's addresses, no other"
    options = MappingProxyType(
        {
            "categories": CATEGORIES,
            "connection": Option(
                default="Contoso VPN",
                help="the connection's name: letters, digits, spaces, dashes",
                check=lambda v: 0 < len(v) <= 64 and v.isascii() and all(c.isalnum() or c in " -_" for c in v),
            ),
        }
    )

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """The profile, and the commands."""
        prefixes = list(self.destinations(plan))
        about = escape(one_line(f"{self.title} for {plan.title()}"), quote=False).replace("--", "- -")
        xml = ['<?xml version="1.0" encoding="utf-8"?>', f"<!-- {about} -->", "<VPNProfile>"]
        for prefix in prefixes:
            xml += [
                "  <Route>",
                f"    <Address>{prefix.address}</Address>",
                f"    <PrefixSize>{prefix.length}</PrefixSize>",
                "    <ExclusionRoute>true</ExclusionRoute>",
                "  </Route>",
            ]
        yield self.text("profile-routes.xml", [*xml, "</VPNProfile>"], entries=len(prefixes))
        name = self.option("connection")
        script = [
            *self.header(plan),
            "$ErrorActionPreference = 'Stop'",
            f"$connection = '{name}'",
            "$wanted = @(",
            *(f"    '{prefix}'" for prefix in prefixes),
            ")",
            "$present = @((Get-VpnConnection -Name $connection).Routes | ForEach-Object DestinationPrefix)",
            "foreach ($p in $wanted) {",
            "    if ($present -notcontains $p) {",
            "        Add-VpnConnectionRoute -ConnectionName $connection -DestinationPrefix $p -ExclusionRoute",
            "    }",
            "}",
        ]
        yield self.text("routes.ps1", script, entries=len(prefixes))
