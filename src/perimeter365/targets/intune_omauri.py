"""Intune: the Site to Zone Assignment List as a custom OMA-URI setting.

Output: `device-configuration.json`, the body of a Microsoft Graph `windows10CustomConfiguration`, and `value.txt`, only the
value, for the portal.
Vendor page:
https://learn.microsoft.com/windows/client-management/mdm/policy-csp-internetexplorer#allowsitetozoneassignmentlist
Supported: scheme and zone of a host, or of all names below a host.
Not supported: other wildcards, and cookies, which zones do not control (render browser-policy, too).
The setting is the whole list. An update replaces it; entries of your own, which a second configuration cannot add, have to
be in the same value. In the portal: Devices > Configuration > Create > Templates > Custom. The entries are separated by the
character reference `&#xF000;`, which stays as it is in the portal, too. Without sites there is no file, and if the earlier
render had sites, it is an error: delete the configuration. --allow-empty renders `<disabled/>`, which switches the list
off.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from types import MappingProxyType

from perimeter365.errors import EmptyArtifactError
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.zones import SiteTarget
from perimeter365.targets.life import Manual, does_not_apply, model, tried
from perimeter365.targets.target import Artifact, LossDetail, Option

_SEPARATOR = "&#xF000;"
_URL = "https://graph.microsoft.com/v1.0/deviceManagement/deviceConfigurations"
LONGEST_DESCRIPTION = 1_000


class IntuneOmauri(SiteTarget):
    """Custom setting of Intune."""

    name = "intune-omauri"
    title = "Intune site to zone list"
    comment = ""
    keeps = True
    kept_names = "sites"
    vendor_page = (
        "https://learn.microsoft.com/windows/client-management/mdm/policy-csp-internetexplorer#allowsitetozoneassignmentlist"
    )
    proof = "second opinion"
    proof_detail = "JSON and XML parsers read the sites and zones back"
    options = MappingProxyType(
        {"scope": Option(default="User", choices=("User", "Device"), help="apply to users or to devices")}
    )
    manual = Manual(
        where="a shell with the Azure CLI, as Intune administrator; ID is the id that the first command prints",
        install=(
            'az rest --method post --url {url} --body "@device-configuration.json"',
            "# assign the configuration to a group",
        ),
        update=('az rest --method patch --url {url}/ID --body "@device-configuration.json"',),
        remove=("az rest --method delete --url {url}/ID",),
        besides="the setting is the whole list: a second configuration of it is a conflict, and users cannot add entries",
        first="assign it to one user or device",
    )
    tried = (
        tried(model("Microsoft Graph and the policy service provider"))
        | tried(does_not_apply("the value of a setting is replaced as a whole"), "interrupted", "unordered")
    )  # fmt: skip

    def words(self) -> Mapping[str, str]:
        """Return the options, and the address of the configurations."""
        return {**super().words(), "url": _URL}

    def check_empty(self, plan: Plan, details: Iterable[LossDetail]) -> None:
        """Raise EmptyArtifactError if the earlier render had sites and this one has none."""
        if self.style.kept.get("sites") and not self.kept["sites"]:
            raise EmptyArtifactError(
                f"{self.name}: the plan has no sites any more, and a value without sites would switch off the list",
                help="delete the configuration in Intune, select scenarios with sites, or render it with --allow-empty",
            )

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield the configuration and the value."""
        assigned = self.assignments(plan)
        self.report_cookies(plan)
        self.kept["sites"] = len(assigned)
        if not (assigned or self.style.allow_empty):
            return
        pairs = _SEPARATOR.join(f"{escape(name, quote=False)}{_SEPARATOR}{zone}" for name, zone in assigned.items())
        value = f'<enabled/><data id="IZ_ZonemapPrompt" value="{pairs}"/>' if assigned else "<disabled/>"
        uri = f"./{self.option('scope')}/Vendor/MSFT/Policy/Config/InternetExplorer/AllowSiteToZoneAssignmentList"
        *lines, last = (line.strip() for line in self.header(plan, load=None))
        about = " ".join(f"{line.rstrip('.')}." for line in lines)
        body = {
            "@odata.type": "#microsoft.graph.windows10CustomConfiguration",
            "displayName": "Microsoft 365 sites",
            "description": f"{about[: LONGEST_DESCRIPTION - 200]} {last}",
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
