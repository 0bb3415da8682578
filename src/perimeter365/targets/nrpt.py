"""Windows: Name Resolution Policy Table (NRPT) rules for local name resolution.

With them, VPN clients resolve Microsoft 365 names without the tunnel.
Output: `nrpt.ps1`, a PowerShell script that replaces its earlier rules and adds a rule for each namespace.
Vendor page: https://learn.microsoft.com/powershell/module/dnsclient/add-dnsclientnrptrule
Supported: an exact name as an FQDN namespace, a wildcard as a suffix namespace with a leading dot, resolved by the option
`servers`. A suffix includes its apex, which is a loss.
Not supported: a wildcard inside a label.
Install: run it as administrator on each client, or through Intune or a GPO startup script.
Update: run the new script. Rules with its comment are removed first; your own rules stay.
"""

from collections.abc import Iterator
from types import MappingProxyType

from perimeter365.model.host import SUFFIX
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.dns import SERVERS, DnsTarget
from perimeter365.targets.target import Artifact


class Nrpt(DnsTarget):
    """Name resolution policy rules of Windows."""

    name = "nrpt"
    title = "Windows name resolution policy"
    vendor_page = "https://learn.microsoft.com/powershell/module/dnsclient/add-dnsclientnrptrule"
    proof = "by eye"
    proof_detail = "a sample compared with the cmdlet's page; the namespaces are parsed back to the plan's names"
    own_names = True
    options = MappingProxyType({"servers": SERVERS})

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield the script."""
        spaces = []
        for host, flows in self.names(plan).items():
            spaces.append(f".{host.apex}" if host.kind == SUFFIX else host.text)
            for flow in flows if host.kind == SUFFIX else ():
                self.report_widened(flow, host, "the suffix rule also includes the domain itself")
        addresses = ", ".join(f"'{server}'" for server in self.option("servers").split(","))
        lines = [
            *self.header(plan),
            "#Requires -RunAsAdministrator",
            "$ErrorActionPreference = 'Stop'",
            f"$comment = '{self.own_name('perimeter365')}'",
            f"$servers = @({addresses})",
            "$spaces = @(",
            *(f"    '{space}'" for space in spaces),
            ")",
            "Get-DnsClientNrptRule | Where-Object Comment -eq $comment | Remove-DnsClientNrptRule -Force",
            "foreach ($space in $spaces) {",
            "    Add-DnsClientNrptRule -Namespace $space -NameServers $servers -Comment $comment",
            "}",
        ]
        yield self.text("nrpt.ps1", lines, entries=len(spaces))
