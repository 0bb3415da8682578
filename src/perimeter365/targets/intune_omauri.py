"""Intune: the Site to Zone Assignment List as a custom OMA-URI setting.

Output: `device-configuration.json`, the body of a Microsoft Graph `windows10CustomConfiguration`, and `value.txt`, only the
value, for the portal.
Vendor page:
https://learn.microsoft.com/windows/client-management/mdm/policy-csp-internetexplorer#allowsitetozoneassignmentlist
Supported: scheme and zone of a host, or of all names below a host.
Not supported: other wildcards, and cookies, which zones do not control (render browser-policy, too). With the list, users
cannot add their own entries.
Install: Devices > Configuration > Create > Templates > Custom, with the OMA-URI and the value; or POST the JSON to
`/deviceManagement/deviceConfigurations`, then assign it.
Update: render again and replace the value. The separator between entries is U+F000: copy the file instead of typing it.
"""

import json
from collections.abc import Iterator
from html import escape
from types import MappingProxyType

from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.zones import SiteTarget
from perimeter365.targets.target import Artifact, Option

_SEPARATOR = "&#xF000;"


class IntuneOmauri(SiteTarget):
    """Custom setting of Intune."""

    name = "intune-omauri"
    title = "Intune site to zone list"
    comment = ""
    vendor_page = (
        "https://learn.microsoft.com/windows/client-management/mdm/policy-csp-internetexplorer#allowsitetozoneassignmentlist"
    )
    proof = "second opinion"
    proof_detail = "JSON and XML parsers read the sites and zones back"
    options = MappingProxyType(
        {"scope": Option(default="User", choices=("User", "Device"), help="apply to users or to devices")}
    )

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield the configuration and the value."""
        assigned = self.assignments(plan)
        self.report_cookies(plan)
        pairs = _SEPARATOR.join(f"{escape(name, quote=False)}{_SEPARATOR}{zone}" for name, zone in assigned.items())
        value = f'<enabled/><data id="IZ_ZonemapPrompt" value="{pairs}"/>' if assigned else "<disabled/>"
        uri = f"./{self.option('scope')}/Vendor/MSFT/Policy/Config/InternetExplorer/AllowSiteToZoneAssignmentList"
        about = " ".join(line.strip() for line in self.header(plan))
        body = {
            "@odata.type": "#microsoft.graph.windows10CustomConfiguration",
            "displayName": "Microsoft 365 sites",
            "description": about,
            "omaSettings": [
                {
                    "@odata.type": "#microsoft.graph.omaSettingString",
                    "displayName": "Site to Zone Assignment List",
                    "omaUri": uri,
                    "value": value,
                }
            ],
        }
        content = json.dumps(body, indent=2).encode() + b"\n"
        yield Artifact(name="device-configuration.json", content=content, entries=len(assigned))
        yield self.text("value.txt", [value], entries=len(assigned))
