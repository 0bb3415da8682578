"""Windows: exclusion routes of a VPN profile.

Output: `profile-routes.xml`, a `VPNProfile` for the VPNv2 configuration service provider with a `Route` element for each
prefix, and `routes.ps1`, the same as `Add-VpnConnectionRoute` commands for an existing connection.
Vendor page: https://learn.microsoft.com/windows/client-management/mdm/vpnv2-profile-xsd
Supported: outbound addresses of the selected categories, outside the tunnel (`ExclusionRoute` true).
Not supported: sources, ports and names (a device tunnel has no exclusion by name).
Install: merge the `Route` elements into the ProfileXML that Intune or MECM deploys; or run `routes.ps1` with the name of the
connection. Exclusion routes need Windows 10 1607 or later and a force tunnel.
Update: deploy the profile again. `routes.ps1` adds missing routes and does not touch others, so routes that are no longer in
the plan have to be removed manually (`Remove-VpnConnectionRoute`).
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
    proof_detail = "read back with an XML parser, the routes are exactly the plan's addresses"
    options = MappingProxyType(
        {
            "categories": CATEGORIES,
            "connection": Option(
                default=None,
                help="name of the connection: letters, digits, spaces, dashes",
                example="'Contoso VPN'",
                check=lambda v: 0 < len(v) <= 64 and v.isascii() and all(c.isalnum() or c in " -_" for c in v),
            ),
        }
    )

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield the profile and the commands."""
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
