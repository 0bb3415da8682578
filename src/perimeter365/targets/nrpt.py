"""Windows: Name Resolution Policy Table rules, so that VPN clients resolve Microsoft 365 names locally.

What it makes: `nrpt.ps1`, a PowerShell script that replaces its own earlier rules and adds one for each
namespace.
Vendor page: https://learn.microsoft.com/powershell/module/dnsclient/add-dnsclientnrptrule
What it says: an exact name as an FQDN namespace, a wildcard as a suffix namespace with a leading dot, resolved
by the option `servers`. A suffix holds its apex too: a loss says so. What it cannot say: a star inside of a
label.
Install: run it as administrator on each client, or through Intune or a GPO start-up script.
Update: run the new one; rules that carry its comment are removed first, rules of yours stay.
"""

from collections.abc import Iterator
from types import MappingProxyType

from perimeter365.model.host import SUFFIX
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.dns import DnsTarget, servers
from perimeter365.targets.target import WIDENED, Artifact


class Nrpt(DnsTarget):
    """NRPT rules of Windows."""

    name = "nrpt"
    title = "Windows name resolution policy"
    vendor_page = "https://learn.microsoft.com/powershell/module/dnsclient/add-dnsclientnrptrule"
    proof = "by eye"
    proof_detail = "the golden read against the cmdlet's page; namespaces are parsed back to the plan's names"
    options = MappingProxyType({"servers": servers("192.0.2.53")})

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """The script."""
        spaces = []
        for host, flows in self.names(plan).items():
            spaces.append(f".{host.apex}" if host.kind == SUFFIX else host.text)
            for flow in flows if host.kind == SUFFIX else ():
                self.lose(flow, WIDENED, host.text, f"the suffix rule resolves {host.apex} itself too")
        addresses = ", ".join(f"'{server}'" for server in self.option("servers").split(","))
        lines = [
            *self.header(plan),
            "#Requires -RunAsAdministrator",
            "$ErrorActionPreference = 'Stop'",
            "$comment = 'perimeter365'",
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
